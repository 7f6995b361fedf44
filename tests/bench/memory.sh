#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# How soon after its start the agent answers, how much memory it needs, and what share of a
# processor at the default interval.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/bench/bench.sh"

FEW=10
SOME=100
MANY=10000
STARTS=7
WATCHED_S=${WATCHED_S:-60}

lab_dir
lab_tools snmpd
bench_program snmpd "$SNMPD" -v

# start NAME ASSOCIATIONS INTERVAL: an agent with one target; returns when it serves it all.
start() {
	dir=$LAB_DIR/$1
	lab_snmpd_start "$dir" "$(lab_free_udp_port)"
	lab_sim_start "$dir/sim" --dialect ntpsec --associations "$2" --seed 3
	agent_start "$dir" "target ntp 127.0.0.1 port $LAB_SIM_PORT interval $3"
	lab_wait "[ \"\$(lab_snmp $dir bulkwalk -Cr50 -Oq $ROOT.3.1.1.2 2>/dev/null | wc -l)\" = $2 ]" 60 ||
		lab_fail "$2 associations are not served"
}

stop() {
	agent_stop
	lab_snmpd_stop "$dir"
	lab_end "$(cat "$dir/sim/ntpsim.pid")"
}

# --- a small target -----------------------------------------------------------------------------

start small "$FEW" 15
bench_budget memory "resident kB, one target of $FEW associations" "$(bench_resident_kb "$agent_pid")" most 12288
few_kb=$(bench_resident_kb "$agent_pid")
bench_budget processor "per cent of a processor, one target of $FEW associations, default interval, over $WATCHED_S s" \
	"$(bench_share "$agent_pid" "$WATCHED_S")" most 0.1
agent_stop

# --- its start ----------------------------------------------------------------------------------

# From exec until a manager that asks without a pause is answered with a value.
i=0
: >"$LAB_DIR/starts"
while [ "$i" -lt "$STARTS" ]; do
	env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/agentstate" \
		"$top_builddir/tests/bench/started" "127.0.0.1:$(cat "$dir/snmpd.port")" public \
		"$ROOT.1.4.0" "$AGENTD" -f -Le -C -c "$dir/ntp-agentxd.conf" -x "$dir/agentx" \
		>>"$LAB_DIR/starts" 2>"$LAB_DIR/started.log" || lab_fail "it never answered"
	i=$((i + 1))
done
bench_report start "from exec to the first GET of a value answered, one target, $STARTS times" \
	"{\"best_ms\": $(sort -n "$LAB_DIR/starts" | head -n 1), \"median_ms\": $(sort -n "$LAB_DIR/starts" | sed -n "$((STARTS / 2 + 1))p")}"
lab_snmpd_stop "$dir"
lab_end "$(cat "$dir/sim/ntpsim.pid")"

# --- many associations --------------------------------------------------------------------------

# After two cycles: a new snapshot is made while the last one is still served.
settled_kb() {
	lab_snmp "$dir" bulkwalk -Cr50 "$ROOT.3.1.1.2" >/dev/null
	sleep 6
	bench_resident_kb "$agent_pid"
}
start some "$SOME" 3
some_kb=$(settled_kb)
stop
start many "$MANY" 3
many_kb=$(settled_kb)
stop
bench_report memory_association "resident memory for one association more, by $SOME and $MANY" \
	"{\"octets\": $(bench_calc "1024 * ($many_kb - $some_kb) / ($MANY - $SOME)" %.0f), \"kb_of_$FEW\": $few_kb, \"kb_of_$SOME\": $some_kb, \"kb_of_$MANY\": $many_kb}"
ok "measured"
finish
