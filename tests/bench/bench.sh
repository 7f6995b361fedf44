# SPDX-License-Identifier: BSD-2-Clause
# Functions for benchmarks. To be sourced after lab.sh.
# shellcheck shell=sh

BENCH_DIR=$top_builddir/bench
bench_with=

# bench_make NAME: that variable of the build's Makefile.
bench_make() {
	sed -n "s/^$1 = //p" "$top_builddir/Makefile" | head -n 1
}

# bench_first COMMAND...: the first line it prints, in a JSON string; the empty one when it fails.
bench_first() {
	printf '"%s"' "$("$@" 2>&1 | sed -n '/./ { s/  */ /g; s/["\\]//g; p; q; }')"
}

# bench_program NAME COMMAND...: what COMMAND prints is told with every result of the script.
bench_program() {
	bench_program_name=$1
	shift
	bench_with="$bench_with, \"$bench_program_name\": $(bench_first "$@")"
}

# The machine and the build, and the programs told by bench_program.
bench_about() {
	# The compiler may be several words.
	# shellcheck disable=SC2046
	printf '"processor": %s, "processors": %d, "kernel": "%s", "load": "%s", ' \
		"$(bench_first sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo)" "$(nproc)" \
		"$(uname -r)" "$(cut -d' ' -f1 /proc/loadavg)"
	# shellcheck disable=SC2046
	printf '"ntp-agentxd": %s, "compiler": %s, "cflags": %s, "optimised": %s%s' \
		"$(bench_first "$top_builddir/ntp-agentxd" -v)" \
		"$(bench_first $(bench_make CC) --version)" "$(bench_first bench_make CFLAGS)" \
		"$(bench_optimised)" "$bench_with"
}

# The last -O counts, and there are none at all by default.
bench_optimised() {
	case $(bench_make CFLAGS | tr ' ' '\n' | grep '^-O' | tail -n 1) in
	'' | -O0 | -Og) echo false ;;
	*) echo true ;;
	esac
}

# bench_report NAME WHAT JSON: on the terminal, and with the machine into a file of that name.
bench_report() {
	mkdir -p "$BENCH_DIR"
	printf '{"name": "%s", "what": "%s", %s, "result": %s}\n' "$1" "$2" "$(bench_about)" "$3" \
		>"$BENCH_DIR/$1.json"
	printf '%s: %s\n  %s\n' "$1" "$2" "$3"
}

# bench_budget NAME WHAT VALUE most|least LIMIT: a number beside the budget for it. Nothing fails
# when it is not met: it is said.
bench_budget() {
	bench_met=$(awk -v v="$3" -v limit="$5" -v kind="$4" \
		'BEGIN { print v == "" ? "null" : (kind == "most" ? v + 0 <= limit + 0 : v + 0 >= limit + 0) ? "true" : "false" }')
	bench_report "budget_$1" "$2" \
		"{\"value\": ${3:-null}, \"at_$4\": $5, \"budget\": $5, \"met\": $bench_met}"
}

# bench_of KEY JSON: a number in it, the first of that name.
bench_of() {
	printf '%s\n' "$2" | tr ',{}' '[\n*]' | sed -n "s/^ *\"$1\": *//p" | head -n 1
}

# bench_calc EXPRESSION [FORMAT]: as awk calculates it.
bench_calc() {
	awk "BEGIN { printf \"${2:-%.3f}\", $1 }"
}

# bench_spent_ns PID: processor time of a process; whole ticks where the kernel says no more.
bench_spent_ns() {
	cut -d' ' -f1 "/proc/$1/schedstat" 2>/dev/null ||
		sed 's/^.*) //' "/proc/$1/stat" |
		awk -v hz="$(getconf CLK_TCK)" '{ printf "%.0f\n", ($12 + $13) / hz * 1e9 }'
}

# Since boot.
bench_now_ns() {
	awk '{ printf "%.0f\n", $1 * 1e9 }' /proc/uptime
}

# bench_resident_kb PID: memory of a process, with what it shares with others.
bench_resident_kb() {
	awk '$1 == "VmRSS:" { print $2 }' "/proc/$1/status"
}

# bench_share PID SECONDS: per cent of a processor that a process takes in that time.
bench_share() {
	bench_spent=$(bench_spent_ns "$1")
	bench_begun=$(bench_now_ns)
	sleep "$2"
	bench_calc "100 * ($(bench_spent_ns "$1") - $bench_spent) / ($(bench_now_ns) - $bench_begun)" %.4f
}
