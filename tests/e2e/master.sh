#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# --master, without any snmpd: notifications, of each version of SNMP that a directive can name,
# reach a real snmptrapd, and so does what is said of a manager without rights.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"

ENGINE=0x80001f8804706c61696e
NOTIFICATION=.1.3.6.1.2.1.197.0
STRATUM=$ROOT.2.2.0

lab_dir
lab_tools snmptrapd
dir=$LAB_DIR/m
mkdir -p "$dir/state" "$LAB_DIR/t/state"
port=$(lab_free_udp_port)
trap_port=$(lab_free_udp_port)
lab_sim_start "$LAB_DIR/sim" --dialect ntporg --frozen --control "$LAB_DIR/sim/control" \
	--recording "$srcdir/tests/recordings/ntpd-4.2.8p15-client.txt"

# How it was sent, from which agent, and the variables.
printf '%s\n' 'authCommunity log public' 'doNotRetainNotificationLogs yes' \
	"createUser -e $ENGINE traps SHA-256 \"a pass phrase\" AES \"another one\"" \
	'authUser log traps priv' >"$LAB_DIR/t/snmptrapd.conf"
lab_spawn "$LAB_DIR/t/out.log" env SNMPCONFPATH="$LAB_DIR/t" SNMP_PERSISTENT_DIR="$LAB_DIR/t/state" MIBS= \
	"$SNMPTRAPD" -f -n -C -c "$LAB_DIR/t/snmptrapd.conf" -On -F '%P %a %N.%w.%q %v\n' \
	-Lf "$LAB_DIR/t/traps.log" "udp:127.0.0.1:$trap_port"
lab_wait "grep -qF '$(printf ':%04X ' "$trap_port")' /proc/net/udp" 10 || lab_fail "snmptrapd did not start"

cat >"$dir/ntp-agentxd.conf" <<END
exactEngineID $ENGINE
rocommunity public 127.0.0.1
createUser traps SHA-256 "a pass phrase" AES "another one"
authtrapenable 1
trapsink 127.0.0.1:$trap_port public
trap2sink 127.0.0.1:$trap_port public
informsink 127.0.0.1:$trap_port public
trapsess -v 3 -u traps -l authPriv -a SHA-256 -A "a pass phrase" -x AES -X "another one" 127.0.0.1:$trap_port
target one 127.0.0.1 port $LAB_SIM_PORT interval 1
END
lab_spawn "$dir/log" env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/state" \
	"$AGENTD" "$FILTER" -f -Le -C -c "$dir/ntp-agentxd.conf" --master "udp:127.0.0.1:$port"
agent_pid=$LAB_PID

# value COMMUNITY OID
value() {
	MIBS='' snmpget -v2c -c "$1" -r0 -t1 -Oqv "127.0.0.1:$port" "$2" 2>/dev/null
}
true_that "it serves" lab_wait "[ \"\$(value public $STRATUM)\" = 5 ]" 20

# arrived KIND PATTERN: how many of these came that way
arrived() {
	grep -cE "^$1.*$2" "$LAB_DIR/t/traps.log"
}
# came KIND PATTERN: once
came() {
	true_that "$1: $2" lab_wait "[ \"\$(arrived '$1' '$2')\" -eq 1 ]" 20
}

# Those of this machine: which of them a trap is from is the library's choice.
own_addresses() {
	ip -4 -o addr show up scope global | awk '{ sub("/.*", "", $4); print $4 }'
}
own=$(own_addresses)
"$SIMSAY" "$LAB_DIR/sim/control" "set 0 stratum 9" >/dev/null || lab_fail "ntpsim refused"
for kind in "TRAP2, SNMP v2c" "INFORM, SNMP v2c" "TRAP2, SNMP v3, user traps"; do
	came "$kind" "= OID: $NOTIFICATION\\.2.*stratum changed from 5 to 9"
done
came "TRAP, SNMP v1" "${NOTIFICATION%.0}\\.6\\.\\.2 .*stratum changed from 5 to 9"
from=$(sed -n 's/^TRAP, SNMP v1, community public \([0-9.]*\) .*/\1/p' "$LAB_DIR/t/traps.log")
# shellcheck disable=SC2016 # for the shell inside
true_that "which names an address of this machine: $from" \
	sh -c 'printf "%s\n" "$2" "$3" | grep -qxF "$1"' sh "$from" "${own:-0.0.0.0}" "$(own_addresses)"

is "who has no right is told nothing" "$(value stranger "$STRATUM")" ""
for kind in "TRAP2, SNMP v2c" "INFORM, SNMP v2c" "TRAP2, SNMP v3, user traps"; do
	came "$kind" '= OID: \.1\.3\.6\.1\.6\.3\.1\.1\.5\.5\b'
done
came "TRAP, SNMP v1" '\.4\.0 *$'
is "no request is a line of the log" "$(grep -c 'Connection from' "$dir/log")" 0
echo 'dontLogTCPWrappersConnects no' >>"$dir/ntp-agentxd.conf"
lab_signal "$agent_pid" HUP
lab_wait "grep -q 'configuration read again' $dir/log" 10
true_that "unless that is wanted" lab_wait "value public $STRATUM >/dev/null && grep -q 'Connection from' $dir/log" 10

agent_stop
is "exit code" "$agent_code" 0
finish
