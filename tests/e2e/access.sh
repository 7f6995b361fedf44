#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Who may connect to snmpd's AgentX socket: what is in the way is said, with the numbers of
# everybody concerned, and what is advised helps.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"

USER_ID=65534
GROUP_ID=1

lab_dir
lab_tools snmpd
lab_is_root || lab_skip "needs root to become others"
dir=$LAB_DIR/agent
log=$dir/ntp-agentxd.log
mkdir -p "$dir/agentstate" "$dir/closed"
chown "$USER_ID" "$dir/agentstate"
lab_sim_start "$LAB_DIR/sim" --dialect ntporg --associations 3 --seed 7
printf '%s\n' "target a 127.0.0.1 port $LAB_SIM_PORT interval 1" "reconnectInterval 1" \
	>"$dir/ntp-agentxd.conf"
# A umask of 022, and no line about it: what snmpd does by itself.
lab_snmpd_start "$dir" "$(lab_free_udp_port)"
port=$(cat "$dir/snmpd.port")

logged() {
	lab_wait "grep -q -- '$1' $log" 8
}

serving() {
	[ -n "$(mode "$port")" ]
}

again() {
	lab_snmpd_stop "$dir"
	# shellcheck disable=SC2016
	sed -i '/^agentXPerms/d' "$dir/snmpd.conf"
	[ $# -eq 0 ] || printf '%s\n' "$@" >>"$dir/snmpd.conf"
	lab_snmpd_again "$dir"
}

# --- started as root, which may connect, and then a user that may not ---------------------------

lab_agent_start "$dir" -u "$USER_ID" -g "$GROUP_ID"
agent_pid=$LAB_PID
true_that "is connected" lab_wait serving 10
true_that "a connection that cannot be made again is told of at the start" \
	logged 'after a restart of snmpd we cannot connect again: the socket'
again
true_that "and then" logged 'cannot connect to the master agent at .*: Permission denied; the socket'
true_that "with whose it is, and who we are" \
	logged "mode 0755 and belongs to user 0, group 0; we are user $USER_ID, group $GROUP_ID"
advice=$(sed -n 's/.*write "\(agentXPerms [^"]*\)".*/\1/p' "$log" | tail -n 1)
is "what to write" "$advice" "agentXPerms 0660 0755 root $GROUP_ID"
again "$advice"
true_that "what is advised helps" lab_wait serving 10
is "the socket" "$(stat -c '%a %u %g' "$dir/agentx")" "660 0 $GROUP_ID"
agent_stop

: >"$log"
lab_agent_start "$dir" -u "$USER_ID" -g "$GROUP_ID"
agent_pid=$LAB_PID
true_that "is connected" lab_wait serving 10
is "warnings when it could be made again" "$(grep -c 'cannot connect' "$log")" 0
agent_stop

# --- a directory in the way --------------------------------------------------------------------

chmod 0700 "$dir/closed"
: >"$log"
lab_spawn "$log" setpriv --reuid "$USER_ID" --regid "$GROUP_ID" --clear-groups \
	env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/agentstate" \
	"$AGENTD" "$FILTER" -f -Le -C -c "$dir/ntp-agentxd.conf" -x "$dir/closed/agentx"
agent_pid=$LAB_PID
true_that "a directory is told from a socket" \
	logged 'Permission denied; the directory .*/closed has mode 0700'
agent_stop
finish
