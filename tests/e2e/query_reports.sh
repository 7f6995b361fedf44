#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The reports of ntp-query and the lists of a daemon, against simulated daemons of both kinds.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/query.sh"

lab_dir
lab_sim_start "$LAB_DIR/org" --dialect ntporg --associations 4 --seed 3 --control "$LAB_DIR/org/control"
org=127.0.0.1:$LAB_SIM_PORT
lab_sim_start "$LAB_DIR/sec" --dialect ntpsec --associations 4 --seed 3 --control "$LAB_DIR/sec/control"
sec=127.0.0.1:$LAB_SIM_PORT

say() {
	say_name=$1
	shift
	"$SIMSAY" "$LAB_DIR/$say_name/control" "$*" >/dev/null
}

# column_rises COLUMN FROM: in the table of $out, from at least so much.
column_rises() {
	printf '%s\n' "$out" | awk -v c="$1" -v last="$2" \
		'NR > 2 { if ($c < last) bad = 1; last = $c } END { exit bad || NR < 10 }'
}

# Reports: what each daemon has, with units; what it does not know is left out.
ask -c sysinfo "$org"
is "sysinfo: exit code" "$code$err" 0
says "sysinfo: the status word" '^status: +0615 leap_none, sync_ntp, 1 event, clock_sync$'
says "sysinfo: the system peer" '^system peer: +198\.18\.0\.1:123$'
says "sysinfo: words" "^system peer's mode: +3 client\$"
says "sysinfo: units" '^root dispersion: +21\.081 ms$'
says "sysinfo of ntp.org" '^broadcast delay: +4\.000 ms$'
mute "sysinfo of ntp.org" 'root distance'
ask -c sysinfo "$sec"
says "sysinfo of NTPsec" '^root distance: +21\.147 ms$'
mute "sysinfo of NTPsec" 'broadcast delay'
ask -c kerninfo "$org"
says "kerninfo: milliseconds" '^maximum error: +16000 ms$'
ask -c kerninfo "$sec"
says "kerninfo: what NTPsec 1.2.2 shows are seconds" '^maximum error: +16 s$'
ask -c sysstats "$org"
is "sysstats: exit code" "$code$err" 0
says "sysstats" '^kisses of death sent: +0$'
says "sysstats of ntp.org" '^timestamps rounded wrongly: +0$'
mute "sysstats of ntp.org" '^control requests'
ask -c sysstats "$sec"
says "sysstats of NTPsec" '^all received: +[1-9][0-9]*$'
ask -c iostats "$org"
says "iostats" '^packets sent: +[1-9][0-9]*$'
ask -c monstats "$sec"
says "monstats" '^kept for at most: +3600 s$'
ask -c authinfo "$org"
says "authinfo of ntp.org" '^keys expired: +0$'
ask -c authinfo "$sec"
says "authinfo of NTPsec" '^CMACs wrong: +0$'
ask -c timerstats "$org"
says "timerstats" '^counting for: +[0-9]+ s$'
ask -c ntsinfo -c ntskeinfo "$sec"
says "ntsinfo" '^cookies made: +0$'
says "ntskeinfo" '^keys given: +0$'
ask -c ntsinfo "$org"
ends "what a daemon has nothing of" 1 'the daemon says nothing of NTS'
ask -c raw -c sysinfo "$org"
says "raw" '^leap indicator: +0$'
say org set 0 refid 'a\x1b[2J'
ask -c sysinfo "$org"
says "octets are escaped" '^reference id: +a\\x1b\[2J$'
say org unset 0 refid
ask -c sysinfo "$org"
mute "a value that is not there" 'reference id'
ask --json -c sysinfo -c kerninfo "$sec"
says "JSON: members by name, numbers as such" '"variables": \{"peeradr": "198\.18\.0\.1:123", "peermode": 3, "leap": 0, '
says "JSON: words" '"decoded": \{"peermode": "3 client", "leap": "00 leap_none"'
says "JSON: numbers with exponents" '"kprecis": 1e-06,'
says "JSON: units" '"units": \{.*"kmaxerr": "s"'

# Bits mean what they meant to a daemon of that age.
id=$("$SIMSAY" "$LAB_DIR/org/control" list | sed 's/^ok \([0-9]*\):.*/\1/')
say org set "$id" flash 0x1240
for age in '4.2.8p15 pkt_header peer_stratum peer_unreach' '4.2.4p8 pkt_dist peer_stratum peer_unfit' \
	'4.2.0b pkt_dist peer_stratum peer_unfit' '4.2.0a stratum autokey 0x1000?' \
	'4.1.2 stratum denied 0x1000?'; do
	say org "set 0 version \"ntpd ${age%% *}@1.1 Thu (1)\""
	ask -c "rv $id flash" "$org"
	is "tests of ${age%% *}" "$(printf '%s\n' "$out" | sed -n 's/^flash=//p')" "1240 ${age#* }"
done
say org unset 0 version
say org silence on
ask -c 'timeout 300' -c sysstats "$org"
ends "silence" 3 'no answer'
say org silence off

# Clients.
ask -c mrulist "$org"
says "mrulist: nobody yet" '^no clients$'
say org clients 1000
say sec clients 1000
ask -c mrulist "$org"
is "mrulist: exit code" "$code$err" 0
says "mrulist: titles" '^lstint avgint rstr r m v count rport remote address$'
says "mrulist: a client" '^ +[0-9]+ +3\.500 +3d0 L 3 3 +21 +1044 10\.0\.0\.20$'
is "mrulist: all of them, once" \
	"$(printf '%s\n' "$out" | awk 'NR > 2 { print $NF }' | sort -u | wc -l)" 1000
true_that "mrulist: the latest first" column_rises 1 0
ask -c 'mrulist sort=-count mincount=49' "$org"
is "mrulist: sorted and filtered" \
	"$(printf '%s\n' "$out" | awk 'NR > 2 { print $7 }' | uniq -c | tr -s ' \n' ' ')" " 20 50 20 49 "
ask -c 'mrulist kod' "$sec"
is "mrulist kod" "$(printf '%s\n' "$out" | grep -c ' 4e0 K ')" 63
says "mrulist: score and drop of NTPsec" '^lstint avgint rstr r m v count score drop rport remote address$'
ask -c 'mrulist limited' "$org"
is "mrulist limited" "$(printf '%s\n' "$out" | grep -c ' [3b]d0 [LK] ')" 250
ask -c 'mrulist limit=2 sort=addr maxlstint=20' "$org"
is "mrulist limit=2" "$code$err" 0
ask -c 'mrulist resany=0x800 minlstint=500' "$org"
true_that "mrulist minlstint" column_rises 1 500
for wrong in sort=size limit=1 limit=257 mincount=x resany=0 laddr=here laddr=fe80::1%lo most; do
	ask -c "mrulist $wrong" "$org"
	ends "mrulist $wrong" 1 "'$wrong' is no option"
done
ask --json -c 'mrulist sort=addr limit=50' "$sec"
says "mrulist: JSON" '"is_complete": true, "clients": \[\{"lstint_s": [0-9.]+, "avgint_s": 0\.000, "restrictions": "0x4e0", "mode": 3, "version": 3, "count": 1, "score": 0\.000, "drop": 0, "port": 123, "address": "10\.0\.0\.0", "restrictions_text": "limited noquery nomodify kod"'

# Clients that are heard again while the list is read, some or more than a request can name.
for n in 3 20; do
	say org clients 1000
	say org "clients-churn $n 6"
	ask -c 'mrulist sort=addr' "$org"
	is "mrulist: $n move: exit code" "$code$err" 0
	is "mrulist: $n move: all of them, once" \
		"$(printf '%s\n' "$out" | awk 'NR > 2 { print $NF }' | sort -u | wc -l) $(printf '%s\n' "$out" | wc -l)" \
		"1000 1002"
done
say org "clients-churn 100 4"
ask -c 'mrulist' "$org"
is "mrulist: a hundred move: it begins anew" "$code$err $(printf '%s\n' "$out" | wc -l)" "0 1002"
say org "clients-churn 1000 100000"
ask -c 'mrulist limit=10' "$org"
ends "mrulist: all move all the time" 1 'changes faster than it is read'
says "mrulist: what there is, is shown" ' 10\.0\.[01]\.[0-9]+$'
say org "clients-churn 0 0"
say org clients 300
say org fault "drop=20,reorder,duplicate"
ask -c 'mrulist sort=addr' "$org"
is "mrulist: with loss" "$code $(printf '%s\n' "$out" | wc -l)" "0 302"
say org fault off

# What is told to those with the control key only.
cat >"$LAB_DIR/keys" <<END
1 MD5 one-secret
2 SHA1 two-secret
END
chmod 0600 "$LAB_DIR/keys"
ask -k "$LAB_DIR/keys" -a 1 -c ifstats "$org"
ends "ifstats: the daemon knows no keys" 1 'permission denied with key 1'
for name in org sec; do
	say "$name" keys "$LAB_DIR/keys"
	say "$name" trust 1,2
	say "$name" controlkey 1
done
ask -k "$LAB_DIR/keys" -a 1 -c ifstats "$org"
is "ifstats: exit code" "$code$err" 0
says "ifstats: titles" '^# interface +address +broadcast +drop flags ttl mc received sent failed peers uptime$'
says "ifstats: an address" '^3 eth0 +198\.19\.255\.254:123 +198\.19\.255\.255:123 no +0x19 +0 +0 +1203 +1188 +2 +3 +515$'
says "ifstats: one that drops" '^0 v6wildcard \[::\]:123 +- +yes +0x81 '
ask -k "$LAB_DIR/keys" -a 1 -c ifstats "$sec"
says "ifstats of NTPsec 1.2.2" '^# interface +address +broadcast +drop flags received sent failed peers uptime$'
ask -k "$LAB_DIR/keys" -a 1 -c reslist "$sec"
is "reslist: exit code" "$code$err" 0
says "reslist: words" '^0 +12 0\.0\.0\.0 +/0 +kod limited nomodify noquery$'
says "reslist: none" '^1 +48 127\.0\.0\.1 +/32 +-$'
says "reslist: a prefix of IPv6" '^6 +7 fd00:5907:: +/32 +nomodify$'
says "reslist: a mask that is no prefix" '^4 +3 198\.18\.0\.0 +255\.0\.255\.0 notrust$'
ask --json -k "$LAB_DIR/keys" -a 1 -c reslist -c ifstats "$org"
says "reslist: JSON" '"restrictions": \[\{"index": 0, "hits": 12, "address": "0\.0\.0\.0", "mask": "/0", "restrictions": "kod limited nomodify noquery"\}, '
says "ifstats: JSON" '"interfaces": \[\{"index": 0, "name": "v6wildcard", "address": "\[::\]:123", "broadcast": null, "drops": "yes", "flags": "0x81", "ttl": 0, '
ask -k "$LAB_DIR/keys" -a 1 -c raw -c reslist "$sec"
says "reslist: raw" 'hits\.3=1203'
ask -k "$LAB_DIR/keys" -a 2 -c reslist "$org"
ends "reslist: not the control key" 1 'permission'
say org untrust 1
ask -k "$LAB_DIR/keys" -a 1 -c reslist "$org"
is "reslist: a key that is not trusted: exit code" "$code" 1
mute "reslist: a key that is not trusted" 'kod'

# An interrupt shows what there is, and ends the program unless it is interactive.
say org clients 5000
say org fault "delay=20"
"$QUERY" -c 'mrulist limit=4' -c as "$org" >"$LAB_DIR/part" 2>"$LAB_DIR/query.err" </dev/null &
query=$!
sleep 1
kill -INT "$query"
wait "$query" && code=0 || code=$?
say org fault off
is "mrulist: interrupted: exit code" "$code" 1
true_that "mrulist: interrupted: it is said" grep -q interrupted "$LAB_DIR/query.err"
true_that "mrulist: interrupted: what there is" grep -q ' 10\.0\.0\.1$' "$LAB_DIR/part"
true_that "mrulist: interrupted: not all" [ "$(wc -l <"$LAB_DIR/part")" -lt 4000 ]
is "mrulist: interrupted: nothing after it" "$(grep -c assid "$LAB_DIR/part")" 0
finish
