#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# How long a GET takes, while the daemon is well, while it is not, and while it is being asked: of
# our subtree and of one that snmpd serves by itself. In the same run, in turn with each, another
# agent under another snmpd is asked, whose daemon is well all the time.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/bench/bench.sh"

GETS=${GETS:-1000}
REPEATED=5
GETS_BUSY=$((4 * GETS)) # over several cycles
MODE=$ROOT.2.1.0        # there in every condition

lab_dir
lab_tools snmpd
bench_program snmpd "$SNMPD" -v

# pair NAME ASSOCIATIONS: a daemon, an agent that asks it once a second, and snmpd.
pair() {
	lab_snmpd_start "$LAB_DIR/$1" "$(lab_free_udp_port)"
	lab_sim_start "$LAB_DIR/$1/sim" --dialect ntpsec --associations "$2" --seed 3 \
		--control "$LAB_DIR/$1/sim/control"
	agent_start "$LAB_DIR/$1" "target ntp 127.0.0.1 port $LAB_SIM_PORT interval 1"
	lab_wait "[ \"\$(lab_snmp $LAB_DIR/$1 bulkwalk -Oq $ROOT.3.1.1.2 2>/dev/null | wc -l)\" = $2 ]" 30 ||
		lab_fail "not served"
}

# at NAME: where that snmpd is.
at() {
	echo "127.0.0.1:$(cat "$LAB_DIR/$1/snmpd.port")"
}

# number LINE KEY: in what getlat printed.
number() {
	sed -n "$1p" "$LAB_DIR/latency" | tr ' ' '\n' | sed -n "/^$2\$/ { n; p; }"
}

# one LINE: as JSON.
one() {
	printf '{"p50_us": %s, "p99_us": %s, "max_us": %s}' "$(number "$1" median_us)" \
		"$(number "$1" p99_us)" "$(number "$1" slowest_us)"
}

# ask_in_turn PAIR GETS: into $LAB_DIR/latency.N, as often as REPEATED. Which processor the kernel
# puts whom on can make a fifth; the run whose ratio is in the middle is told.
ask_in_turn() {
	run=0
	while [ "$run" -lt "$REPEATED" ]; do
		run=$((run + 1))
		"$GETLAT" "$(at "$1")" public "$MODE" "$2" "$(at "$1")" "$SYSUPTIME" \
			"$(at well)" "$MODE" "$(at well)" "$SYSUPTIME" >"$LAB_DIR/latency" ||
			lab_fail "not every GET was answered: $1"
		cp "$LAB_DIR/latency" "$LAB_DIR/latency.$run"
		echo "$(bench_calc "$(number 1 median_us) / $(number 3 median_us)") $run"
	done | sort -n | sed -n "$((REPEATED / 2 + 1))p" >"$LAB_DIR/middle"
	read -r ratio run <"$LAB_DIR/middle"
	cp "$LAB_DIR/latency.$run" "$LAB_DIR/latency"
}

# measure NAME WHAT PAIR [GETS]
measure() {
	ask_in_turn "$3" "${4:-$GETS}"
	bench_report "latency_$1" "${4:-$GETS} GETs, $2, beside one that is well" \
		"{\"ours\": $(one 1), \"other\": $(one 2), \"ours_well\": $(one 3), \"other_well\": $(one 4), \"ratio_p50\": $ratio, \"ratio_p99\": $(bench_calc "$(number 1 p99_us) / $(number 3 p99_us)"), \"ratio_other_p50\": $(bench_calc "$(number 2 median_us) / $(number 4 median_us)")}"
}

# state_is NUMBER: the mode that the agent under test serves.
state_is() {
	mode_is "$(cat "$LAB_DIR/ill/snmpd.port")" "$1"
}

say() {
	"$SIMSAY" "$LAB_DIR/ill/sim/control" "$@" >/dev/null || lab_fail "the simulator does not: $*"
}

pair well 10
pair ill 10
measure well "the daemon is well" ill
say "fault drop=30"
sleep 2
measure losing "three of ten datagrams are lost" ill
bench_budget latency_losing "median GET while 30 % are lost, in terms of a healthy daemon's" \
	"$ratio" most 1.1
say "fault off" "silence on"
lab_wait "state_is 99" 20 || lab_fail "silence is not noticed"
measure silent "the daemon is silent" ill
say "silence off"
lab_end "$(cat "$LAB_DIR/ill/sim/ntpsim.pid")"
lab_wait "state_is 1" 20 || lab_fail "the closed port is not noticed"
measure dead "the daemon's port is closed" ill
bench_budget latency_dead "median GET while the daemon is dead, in terms of a healthy daemon's" \
	"$ratio" most 1.1
pair busy 1000
measure busy "1000 associations are asked each second" busy "$GETS_BUSY"
ok "measured"
finish
