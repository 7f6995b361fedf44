#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ntp-query, its manual page and the shells agree on options and commands, in both directions.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"
program=${NTP_QUERY:-${top_builddir:-build}/ntp-query}
page=doc/ntp-query.1
[ -x "$program" ] || {
	echo "ntp-query is not built here"
	exit 77
}
lint_tool bash

# The commands that the program says it has, with their aliases.
names() {
	"$program" -c help | awk '/^  [^ ]/ { print $1 }' | LC_ALL=C sort
}

commands() {
	"$program" -c help | awk -F '  +' '/^  [^ ]/ { print $2; if (NF == 4) print $3 }' | LC_ALL=C sort
}

# The same as the manual page has it.
page_commands() {
	sed -n 's/^\.It Ic //p' "$page" | sed 's/\\&//g' |
		awk '{ print $1; if ($2 == "|") print $3 }' | LC_ALL=C sort
}

# complete WORD...: what bash offers for the last one.
offered() {
	bash -c '. conf/completion/ntp-query
		COMP_WORDS=(ntp-query "${@:2}")
		COMP_CWORD=$(($# - 1))
		_ntp_query "$1"
		printf "%s\n" "${COMPREPLY[@]}"' - "$program" "$@" | LC_ALL=C sort
}

# offers WHAT EXPECTED WORD...
offers() {
	what=$1 expected=$2
	shift 2
	[ "$(offered "$@")" = "$expected" ] || echo "conf/completion/ntp-query:1: $what: offers $(offered "$@" | tr '\n' ' ')"
}

{
	lint_option_page "$program" "$page"
	lint_differ "$page" command "$(commands)" "$(page_commands)"
	offers "options" "$(lint_options "$program")" --
	offers "letters" "$({ lint_letters "$program" && lint_options "$program"; } | LC_ALL=C sort)" -
	offers "commands" "$(names)" -c ''
	offers "commands" "$(names)" --command = ''
	offers "a beginning" "readlist
readvar" -nc rea
	offers "a command before the hosts" watch wat
	offers "a number" "" --interval ''
	for shell in zsh fish; do
		command -v "$shell" >/dev/null || continue
		[ "$shell" = zsh ] && file=conf/completion/_ntp-query || file=conf/completion/ntp-query.fish
		"$shell" -n "$file" 2>&1 | sed "s|^|$file:1: |"
	done
} | lint_verdict
