#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A thousand targets under one snmpd, each in a context of its own: all come up, values are those
# of the right daemon in whatever way they are asked for, a hundred die in both ways and come
# back, two hundred are exchanged for others by SIGHUP, the master hangs and is replaced; and
# nobody else is polled late by that.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"
QUERY=${QUERY:-$top_builddir/ntp-query}

# Daemons are numbered; number N is the target tN, in the context tN.
DAEMONS=1200
TARGETS=1000
PEERS=10
INTERVAL=5
STALE=2
KILLED=100  # the first; half of them are refused, half are silent
SWAPPED=200 # the last of the targets, for those behind them
PICKED=20
V2='-v2c -c public'
SEED=${SEED:-8}
LATE_MS=$((INTERVAL * 1000 + 1000))
UP_S=30
# Who was silent may be one that limits our rate: it is asked slowly until it proves not to be.
SILENT_S=$((3 * INTERVAL))

NTPV4_MODE=$ROOT.2.1.0
NTPV4_PEERS=$ROOT.3.1.1
TARGETS_UP=$ENTERPRISE.1.1.1.5.0
TARGET_STATES=$ENTERPRISE.1.1.2.1.1.5
TARGET_QUICK=$ENTERPRISE.1.1.2.1.1.27
PEER_TABLE=$ENTERPRISE.1.1.7.1.1
CONTEXTS=.1.3.6.1.6.3.16.1.1.1.1

lab_dir
lab_tools snmpd
dir=$LAB_DIR/a
control=$LAB_DIR/sim/control
LAB_SIM_LISTEN=127.0.1.0:0
lab_sim_start "$LAB_DIR/sim" --daemons "$DAEMONS" --associations "$PEERS" --seed "$SEED" \
	--control "$control"

# --- helpers -----------------------------------------------------------------------------------

# now_ms: since boot.
now_ms() {
	awk '{ printf "%d\n", $1 * 1000 }' /proc/uptime
}

name_of() {
	printf 't%04d\n' "$1"
}

address_of() {
	echo "127.0.$((1 + $1 / 256)).$(($1 % 256))"
}

# pick FIRST LAST COUNT: as many different numbers, by chance, the same each time.
pick() {
	awk -v a="$1" -v b="$2" -v n="$3" -v seed="$SEED" 'BEGIN {
		srand(seed)
		while (n > 0) {
			i = a + int(rand() * (b - a + 1))
			if (i in seen) continue
			seen[i]; n--; print i
		}
	}'
}

# targets FIRST LAST: lines of configuration
targets() {
	awk -v a="$1" -v b="$2" -v port="$LAB_SIM_PORT" -v interval="$INTERVAL" -v stale="$STALE" 'BEGIN {
		for (i = a; i <= b; i++)
			printf "target t%04d 127.0.%d.%d port %d context t%04d interval %d stale-after %d\n",
				i, 1 + int(i / 256), i % 256, port, i, interval, stale
	}'
}

# as OPTIONS TOOL ARGUMENT...: an SNMP tool with these options, "OID = VALUE" in its lines.
as() {
	as_options=$1
	as_tool=$2
	shift 2
	# shellcheck disable=SC2086 # options are words
	env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/state" MIBS= "$as_tool" -OQn -r0 -t3 \
		$as_options "127.0.0.1:$(cat "$dir/snmpd.port")" "$@" 2>&1
}

# in_context N TOOL ARGUMENT...: as SNMPv3 user, in the context of this target.
in_context() {
	in_context_options="$V3 -n $(name_of "$1")"
	shift
	as "$in_context_options" "$@"
}

# by_community N TOOL ARGUMENT...: by the community that is mapped to that context.
by_community() {
	by_community_options="-v2c -c of-$(name_of "$1")"
	shift
	as "$by_community_options" "$@"
}

# column OID: "INDEX VALUE" of each row
column() {
	as "$V2" snmpbulkwalk -Cr50 "$1" | sed -n "s/^$1\\.\([0-9.]*\) = /\1 /p" | tr -d '"'
}

# states: how many targets are in which state, "2:900 3:50 4:50"
states() {
	column "$TARGET_STATES" | awk '{ n[$NF]++ } END { for (s in n) print s ":" n[s] }' | sort |
		tr '\n' ' ' | sed 's/ $//'
}

say() {
	"$SIMSAY" "$control" "$@" >/dev/null
}

# gap FIRST-LAST WORD: a number of what "gaps" says of them
gap() {
	"$SIMSAY" "$control" "at $1 gaps" | tr ' ' '\n' | sed -n "s/^$2=//p"
}

# on_time WHAT FIRST-LAST CYCLES: none was polled late, with so many polls each at least.
on_time() {
	"$SIMSAY" "$control" "at $2 gaps" >"$LAB_DIR/gaps"
	echo "# $1: $(cat "$LAB_DIR/gaps")"
	for on_time_word in cycles most_ms idle_ms; do
		on_time_got=$(tr ' ' '\n' <"$LAB_DIR/gaps" | sed -n "s/^$on_time_word=//p")
		case $on_time_word in
		cycles) between "$1: each is polled" "$on_time_got" "$3" 1000 ;;
		most_ms) between "$1: no poll is late" "$on_time_got" 1 "$LATE_MS" ;;
		idle_ms) between "$1: and none is missing" "$on_time_got" 0 "$LATE_MS" ;;
		esac
	done
}

# --- what is right -----------------------------------------------------------------------------

# The columns of both modules: stratum and peer of the system; name, stratum and delay of peers.
SYS_PEER=$(sed -n '/^ntpAgentxSysPeer OBJECT-TYPE/,/::=/s/.*ntpAgentxSystemEntry \([0-9]*\).*/\1/p' \
	"$srcdir/mibs/NTP-AGENTX-MIB.txt.in")
SYSTEM_TABLE=$ENTERPRISE.1.1.4.1.1

# Asks in every way for what is compared, with few processes: into FILE.WAY
ask_all_ways() {
	all_ways_row=$(text_index "$(name_of "$1")")
	# What comes before it in the order of rows.
	all_ways_before=${all_ways_row%.*}.$((${all_ways_row##*.} - 1))
	"$QUERY" -n -c 'rv 0 stratum,peer' -c lassociations \
		-c "mrv &1 &$PEERS srcadr,stratum,delay" "$(address_of "$1"):$LAB_SIM_PORT" >"$2.daemon" 2>&1
	for all_ways_how in in_context by_community; do
		[ $all_ways_how = in_context ] || grep -q " of-$(name_of "$1")\$" "$dir/snmpd.conf" || continue
		$all_ways_how "$1" snmpbulkget -Cn2 "-Cr$PEERS" "$ROOT.2.2" "$ROOT.2.3" \
			"$NTPV4_PEERS.2" "$NTPV4_PEERS.7" "$NTPV4_PEERS.9" >"$2.$all_ways_how"
	done
	as "$V2" snmpbulkget -Cn2 "-Cr$PEERS" "$SYSTEM_TABLE.7.$all_ways_before" \
		"$SYSTEM_TABLE.$SYS_PEER.$all_ways_before" "$PEER_TABLE.2.$all_ways_row" \
		"$PEER_TABLE.19.$all_ways_row" "$PEER_TABLE.43.$all_ways_row" >"$2.by_name"
}

# compare FILE...: what one of the files of a target shows otherwise than its daemon; a delay is
# compared in microseconds, NTPv4-MIB has it in milliseconds.
compare() {
	awk -v wanted=$((2 + 3 * PEERS)) -v ntpv4="$ROOT." -v system_table="$SYSTEM_TABLE." \
		-v peer_table="$PEER_TABLE." -v sys_peer="$SYS_PEER" '
		function take(id, name, value) {
			if (is_daemon) { truth[target, id, name] = value; of_target[target]++; return }
			n[FILENAME]++
			if (truth[target, id, name] != value)
				print FILENAME ": " id " " name " is " value ", not " truth[target, id, name]
		}
		# What is said of an association may be broken over lines.
		function take_daemon(    i, f, k) {
			k = split($0, f, /, */)
			for (i = 1; i <= k; i++) {
				split(f[i], v, "=")
				if (v[1] ~ /^associd$/) { id = v[2]; sub(/ .*/, "", id) }
				if (v[1] ~ /^(stratum|peer|srcadr)$/) take(id, v[1], v[2])
				if (v[1] == "delay") take(id, "delay", sprintf("%.0f", v[2] * 1000))
			}
		}
		FNR == 1 {
			files[FILENAME]
			target = FILENAME
			sub(/\.[a-z_]*$/, "", target)
			is_daemon = FILENAME ~ /\.daemon$/
		}
		is_daemon { take_daemon(); next }
		{ gsub(/"/, ""); k = split($1, at, "."); last = at[k] }
		index($1, ntpv4 "2.2.") == 1 { take(0, "stratum", $3) }
		index($1, ntpv4 "2.3.") == 1 { take(0, "peer", $3) }
		index($1, ntpv4 "3.1.1.2.") == 1 { take(last, "srcadr", $3) }
		index($1, ntpv4 "3.1.1.7.") == 1 { take(last, "stratum", $3) }
		index($1, ntpv4 "3.1.1.9.") == 1 { take(last, "delay", sprintf("%.0f", $3 * 1000)) }
		index($1, system_table "7.") == 1 { take(0, "stratum", $3) }
		index($1, system_table sys_peer ".") == 1 { take(0, "peer", $3) }
		index($1, peer_table "2.") == 1 { take(last, "srcadr", $3) }
		index($1, peer_table "19.") == 1 { take(last, "stratum", $3) }
		index($1, peer_table "43.") == 1 { take(last, "delay", $3) }
		END {
			for (t in of_target) if (of_target[t] != wanted) print t ".daemon: " of_target[t] " values"
			for (f in files) if (f !~ /\.daemon$/ && n[f] != wanted) print f ": " n[f] " values"
		}' "$@"
}

# all_right NUMBER...: what is wrong with these targets, the first of it
all_right() {
	rm -rf "$LAB_DIR/values"
	mkdir "$LAB_DIR/values"
	for all_right_n in "$@"; do
		ask_all_ways "$all_right_n" "$LAB_DIR/values/$all_right_n"
	done
	# shellcheck disable=SC2046 # names are words
	compare "$LAB_DIR"/values/*.daemon "$LAB_DIR"/values/*.in_context \
		$(find "$LAB_DIR/values" -name '*.by_community') "$LAB_DIR"/values/*.by_name 2>&1 |
		sed "s|$LAB_DIR/values/||" | head -n 5
}

# --- all come up -------------------------------------------------------------------------------

picked=$(pick "$KILLED" $((TARGETS - 1)) "$PICKED" | tr "\n" " ")
new=$(pick "$TARGETS" $((DAEMONS - 1)) "$PICKED" | tr "\n" " ")
set -- 'group mapped v2c mapped' 'access mapped t any noauth prefix all none none'
for n in $picked $new; do
	name=$(name_of "$n")
	set -- "$@" "com2sec -Cn $name mapped 127.0.0.1 of-$name"
done
lab_snmpd_start "$dir" "$(lab_free_udp_port)" "$@"
targets 0 $((TARGETS - 1)) >"$dir/ntp-agentxd.conf"

contexts() {
	column "$CONTEXTS" | grep -c 't[0-9]*$'
}

began=$(now_ms)
agent_start "$dir"
lab_wait "[ \"\$(value $dir $TARGETS_UP)\" = $TARGETS ]" "$UP_S" || lab_fail "not all targets come up"
ok "all targets come up"
up_ms=$(($(now_ms) - began))
true_that "all contexts are registered" lab_wait "[ \$(contexts) = $TARGETS ]" "$UP_S"
echo "# up after $up_ms ms, registered after $(($(now_ms) - began)) ms"
is "the table of targets says so" "$(states)" "2:$TARGETS"
# What is new makes no quick cycles, or they would hide that a full one is late.
is "nobody is polled in between" "$(column "$TARGET_QUICK" | grep -vc ' 0$')" 0
say "at 0-$((TARGETS - 1)) gaps reset"
settled=$(now_ms)

# shellcheck disable=SC2086 # numbers are words
wrong=$(all_right $picked)
is "values of $PICKED targets are those of their daemons" "$wrong" ""
# Enough for each to have been polled again.
while [ $(($(now_ms) - settled)) -lt $((2 * INTERVAL * 1000)) ]; do
	sleep 0.2
done
on_time "after the start" "0-$((TARGETS - 1))" 1

# --- a hundred die and come back ---------------------------------------------------------------

# with_values FIRST LAST: how many targets among them have values: a walk of a column costs too
# much, so each row is asked for.
with_values() {
	awk -v a="$1" -v b="$2" -v oid="$ENTERPRISE.1.1.4.1.1.7" 'BEGIN {
		for (i = a; i <= b; i++) {
			name = sprintf("%04d", i)
			printf "%s.5.116", oid
			for (j = 1; j <= 4; j++) printf ".%d", 48 + substr(name, j, 1)
			printf "\n"
		}
	}' | xargs -n 50 env MIBS= snmpget -v2c -c public -OQn -r0 -t3 "127.0.0.1:$(cat "$dir/snmpd.port")" 2>&1 |
		grep -c ' = [0-9]'
}

half=$((KILLED / 2))
living=$KILLED-$((TARGETS - 1))
say "at $living gaps reset" "at 0-$((half - 1)) down" "at $half-$((KILLED - 1)) silence on"
killed=$(now_ms)
stale_s=$((INTERVAL * STALE))
true_that "who is killed is noticed" lab_wait \
	"[ \"\$(states)\" = '2:$((TARGETS - KILLED)) 3:$half 4:$half' ]" $((stale_s + 2))
true_that "their values go" lab_wait "[ \"\$(with_values 0 $((KILLED - 1)))\" = 0 ]" $((stale_s + 2))
gone_ms=$(($(now_ms) - killed))
between "before they are stale, and one look" "$gone_ms" 1 $((stale_s * 1000 + 2000))
is "in their contexts as well" "$(in_context $((KILLED - 1)) snmpget "$NTPV4_PEERS.2.1" | grep -c '[0-9] = No Such')" 1
is "and nobody else's" "$(with_values "$KILLED" $((TARGETS - 1)))" $((TARGETS - KILLED))
say "at 0-$((half - 1)) up" "at $half-$((KILLED - 1)) silence off"
restored=$(now_ms)
# back FIRST LAST: all of them have values
back() {
	[ "$(with_values "$1" "$2")" = $(($2 - $1 + 1)) ]
}
true_that "the refused are back within two intervals" lab_wait "back 0 $((half - 1))" $((2 * INTERVAL))
refused_ms=$(($(now_ms) - restored))
true_that "the silent a little later" lab_wait "back $half $((KILLED - 1))" "$SILENT_S"
echo "# values gone after $gone_ms ms, refused back after $refused_ms ms, silent after $(($(now_ms) - restored)) ms"
is "one of the refused is right" "$(all_right 0)" ""
on_time "while a hundred died and came back" "$living" 2

# --- two hundred are exchanged -----------------------------------------------------------------

stayed=$KILLED-$((TARGETS - SWAPPED - 1))
left=$((TARGETS - SWAPPED))-$((TARGETS - 1))
came=$TARGETS-$((DAEMONS - 1))
watched=
for n in $picked; do
	[ "$n" -ge $((TARGETS - SWAPPED)) ] || watched=$n
done

# serve: asks for one value of a target that stays, until told to stop
serve() {
	while [ ! -e "$LAB_DIR/stop" ]; do
		as "-v2c -c of-$(name_of "$watched")" snmpget "$NTPV4_MODE"
	done
}

# answering NUMBER...: how many of these contexts have values
answering() {
	for answering_i in "$@"; do
		in_context "$answering_i" snmpget "$NTPV4_MODE"
	done | grep -c ' = [0-9]'
}

# A context that snmpd has never heard of is not answered.
is "those to come are not served yet" "$(answering "$TARGETS")" 0
{
	# In another order as well.
	targets "$TARGETS" $((DAEMONS - 1))
	targets 0 $((TARGETS - SWAPPED - 1))
} >"$dir/ntp-agentxd.conf"
serve >"$LAB_DIR/served" &
lab_own $!
serving=$!
sleep 1
say "at $stayed gaps reset"
swapped=$(now_ms)
lab_signal "$agent_pid" HUP
true_that "the new ones come up" lab_wait "back $TARGETS $((DAEMONS - 1))" "$UP_S"
echo "# the new ones are up after $(($(now_ms) - swapped)) ms"
true_that "and in their contexts" lab_wait "[ \$(answering $new) = $PICKED ]" 10
say "at $left gaps reset"
# shellcheck disable=SC2046 # numbers are words
is "the old ones are not served any more" \
	"$(answering $(pick $((TARGETS - SWAPPED)) $((TARGETS - 1)) "$PICKED"))" 0
is "nor in the table" "$(column "$TARGET_STATES" | grep -c "^$(text_index "$(name_of $((TARGETS - 1)))") ")" 0
# shellcheck disable=SC2086 # numbers are words
wrong=$(all_right $new)
is "values of $PICKED new ones are those of their daemons" "$wrong" ""
while [ $(($(now_ms) - swapped)) -lt $((2 * INTERVAL * 1000 + 1000)) ]; do
	sleep 0.2
done
: >"$LAB_DIR/stop"
wait "$serving" 2>/dev/null
between "one that stays is asked all the time" "$(wc -l <"$LAB_DIR/served")" 50 1000000
is "and answers each time" "$(sort "$LAB_DIR/served" | uniq | sed 's/.* = //')" 6
on_time "while two hundred were exchanged" "$stayed" 2
on_time "the new ones" "$came" 2
is "the old ones are not asked any more" "$(gap "$left" cycles)" 0

# --- the master hangs, and is replaced ---------------------------------------------------------

# Registrations wait for it; polls do not.
served=0-$((TARGETS - SWAPPED - 1))
targets 0 $((TARGETS - 1)) >"$dir/ntp-agentxd.conf"
say "at $served gaps reset"
lab_snmpd_freeze "$dir"
hung=$(now_ms)
lab_signal "$agent_pid" HUP
while [ $(($(now_ms) - hung)) -lt $((INTERVAL * 1000 + 1000)) ]; do
	sleep 0.2
done
lab_snmpd_thaw "$dir"
true_that "exchanged while the master hung, they come up" \
	lab_wait "back $((TARGETS - SWAPPED)) $((TARGETS - 1))" "$UP_S"
true_that "and in their contexts" lab_wait "[ \$(answering $((TARGETS - 1))) = 1 ]" 10
lab_snmpd_kill "$dir"
lab_snmpd_again "$dir"
restarted=$(now_ms)
true_that "the next master has all contexts" lab_wait "[ \$(contexts) = $TARGETS ]" "$UP_S"
echo "# registered again after $(($(now_ms) - restarted)) ms"
while [ $(($(now_ms) - hung)) -lt $((2 * INTERVAL * 1000 + 1000)) ]; do
	sleep 0.2
done
on_time "while the master hung and was replaced" "$served" 2
is "it was lost once" "$(grep -c 'disconnected from the master' "$dir/ntp-agentxd.log")" 1

# --- in the end --------------------------------------------------------------------------------

is "all are up" "$(states)" "2:$TARGETS"
is "one of the silent is right" "$(all_right $((KILLED - 1)))" ""
agent_stop
is "it ends well" "$agent_code" 0
# Of the master, of files and of the configuration; a line for each target is too much.
grep -v '^target ' "$dir/ntp-agentxd.log" | sed 's/^/# agent: /'
finish
