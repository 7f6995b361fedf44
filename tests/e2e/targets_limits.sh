#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# More targets than open files are allowed: the soft limit is raised, at the start and by SIGHUP;
# the hard one is complained about. The connection to snmpd keeps its descriptor, and all works by
# descriptors that select() in its usual form could not take.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"

FEW=100
MANY=1100
SELECT_MAX=1024 # descriptors of an fd_set
OTHERS=64       # descriptors the agent wants besides
OBJECTS=$ENTERPRISE.1.1

hard=$(awk '/^Max open files/ { print $5 }' /proc/self/limits)
[ "$hard" = unlimited ] || [ "$hard" -ge $((MANY + OTHERS)) ] ||
	lab_skip "needs $((MANY + OTHERS)) open files, and $hard are allowed"

lab_dir
lab_tools snmpd
dir=$LAB_DIR/a
log=$dir/ntp-agentxd.log
mkdir -p "$dir/agentstate"
lab_sim_start "$LAB_DIR/sim" --dialect ntporg \
	--recording "$srcdir/tests/recordings/ntpd-4.2.8p15-client.txt"

# targets NUMBER: all of them are the one simulator.
targets() {
	awk -v n="$1" -v port="$LAB_SIM_PORT" 'BEGIN {
		for (i = 1; i <= n; i++)
			print "target t" i " 127.0.0.1 port " port " interval 5"
		print "reconnectInterval 1"
	}' >"$dir/ntp-agentxd.conf"
}

soft_limit() {
	awk '/^Max open files/ { print $4 }' "/proc/$agent_pid/limits"
}

sockets() {
	find "/proc/$agent_pid/fd" -lname 'socket:*' 2>/dev/null | wc -l | tr -d ' '
}

up() {
	value "$dir" "$OBJECTS.1.5.0"
}

# The descriptor whose socket is connected to snmpd.
master_fd() {
	awk 'NR > 1 { print "socket:[" $7 "]" }' /proc/net/unix >"$LAB_DIR/unix"
	find "/proc/$agent_pid/fd" -type l -printf '%f %l\n' 2>/dev/null |
		awk -v file="$LAB_DIR/unix" 'BEGIN { while ((getline s < file) > 0) is_unix[s] = 1 }
			is_unix[$2] && $1 > 2 { print $1 }' | sort -n | tail -n 1
}

# limited SOFT HARD: the agent in the background, with these limits
limited() {
	# shellcheck disable=SC2016 # for the shell that is limited
	lab_spawn "$log" env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/agentstate" \
		sh -c 'ulimit -S -n "$1"; ulimit -H -n "$2"; shift 2; exec "$@"' sh "$1" "$2" \
		"$AGENTD" "$FILTER" -f -Le -C -c "$dir/ntp-agentxd.conf" -x "$dir/agentx"
	agent_pid=$LAB_PID
}

# --- the soft limit ----------------------------------------------------------------------------

# Without snmpd: all low descriptors are taken before there is a connection.
targets "$FEW"
limited 50 "$((MANY + OTHERS))"
true_that "$FEW targets have their sockets" lab_wait "[ \"\$(sockets)\" -ge $FEW ]" 10
is "the limit was raised to what they need" "$(soft_limit)" $((FEW + OTHERS))
targets "$MANY"
lab_signal "$agent_pid" HUP
true_that "after SIGHUP $MANY have theirs" lab_wait "[ \"\$(sockets)\" -ge $MANY ]" 20
is "the limit was raised again" "$(soft_limit)" $((MANY + OTHERS))
is "nobody complained" "$(grep -c 'LimitNOFILE\|descriptors left' "$log")" 0

# --- the connection to snmpd -------------------------------------------------------------------

port=$(lab_free_udp_port)
lab_snmpd_start "$dir" "$port"
true_that "snmpd is found" lab_wait "[ \"\$(up)\" = $MANY ]" 60
between "by a descriptor that was kept for it" "$(master_fd)" 3 "$OTHERS"
is "a context of the last target" \
	"$(value "$dir" "$OBJECTS.2.1.1.4.$(text_index "t$MANY")")" "t$MANY"
for how in stop kill; do
	"lab_snmpd_$how" "$dir"
	rm -f "$dir/agentx"
	lab_snmpd_again "$dir"
	true_that "it is found again after its end ($how)" lab_wait "[ \"\$(up)\" = $MANY ]" 60
	between "by a descriptor that was kept for it" "$(master_fd)" 3 "$OTHERS"
done

# --- all of them change ------------------------------------------------------------------------

# Each context is let go and taken again, in this order, while the daemons are asked.
sed -i 's/interval 5/interval 6/' "$dir/ntp-agentxd.conf"
lab_signal "$agent_pid" HUP
true_that "the change is taken over" lab_wait \
	"[ \"\$(value $dir $OBJECTS.2.1.1.8.$(text_index t1)) \$(up)\" = '6 $MANY' ]" 30
# shellcheck disable=SC2086 # options are words
served() {
	MIBS='' SNMPCONFPATH=$dir snmpget $V3 -r0 -t2 -n "$1" -Oqv "127.0.0.1:$port" "$ROOT.2.1.0" 2>&1
}
for name in t2 t500 "t$MANY"; do
	true_that "$name is served in its context" lab_wait "[ \"\$(served $name)\" = 6 ]" 20
done
is "the library refused no context" "$(grep -c 'cannot register\|was not registered' "$log")" 0
is "every target is polled on" "$(grep -c 'no answer\|refused' "$log")" 0
agent_stop
is "exit code" "$agent_code" 0

# --- descriptors above those of select() -------------------------------------------------------

: >"$log"
targets "$FEW"
# shellcheck disable=SC2016 # for the shell that holds them
lab_spawn "$log" env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/agentstate" bash -c '
	ulimit -S -n "$1"
	for ((fd = 3; fd <= $2; fd++)); do
		eval "exec $fd</dev/null"
	done
	shift 2
	exec "$@"' bash "$((SELECT_MAX + FEW + OTHERS))" "$SELECT_MAX" \
	"$AGENTD" "$FILTER" -f -Le -C -c "$dir/ntp-agentxd.conf" -x "$dir/agentx"
agent_pid=$LAB_PID
true_that "the program finds snmpd and its targets" lab_wait "[ \"\$(up)\" = $FEW ]" 30
between "by a number" "$(master_fd)" "$SELECT_MAX" 100000
lab_snmpd_kill "$dir"
lab_snmpd_again "$dir"
true_that "and again" lab_wait "[ \"\$(up)\" = $FEW ]" 30
between "by a number" "$(master_fd)" "$SELECT_MAX" 100000
agent_stop
is "exit code of that" "$agent_code" 0

# --- the hard limit ----------------------------------------------------------------------------

: >"$log"
targets "$FEW"
limited 50 120
true_that "too low a hard limit is complained about" lab_wait \
	"grep -q '$FEW targets need $((FEW + OTHERS)) open files, and the limit is 120: set LimitNOFILE=.*to $((FEW + OTHERS)) or more' $log" 10
true_that "what there is room for is served all the same" lab_wait "[ \"\$(up)\" = $FEW ]" 30
is "as far as it goes" "$(soft_limit)" 120
agent_stop
is "exit code of that" "$agent_code" 0
finish
