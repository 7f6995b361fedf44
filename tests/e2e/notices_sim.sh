#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Notifications of NTP-AGENTX-MIB about simulated daemons: at once where the daemon pushes, and
# those that no real daemon gives when a test wants them.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"
. "$srcdir/tests/e2e/traps.sh"
. "$srcdir/tests/e2e/notices.sh"

QUIET_S=2 # two polls

lab_dir
lab_tools snmpd snmptrapd
sims_start

# named NAME ID ADDRESS: gives an association an address.
named() {
	says "$1" "set $2 srcadr $3" "unset $2 srchost"
}

# --- at once -----------------------------------------------------------------------------------

sim pushed 4
begins "target pushed 127.0.0.1 port $LAB_SIM_PORT interval 60 push on control-key 1" \
	"target polled 127.0.0.1 port $LAB_SIM_PORT interval 60"
has_subscribed() {
	say pushed traps
	grep -q '127\.0\.0\.1' "$LAB_DIR/pushed/said"
}
lab_wait "is_up pushed && is_up polled" 30 || lab_fail "the targets are not seen"
true_that "the agent asks to be told" lab_wait has_subscribed 20
for name in pushed polled; do
	switches "$name" "$REACH"
done
sleep 2
told "nothing is told of what was there before"

# latency_ms: from $began, in seconds, to the last line of the log, which is there.
latency_ms() {
	awk -v from="$began" -v to="$(stat -c %.9Y "$traps_dir/traps.log")" \
		'BEGIN { printf "%.0f\n", (to - from) * 1000 }'
}

# promptly WHAT COMMAND NUMBER ID: one notification about that target, in less than a second.
promptly() {
	began=$(date +%s.%N)
	say pushed "$2"
	lab_wait "since | grep -q '1\.0=pushed;'" 10
	took=$(latency_ms)
	between "$1: within a second ($took ms)" "$took" -5 1000
	told "$1" "$(notice "$3" pushed 1 1 "$(about "$ANY" "$4")12\\.0=$ANY;")"
}

for i in 1 2 3; do
	promptly "association $i becomes unreachable" "reach off $i 1" 2 "$((FIRST + i))"
done
notify_set "$dir" 1 polled x "$NONE"
for i in 1 2 3; do
	promptly "association $i is reachable again" "reach on $i 1" 3 "$((FIRST + i))"
done

# Events by the hundred are hints by the hundred, and cost a few questions. What they say of the
# association is told, by turns.
asked=$(sim_requests "$LAB_DIR/pushed" readvar)
began=$(date +%s)
set --
for i in 1 2 3 4 5 6 7 8 9 10; do
	set -- "$@" "event $FIRST 3" "event $FIRST 4"
done
for i in 1 2 3 4 5 6 7 8 9 10; do
	says pushed "$@"
	sleep 0.2
done
sleep 2
lasted=$(($(date +%s) - began))
between "two hundred events: so many questions in $lasted s" \
	"$(($(sim_requests "$LAB_DIR/pushed" readvar) - asked))" 1 "$((4 * lasted + 40))"
since >"$LAB_DIR/since"
is "they are about one association" "$(grep -cv ";8\.0=$FIRST;" "$LAB_DIR/since")" 0
is "a problem, its end, and so on" "$(unpaired "$LAB_DIR/since")" ""
between "no more of them than seconds" "$(wc -l <"$LAB_DIR/since")" 1 "$((lasted + 1))"
mark
ends
say pushed traps
is "the agent that ends wants nothing more" "$(cat "$LAB_DIR/pushed/said")" ok

# --- each kind ---------------------------------------------------------------------------------

sim kinds 6
A=192.0.2.1
C=127.127.8.0 # a clock
a_id=$((FIRST + 1))
c_id=$((FIRST + 2))
old_id=$((FIRST + 3))
named kinds "$a_id" "$A"
named kinds "$c_id" "$C"
say kinds status "$a_id" f414
says kinds "setclock $c_id poll 10" "setclock $c_id noreply 0" "set 0 offset 60.0" "reach off 3 1"
begins "target kinds 127.0.0.1 port $LAB_SIM_PORT interval 1"
lab_wait "is_up kinds" 30 || lab_fail "the target is not seen"
switches kinds "$PAIRS"
polled kinds 2
told "nothing is told of what was there before"

# one WHAT PATTERN COMMAND...: commands to the simulator, and what is told of them.
one() {
	one_what=$1
	one_pattern=$2
	shift 2
	says kinds "$@"
	told "$one_what" "$one_pattern"
}

# none WHAT COMMAND...: two polls have seen it.
none() {
	none_what=$1
	shift
	says kinds "$@"
	polled kinds 2
	told "$none_what"
}

none "nor of its end" "reach on 3 1" "set 0 offset 0.5"
one "that it comes back is" "$(notice 2 kinds 1 1 "$(about "$ANY" "$old_id")12\\.0=$ANY;")" "reach off 3 1"
one "and that it ends" "$(notice 3 kinds 1 1 "$(about "$ANY" "$old_id")12\\.0=$ANY;")" "reach on 3 1"

one "the clock is stepped" "$(notice 10 kinds '[12]' 1)" "event 0 12"
one "the offset is outside" "$(notice 11 kinds 1 1 '23\.0=60000;24\.0=50000;')" "set 0 offset 60.0"
none "less, but not yet inside" "set 0 offset -45.0"
one "the offset is inside" "$(notice 12 kinds 1 1 '23\.0=-30000;24\.0=40000;')" "set 0 offset -30.0"
one "it is outside on the other side" "$(notice 11 kinds 1 1 '23\.0=-60000;24\.0=50000;')" \
	"set 0 offset -60.0"
one "and inside" "$(notice 12 kinds 1 1 '23\.0=500;24\.0=40000;')" "set 0 offset 0.5"
one "a leap second is announced" "$(notice 20 kinds 1 1 '31\.0=1;')" "set 0 leap 1"
none "it is not announced any more" "set 0 leap 0"
one "another one is" "$(notice 20 kinds 1 1 '31\.0=2;')" "set 0 leap 2"
one "authentication fails" "$(notice 4 kinds 1 1 "$(about "$A" "$a_id")18\\.0=3;")" \
	"set $a_id flash 0x10" "set $a_id badauth 3" "status $a_id d414"
one "authentication is restored" "$(notice 5 kinds 1 1 "$(about "$A" "$a_id")18\\.0=2;")" \
	"set $a_id flash 0x0" "status $a_id f414"
one "an association changes its type" \
	"$(notice 6 kinds 1 1 "$(about "$A" "$a_id")16\\.0=2;17\\.0=3;")" "set $a_id hmode 1"
one "and back" "$(notice 6 kinds 1 1 "$(about "$A" "$a_id")16\\.0=3;17\\.0=2;")" "set $a_id hmode 3"

# Between two polls: the event that is left in the status word tells.
none "an event of another kind, and no leap second any more" "status $a_id f41a" "set 0 leap 0"
says kinds "event $a_id 3" "event $a_id 4"
told "it was unreachable between two polls" \
	"$(notice 2 kinds 2 '[1-9]' "$(about "$A" "$a_id")12\\.0=[0-9]*;")" \
	"$(notice 3 kinds '[12]' '[1-9]' "$(about "$A" "$a_id")12\\.0=[0-9]*;")"
is "unreachable first" "$(numbers)" "2 3"

# A clock is read when its association tells of an event of it; by its counters it has a fault
# when half of its polls or more came to nothing.
clock() {
	notice "$1" kinds 1 1 "$(about "$ANY" "$c_id")29\\.0=[0-9];30\\.0=[0-9];"
}
none "some polls of a clock come to nothing" "setclock $c_id noreply 100" "setclock $c_id poll 1000" \
	"event $c_id 11"
says kinds "setclock $c_id noreply 1000" "setclock $c_id poll 2000" "event $c_id 11"
# Its polls go on by themselves, and the next one is no failure.
lab_wait "since | grep -q '^18 '" 20
says kinds "setclock $c_id poll 3000" "event $c_id 11"
told "a clock has a fault, and has none any more" "$(clock 18)" "$(clock 19)"
is "a fault, and its end" "$(numbers)" "18 19"

one "the daemon is restarted" "$(notice 17 kinds 1 1)" restart
one "it says nothing" "$(notice 15 kinds 1 1 '27\.0=2;28\.0=4;')" "silence on"
says kinds "reach off 2 1" "reach on 2 1"
told "what else happens meanwhile is not seen"
say kinds silence off
told "it answers, and has counted that" "$(notice 16 kinds 1 1 '27\.0=4;28\.0=2;')" \
	"$(notice 2 kinds 2 '[1-9]' "$(about "$ANY" "$ANY")12\\.0=[0-9]*;")" \
	"$(notice 3 kinds '[12]' '[1-9]' "$(about "$ANY" "$ANY")12\\.0=[0-9]*;")"
is "in this order" "$(numbers)" "16 2 3"
is "each was counted" "$(notify_get "$dir" 7 kinds)" "$(arrived v2c | grep -c '1\.0=kinds;')"

# A target that is not configured any more ends its problems; the others are not touched.
one "a problem" "$(notice 2 kinds 1 1 "$(about "$ANY" "$ANY")12\\.0=$ANY;")" "reach off 3 1"
sed -i 's/^target kinds /target other /' "$dir/ntp-agentxd.conf"
lab_signal "$agent_pid" HUP
told "its target goes, and it with it" "$(notice 3 kinds 4 1 "$(about "$ANY" "$ANY")12\\.0=$ANY;")"
true_that "the daemon is read under its new name" lab_wait "is_up other" 20
ends
finish
