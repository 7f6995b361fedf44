#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What befalls a real NTPsec ntpd and its servers, as notifications of NTP-AGENTX-MIB at a real
# snmptrapd: each problem and its end once, in order, with the right values and times, also when
# the daemon, the network or snmpd was away meanwhile.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"
. "$srcdir/tests/e2e/traps.sh"
. "$srcdir/tests/e2e/notices.sh"

S1=198.18.1.1 # preferred, so that it is the system peer whenever it can be
S2=198.18.2.1
F=198.18.3.1 # a server of ours, signed, whose time can be shifted
PATIENCE_S=60
# ntpd asks every two seconds at the least, counts a server as gone after eight of them, and
# selects anew every six.
GONE_S=30
BACK_S=30

lab_dir
lab_tools snmpd snmptrapd ntpd ntpq
lab_is_root || lab_skip "needs root for network namespaces"
lab_need_ns s1 s2 f n
lab_ns_join s1 "$S1/24" n 198.18.1.2/24
lab_ns_join s2 "$S2/24" n 198.18.2.2/24
lab_ns_join f "$F/24" n 198.18.3.2/24
lab_ns_host n
dir=$LAB_DIR/a
trap_port=$(lab_free_udp_port)
printf '1 MD5 lab-secret\n' >"$LAB_DIR/keys"

# --- daemons -----------------------------------------------------------------------------------

start_server() {
	case $1 in
	s1) lab_ntpd_start s1 "$LAB_DIR/s1" "refclock local stratum 3 minpoll 0 maxpoll 0" ;;
	s2) lab_ntpd_start s2 "$LAB_DIR/s2" "refclock local stratum 5 minpoll 0 maxpoll 0" ;;
	esac
}

stop_server() {
	lab_ntpd_stop "$LAB_DIR/$1" KILL
}

start_client() {
	lab_ntpd_start n "$LAB_DIR/n" "keys $LAB_DIR/keys" "trustedkey 1" "controlkey 1" \
		"server $S1 prefer minpoll 0 maxpoll 0" "server $S2 minpoll 0 maxpoll 0" \
		"server $F key 1 minpoll 0 maxpoll 0"
}

# configure TEXT: ntpq asks for the password.
configure() {
	echo lab-secret | lab_ntpq n -c "keytype MD5" -c "keyid 1" -c ":config $1" \
		>"$LAB_DIR/config.out" 2>&1
	grep -q "Config Succeeded" "$LAB_DIR/config.out" ||
		lab_fail "ntpq: $(cat "$LAB_DIR/config.out")"
}

# id ADDRESS: the association's number, by ntpq.
id() {
	id_row=$(lab_ntpq n -pn | awk -v a="$1" '/^ *=/ { on = 1; next } on { n++; if (index($0, a) == 2) print n }')
	lab_ntpq n -c as | awk -v row="$id_row" '$1 == row { print $2 }'
}

# reach ADDRESS: its register, as ntpq shows it.
reach() {
	lab_ntpq n -pn | awk -v a="$1" 'index($0, a) == 2 { print $7 }'
}

# gone ADDRESS: waits until it is unreachable, and for the agent to see that.
gone() {
	lab_wait "[ \"\$(reach $1)\" = 0 ]" "$GONE_S" || lab_fail "$1 is still reachable"
	sleep 3
}

# selected ADDRESS SIGN: * system peer, + candidate, x falseticker. The three in this order are
# the settled state.
selected() {
	lab_ntpq n -pn 2>/dev/null | grep -q "^[$2]$1 "
}

is_settled() {
	selected "$S1" '*' && selected "$S2" + && selected "$F" +
}

# settled: the client has three servers, and the agent has had time to see it.
settled() {
	lab_wait is_settled 60 || lab_fail "the client does not settle: $(lab_ntpq n -pn)"
	sleep 3
	s1_id=$(id "$S1")
	s2_id=$(id "$S2")
	f_id=$(id "$F")
}

# switches BITS: what is told from now on, and one second of hold.
switches() {
	notify_set "$dir" 1 real x "$1"
	notify_set "$dir" 5 real u 1
}

is_up() {
	[ "$(lab_snmp "$dir" get -Oqv "$(target_state real)")" = 2 ]
}

# unreachable ADDRESS ID, reachable ADDRESS ID: patterns. The register is that of the moment it
# was seen, one poll after the change or two.
unreachable() {
	notice 2 real 1 1 "$(about "$1" "$2")12\\.0=0;"
}

reachable() {
	notice 3 real 1 1 "$(about "$1" "$2")12\\.0=[13];"
}

# system_peer ADDRESS ID FORMER-ADDRESS FORMER-ID: patterns.
system_peer() {
	notice 9 real 1 1 "$(about "$1" "$2")21\\.0=$3;22\\.0=$4;"
}

start_server s1
start_server s2
lab_falsetime_start f "$F" 8 "$LAB_DIR/keys"
lab_falsetime f 0 0 right
traps_start "$LAB_DIR/t" "$trap_port"
start_client
settled
lab_snmpd_start "$dir" "$(lab_free_udp_port)" "trap2sink 127.0.0.1:$trap_port public"
agent_start "$dir" "target real $LAB_NS_ADDR interval 1" "reconnectInterval 1"
lab_wait is_up 30 || lab_fail "the agent does not see the client"
is "all is on" "$(notify_get "$dir" 1 real)" '"FF F8 "'
is "the default of the hold" "$(notify_get "$dir" 5 real)" 60
switches "$PAIRS"
told "nothing is told of what was there before"

notify_set "$dir" 6 real i 2
told "a manager wants to be told" "$(notice 21 real 5 1)"
is "it is no state" "$(notify_get "$dir" 6 real)" 1

# --- servers -----------------------------------------------------------------------------------

notify_set "$dir" 4 real u 3
t0=$(date +%s)
stop_server s1
told "the system peer stops" "$(unreachable "$S1" "$s1_id")" \
	"$(system_peer "$S2" "$s2_id" "$S1" "$s1_id")" "$(notice 13 real 1 1 '25\.0=2;26\.0=3;')"
happened "it is told when it was" 2 "$s1_id" "$((t0 + 12))" "$((t0 + GONE_S))"
true_that "in words" grep -q "^2 .*;3\.0=[^;]*$S1 ($s1_id) is unreachable (reach 0);" "$LAB_DIR/since"
t0=$(date +%s)
start_server s1
settled
told "it comes back" "$(reachable "$S1" "$s1_id")" \
	"$(system_peer "$S1" "$s1_id" "$S2" "$s2_id")" "$(notice 14 real 1 1 '25\.0=3;26\.0=3;')"
happened "it is told when it was" 3 "$s1_id" "$t0" "$((t0 + BACK_S))"
is "reachable, then in use" "$(numbers | tr ' ' '\n' | grep -v 14 | tr '\n' ' ')" "3 9 "
notify_set "$dir" 4 real u 1

# --- the network, and keys ---------------------------------------------------------------------

# A server that does not know the key says nothing at all when it is NTPsec's ntpd; ntp.org's
# says that it was wrong. So ours does.
t0=$(date +%s)
lab_cable_remove s2 n
lab_falsetime f 0 0 nak
told "the cable of a server is taken away, another one has another secret" \
	"$(unreachable "$S2" "$s2_id")" \
	"$(notice 4 real 1 1 "$(about "$F" "$f_id")18\\.0=3;")" "$(unreachable "$F" "$f_id")"
happened "it is told when it was" 2 "$s2_id" "$((t0 + 12))" "$((t0 + GONE_S))"
happened "so is the wrong secret" 4 "$f_id" "$t0" "$((t0 + 6))"
is "the reason first" "$(numbers_of "$f_id")" "4 2"
lab_ns_join s2 "$S2/24" n 198.18.2.2/24
lab_falsetime f 0 0 right
settled
told "there is another cable, and the right secret" "$(reachable "$S2" "$s2_id")" \
	"$(notice 5 real 1 1 "$(about "$F" "$f_id")18\\.0=2;")" "$(reachable "$F" "$f_id")"

# Two of three can still be the system peer for a second, so that is switched off.
switches 7BF8
for server in s1 s2 f; do
	lab_cable_cut n "$server"
done
told "the whole network is cut" "$(unreachable "$S1" "$s1_id")" "$(unreachable "$S2" "$s2_id")" \
	"$(unreachable "$F" "$f_id")" "$(notice 7 real 1 1 '19\.0=6;20\.0=2;')" \
	"$(notice 13 real 1 1 '25\.0=0;26\.0=1;')"
for server in s1 s2 f; do
	lab_cable_mend n "$server"
done
settled
told "the network is back" "$(reachable "$S1" "$s1_id")" "$(reachable "$S2" "$s2_id")" \
	"$(reachable "$F" "$f_id")" "$(notice 8 real 1 1 '19\.0=2;20\.0=6;')" \
	"$(notice 14 real 1 1 '25\.0=[123];26\.0=1;')"
switches "$PAIRS"

# --- time --------------------------------------------------------------------------------------

# A reference clock that nobody selects, so that the rest stays as it is.
shmclock=$(lab_program shmclock) || lab_fail "shmclock is not built"
lab_spawn "$LAB_DIR/shmclock.log" "$shmclock"
clock_pid=$LAB_PID
lab_wait "grep -q '^ready' $LAB_DIR/shmclock.log" 10 || lab_fail "shmclock did not start"
unit=$(sed -n 's/^ready //p' "$LAB_DIR/shmclock.log")
CLOCK="SHM($unit)"
configure "refclock shm unit $unit minpoll 0 maxpoll 0 noselect"
lab_wait "reach '$CLOCK' | grep -qxE '(1|3|7|17|37)7'" 30 || lab_fail "$CLOCK is not reachable: $(lab_ntpq n -pn)"
clock_id=$(id "$CLOCK")
# clock NUMBER OLD NEW: exceptions, 0 none, 1 no answer.
clock() {
	notice "$1" real 1 1 "6\\.0=$ANY;7\\.0=127\\.127\\.28\\.$unit;8\\.0=$clock_id;29\\.0=$2;30\\.0=$3;"
}
lab_signal "$clock_pid" STOP
# It goes on before it counts as unreachable.
lab_wait "since | grep -q '^18 '" 14
lab_signal "$clock_pid" CONT
told "a clock says nothing, and goes on" "$(clock 18 0 1)" "$(clock 19 1 0)"
is "a fault, and its end" "$(numbers)" "18 19"
configure "unpeer $clock_id"
lab_end "$clock_pid"
told "it is removed, well"

# peer_changed ADDRESS ID OLD NEW: with full registers, or, between a question and its answer, nearly so.
peer_changed() {
	notice 1 real 1 1 "$(about "$1" "$2")9\\.0=$3;10\\.0=$4;11\\.0=25[45];12\\.0=25[45];13\\.0=0;14\\.0=0;15\\.0=-?[0-9]*;"
}

registers_are_full() {
	[ "$(reach "$S1")$(reach "$S2")$(reach "$F")" = 377377377 ]
}
lab_wait registers_are_full 30 || lab_fail "registers are not full"
sleep 2
switches "$ALL"
lab_falsetime f 500 0 right
told "a server's time is shifted" "$(peer_changed "$F" "$f_id" 4 1)"
true_that "in words" grep -q "^1 .*;3\.0=[^;]*$F ($f_id) changed from candidate to falseticker[^;]*;" "$LAB_DIR/since"
true_that "ntpq says so too" selected "$F" x
lab_falsetime f 0 0 right
told "it is right again" "$(peer_changed "$F" "$f_id" 1 4)"
settled
switches "$PAIRS"

# --- the daemon itself -------------------------------------------------------------------------

stop_server s2
told "a server stops" "$(unreachable "$S2" "$s2_id")"
t0=$(date +%s)
lab_ntpd_stop "$LAB_DIR/n"
told "the daemon stops meanwhile" "$(notice 15 real 1 1 '27\.0=2;28\.0=[34];')"
happened "it is told when it was" 15 "" "$t0" "$((t0 + 6))"
t0=$(date +%s)
start_client
lab_wait "selected $S1 '*'" 60 || lab_fail "the client does not come back"
told "it starts" "$(notice 16 real 1 1 '27\.0=[34];28\.0=2;')" "$(notice 17 real 1 1)"
happened "it is told when it was" 17 "" "$t0" "$((t0 + 6))"
start_server s2
settled
told "the server of before is there again" "$(reachable "$S2" "$s2_id")"

# --- snmpd -------------------------------------------------------------------------------------

t0=$(date +%s)
stop_server s2
lab_falsetime f 0 0 mute
sleep 2
lab_snmpd_stop "$dir"
gone "$S2"
gone "$F"
t1=$(date +%s)
configure "unpeer $S2"
lab_falsetime f 0 0 right
lab_wait "[ \"\$(reach $F)\" != 0 ]" 10 || lab_fail "$F is not reachable"
sleep 3
is "nothing arrives without snmpd" "$(since | wc -l | tr -d ' ')" 0
t2=$(date +%s)
lab_snmpd_again "$dir"
told "what happened without snmpd arrives later: a server was stopped and removed, another one stopped and started" \
	"$(unreachable "$S2" "$s2_id")" "$(notice 3 real 4 1 "$(about "$S2" "$s2_id")12\\.0=$ANY;")" \
	"$(unreachable "$F" "$f_id")" "$(reachable "$F" "$f_id")"
for id in "$s2_id" "$f_id"; do
	is "in the order it happened" "$(numbers_of "$id")" "2 3"
	happened "with the time it happened" 2 "$id" "$((t0 + 12))" "$((t0 + GONE_S))"
	happened "with the time it happened" 3 "$id" "$t1" "$t2"
done

# --- nothing -----------------------------------------------------------------------------------

switches "$NONE"
lab_ntpd_stop "$LAB_DIR/n"
sleep "$((2 * QUIET_S))"
told "nothing that is switched off"
is "each was counted" "$(notify_get "$dir" 7 real)" "$(number_arrived)"
is "nothing was lost" "$(arrived v2c | grep -c '^22 ')" 0
agent_stop
is "exit code after SIGTERM" "$agent_code" 0
finish
