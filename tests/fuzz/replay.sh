#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Gives every fuzz target the inputs that are kept for it: what once broke something must not
# again, and all that a fuzzer found its way to is run in every build.
set -u
srcdir=${srcdir:-.}
top_builddir=${top_builddir:-.}
failed=0
n=0
for program in "$top_builddir"/tests/fuzz/fuzz_*; do
	case $program in *.o | *.trs | *.log | *.gcno | *.gcda) continue ;; esac
	name=${program##*/fuzz_}
	n=$((n + 1))
	if said=$("$program" "$srcdir/tests/fuzz/corpus/$name" 2>&1); then
		echo "$name: $said"
	else
		echo "$name: FAILED"
		echo "$said" | tail -n 40
		failed=1
	fi
done
[ "$n" -gt 0 ] || failed=1
exit "$failed"
