#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The budgets, as the scripts before this one found them.
set -u

for result in "$top_builddir"/bench/budget_*.json; do
	[ -e "$result" ] || continue
	sed 's/.*"what": "\([^"]*\)".*"value": \([^,]*\), "at_\([a-z]*\)": \([^,]*\),.*"met": \([a-z]*\).*/\5|\2|at \3 \4|\1/' "$result"
done | awk -F'|' '
	BEGIN { print "budgets:" }
	{ printf "  %-7s %12s  %-16s %s\n", $1 == "true" ? "met" : "NOT MET", $2, $3, $4 }'
