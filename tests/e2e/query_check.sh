#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# `ntp-query check` from a simulated daemon to a real snmpd: each obstacle on the way is put up,
# and has to be named where it is.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/query.sh"

lab_dir
lab_tools snmpd

# Nobody's own snmp.conf gets into the test.
SNMPCONFPATH=$LAB_DIR/conf
SNMP_PERSISTENT_DIR=$LAB_DIR/state
export SNMPCONFPATH SNMP_PERSISTENT_DIR
mkdir "$SNMPCONFPATH"

# step WHAT RESULT STEP FINDING: a line of the report; the finding is a regular expression.
step() {
	says "$1" "^  $2 +$3 +$4"
}

# fix WHAT TEXT: a line of advice.
fix() {
	says "$1" "^           (fix:|cause:|      ) +$2"
}

keys=$LAB_DIR/keys
printf '%s\n' '1 MD5 one-secret' '2 SHA1 two-secret' '3 MD5 three-secret' >"$keys"
printf '%s\n' '1 MD5 other-secret' '2 SHA1 two-secret' '4 MD5 four-secret' '5 NOSUCH x' >"$LAB_DIR/wrong"
printf '1 MD5 one-secret\n' >"$LAB_DIR/single"
chmod 0600 "$keys" "$LAB_DIR/wrong" "$LAB_DIR/single"

# sim NAME DIALECT: a daemon with these keys, of which 1 is its control key.
sim() {
	lab_sim_start "$LAB_DIR/$1" --dialect "$2" --associations 4 --seed 3 --keys "$keys" \
		--trusted 1,2 --controlkey 1 --control "$LAB_DIR/$1/control"
}

say() {
	say_name=$1
	shift
	"$SIMSAY" "$LAB_DIR/$say_name/control" "$*" >/dev/null
}

sim org ntporg
org=127.0.0.1:$LAB_SIM_PORT
sim sec ntpsec
sec=127.0.0.1:$LAB_SIM_PORT
sim new ntpsec-1.2.5
new=127.0.0.1:$LAB_SIM_PORT

# --- the name --------------------------------------------------------------------------------

ask check name.invalid agent=no
ends "no address" 3 '2 of 12|1 of 12 steps failed'
step "no address" failed name '.+'
step "no address: what needs it" skipped 'mode 6' 'needs the step "name"'
ask -6 check 127.0.0.1 agent=no
step "the wrong family" failed name 'an address of the family that was not asked for'
ask check "localhost:${org#*:}" agent=no
step "several addresses" ok name '.*127\.0\.0\.1'
step "several addresses: the one that answers" ok 'mode 6' 'answered'
ask check "$org" nothing=1
ends "a wrong word" 1 "'nothing=1' is none of"
ask -c "check $org $sec agent=no"
ends "two hosts for the command" 1 'there is a host already'

# --- the time service, and mode 6 ---------------------------------------------------------------

ask check "$org" agent=no
ends "all well" 0 '^$'
step "time" ok 'time service' 'answered in [0-9.]+ ms: stratum [0-9]+, reference '
step "mode 6" ok 'mode 6' 'answered in [0-9.]+ ms, 4 associations'
step "version" ok daemon 'ntpd 4\.2\.8p15'
step "synchronised" ok synchronised 'stratum [0-9]+, system peer 198\.18\.[0-9.]+; [0-9]+ of 4'
step "no key" skipped key 'no key was given'
step "not wanted" skipped 'AgentX socket' 'not wanted'
mute "nothing to do" 'fix:'
is "lines" "$(printf '%s\n' "$out" | wc -l)" 12
ask check 127.0.0.1:9 agent=no
ends "nobody listens" 3 '2 of 12 steps failed'
step "nobody listens: time" failed 'time service' 'nobody listens on UDP port 9 of 127\.0\.0\.1'
step "nobody listens: mode 6" failed 'mode 6' 'nobody listens on UDP port 9 of 127\.0\.0\.1'
fix "nobody listens: what to do" 'start it, or name the port'
say org silence on
ask -c 'timeout 400' -c 'check agent=no' "$org"
ends "silence" 3 '2 of 12 steps failed'
step "silence: time" failed 'time service' 'no answer from 127\.0\.0\.1'
step "silence: mode 6" failed 'mode 6' 'no answer from 127\.0\.0\.1'
say org silence off
say org noquery on
ask -c 'timeout 400' -c 'check agent=no' "$org"
ends "noquery" 1 '1 of 12 steps failed'
step "noquery" failed 'mode 6' 'no answer, though time requests are answered'
fix "noquery: the cause" '"restrict ... noquery".*chronyd'
fix "noquery: the line" 'restrict 127\.0\.0\.1'
for kiss in RATE DENY; do
	say org time "$kiss"
	ask -c 'timeout 400' -c 'check agent=no' "$org"
	step "$kiss: time" warning 'time service' ".*$kiss"
	step "$kiss: mode 6" failed 'mode 6' 'no answer(: the daemon limits our rate|, and time is denied too)'
done
say org time on
say org noquery 1
ask -c 'timeout 400' -c 'check agent=no' "$org"
step "silence after an answer" failed 'mode 6' 'answered at first, then fell silent'
fix "silence after an answer" '.*"limited"'
say org noquery off
say org time off
ask -c 'timeout 400' -c 'check agent=no' "$org"
ends "mode 6 without time" 0 '^$'
step "mode 6 without time" warning 'time service' 'no answer, though mode 6 is answered'
say org time strange
ask -c 'timeout 400' -c 'check agent=no' "$org"
step "answers to nothing" warning 'time service' '2 datagrams came that do not answer'
say org time off
say org fault 'drop=100,first=1'
ask check "$org" agent=no
step "a lost datagram" warning 'mode 6' 'answered, 4 associations, but 1 requests had to be repeated'
say org time on
say org fault 'drop=100,first=1'
ask check "$org" agent=no
step "a lost answer about time" ok 'time service' 'answered in 1[0-9]{3}\.'
step "a lost answer about time: mode 6" ok 'mode 6' 'answered'
say org fault garbage
ask -c 'timeout 400' -c 'check agent=no' "$org"
step "garbage" failed 'mode 6' 'no answer'
say org fault off

# --- the daemon ----------------------------------------------------------------------------------

ask check "$sec" agent=no
step "NTPsec before 1.2.3" warning daemon 'ntpd ntpsec-1\.2\.2'
ask check "$new" agent=no
step "NTPsec since" ok daemon 'ntpd ntpsec-1\.2\.5 \(without writevar\)'
for version in '"ntpd 4.2.6p5@1.2349-o Fri"' '"ntpd 4.2.0"'; do
	say org set 0 version "$version"
	ask check "$org" agent=no
	step "an old one" warning daemon 'ntpd 4\.2\.[06]'
done
say org set 0 version '"something 1.0"'
ask check "$org" agent=no
step "another one" warning daemon 'something 1\.0: neither'
say org set 0 version '"evil \x1b]0;x\x07"'
ask check "$org" agent=no
mute "nothing but printable text" "$(printf '[\033\007]')"
say org unset 0 version
ask check "$org" agent=no
step "none that says so" warning daemon 'it does not say'
say org set 0 version '"ntpd 4.2.8p15@1.3728-o"'
say org set 0 leap 3
say org set 0 stratum 16
ask check "$org" agent=no
ends "not synchronised: no failure of monitoring" 0 '^$'
step "not synchronised: time" warning 'time service' '.*not synchronised'
step "not synchronised" warning synchronised 'no: none of [0-9]+ reachable associations'
say org reach off 0 4
ask check "$org" agent=no
step "nobody reachable" warning synchronised 'no: none of 4 associations is reachable'
say org reach on 0 4
say org set 0 leap 0
say org set 0 stratum 3
ask check "$org" agent=no
step "without a system peer" ok synchronised 'stratum 3, without a system peer'

# --- the key, and writing ------------------------------------------------------------------------

ask -k "$keys" -a 1 check "$org" agent=no
ends "the control key" 0 '^$'
step "the control key: found" ok key "key 1 \\(MD5\\) of $keys"
step "the control key: taken" ok signature 'a signed request was answered with a valid'
step "the control key: writes" ok writing 'writevar and configure are possible'
is "nothing was written" "$("$SIMSAY" "$LAB_DIR/org/control" writes | sed 's/configure=[01]//')" "ok writevar=0 "
ask -k "$keys" -a 1 check "$sec" agent=no
step "NTPsec before 1.2.3: writes" ok writing 'writevar and configure are possible'
ask -k "$keys" -a 1 check "$new" agent=no
step "NTPsec since: writes" ok writing 'configure is possible; this daemon has no writevar'
for daemon in org sec new; do
	eval "host=\$$daemon"
	ask -k "$keys" -a 2 check "$host" agent=no
	ends "$daemon: another key" 1 '1 of 12 steps failed'
	step "$daemon: another key: taken" ok signature 'a signed request'
	step "$daemon: another key" failed writing 'the daemon takes key 2, but not for writing'
	fix "$daemon: another key" 'in ntp\.conf: controlkey 2'
	ask -k "$keys" -a 3 check "$host" agent=no
	step "$daemon: a key that is not trusted" failed signature 'the daemon does not take the key'
	fix "$daemon: a key that is not trusted" 'trustedkey 3'
	step "$daemon: nothing to write with" skipped writing 'needs the step "signature"'
	ask -k "$LAB_DIR/wrong" -a 4 check "$host" agent=no
	step "$daemon: an unknown key" failed signature 'the daemon does not take the key'
	ask -k "$LAB_DIR/wrong" -a 1 check "$host" agent=no
	step "$daemon: a wrong secret" failed signature '(the daemon does not take|.*crypto-NAK)'
done
ask -k "$LAB_DIR/wrong" -a 1 check "$org" agent=no
step "ntp.org: a wrong secret is told" failed signature 'the daemon finds our signature wrong'
say org nomodify on
say new nomodify on
ask -k "$keys" -a 1 check "$org" agent=no
ends "nomodify" 0 '^$'
step "nomodify" warning writing 'writevar is possible, configure is prohibited'
ask -k "$keys" -a 1 check "$new" agent=no
step "nomodify, no writevar" failed writing 'configure is prohibited, and this daemon has no writevar'
say org nomodify off
say new nomodify off
say org fault 'write-drop'
ask -k "$keys" -a 1 -c 'timeout 400' -c 'check agent=no' "$org"
step "a signed request is lost" failed signature 'no answer to a signed request'
say org fault 'no-mac'
ask -k "$keys" -a 1 -c 'timeout 400' -c 'check agent=no' "$org"
step "answers without a code" failed signature 'answers came with a wrong signature, or none'
say org fault off
ask -k "$LAB_DIR/none" -a 1 check "$org" agent=no
step "no key file" failed key '.*/none: there is no such file'
ask -k "$keys" check "$org" agent=no
step "no key chosen" failed key '.*holds 3 keys, and none was chosen'
ask -k "$LAB_DIR/single" check "$org" agent=no
step "the only key" ok key 'key 1 \(MD5\)'
ask -k "$keys" -a 7 check "$org" agent=no
step "no such key" failed key '.*/keys holds no key 7$'
ask -k "$LAB_DIR/wrong" -a 5 check "$org" agent=no
step "a spoilt key" failed key '.*holds no key 5 that can be used'
fix "a spoilt key: why" '.*/wrong:4: '
ask -a 7 check "$org" agent=no
step "an id without a file" failed key 'key 7 without its secret'
chmod 0644 "$keys"
ask -k "$keys" -a 1 check "$org" agent=no
step "keys that everybody reads" warning key '.*mode 0644'
step "keys that everybody reads are used" ok writing 'writevar'
chmod 0666 "$keys"
ask -k "$keys" -a 1 check "$org" agent=no
step "keys that everybody writes" failed key '.*mode 0666'
chmod 0600 "$keys"

# --- the agent's side ------------------------------------------------------------------------------

dir=$LAB_DIR/agent
port=$(lab_free_udp_port)
enterprise=.$(sed -n 's/^ENTERPRISE_OID = //p' "$top_builddir/Makefile")

# The whole way, as user public unless told otherwise.
whole() {
	ask check "$org" "agentx=$dir/agentx" "snmp=127.0.0.1:$port" "community=${1:-public}"
}

mkdir "$dir"
ask check "$org" "agentx=$dir/agentx" snmp=nothing:here:161
ends "no snmpd" 1 '2 of 12 steps failed'
step "no snmpd: the socket" failed 'AgentX socket' "$dir/agentx does not exist"
fix "no snmpd: the line" 'master agentx'
step "an address that is none" failed snmpd 'nothing:here:161: '
step "no snmpd: what needs it" skipped agent 'needs the step "snmpd"'
: >"$dir/plain"
ask check "$org" "agentx=$dir/plain" snmp=nothing:here:161
step "no socket" failed 'AgentX socket' "$dir/plain is no socket"
ask check "$org" "agentx=tcp:127.0.0.1:705" snmp=nothing:here:161
step "another transport" skipped 'AgentX socket' 'tcp:127\.0\.0\.1:705 is no path'
long=/$(printf '%0107d' 0)
ask check "$org" "agentx=$long" snmp=nothing:here:161
step "a long path" failed 'AgentX socket' '/0+: '

whole
step "nobody answers" failed snmpd "127\\.0\\.0\\.1:$port does not answer community \"public\""

lab_snmpd_start "$dir" "$port" \
	'com2sec narrow 127.0.0.1 narrow' 'com2sec half 127.0.0.1 half' 'com2sec other 127.0.0.1 other' \
	'com2sec empty 127.0.0.1 empty' \
	'group narrow v2c narrow' 'group half v2c half' 'group other v2c other' 'group empty v2c empty' \
	'view systemonly included .1.3.6.1.2.1.1' \
	'view ntpv4 included .1.3.6.1.2.1.1' 'view ntpv4 included .1.3.6.1.2.1.197' \
	'view own included .1.3.6.1.2.1.1' "view own included $enterprise" \
	'view nothing included .1.3.6.1.2.1.11' \
	'access narrow "" any noauth exact systemonly none none' \
	'access half "" any noauth exact ntpv4 none none' \
	'access other "" any noauth exact own none none' \
	'access empty "" any noauth exact nothing none none'
whole
ends "no agent" 1 '1 of 12 steps failed'
step "no agent: the socket" ok 'AgentX socket' "[a-z]+ may connect to $dir/agentx \\(mode "
step "no agent: snmpd" ok snmpd "127\\.0\\.0\\.1:$port answered community \"public\" in [0-9.]+ ms"
step "no agent" failed agent 'ntp-agentxd is not among the [1-9][0-9]* entries'
step "no agent: no view" skipped view 'needs the step "agent"'
whole nobodyknows
step "a community nobody knows" failed snmpd '.*does not answer community "nobodyknows"'

if lab_is_root; then
	# as_nobody: the whole way as somebody who is not root.
	as_nobody() {
		code=0
		out=$(setpriv --reuid 65534 --regid 65534 --clear-groups "$QUERY" check "$org" \
			"agentx=$1" "snmp=127.0.0.1:$port" community=public 2>"$LAB_DIR/query.err" </dev/null) || code=$?
		err=$(cat "$LAB_DIR/query.err")
	}
	mkdir -m 0700 "$dir/closed"
	as_nobody "$dir/agentx"
	step "not root" failed 'AgentX socket' "[a-z0-9 ]+ may not connect to $dir/agentx \\(mode 0[0-7]{3} root:root\\)"
	fix "not root: the line" 'agentXPerms 0660 0755'
	as_nobody "$dir/closed/agentx"
	step "a closed directory" failed 'AgentX socket' "[a-z0-9 ]+ may not enter $dir/closed \\(mode 0700 root:root\\)"
	fix "a closed directory: the command" "chmod 0755 $dir/closed"
fi

agent_start "$dir" "target theirs 127.0.0.1 port ${org#*:} interval 1"
# whole_says TEXT: on the way, now.
whole_says() {
	whole
	printf '%s\n' "$out" | grep -q "$1"
}
true_that "the agent serves" lab_wait "whole_says 'target theirs of the agent is up'" 20
whole
ends "the whole way" 0 '^$'
step "the whole way: agent" ok agent 'snmpd lists it: NTP-AGENTX-MIB by ntp-agentx'
step "the whole way: view" ok view 'both modules are shown; target theirs of the agent is up'
is "the whole way: nothing else" "$(printf '%s\n' "$out" | grep -c '^  ok ')" 9
ask check "$sec" "agentx=$dir/agentx" "snmp=127.0.0.1:$port" community=public
step "a host that is no target" ok view "both modules are shown; $sec is none of the agent's 1 targets"
ask check "localhost:${org#*:}" "agentx=unix:$dir/agentx" "snmp=127.0.0.1:$port" community=public
step "a host by its name, a target by its address" ok view 'both modules are shown; target theirs of the agent is up'
step "a socket with its transport" ok 'AgentX socket' "[a-z]+ may connect to $dir/agentx "
ask --json check "$org" "agentx=$dir/agentx" "snmp=127.0.0.1:$port" community=narrow
is "JSON: exit code" "$code" 1
if command -v python3 >/dev/null; then
	# shellcheck disable=SC2016 # the inner shell's own arguments
	true_that "JSON" sh -c 'printf "%s\n" "$1" | python3 -c "import json,sys
o = json.loads(sys.stdin.read())
s = o[\"steps\"]
assert o[\"checked\"] == sys.argv[1] and len(s) == 12
assert all(set(x) == {\"step\", \"result\", \"finding\", \"cause\", \"fix\"} for x in s)
assert s[0][\"result\"] == \"ok\" and s[0][\"fix\"] is None
assert s[11][\"result\"] == \"failed\" and \"view systemonly included .1.3.6.1.2.1.197\\n\" in s[11][\"fix\"]" "$2"' - "$out" "$org"
fi
if lab_is_root; then
	as_nobody "$dir/agentx"
	ends "not root, but the agent is" 0 '^$'
	step "not root, but the agent is" warning 'AgentX socket' '[a-z0-9 ]+ may not connect'
fi

whole narrow
ends "a narrow view" 1 '1 of 12 steps failed'
step "a narrow view: agent" ok agent 'snmpd lists it'
step "a narrow view" failed view 'snmpd hides NTPv4-MIB and NTP-AGENTX-MIB from community "narrow"'
fix "a narrow view: the lines" 'view systemonly included \.1\.3\.6\.1\.2\.1\.197$'
fix "a narrow view: our own" "view systemonly included $enterprise\$"
whole half
step "half a view" failed view 'snmpd hides NTP-AGENTX-MIB from community "half"'
mute "half a view: the other line" 'view systemonly included \.1\.3\.6\.1\.2\.1\.197'
whole other
step "the other half" failed view 'snmpd hides NTPv4-MIB from community "other"'
mute "the other half: the other line" "view systemonly included $enterprise"
whole empty
step "nothing in view" warning agent 'snmpd shows community "empty" no list of agents'
step "nothing in view: either" failed view 'snmpd hides NTPv4-MIB and'

say org silence on
true_that "the agent notices silence" lab_wait "whole_says 'target theirs of the agent is silent: '" 60
step "a target in trouble" warning view 'shown; target theirs of the agent is silent: [a-z]'
fix "a target in trouble" 'see the steps above'
say org silence off
true_that "the agent notices its end" lab_wait "whole_says 'target theirs of the agent is up'" 60

# By the defaults of snmp.conf: SNMPv3, and what is wrong with a pass phrase.
cat >"$SNMPCONFPATH/snmp.conf" <<END
defVersion 3
defSecurityName lab
defSecurityLevel authPriv
defAuthType SHA-256
defPrivType AES
defPassphrase lab-secret
END
SNMP_PERSISTENT_DIR=$LAB_DIR/untouched
ask check "$org" "agentx=$dir/agentx" "snmp=127.0.0.1:$port"
SNMP_PERSISTENT_DIR=$LAB_DIR/state
true_that "no state was written" [ ! -e "$LAB_DIR/untouched" ]
step "SNMPv3" ok snmpd ".*answered user \"lab\""
step "SNMPv3: the view" ok view 'both modules are shown'
sed -i 's/lab-secret/not-the-secret/' "$SNMPCONFPATH/snmp.conf"
ask check "$org" "agentx=$dir/agentx" "snmp=127.0.0.1:$port"
step "SNMPv3: a wrong phrase" failed snmpd '.*refuses user "lab": Authentication failure'
sed -i 's/ lab$/ nobody/' "$SNMPCONFPATH/snmp.conf"
ask check "$org" "agentx=$dir/agentx" "snmp=127.0.0.1:$port"
step "SNMPv3: nobody" failed snmpd '.*refuses user "nobody": Unknown user name'
echo 'defCommunity other' >"$SNMPCONFPATH/snmp.conf"
ask check "$org" "agentx=$dir/agentx" "snmp=127.0.0.1:$port"
step "a community by default" ok snmpd '.*answered community "other"'
rm "$SNMPCONFPATH/snmp.conf"

# Contexts only, and no targets.
agent_stop
agent_start "$dir" "target theirs 127.0.0.1 port ${org#*:} context there interval 1"
true_that "the agent serves a context" lab_wait "whole_says 'no target has the default context'" 20
agent_stop

# An interrupt ends the waiting, not the program.
mkfifo "$LAB_DIR/commands"
"$QUERY" -i "$org" <"$LAB_DIR/commands" >>"$LAB_DIR/interrupted.log" 2>&1 &
query_pid=$!
lab_own "$query_pid"
exec 3>"$LAB_DIR/commands"
echo 'timeout 8000' >&3
lab_wait "grep -q 'given up after 8000 ms' $LAB_DIR/interrupted.log" 10
# interrupted STEP: while it waits there; what is said, and that the next command is read.
interrupted() {
	: >"$LAB_DIR/interrupted.log"
	echo "check agentx=$dir/agentx snmp=127.0.0.1:$port community=public" >&3
	sleep 1
	kill -s INT "$query_pid"
	echo timeout >&3
	true_that "$1: the program goes on" lab_wait "grep -q 'given up after 8000 ms' $LAB_DIR/interrupted.log" 5
	true_that "$1: it was interrupted" grep -Eq "^  skipped +$1 +interrupted" "$LAB_DIR/interrupted.log"
	is "$1: what was not asked is no failure" "$(grep -c '  failed' "$LAB_DIR/interrupted.log")" 0
}
lab_snmpd_freeze "$dir"
interrupted snmpd
say org noquery on
interrupted 'mode 6'
say org time off
interrupted 'time service'
say org noquery off
say org time on
echo quit >&3
exec 3>&-
wait "$query_pid"
is "an interrupted check" "$?" 1
lab_snmpd_thaw "$dir"

lab_snmpd_kill "$dir"
printf 'defVersion 3\ndefSecurityName lab\n' >"$SNMPCONFPATH/snmp.conf"
ask check "$org" "agentx=$dir/agentx" "snmp=127.0.0.1:$port"
step "SNMPv3: nobody answers" failed snmpd "127\\.0\\.0\\.1:$port does not answer user \"lab\""
rm "$SNMPCONFPATH/snmp.conf"
whole
step "a socket that was left" failed 'AgentX socket' "nobody listens on $dir/agentx"
finish
