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
SMIPATH=tests/mibs:mibs
export SMIPATH

check() {
	smilint -c /dev/null -l 6 -s -m -i inetaddresstype-subtyped -i inetaddress-inetaddresstype \
		"$1" 2>&1
}

# A template is made as configure makes it, for a short number and the default one.
check_template() {
	for arcs in 'a(1)' 'a(8072) b(9999) c(9999) d(5907)'; do
		sed "s/@ENTERPRISE_MIB@/enterprises $arcs/; s/@PACKAGE_VERSION@/1.0/" "$1" \
			>"$made/$(basename "$1" .in)"
		check "$made/$(basename "$1" .in)" | sed "s,^$made/\(.*\)\.txt:,mibs/\1.txt.in:,"
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
for template in mibs/*.txt.in; do
	[ -f "$template" ] || continue
	check_template "$template"
done >>"$made/out"
lint_verdict <"$made/out"
