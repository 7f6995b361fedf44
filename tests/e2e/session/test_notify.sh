#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Notifications: a burst freezes neither side, none is lost over a restart of the master,
# the order stays, what does not fit is counted.
# shellcheck disable=SC1091,SC2034,SC2317
. "${srcdir:-.}/tests/e2e/session/lib.sh"
need_tools "$SNMPD" "$SNMPTRAPD" snmpget "$AXPROBE"

is_sequence() { numbers | sort -n -C && [ -z "$(numbers | uniq -d)" ]; }

burst()
{
	start_master
	start_probe -r 1
	wait_for 10 seen "state up"
	freeze "$MASTER"
	tell notify 900
	sleep 3
	check "the event loop runs meanwhile" at_most "$(worst_gap)" 2500
	check "few are under way" at_most "$(stat_of unacknowledged)" 16
	thaw "$MASTER"
	check "all are acknowledged" wait_for 60 stat_reaches sent 900
	check "none is dropped" [ "$(stat_of dropped)" -eq 0 ]
	check "none is repeated" [ "$(stat_of resent)" -eq 0 ]
	check "the master answers" answers
	check "the session is the same" [ "$(count 'state ')" -eq 1 ]
	quit_probe
}

control()
{
	start_master
	start_probe -r 1 -o window -o connect
	wait_for 10 seen "state up"
	freeze "$MASTER"
	tell notify 900
	sleep 2
	thaw "$MASTER"
	sleep 5
	if answers && [ "$(stat_of sent)" = 900 ]; then
		not_ok "without the remedy both sides wait for ever"
	else
		ok "without the remedy both sides wait for ever"
	fi
}

overflow()
{
	start_sink
	PORT=$("$AXPROBE" -P)
	start_probe -r 1
	wait_for 10 seen ready
	tell notify 1200
	check "the oldest are dropped and counted" [ "$(stat_of dropped)" = 200 ]
	check "the others wait" [ "$(stat_of waiting)" = 1000 ]
	start_master
	check "they are sent after the connect" wait_for 60 stat_reaches sent 1000
	wait_for 10 reached 1200
	check "the newest ones, in order" is_sequence
	check "from the right one on" [ "$(numbers | head -n 1)" -gt 200 ]
	quit_probe
}

restart()
{
	start_sink
	start_master
	start_probe -r 1
	wait_for 10 seen "state up"
	tell notify 50
	wait_for 20 stat_reaches sent 50
	wait_for 10 reached 50
	# What it dies with it has not looked at: nothing is told twice.
	freeze "$MASTER"
	tell notify 100
	wait_for 10 stat_reaches unacknowledged 10
	kill_master
	wait_for 10 seen "state down"
	tell notify 100
	start_master
	check "all are acknowledged over a restart" wait_for 60 stat_reaches sent 250
	check "some were sent again" at_least "$(stat_of resent)" 1
	check "none is dropped" [ "$(stat_of dropped)" -eq 0 ]
	wait_for 10 reached 250
	check "in order" is_sequence
	check "none is missing" [ "$(numbers | wc -l)" -eq 250 ]
	quit_probe
}

# Version 3 without authentication: the context can be read in the packet.
ENGINE=0x80001f8804617870726f6265
kinds()
{
	SINK_OPTIONS=-d
	SINK_LINES="createUser -e $ENGINE traps
authUser log traps noauth"
	start_sink
	MASTER_LINES="exactEngineID $ENGINE
createUser traps
trapsess -v 3 -u traps -l noAuthNoPriv 127.0.0.1:$TRAP_PORT"
	start_master
	start_probe -r 1
	wait_for 10 seen "state up"
	tell kinds
	wait_for 10 stat_reaches sent 1
	wait_for 10 arrived "8.8 = "
	while read -r kind; do
		check "arrived: $kind" arrived "$kind"
	done <<-END
		0 = OID: $PROBE_OID.0.2
		8.1 = INTEGER: -2147483648
		8.2 = Gauge32: 4294967295
		8.3 = Counter32: 4000000000
		8.4 = Counter64: 1099511627777
		8.5 = Timeticks: (4200000000)
		8.6 = STRING: "odd"
		8.7 = ""
		8.8 = OID: .1.3.6.1.2.1.197
	END
	check "its context too" context_arrived
	quit_probe
}
arrived() { tr '\t' '\n' <"$D/traps" | grep -qF "$1"; }
# The dump has 16 octets a line, and "context-of-probe" in hexadecimal.
context_arrived()
{
	sed -n 's/^[0-9]*: \(\([0-9A-F][0-9A-F] *\)*\)  .*/\1/p' "$D/traps" |
		tr -d ' \n' | grep -q 636F6E746578742D6F662D70726F6265
}

run_scenarios kinds:kinds: burst:burst: control:control: overflow:overflow: \
	restart:restart:
