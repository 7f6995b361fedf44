# SPDX-License-Identifier: BSD-2-Clause
# Functions for tests of the notifications of NTP-AGENTX-MIB. To be sourced after write.sh and
# traps.sh.
# shellcheck shell=sh

traps_of "$ENTERPRISE.1.0" "$ENTERPRISE.1.1.13" 2.0

# Sets of ntpAgentxNotifySwitches: all, all but "peer", some alone, none.
ALL=FFF8
PAIRS=7FF8
PEER=8000
REACH=4000
NONE=0000

# Where a text is in a pattern whatever it is.
ANY='[^;]*'

# notify_column COLUMN TARGET: 1 switches, 2 outside, 3 inside, 4 sources, 5 hold, 6 test, 7 raised,
# 8 folded.
notify_column() {
	echo "$ENTERPRISE.1.1.12.1.1.$1.$(text_index "$2")"
}

# notify_set DIR COLUMN TARGET TYPE VALUE
notify_set() {
	lab_snmp "$1" set "$(notify_column "$2" "$3")" "$4" "$5" >/dev/null ||
		lab_fail "column $2 of $3 cannot be set to $5"
}

# notify_get DIR COLUMN TARGET
notify_get() {
	lab_snmp "$1" get -Oqv "$(notify_column "$2" "$3")"
}

# notice NUMBER TARGET CAUSE COUNT [REST]: a pattern for told. CAUSE: 1 observed, 2 counted
# between two polls, 3 standing, 4 gone, 5 requested.
notice() {
	printf '%s 1\\.0=%s;2\\.0=[0-9]*;3\\.0=%s;4\\.0=%s;5\\.0=%s;%s\n' "$1" "$2" "$ANY" "$3" "$4" "${5:-}"
}

# about ADDRESS ID: an association in such a pattern, named as its address.
about() {
	printf '6\\.0=%s;7\\.0=%s;8\\.0=%s;\n' "$1" "$1" "$2"
}

# nobody: no association.
nobody() {
	printf '6\\.0=%s;7\\.0=%s;8\\.0=0;\n' "$ANY" "$ANY"
}

# numbers: which notifications are in $LAB_DIR/since, in order.
numbers() {
	awk '{ printf "%s%s", n++ ? " " : "", $1 }' "$LAB_DIR/since"
}

# numbers_of ID: those about that association.
numbers_of() {
	awk -v id="$1" 'index($0, ";8.0=" id ";") { printf "%s%s", n++ ? " " : "", $1 }' "$LAB_DIR/since"
}

# time_of NUMBER [ID]: when that one in $LAB_DIR/since.date happened, in seconds since 1970.
time_of() {
	awk -v number="$1" -v id="${2:-}" '$1 == number && (id == "" || index($0, ";8.0=" id ";")) {
		sub(/.*;2\.0=/, "")
		sub(/;.*/, "")
		print
		exit
	}' "$LAB_DIR/since.date"
}

# happened WHAT NUMBER ID FROM TO: it was between two times.
happened() {
	between "$1" "$(time_of "$2" "$3")" "$4" "$5"
}

# unpaired FILE: of the lines of arrived in FILE, what is told of reachability that does not go by
# turns, a problem first; and what was told last of each association, as "ID NUMBER".
unpaired() {
	awk '$1 == 2 || $1 == 3 {
		id = $0
		sub(/.*;8\.0=/, "", id)
		sub(/;.*/, "", id)
		if ((last[id] == 2) == ($1 == 2)) print "out of turn: " $0
		last[id] = $1
	}' "$1"
}

last_told() {
	awk '$1 == 2 || $1 == 3 {
		id = $0
		sub(/.*;8\.0=/, "", id)
		sub(/;.*/, "", id)
		last[id] = $1
	}
	END { for (id in last) print id, last[id] }' "$1" | sort -n
}

# --- simulated daemons, under the agent of $dir ------------------------------------------------

SEED=7
FIRST=20007 # the oldest association of a simulator with that seed

# sims_start: scratch directory, keys and an snmptrapd, for what follows.
sims_start() {
	dir=$LAB_DIR/a
	mkdir -p "$dir"
	printf '1 SHA256 the-right-secret\n' >"$LAB_DIR/keys"
	chmod 0600 "$LAB_DIR/keys"
	trap_port=$(lab_free_udp_port)
	traps_start "$LAB_DIR/t" "$trap_port"
}

# sim NAME COUNT: a daemon with so many associations, all well; its port in LAB_SIM_PORT.
sim() {
	lab_sim_start "$LAB_DIR/$1" --dialect ntporg --associations "$2" --seed "$SEED" \
		--keys "$LAB_DIR/keys" --trusted 1 --controlkey 1 --control "$LAB_DIR/$1/control"
	say "$1" reach on 0 "$2"
}

# says NAME COMMAND...: one after the other.
says() {
	say_name=$1
	shift
	"$SIMSAY" "$LAB_DIR/$say_name/control" "$@" >"$LAB_DIR/$say_name/said" ||
		lab_fail "$say_name: $*: $(cat "$LAB_DIR/$say_name/said")"
}

# say NAME WORD...: one command.
say() {
	say_name=$1
	shift
	says "$say_name" "$*"
}

# begins TARGET-LINE...: snmpd and the agent.
begins() {
	lab_snmpd_start "$dir" "$(lab_free_udp_port)" "trap2sink 127.0.0.1:$trap_port public"
	agent_start "$dir" "keyfile $LAB_DIR/keys" "reconnectInterval 1" "$@"
}

# ends: the agent and snmpd, with everything looked at that arrived; what was set is forgotten.
ends() {
	agent_stop
	is "exit code after SIGTERM" "$agent_code" 0
	lab_snmpd_stop "$dir"
	is "nothing more was told" "$(since)" ""
	rm -rf "$dir/state" "$dir/agentstate"
}

is_up() {
	[ "$(lab_snmp "$dir" get -Oqv "$(target_state "$1")")" = 2 ]
}

# polls TARGET: whole ones.
polls() {
	lab_snmp "$dir" get -Oqv "$ENTERPRISE.1.1.2.1.1.19.$(text_index "$1")"
}

# polled TARGET N: waits for so many polls.
polled() {
	polled_end=$(($(polls "$1") + $2))
	lab_wait "[ \$(polls $1) -ge $polled_end ]" 40 || lab_fail "$1 is not polled"
}

# of_agent OBJECT: 5 targets up, 8 notifications dropped, 10 waiting.
of_agent() {
	lab_snmp "$dir" get -Oqv "$ENTERPRISE.1.1.1.$1.0"
}

# switches TARGET BITS: what is told from now on, and one second of hold.
switches() {
	notify_set "$dir" 1 "$1" x "$2"
	notify_set "$dir" 5 "$1" u 1
}
