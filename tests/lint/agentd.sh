#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ntp-agentxd's options are those of its manual page, and its directives, with the options of a
# target, those of their page and of the example.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"
program=${NTP_AGENTXD:-${top_builddir:-build}/ntp-agentxd}
page=doc/ntp-agentxd.conf.5
example=conf/ntp-agentxd.conf.example
[ -x "$program" ] || {
	echo "ntp-agentxd is not built here"
	exit 77
}

# words FILE: the first words of the rows of its tables.
words() {
	sed -n 's/^	{ "\([A-Za-z-]*\)", \(read\|set\)_.*/\1/p' "$1" | LC_ALL=C sort
}

# Where the library's socket is said is its own directive.
directives() {
	{ words src/snmp/config.c && echo agentXSocket; } | LC_ALL=C sort
}

# entries MACRO: in the list of directives, or of options, of the page; not in the lists within.
entries() {
	sed -n "s/^\\.It $1 \\([A-Za-z-]*\\) .*/\\1/p" "$page" | LC_ALL=C sort
}

missing() {
	for word in $(directives); do
		grep -Eq "^#?$word " "$example" || echo "$example:1: no line with $word"
	done
	for word in $(words src/snmp/config_line.c); do
		grep -Eq "^#.*\\[$word |^#? *target .* $word " "$example" || echo "$example:1: no target with $word"
	done
}

{
	lint_option_page "$program" doc/ntp-agentxd.8
	lint_differ "$page" directive "$(directives)" "$(entries Ic)"
	lint_differ "$page" option "$(words src/snmp/config_line.c)" "$(entries Cm)"
	missing
} | lint_verdict
