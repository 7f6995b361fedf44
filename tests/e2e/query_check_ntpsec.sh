#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# `ntp-query check` against NTPsec's ntpd: its "restrict" lines, and its keys.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/query.sh"

lab_dir
lab_tools ntpd ntpq
lab_is_root || lab_skip "needs root for network namespaces"
lab_need_ns server client
lab_ns_join server "198.18.1.1/24 fd00:5907::1/64" client "198.18.1.2/24 fd00:5907::2/64" ||
	lab_fail "no cable between namespaces"

keys=$LAB_DIR/keys
cat >"$keys" <<END
1 MD5 one-secret
2 SHA1 0123456789abcdef0123456789abcdef01234567
3 SHA256 three-secret
4 AES-128 000102030405060708090a0b0c0d0e0f
5 MD5 not-trusted
END
sed 's/one-secret/another-one/' "$keys" >"$LAB_DIR/wrong"
chmod 0600 "$keys" "$LAB_DIR/wrong"

step() {
	says "$1" "^  $2 +$3 +$4"
}

# asked FROM HOST ARGUMENT...: from that namespace.
asked() {
	asked_from=$1
	asked_host=$2
	shift 2
	code=0
	out=$(lab_in "$asked_from" "$QUERY" "$@" check "$asked_host" agent=no 2>"$LAB_DIR/query.err" </dev/null) || code=$?
	err=$(cat "$LAB_DIR/query.err")
}

# daemon LINE...: the server anew, with these lines.
daemon() {
	[ ! -s "$LAB_DIR/server/ntpd.pid" ] || lab_ntpd_stop "$LAB_DIR/server"
	rm -rf "$LAB_DIR/server"
	lab_ntpd_start server "$LAB_DIR/server" "refclock local stratum 3 minpoll 0 maxpoll 0" \
		"keys $keys" "trustedkey 1 2 3 4" "controlkey 1" "$@"
}

daemon
asked server 127.0.0.1
ends "just started" 0 '^$'
step "just started" warning synchronised 'no: none of '
lab_wait "lab_ntp_synced server" 60 || lab_fail "the server selected no peer"
asked client 198.18.1.1
ends "all well" 0 '^$'
step "all well: time" ok 'time service' 'answered in [0-9.]+ ms: stratum 4, reference '
step "all well: mode 6" ok 'mode 6' 'answered in [0-9.]+ ms, 1 associations'
step "all well: version" warning daemon 'ntpd ntpsec-1\.2\.2'
step "all well: synchronised" ok synchronised 'stratum 4, system peer .*; 1 of 1'
asked client fd00:5907::1
step "IPv6" ok 'mode 6' 'answered'
step "not this machine" skipped snmpd 'not wanted'
code=0
out=$(lab_in client "$QUERY" check 198.18.1.1 2>&1 </dev/null) || code=$?
step "another machine" skipped 'AgentX socket' '198\.18\.1\.1 is not this machine'
step "another machine: snmpd" skipped snmpd '198\.18\.1\.1 is not this machine'

for key in 1 2 3 4; do
	if [ "$key" != 1 ]; then
		asked client 198.18.1.1 -k "$keys" -a "$key"
		ends "key $key: not the control key" 1 '1 of 12 steps failed'
		step "key $key: taken" ok signature 'a signed request was answered'
		step "key $key: not the control key" failed writing "the daemon takes key $key, but not"
	fi
	daemon "controlkey $key"
	asked client 198.18.1.1 -k "$keys" -a "$key"
	step "key $key: signature" ok signature 'a signed request was answered'
	step "key $key: writing" ok writing 'writevar and configure are possible'
done
daemon
true_that "nothing was configured" [ "$(lab_ntpq server -c 'rv 0 version' | grep -c version)" -eq 1 ]
asked client 198.18.1.1 -k "$keys" -a 5
step "a key that is not trusted" failed signature 'the daemon does not take the key: permission, without'
asked client 198.18.1.1 -k "$LAB_DIR/wrong" -a 1
step "a wrong secret" failed signature 'the daemon does not take the key'
step "a wrong secret: nothing to write with" skipped writing 'needs the step "signature"'

daemon "restrict 198.18.1.2 nomodify"
asked client 198.18.1.1 -k "$keys" -a 1
ends "nomodify" 0 '^$'
step "nomodify" warning writing 'writevar is possible, configure is prohibited'

daemon "restrict 198.18.1.2 noquery"
asked client 198.18.1.1
ends "noquery" 1 '1 of 12 steps failed'
step "noquery: time" '(ok|warning)' 'time service' 'answered in'
step "noquery" failed 'mode 6' 'no answer, though time requests are answered'
asked server 127.0.0.1
step "noquery, but not for the machine itself" ok 'mode 6' 'answered'

daemon "restrict 198.18.1.2 ignore"
asked client 198.18.1.1
ends "ignore" 3 '2 of 12 steps failed'
step "ignore: time" failed 'time service' 'no answer from 198\.18\.1\.1'
step "ignore" failed 'mode 6' 'no answer from 198\.18\.1\.1'

daemon "restrict 198.18.1.2 noserve"
asked client 198.18.1.1
ends "noserve" 0 '^$'
step "noserve: time" warning 'time service' 'no answer, though mode 6 is answered'
step "noserve" ok 'mode 6' 'answered'

# The default of those who have no line: some eighteen answers at once, then silence.
daemon "restrict 198.18.1.2 limited kod"
limited=
for round in 1 2 3 4 5 6 7 8 9 10 11 12; do
	asked client 198.18.1.1 -k "$keys" -a 1
	if printf '%s\n' "$out" | grep -Eq '^  failed +mode 6 |^  failed +signature +no answer|^  warning +mode 6 |answered with the kiss code RATE'; then
		limited=$round
		break
	fi
done
true_that "limited: noticed in round ${limited:-none}" [ -n "$limited" ]
says "limited: the advice" 'without "limited"'

lab_ntpd_stop "$LAB_DIR/server"
asked client 198.18.1.1
ends "no daemon" 3 '2 of 12 steps failed'
step "no daemon" failed 'mode 6' 'nobody listens on UDP port 123 of 198\.18\.1\.1'
lab_cable_cut server client
asked client 198.18.1.1
ends "no cable" 3 'steps failed'
finish
