#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What a manager waits for: the association table of NTPv4-MIB, as ntp-agentxd serves it, beside the
# same table served from constants by the least subagent there can be, on the same snmpd.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/bench/bench.sh"

SIZES=${SIZES:-10 100 1000 10000}
TABLE=.1.3.6.1.2.1.197.1.3
COPY=.1.3.6.1.4.1.8072.9999.9999.1.3 # as many arcs
GETS=200

lab_dir
lab_tools snmpd

# rounds OBJECTS: a few seconds of them.
rounds() {
	rounds_n=$((20000 / $1 + 1))
	[ "$rounds_n" -le 50 ] || rounds_n=50
	[ "$rounds_n" -ge 3 ] || rounds_n=3
	echo "$rounds_n"
}

# seconds SIDE: of a walk of that side, a or b, by its median.
seconds() {
	bench_calc "$(bench_of objects "$result") / $(bench_of "$1_median_per_s" "$result")" %.4f
}

# is_served COUNT: so many associations are.
is_served() {
	[ "$(lab_snmp "$dir" bulkwalk -Oq "$TABLE.1.1.2" 2>/dev/null | wc -l)" = "$1" ]
}

# exponent SECONDS-BEFORE SECONDS: of the growth from $before associations to $size.
exponent() {
	bench_calc "log($2 / $1) / log($size / $before)" %.3f
}

before= # the size before, and how long its bulk walks took
before_a=
before_b=
for size in $SIZES; do
	dir=$LAB_DIR/$size
	port=$(lab_free_udp_port)
	lab_snmpd_start "$dir" "$port"
	lab_sim_start "$dir/sim" --dialect ntpsec --associations "$size" --seed 3 --frozen
	agent_start "$dir" "target ntp 127.0.0.1 port $LAB_SIM_PORT interval 3600"
	lab_wait "is_served $size" 60 || lab_fail "$size associations are not served"
	lab_spawn "$dir/constant.log" "$top_builddir/tests/bench/constant" "$dir/agentx" \
		"127.0.0.1:$port" public "$TABLE" "$COPY" "$dir/constant.ready"
	constant_pid=$LAB_PID
	lab_wait "[ -s $dir/constant.ready ]" 120 || lab_fail "no constant subagent"
	objects=$(cat "$dir/constant.ready")
	for mode in next bulk=10 bulk=50 "get=$GETS"; do
		[ "$mode" != next ] || [ "$size" -le 1000 ] || continue
		result=$("$top_builddir/tests/bench/walker" "$(rounds "$objects")" "$mode" \
			"127.0.0.1:$port" public "$TABLE" "$COPY") || lab_fail "the walk failed"
		bench_report "walk_${size}_${mode%%=*}${mode#"${mode%%=*}"}" \
			"$mode, $size associations; a: ntp-agentxd, b: constants" "$result"
		[ "$mode" = bulk=50 ] || continue
		bench_budget "walk_$size" "rate of a bulk walk of $size associations, for that of constants, medians" \
			"$(bench_of ratio_median "$result")" least 0.95
		[ -z "$before" ] || bench_report "walk_growth_$size" \
			"growth of the time of a bulk walk up to $size associations, as exponent; a: ntp-agentxd, b: constants" \
			"{\"a\": $(exponent "$before_a" "$(seconds a)"), \"b\": $(exponent "$before_b" "$(seconds b)")}"
		before=$size
		before_a=$(seconds a)
		before_b=$(seconds b)
	done
	lab_end "$constant_pid"
	agent_stop
	lab_snmpd_stop "$dir"
	lab_end "$(cat "$dir/sim/ntpsim.pid")"
done
ok "walked"
finish
