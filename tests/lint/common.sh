# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
#
# What the lints share. Each lint takes the tree to look at as its argument (default: the one it
# lies in), prints "FILE:LINE: what is wrong" relative to that tree, and ends with 1 if there was
# anything, with 77 if its tool is missing.

lint_top=${1:-$(dirname "$0")/../..}
cd "$lint_top" || exit 2

# lint_tool NAME: ends the lint when NAME is not installed; a failure where nothing may be skipped.
lint_tool() {
	command -v "$1" >/dev/null && return 0
	echo "no $1 here"
	[ "${CI:-}" = true ] && exit 1
	exit 77
}

# Directories below this one in which something was configured, whatever they are called.
lint_build_directories() {
	find . -mindepth 2 -name config.status | sed 's,/config\.status$,,' | while read -r lint_dir; do
		printf ' -o -path %s' "$lint_dir"
	done
}

# lint_files PATTERN...: files of the tree with such names, without what was built or fetched.
lint_files() {
	lint_names=
	for lint_pattern in "$@"; do
		lint_names="$lint_names${lint_names:+ -o }-name $lint_pattern"
	done
	# The patterns are words of ours and must reach find unexpanded.
	set -f
	# shellcheck disable=SC2046,SC2086
	find . \( -name .git -o -name 'build*' -o -name '_build*' -o -name tools -o \
		-name autom4te.cache -o -name 'ntp-agentx-[0-9]*' -o -name aclocal.m4 -o \
		-name 'configure' -o -name 'configure~' -o -name Makefile.in \
		$(lint_build_directories) \) -prune -o \
		-type f \( $lint_names \) -print | sed 's,^\./,,' | LC_ALL=C sort
	set +f
}

# C text on stdin with comments and the insides of literals blanked, line by line.
lint_code() {
	awk '
		{
			out = ""
			for (i = 1; i <= length($0); i++) {
				c = substr($0, i, 1)
				two = substr($0, i, 2)
				if (in_comment) {
					if (two == "*/") { in_comment = 0; i++ }
				} else if (quote != "") {
					if (c == "\\") i++
					else if (c == quote) { quote = ""; out = out c }
				} else if (two == "/*") {
					in_comment = 1; i++
				} else if (two == "//") {
					break
				} else {
					if (c == "\"" || c == "\047") quote = c
					out = out c
				}
			}
			quote = ""
			print out
		}'
}

# lint_differ FILE WHAT A B: which lines are in one of two lists only.
lint_differ() {
	printf '%s\n%s\n' "$3" "$4" | LC_ALL=C sort | uniq -u | sed "s|^|$1:1: $2 of one side only: |"
}

# What a program says in its help that it has: options, and their letters.
lint_options() {
	"$1" --help | sed -n 's/^ *\(-., \)\{0,1\}\(--[a-z0-9-]*\).*/\2/p' | LC_ALL=C sort
}

lint_letters() {
	"$1" --help | sed -n 's/^ *\(-[A-Za-z0-9]\)\(, \| [A-Z]\).*/\1/p' | LC_ALL=C sort
}

# lint_option_page PROGRAM PAGE: the list of options there is the same.
lint_option_page() {
	lint_differ "$2" option "$(lint_options "$1")" \
		"$(sed -n 's/^\.It Fl \(. , \)\{0,1\}-\([a-z0-9-]*\).*/--\2/p' "$2" | LC_ALL=C sort)"
	lint_differ "$2" option "$(lint_letters "$1")" \
		"$(sed -n 's/^\.It Fl \([A-Za-z0-9]\)\( .*\)\{0,1\}$/-\1/p' "$2" | LC_ALL=C sort)"
}

# Prints what it reads; the lint's verdict: fails when there was anything to read.
lint_verdict() {
	awk '{ print } END { exit NR > 0 }'
}
