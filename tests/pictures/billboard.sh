#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What people at a shell see, from programs that run: the billboard of a simulated daemon, what is told
# while one of its peers is lost, the steps of `ntp-agentxd --check`, and the associations in SNMP.
# Writes doc/pictures/*.svg.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/query.sh"
pictures=$srcdir/doc/pictures

lab_dir
lab_tools snmpd
mkdir -p "$pictures"
sim=$LAB_DIR/sim
dir=$LAB_DIR/agent
mkdir "$dir" "$LAB_DIR/mibs"
lab_sim_start "$sim" --dialect ntporg --associations 6 --seed 11 --control "$sim/control"
port=$LAB_SIM_PORT
agent_port=$(lab_free_udp_port)
lab_snmpd_start "$dir" "$agent_port"

# shot NAME COMMAND ARGUMENT...: what it prints, below what was typed; ports and paths as they
# would be on a machine of one's own.
shot() {
	shot_name=$1
	shot_typed=$2
	shift 2
	{
		printf '$ %s\n' "$shot_typed"
		"$@" 2>&1
	} | sed -e "s/:$port\\b//g" -e "s/127\\.0\\.0\\.1:$agent_port/localhost/g" -e "s,$dir/agentx,/var/agentx/master,g" \
		-e 's/\(Linux\) [^ ]* /\1 ntp1 /' |
		awk -f "$srcdir/tests/pictures/text2svg.awk" >"$pictures/$shot_name.svg"
	echo "$pictures/$shot_name.svg"
}

shot billboard "ntp-query -p ntp1" "$QUERY" -p "127.0.0.1:$port"
# shellcheck disable=SC2016 # for the shell inside
shot watch "ntp-query --events watch ntp1" sh -c '
	{ sleep 2; "$1" "$2" "reach off 0 1"; sleep 3; "$1" "$2" "reach on 0 1"; } >/dev/null &
	"$3" --interval 1 --count 8 --events watch "$4"' - "$SIMSAY" "$sim/control" "$QUERY" "127.0.0.1:$port"
agent_start "$dir" "target ntp1 127.0.0.1 port $port interval 1"
# shellcheck disable=SC2016 # for lab_wait
lab_wait 'mode "$agent_port" | grep -q "^[0-9]"' 20 || lab_fail "the agent does not serve"
cp "$srcdir"/tests/mibs/*.txt "$top_builddir/mibs/NTP-AGENTX-MIB.txt" "$srcdir/mibs/NTPv4-MIB.txt" "$LAB_DIR/mibs/" 2>/dev/null
shot table "snmptable -v2c -c public -Cb -Ci -CB -m NTPv4-MIB localhost ntpAssociationTable" \
	env MIBDIRS="$LAB_DIR/mibs" snmptable -v2c -c public -Cb -Ci -CB -m NTPv4-MIB \
	"127.0.0.1:$agent_port" ntpAssociationTable
# As NTPsec does without a line of its own for who asks.
"$SIMSAY" "$sim/control" "noquery on" >/dev/null
shot check "ntp-agentxd --check" env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/agentstate" \
	"$AGENTD" --check -C -c "$dir/ntp-agentxd.conf" -x "$dir/agentx" --snmp "127.0.0.1:$agent_port"
