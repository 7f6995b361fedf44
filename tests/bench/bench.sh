# SPDX-License-Identifier: BSD-2-Clause
# Functions for benchmarks. To be sourced after lab.sh.
# shellcheck shell=sh

BENCH_DIR=$top_builddir/bench

# bench_report NAME WHAT JSON: on the terminal, and with the machine into a file of that name.
bench_report() {
	mkdir -p "$BENCH_DIR"
	bench_cpu=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
	printf '{"name": "%s", "what": "%s", "processor": "%s", "processors": %d, "kernel": "%s", "load": "%s", "result": %s}\n' \
		"$1" "$2" "$bench_cpu" "$(nproc)" "$(uname -r)" "$(cut -d' ' -f1 /proc/loadavg)" "$3" \
		>"$BENCH_DIR/$1.json"
	printf '%s: %s\n  %s\n' "$1" "$2" "$3"
}
