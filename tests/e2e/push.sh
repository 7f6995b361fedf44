#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Events that a daemon of ntp.org pushes: seen at once though the next poll is a minute away; refused
# with a reason in the log; subscribed again after a restart of the daemon; and taken back at the end.
# The simulated daemon checks every code, and keeps receivers as 4.2.8p15 does.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"

lab_dir
lab_tools snmpd
dir=$LAB_DIR/agent
mkdir -p "$dir"
keys=$LAB_DIR/keys
agent_keys=$LAB_DIR/agent.keys
printf '%s\n' '1 SHA256 the-right-secret' '2 MD5 untrusted' '3 SHA1 trusted-only' >"$keys"
printf '%s\n' '1 SHA256 the-right-secret' '2 MD5 untrusted' '3 SHA1 trusted-only' '4 SHA1 unknown-there' \
	>"$agent_keys"
chmod 0600 "$keys" "$agent_keys"
TARGETS=$ENTERPRISE.1.1.2.1.1
off=1
waiting=2
subscribed=3
refused=4

options="--associations 3 --seed 7 --keys $keys --trusted 1,3 --controlkey 1"

# sim NAME DIALECT: a daemon, its control socket at $LAB_DIR/NAME/control.
sim() {
	# shellcheck disable=SC2086 # options are words
	lab_sim_start "$LAB_DIR/$1" --dialect "$2" $options --control "$LAB_DIR/$1/control"
}

say() {
	say_name=$1
	shift
	"$SIMSAY" "$LAB_DIR/$say_name/control" "$*"
}

receivers() {
	say "$1" traps | sed 's/^ok *//' | wc -w
}

# column NUMBER TARGET: 25 push, 26 messages, 19 polls.
column() {
	value "$dir" "$TARGETS.$1.$(text_index "$2")"
}

push_is() {
	[ "$(column 25 "$1")" = "$2" ]
}

# logged HOW-OFTEN TEXT
logged() {
	is "logged $1 times: $2" "$(grep -c "$2" "$dir/ntp-agentxd.log")" "$1"
}

# Without SNMPv3, whose keys take a while to make.
stratum() {
	MIBS='' snmpget -v2c -c public -Oqv -r0 -t3 "127.0.0.1:$(cat "$dir/snmpd.port")" \
		"$(var 3 "$1" 0 stratum)" | tr -d '"'
}

stratum_is() {
	[ "$(stratum "$1")" = "$2" ]
}

# seen VALUE: waits for it as the stratum of org, asking often.
seen() {
	seen_left=100
	until stratum_is org "$1"; do
		seen_left=$((seen_left - 1))
		[ "$seen_left" -gt 0 ] || return 1
		sleep 0.02
	done
}

# poll TARGET: now, or a second after the last time.
poll() {
	ask "$dir" snmpset "$TARGETS.9.$(text_index "$1")" i 2 >/dev/null
}

dump() {
	env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/agentstate" \
		"$AGENTD" -C -c "$dir/ntp-agentxd.conf" --dump >/dev/null 2>&1
}

# again: the configuration is read once more, by the agent that runs.
again() {
	lab_signal "$agent_pid" HUP
}

sim org ntporg
org_port=$LAB_SIM_PORT
sim sec ntpsec
sec_port=$LAB_SIM_PORT
lab_snmpd_start "$dir" "$(lab_free_udp_port)"

target() {
	echo "target $1 127.0.0.1 port $2 $3"
}

agent_start "$dir" "keyfile $agent_keys" \
	"$(target org "$org_port" "interval 60 push on control-key 1")" \
	"$(target plain "$org_port" "interval 60 control-key 1")" \
	"$(target sec "$sec_port" "interval 60 push on control-key 1")"
true_that "org: subscribed" lab_wait "push_is org $subscribed" 20
true_that "sec: refused" lab_wait "push_is sec $refused" 20
is "plain: off" "$(column 25 plain)" "$off"
is "the daemon has one receiver" "$(receivers org)" 1
logged 1 "target org (127.0.0.1): push: the daemon tells us of events"
logged 1 "target sec (127.0.0.1): push: the daemon does not know this request (NTPsec does not): polling only"

# From the event to the value that a manager reads; a second after the last poll, and at once.
stratum=$(stratum org)
sleep 1.2
for round in 1 2 3; do
	polls=$(column 19 org)
	say org set 0 stratum "1$round" >/dev/null
	begin=$(date +%s%N)
	say org event 0 9 >/dev/null
	true_that "event $round: seen by GET" seen "1$round"
	end=$(date +%s%N)
	between "event $round: long before the interval of 60 s is over" "$(((end - begin) / 1000000))" 0 5000
	between "event $round: at most one whole poll" "$(column 19 org)" "$polls" "$((polls + 1))"
	is "event $round: one message was counted" "$(column 26 org)" "$round"
	sleep 1.2
done
is "the target that is not pushed to knows nothing" "$(stratum plain)" "$stratum"

# A restart, and a receiver of its own that throws us out.
say org restart >/dev/null
is "a restarted daemon knows nobody" "$(receivers org)" 0
poll org
true_that "it is asked again" lab_wait "[ \"\$(receivers org)\" = 1 ]" 10
is "the state" "$(column 25 org)" "$subscribed"
logged 2 "target org (127.0.0.1): push: the daemon tells us of events"
sleep 1.2
say org set 0 stratum 5 >/dev/null
say org event 0 9 >/dev/null
true_that "an event after the restart is seen" lab_wait "stratum_is org 5" 10

# The daemon ends, and another process takes its place.
lab_end "$(cat "$LAB_DIR/org/ntpsim.pid")"
poll org
true_that "without a daemon: waiting" lab_wait "push_is org $waiting" 10
rm -f "$LAB_DIR/org/control"
# shellcheck disable=SC2086
lab_spawn "$LAB_DIR/org/again.log" "$(lab_program ntpsim)" --listen "127.0.0.1:$org_port" --dialect ntporg \
	$options --control "$LAB_DIR/org/control"
true_that "a new daemon is there" lab_wait "[ -S $LAB_DIR/org/control ]" 10
poll org
true_that "a new daemon: subscribed" lab_wait "push_is org $subscribed" 10
is "it has one receiver" "$(receivers org)" 1

# Another secret, then the right one, in the same target.
sed 's/the-right-secret/another-secret/' "$agent_keys" >"$agent_keys.new"
chmod 0600 "$agent_keys.new"
cp "$agent_keys" "$agent_keys.right"
cp "$agent_keys.new" "$agent_keys"
again
true_that "a wrong secret: refused" lab_wait "push_is org $refused" 10
logged 1 "target org (127.0.0.1): push: the daemon does not take key 1: .* polling only"
messages=$(column 26 org)
say org event 0 9 >/dev/null
sleep 0.3
is "messages without a subscription are not counted" "$(column 26 org)" "$messages"
cp "$agent_keys.right" "$agent_keys"
again
true_that "the right one: subscribed" lab_wait "push_is org $subscribed" 10

# Other keys: targets of their own.
printf '%s\n' "keyfile $agent_keys" \
	"$(target org "$org_port" "interval 60 push on control-key 1")" \
	"$(target unknown "$org_port" "interval 60 push on control-key 4")" \
	"$(target untrusted "$org_port" "interval 60 push on control-key 2")" \
	"$(target trusted "$org_port" "interval 60 push on control-key 3")" >"$dir/ntp-agentxd.conf"
again
for name in unknown untrusted trusted; do
	true_that "$name: refused" lab_wait "push_is $name $refused" 10
done
logged 1 "target unknown (127.0.0.1): push: the daemon does not take key 4"
logged 1 "target untrusted (127.0.0.1): push: the daemon does not take key 2"
logged 1 "target trusted (127.0.0.1): push: the daemon knows key 3 and refuses"
is "org is still subscribed" "$(column 25 org)" "$subscribed"
is "and the only receiver" "$(receivers org)" 1

# No longer wanted; wanted again; a dump meanwhile; and the end.
printf '%s\n' "$(target org "$org_port" "interval 60")" >"$dir/ntp-agentxd.conf"
again
true_that "no longer wanted" lab_wait "push_is org $off" 10
is "the daemon was told" "$(receivers org)" 0
printf '%s\n' "keyfile $agent_keys" "$(target org "$org_port" "interval 60 push on control-key 1")" \
	>"$dir/ntp-agentxd.conf"
again
true_that "wanted again" lab_wait "push_is org $subscribed" 10
receiver=$(say org traps)
true_that "a dump" dump
is "does not take the place of the agent" "$(say org traps)" "$receiver"
true_that "no secret in any log" sh -c "! grep -r -e the-right-secret -e another-secret $dir/*.log"
agent_stop
is "exit code" "$agent_code" 0
is "at the end the daemon has no receiver" "$(receivers org)" 0
finish
