#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Prometheus: the modules for snmp_exporter generate, the exporter gives what the agent serves, the
# rules pass their tests, and a server records and alerts.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/integrations/common.sh"

SERIES_MIN=100

lab_dir
needs prometheus prometheus-snmp-exporter prometheus-snmp-generator promtool curl jq
prometheus_dir=$INTEGRATIONS/prometheus
true_that "the rules are well-formed" promtool check rules "$prometheus_dir/ntp.rules.yml" >"$LAB_DIR/rules.log" 2>&1
true_that "each alert comes, and only when it should" promtool test rules "$prometheus_dir/ntp.rules.test.yml" \
	>"$LAB_DIR/rules.log" 2>&1
# alerts_tested: those that a test expects to come, and one expects not to
alerts_tested() {
	awk '$1 == "alertname:" { name = $2 }
		$1 == "exp_alerts:" { seen[name] = seen[name] ($2 == "[]" ? "-" : "+") }
		END { for (name in seen) if (seen[name] ~ /-/ && seen[name] ~ /\+/) print name }' \
		"$prometheus_dir/ntp.rules.test.yml"
}
alerts_tested >"$LAB_DIR/tested"
sed -n 's/^ *- alert: //p' "$prometheus_dir/ntp.rules.yml" >"$LAB_DIR/alerts"
is "alerts without a test" "$(grep -vxFf "$LAB_DIR/tested" "$LAB_DIR/alerts")" ""
is "alerts that README.md promises" "$(sed -n 's/.* \([0-9]*\) alerts with their tests.*/\1/p' "$srcdir/README.md")" \
	"$(wc -l <"$LAB_DIR/alerts")"
is "kinds of associations that are no sources, by number" \
	"$(grep -o 'ntpAgentxPeerType == [0-9]*' "$prometheus_dir/ntp.rules.yml" | cut -d' ' -f3)" "$(no_sources)"
scene

# --- the exporter ------------------------------------------------------------------------------

# Free when it is asked for; of TCP, which nobody else takes here.
http_port() {
	lab_free_udp_port
}
get_http() {
	curl --noproxy '*' -s -m 10 "http://127.0.0.1:$1"
}

mkdir -p "$LAB_DIR/generator"
cp "$top_builddir/conf/integrations/prometheus/generator-0.21.yml" "$LAB_DIR/generator/generator.yml"
generate() (
	cd "$LAB_DIR/generator" && MIBDIRS=$mibs MIBS=NTP-AGENTX-MIB:NTPv4-MIB \
		prometheus-snmp-generator generate -o snmp.yml >generator.log 2>&1
)
true_that "the modules generate" generate
exporter=$(http_port)
lab_spawn "$LAB_DIR/exporter.log" prometheus-snmp-exporter --config.file="$LAB_DIR/generator/snmp.yml" \
	--web.listen-address="127.0.0.1:$exporter"
lab_wait "get_http $exporter/ | grep -qi exporter" 15 || lab_fail "no exporter"
get_http "$exporter/snmp?target=127.0.0.1:$port&module=ntp" >"$LAB_DIR/ntp"
get_http "$exporter/snmp?target=127.0.0.1:$port&module=ntpv4" >"$LAB_DIR/ntpv4"
between "series of module ntp" "$(grep -c '^ntpAgentx' "$LAB_DIR/ntp")" "$SERIES_MIN" 10000

# metric FILE NAME LABEL: its value
metric() {
	grep "^$2[{ ]" "$1" | grep -F "${3:-}" | sed 's/.* //' | awk '{ printf "%.0f\n", $1 }' | head -n 1
}
is "health" "$(metric "$LAB_DIR/ntp" ntpAgentxHealthLevel '"local"')" "$(health local)"
is "offset" "$(metric "$LAB_DIR/ntp" ntpAgentxSysOffsetUs '"local"')" -12345
is "state of a daemon that is not there" "$(metric "$LAB_DIR/ntp" ntpAgentxTargetState '"gone"')" 3
is "its offset" "$(grep -c 'ntpAgentxSysOffsetUs.*"gone"' "$LAB_DIR/ntp")" 0
is "associations by name" "$(grep '^ntpAgentxPeerReach{' "$LAB_DIR/ntp" | grep -c 'ntpAgentxPeerName="[^"]')" \
	"$(grep -c '^ntpAgentxPeerReach{' "$LAB_DIR/ntp")"
is "objects of the module that give nothing for a daemon like this" \
	"$(sed -n '/^  ntp:/,/^    lookups/s/^      - //p' "$prometheus_dir/generator.yml" | while read -r object; do
		grep -q "^${object}[{ ]" "$LAB_DIR/ntp" || echo "$object"
	done | grep -v 'LeapExpiryDays\|TaiSeconds\|AgentxClock' | tr '\n' ' ')" ""
is "stratum of NTPv4-MIB" "$(metric "$LAB_DIR/ntpv4" ntpEntStatusStratum)" \
	"$(metric "$LAB_DIR/ntp" ntpAgentxSysStratum '"local"')"
is "text in milliseconds is a number" "$(grep -c '^ntpEntStatusActiveOffsetMilliseconds ' "$LAB_DIR/ntpv4")" 1

# --- the server --------------------------------------------------------------------------------

server=$(http_port)
# As in production, only faster.
sed 's/^\( *\)for: .*/\1for: 3s/' "$prometheus_dir/ntp.rules.yml" >"$LAB_DIR/ntp.rules.yml"
sed -e "s,127.0.0.1:9116,127.0.0.1:$exporter," -e "s,192.0.2.1,127.0.0.1:$port," \
	-e 's/^\( *scrape_interval\): .*/\1: 3s/' -e 's/^\( *evaluation_interval\): .*/\1: 1s/' \
	"$prometheus_dir/prometheus.yml" >"$LAB_DIR/prometheus.yml"
true_that "its configuration is right" promtool check config "$LAB_DIR/prometheus.yml" >"$LAB_DIR/config.log" 2>&1
lab_spawn "$LAB_DIR/prometheus.log" prometheus --config.file="$LAB_DIR/prometheus.yml" \
	--storage.tsdb.path="$LAB_DIR/data" --web.listen-address="127.0.0.1:$server"

# query EXPRESSION: the value of the first series
query() {
	curl --noproxy '*' -s -m 10 -G "http://127.0.0.1:$server/api/v1/query" --data-urlencode "query=$1" |
		jq -r '.data.result[0].value[1] // empty'
}
firing() {
	query "ALERTS{alertname=\"$1\",alertstate=\"firing\",ntpAgentxTargetName=\"$2\"}"
}
true_that "it records" lab_wait "[ \"\$(query 'ntp:up{ntpAgentxTargetName=\"local\"}')\" = 1 ]" 30
true_that "the offset in seconds" lab_wait \
	"[ \"\$(query 'ntp:offset_seconds{ntpAgentxTargetName=\"local\"}')\" = -0.012345 ]" 30
true_that "an alert for the daemon that is not there" lab_wait "[ \"\$(firing NtpDaemonSilent gone)\" = 1 ]" 60
is "none for the other one" "$(firing NtpDaemonSilent local)" ""
lab_end "$(cat "$LAB_DIR/sim/ntpsim.pid")" KILL
true_that "an alert when it dies" lab_wait "[ \"\$(firing NtpDaemonSilent local)\" = 1 ]" 60
LAB_SIM_LISTEN=127.0.0.1:$LAB_SIM_PORT
scene_daemon
true_that "it ends when the daemon is back" lab_wait "[ -z \"\$(firing NtpDaemonSilent local)\" ]" 60

# --- the dashboard -----------------------------------------------------------------------------

dashboard=$INTEGRATIONS/grafana/ntp.json
# empty_panels: expressions that give nothing
# shellcheck disable=SC2016 # variables of Grafana
empty_panels() {
	jq -r '.panels[].targets[]?.expr' "$dashboard" |
		sed 's/\$agent/.*/g; s/\$target/local/g; s/\$__rate_interval/1m/g' |
		while IFS= read -r expression; do
			[ -n "$(query "$expression")" ] || printf '%s; ' "$expression"
		done
}
is "legends that do not tell one agent's daemons from another's" \
	"$(jq -r '.panels[].targets[]?.legendFormat' "$dashboard" | grep -vF '{{instance}} {{ntpAgentxTargetName}}')" ""
true_that "every panel of the dashboard shows something" lab_wait "[ -z \"\$(empty_panels)\" ]" 60

# --- the agent goes ----------------------------------------------------------------------------

is "no alert for an agent that is there" "$(firing NtpAgentMissing '')" ""
agent_stop
true_that "an alert when snmpd answers without it" lab_wait "[ \"\$(firing NtpAgentMissing '')\" = 1 ]" 60
is "snmpd answers" "$(query 'up{job="ntp"}')" 1
agent_start "$LAB_DIR/a"
true_that "it ends when the agent is back" lab_wait "[ -z \"\$(firing NtpAgentMissing '')\" ]" 60
agent_stop
finish
