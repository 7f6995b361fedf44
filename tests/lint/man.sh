#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The manual pages are clean mdoc, and that of a module names what the module has: its tables with
# their numbers, what can be written, and its notifications.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"
lint_tool mandoc

# entries MODULE: what its page has to name, one on a line
entries() {
	awk '
		$2 == "OBJECT" && $3 == "IDENTIFIER" && $6 ~ /Objects$/ { group[$1] = $7 }
		$2 == "OBJECT-TYPE" || $2 == "NOTIFICATION-TYPE" { name = $1 }
		$2 == "NOTIFICATION-TYPE" { print name }
		$1 == "MAX-ACCESS" && $2 ~ /^read-(write|create)$/ { print name }
		$1 == "::=" && $3 in group && name ~ /Table$/ { print name " Pq " group[$3] "." $4 }
	' "$1"
}

pages_of_modules() {
	for module in mibs/*.in; do
		page=doc/$(basename "$module" .txt.in).7
		[ -f "$page" ] || continue
		entries "$module" | while IFS= read -r entry; do
			grep '^\.It Va' "$page" | grep -qE "(^| )$entry( |\$)" ||
				printf '%s:1: does not name %s of the module\n' "$page" "$entry"
		done
	done
}

{
	pages_of_modules
	lint_files '*.[1-8]' | grep '^doc/' | while IFS= read -r page; do
		# Pages of other packages need not be installed here.
		mandoc -Tlint -Wstyle "$page" 2>&1 | grep -vE 'referenced manual not found|outdated mandoc.db' |
			sed 's/^mandoc: //'
	done
} | lint_verdict
