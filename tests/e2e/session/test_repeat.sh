#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A SET that takes longer than the master's timeout is done once, and succeeds.
# shellcheck disable=SC1091,SC2317
. "${srcdir:-.}/tests/e2e/session/lib.sh"
need_tools "$SNMPD" snmpget snmpset "$AXPROBE"

connect()
{
	start_master
	start_probe -r 1 "$@"
	wait_for 10 seen "state up"
}

# $1: phases that take 1.5 s
slow_set()
{
	options=
	for phase in $1; do
		options="$options -d $phase=1500"
	done
	# shellcheck disable=SC2086 # options
	connect $options
	check "a slow SET succeeds" [ "$(set_ "$PROBE_OID.1.0" i 77)" = 77 ]
	for phase in RESERVE1 RESERVE2 ACTION; do
		check "$phase ran once" [ "$(count "handle $phase 1")" -eq 1 ]
	done
	check "nothing was undone" [ "$(count UNDO)" -eq 0 ]
	check "the value is there" scalar_is 1 77
	check "the session is the same" [ "$(count 'state ')" -eq 1 ]
	quit_probe
}

slow_undo()
{
	connect -d ACTION=1500 -d UNDO=1500 -f ACTION=14
	result=$(TIMEOUT=8 set_ "$PROBE_OID.1.0" i 77)
	case $result in
	*commitFailed*) ok "the manager is told of the failure" ;;
	*) not_ok "the manager is told of the failure, not: $result" ;;
	esac
	check "ACTION ran once" [ "$(count 'handle ACTION')" -eq 1 ]
	check "UNDO ran once" [ "$(count 'handle UNDO')" -eq 1 ]
	quit_probe
}

# The master asks again after a second, and is told that the SET it means has been taken
# up already: the manager reads an error about a write that happens nevertheless.
control()
{
	connect -o dedup -d ACTION=1500
	result=$(set_ "$PROBE_OID.1.0" i 77)
	if [ "$result" = 77 ] && [ "$(count 'handle ACTION 1')" -eq 1 ]; then
		not_ok "without the remedy a slow SET fails or is done twice"
	else
		ok "without the remedy a slow SET fails or is done twice"
	fi
}

run_scenarios action:slow_set:ACTION reserve:slow_set:RESERVE1 \
	reserve2:slow_set:"RESERVE2 ACTION" undo:slow_undo: control:control:
