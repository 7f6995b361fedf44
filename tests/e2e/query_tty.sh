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
"$SIMSAY" "$LAB_DIR/sim/control" "silence off" >/dev/null

# watch, in place: what does not fit, what changes, another size, no answer, and the way back.
esc=$(printf '\033')
out=$({
	sleep 1
	keys 'timeout 300\r'
	keys 'watch 1\r'
	sleep 1.5
	"$SIMSAY" "$LAB_DIR/sim/control" "set 20001 stratum 7" >/dev/null
	sleep 2.5
	"$SIMSAY" "$LAB_DIR/sim/control" "silence on" >/dev/null
	sleep 2.5
	"$SIMSAY" "$LAB_DIR/sim/control" "silence off" >/dev/null
	keys '\003'
	keys 'host\r'
	keys 'quit\r'
} | TERM=xterm script -qec "stty rows 6 cols 70; exec $QUERY -n $host" /dev/null | tr -d '\r')
says "watch: it begins with an empty screen" "$esc\\[2J20[^ ]* $host:$esc\\[K\$"
says "watch: a line about the system" "^stratum 2, leap_none, system peer 198\.18\.0\.1, offset [0-9.-]+ ms$esc\\[K\$"
says "watch: what does not fit is said" "^2 more$esc\\[K\$"
says "watch: it is drawn in place" "$esc\\[\\?7h$esc\\[\\?7l$esc\\[H20[^ ]* $host:"
says "watch: what changed stands out" "^.198\.18\.0\.1 .* $esc\\[7m7$esc\\[m u "
says "watch: no answer" "$esc\\[7m20[^ ]* $host: no answer since 20[^$esc]*$esc\\[m"
says "watch: an interrupt leads back to the prompt" "current host is $host"
is "watch: no line is wider than the screen" "$(printf '%s\n' "$out" | sed "s/$esc\\[[?0-9;]*[A-Za-z]//g" |
	sed -n '/^stratum/,/\^C/p' | grep -Ec '^.{71,}$')" 0

out=$({
	sleep 1
	keys 'watch 60\r'
	sleep 1
	# The terminal of the program that script(1) runs.
	stty -F "/dev/$(ps -o tty= -p "$(cat "$LAB_DIR/pid")")" rows 20 cols 120
	sleep 1.5
	keys '\003'
	keys 'quit\r'
} | TERM=xterm script -qec "stty rows 5 cols 60; echo \$\$ >$LAB_DIR/pid; exec $QUERY -n $host" /dev/null | tr -d '\r')
# stty sets rows and columns one after the other.
between "watch: drawn anew when the size changes" "$(printf '%s\n' "$out" | grep -c "$esc\\[2J")" 2 3
says "watch: and now all fits" '^.198\.18\.0\.3 '

# No shell beside it on that terminal, which the interrupt would end too.
out=$({ sleep 3; keys '\003'; } | {
	TERM=xterm script -qec "exec $QUERY -n watch --interval 1 $host" /dev/null
	echo "code $?"
} | tr -d '\r')
says "watch: as the whole command, an interrupt ends it well" '^code 0$'
out=$(TERM=dumb script -qec "$QUERY -n watch --interval 1 --count 2 $host" /dev/null </dev/null | tr -d '\r')
mute "watch: no control sequences on a dumb terminal" "$esc"
says "watch: but the billboard" '^ .198\.18\.0\.1 '
finish
