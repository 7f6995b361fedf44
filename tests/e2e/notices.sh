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
