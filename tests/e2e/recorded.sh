#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Four simulated daemons with the recorded variables, two of each dialect, served by one
# agent in four contexts of a real snmpd: every line of the golden walks comes out, and so
# does --dump. Then the same daemons behind each kind of misbehaviour: what is served is
# right or absent, and everything heals.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/golden.sh"

RECORDINGS="ntpd-4.2.8p15-client ntpd-4.2.8p15-server ntpsec-1.2.2-client ntpsec-1.2.2-server"

lab_dir
lab_tools snmpd
port=$(lab_free_udp_port)
lab_snmpd_start "$LAB_DIR/a" "$port" \
	"rocommunity c2 127.0.0.1 -V all t2" \
	"rocommunity c3 127.0.0.1 -V all t3" \
	"rocommunity c4 127.0.0.1 -V all t4"
n=0
for recording in $RECORDINGS; do
	n=$((n + 1))
	lab_sim_start "$LAB_DIR/sim$n" --dialect "$(echo "$recording" | sed 's/ntpd-.*/ntporg/; s/ntpsec-.*/ntpsec/')" \
		--recording "$srcdir/tests/recordings/$recording.txt" --frozen \
		--control "$LAB_DIR/sim$n/control"
	echo "target t$n 127.0.0.1 port $LAB_SIM_PORT interval 1"
done >"$LAB_DIR/a/ntp-agentxd.conf"
agent_start "$LAB_DIR/a"

n=0
for recording in $RECORDINGS; do
	n=$((n + 1))
	if lab_wait "all_golden $n $recording" 15; then
		ok "$recording: all $(wc -l <"$LAB_DIR/golden" | tr -d ' ') golden lines are served"
	else
		not_ok "$recording: missing $(tr '\n' ' ' <"$LAB_DIR/missing")"
	fi
	all_golden "$n" "$recording"
	if no_lies; then
		ok "$recording: nothing else is"
	else
		not_ok "$recording: also served: $(tr '\n' ' ' <"$LAB_DIR/lies")"
	fi
done

# --dump says the same.
if "$AGENTD" --dump -C -c "$LAB_DIR/a/ntp-agentxd.conf" >"$LAB_DIR/dump" 2>"$LAB_DIR/dump.log"; then
	ok "--dump: every target answered"
else
	not_ok "--dump: exit code $?"
fi
is "--dump: targets" "$(grep -c '^# target .*: up$' "$LAB_DIR/dump")" 4
for recording in $RECORDINGS; do
	grep -v -e '^#' -e ntpEntStatusNotifications "$srcdir/tests/golden/$recording.walk" |
		grep -vxF -f "$LAB_DIR/dump" >"$LAB_DIR/missing"
	is "--dump: lines of $recording missing" "$(cat "$LAB_DIR/missing")" ""
done

# sim_say N COMMAND...: to the simulator's control socket.
sim_say() {
	sim_n=$1
	shift
	"$SIMSAY" "$LAB_DIR/sim$sim_n/control" "$*" >>"$LAB_DIR/control.log" || lab_fail "ntpsim refused: $*"
}

for fault in "drop=30" "delay=300" duplicate reorder overlap truncate garbage badseq badassoc \
	badop badversion oversize twolast stale-offset trailing-junk "drop=20,duplicate,reorder"; do
	for n in 1 3; do
		sim_say "$n" "fault $fault,seed=7"
	done
	lied=
	for _ in 1 2 3 4 5 6; do
		sleep 0.6
		for n in 1 3; do
			recording=$(echo "$RECORDINGS" | cut -d' ' -f"$n")
			all_golden "$n" "$recording"
			no_lies || lied="$lied $(tr '\n' ' ' <"$LAB_DIR/lies")"
		done
	done
	is "fault $fault: nothing wrong is served" "$lied" ""
	true_that "fault $fault: the agent lives" lab_alive "$agent_pid"
done
for n in 1 3; do
	sim_say "$n" "fault off"
	recording=$(echo "$RECORDINGS" | cut -d' ' -f"$n")
	true_that "$recording: everything is back once the faults end" \
		lab_wait "all_golden $n $recording" 30
done
agent_stop
is "exit code after SIGTERM" "$agent_code" 0
finish
