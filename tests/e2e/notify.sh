#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Notifications of real daemons, caught by a real snmptrapd: what happens to an NTPsec ntpd
# and its servers arrives once, with the right variables, in order, in the right context;
# nothing arrives that is switched off; what happens while snmpd is away arrives later.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/traps.sh"

ENGINE=0x80001f88046c61622d6e6f74696679
BITS=$ROOT.4.2.0
INTERVAL=$ROOT.4.1.0
S1=198.18.1.1
S2=198.18.2.1

lab_dir
lab_tools snmpd snmptrapd ntpd ntpq
lab_is_root || lab_skip "needs root for network namespaces"
lab_need_ns s1 s2 n
lab_ns_join s1 "$S1/24" n "198.18.1.2/24"
lab_ns_join s2 "$S2/24" n "198.18.2.2/24"
lab_ns_host n
port=$(lab_free_udp_port)
trap_port=$(lab_free_udp_port)

# --- daemons -----------------------------------------------------------------------------------

v3() {
	v3_command=$1
	shift
	env SNMPCONFPATH="$LAB_DIR/a" SNMP_PERSISTENT_DIR="$LAB_DIR/a/state" MIBS= \
		"snmp$v3_command" -v3 -l authPriv -u lab -a SHA-256 -A lab-secret -x AES \
		-X lab-secret -n real -r1 -t3 -On -Oqve "127.0.0.1:$port" "$@" 2>&1
}

set_bits() {
	v3 set "$BITS" x "$1" >/dev/null || lab_fail "bits cannot be set"
}

real_mode() {
	v3 get "$ROOT.2.1.0"
}

is_synchronised() {
	[ "$(real_mode)" = 6 ]
}

start_server() {
	lab_ntpd_start "$1" "$LAB_DIR/$1" "refclock local stratum $2 minpoll 0 maxpoll 0"
}

start_client() {
	lab_ntpd_start n "$LAB_DIR/n" "keys $LAB_DIR/keys" "trustedkey 1" "controlkey 1" \
		"server $1 minpoll 0 maxpoll 0"
}

configure() {
	# It asks for the password.
	echo lab-secret | lab_ntpq n -c "keytype MD5" -c "keyid 1" -c ":config $1" \
		>"$LAB_DIR/config.out" 2>&1
	grep -q "Config Succeeded" "$LAB_DIR/config.out" ||
		lab_fail "ntpq: $(cat "$LAB_DIR/config.out")"
}

# id ADDRESS: the association's number, by ntpq.
id() {
	id_row=$(lab_ntpq n -pn | awk -v a="$1" '/^ *=/ { on = 1; next } on { n++; if (index($0, a) == 2) print n }')
	lab_ntpq n -c as | awk -v row="$id_row" '$1 == row { print $2 }'
}

printf '1 MD5 lab-secret\n' >"$LAB_DIR/keys"
traps_start "$LAB_DIR/t" "$trap_port" "createUser -e $ENGINE traps" "authUser log traps noauth"
traps_of .1.3.6.1.2.1.197.0 .1.3.6.1.2.1.197.1 2.9.0
start_server s1 3
start_server s2 5
start_client "$S1"
lab_wait "lab_ntp_synced n" 60 || lab_fail "the client selected no peer"
lab_snmpd_start "$LAB_DIR/a" "$port" "exactEngineID $ENGINE" "createUser traps" \
	"trap2sink 127.0.0.1:$trap_port public" \
	"trapsess -v 3 -u traps -l noAuthNoPriv 127.0.0.1:$trap_port"
agent_start "$LAB_DIR/a" "target real $LAB_NS_ADDR interval 1 context real" "reconnectInterval 1"
lab_wait is_synchronised 30 || lab_fail "the agent does not see the client"
told "nothing is told of what was there before"
is "all but the heartbeat are on" "$(v3 get "$BITS")" '"7F 00 "'

# --- servers go and come -----------------------------------------------------------------------

s1_id=$(id "$S1")
lab_ntpd_stop "$LAB_DIR/s1"
told "the only server stops" \
	"1 2\.1\.0=2;" \
	"3 2\.9\.0=0;2\.3\.0=0;5\.1\.0=real: system peer changed from $S1 \($s1_id\) to none;"
start_server s1 3
told "it comes back" \
	"1 2\.1\.0=6;" \
	"3 2\.9\.0=16;2\.3\.0=$s1_id;5\.1\.0=real: system peer changed from none to $S1 \($s1_id\);"

# --- associations come and go ------------------------------------------------------------------

configure "server $S2 minpoll 0 maxpoll 0"
s2_id=$(id "$S2")
told "an association is added at run time" \
	"4 2\.9\.0=16;3\.1\.1\.2\.$s2_id=$S2;5\.1\.0=real: association added: $S2 \($s2_id\);" \
	"6 2\.9\.0=16;5\.1\.0=real: configured associations changed: 1 added: $S2 \($s2_id\); 0 removed;"
lab_wait "lab_ntpq n -pn | grep -q '^[+*]$S2'" 30 || lab_fail "$S2 does not become a candidate"
lab_ntpd_stop "$LAB_DIR/s1"
told "the client goes over to another server" \
	"2 2\.9\.0=16;2\.2\.0=7;5\.1\.0=real: stratum changed from 5 to 7;" \
	"3 2\.9\.0=16;2\.3\.0=$s2_id;5\.1\.0=real: system peer changed from $S1 \($s1_id\) to $S2 \($s2_id\);"
configure "unpeer $S1"
told "an association is removed at run time" \
	"5 2\.9\.0=16;3\.1\.1\.2\.$s1_id=$S1;5\.1\.0=real: association removed: $S1 \($s1_id\);" \
	"6 2\.9\.0=16;5\.1\.0=real: configured associations changed: 0 added; 1 removed: $S1 \($s1_id\);"

# --- what is switched off ----------------------------------------------------------------------

set_bits 0000
configure "server $S1 minpoll 0 maxpoll 0"
sleep 3
configure "unpeer $S1"
told "nothing without its bit"
set_bits 0800 # entNotifAddAssociation
configure "server $S1 minpoll 0 maxpoll 0"
again_id=$(id "$S1")
told "one with its bit, the others without" \
	"4 2\.9\.0=16;3\.1\.1\.2\.$again_id=$S1;5\.1\.0=real: association added: $S1 \($again_id\);"
configure "unpeer $S1"

v3 set "$INTERVAL" u 2 >/dev/null
set_bits 0080
sleep 7
v3 set "$INTERVAL" u 0 >/dev/null
sleep 1
since >"$LAB_DIR/since"
between "heartbeats in seven seconds, one every two" \
	"$(grep -cE '^8 .*;4\.1\.0=2;' "$LAB_DIR/since")" 3 5
sleep 5
since >"$LAB_DIR/since"
is "an interval of 0 is one more heartbeat" "$(grep -cE '^8 .*;4\.1\.0=0;' "$LAB_DIR/since")" 1
is "nothing but heartbeats" "$(grep -cvE \
	'^8 2\.9\.0=16;2\.1\.0=6;4\.1\.0=[02];5\.1\.0=real: alive, synchronized to a remote server;$' \
	"$LAB_DIR/since")" 0
set_bits 7f00
mark

# --- the daemon restarts while snmpd is away ---------------------------------------------------

lab_snmpd_stop "$LAB_DIR/a"
start_server s1 3
sleep 2
lab_ntpd_stop "$LAB_DIR/n"
sleep 3
start_client "$S1"
lab_wait "lab_ntp_synced n" 60 || lab_fail "the client does not come back"
sleep 15 # until the daemon counts as settled
is "nothing arrives without snmpd" "$(since | wc -l | tr -d ' ')" 0
back=$(($(date +%s) + 2208988800))
sleep 2
lab_snmpd_again "$LAB_DIR/a"
s1_id=$(id "$S1")
told "stopped and started with another server" \
	"1 2\.1\.0=1;" \
	"1 2\.1\.0=2;" \
	"1 2\.1\.0=6;" \
	"2 2\.9\.0=16;2\.2\.0=5;5\.1\.0=real: stratum changed from 16 to 5;" \
	"3 2\.9\.0=16;2\.3\.0=$s1_id;5\.1\.0=real: system peer changed from none to $S1 \($s1_id\);" \
	"6 2\.9\.0=16;5\.1\.0=real: configured associations changed: 1 added: $S1 \($s1_id\); 1 removed: $S2 \($s2_id\);"
is "in the order it happened" "$(sed -n 's/^1 2\.1\.0=//p' "$LAB_DIR/since" | tr -d ';\n')" 126
origin=$(arrived v2c date | sed -n 's/^6 2\.9\.0=\([0-9]*\);.*/\1/p' | tail -n 1)
between "with the time it happened" "$origin" "$((back - 60))" "$back"

lab_ntpd_stop "$LAB_DIR/n"
told "stopped" "1 2\.1\.0=1;"
start_client "$S1"
lab_wait is_synchronised 60 || lab_fail "the client does not come back"
sleep 12 # until the daemon counts as settled
settle 4
is "started as before: no change of the configuration" "$(since | grep -c '^6')" 0

# --- the whole ---------------------------------------------------------------------------------

is "each was counted" "$(v3 get "$ROOT.2.16.0")" "$(number_arrived)"
arrived v2c >"$LAB_DIR/all.v2c"
arrived v3 >"$LAB_DIR/all.v3"
true_that "version 3 tells the same as version 2c" cmp -s "$LAB_DIR/all.v2c" "$LAB_DIR/all.v3"
is "in the context of the target" \
	"$(grep '^TRAP2, SNMP v3' "$LAB_DIR/t/traps.log" | grep -F '.197.0.' | grep -cv 'context real')" 0
agent_stop
is "exit code after SIGTERM" "$agent_code" 0
finish
