#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# How long it takes to ask a daemon for all its associations, as the agent does in each interval,
# beside NTPsec's ntpq, which asks the same daemon in turn; and how many datagrams that takes.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/bench/bench.sh"

CYCLES=20 # all groups of variables have had their turn by then
REPEATED=4 # in how many more commands ntpq asks, without starting
SIM=$(lab_program ntpsim) || lab_fail "ntpsim is not built"

lab_dir
lab_tools ntpd ntpq
lab_is_root || lab_skip "needs root for network namespaces"
bench_program ntpq "$NTPQ" --version
bench_program ntpd "$NTPD" --version

# The daemon has a processor of its own, and who asks it another: what the scheduler thinks of
# two programs that wake each other would be measured otherwise.
apart=
processors=$(taskset -cp $$ | sed 's/.*: //' | tr ',' '\n' |
	awk -F- '{ for (i = $1; i <= ($2 == "" ? $1 : $2); i++) print i }')
[ "$(echo "$processors" | wc -l)" -lt 2 ] || apart=$(echo "$processors" | sed -n 2p)

# daemon_apart PID
daemon_apart() {
	[ -z "$apart" ] || taskset -acp "$(echo "$processors" | sed -n 1p)" "$1" >/dev/null
}

# asking NAME COMMAND...: in the namespace, on the other processor
asking() {
	asking_name=$1
	shift
	lab_in "$asking_name" ${apart:+taskset -c "$apart"} "$@"
}

# servers COUNT: lines of configuration for so many that never answer.
servers() {
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "server 198.18.%d.%d minpoll 10 maxpoll 10\n", i / 250, i % 250 + 1
	}'
}

# has_all NAME COUNT
has_all() {
	[ "$(lab_in "$1" "$top_builddir/ntp-query" -nc associations 127.0.0.1 2>/dev/null | grep -c '^ *[0-9]')" = "$2" ]
}

# start_ntpd NAME COUNT, start_sim NAME COUNT: such a daemon on port 123 there.
start_ntpd() {
	servers "$2" >"$LAB_DIR/$1.servers"
	lab_ntpd_start "$1" "$LAB_DIR/$1" "includefile $LAB_DIR/$1.servers"
	lab_wait "has_all $1 $2" 30 || lab_fail "the daemon has not $2 associations"
}
start_sim() {
	lab_spawn "$LAB_DIR/$1.log" ip netns exec "$(lab_ns "$1")" "$SIM" \
		--listen 127.0.0.1:123 --dialect ntpsec --associations "$2" --seed 3
	lab_wait "has_all $1 $2" 30 || lab_fail "the daemon has not $2 associations"
}

# ntpq_ms TIMES NAME: milliseconds of ntpq that reads so often, the best of three.
ntpq_ms() {
	ntpq_times=$1
	ntpq_name=$2
	set --
	while [ "$ntpq_times" -gt 0 ]; do
		set -- "$@" -c lpeers
		ntpq_times=$((ntpq_times - 1))
	done
	bench_of best_ms "$(asking "$ntpq_name" "$top_builddir/tests/bench/duel" 3 \
		"$NTPQ" -n "$@" 127.0.0.1 -- true)"
}

# every NAME: the ntpq command that reads all variables of all associations there, as a cycle does.
every() {
	lab_in "$1" "$top_builddir/ntp-query" -nc associations 127.0.0.1 |
		awk '/^ *[0-9]/ { if (!first) first = $2; last = $2 } END { print "mreadvar", first, last }'
}

# cycles NAME COUNT RUNS COMMAND: of ours, and so many runs of ntpq with the command in between.
cycles() {
	result=$(asking "$1" "$top_builddir/tests/bench/cycle" 127.0.0.1 123 "$CYCLES" "$3" \
		"$NTPQ" -n -c "$4" 127.0.0.1) || lab_fail "the cycles failed"
	bench_report "cycle_$2_${4%% *}" "cycles of $2 associations, command: ntpq -c ${4%% *}" "$result"
}

# measure START COUNT RUNS: the daemon that START starts, with so many associations; ntpq runs so
# often between the cycles.
measure() {
	name=d$2
	lab_need_ns "$name"
	"$1" "$name" "$2"
	daemon_pid=$LAB_PID
	daemon_apart "$daemon_pid"
	cycles "$name" "$2" "$3" lpeers
	bench_budget "datagrams_$2" "datagrams of a cycle of $2 associations" \
		"$(bench_of datagrams "$result")" most $(($2 + 4))
	times="$times $(bench_of best_ms "$result") $(bench_of cpu_ms "$result")"
}

times=
measure start_ntpd 10 10
lab_end "$daemon_pid"
measure start_ntpd 100 5
lab_end "$daemon_pid"
measure start_ntpd 1000 5
cycles d1000 1000 5 "$(every d1000)"
# By medians: the best of twenty cycles would be compared with the best of few runs of ntpq.
bench_budget cycle "time of ntpq that reads the same, for a cycle of ours, 1000 associations, medians" \
	"$(bench_of ratio_median "$result")" least 20
# A long-running ntpq would not start each time.
once=$(ntpq_ms 1 d1000)
more=$(ntpq_ms $((1 + REPEATED)) d1000)
read_ms=$(bench_calc "($more - $once) / $REPEATED")
bench_report cycle_started "ntpq already started, 1000 associations, beside a cycle of ours" \
	"{\"ntpq_ms\": $read_ms, \"cycle_ms\": $(bench_of best_ms "$result"), \"ratio\": $(bench_calc "$read_ms / $(bench_of best_ms "$result")" %.2f)}"
lab_end "$daemon_pid"
# There, ntpq says "Buffer size exceeded": it reads no list as long as that.
measure start_sim 10000 0
lab_end "$daemon_pid"
# shellcheck disable=SC2086 # numbers are words
set -- $times
bench_report cycle_growth "growth with the associations, as exponent: of a cycle's time, and of our processor time in it" \
	"{\"time_100_to_1000\": $(bench_calc "log($5 / $3) / log(10)"), \"time_1000_to_10000\": $(bench_calc "log($7 / $5) / log(10)"), \"cpu_100_to_1000\": $(bench_calc "log($6 / $4) / log(10)"), \"cpu_1000_to_10000\": $(bench_calc "log($8 / $6) / log(10)")}"
ok "measured"
finish
