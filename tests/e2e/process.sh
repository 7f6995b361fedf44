#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The program as a process: signals are heard at once, also when nothing else happens and
# when the master hangs; the service manager is told; the background is entered only with a
# right configuration, and whoever started it learns how the rest went; who it runs as.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"

TARGETS=30      # each would wait a second for a master that hangs
HEARD_CS=400    # hundredths of a second, for a signal; reconnecting may take one of them
WATCHDOG_MS=8000

lab_dir
lab_tools snmpd
conf=$LAB_DIR/a/ntp-agentxd.conf
log=$LAB_DIR/a/ntp-agentxd.log
port=$(lab_free_udp_port)
lab_snmpd_start "$LAB_DIR/a" "$port"
lab_sim_start "$LAB_DIR/sim" --dialect ntporg \
	--recording "$srcdir/tests/recordings/ntpd-4.2.8p15-client.txt"

now_cs() {
	sed 's/ .*//; s/\.//' /proc/uptime
}

# ended_within WHAT: after SIGTERM
ended_within() {
	began=$(now_cs)
	agent_stop
	is "exit code $1" "$agent_code" 0
	between "hundredths of a second until it ended $1" "$(($(now_cs) - began))" 0 "$HEARD_CS"
}

# targets PREFIX: many of them, asked too rarely to keep the program awake
targets() {
	n=0
	while [ "$n" -lt "$TARGETS" ]; do
		n=$((n + 1))
		echo "target $1$n 127.0.0.1 port $LAB_SIM_PORT interval 3600"
	done
}

# --- the service manager, and signals to a program that has nothing to do ----------------

lab_spawn "$LAB_DIR/notes" "$top_builddir/tests/e2e/notesink" "$LAB_DIR/notify"
lab_wait "[ -S $LAB_DIR/notify ]" 10
NOTIFY_SOCKET=$LAB_DIR/notify
export NOTIFY_SOCKET
has_notify=$(grep -c '^#define HAVE_LIBSYSTEMD 1' "$top_builddir/config.h")

told() {
	lab_wait "grep -q -- '$1' $LAB_DIR/notes" 4
}

agent_start "$LAB_DIR/a" "target one 127.0.0.1 port $LAB_SIM_PORT interval 3600" \
	"agentXSocket unix:$LAB_DIR/elsewhere" "reconnectInterval 1"
true_that "served" lab_wait "mode_is $port 6" 10
if [ "$has_notify" -eq 1 ]; then
	true_that "the manager is told of the start" told READY=1
	true_that "and how it goes" told 'STATUS=connected to the master agent; 1 of 1'
fi
sleep 2 # nothing is due now for an hour
lab_signal "$agent_pid" HUP
true_that "SIGHUP is heard at once" lab_wait "grep -q 'configuration read again' $log" 10
if [ "$has_notify" -eq 1 ]; then
	true_that "the manager is told of the reading" told RELOADING=1
	true_that "and how it goes afterwards" lab_wait \
		"sed -n 's/.*STATUS=//p' $LAB_DIR/notes | tail -n 1 | grep -qx 'connected to the master agent; 1 of 1 targets answer'" 10
fi
lab_snmpd_stop "$LAB_DIR/a"
lab_snmpd_again "$LAB_DIR/a"
true_that "-x wins over the files, also after a reload" lab_wait "mode_is $port 6" 10
sleep 2
ended_within "when nothing else happens"
[ "$has_notify" -eq 0 ] || true_that "the manager is told of the end" told STOPPING=1

if [ "$has_notify" -eq 1 ]; then
	: >"$LAB_DIR/notes"
	WATCHDOG_USEC=${WATCHDOG_MS}000
	export WATCHDOG_USEC
	agent_start "$LAB_DIR/a" "target one 127.0.0.1 port $LAB_SIM_PORT interval 1"
	sleep 20
	unset WATCHDOG_USEC
	agent_stop
	# Half the time is ours; a busy machine may take some of the rest.
	between "longest silence toward the watchdog, in ms" \
		"$(awk '{ t += $1 } $2 == "WATCHDOG=1" { if (n++ && t > m) m = t; t = 0 }
			END { print n ? m : "" }' "$LAB_DIR/notes")" 1 $((WATCHDOG_MS * 3 / 4))
fi
unset NOTIFY_SOCKET

# --- a master that hangs -----------------------------------------------------------------

targets t >"$conf"
: >"$log"
agent_start "$LAB_DIR/a"
true_that "the last of many targets is there" lab_wait \
	"[ \$(grep -c answers $log) -eq $TARGETS ] && mode_is $port 6" 20
sleep 1
is "registrations that the master refused" "$(grep -c 'registering pdu failed' "$log")" 0
lab_snmpd_freeze "$LAB_DIR/a"
targets u >"$conf"
lab_signal "$agent_pid" HUP
true_that "a reload that changes every target does not wait for each" \
	lab_wait "grep -q 'configuration read again' $log" 4
sleep 3
ended_within "while the master hangs"
lab_snmpd_thaw "$LAB_DIR/a"

# --- who it runs as ----------------------------------------------------------------------

groups_of() {
	sed -n 's/^Groups:[[:space:]]*//p' "/proc/$agent_pid/status" | sed 's/ *$//'
}

if lab_is_root; then
	targets t >"$conf"
	for identity in "-g 1" "-u 65534 -g 1"; do
		: >"$log"
		# shellcheck disable=SC2086 # options
		lab_agent_start "$LAB_DIR/a" $identity
		agent_pid=$LAB_PID
		lab_wait "grep -q ': $TARGETS targets' $log" 10
		is "groups with $identity" "$(groups_of)" 1
		agent_stop
		is "complaints at the end with $identity" "$(grep -c read_config_store "$log")" 0
	done
fi

# --- the background ----------------------------------------------------------------------

SNMPCONFPATH=$LAB_DIR/empty
SNMP_PERSISTENT_DIR=$LAB_DIR/persist
export SNMPCONFPATH SNMP_PERSISTENT_DIR
cd "$LAB_DIR" || exit 1
case $AGENTD in
/*) ;;
*) AGENTD=$OLDPWD/$AGENTD ;;
esac
echo "target a 127.0.0.1 port 0" >bad.conf
code=0
"$AGENTD" -C -c bad.conf -x "$LAB_DIR/nobody" </dev/null >out 2>&1 || code=$?
is "exit code with a wrong configuration" "$code" 3
true_that "which is explained where it was started" grep -q 'bad.conf: line 1' out
echo "target a 127.0.0.1" >good.conf
code=0
"$AGENTD" -C -c good.conf -x "$LAB_DIR/nobody" -p pid -Lf background.log </dev/null || code=$?
is "exit code with a right one" "$code" 0
if [ -s pid ]; then
	pid=$(cat pid)
	lab_own "$pid"
	lab_signal "$pid" HUP
	true_that "relative names still hold in the background" \
		lab_wait "grep -q 'configuration read again' background.log" 5
	lab_end "$pid"
	true_that "its process id file is gone" [ ! -e pid ]
else
	not_ok "no process id file in the directory it was started in"
fi

# fails_late WHAT TEXT ARGUMENT...: what goes wrong in the background is known where it was started
fails_late() {
	late_what=$1
	late_text=$2
	shift 2
	rm -f background.log
	code=0
	"$AGENTD" -C -c good.conf -x "$LAB_DIR/nobody" -Lf background.log "$@" </dev/null >out 2>&1 || code=$?
	is "$late_what: exit code" "$code" 1
	true_that "$late_what: is said where it was started" grep -q 'did not start' out
	true_that "$late_what: is explained in the log" grep -q "$late_text" background.log
}
fails_late "no such user" 'no such user: nobody-of-that-name' -u nobody-of-that-name
fails_late "no place for the process id" 'cannot write .*/nowhere/pid' -p nowhere/pid
finish
