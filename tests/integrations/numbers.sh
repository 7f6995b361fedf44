#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Those who ask by numbers: the list of objects has the numbers that Net-SNMP reads from the modules,
# and collectd and Telegraf name objects that are in it; collectd reads them.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/integrations/common.sh"

lab_dir
needs snmptranslate collectd
scene
# Another daemon with the same sources, which finds one of them (10.99.0.1) elsewhere.
lab_sim_start "$LAB_DIR/other" --dialect ntporg --frozen --control "$LAB_DIR/other/control" \
	--recording "$srcdir/tests/recordings/ntpd-4.2.8p15-client.txt"
"$SIMSAY" "$LAB_DIR/other/control" "set 45112 offset 7" >/dev/null || lab_fail "not set"
echo "target other 127.0.0.1 port $LAB_SIM_PORT interval 1" >>"$LAB_DIR/a/ntp-agentxd.conf"
lab_signal "$agent_pid" HUP
lab_wait "[ \"\$(health other)\" = 1 ]" 20 || lab_fail "the other daemon is not asked"
built=$top_builddir/conf/integrations
list=$built/numeric/oids.csv

between "objects in the list" "$(wc -l <"$list")" 300 1000
# Its name, with its module's, translated.
sed 1d "$list" | while IFS=, read -r name oid _; do
	case $name in
	ntpAgentx*) printf 'NTP-AGENTX-MIB::%s %s\n' "$name" "${oid%.0}" ;;
	*) printf 'NTPv4-MIB::%s %s\n' "$name" "${oid%.0}" ;;
	esac
done >"$LAB_DIR/listed"
# shellcheck disable=SC2046 # words
MIBDIRS=$mibs MIBS=NTP-AGENTX-MIB:NTPv4-MIB snmptranslate -On $(cut -d' ' -f1 "$LAB_DIR/listed") |
	grep . >"$LAB_DIR/translated"
cut -d' ' -f2 "$LAB_DIR/listed" >"$LAB_DIR/numbers"
true_that "each has the number that it has in its module" cmp "$LAB_DIR/numbers" "$LAB_DIR/translated"

for file in collectd/collectd.conf telegraf/telegraf.conf; do
	grep -o '"\.[0-9.]*"' "$built/$file" | tr -d '"' | sort -u | while read -r oid; do
		grep -q ",${oid%".$(row local)"}," "$list" || echo "$oid"
	done >"$LAB_DIR/strangers"
	is "numbers of $file that are in no module" "$(cat "$LAB_DIR/strangers")" ""
done

# Telegraf is no package of Debian: every field of its tables is asked for, and says its unit.
/usr/bin/python3 -c 'import tomllib' 2>/dev/null || lab_skip "no python3 with tomllib here"
/usr/bin/python3 - "$built/telegraf/telegraf.conf" >"$LAB_DIR/telegraf" <<'END'
import sys, tomllib

with open(sys.argv[1], "rb") as file:
    for agent in tomllib.load(file)["inputs"]["snmp"]:
        for table in agent["table"]:
            for field in table["field"]:
                print(table["name"], field["name"], field["oid"])
END
between "fields of Telegraf" "$(sort -u -k1,2 "$LAB_DIR/telegraf" | wc -l)" 15 100
is "tags that Telegraf has itself" "$(cut -d' ' -f2 "$LAB_DIR/telegraf" | grep -xE 'host|agent_host|index')" ""
# rows OID: how many the agent gives
rows() {
	MIBS='' snmpbulkwalk -v2c -c public -Onq "127.0.0.1:$port" "$1" | grep -c "^$1\.[0-9.]* ."
}
while read -r table field oid; do
	object=$(sed -n "s/^\([^,]*\),$oid,.*/\1/p" "$list")
	case $object:$field in
	*Us:*_us | *Ppb:*_ppb | *Seconds:*_s) ;;
	*Us:* | *Ppb:* | *Seconds:* | *:*_us | *:*_ppb | *:*_s) echo "$table.$field has the unit of $object" ;;
	esac
	[ "$(rows "$oid")" -gt 0 ] || echo "$table.$field has no rows"
done <"$LAB_DIR/telegraf" >"$LAB_DIR/strangers"
is "fields that are not what they are said to be" "$(cat "$LAB_DIR/strangers")" ""

# What is written for the daemon "local", once more for the other.
awk -v mine="$(row local)" -v others="$(row other)" '
	{ print }
	/<Data "ntp_peer_offset_local">/ { is_it = 1 }
	is_it { block = block $0 "\n" }
	is_it && /<\/Data>/ {
		is_it = 0
		gsub(/local/, "other", block)
		while ((at = index(block, mine)) > 0)
			block = substr(block, 1, at - 1) others substr(block, at + length(mine))
		printf "%s", block
	}' "$built/collectd/collectd.conf" >"$LAB_DIR/ntp.conf"
{
	printf 'Hostname "lab"\nBaseDir "%s"\nPIDFile "%s/collectd.pid"\nTypesDB "/usr/share/collectd/types.db"\n' \
		"$LAB_DIR" "$LAB_DIR"
	printf 'LoadPlugin csv\n<Plugin csv>\n\tDataDir "stdout"\n</Plugin>\n'
	sed "s/127.0.0.1:161/127.0.0.1:$port/; s/Interval 60/Interval 1/; s/ \"ntp_peer_offset_local\"\$/& \"ntp_peer_offset_other\"/" \
		"$LAB_DIR/ntp.conf"
} >"$LAB_DIR/collectd.conf"
lab_spawn "$LAB_DIR/collectd.log" env MIBS= collectd -f -C "$LAB_DIR/collectd.conf"
collectd_pid=$LAB_PID
# put INSTANCE/TYPE: all values that it has had; the instance is empty, or one behind a "-"
put() {
	tr -d '"' <"$LAB_DIR/collectd.log" | sed -n "s,^PUTVAL ntp.example.net/snmp$1 interval=[0-9.]* [0-9.]*:\([-+0-9.e]*\)\$,\1,p" |
		awk '{ printf "%.6f\n", $1 }' | sort -u | tr '\n' ' '
}
true_that "collectd reads all daemons" lab_wait "[ -n \"\$(put -other/time_offset-127.0.0.1)\" ]" 30
true_that "and associations" lab_wait "[ -n \"\$(put -other/time_offset-peer-10.99.0.1)\" ]" 30
sleep 2
# What it has written is whole only then.
lab_end "$collectd_pid"
is "offset in seconds" "$(put /time_offset-127.0.0.1)" "-0.012345 "
is "of another daemon on this host" "$(put -other/time_offset-127.0.0.1)" "0.000000 "
is "health" "$(put /gauge-health-127.0.0.1)" "1.000000 "
is "of one that does not answer" "$(put -gone/gauge-health-127.0.0.1)" "3.000000 "
is "a source" "$(put -local/time_offset-peer-10.99.0.1)" "0.000027 "
is "the same, as the other daemon sees it" "$(put -other/time_offset-peer-10.99.0.1)" "0.007000 "
agent_stop
finish
