#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Two daemons, one of each dialect, behind relays that lose, double, reorder, delay, change and
# forge datagrams; daemons that answer with a thousand fragments, and whose associations come
# and go. Whatever is served is right, nobody else waits for it, and two intervals after the
# end of a fault all is back, but for text that was changed on the way. FAULT_SEED repeats a run.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/golden.sh"
. "$srcdir/tests/e2e/faults.sh"
RELAY=${RELAY:-$top_builddir/tests/e2e/relay}

RECORDINGS="ntpd-4.2.8p15-client ntpsec-1.2.2-client"
INTERVAL=4
FAULT_S=12
# What was sent last may be under way for two seconds yet, and a walk takes its time.
BACK_MS=$((2 * INTERVAL * 1000 + 3000))
# Who the daemon is and what its clocks are called is read in every twentieth cycle.
RARE_MS=$((BACK_MS + 20 * INTERVAL * 1000))
FLAPS=200
MEMORY_KB=2048 # that a thousand fragments may leave behind

lab_dir
lab_tools snmpd
port=$(lab_free_udp_port)
lab_snmpd_start "$LAB_DIR/a" "$port" "rocommunity c2 127.0.0.1 -V all t2"
n=0
for recording in $RECORDINGS; do
	n=$((n + 1))
	lab_sim_start "$LAB_DIR/sim$n" \
		--dialect "$(echo "$recording" | sed 's/ntpd-.*/ntporg/; s/ntpsec-.*/ntpsec/')" \
		--recording "$srcdir/tests/recordings/$recording.txt" --frozen \
		--control "$LAB_DIR/sim$n/control"
	: >"$LAB_DIR/relay$n.set"
	lab_spawn "$LAB_DIR/relay$n.out" "$RELAY" "$LAB_SIM_PORT" "$((FAULT_SEED + n))" "$LAB_DIR/relay$n.set"
	echo "$LAB_PID" >"$LAB_DIR/relay$n.pid"
	lab_wait "grep -q ^listening $LAB_DIR/relay$n.out" 10 || lab_fail "the relay did not start"
	echo "target t$n 127.0.0.1 port $(sed -n 's/^listening //p' "$LAB_DIR/relay$n.out") interval $INTERVAL"
done >"$LAB_DIR/a/ntp-agentxd.conf"
agent_start "$LAB_DIR/a"

# recording N
recording() {
	echo "$RECORDINGS" | cut -d' ' -f"$1"
}

both_golden() {
	all_golden 1 "$(recording 1)" && all_golden 2 "$(recording 2)"
}

# allow FILE: takes out what is no lie just now
#
# A clock is called by its address until its own variables were read.
unread='^3\.1\.1\.2\.[0-9]*\|127\.127\.1\.[0-9]$'
allowed=$unread
allow() {
	grep -Ev "$allowed" "$1" >"$1.rest"
	mv "$1.rest" "$1"
}

# look: counts what is served, and what of it is wrong
look() {
	for look_n in 1 2; do
		golden "$(recording "$look_n")" >"$LAB_DIR/golden"
		walked "$look_n" >"$LAB_DIR/walked"
		looked=$((looked + $(wc -l <"$LAB_DIR/walked")))
		no_lies || allow "$LAB_DIR/lies"
		[ -s "$LAB_DIR/lies" ] || continue
		wrong=$((wrong + $(wc -l <"$LAB_DIR/lies")))
		lied="$lied $(tr '\n' ' ' <"$LAB_DIR/lies")"
	done
}

# look_for SECONDS
look_for() {
	look_began=$(now_ms)
	while [ $(($(now_ms) - look_began)) -lt $(($1 * 1000)) ]; do
		look
		sleep 0.4
	done
}

# relays SETTINGS
relays() {
	echo "$1" >"$LAB_DIR/relay1.set"
	echo "$1" >"$LAB_DIR/relay2.set"
}

# injected: what both did since the last time, without what they did not
injected() {
	for injected_n in 1 2; do
		: >"$LAB_DIR/relay$injected_n.out"
		lab_signal "$(cat "$LAB_DIR/relay$injected_n.pid")" USR1
		lab_wait "grep -q ' end$' $LAB_DIR/relay$injected_n.out" 5
	done
	# A file that was emptied under its writer has a hole at its beginning.
	cat "$LAB_DIR/relay1.out" "$LAB_DIR/relay2.out" | tr -d '\000' | tr ' ' '\n' |
		awk -F= 'NF == 2 && $1 != "passed" { n[$1] += $2 }
			END { for (w in n) if (n[w]) print n[w] " " w }' | sort -k2 | tr '\n' ' ' | sed 's/ $//'
}

# over NAME INJECTED [MS]: the fault has ended: everything comes back, and the account
over() {
	over_ms=${3:-$BACK_MS}
	back_ms=$(back_after both_golden "$over_ms")
	account "$1" "$2" "$looked" "$wrong" "$back_ms"
	between "$1: something is served meanwhile" "$looked" 1 1000000
	is "$1: nothing wrong is" "$lied" ""
	between "$1: all is back in $over_ms ms" "$back_ms" 0 "$over_ms"
	[ "$back_ms" -ge 0 ] || sed 's/^/# missing: /' "$LAB_DIR/missing" | head -n 5
	looked=0 wrong=0 lied=
}

looked=0 wrong=0 lied=
true_that "all is served before the first fault" lab_wait both_golden 20
elsewhere_start
injected >/dev/null

# --- on the way --------------------------------------------------------------------------------

for fault in duplicate=30 reorder=50 corrupt=20 delay=2000 forge=100 loss=30 \
	"loss=15 duplicate=20 reorder=20 corrupt=10 delay=300 forge=30"; do
	relays "$fault"
	look_for "$FAULT_S"
	relays ""
	did=$(injected)
	is "$fault: each kind was injected" \
		"$(echo "$fault" | tr ' ' '\n' | sed 's/=.*//' | sort)" \
		"$(echo "$did" | tr ' ' '\n' | grep '[a-z]' | sort)"
	over "$fault" "$did"
done

# Nobody can see that the text of an unsigned answer was changed: only that it does no harm, and is
# over when it was read once more.
relays scramble=30
look_for "$FAULT_S"
relays ""
did=$(injected)
wrong="cannot be known" lied=
over scramble=30 "$did" "$RARE_MS"

# --- the daemon itself -------------------------------------------------------------------------

resident() {
	awk '/^VmRSS/ { print $2 }' "/proc/$agent_pid/status"
}

# say COMMAND: to both simulators
say() {
	for say_n in 1 2; do
		"$SIMSAY" "$LAB_DIR/sim$say_n/control" "$@" >>"$LAB_DIR/control.log" ||
			lab_fail "ntpsim refused: $*"
	done
}

before_kb=$(resident)
fragments_before=$(sim_requests "$LAB_DIR/sim1" readvar)
say "fault oversize,seed=$FAULT_SEED"
look_for "$FAULT_S"
say "fault off"
did="$(($(sim_requests "$LAB_DIR/sim1" readvar) - fragments_before)) answers of each"
after_kb=$(resident)
echo "# memory before and after a thousand fragments: $before_kb and $after_kb kB"
between "a thousand fragments leave no memory behind" "$((after_kb - before_kb))" -100000 "$MEMORY_KB"
over "answers of 1,000 fragments" "$did"

# Associations that come and go between the list and what is read of them: whatever is seen of
# one of them is its own.
allowed='^(3\.1\.1\.2\.[0-9]*\|127\.127\.1\.[0-9]$|2\.6\.0\||3\.1\.1\.([1-68-9]|1[0-9])\.40[0-9]*\||3\.1\.1\.7\.40[0-9]*\|3$)'
flap=0
while [ "$flap" -lt "$FLAPS" ]; do
	flap=$((flap + 1))
	say "add $((40000 + flap)) 9614 srcadr=127.0.0.9 stratum=3"
	sleep 0.05
	[ $((flap % 10)) -ne 0 ] || look
	say "remove $((40000 + flap))"
done
over "associations that come and go" "$((2 * FLAPS)) associations"
allowed=$unread
none_left() {
	look
	[ "$wrong" -eq 0 ] || {
		wrong=0 lied=
		return 1
	}
}
true_that "none of them is left" lab_wait none_left "$((2 * INTERVAL + 3))"

# --- in the end --------------------------------------------------------------------------------

elsewhere_end
agent_stop
is "it ends well" "$agent_code" 0
finish
