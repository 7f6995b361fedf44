#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The MIB modules are clean at smilint's strictest level, those from templates with an enterprise
# of any depth. RFC 5907's module has two properties that only another text of the RFC could
# change. And what a module defines is what tests/mibs/reference says, fact by fact: there, the
# definitions of the published module, made by "smidump -f xml -k FILE" and definitions.awk.
# Notifications of our own say in comments what snmpttconvertmib makes rules of, about objects
# that they have; and programs that show one line of a description get a sentence. An object with a
# unit in its name has a clause that says the same.
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

# A %s of the summary is the next argument: the number of an object, from 0 on.
check_tags() {
	awk -v file="$1" '
		function complain(what) { print file ":" start ": " name " " what }
		/^[a-z][A-Za-z0-9-]* NOTIFICATION-TYPE/ {
			name = $1
			start = FNR
			objects = ""
			split("", tags)
			is_first = sentence = 0
		}
		!name { next }
		/OBJECTS/, /}/ { objects = objects $0 }
		is_first {
			sentence = /^ *"[A-Z][^.]*\."?$/
			is_first = 0
		}
		/DESCRIPTION/ { is_first = 1 }
		match($0, /--#[A-Z]+/) {
			tags[substr($0, RSTART + 3, RLENGTH - 3)] = substr($0, RSTART + RLENGTH)
		}
		/::=/ {
			n_objects = gsub(/[A-Za-z0-9-]+/, "&", objects) - 1
			n = split(tags["ARGUMENTS"], arguments, /[{}, ]+/)
			n_arguments = 0
			for (i = 1; i <= n; i++) {
				if (arguments[i] == "") continue
				n_arguments++
				if (arguments[i] !~ /^[0-9]+$/ || arguments[i] + 0 >= n_objects)
					complain("has no object " arguments[i])
			}
			if (tags["TYPE"] !~ /^ "[^"]+"$/) complain("has no --#TYPE")
			if (tags["SUMMARY"] !~ /^ "[^"]+"$/) complain("has no --#SUMMARY")
			if (gsub(/%s/, "&", tags["SUMMARY"]) != n_arguments)
				complain("has another number of --#ARGUMENTS than of %s")
			if (tags["SEVERITY"] !~ /^ (NORMAL|INFORMATIONAL|MINOR|MAJOR|CRITICAL)$/)
				complain("has no --#SEVERITY")
			if (tags["STATE"] !~ /^ (OPERATIONAL|DEGRADED|NONOPERATIONAL)$/)
				complain("has no --#STATE")
			if (!sentence) complain("has no sentence in the first line of its text")
			name = ""
		}' "$1"
}

check_units() {
	awk -v file="$1" '
		BEGIN {
			n = split("Us microseconds Ms milliseconds Ns nanoseconds Seconds seconds Days days Ppb 10^-9 Kb kilobytes", pair, " ")
			for (i = 1; i < n; i += 2) unit[pair[i]] = "\"" pair[i + 1] "\""
		}
		/^[a-z][A-Za-z0-9-]* OBJECT-TYPE/ {
			start = FNR
			ending = match($1, /[A-Z][a-z]*$/) ? substr($1, RSTART) : ""
			wanted = ending in unit ? unit[ending] : ""
			name = $1
			units = ""
		}
		$1 == "UNITS" { units = $2 }
		$1 == "MAX-ACCESS" && wanted != "" && units != wanted {
			print file ":" start ": " name " has no UNITS " wanted
		}' "$1"
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
for module in mibs/*.txt.in mibs/NTPv4-MIB.txt; do
	[ -f "$module" ] || continue
	check_tags "$module"
	check_units "$module"
done >>"$made/out"
lint_verdict <"$made/out"
