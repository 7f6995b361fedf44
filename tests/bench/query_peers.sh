#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The billboard of a daemon with a thousand associations: NTPsec's ntpq and ntp-query ask the same
# ntpd in turn.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/query.sh"
. "$srcdir/tests/bench/bench.sh"

ASSOCIATIONS=${ASSOCIATIONS:-1000}
ROUNDS=${ROUNDS:-15}
DUEL=$top_builddir/tests/bench/duel

lab_dir
lab_tools ntpd ntpq
lab_is_root || lab_skip "needs root for network namespaces"
lab_need_ns daemon
set --
i=0
while [ "$i" -lt "$ASSOCIATIONS" ]; do
	set -- "$@" "server 198.18.$((i / 250)).$((i % 250 + 1)) minpoll 10 maxpoll 10"
	i=$((i + 1))
done
lab_ntpd_start daemon "$LAB_DIR/daemon" "$@"
lab_wait "[ \"\$(lab_in daemon $QUERY -nc lpeers 127.0.0.1 2>/dev/null | wc -l)\" = $((ASSOCIATIONS + 2)) ]" 20 ||
	lab_fail "the daemon has not $ASSOCIATIONS associations"
is "both show all" "$(lab_ntpq daemon -nc lpeers | wc -l)" $((ASSOCIATIONS + 2))
# Once, start of the program included, and ten times over, which leaves little of that.
for times in 1 10; do
	set --
	i=0
	while [ "$i" -lt "$times" ]; do
		set -- "$@" -c lpeers
		i=$((i + 1))
	done
	result=$(lab_in daemon "$DUEL" "$ROUNDS" "$NTPQ" -n "$@" 127.0.0.1 -- "$QUERY" -n "$@" 127.0.0.1) ||
		lab_fail "a command failed"
	bench_report "query_peers_$times" \
		"lpeers $times times, $ASSOCIATIONS associations, $ROUNDS rounds; a: ntpq, b: ntp-query" "$result"
done
finish
