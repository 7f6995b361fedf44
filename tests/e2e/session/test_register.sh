#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Registrations wait for nobody: with a master that is slow or hangs, the event loop goes on,
# the connection stays, and all are there in the end; what is refused is asked for again.
# shellcheck disable=SC1091,SC2034,SC2317
. "${srcdir:-.}/tests/e2e/session/lib.sh"
need_tools "$SNMPD" snmpget snmpwalk "$AXPROBE"

SHORT_MS=900 # less than one blocking call
N=200
CONTEXTS=.1.3.6.1.6.3.16.1.1.1.1

contexts_are() { [ "$(walk "$CONTEXTS" | grep -c '^"c[0-9]*"$')" -eq "$1" ]; }
served_in() { [ "$(manager snmpget "of-$1" 1 "$PROBE_OID.1.0" 2>/dev/null)" = 0 ]; }
not_served_in() { manager snmpget "of-$1" 1 "$PROBE_OID.1.0" 2>&1 | grep -q 'No Such'; }
loop_ran() { at_most "$(worst_gap)" "$SHORT_MS"; }

map_contexts()
{
	MASTER_LINES="view all included .1
group mapped v2c mapped
access mapped c any noauth prefix all none none"
	for context in "$@"; do
		MASTER_LINES="$MASTER_LINES
com2sec -Cn $context mapped 127.0.0.1 of-$context"
	done
}

slow_master()
{
	map_contexts c1 "c$N"
	start_master
	# shellcheck disable=SC2086 # options
	start_probe -r 1 $1
	wait_for 10 seen "state up"
	freeze "$MASTER"
	tell contexts "$N"
}

whole()
{
	check "all $1 are there" wait_for 20 contexts_are "$N"
	check "the first of them is served" wait_for 5 served_in c1
	check "and the last" served_in "c$N"
}

hung_master()
{
	slow_master ""
	wait_for 10 seen "registered $N"
	sleep 4
	check "a hung master does not hold up the event loop" loop_ran
	thaw "$MASTER"
	whole "that were registered meanwhile"
	check "over the same connection" [ "$(count 'state ')" -eq 1 ]
	freeze "$MASTER"
	tell "no contexts"
	tell contexts "$N"
	tell "no contexts"
	sleep 2
	thaw "$MASTER"
	check "what is registered and taken back is gone in the end" \
		wait_for 10 not_served_in c1
	check "all of it" not_served_in "c$N"
	check "nor does that hold it up" loop_ran
	check "nothing was refused" [ "$(count refuse)" -eq 0 ]
	quit_probe
}

hung_master_control()
{
	slow_master "-o register"
	sleep 4
	thaw "$MASTER"
	wait_for 10 seen "registered $N"
	check "without the remedy the event loop stands still" at_least "$(worst_gap)" 3000
	quit_probe
}

next_master()
{
	map_contexts c1 "c$N"
	start_master
	start_probe -r 1
	wait_for 10 seen "state up"
	tell contexts "$N"
	whole "of the first master"
	kill_master
	wait_for 10 seen "state down"
	start_master
	whole "of the next one"
	check "which holds up nothing" loop_ran
	quit_probe
}

# Two agents at once, as when one is replaced by the next.
refused()
{
	map_contexts c1 c2
	start_master
	start_probe -r 1
	wait_for 10 seen "state up"
	check "the first is served" wait_for 5 scalar_is 1 0
	mkfifo "$D/more"
	SNMPCONFPATH=$D SNMP_PERSISTENT_DIR=$D/second-persistent "$AXPROBE" -s "$AX" -r 1 \
		<"$D/more" >"$D/second.out" 2>&1 &
	started "$!"
	exec 8>"$D/more"
	second_says() { grep -q -- "$1" "$D/second.out"; }
	check "the second is told why it is not" wait_for 5 second_says "does ntp-agentxd run twice"
	echo "contexts 2" >&8
	check "what is not refused is served" wait_for 5 served_in c2
	sleep 12
	check "in one line" [ "$(grep -c refuses "$D/second.out")" -eq 1 ]
	check "and not served yet" [ "$(grep -c 'took all' "$D/second.out")" -eq 0 ]
	quit_probe
	check "when the first ends it takes over" wait_for 20 scalar_is 1 0
	check "and says so" second_says "took all registrations"
	echo quit >&8
	exec 8>&-
	wait_for 10 second_says "ended$"
}

run_scenarios hung-master:hung_master: hung-master-control:hung_master_control: \
	next-master:next_master: refused:refused:
