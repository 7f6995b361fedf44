#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Builds the fuzz targets with clang's fuzzer and runs each for a while, beginning with the inputs
# that are kept: fuzz.sh DIRECTORY. What breaks something is left in DIRECTORY/found. Environment:
# FUZZ_SECONDS, FUZZ_TARGETS, FUZZ_CC; FUZZ_KEEP=yes: see fuzz.mk.
set -eu
work=$1
top=$(cd "${top_srcdir:-.}" && pwd)
seconds=${FUZZ_SECONDS:-60}
all="config frames keys mru poll push query snmp values varlist wire"
targets=${FUZZ_TARGETS:-$all}
# Recordings are looked for there.
srcdir=$top
export srcdir
unset MIBS MIBDIRS SNMPCONFPATH MAKEFLAGS

mkdir -p "$work/build" "$work/seeds" "$work/found"
work=$(cd "$work" && pwd)
cd "$work/build"
[ -f Makefile ] || "$top/configure" -q --enable-fuzzers CC="${FUZZ_CC:-clang}" CFLAGS='-g -O1'
programs="tests/fuzz/seeds tests/fuzz/packer"
for target in $targets; do
	programs="$programs tests/fuzz/fuzz_$target"
done
# shellcheck disable=SC2086 # words
make -s -j"$(nproc)" $programs
tests/fuzz/seeds "$work/seeds"

# gather TARGET: what there is to begin with, one file for each input.
gather() {
	mkdir -p "$work/corpus/$1"
	for kept in "$top/tests/fuzz/corpus/$1"/*; do
		case $kept in
		*/pack) tests/fuzz/packer -u "$kept" "$work/corpus/$1" ;;
		*) cp "$kept" "$work/corpus/$1" ;;
		esac
	done
	for seed in "$work/seeds/$1"-*; do
		[ ! -e "$seed" ] || cp "$seed" "$work/corpus/$1"
	done
}

# keep TARGET: packs the fewest inputs that reach as much as all.
keep() {
	rm -rf "$work/fewest" && mkdir "$work/fewest"
	"tests/fuzz/fuzz_$1" -merge=1 -max_len=4096 "$work/fewest" "$work/corpus/$1" \
		>"$work/$1.merge.log" 2>&1
	mkdir -p "$top/tests/fuzz/corpus/$1"
	tests/fuzz/packer -p "$work/fewest" "$top/tests/fuzz/corpus/$1/pack"
}

# figure NAME LOG: the last one of the fuzzer's own.
figure() {
	sed -n "s/^stat::$1: *//p" "$2"
}

failed=0
printf '%-8s %12s %8s %8s\n' target executions per-s edges
for target in $targets; do
	log=$work/$target.log
	gather "$target"
	set -- -max_total_time="$seconds" -len_control=10 -max_len=6000 -timeout=10 -print_final_stats=1 \
		-artifact_prefix="$work/found/$target-"
	dict=$top/tests/fuzz/dict/$target.dict
	[ ! -f "$dict" ] || set -- "$@" -dict="$dict"
	if ! "tests/fuzz/fuzz_$target" "$@" "$work/corpus/$target" >"$log" 2>&1; then
		echo "$target: FAILED, see $log"
		failed=1
		continue
	fi
	printf '%-8s %12s %8s %8s\n' "$target" "$(figure number_of_executed_units "$log")" \
		"$(figure average_exec_per_sec "$log")" \
		"$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)"
	[ "${FUZZ_KEEP:-}" != yes ] || keep "$target"
done
exit "$failed"
