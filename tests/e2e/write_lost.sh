#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The master agent dies, the configuration is read again, or the agent is told to end, while a
# SET is on its way to a daemon, at one moment after the other: the agent lives on, or ends well,
# and what was written in part is undone though nobody asks for it any more. And a master that asks
# at the wrong moment, or is not there for the answers.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"
LASTWORD=${LASTWORD:-$top_builddir/tests/e2e/lastword}

lab_dir
lab_tools snmpd
dir=$LAB_DIR/agent
mkdir -p "$dir"
keys=$LAB_DIR/keys
echo '1 SHA256 the-right-secret' >"$keys"
chmod 0600 "$keys"
lab_sim_start "$LAB_DIR/sim" --dialect ntporg --associations 3 --seed 7 --keys "$keys" \
	--trusted 1 --controlkey 1 --dvar site=Ost --var room=12 --setvar owner=nobody \
	--control "$LAB_DIR/sim/control"
lab_snmpd_start "$dir" "$(lab_free_udp_port)"
conf="target org 127.0.0.1 port $LAB_SIM_PORT interval 60 stale-after 100 write variables control-key 1"

say() {
	"$SIMSAY" "$LAB_DIR/sim/control" "$*"
}

holds() {
	say var "$1" | sed 's/^ok [^ ]* *//'
}

start() {
	agent_start "$dir" "keyfile $keys" "$conf" "reconnectInterval 1"
	lab_wait "[ \"\$(value $dir $(target_state org))\" = 2 ]" 20 || lab_fail "no answers"
}

# in_the_middle SECONDS NAME VALUE...: a SET of these, and so long a pause.
in_the_middle() {
	pause=$1
	shift
	set_arguments=
	while [ $# -gt 0 ]; do
		set_arguments="$set_arguments $(var 3 org 0 "$1") s $2"
		shift 2
	done
	# shellcheck disable=SC2086 # words
	ask "$dir" snmpset $set_arguments >"$LAB_DIR/set.out" &
	set_pid=$!
	sleep "$pause"
}

# over: nothing is under way any more. Deadlines end within 800 ms.
over() {
	wait "$set_pid"
	sleep 1
}

master_again() {
	lab_snmpd_again "$dir"
	lab_wait "[ \"\$(value $dir $(target_state org))\" = 2 ]" 20
}

start
# Each answer takes 50 ms: reading to 50, writing and reading back to 150, the refusal to 200, and
# undoing to 300.
for pause in 0.02 0.07 0.12 0.17 0.22 0.27 0.32; do
	say fault delay=50 >/dev/null
	in_the_middle "$pause" site West owner X
	lab_snmpd_kill "$dir"
	over
	say fault off >/dev/null
	true_that "after $pause s without a master: the agent lives" lab_alive "$agent_pid"
	is "after $pause s: nothing is left written" "$(holds site)" Ost
	true_that "after $pause s: it connects again" master_again
done
set_ok "and it can write" "$dir" "$(var 3 org 0 site)" s West "$(var 3 org 0 room)" s 13
set_ok "and back" "$dir" "$(var 3 org 0 site)" s Ost "$(var 3 org 0 room)" s 12

# A daemon that is silent, a master that dies, and a new configuration meanwhile.
say silence on >/dev/null
in_the_middle 0.1 site West
lab_snmpd_kill "$dir"
sleep 0.03
lab_signal "$agent_pid" HUP
over
say silence off >/dev/null
true_that "a new configuration in the middle: the agent lives" lab_alive "$agent_pid"
true_that "and connects again" master_again

# Told to end, in each phase: it ends well, and half a SET is not left behind.
for pause in 0.02 0.07 0.12 0.17 0.22 0.27; do
	say fault delay=50 >/dev/null
	in_the_middle "$pause" site West owner X
	agent_stop
	over
	say fault off >/dev/null
	is "ended after $pause s: the exit code" "$agent_code" 0
	is "ended after $pause s: nothing is left written" "$(holds site)" Ost
	start
done
agent_stop
is "exit code" "$agent_code" 0

# master_with MANNER OID VALUE: an agent under a master that asks at the wrong moment, see lastword.c
master_with() {
	last=$LAB_DIR/$1
	mkdir -p "$last"
	lab_spawn "$last/master.log" "$LASTWORD" "$last/agentx" "$2" "$3" "$1"
	master_pid=$LAB_PID
	lab_wait "[ -S $last/agentx ]" 10 || lab_fail "no master"
	agent_start "$last" "keyfile $keys" "$conf" "reconnectInterval 1"
	lab_wait "agent_says 'target org .* answers'" 20 || lab_fail "no answers"
}

agent_says() {
	grep -q "$1" "$last/ntp-agentxd.log"
}

# A SET that crosses the message by which the session ends is refused, and no daemon hears of it.
master_with crosses "$(var 3 org 0 site)" West
requests=$(sim_requests "$LAB_DIR/sim" readvar)
agent_stop
is "a SET while the session ends: the exit code" "$agent_code" 0
wait "$master_pid"
is "it is refused with genErr" "$(cat "$last/master.log")" "answered 5"
is "and the daemon is not asked" "$(sim_requests "$LAB_DIR/sim" readvar)" "$requests"

# A SET right before the connection is gone, again and again: it depends on what is read first.
for _ in 1 2 3 4 5; do
	rm -rf "$LAB_DIR/leaves"
	master_with leaves "$(var 3 org 0 site)" West
	lab_signal "$master_pid" USR1
	wait "$master_pid"
	lab_wait "agent_says 'cannot connect'" 10 || not_ok "the agent does not notice that the master is gone"
	lab_signal "$agent_pid" HUP
	true_that "nothing is left open: it reads its configuration" \
		lab_wait "agent_says 'configuration read again'" 10
	agent_stop
	is "and ends well" "$agent_code" 0
done
is "nothing is written" "$(holds site)" Ost

# What a manager was told is done is stored, also when nobody says that this was the last step.
master_with commits "$ROOT.4.2.0" x
lab_signal "$master_pid" USR1
lab_wait "[ \$(grep -c answered $last/master.log) = 2 ]" 10
is "a SET: both steps are done" "$(tr '\n' ' ' <"$last/master.log")" "answered 0 answered 0 "
agent_stop
is "told to end before the last: the exit code" "$agent_code" 0
true_that "it is stored" grep -q '^ntpTargetControl org ' "$last/agentstate/ntp-agentxd.conf"

# A master that ends at the same time.
master_with hangs-up "$ROOT.4.2.0" x
agent_stop
is "a master that hangs up: the exit code" "$agent_code" 0
is "the library has nothing to complain of" "$(grep -c callback "$last/ntp-agentxd.log")" 0

# A master that reads nothing costs a second, not one for each answer.
master_with is-deaf "$ROOT" x
lab_signal "$master_pid" USR1
wait "$master_pid"
left_ms=$(cat "$last/master.log")
true_that "a master that reads nothing is left after $left_ms ms" [ "$left_ms" -lt 2500 ]
true_that "the log says why" agent_says 'disconnected .*: Connection timed out'
agent_stop
is "and the agent ends well" "$agent_code" 0
finish
