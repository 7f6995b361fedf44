#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ntp-query and NTPsec's ntpq ask the same daemon: the same facts, field by field. ntpq is asked
# before and after; what changes all the time has to lie between its two answers.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/query.sh"
. "$srcdir/tests/e2e/query_compare.sh"

lab_dir
lab_tools ntpd ntpq
lab_is_root || lab_skip "needs root for network namespaces"
lab_need_ns server client
lab_ns_join server "198.18.1.1/24 fd00:5907::1/64" client "198.18.1.2/24 fd00:5907::2/64" ||
	lab_fail "no cable between namespaces"
printf '%s\n' '1 SHA256 one-secret' '2 AES128CMAC 000102030405060708090a0b0c0d0e0f' >"$LAB_DIR/keys"
chmod 0600 "$LAB_DIR/keys"
lab_ntpd_start server "$LAB_DIR/server" "refclock local stratum 3 minpoll 0 maxpoll 0"
lab_ntpd_start client "$LAB_DIR/client" \
	"server 198.18.1.1 minpoll 3 maxpoll 3 iburst" \
	"server fd00:5907::1 minpoll 3 maxpoll 3 iburst" \
	"server 198.18.1.77 minpoll 3 maxpoll 3" \
	"refclock local stratum 12 minpoll 3 maxpoll 3" \
	"keys $LAB_DIR/keys" "trustedkey 1 2" "controlkey 1"
lab_wait "lab_ntp_synced client" 90 || lab_fail "the client selected no peer"

# The lines of a table as "KEY FIELD VALUE". Titles and the line below them are left out.
peers_facts() {
	awk '/^ *remote / || /^==/ { next }
		{
			tally = substr($0, 1, 1)
			$0 = substr($0, 2)
			split("remote refid st t when poll reach delay offset jitter", name, " ")
			print $1, "tally", tally
			for (i = 2; i <= NF; i++) print $1, name[i], $i
		}'
}

as_facts() {
	awk '$1 ~ /^[0-9]+$/ { for (i = 3; i <= NF; i++) print $2, i, $i }'
}

compare "peers -n" peers_facts "-pn" "-np"
compare "as" as_facts "-c as" "-c as"
compare "rv" rv_facts "-c raw -c rv" "-c raw -c rv"
for id in $(lab_ntpq client -c as | awk '$1 ~ /^[0-9]+$/ { print $2 }'); do
	compare "rv $id" rv_facts "-c raw -c 'rv $id'" "-c raw -c 'rv $id'"
done
clock=$(ours -c apeers | awk '/LOCAL\(0\)/ { print $3 }')
compare "cv $clock" rv_facts "-c raw -c 'cv $clock'" "-c raw -c 'cv $clock'"

# What is written is seen by ntpq.
ours -k "$LAB_DIR/keys" -a 1 -c 'config setvar site = "Ost 2"' >"$LAB_DIR/out" 2>&1
true_that "config: $(cat "$LAB_DIR/out")" grep -q '^Config Succeeded$' "$LAB_DIR/out"
# shellcheck disable=SC2016 # the inner shell's own argument
true_that "config: ntpq sees it" sh -c 'printf "%s\n" "$1" | grep -q "Ost 2"' - \
	"$(lab_ntpq client -c 'rv 0 site')"
ours -k "$LAB_DIR/keys" -a 2 -c 'config setvar site = "West"' >"$LAB_DIR/out" 2>&1
true_that "not the control key: $(cat "$LAB_DIR/out")" grep -q 'takes the key, but not for this' "$LAB_DIR/out"
n=$(ours -c as | wc -l)
ours -k "$LAB_DIR/keys" -a 1 -c 'config unpeer 198.18.1.77' -c 'config controlkey 2' >"$LAB_DIR/out" 2>&1
is "an association goes" "$(ours -c as | wc -l)" $((n - 1))
ours -k "$LAB_DIR/keys" -a 2 -c 'config setvar site = "Nord"' >"$LAB_DIR/out" 2>&1
true_that "the control key is another one, for CMAC: $(cat "$LAB_DIR/out")" \
	grep -q '^Config Succeeded$' "$LAB_DIR/out"

ours -c rv -c 'rv &1' >"$LAB_DIR/out"
true_that "in words: the version" grep -q 'version="ntpd ntpsec-' "$LAB_DIR/out"
true_that "in words: the status" grep -Eq '^associd=0 status=[0-9a-f]{4} leap_' "$LAB_DIR/out"
finish
