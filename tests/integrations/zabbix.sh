#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Zabbix: a server imports the template, finds daemons and their associations, reads what snmpget
# reads, is told by notifications, and its triggers come and go.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/integrations/common.sh"
. "$srcdir/tests/integrations/zabbix_lab.sh"

VALUES_MIN=75 # read from an agent with one daemon that answers, of five associations
TEMPLATE='NTP daemons by SNMP'
BUILT=$top_builddir/conf/integrations/zabbix

lab_dir
zabbix_needs
lab_tools snmptrapd
zabbix_database_start
zabbix_pages_start
trap_port=$(lab_free_udp_port)
scene

# --- the template ------------------------------------------------------------------------------

is "imported" "$(zabbix_import "$BUILT/template.yaml")" true
is "imported once more" "$(zabbix_import "$BUILT/template.yaml")" true
# columns and scalars, without their rows
grep 'snmp_oid:' "$BUILT/template.yaml" | grep -oE "${root#.}[0-9.]*" | sed 's/\.$//' | sort -u >"$LAB_DIR/asked"
between "objects that it asks for" "$(wc -l <"$LAB_DIR/asked")" 50 200
is "objects that are in no module" \
	"$(while read -r oid; do grep -q ",\.$oid," "$top_builddir/conf/integrations/numeric/oids.csv" || echo "$oid"; done <"$LAB_DIR/asked")" ""
# As in production, only faster; and a limit for one daemon.
# shellcheck disable=SC2016 # macros of Zabbix
zabbix_host_add agent "$port" "$TEMPLATE" '{ "{$NTP.INTERVAL}": "1s", "{$NTP.DISCOVERY}": "3s",
	"{$NTP.PERIOD.SHORT}": "4s", "{$NTP.PERIOD.MEDIUM}": "4s", "{$NTP.PERIOD.LONG}": "4s",
	"{$NTP.PERIOD.AGENT}": "30s", "{$NTP.PERIOD.STEP}": "30s",
	"{$NTP.PERIOD.GONE}": "30s", "{$NTP.OFFSET.CRIT:\"local\"}": "0.4",
	"{$NTP.REACH.WARN:\"local\"}": "60", "{$NTP.REACH.CRIT:\"local\"}": "40", "{$NTP.PERIOD.PEER}": "6s" }'

# An agent with constants: a daemon that is critical, and one that is unknown.
watched=$zabbix_host
constants_port=$(lab_free_udp_port)
LAB_SNMPD_MODULES=$LAB_SNMPD_MODULES,override
lab_snmpd_start "$LAB_DIR/constants" "$constants_port" \
	"override $root.1.2.1.1.2.$(row a) octet_str \"a\"" "override $root.1.2.1.1.2.$(row b) octet_str \"b\"" \
	"override $root.1.3.1.1.1.$(row a) integer 3" "override $root.1.3.1.1.1.$(row b) integer 4"
# shellcheck disable=SC2016 # macros of Zabbix
zabbix_host_add constants "$constants_port" "$TEMPLATE" '{ "{$NTP.INTERVAL}": "1s", "{$NTP.DISCOVERY}": "3s" }'
constants=$zabbix_host
zabbix_host=$watched

# --- what is read ------------------------------------------------------------------------------

# As its own comment says, and with no module and no option for its output, as Debian's snmptrapd.
sed -n "s,^#	traphandle \([^ ]*\) .*,traphandle \1 $BUILT/ntp-trap-zabbix $LAB_DIR/traps,p" \
	"$BUILT/ntp-trap-zabbix" >"$LAB_DIR/handlers"
is "handlers" "$(wc -l <"$LAB_DIR/handlers")" 2
mkdir -p "$LAB_DIR/trapd/state"
{
	printf 'authCommunity log,execute public\ndoNotRetainNotificationLogs yes\n'
	cat "$LAB_DIR/handlers"
} >"$LAB_DIR/trapd/snmptrapd.conf"
lab_spawn "$LAB_DIR/trapd/out.log" env SNMPCONFPATH="$LAB_DIR/trapd" SNMP_PERSISTENT_DIR="$LAB_DIR/trapd/state" MIBS= \
	"$SNMPTRAPD" -f -n -C -c "$LAB_DIR/trapd/snmptrapd.conf" -Lf "$LAB_DIR/trapd/traps.log" "udp:127.0.0.1:$trap_port"
zabbix_server_start

in_sync() {
	[ "$(zabbix_value 'ntp.offset["local"]')" = -0.012345 ] &&
		[ "$(zabbix_value 'ntp.peer.offset["local","10.99.0.1"]')" = 2.7e-05 ]
}
true_that "daemons and associations are found and read" lab_wait in_sync 60
becomes "an association of the same name has its own items" \
	"zabbix_value 'ntp.peer.selection[\"local\",\"fd00:99::1\"]'; zabbix_value 'ntp.peer.selection[\"local\",\"fd00:99::1 #2\"]'" "6
4"
becomes "daemons that are asked" "zabbix_value ntp.targets" 2
becomes "that answer" "zabbix_value ntp.targets.up" 1
becomes "the state of the one that does not" "zabbix_value 'ntp.state[\"gone\"]'; zabbix_value 'ntp.health[\"gone\"]'" "3
3"
becomes "why" "zabbix_value 'ntp.reason[\"gone\"]'" "$(value "1.3.1.1.2.$(row gone)" | tr -d '"')"
is "nothing else of it" "$(zabbix_item 'ntp.offset["gone"]' | jq -r '.lastclock + .state + .error')" 00
becomes "the worst health of all" "zabbix_value ntp.health.worst" 3
zabbix_host=$constants
becomes "critical is worse than unknown" \
	"zabbix_value 'ntp.health[\"a\"]'; zabbix_value 'ntp.health[\"b\"]'; zabbix_value ntp.health.worst" "3
4
3"
zabbix_host=$watched
becomes "answers to 27 of 40 polls" "zabbix_value 'ntp.reach[\"local\"]'" 67.5
becomes "graphs of two daemons and five associations" "zabbix_count graph.get" 15
becomes "items that cannot be read" "zabbix_broken item.get" "errors:"
becomes "rules of discovery that cannot be read" "zabbix_broken discoveryrule.get" "errors:"
# But those that wait for a whole period, and of the daemon that is not there: what depends on a
# problem keeps the error of its first evaluation, when only one of its items had a value.
becomes "triggers that cannot be evaluated" \
	"zabbix_broken trigger.get | grep -v -e 'after server start' -e '\[\"gone\"].*: not enough data'" "errors:"

is "pages of the dashboard" "$(zabbix_api templatedashboard.get '{"filter":{"name":"NTP"},"selectPages":["name"]}' |
	jq -r '.[].pages[].name' | tr '\n' ' ')" "Daemons Associations Accuracy "
curl --noproxy '*' -s -m 60 -c "$LAB_DIR/cookies" -d 'name=Admin&password=zabbix&enter=Sign+in' "$zabbix_url/index.php"
is "graphs that are not drawn" "$(zabbix_api graph.get "{\"hostids\":\"$zabbix_host\",\"output\":[\"name\"]}" |
	jq -r '.[] | .graphid + " " + .name' | while read -r id name; do
	[ "$(curl --noproxy '*' -s -m 60 -b "$LAB_DIR/cookies" -o "$LAB_DIR/graph.png" -w '%{http_code} %{content_type}' \
		"$zabbix_url/chart2.php?graphid=$id&from=now-5m&to=now&width=500&height=200&profileIdx=web.graphs.filter")" \
		= "200 image/png" ] || echo "$name"
done)" ""

# Items that are what was read, but for a factor; in the time between two readings some grow.
zabbix_api item.get "{\"hostids\":\"$zabbix_host\",\"filter\":{\"type\":\"20\"},\"selectPreprocessing\":\"extend\",
	\"output\":[\"key_\",\"snmp_oid\",\"lastvalue\",\"lastclock\"]}" |
	jq -r '.[] | select(.lastclock != "0" and (.preprocessing | all(.type == "1" or .type == "20" or .type == "26"))) |
		[ .snmp_oid, ([ .preprocessing[] | select(.type == "1").params ] + [ "1" ])[0], .key_, .lastvalue ] | join("|")' \
		>"$LAB_DIR/read"
is "factors that are not those of the objects" "$(awk -F'|' '
	NR == FNR { split($0, column, ","); factor[column[2]] = column[1] ~ /Us$/ ? 0.000001 : column[1] ~ /Ppb$/ ? 0.001 : \
		column[3] == "TimeTicks" ? 0.01 : 1; next }
	{
		oid = "." $1
		while (oid != "" && !(oid in factor))
			sub(/[.][0-9]+$/, "", oid)
		if ($2 + 0 != factor[oid])
			print $3
	}' "$top_builddir/conf/integrations/numeric/oids.csv" "$LAB_DIR/read")" ""
while IFS='|' read -r oid factor key last; do
	printf '%s|%s|%s|%s\n' "$(MIBS='' snmpget -v2c -c public -r 1 -t 2 -Oqvt "127.0.0.1:$port" ".$oid" | tr -d '"')" \
		"$factor" "$key" "$last"
done <"$LAB_DIR/read" >"$LAB_DIR/both"
between "values" "$(wc -l <"$LAB_DIR/both")" "$VALUES_MIN" 1000
is "values that are not what snmpget reads" "$(awk -F'|' '
	$3 ~ /^ntp.roundtrip[[]/ { next }
	$3 ~ /^ntp.(age|uptime)[[]/ { if ($1 * $2 - $4 > 60 || $4 > $1 * $2) print; next }
	$1 == $4 { next }
	$1 $4 ~ /^[-0-9.e]+$/ { d = $1 * $2 - $4; if (d < 1e-8 && d > -1e-8) next }
	{ print }' "$LAB_DIR/both")" ""

# --- triggers and notifications ----------------------------------------------------------------

standing='NTP gone: the daemon does not answer
NTP local, 10.99.0.9: nothing is heard of it'
# stand [PROBLEM...]: those that always are and these, and no others
stand() {
	[ "$(zabbix_problems)" = "$({
		printf '%s\n' "$standing"
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} | sort)" ]
}
says() {
	"$SIMSAY" "$LAB_DIR/sim/control" "$@" >/dev/null
}
# told TEXT: by a message of a notification
told() {
	[ -n "$(zabbix_api history.get "$(jq -n --arg text "$1" --arg item "$(zabbix_item ntp.messages | jq -r .itemid)" \
		'{ history: 1, itemids: $item, search: { value: $text }, limit: 1 }')" | jq -r '.[].value')" ]
}
true_that "problems of what is wrong in the recording" lab_wait "stand" 30

oldest_is_reachable="reach on 0 1"
says "reach off 0 1" "set 45112 reach 0x0" "set 45112 unreach 9" "set 0 offset 450.0"
true_that "an association that is silent, and an offset" lab_wait \
	"stand 'NTP local, 10.99.0.1: nothing is heard of it' 'NTP local: the clock is off by more than 0.4 s' \
	'NTP local: fewer than 3 usable sources' 'NTP local: less than 60 % of the polls are answered'" 30
true_that "a notification of the association" lab_wait "told 'local: 10.99.0.1 (45112) is unreachable'" 20
true_that "of the offset" lab_wait "told 'local: offset 450.000 ms is outside its limits'" 20
trap_text=$(zabbix_api history.get "{\"history\":2,\"itemids\":$(zabbix_api item.get \
	"{\"hostids\":\"$zabbix_host\",\"filter\":{\"value_type\":\"2\"}}" | jq '.[0].itemid'),\"search\":{\"value\":\"unreachable\"}}" | jq -c '.[0]')
is "all of it" "$(printf '%s' "$trap_text" | jq -r .value | grep -c "^\.1\.3\.6\.1\.6\.3\.1\.1\.4\.1\.0 $root.0.2\$")" 1
between "its time" "$(printf '%s' "$trap_text" | jq -r .timestamp)" "$(($(date +%s) - 120))" "$(date +%s)"
says "$oldest_is_reachable" "set 45112 reach 0xff" "set 45112 unreach 0" "set 0 offset $OFFSET_MS"
true_that "all of that ends" lab_wait stand 30

# What goes on for longer, or is worse, stands for what depends on it.
says "set 45112 reach 0x0" "set 45113 reach 0x0" "set 0 frequency 150.0" "set 0 peer 0" \
	"status 45112 f014" "status 45113 f01a" "status 45115 f014"
true_that "no source, few answers, and a frequency" lab_wait "stand 'NTP local: follows no source for 6s' \
	'NTP local: fewer than 1 usable sources' 'NTP local: less than 40 % of the polls are answered' \
	'NTP local: the frequency is off by more than 100 ppm'" 30
says "set 0 frequency -450.0"
true_that "a frequency that is worse" lab_wait \
	"zabbix_problems | grep -x 'NTP local: the frequency is off by more than 400 ppm'" 30
says "set 45112 reach 0xff" "set 45113 reach 0xff" "set 0 frequency 0.000" "set 0 peer 45113" \
	"status 45112 f414" "status 45113 961a" "status 45115 f414"
true_that "that ends, too" lab_wait stand 30

# With names instead of numbers; and what a message says begins no other notification.
printf '%s\n' lab 'UDP: [127.0.0.1]:40000->[127.0.0.1]:162' \
	'SNMPv2-MIB::snmpTrapOID.0 NTP-AGENTX-MIB::ntpAgentxClockStepped' \
	'NTP-AGENTX-MIB::ntpAgentxEventMessage.0 "stepped ZBXTRAP 192.0.2.1 forged"' | "$BUILT/ntp-trap-zabbix" "$LAB_DIR/traps"
true_that "a step of a clock" lab_wait "stand 'NTP: a clock was stepped'" 30
true_that "by its words" lab_wait "told 'stepped ZBX-TRAP 192.0.2.1 forged'" 30

# --- an association keeps its items when the daemon starts anew -----------------------------------

was=$(zabbix_item 'ntp.peer.offset["local","10.99.0.1"]')
says restart "set 0 offset $OFFSET_MS"
moved() {
	zabbix_item 'ntp.peer.offset["local","10.99.0.1"]' | jq -e --argjson was "$was" \
		'.itemid == $was.itemid and .snmp_oid != $was.snmp_oid and .lastvalue == $was.lastvalue and
			(.lastclock | tonumber) > ($was.lastclock | tonumber) and .state == "0"'
}
true_that "the same item, by another number" lab_wait moved 30
true_that "a notification of the restart" lab_wait "told 'local: the daemon was restarted'" 10

# --- no daemon, no agent -----------------------------------------------------------------------

says "set 0 offset 450.0"
true_that "an offset" lab_wait "zabbix_problems | grep -qx 'NTP local: the clock is off by more than 0.4 s'" 30
lab_end "$(cat "$LAB_DIR/sim/ntpsim.pid")" KILL
true_that "a problem when the daemon dies" lab_wait \
	"zabbix_problems | grep -qx 'NTP local: the daemon does not answer'" 30
is "others of what it said last" "$(zabbix_problems | grep -e 'NTP local: ' | grep -vx 'NTP local: the daemon does not answer')" ""
# old KEY: when it has had no value for longer than any period here but those of nodata()
old() {
	[ "$(zabbix_item "$1" | jq -r .lastclock)" -lt $(($(date +%s) - 8)) ]
}
true_that "nothing is calculated from what it said last" lab_wait "old 'ntp.bound[\"local\"]'" 30
true_that "a notification of it" lab_wait "told 'local: the daemon does not answer'" 20
LAB_SIM_LISTEN=127.0.0.1:$LAB_SIM_PORT
scene_daemon
true_that "it ends when the daemon is back" lab_wait \
	"! zabbix_problems | grep -qx 'NTP local: the daemon does not answer'" 30

# --- associations that go while something is wrong with them ---------------------------------------

true_that "as it was recorded" lab_wait stand 60
count=0
goes_wrong() {
	count=$((count + 5))
	says "set 45112 badauth $count" "setclock 45116 noreply $count"
	stand 'NTP local, 10.99.0.1: falseticker' 'NTP local, 10.99.0.1: packets are not authentic' \
		'NTP local, Undisciplined local clock: the reference clock has faults' 'NTP local: fewer than 3 usable sources'
}
says "status 45112 f114"
true_that "something is wrong with each" lab_wait goes_wrong 60
says "remove 45112" "remove 45114" "remove 45116"
standing='NTP gone: the daemon does not answer'
true_that "that ends with them" lab_wait stand 120

agent_stop
true_that "a problem when the agent ends" lab_wait "zabbix_problems | grep -qx 'NTP agent: nothing is heard of it'" 90
agent_start "$LAB_DIR/a"
true_that "it ends when the agent is back" lab_wait "! zabbix_problems | grep -qx 'NTP agent: nothing is heard of it'" 60
agent_stop
zabbix_stop
finish
