#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A master that hangs does not hang us: the library's blocking calls are short, and
# connect() does not block at all.
# shellcheck disable=SC1091,SC2317
. "${srcdir:-.}/tests/e2e/session/lib.sh"
need_tools "$SNMPD" snmpget "$AXPROBE"

SHORT_MS=2500 # one blocking call, on a loaded machine
LONG_MS=4000  # less than the six seconds that the library waits of its own accord

start_time() { sed -n 's/.*started in \([0-9]*\) ms$/\1/p' "$D/probe.out"; }
loop_ran() { at_most "$(worst_gap)" "$SHORT_MS"; }

# The socket's queue takes the connection of a frozen master, nobody opens the session.
open_at_hung_master()
{
	start_master
	freeze "$MASTER"
	# shellcheck disable=SC2086 # options
	start_probe -r 2 $1
	wait_for 30 seen ready
}

short_open()
{
	open_at_hung_master ""
	check "start-up waits briefly" at_most "$(start_time)" "$SHORT_MS"
	sleep 6
	check "retries do not hold up the event loop" loop_ran
	check "the log says what is wrong, once" \
		[ "$(count 'did not open a session')" -eq 1 ]
	thaw "$MASTER"
	check "it connects when the master wakes up" wait_for 10 seen "state up"
	quit_probe
}

long_open()
{
	open_at_hung_master "-o sync"
	check "without the remedy start-up waits long" at_least "$(start_time)" "$LONG_MS"
	thaw "$MASTER"
}

# Connected, then frozen: a ping would wait for its answer.
no_pings()
{
	start_master
	start_probe -r 1
	wait_for 10 seen "state up"
	freeze "$MASTER"
	sleep 5
	check "a frozen master is not noticed" loop_ran
	thaw "$MASTER"
	check "and serves us afterwards" wait_for 10 scalar_is 1 0
	check "over the same connection" [ "$(count 'state ')" -eq 1 ]
	quit_probe
}

pings()
{
	start_master
	start_probe -r 1 -o alarms
	wait_for 10 seen "state up"
	freeze "$MASTER"
	check "without the remedy pings break the connection" \
		wait_for 15 seen "state down"
	thaw "$MASTER"
}

# Connections that nobody accepts fill the queue of the socket.
hog()
{
	freeze "$MASTER"
	"$AXPROBE" -H "$D/ax" >"$D/hog.out" 2>&1 &
	started "$!"
	wait_for 10 grep -q full "$D/hog.out"
}

full_queue()
{
	start_master
	hog
	start_probe -r 1
	check "connect() returns at once" wait_for 5 seen ready
	check "start-up does not wait" at_most "$(start_time)" "$SHORT_MS"
	sleep 3
	check "nor does the event loop" loop_ran
	check "the log says what is wrong, once" [ "$(count 'it hangs')" -eq 1 ]
	quit_probe
}

full_queue_control()
{
	start_master
	hog
	start_probe -r 1 -o connect
	sleep 5
	check "without the remedy connect() waits for ever" [ "$(count ready)" -eq 0 ]
}

run_scenarios short-open:short_open: long-open:long_open: no-pings:no_pings: \
	pings:pings: full-queue:full_queue: full-queue-control:full_queue_control:
