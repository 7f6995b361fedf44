#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Builds with gcc's instrumentation, runs the tests and reports by layer what they ran, and each line
# that they did not, with the reason that tests/coverage/reasons gives, or "unknown":
# coverage.sh DIRECTORY. Environment:
#
#	COVERAGE_E2E=1     also what needs real daemons, as many minutes as make check-e2e
#	E2E_TESTS          which of these
#	COVERAGE_REPORT=1  runs nothing: reports on what was run before
set -u
work=$1
top=$(cd "${top_srcdir:-.}" && pwd)
unset MIBS MIBDIRS SNMPCONFPATH MAKEFLAGS
export LC_ALL=C
mkdir -p "$work" || exit 1
work=$(cd "$work" && pwd)
cd "$work" || exit 1

build() {
	[ -f Makefile ] || "$top/configure" -q CC="${COVERAGE_CC:-gcc}" CFLAGS='-O0 -g --coverage' || return 1
	# What an object counted says nothing about its successor.
	find . -name '*.gcda' -exec rm {} +
	make -s -j"$(nproc)" all && make -s -j"$(nproc)" check TESTS=
}

# run NAME TESTS: a failure is told, and the report comes nevertheless.
run() {
	make -s -j"$(nproc)" check TESTS="$2" >"coverage-$1.log" 2>&1 && return
	echo "$1: there are failures, see $work/coverage-$1.log"
	failed=1
}

# Programs count into files, also those that have given up root: the files are made before, by
# others, and everybody may write them.
open_counters() {
	./ntp-agentxd --version >/dev/null
	./ntp-query --version >/dev/null
	find . -name '*.gcda' -exec chmod a+rw {} +
}

measure() {
	# The variables in TESTS are make's own.
	# shellcheck disable=SC2016
	ALLOC_STEP=1 run check '$(unit_tests) $(component_tests) $(fuzz_tests)'
	[ -n "${COVERAGE_E2E:-}" ] || return
	open_counters
	run e2e "${E2E_TESTS:?which scripts}"
}

# Each object on its own, since one source may have several.
counts() {
	find . -path './src/*' -name '*.gcno' -o -name '*-*.gcno' | while IFS= read -r notes; do
		gcov -b -c -t "$notes" 2>/dev/null
	done
}

failed=0
if [ -z "${COVERAGE_REPORT:-}" ]; then
	build >coverage-build.log 2>&1 || {
		tail -n 20 coverage-build.log
		exit 1
	}
	measure
fi
counts | awk -v reasons="$top/tests/coverage/reasons" -v uncovered="$work/uncovered" \
	-f "$top/tests/coverage/report.awk" || failed=1
exit "$failed"
