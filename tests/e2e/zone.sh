#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Link-local addresses, whose zone has the name of an interface: of a target the system is asked
# for its number, under the filter of system calls, and again when the interface is another one;
# in what a daemon says it is text of another machine, and nobody is asked.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
QUERY=${QUERY:-$top_builddir/ntp-query}

STRATUM=$ROOT.2.2.0
FAR=fe80::5907:2
AGAIN_S=90 # a daemon that was silent may be one that limits our rate

lab_dir
lab_tools snmpd ntpd
lab_is_root || lab_skip "needs root for network namespaces"
dir=$LAB_DIR/a
log=$dir/ntp-agentxd.log
port=$(lab_free_udp_port)
lab_need_ns n

# cable: an interface with link-local addresses, and ntpd at its other end
cable() {
	lab_ns_host n || lab_fail "no cable to the namespace"
	zone=ax${LAB_DIR##*.}
	{
		ip addr add fe80::5907:1/64 dev "$zone" nodad &&
			ip -n "$(lab_ns n)" addr add $FAR/64 dev to-host nodad
	} || lab_fail "no IPv6 here"
	lab_ntpd_start n "$LAB_DIR/n" "refclock local stratum 4 minpoll 0 maxpoll 0" \
		"restrict fe80:: mask ffc0::"
}
cable
lab_sim_start "$LAB_DIR/sim" --dialect ntporg --frozen --control "$LAB_DIR/sim/control" \
	--recording "$srcdir/tests/recordings/ntpd-4.2.8p15-client.txt"
lab_snmpd_start "$dir" "$port" "rocommunity c2 127.0.0.1 -V all t2" \
	"rocommunity c3 127.0.0.1 -V all t3" "rocommunity c4 127.0.0.1 -V all t4"

# value COMMUNITY OID
value() {
	MIBS='' snmpget -v2c -c "$1" -r1 -t1 -Oqv "127.0.0.1:$port" "$2" 2>&1
}
# serves COMMUNITY: the stratum of the ntpd at the other end
serves() {
	[ "$(value "$1" "$STRATUM")" = 5 ]
}

# --- the zone of a target ----------------------------------------------------------------------

configured="target t1 $FAR%$zone interval 1"
agent_start "$dir" "$configured"
true_that "a target is found by the name of its interface" lab_wait "serves public" 20
number=$(cat "/sys/class/net/$zone/ifindex")
printf '%s\n' "$configured" "target t2 $FAR%$zone interval 1" "target t3 $FAR%$number interval 1" \
	"target t4 $FAR%no-such-one interval 1" >"$dir/ntp-agentxd.conf"
lab_signal "$agent_pid" HUP
true_that "so is one that a SIGHUP adds" lab_wait "serves c2" 20
true_that "and one by the number" lab_wait "serves c3" 20
true_that "the log says that an interface is unknown" lab_wait "grep -q 't4 .*no-such-one.*: its name has no address' $log" 10
is "which has nothing to say" "$(value c4 "$STRATUM" | grep -c 'No Such')" 1
is "ntp-query takes the name, too" \
	"$("$QUERY" -c 'readvar 0 stratum' "$FAR%$zone" | grep -o 'stratum=[0-9]*')" stratum=5
is "and says when there is no such interface" \
	"$("$QUERY" -c 'readvar 0 stratum' "$FAR%no-such-one" 2>&1 | grep -c 'no-such-one: unknown node')" 1

# --- another interface of that name ------------------------------------------------------------

lab_ntpd_stop "$LAB_DIR/n"
ip link del "$zone"
cable
now=$(cat "/sys/class/net/$zone/ifindex")
true_that "the new interface has another number" [ "$now" -ne "$number" ]
true_that "the target by name is found again" lab_wait "serves public" "$AGAIN_S"

# --- what a daemon says ------------------------------------------------------------------------

printf '%s\n' "target t1 127.0.0.1 port $LAB_SIM_PORT interval 1" >"$dir/ntp-agentxd.conf"
lab_signal "$agent_pid" HUP
addresses() {
	MIBS='' snmpwalk -v2c -c public -r1 -t1 -Oqvx "127.0.0.1:$port" "$ROOT.3.1.1.5" | tr -d '" '
}
lab_wait "addresses | grep -q 7F7F" 20 || lab_fail "the simulator is not read"
n=0
# The two that are shown come last: with them the others were read.
for text in "127.127%x.1.0" "%lo" "fe80::9%" "fe80::9%$zone" "fe80::9%lo"; do
	n=$((n + 1))
	"$SIMSAY" "$LAB_DIR/sim/control" "add $((40000 + n)) 9614 srcadr=$text stratum=3" >/dev/null ||
		lab_fail "ntpsim refused $text"
done
link_local() {
	[ "$(addresses | grep -c '^FE800000000000000000000000000009$')" -eq 2 ]
}
true_that "the name of a zone there is left out here" lab_wait link_local 10
true_that "and ends nothing" lab_alive "$agent_pid"

agent_stop
is "it ends well" "$agent_code" 0
finish
