#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The other ways to be on the net: as a master ourselves, and over a TCP socket.
# shellcheck disable=SC1091,SC2034,SC2317
. "${srcdir:-.}/tests/e2e/session/lib.sh"
need_tools "$SNMPD" "$SNMPTRAPD" snmpget snmpset "$AXPROBE"

access_config()
{
	cat <<END
rocommunity public 127.0.0.1
rwcommunity private 127.0.0.1
trap2sink 127.0.0.1:$TRAP_PORT public
END
}

master()
{
	start_sink
	PORT=$("$AXPROBE" -P)
	AX=
	access_config >"$D/axprobe.conf"
	start_probe -m "udp:127.0.0.1:$PORT"
	wait_for 10 seen ready
	check "the state is up" wait_for 5 seen "state up 1"
	check "GET works" wait_for 5 scalar_is 1 0
	check "SET works" [ "$(set_ "$PROBE_OID.2.0" i 42)" = 42 ]
	check "and stays" scalar_is 2 42
	tell notify 20
	check "notifications arrive" wait_for 10 reached 20
	check "each one once" [ "$(numbers | wc -l)" -eq 20 ]
	check "and are counted" [ "$(stat_of sent)" -eq 20 ]
	SNMPCONFPATH=$D SNMP_PERSISTENT_DIR=$D/persistent "$AXPROBE" \
		-m "udp:127.0.0.1:$PORT" >"$D/second.out" 2>&1 </dev/null
	check "a second one on the same port is refused" [ "$?" -eq 1 ]
	check "and says why" grep -q "cannot listen on udp:127" "$D/second.out"
	check "it ends well" quit_probe
}

tcp()
{
	AX=tcp:127.0.0.1:$("$AXPROBE" -P)
	start_master
	start_probe -r 1
	check "it connects" wait_for 10 seen "state up"
	check "it is served" wait_for 5 scalar_is 1 0
	tell notify 150
	check "notifications are acknowledged" wait_for 20 stat_reaches sent 150
	kill_master
	check "the end is noticed" wait_for 10 seen "state down"
	start_master
	check "it connects again" wait_for 10 seen_times "state up" 2
	check "and is served again" wait_for 5 scalar_is 1 0
	check "it ends well" quit_probe
}

tcp_absent()
{
	AX=tcp:127.0.0.1:$("$AXPROBE" -P)
	start_probe -r 1
	wait_for 10 seen ready
	sleep 4
	check "an absent master is one line" [ "$(count 'master')" -eq 1 ]
	start_master
	check "it is found when it comes" wait_for 10 seen "state up"
	check "it ends well" quit_probe
}

run_scenarios master:master: tcp:tcp: tcp-absent:tcp_absent:
