#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Descriptors and memory stay flat over a hundred restarts of snmpd while fifty targets are asked,
# and the agent is back within five seconds of each. What else there is in a day is in soak.sh.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"

TARGETS=50 # polled once a second each
RESTARTS=${FLAT_RESTARTS:-100}
GROWTH_KB=512 # allocator noise; six kilobytes that are lost with each restart would be more

lab_dir
lab_tools snmpd
port=$(lab_free_udp_port)
lab_snmpd_start "$LAB_DIR/a" "$port"
lab_sim_start "$LAB_DIR/sim" --dialect ntpsec \
	--recording "$srcdir/tests/recordings/ntpsec-1.2.2-client.txt"
{
	echo "reconnectInterval 1"
	n=0
	while [ "$n" -lt "$TARGETS" ]; do
		n=$((n + 1))
		echo "target t$n 127.0.0.1 port $LAB_SIM_PORT interval 1"
	done
} >"$LAB_DIR/a/ntp-agentxd.conf"
agent_start "$LAB_DIR/a"

descriptors() {
	find "/proc/$agent_pid/fd" -mindepth 1 | wc -l | tr -d ' '
}

resident() {
	awk '$1 == "VmRSS:" { print $2 }' "/proc/$agent_pid/status"
}

true_that "served" lab_wait "mode_is $port 6" 20
sleep 6
fds=$(descriptors)
kb=$(resident)
back=0
slow=0
i=0
while [ "$i" -lt "$RESTARTS" ]; do
	i=$((i + 1))
	if [ $((i % 2)) -eq 0 ]; then
		lab_snmpd_stop "$LAB_DIR/a"
	else
		lab_snmpd_kill "$LAB_DIR/a"
		rm -f "$LAB_DIR/a/agentx"
	fi
	lab_snmpd_again "$LAB_DIR/a"
	if lab_wait "mode_is $port 6" 5; then
		back=$((back + 1))
	else
		slow=$((slow + 1))
		lab_wait "mode_is $port 6" 20 || lab_fail "never came back after restart $i"
	fi
	[ "$i" -ne 5 ] || kb=$(resident)
done
is "back within five seconds" "$back of $RESTARTS" "$RESTARTS of $RESTARTS"
is "descriptors after the restarts" "$(descriptors)" "$fds"
between "resident memory after the restarts (was $kb kB, now $(resident) kB)" "$(resident)" 0 $((kb + GROWTH_KB))
agent_stop
is "exit code after SIGTERM" "$agent_code" 0
finish
