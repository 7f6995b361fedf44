#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The main job on real daemons: an NTPsec client with a selected network peer, an IPv6 peer
# and an unreachable one, read by ntp-agentxd, walked through snmpd, held object by object
# against what ntpq says of the same moment.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/ntpq.sh"

TRIES=25

lab_dir
lab_tools snmpd ntpd ntpq
lab_is_root || lab_skip "needs root for network namespaces"
lab_need_ns server client
lab_ns_join server "198.18.1.1/24 fd00:5907::1/64" client "198.18.1.2/24 fd00:5907::2/64"
lab_ns_host client
lab_ntpd_start server "$LAB_DIR/server" "refclock local stratum 3 minpoll 0 maxpoll 0"
lab_ntpd_start client "$LAB_DIR/client" \
	"server 198.18.1.1 minpoll 3 maxpoll 3 iburst" \
	"server fd00:5907::1 minpoll 3 maxpoll 3 iburst" \
	"server 198.18.1.77 minpoll 3 maxpoll 3" \
	"refclock local stratum 12 minpoll 3 maxpoll 3"
port=$(lab_free_udp_port)
lab_snmpd_start "$LAB_DIR/a" "$port"
agent_start "$LAB_DIR/a" "target real $LAB_NS_ADDR interval 1"
lab_wait "lab_ntp_synced client" 90 || lab_fail "the client selected no peer"
lab_wait "mode_is $port 6" 90 || lab_fail "the agent does not see the client synchronised"

# A cycle between the two readings, so that what did not change between them is what the
# agent has read.
one_comparison() {
	ntpq_read client "$LAB_DIR/before" || return 1
	sleep 2.3
	walk "$port" "$LAB_DIR/walk"
	ntpq_read client "$LAB_DIR/after" || return 1
	sed -i "s/^\([0-9]*\) srcadr=fd00:5907::1\$/&\n\1 hex=FD 00 59 07 00 00 00 00 00 00 00 00 00 00 00 01/" \
		"$LAB_DIR/after"
	awk -v wanted_mode=6 -f "$srcdir/tests/e2e/compare.awk" \
		"$LAB_DIR/before" "$LAB_DIR/after" "$LAB_DIR/walk" >"$LAB_DIR/verdict"
}

# Each object has to agree once in a settled moment, and must never disagree in one.
: >"$LAB_DIR/agreed"
n=0
while [ "$n" -lt "$TRIES" ]; do
	n=$((n + 1))
	one_comparison || continue
	grep '^not ok' "$LAB_DIR/verdict" && break
	sed -n 's/^ok //p' "$LAB_DIR/verdict" | sort -u - "$LAB_DIR/agreed" >"$LAB_DIR/more"
	mv "$LAB_DIR/more" "$LAB_DIR/agreed"
	sed 's/^[a-z]* *//' "$LAB_DIR/verdict" | sort -u >"$LAB_DIR/all"
	cmp -s "$LAB_DIR/all" "$LAB_DIR/agreed" && break
done
while read -r what; do
	ok "$what"
done <"$LAB_DIR/agreed"
grep '^not ok' "$LAB_DIR/verdict" >"$LAB_DIR/wrong" || :
while read -r line; do
	not_ok "${line#not ok }"
done <"$LAB_DIR/wrong"
if [ ! -s "$LAB_DIR/wrong" ]; then
	comm -23 "$LAB_DIR/all" "$LAB_DIR/agreed" >"$LAB_DIR/unsettled"
	while read -r what; do
		not_ok "$what: never settled in $TRIES readings"
	done <"$LAB_DIR/unsettled"
fi
is "associations compared" "$(wc -l <"$LAB_DIR/after.as" | tr -d ' ')" 4
true_that "at least 60 objects compared" [ "$passed" -ge 60 ]

# One SNMP request: GET of every instance agrees with the walk's types.
for row in "1.5.0 Gauge32" "1.6.0 INTEGER" "2.2.0 Gauge32" "2.8.0 Timeticks" \
	"2.12.0 Counter32" "1.1.0 STRING" "2.9.0 Hex-STRING"; do
	is "type of ${row% *}" "$(type_of "$LAB_DIR/walk" "${row% *}")" "${row#* }"
done
agent_stop
is "exit code after SIGTERM" "$agent_code" 0
finish
