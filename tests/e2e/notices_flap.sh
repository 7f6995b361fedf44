#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Notifications of NTP-AGENTX-MIB under load: five hundred associations that come and go, with
# snmpd and without: bounded in memory and rate, and in the end everybody is told what is. What
# is too much even so is counted, and told.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"
. "$srcdir/tests/e2e/traps.sh"
. "$srcdir/tests/e2e/notices.sh"

PEERS=500
STEP=29 # at one time; not as many as are told in a second, whose turn would always find the same
FLAPS_S=15
AWAY_S=8
RATE=50 # of notifications each second
BURST=100
QUEUE=1000 # that are kept at most
LEFT=37    # that are unreachable in the end
MEMORY=4096

lab_dir
lab_tools snmpd snmptrapd
sims_start

# --- five hundred come and go ------------------------------------------------------------------

sim many "$((PEERS + 1))" # the oldest is the system peer, and stays
begins "target many 127.0.0.1 port $LAB_SIM_PORT interval 1"
lab_wait "is_up many" 30 || lab_fail "the target is not seen"
switches many "$REACH"
polled many 5 # until memory has grown to what that takes
told "nothing is told of what was there before"

rss_kb() {
	awk '$1 == "VmRSS:" { print $2 }' "/proc/$agent_pid/status"
}

# memory WHEN: not more than when it began.
memory() {
	memory_kb=$(rss_kb)
	between "memory $1 ($memory_kb KiB, $before before)" "$memory_kb" 1 "$((before + MEMORY))"
}

# flap SECONDS: every association goes and comes about once in two seconds, in no time with the polls:
# those would see it in the same state again and again.
flap() {
	flap_end=$(($(lab_now) + $1))
	flap_to=on
	while [ "$(lab_now)" -lt "$flap_end" ]; do
		for pause in 0 0.71 0.23 0.94 0.42 0.08 0.57; do
			[ "$flap_to" = on ] && flap_to=off || flap_to=on
			from=1
			while [ "$from" -le "$PEERS" ]; do
				left=$((PEERS + 1 - from))
				say many reach "$flap_to" "$from" "$((left < STEP ? left : STEP))"
				from=$((from + STEP))
				sleep 0.03
			done
			sleep "$pause"
		done
	done
}

# all_told N: of each association the state it is in; of those that were never told of nothing
# is to be told. The last N are unreachable.
all_told() {
	since >"$LAB_DIR/since"
	last_told "$LAB_DIR/since" >"$LAB_DIR/last"
	awk -v first="$((FIRST + 1))" -v n="$PEERS" -v left="$1" '
		{ last[$1] = $2 }
		END {
			for (i = 0; i < n; i++) {
				wanted = i >= n - left ? 2 : 3
				if ((last[first + i] ? last[first + i] : 3) != wanted) exit 1
			}
		}' "$LAB_DIR/last"
}

# calms: most are well, some are not, and then all are.
calm() {
	says many "reach on 1 $PEERS" "reach off $((1 + PEERS - LEFT)) $LEFT"
}

calms() {
	calm
	true_that "$1: each is told as it is" lab_wait "all_told $LEFT" 60
	say many reach on 1 "$PEERS"
	true_that "$1: each problem has an end" lab_wait "all_told 0" 60
	sleep "$QUIET_S"
	since >"$LAB_DIR/since"
	last_told "$LAB_DIR/since" >"$LAB_DIR/last"
	true_that "$1: that is all" all_told 0
	is "$1: problems and ends take turns" "$(unpaired "$LAB_DIR/since")" ""
	is "$1: nothing but that" "$(grep -cvE '^[23] ' "$LAB_DIR/since")" 0
	is "$1: nothing is lost" "$(of_agent 8)" 0
	is "$1: nothing waits" "$(of_agent 10)" 0
}

flap 5 # until the queue has its size
before=$(rss_kb)
told_before=$(since | wc -l)
began=$(lab_now)
flap "$FLAPS_S"
memory "while they come and go"
arrived_n=$(($(since | wc -l) - told_before))
lasted=$(($(lab_now) - began))
between "notifications in $lasted s: $arrived_n" "$arrived_n" "$((lasted * RATE / 4))" \
	"$((lasted * RATE + BURST))"
calms "they calm down"
# Who was well each time it was looked at, or whose turn it was, has nothing to be told.
heard_of=$(wc -l <"$LAB_DIR/last" | tr -d ' ')
between "hardly anybody is left out ($heard_of of $PEERS)" "$heard_of" "$((PEERS * 9 / 10))" "$PEERS"
memory "afterwards"
between "changes that others stand for" "$(notify_get "$dir" 8 many)" 1 1000000
mark

# --- the same, while snmpd is away -------------------------------------------------------------

lab_snmpd_stop "$dir"
flap "$AWAY_S"
calm
sleep 2
is "nothing arrives without snmpd" "$(since | wc -l | tr -d ' ')" 0
memory "without snmpd"
lab_snmpd_again "$dir"
calms "without snmpd, and with it again"
memory "in the end"
is "each was counted" "$(notify_get "$dir" 7 many)" "$(number_arrived)"
mark
ends

# --- too many for the queue --------------------------------------------------------------------

# NTPv4-MIB tells each target's changes as they are seen; there is no waiting for room.
TARGETS=25
ADDED=50
number_of_ntpv4() {
	grep -cE '= OID: \.1\.3\.6\.1\.2\.1\.197\.0\.' "$traps_dir/traps.log"
}
sim crowd 2
set --
i=0
while [ "$i" -lt "$TARGETS" ]; do
	set -- "$@" "target t$i 127.0.0.1 port $LAB_SIM_PORT interval 1"
	i=$((i + 1))
done
begins "$@"
lab_wait "[ \"\$(of_agent 5)\" = $TARGETS ]" 30 || lab_fail "not all targets are seen"
told "nothing is told of what was there before"
is "nor by NTPv4-MIB" "$(number_of_ntpv4)" 0
lab_snmpd_stop "$dir"
set --
i=0
while [ "$i" -lt "$ADDED" ]; do
	set -- "$@" "add $((30000 + i)) 1414"
	i=$((i + 1))
done
says crowd "$@"
# Until each target has asked for the list twice.
asked=$(($(sim_requests "$LAB_DIR/crowd" readstat) + 4 * TARGETS))
lab_wait "[ \$(sim_requests $LAB_DIR/crowd readstat) -ge $asked ]" 60 ||
	lab_fail "the targets are not polled"
lab_snmpd_again "$dir"
lost=$((TARGETS * ADDED - QUEUE))
PATIENCE_S=60
told "what was lost is told, once" "22 1\\.0=;2\\.0=[0-9]*;3\\.0=[^;]*$lost [^;]*;4\\.0=1;5\\.0=1;32\\.0=$lost;"
is "as it is counted" "$(of_agent 8)" "$lost"
is "and the rest arrives" "$(number_of_ntpv4)" "$QUEUE"
is "nothing waits" "$(of_agent 10)" 0
ends
finish
