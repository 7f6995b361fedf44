#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The lab itself: two NTPsec daemons in namespaces choose each other, cannot set the clock and do
# not, and notice when the other is gone.
set -u
srcdir=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
. "$srcdir/tests/support/lab.sh"

# How far the wall clock is ahead of the clock since boot, in milliseconds: constant unless
# somebody sets the wall clock. Of several readings the one taken in the shortest time.
wall_minus_boot_ms() {
	for try in 1 2 3 4 5; do
		before=$(cut -d' ' -f1 /proc/uptime)
		wall=$(date +%s.%N)
		after=$(cut -d' ' -f1 /proc/uptime)
		printf '%s %s %s %s\n' "$before" "$wall" "$after" "$try"
	done | awk '
		{ took = $3 - $1 }
		NR == 1 || took < best { best = took; ahead = $2 - ($1 + $3) / 2 }
		END { printf "%.0f\n", ahead * 1000 }'
}

server_is_unreachable() {
	lab_ntpq client -c 'rv &1 reach' | grep -q 'reach=0*$'
}

lab_tools ntpd ntpq
lab_dir
lab_need_ns server client
lab_ns_join server 198.18.1.1/30 client 198.18.1.2/30 || lab_fail "no cable between namespaces"
ahead_before=$(wall_minus_boot_ms)

lab_ntpd_start server "$LAB_DIR/server" 'refclock local stratum 3 minpoll 0 maxpoll 0'
server=$LAB_PID
lab_ntpd_start client "$LAB_DIR/client" 'server 198.18.1.1 minpoll 0 maxpoll 0'
client=$LAB_PID

lab_wait 'lab_ntp_synced client' 60 || lab_fail "no peer was selected within a minute"
lab_ntpq client -pn

for pid in "$server" "$client"; do
	lab_lacks_sys_time "$pid" || lab_fail "process $pid can set the clock"
	[ "$(readlink "/proc/$pid/exe")" = "$NTPD" ] || lab_fail "process $pid is not ntpd"
done
lab_lacks_sys_time $$ && lab_fail "the check for the capability cannot fail: we seem to lack it"

lab_ntpd_stop "$LAB_DIR/server" KILL
lab_wait server_is_unreachable 40 || lab_fail "the killed server stayed reachable"
lab_alive "$client" || lab_fail "the client ended"
lab_lacks_sys_time "$client" || lab_fail "the client can set the clock"

moved=$(($(wall_minus_boot_ms) - ahead_before))
[ "${moved#-}" -le 250 ] || lab_fail "the wall clock was moved by $moved ms"
echo "PASS: selected, clockless, clock unmoved ($moved ms), unreachable after the end"
