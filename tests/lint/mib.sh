#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The MIB modules are clean at smilint's strictest level, those from templates with an enterprise
# of any depth. RFC 5907's module has two properties that only another text of the RFC could
# change. And what a module defines is what tests/mibs/reference says, fact by fact: there, the
# definitions of the published module, made by "smidump -f xml -k FILE" and definitions.awk.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"
lint_tool smilint
lint_tool smidump

made=$(mktemp -d) || exit 1
trap 'rm -rf "$made"' EXIT
SMIPATH=tests/mibs:$made:mibs
export SMIPATH

check() {
	smilint -c /dev/null -l 6 -s -m -i inetaddresstype-subtyped -i inetaddress-inetaddresstype \
		"$1" 2>&1
}

# Templates are made as configure makes them, all before the first is checked: one may import
# from another.
check_templates() {
	for template in mibs/*.txt.in; do
		[ -f "$template" ] || continue
		sed "s/@ENTERPRISE_MIB@/enterprises $1/; s/@PACKAGE_VERSION@/1.0/" "$template" \
			>"$made/$(basename "$template" .in)"
	done
	for module in "$made"/*.txt; do
		[ -f "$module" ] || continue
		check "$module" | sed "s,^$made/\(.*\)\.txt:,mibs/\1.txt.in:,"
	done
}

check_definitions() {
	wanted=tests/mibs/reference/$(basename "$1" .txt).def
	[ -f "$wanted" ] || return 0
	smidump -c /dev/null -f xml -k "./$1" 2>/dev/null |
		awk -f tests/mibs/definitions.awk | LC_ALL=C sort >"$made/facts"
	LC_ALL=C diff "$wanted" "$made/facts" |
		sed -n "s,^< ,$1:1: missing: ,p; s,^> ,$1:1: not in the published module: ,p"
}

for module in mibs/*.txt; do
	[ -f "$module" ] || continue
	check "./$module" | sed 's,^\./,,'
	check_definitions "$module"
done >"$made/out"
# For a short number and the default one.
for arcs in 'a(1)' 'a(8072) b(9999) c(9999) d(5907)'; do
	check_templates "$arcs"
done >>"$made/out"
lint_verdict <"$made/out"
