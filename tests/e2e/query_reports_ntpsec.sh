#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The reports and lists of ntp-query carry the same as those of NTPsec's ntpq, on the same daemon.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/query.sh"
. "$srcdir/tests/e2e/query_compare.sh"

lab_dir
lab_tools ntpd ntpq
lab_is_root || lab_skip "needs root for network namespaces"
command -v python3 >/dev/null || lab_skip "needs python3, to read JSON"
lab_need_ns server client
lab_ns_join server "198.18.1.1/24 fd00:5907::1/64" client "198.18.1.2/24 fd00:5907::2/64" ||
	lab_fail "no cable between namespaces"
keys=$LAB_DIR/keys
printf '%s\n' "1 MD5 one-secret" "2 SHA1 two-secret" >"$keys"
chmod 0600 "$keys"
lab_ntpd_start server "$LAB_DIR/server" "refclock local stratum 3 minpoll 0 maxpoll 0" \
	"keys $keys" "trustedkey 1 2" "controlkey 1"
lab_ntpd_start client "$LAB_DIR/client" \
	"server 198.18.1.1 minpoll 3 maxpoll 3 iburst" \
	"server fd00:5907::1 minpoll 3 maxpoll 3 iburst"
lab_wait "lab_ntp_synced client" 90 || lab_fail "the client selected no peer"
asked=server

# json_facts: "0 NAME VALUE" of a report, "ROW TAG VALUE" of a list, from JSON.
json_facts() {
	python3 -c '
import json, sys
tags = {"name": "name", "address": "addr", "drops": "en", "received": "rx", "sent": "tx",
    "send_failed": "txerr", "peers": "pc", "uptime_s": "up", "hits": "hits", "restrictions": "flags"}
for answer in map(json.loads, sys.stdin):
    for name, value in answer.get("variables", {}).items():
        print(0, name, value)
    for row in answer.get("interfaces", []) + answer.get("restrictions", []):
        for key, value in row.items():
            if key == "flags":
                print(row["index"], key, value)
            elif key in tags:
                value = {"yes": 0, "no": 1}.get(value, value) if key == "drops" else value
                print(row["index"], tags[key], "" if value is None else value)
'
}

# report_facts: the same from JSON or from raw answers of ntpq, of which there may be several;
# without quotes, numbers in one form.
report_facts() {
	report=$(cat)
	case $report in
	'{'*) printf '%s\n' "$report" | json_facts ;;
	*) printf '%s\n' "$report" | tr -d '\r' | sed '/^Output/d; s/,*$/,/' | rv_facts ;;
	esac | awk '{ gsub(/"/, "") } NF == 3 && $3 ~ /^-?[0-9.]+(e-?[0-9]+)?$/ { $3 = $3 + 0 } NF > 2'
}

for name in sysinfo kerninfo sysstats iostats monstats timerstats; do
	compare "$name" report_facts "-c raw -c $name" "--json -c $name"
done
# Its authinfo asks for names that no NTPsec knows, and shows nothing raw.
auth=$(printf 'auth%s,' reset keys freek klookups knotfound encrypts digestencrypts cmacencrypts \
	decrypts digestdecrypts digestfails cmacdecrypts cmacfails)
compare authinfo report_facts "-c raw -c 'rv 0 ${auth%,}'" "--json -c authinfo"
compare "ntsinfo, ntskeinfo" report_facts "-c raw -c ntsinfo" "--json -c ntsinfo -c ntskeinfo"

# list_facts: raw answers of ntpq have "TAG.ROW=VALUE", with tags that mean nothing. What ntpq
# has in addition, masks and addresses of broadcasts, is looked at below.
list_facts() {
	list=$(cat)
	case $list in
	'{'*) printf '%s\n' "$list" | json_facts ;;
	*) printf '%s\n' "$list" | rv_facts | sed -n 's/^0 \([a-z]*\)\.\([0-9]*\) \{0,1\}/\2 \1 /p' ;;
	esac | awk '{ gsub(/"/, ""); sub(/ +$/, "") }
		$2 ~ /^(name|addr|en|flags|rx|tx|txerr|pc|up|hits)$/'
}

signed="-k $keys -a 1"
for name in ifstats reslist; do
	compare "$name" list_facts "$signed -c raw -c $name" "--json $signed -c $name"
done
# shellcheck disable=SC2086 # options are words
ours $signed -c reslist >"$LAB_DIR/out"
true_that "reslist: a prefix" grep -Eq '^[0-9]+ +[0-9]+ 198\.18\.0\.0 +/15 +-$' "$LAB_DIR/out"
true_that "reslist: words" grep -Eq ' 0\.0\.0\.0 +/0 +noquery limited kod$' "$LAB_DIR/out"
ours -k "$keys" -a 2 -c reslist >"$LAB_DIR/out" 2>&1
true_that "reslist: not the control key" grep -q 'permission' "$LAB_DIR/out"

# The lines of clients as "ADDRESS FIELD VALUE". Who asks has another port each time, and a score
# that rises and falls meanwhile.
mru_facts() {
	awk '$1 ~ /^[0-9]+$/ && NF == 11 {
		split("lstint avgint rstr r m v count score drop rport", name, " ")
		for (i = 1; i <= 10; i++) {
			value = name[i] == "avgint" ? sprintf("%.2f", $i) : $i
			if ($11 == "127.0.0.1" && name[i] ~ /score|rport|avgint/) continue
			print $11, name[i], value
		}
	}'
}
for options in '' ' sort=addr' ' mincount=3'; do
	compare "mrulist$options" mru_facts "-n -c 'mrulist$options'" "-c 'mrulist$options'"
done
addresses() {
	awk '$1 ~ /^[0-9]+$/ { print $NF }' | grep -v '^127\.'
}
is "mrulist sort=addr: the order of ntpq" "$(ours -c 'mrulist sort=addr' | addresses)" \
	"$(theirs -n -c 'mrulist sort=addr' | addresses)"
lab_in client "$QUERY" -c 'mrulist laddr=fd00:5907::1' fd00:5907::1 >"$LAB_DIR/out"
is "mrulist laddr: only those heard there" "$(addresses <"$LAB_DIR/out")" fd00:5907::2
finish
