#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A picture of the template's dashboard, by Zabbix's own pages and Chromium: two simulated daemons of
# four servers each, some minutes long. The offset of ntp1 wanders; it loses a server, and hears it
# again; ntp2 is ended, and comes back. Writes $1, or doc/pictures/zabbix-dashboard.png.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/integrations/common.sh"
. "$srcdir/tests/integrations/zabbix_lab.sh"

PICTURE=${1:-$srcdir/doc/pictures/zabbix-dashboard.png}
SECONDS_ALL=${PICTURE_SECONDS:-240}
WIDTH=1280
HEIGHT=1370
PATIENCE_S=30

lab_dir
zabbix_needs
needs chromium
lab_tools snmpd snmptrapd
zabbix_database_start
zabbix_pages_start
zabbix_import "$top_builddir/conf/integrations/zabbix/template.yaml" >/dev/null || lab_fail "the template is not imported"

# --- the daemons -------------------------------------------------------------------------------

# daemon NAME: with servers 192.0.2.1 to 4
daemon() {
	rm -f "$LAB_DIR/$1/control"
	lab_sim_start "$LAB_DIR/$1" --dialect ntporg --seed 7 --control "$LAB_DIR/$1/control"
	"$SIMSAY" "$LAB_DIR/$1/control" \
		"add 101 f614 srcadr=192.0.2.1 stratum=1 refid=GPS" "add 102 f414 srcadr=192.0.2.2 stratum=1 refid=PPS" \
		"add 103 f414 srcadr=192.0.2.3 stratum=2" "add 104 f414 srcadr=192.0.2.4 stratum=2" >/dev/null ||
		lab_fail "no daemon $1"
}
says() {
	says_to=$1
	shift
	"$SIMSAY" "$LAB_DIR/$says_to/control" "$@" >/dev/null
}
daemon ntp1
port1=$LAB_SIM_PORT
daemon ntp2
port2=$LAB_SIM_PORT
port=$(lab_free_udp_port)
trap_port=$(lab_free_udp_port)
lab_snmpd_start "$LAB_DIR/a" "$port" "trap2sink 127.0.0.1:$trap_port public"
mkdir -p "$LAB_DIR/trapd/state"
printf 'authCommunity log,execute public\ndoNotRetainNotificationLogs yes\ntraphandle default %s %s\n' \
	"$top_builddir/conf/integrations/zabbix/ntp-trap-zabbix" "$LAB_DIR/traps" >"$LAB_DIR/trapd/snmptrapd.conf"
lab_spawn "$LAB_DIR/trapd/out.log" env SNMPCONFPATH="$LAB_DIR/trapd" SNMP_PERSISTENT_DIR="$LAB_DIR/trapd/state" MIBS= \
	"$SNMPTRAPD" -f -n -C -c "$LAB_DIR/trapd/snmptrapd.conf" -On -Lf "$LAB_DIR/trapd/traps.log" "udp:127.0.0.1:$trap_port"
agent_start "$LAB_DIR/a" "target ntp1 127.0.0.1 port $port1 interval 1" "target ntp2 127.0.0.1 port $port2 interval 1"
# shellcheck disable=SC2016 # macros of Zabbix
zabbix_host_add ntp-agent.example.net "$port" 'NTP daemons by SNMP' '{ "{$NTP.INTERVAL}": "2s", "{$NTP.DISCOVERY}": "10s" }'
zabbix_server_start
lab_wait "[ -n \"\$(zabbix_value 'ntp.peer.offset[\"ntp2\",\"192.0.2.4\"]')\" ]" 60 || lab_fail "nothing is read"

# wander SECOND: a walk of a few milliseconds, the same each time, with jitter
wander() {
	awk -v s="$1" 'BEGIN { srand(s); printf "%.3f %.3f\n", 4 * sin(s / 23) + 2 * sin(s / 7) + rand() - 0.5, 0.4 + rand() / 2 }'
}
began=$(lab_now)
from=$(TZ=UTC date '+%F %T')
now=0
while [ "$now" -lt "$SECONDS_ALL" ]; do
	wander "$now" | {
		read -r offset jitter
		says ntp1 "set 0 offset $offset" "set 0 sys_jitter $jitter" "set 101 offset $offset"
	}
	wander $((now + 1000)) | {
		read -r offset jitter
		says ntp2 "set 0 offset $offset" "set 0 sys_jitter $jitter" "set 101 offset $offset"
	}
	case $((now * 10 / SECONDS_ALL)) in
	3) [ "${lost:-}" ] || says ntp1 "reach off 2 1" "set 103 reach 0x0"; lost=1 ;;
	5) [ "${heard:-}" ] || says ntp1 "reach on 2 1" "set 103 reach 0xff"; heard=1 ;;
	6) [ "${ended:-}" ] || says ntp2 down; ended=1 ;;
	7) [ "${back:-}" ] || says ntp2 up; back=1 ;;
	esac
	sleep 1
	now=$(($(lab_now) - began))
done
to=$(TZ=UTC date '+%F %T')

# --- the picture -------------------------------------------------------------------------------

# A page of ours logs in and shows the dashboard. Chromium takes the picture when all of a page has
# come, and an image that takes its time gives the graphs theirs.
slow_port=$(lab_free_udp_port)
mkdir -p "$LAB_DIR/slow" "$LAB_DIR/chromium" "${PICTURE%/*}"
printf '<?php sleep(%s);\n' "$PATIENCE_S" >"$LAB_DIR/slow/slow.php"
lab_spawn "$LAB_DIR/slow.out.log" php -S "127.0.0.1:$slow_port" -t "$LAB_DIR/slow"
cat >"$LAB_DIR/pages/picture.html" <<END
<body style="margin: 0"><iframe id="page" style="border: 0; width: 100%; height: 100vh"></iframe>
<img src="http://127.0.0.1:$slow_port/slow.php" hidden>
<script>
fetch('index.php', { method: 'POST', body: new URLSearchParams({ name: 'Admin', password: 'zabbix', enter: 'Sign in' }) })
	.then(() => document.getElementById('page').src = 'zabbix.php?action=host.dashboard.view&kiosk=1' +
		'&hostid=$zabbix_host&from=$from&to=$to');
</script>
END
rm -f "$PICTURE"
HOME=$LAB_DIR/chromium timeout 120 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --no-proxy-server \
	--user-data-dir="$LAB_DIR/chromium" --window-size="$WIDTH,$HEIGHT" --timeout=60000 \
	--screenshot="$PICTURE" "$zabbix_url/picture.html" >"$LAB_DIR/chromium.log" 2>&1
[ -s "$PICTURE" ] || lab_fail "no picture"
agent_stop
zabbix_stop
printf '%s: %s octets\n' "$PICTURE" "$(wc -c <"$PICTURE")"
