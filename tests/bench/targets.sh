#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A thousand targets of ten associations each, at the default interval: share of a processor,
# resident memory, and how late the latest poll of a live one was, by the daemons' own clocks; with
# none dead, a tenth, and half of them. Of the dead, half are silent, half have a closed port.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"
. "$srcdir/tests/bench/bench.sh"

TARGETS=${TARGETS:-1000}
ASSOCIATIONS=10
INTERVAL_S=15
SETTLE_S=${SETTLE_S:-40} # whoever died is given up by then
WATCHED_S=${WATCHED_S:-60}

lab_dir
lab_tools snmpd
bench_program snmpd "$SNMPD" -v
dir=$LAB_DIR/a
control=$LAB_DIR/sim/control
lab_snmpd_start "$dir" "$(lab_free_udp_port)"
LAB_SIM_LISTEN=127.0.1.0:0
lab_sim_start "$LAB_DIR/sim" --dialect ntpsec --daemons "$TARGETS" \
	--associations "$ASSOCIATIONS" --seed 3 --control "$control"
awk -v n="$TARGETS" -v port="$LAB_SIM_PORT" -v interval="$INTERVAL_S" 'BEGIN {
	for (i = 0; i < n; i++)
		printf "target t%04d 127.0.%d.%d port %d context t%04d interval %d\n",
			i, 1 + int(i / 256), i % 256, port, i, interval
}' >"$dir/ntp-agentxd.conf"

say() {
	"$SIMSAY" "$control" "$@" >/dev/null || lab_fail "the simulator does not: $*"
}

# are_up COUNT: so many targets answer.
are_up() {
	[ "$(value "$dir" "$ENTERPRISE.1.1.1.5.0")" = "$1" ]
}

# gap KEY: of what the daemons measured.
gap() {
	tr ' ' '\n' <"$LAB_DIR/gaps" | sed -n "s/^$1=//p"
}

# measure PERCENT FIRST-LAST: with so many dead; the others are those.
measure() {
	say "at $2 gaps reset"
	share=$(bench_share "$agent_pid" "$WATCHED_S")
	"$SIMSAY" "$control" "at $2 gaps" >"$LAB_DIR/gaps"
	most=$(gap most_ms)
	[ "$(gap idle_ms)" -le "$most" ] || most=$(gap idle_ms)
	kb=$(bench_resident_kb "$agent_pid")
	bench_report "targets_$1" "$TARGETS targets of $ASSOCIATIONS associations, $INTERVAL_S s, $1 % dead, over $WATCHED_S s" \
		"{\"per_cent_of_a_processor\": $share, \"resident_kb\": $kb, \"latest_ms\": $((most - INTERVAL_S * 1000)), \"fewest_polls\": $(gap cycles), \"repeated\": $(gap repeated)}"
	bench_budget "targets_processor_$1" "per cent of a processor, $TARGETS targets, $1 % dead" "$share" most 5
	bench_budget "targets_memory_$1" "resident kB, $TARGETS targets, $1 % dead" "$kb" most 65536
}

began=$(bench_now_ns)
agent_start "$dir"
lab_wait "are_up $TARGETS" 120 || lab_fail "not all targets are up"
bench_report targets_start "from the start of the agent until all $TARGETS targets are up" \
	"{\"s\": $(bench_calc "($(bench_now_ns) - $began) / 1e9" %.1f)}"
sleep "$INTERVAL_S"
measure 0 "0-$((TARGETS - 1))"
dead=0
for percent in 10 50; do
	more=$((TARGETS * percent / 100))
	say "at $dead-$(((dead + more) / 2 - 1)) down" \
		"at $(((dead + more) / 2))-$((more - 1)) silence on"
	dead=$more
	lab_wait "are_up $((TARGETS - dead))" 120 || lab_fail "not all the dead are noticed"
	sleep "$SETTLE_S"
	measure "$percent" "$dead-$((TARGETS - 1))"
done
ok "measured"
finish
