#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ntp-query on a terminal: a prompt, lines that are edited, the tab key, the line before, and
# interrupts that end a line or a request, but not the program.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/query.sh"

lab_dir
command -v script >/dev/null || lab_skip "no script(1) here"
lab_sim_start "$LAB_DIR/sim" --dialect ntporg --associations 3 --seed 1 --frozen \
	--control "$LAB_DIR/sim/control"
host=127.0.0.1:$LAB_SIM_PORT

keys() {
	# shellcheck disable=SC2059 # the keys are escapes
	printf "$1"
	sleep 0.5
}

out=$(printf 'rv 0 leap\nquit\n' | TERM=dumb script -qec "$QUERY $host" /dev/null | tr -d '\r')
says "a prompt" '^ntp-query> '
says "an answer" '^leap=[01][01] leap_'

out=$({ sleep 1; keys 'readv\t0 stratum\r'; keys '\020\r'; keys 'showvars\r'; keys 'qui\t\r'; } |
	TERM=dumb script -qec "$QUERY $host" /dev/null | tr -d '\r')
if "$QUERY" --version >/dev/null && ldd "$QUERY" | grep -q libedit; then
	is "the tab key completes, and the line before comes back" \
		"$(printf '%s\n' "$out" | grep -c '^stratum=')" 2
fi

"$SIMSAY" "$LAB_DIR/sim/control" "silence on" >/dev/null
begun=$(lab_now)
out=$({ sleep 1; keys 'rv\r'; sleep 1; keys '\003'; keys 'abc\003'; keys 'host\r'; keys 'quit\r'; } |
	TERM=dumb script -qec "$QUERY $host" /dev/null | tr -d '\r')
took=$(($(lab_now) - begun))
says "an interrupt ends a request" 'interrupted'
says "and not the program" "current host is $host"
mute "nor does one that ends a line leave it behind" 'no such command'
between "at once" "$took" 1 9
finish
