#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The NTP daemon stops, comes back, hangs and is replaced; snmpd stops, is killed and comes
# back. Values go and return by themselves, and no GET ever waits.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"

GETS=300   # per round of latency
ROUNDS=3   # the best of these counts: another program may take the processor in one
SLACK_US=20000

lab_dir
lab_tools snmpd ntpd ntpq
lab_is_root || lab_skip "needs root for network namespaces"
lab_need_ns n
lab_ns_host n
port=$(lab_free_udp_port)
lab_snmpd_start "$LAB_DIR/a" "$port"
agent_start "$LAB_DIR/a" "target real $LAB_NS_ADDR interval 1" "reconnectInterval 1"

start_ntpd() {
	lab_ntpd_start n "$LAB_DIR/n" "refclock local stratum $1 minpoll 0 maxpoll 0"
}

# slowest OID: in microseconds, the best of some rounds; "lost" when a GET was not answered.
slowest() {
	best=
	round=0
	while [ "$round" -lt "$ROUNDS" ]; do
		round=$((round + 1))
		"$GETLAT" "127.0.0.1:$port" public "$1" "$GETS" >"$LAB_DIR/lat" || {
			echo lost
			return
		}
		us=$(awk '{ print $4 }' "$LAB_DIR/lat")
		if [ -z "$best" ] || [ "$us" -lt "$best" ]; then
			best=$us
		fi
	done
	echo "$best"
}

rows() {
	walk "$port" "$LAB_DIR/walk"
	wc -l <"$LAB_DIR/walk" | tr -d ' '
}

# Mode, number of notifications, and the two settings are there in any case.
gone() {
	[ "$(rows)" -eq 4 ]
}

back() {
	[ "$(rows)" -gt 30 ]
}

# latency STATE: no slower than while the daemon lived.
latency() {
	for what in "another subtree:$SYSUPTIME:$alive_other" "our subtree:$ROOT.2.1.0:$alive_own"; do
		rest=${what#*:}
		us=$(slowest "${rest%:*}")
		limit=$((2 * ${rest##*:} + SLACK_US))
		if [ "$us" = lost ]; then
			not_ok "slowest GET of ${what%%:*} while $1: one was not answered"
		else
			between "slowest GET of ${what%%:*} while $1 ($us us; alive ${rest##*:} us)" \
				"$us" 0 "$limit"
		fi
	done
}

# Started before there is any daemon.
true_that "not running is said before the daemon was ever seen" \
	lab_wait "mode_is $port 1" 10
is "only mode, notification counter and settings are there" "$(rows)" 4

# The list of what the master serves (RFC 3418).
listed() {
	lab_snmp "$LAB_DIR/a" walk .1.3.6.1.2.1.1.9.1.2 | grep -q 'OID: \.1\.3\.6\.1\.2\.1\.197$'
}
true_that "sysORTable lists the module" listed

start_ntpd 3
true_that "synchronised to the local clock once it runs" lab_wait "mode_is $port 4" 60
true_that "values are there" lab_wait back 10
is "stratum" "$(get "$port" 2.2.0)" 4
alive_other=$(slowest "$SYSUPTIME")
alive_own=$(slowest "$ROOT.2.1.0")
is "GETs are answered while the daemon lives" "$alive_other $alive_own" \
	"$(echo "$alive_other $alive_own" | sed "s/lost/-/g")"

lab_ntpd_stop "$LAB_DIR/n"
true_that "not running once the daemon stopped" lab_wait "mode_is $port 1" 20
true_that "values are gone" lab_wait gone 5
latency "the daemon is stopped"

start_ntpd 5
true_that "the daemon's successor is seen" lab_wait "mode_is $port 4" 60
true_that "values are back" lab_wait back 10
is "stratum of the successor" "$(get "$port" 2.2.0)" 6
is "no row of the predecessor is left" "$(grep -c '^3\.1\.1\.2\.' "$LAB_DIR/walk")" 1

lab_signal "$(cat "$LAB_DIR/n/ntpd.pid")" STOP
true_that "unknown while the daemon hangs" lab_wait "mode_is $port 99" 30
true_that "values are withdrawn" lab_wait gone 5
latency "the daemon hangs"
lab_signal "$(cat "$LAB_DIR/n/ntpd.pid")" CONT
true_that "values are back when it thaws" lab_wait back 20

lab_snmpd_stop "$LAB_DIR/a"
sleep 2
true_that "the agent survives the master's end" lab_alive "$agent_pid"
lab_snmpd_again "$LAB_DIR/a"
true_that "values are back after a restart of snmpd" lab_wait back 5
lab_snmpd_kill "$LAB_DIR/a"
rm -f "$LAB_DIR/a/agentx"
sleep 3
lab_snmpd_again "$LAB_DIR/a"
true_that "values are back after snmpd was killed" lab_wait back 5
true_that "sysORTable lists the module again" listed

agent_stop
is "exit code after SIGTERM" "$agent_code" 0
true_that "the log has no more lines than transitions" \
	[ "$(wc -l <"$LAB_DIR/a/ntp-agentxd.log")" -le 24 ]
finish
