#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The master dies while a request waits for its answer: every phase of a SET, and a GET.
# Under valgrind where there is one.
# shellcheck disable=SC1091,SC2034,SC2317
. "${srcdir:-.}/tests/e2e/session/lib.sh"
need_tools "$SNMPD" snmpget snmpset "$AXPROBE"

INVALID=99
WATCH="valgrind -q --num-callers=8 --error-exitcode=$INVALID"
if is_sanitized; then
	WATCH=
elif ! command -v valgrind >/dev/null; then
	echo "# no valgrind: survival is checked, memory is not"
	[ -z "${CI:-}" ] || exit 1
	WATCH=
fi

request()
{
	case $1 in
	GET) TIMEOUT=3 get "$PROBE_OID.1.0" >/dev/null ;;
	*) TIMEOUT=3 set_ "$PROBE_OID.1.0" i 77 "$PROBE_OID.2.0" i 78 >/dev/null ;;
	esac
}

# On a loaded machine the master may give a SET up before that phase.
ask_until_in()
{
	for _ in 1 2 3 4; do
		request "$phase" &
		started "$!"
		wait_for 10 seen "handle $phase" && return
	done
	check "$phase is reached" false
}

# $1: phase that does not come to its end, then further options. Leaves the exit status of
# the probe in STATUS.
die_in()
{
	phase=$1
	shift
	[ "$phase" != UNDO ] || set -- "$@" -f ACTION=14
	start_master
	WRAP=$WATCH
	start_probe -r 1 -d "$phase=2500" "$@"
	wait_for 60 seen "state up"
	ask_until_in
	kill_master
	wait_for 20 seen "state down"
	# The answer comes to a request that is no more.
	sleep 3
	start_master
	wait_for 20 seen_times "state up" 2
	wait_for 10 scalar_is_readable
	quit_probe
	STATUS=$?
}
scalar_is_readable() { TIMEOUT=4 get "$PROBE_OID.2.0" >/dev/null; }

# The GET that asks whether we are back is slow, too, and does come to its end.
nothing_answers()
{
	[ "$(count died)" -eq 0 ] && { [ "$1" = GET ] || [ "$(count 'done')" -eq 0 ]; }
}

survives()
{
	die_in "$1"
	check "the pending request is failed" seen "lost $1"
	check "nothing answers it later" nothing_answers "$1"
	check "the probe is served again and ends well" [ "$STATUS" -eq 0 ]
}

control()
{
	die_in "$1" -o drain
	check "without the remedy memory is misused" [ "$STATUS" -eq "$INVALID" ]
}

set -- GET:survives:GET
for phase in RESERVE1 RESERVE2 ACTION UNDO COMMIT; do
	set -- "$@" "$phase:survives:$phase"
	[ -z "$WATCH" ] || set -- "$@" "$phase-control:control:$phase"
done
JOBS=11
run_scenarios "$@"
