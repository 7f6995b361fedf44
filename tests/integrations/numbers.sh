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
		grep -q ",$oid," "$list" || echo "$oid"
	done >"$LAB_DIR/strangers"
	is "numbers of $file that are in no module" "$(cat "$LAB_DIR/strangers")" ""
done

{
	printf 'Hostname "lab"\nBaseDir "%s"\nPIDFile "%s/collectd.pid"\nTypesDB "/usr/share/collectd/types.db"\n' \
		"$LAB_DIR" "$LAB_DIR"
	printf 'LoadPlugin csv\n<Plugin csv>\n\tDataDir "stdout"\n</Plugin>\n'
	sed "s/127.0.0.1:161/127.0.0.1:$port/; s/Interval 60/Interval 1/" "$built/collectd/collectd.conf"
} >"$LAB_DIR/collectd.conf"
lab_spawn "$LAB_DIR/collectd.log" env MIBS= collectd -f -C "$LAB_DIR/collectd.conf"
collectd_pid=$LAB_PID
# put TYPE: the latest value
put() {
	sed -n "s,^PUTVAL ntp.example.net/snmp/$1 .*:\(.*\)\$,\1,p; s,^PUTVAL \"ntp.example.net/snmp/$1\" .*:\(.*\)\$,\1,p" \
		"$LAB_DIR/collectd.log" | tail -n 1 | tr -d '"'
}
true_that "collectd reads the offset" lab_wait "[ -n \"\$(put time_offset-127.0.0.1)\" ]" 30
between "in seconds" "$(put time_offset-127.0.0.1)" -0.0123451 -0.0123449
between "health" "$(put 'gauge-health-127.0.0.1')" 1 3
true_that "collectd reads associations" lab_wait "[ \$(grep -c time_offset-peer- $LAB_DIR/collectd.log) -ge 3 ]" 10
lab_end "$collectd_pid"
agent_stop
finish
