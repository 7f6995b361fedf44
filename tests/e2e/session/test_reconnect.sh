#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The master goes and comes: we are back soon, with everything, and quiet in between.
# shellcheck disable=SC1091,SC2034,SC2317
. "${srcdir:-.}/tests/e2e/session/lib.sh"
need_tools "$SNMPD" snmpget snmpwalk "$AXPROBE"

COMPLAINT="attempted to be re-opened"
RECONNECT_S=2

rss_kb() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$PROBE/status"; }
descriptors() { find "/proc/$PROBE/fd" -mindepth 1 | wc -l; }
has_capability() { walk "$SYSOR_OID" | grep -q "axprobe capability"; }

# $1: which start of the master this is
restart_once()
{
	kill_master
	wait_for 5 seen_times "state down" "$1"
	start_master
	begun=$(now_cs)
	wait_for 20 seen_times "state up" $(($1 + 1))
	took=$(($(now_cs) - begun))
	check "restart $1: back within the interval" \
		at_most "$took" $((RECONNECT_S * 100 + 150))
	check "restart $1: its objects are back" wait_for 5 scalar_is 1 0
	check "restart $1: its capability is back" wait_for 5 has_capability
}

restarts()
{
	start_master
	start_probe -r "$RECONNECT_S"
	wait_for 10 seen "state up"
	restart_once 1
	rss=$(rss_kb) fds=$(descriptors)
	for n in 2 3 4 5; do
		restart_once "$n"
	done
	check "no descriptor is lost" [ "$(descriptors)" -eq "$fds" ]
	is_sanitized || check "no memory is lost" at_most "$(rss_kb)" $((rss + 512))
	check "a line for each connect" [ "$(count 'connected to the master')" -eq 6 ]
	check "a line for each disconnect" [ "$(count 'disconnected from')" -eq 5 ]
	check "no complaint" [ "$(count "$COMPLAINT")" -eq 0 ]
	quit_probe
}

# The master dies between our connect and its answer to our Open. On a loaded machine the
# moment may be missed; then once more.
die_in_open()
{
	for attempt in 1 2 3 4 5; do
		start_master
		freeze "$MASTER"
		# shellcheck disable=SC2086 # options
		start_probe -r 1 $1
		sleep 0.4
		kill_master
		wait_for 10 seen "ended it at once" && break
		end_child "$PROBE"
		[ "$attempt" -lt 5 ] || not_ok "the master can be killed in time"
	done
	start_master
	wait_for 10 seen "state up"
}

quiet_after_open()
{
	die_in_open ""
	sleep 5
	check "connected" seen "state up"
	check "nothing tries to connect again" [ "$(count "$COMPLAINT")" -eq 0 ]
	quit_probe
}

control()
{
	die_in_open "-o alarms"
	check "without the remedy the library tries for ever" \
		wait_for 15 seen_times "$COMPLAINT" 3
}

absent()
{
	PORT=$("$AXPROBE" -P)
	start_probe -r 1
	wait_for 10 seen ready
	sleep 10
	check "an absent master is one line" [ "$(count 'master')" -eq 1 ]
	check "with a hint" seen "No such file.*add \"master agentx\" to snmpd.conf"
	check "the event loop runs" at_most "$(worst_gap)" 2500
	start_master
	check "the master is found when it comes" wait_for 10 seen "state up"
	kill_master
	wait_for 5 seen "state down"
	sleep 3
	check "the next outage is one line more" [ "$(count 'cannot connect')" -eq 2 ]
	check "with its own hint" seen "Connection refused; snmpd is not running"
	quit_probe
}

# What only the user in question may not do, root may.
forbidden()
{
	if [ "$(id -u)" -eq 0 ]; then
		command -v setpriv >/dev/null || return 0
		chmod 0755 "$ROOT" "$D"
		WRAP="setpriv --reuid 65534 --regid 65534 --clear-groups"
		chmod 0777 "$D/probe-persistent"
		chmod -R a+rX "$D"
	fi
	start_master
	chmod 0600 "$D/ax"
	start_probe -r 1
	wait_for 10 seen ready
	check "a forbidden socket is explained" seen "Permission denied; .*agentXPerms"
	quit_probe
}

run_scenarios restarts:restarts: die-in-open:quiet_after_open: control:control: \
	absent:absent: forbidden:forbidden:
