# SPDX-License-Identifier: BSD-2-Clause
# Functions for tests that run ntp-query. To be sourced after lab.sh and agent.sh.
# shellcheck shell=sh

QUERY=${QUERY:-$top_builddir/ntp-query}
out=
err=

# ask ARGUMENT...: its output in $out, what it said of errors in $err, its exit code in $code.
ask() {
	code=0
	out=$("$QUERY" "$@" 2>"$LAB_DIR/query.err" </dev/null) || code=$?
	err=$(cat "$LAB_DIR/query.err")
}

# says WHAT PATTERN: a line of the output, by an extended regular expression.
says() {
	if printf '%s\n' "$out" | grep -Eq -e "$2"; then
		ok "$1"
	else
		not_ok "$1: no line '$2' in: $out ($err)"
	fi
}

# mute WHAT PATTERN: no such line.
mute() {
	if printf '%s\n' "$out" | grep -Eq -e "$2"; then
		not_ok "$1: '$2' in: $out"
	else
		ok "$1"
	fi
}

# ends WHAT CODE ERROR: exit code, and a line of the errors.
ends() {
	is "$1: exit code" "$code" "$2"
	# shellcheck disable=SC2016 # the inner shell's own arguments
	true_that "$1: what it says ($err)" sh -c 'printf "%s\n" "$1" | grep -Eq -e "$2"' - "$err" "$3"
}
