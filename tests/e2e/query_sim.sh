#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every command of ntp-query against simulated daemons: what it prints, what it says when
# something is wrong, how it ends; hostile octets, associations that vanish, lost datagrams, a
# thousand associations.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/query.sh"

lab_dir
evil=$(printf 'x\033]0;owned\007\233y')
lab_sim_start "$LAB_DIR/org" --dialect ntporg --frozen --control "$LAB_DIR/org/control" \
	--recording "$srcdir/tests/recordings/ntpd-4.2.8p15-client.txt" --setvar "evil=$evil"
org=127.0.0.1:$LAB_SIM_PORT
lab_sim_start "$LAB_DIR/sec" --dialect ntpsec --associations 1000 --seed 3 --frozen \
	--control "$LAB_DIR/sec/control"
sec=127.0.0.1:$LAB_SIM_PORT

say() {
	say_name=$1
	shift
	"$SIMSAY" "$LAB_DIR/$say_name/control" "$*" >/dev/null
}

ask --help
ends "help" 0 '^$'
says "help: an option" '^  -c, --command COMMAND'
says "help: what it needs" '^Usage: ntp-query \[OPTION\]\.\.\. \['

# Associations.
ask -c as "$org"
is "as: exit code" "$code$err" 0
says "as: a system peer" '^ +2 45113 961a +yes +yes +none sys\.peer +sys_peer +1$'
says "as: an authenticated one" '^ +1 45112 f414 +yes +yes +ok +candidate reachable +1$'
say org status 45114 0011
ask -c as -c las "$org"
is "as leaves out what is neither configured nor reachable" \
	"$(printf '%s\n' "$out" | grep -c ' 45114 0011 ')" 1
ask -c las "$org"
says "lassociations does not" '^ +3 45114 0011 +no +no +none reject'
ask -c "rv &3 stratum" "$org"
says "&3 counts in the whole list" '^associd=45114 '
say org status 45114 8011
ask -c lpas -c pas "$org"
says "lpassociations" ' 45112 f414 '
ask -c 'pstatus &2' -c 'pstatus 0' "$org"
says "pstatus" '^associd=45113 status=961a conf, reach, sel_sys\.peer, 1 event, sys_peer$'
says "pstatus of the system" '^associd=0 status=0614 leap_none, sync_ntp, 1 event, '

# Billboards.
ask -np "$org"
says "peers: titles" '^ remote +refid +st t when poll reach +delay +offset +jitter$'
says "peers: the system peer" '^\*fd00:99::1 +127\.127\.1\.0 +4 u +[0-9]+[mhd]? +16 +377 +0\.040 +0\.012 +0\.006$'
says "peers: not heard yet" '^ 10\.99\.0\.9 +\.INIT\. +16 u +- +16 +0 +0\.000'
says "peers: a clock" '^ 127\.127\.1\.0 +\.LOCL\. +10 l '
ask -nc opeers "$org"
says "opeers" '^\+10\.99\.0\.1 +10\.99\.0\.2 +4 u .* 0\.232$'
ask -nc apeers "$org"
says "apeers" '^\*fd00:99::1 +7f7f0100 45113 '
says "apeers: text" '^ 10\.99\.0\.9 +494e4954 45114 '
say org status 45114 0011
ask -nc pe "$org"
mute "peers leaves out what is neither configured nor reachable" 'INIT'
ask -nc lpeers "$org"
says "lpeers does not" 'INIT'
ask -nc lopeers "$org"
says "lopeers" '^ 10\.99\.0\.9 +10\.99\.0\.2 '
say org status 45114 8011
say org set 45114 flash 0x1820
ask -nc pe "$org"
says "a loop is shown as such" '^ 10\.99\.0\.9 +\(loop\) '
say org set 45114 flash 0x1620

# Variables in words.
ask -c rv "$org"
is "rv: exit code" "$code$err" 0
says "rv: status" '^associd=0 status=0614 leap_none, sync_ntp, 1 event, freq_mode,$'
says "rv: timestamp" 'reftime=eeab5fb9\.46790122 2026-11-21T00:09:29\.275Z'
says "rv: Autokey" 'flags=0x410003 nid 65 enab tai'
says "rv: certificate" 'cert="subject labA issuer labA 0x5 trusted valid"'
ask -c 'rv &1' "$org"
says "rv of an association" '^associd=45112 status=f414 conf, authenb, auth, reach, sel_candidate, '
says "rv: reach" 'reach=377,'
says "rv: modes" 'hmode=3 client, pmode=4 server'
says "rv: filters stand below each other" '^filtdelay=  +0\.08 +0\.10 +0\.07'
ask -c 'rv 45114 flash, stratum,nothing' "$org"
says "rv: the names that are known" 'flash=1620 pkt_stratum peer_stratum peer_dist peer_unreach'
ends "rv: the one that is not" 1 'nothing: unknown variable'
ask -c 'rv 7' "$org"
ends "no such association" 1 'daemon says'
ask -c 'rv &9' "$org"
ends "no such place in the list" 1 '&9: there are 5 associations'
say org set 45114 stratum many
ask -c 'rv 45114 stratum' "$org"
says "what is no number is marked" '^stratum=many\?$'
say org set 45114 stratum 16
ask -c 'mrv &1 &3 offset' "$org"
is "mrv: three answers" "$(printf '%s\n' "$out" | grep -c '^offset=')" 3
ask -c 'mrv 1 2' "$org"
ends "mrv of nothing" 1 'no association from 1 to 2'
ask -c 'addvars leap, hmode=5' -c showvars -c 'rl &1' -c 'mrl &1 &2' -c 'rmvars leap' -c showvars \
	-c clearvars -c showvars "$org"
is "lists: exit code" "$code$err" 0
says "showvars" '^hmode = 5$'
is "readlist, mreadlist" "$(printf '%s\n' "$out" | grep -c '^leap=00 leap_none, hmode=3 client')" 3
says "clearvars" '^the list is empty$'
ask -c 'rmvars leap' "$org"
ends "rmvars of what is not there" 1 'not in the list'
ask -c cv -c 'cv 45116 poll' "$org"
says "cv" '^device="Undisciplined local clock", timecode="", poll=5'
says "cv of an association" '^associd=45116 status=0000 0 events, clk_unspec,$'
ask -c 'addvars refid' -c cl "$org"
says "clocklist" '^refid=\.LOCL\.$'
ask -c 'cv 45112' "$org"
ends "cv of what is no clock" 1 'daemon says'

# Raw, and octets nobody wants.
ask -c raw -c 'rv 0 leap,refid' -c cooked -c 'rv 0 leap' "$org"
says "raw" '^leap=0, refid=244\.149\.184\.189$'
says "cooked" '^leap=00 leap_none$'
for form in cooked raw; do
	ask -c "$form" -c 'rv 0 evil' "$org"
	says "$form: octets are escaped" 'evil="?x\\x1b]0;owned\\x07\\x9by"?$'
done
ask --json -c 'rv 0 evil' "$org"
mute "JSON: no control characters" "$(printf '[\001-\037]')"
ask --json -nc pe -c 'rv &1' -c nothing "$org"
is "JSON: exit code" "$code" 1
says "JSON: peers" '"command": "peers", "peers": \[\{"tally": "\+", "associd": 45112, "selection": "candidate", "remote": "10\.99\.0\.1", .*"delay_ms": 0\.082'
says "JSON: variables" '"variables": \{"srcadr": "10\.99\.0\.1", "srcport": 123,.*"decoded": \{"leap": "00 leap_none"'
if command -v python3 >/dev/null; then
	ask --json -c pe -c rv -c 'rv &1' -c 'rv 0 evil' -c help -c 'mrv &1 &3' -c cv -c 'rv 7' "$org"
	# shellcheck disable=SC2016 # the inner shell's own argument
	true_that "JSON: each line is an object" sh -c 'printf "%s\n" "$1" | python3 -c "import json,sys
assert len([json.loads(line) for line in sys.stdin]) == 8"' - "$out"
fi

# The program itself.
ask -c help -c 'help mrv' -c '? rv' "$org"
says "help" '^  peers +pe +the associations'
says "help of a command" '^usage: mreadvar assocID assocID \[names\]$'
ask -c mread "$org"
ends "a beginning of several" 1 "'mread' can be: mreadvar, mreadlist"
ask -c 'peers &1' "$org"
ends "too many arguments" 1 'usage: peers'
ask -c 'ntpversion 4' -c 'rv 0 leap' -c 'ntpversion' "$org"
says "ntpversion" '^requests have NTP version 4$'
says "ntpversion: it is answered" '^leap='
ask -c 'hostnames no' -c hostnames "$org"
says "hostnames" '^hosts are shown by address$'
ask -c 'debug 2' -c 'rv 0 leap' -c 'debug less' -c 'debug off' "$org"
ends "debug" 0 "readvar 0 'leap': answered, [0-9]+ octets"
ask -c 'debug loud' "$org"
ends "debug: a wrong word" 1 'none of more, less, off'
ask -c "host $org" -c 'rv 0 leap' -c host "$sec"
says "host" "^current host is $org\$"
ask -c 'host -6 127.0.0.1' "$org"
ends "host: the wrong family" 3 'family'
ask -c "as > $LAB_DIR/as.txt" "$org"
is "nothing on the terminal" "$out" ""
true_that "but in the file" grep -q ' 45113 961a ' "$LAB_DIR/as.txt"
ask -c "as > $LAB_DIR/none/as.txt" "$org"
ends "a file that cannot be written" 1 'none/as.txt: No such file'
out=$(printf 'host\n# nothing\n\nquit\nas\n' | "$QUERY" "$org")
is "commands from the standard input, up to quit, without a prompt" "$out" "current host is $org"
out=$(printf 'exit\n' | "$QUERY" -i "$org")
is "-i prompts" "$out" "ntp-query> "
ask -c 'rv 0 leap' "$org" "$sec"
is "two hosts" "$(printf '%s\n' "$out" | grep -c '^server=\|^leap=')" 4
if [ -w /dev/full ]; then
	"$QUERY" -c help >/dev/full 2>"$LAB_DIR/query.err" && code=0 || code=$?
	is "a full disk" "$code" 4
fi

# Hosts that do not answer.
ask -p 127.0.0.1:9
ends "nobody listens" 3 'nobody listens there'
ask -p localhost:"${org#*:}"
is "the next address of a name" "$code" 0
ask -p name.invalid
is "a name without an address" "$code" 3
ask -p ''
is "no name at all" "$code" 2
say org silence on
ask -c 'timeout 300' -c timeout -nc pe "$org"
ends "silence" 3 'no answer'
says "timeout" 'given up after 300 ms'
say org silence off

# A thousand associations, also when a third of the datagrams is lost and some vanish meanwhile.
ask -np "$sec"
is "a thousand associations" "$(printf '%s\n' "$out" | grep -c '^[^=]*198\.18\.')" 1000
say sec fault "drop=30,reorder,duplicate"
ask -c 'timeout 0' -np "$sec"
is "with loss" "$code $(printf '%s\n' "$out" | grep -c '^[^=]*198\.18\.')" "0 1000"
say sec fault "delay=20"
first=$("$QUERY" -c 'as' "$sec" | awk 'NR > 2 && NR % 10 == 0 { print $2 }')
(
	sleep 0.1
	for id in $first; do
		say sec remove "$id"
	done
) &
remover=$!
ask -np "$sec"
wait "$remover"
is "associations vanish meanwhile: exit code" "$code$err" 0
say sec fault off
ask -np "$sec"
left=$((1000 - $(printf '%s\n' "$first" | wc -l)))
is "and those that are left" "$(printf '%s\n' "$out" | grep -c '^[^=]*198\.18\.')" "$left"
finish
