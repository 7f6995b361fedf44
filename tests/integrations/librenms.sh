#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# LibreNMS is no package of Debian: librenms.py finds the sensors of its file in the agent's tables as it
# does, and every number has to be that object's, have that value, and give seconds where it should.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/integrations/common.sh"

ENTRIES_MIN=20

lab_dir
needs snmptranslate snmpbulkwalk yamllint
/usr/bin/python3 -c 'import yaml' 2>/dev/null || lab_skip "no python3-yaml here"
file=$top_builddir/conf/integrations/librenms/ntp-agentx.yaml
true_that "well-formed" yamllint -s -d '{extends: default, rules: {line-length: {max: 110}}}' "$file" \
	>"$LAB_DIR/yamllint.log" 2>&1
scene
# A daemon with reference clocks as well.
lab_sim_start "$LAB_DIR/clock" --dialect ntporg --frozen --recording "$srcdir/tests/recordings/ntpd-4.2.8p15-server.txt"
echo "target clock 127.0.0.1 port $LAB_SIM_PORT interval 1" >>"$LAB_DIR/a/ntp-agentxd.conf"
lab_signal "$agent_pid" HUP
clocks=.1.9.1.1.19.$(row clock)
lab_wait "MIBS= snmpwalk -v2c -c public -On 127.0.0.1:$port $root$clocks | grep -q INTEGER" 20 || lab_fail "no clocks"
# And one that listens to broadcasts: mode 6 of the protocol.
"$SIMSAY" "$LAB_DIR/sim/control" "add 60002 9614 srcadr=192.0.2.7 hmode=6" >/dev/null || lab_fail "not added"
types() {
	MIBS='' snmpbulkwalk -v2c -c public -Oqv "127.0.0.1:$port" "$root.1.7.1.1.17"
}
lab_wait "types | grep -qx 7" 20 || lab_fail "what was added is not served"

export MIBDIRS="$mibs" MIBS=NTP-AGENTX-MIB:NTPv4-MIB
/usr/bin/python3 "$srcdir/tests/integrations/librenms.py" "$file" snmpbulkwalk -v2c -c public "127.0.0.1:$port" \
	>"$LAB_DIR/found" 2>"$LAB_DIR/found.log" || not_ok "$(tail -n 1 "$LAB_DIR/found.log")"
is "what is wrong in the file" "$(sed -n 's/^wrong|//p' "$LAB_DIR/found" | tr '\n' ' ')" ""
between "entries" "$(grep -c '^entry|' "$LAB_DIR/found")" "$ENTRIES_MIN" 100
is "entries that find nothing" "$(sed -n 's/^entry|\([^|]*|[^|]*|\).*/\1/p' "$LAB_DIR/found" | while read -r entry; do
	grep -q "^sensor|$entry" "$LAB_DIR/found" || echo "$entry"
done)" ""

# Against the module and against the agent.
sed -n 's/^sensor|//p' "$LAB_DIR/found" >"$LAB_DIR/sensors"
while IFS='|' read -r _ name number _ value _; do
	case $number in
	"$(snmptranslate -On "$name")".*) ;;
	*) echo "$name is not $number" ;;
	esac
	polled=$(snmpget -v2c -c public -Oqve "127.0.0.1:$port" "$number" 2>&1)
	[ "${polled%% *}" = "$value" ] || echo "$name: $polled, found $value"
done <"$LAB_DIR/sensors" >"$LAB_DIR/strangers"
is "numbers that are not what they are said to be" "$(cat "$LAB_DIR/strangers")" ""

# states OBJECT: as the module has them
states() {
	snmptranslate -Td "$1" | sed -n 's/^  SYNTAX.*INTEGER {\(.*\)}.*/\1/p'
}
# divisor CLASS OBJECT: what makes its unit that of the class
divisor() {
	case $1:$2 in
	delay:*Us) echo 1000000 ;;
	delay:*Seconds) echo 1 ;;
	delay:*) echo "one for seconds" ;;
	count:*Ppb) echo 1000 ;;
	*) echo 1 ;;
	esac
}
sed -n 's/^entry|//p' "$LAB_DIR/found" | while IFS='|' read -r class name by words _; do
	[ "$words" = "$(states "$name")" ] || [ "$class" != state ] || echo "$name: $words"
	[ "$by" = "$(divisor "$class" "$name")" ] || echo "$name: divided by $by"
done >"$LAB_DIR/strangers"
is "states and divisors that are not the module's" "$(cat "$LAB_DIR/strangers")" ""

# sensor DESCRIPTION: its value, divided
sensor() {
	awk -F'|' -v descr="$1" '$6 == descr { printf "%.6f ", $5 / $4 }' "$LAB_DIR/sensors"
}
# Three daemons of one host, in the order of their names' indexes.
is "offset of the daemons that answer, in seconds" "$(sensor 'NTP 127.0.0.1 offset' | cut -d' ' -f2)" -0.012345
is "state of all" "$(sensor 'NTP 127.0.0.1 daemon')" "3.000000 2.000000 2.000000 "

# --- associations to which nobody answers ------------------------------------------------------

is "what entries of associations skip" "$(sed -n 's/^entry|.*::ntpAgentxPeer.*|//p' "$LAB_DIR/found" | sort -u)" \
	"$(no_sources | tr '\n' ' ' | sed 's/ $//')"
no_sources >"$LAB_DIR/no_sources"
types >"$LAB_DIR/types"
between "kinds of associations in the tables" "$(sort -u "$LAB_DIR/types" | wc -l)" 4 10
is "one to which it broadcasts" "$(grep -cx 5 "$LAB_DIR/types")" 1
is "and one whose broadcasts it hears" "$(grep -cx 7 "$LAB_DIR/types")" 1
is "associations" "$(grep -c 'ntpAgentxPeerSelection|' "$LAB_DIR/sensors")" "$(grep -cvxFf "$LAB_DIR/no_sources" "$LAB_DIR/types")"
agent_stop
finish
