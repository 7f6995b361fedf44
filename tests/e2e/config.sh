#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Options and configuration: what is wrong is said with file, line and what was expected;
# the exit code tells; a bad file at a reload costs nothing.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"

lab_dir
lab_tools snmpd
conf=$LAB_DIR/ntp-agentxd.conf
SNMPCONFPATH=$LAB_DIR/empty
SNMP_PERSISTENT_DIR=$LAB_DIR/persist
export SNMPCONFPATH SNMP_PERSISTENT_DIR

# agentd CODE OPTION...: runs to its end; the exit code has to be CODE.
agentd() {
	wanted=$1
	shift
	code=0
	timeout 30 "$AGENTD" "$@" </dev/null >"$LAB_DIR/out" 2>&1 || code=$?
	is "exit code of $(echo "$*" | sed "s|$LAB_DIR/||g")" "$code" "$wanted"
}

says() {
	if grep -q -- "$1" "$LAB_DIR/out"; then
		ok "says: $1"
	else
		not_ok "does not say '$1': $(cat "$LAB_DIR/out")"
	fi
}

agentd 0 -v
says "^ntp-agentxd [0-9]"
agentd 0 -h
says "Usage: ntp-agentxd"
says "--master ADDR"
agentd 0 -H
says "target  *NAME HOST"
says "reconnectInterval  *SECONDS"
agentd 2 --no-such-option
says "Try 'ntp-agentxd --help'\|Try '.*--help'"
agentd 2 stray
says "unexpected argument 'stray'"
agentd 2 -c
agentd 3 -t -C -c "$LAB_DIR/absent.conf"
says "absent.conf: No such file"

# wrong LINE TEXT...: a configuration of this line alone is refused with these words.
wrong() {
	printf '# a comment\n\n%s\n' "$1" >"$conf"
	agentd 3 -t -C -c "$conf"
	shift
	says "ntp-agentxd.conf: line 3: "
	for text in "$@"; do
		says "$text"
	done
}

wrong "target" "target"
wrong "target a" "host missing" "expected NAME HOST"
wrong "target a b port 70000" 'port "70000" is not valid: expected a port from 1 to 65535'
wrong "target a b interval 0" "expected seconds from 1 to 3600"
wrong "target a b colour red" 'option "colour" is not valid: expected port, context'
wrong "reconnectInterval never" "expected one number from 1 to 3600"
wrong "tagret a b" "Unknown token: tagret"
wrong 'target a b context "gps1' 'context "\"gps1" is not valid'
wrong "rocommunity public" "Unknown token: rocommunity"
agentd 0 -t -C -c "$conf" --master udp:127.0.0.1:1161
agentd 3 -t -C -c "$LAB_DIR"
says "Is a directory: expected a configuration file"
true_that "checking leaves nothing behind" [ ! -e "$LAB_DIR/persist/ntp-agentxd.conf" ]
printf 'target a 127.0.0.1\ntarget a 127.0.0.2\n' >"$conf"
agentd 3 -t -C -c "$conf"
says 'targets "a" and "a" have the same name'
printf 'target a 127.0.0.1 context x\ntarget b 127.0.0.2 context x\n' >"$conf"
agentd 3 -t -C -c "$conf"
says 'targets "a" and "b" have the same context'

# A key that is wanted and not there; and what excludes each other.
key_path=$LAB_DIR/keys
echo '1 SHA256 the-right-secret' >"$key_path"
chmod 0600 "$key_path"
printf 'keyfile %s\ntarget a 127.0.0.1 push on\ntarget b 127.0.0.2 write setvar\n' "$key_path" >"$conf"
agentd 3 -t -C -c "$conf"
says 'target "a" is to push without a key: expected its option control-key'
says 'target "b" is to be written to without a key: expected its option control-key'
printf 'target a 127.0.0.1 push on control-key 1\n' >"$conf"
agentd 3 -t -C -c "$conf"
says 'target "a" is to push without a key: expected a keyfile directive'
printf 'keyfile %s\ntarget a 127.0.0.1 push on control-key 2\n' "$key_path" >"$conf"
agentd 3 -t -C -c "$conf"
says 'target a: its control-key 2 is not in'
printf 'keyfile %s\ntarget a 127.0.0.1 push on control-key 1 write configure\n' "$key_path" >"$conf"
agentd 3 -t -C -c "$conf"
says 'target "a" has both "push on" and "write configure": .* expected one of the two'
printf 'keyfile %s\ntarget a 127.0.0.1 push on control-key 1 write setvar\n' "$key_path" >"$conf"
agentd 0 -t -C -c "$conf"
printf 'target a 127.0.0.1\ntarget b 127.0.0.2\n' >"$conf"
agentd 0 -t -C -c "$conf"
says "configuration is right: 2 targets"
agentd 3 -f -C -c "$LAB_DIR/absent.conf" -x "$LAB_DIR/nobody"
printf 'target a b port 0\n' >"$conf"
agentd 3 -f -C -c "$conf" -x "$LAB_DIR/nobody"
says "not starting"

# The library passes over what is there and cannot be read.
mkdir -p "$LAB_DIR/path/ntp-agentxd.conf"
SNMPCONFPATH=$LAB_DIR/path
agentd 3 -t
says "path/ntp-agentxd.conf: Is a directory: expected a configuration file"
rmdir "$LAB_DIR/path/ntp-agentxd.conf"

# Found by itself in Net-SNMP's search path.
printf 'target found 127.0.0.1 version 9\n' >"$LAB_DIR/path/ntp-agentxd.conf"
agentd 3 -t
says "path/ntp-agentxd.conf: line 1: .*version \"9\""
printf 'target first 127.0.0.1\n' >"$LAB_DIR/path/ntp-agentxd.conf"
lab_spawn "$LAB_DIR/found.log" "$AGENTD" "$FILTER" -f -Le -x "$LAB_DIR/nobody"
found=$LAB_PID
true_that "it is read" lab_wait "grep -q '1 target' $LAB_DIR/found.log" 10
printf 'target more 127.0.0.2\n' >>"$LAB_DIR/path/ntp-agentxd.conf"
lab_signal "$found" HUP
true_that "and at a reload again" lab_wait "grep -q 'read again: 2 targets' $LAB_DIR/found.log" 10
lab_end "$found"
SNMPCONFPATH=$LAB_DIR/empty

# Reload: a second target comes, a bad file changes nothing, a good one takes it away.
lab_sim_start "$LAB_DIR/sim" --dialect ntporg \
	--recording "$srcdir/tests/recordings/ntpd-4.2.8p15-client.txt"
port=$(lab_free_udp_port)
lab_snmpd_start "$LAB_DIR/a" "$port" "rocommunity two 127.0.0.1 -V all two"
agent_start "$LAB_DIR/a" "target one 127.0.0.1 port $LAB_SIM_PORT interval 1"
true_that "the first target is served" lab_wait "mode_is $port 6" 15
printf 'target one 127.0.0.1 port %s interval 1\ntarget two 127.0.0.1 port %s interval 1\n' \
	"$LAB_SIM_PORT" "$LAB_SIM_PORT" >"$LAB_DIR/a/ntp-agentxd.conf"
lab_signal "$agent_pid" HUP
true_that "a target added by SIGHUP is served" lab_wait "mode_is $port 6 two" 15
printf 'target one 127.0.0.1 port %s interval 1\ntarget two 127.0.0.1 port x\n' \
	"$LAB_SIM_PORT" >"$LAB_DIR/a/ntp-agentxd.conf"
lab_signal "$agent_pid" HUP
true_that "a bad file is complained about" \
	lab_wait "grep -q 'line 2: .*port \"x\"' $LAB_DIR/a/ntp-agentxd.log" 10
true_that "and that the old one stays" \
	lab_wait "grep -q 'keeping the one in use' $LAB_DIR/a/ntp-agentxd.log" 10
sleep 1.5
is "the first target after a bad reload" "$(mode "$port")" 6
is "the second target after a bad reload" "$(mode "$port" two)" 6
mv "$LAB_DIR/a/ntp-agentxd.conf" "$LAB_DIR/a/away"
lab_signal "$agent_pid" HUP
sleep 1.5
is "the first target after a reload without its file" "$(mode "$port")" 6
printf 'target one 127.0.0.1 port %s interval 1\n' "$LAB_SIM_PORT" >"$LAB_DIR/a/ntp-agentxd.conf"
lab_signal "$agent_pid" HUP
true_that "a target taken away is gone" lab_wait "! mode_is $port 6 two" 15
is "the first target never left" "$(mode "$port")" 6
agent_stop
is "exit code after SIGTERM" "$agent_code" 0

# --master: no snmpd at all, in the background, with a process id file.
master=$(lab_free_udp_port)
printf 'rocommunity public 127.0.0.1\nrocommunity two 127.0.0.1\ntarget one 127.0.0.1 port %s interval 1\n' \
	"$LAB_SIM_PORT" >"$conf"
agentd 0 -C -c "$conf" -p "$LAB_DIR/pid" -Lf "$LAB_DIR/master.log" --master "udp:127.0.0.1:$master"
if lab_wait "[ -s $LAB_DIR/pid ]" 10; then
	pid=$(cat "$LAB_DIR/pid")
	lab_own "$pid"
	true_that "--master serves the target" lab_wait "mode_is $master 6" 15
	true_that "--master serves the system group" lab_wait \
		"snmpget -v2c -c public -Oqv 127.0.0.1:$master .1.3.6.1.2.1.1.1.0 | grep -q ntp-agentxd" 5
	is "a second community of --master" "$(mode "$master" two)" 6
	printf 'rocommunity public 127.0.0.1\ntarget one 127.0.0.1 port %s interval 1\n' \
		"$LAB_SIM_PORT" >"$conf"
	lab_signal "$pid" HUP
	true_that "a community that was withdrawn may not ask any more" \
		lab_wait "! mode_is $master 6 two" 10
	is "the first one still may" "$(mode "$master")" 6
	lab_signal "$pid" TERM
	true_that "--master ends" lab_wait "! lab_alive $pid" 10
	true_that "its process id file is gone" [ ! -e "$LAB_DIR/pid" ]
else
	not_ok "--master wrote no process id file"
fi
finish
