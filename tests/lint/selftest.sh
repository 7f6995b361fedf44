#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Shows that the lints can fail: each finds the violation in a small tree made for it and names
# its line, and each is content with the tree without it.
set -u
lints=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d) || exit 1
trap 'rm -rf "$tree"' EXIT
passed=0
failed=0
skipped=0

# A tree that pleases every lint.
clean_tree() {
	rm -rf "${tree:?}"/*
	mkdir -p "$tree/src/base" "$tree/src/mode6" "$tree/src/client" "$tree/src/snmp" \
		"$tree/src/probe" "$tree/src/query" "$tree/src/daemon" "$tree/tests/sim" "$tree/tests/mibs" "$tree/doc" "$tree/mibs"
	printf 'int\nf(void)\n{\n\treturn 0;\n}\n' >"$tree/src/base/ok.c"
	printf '#include "base/ok.h"\n#include "mode6/ok.h"\n' >"$tree/tests/sim/ok.c"
	printf '#include "client/ok.h"\n#include "probe/ok.h"\n' >"$tree/src/query/ok.c"
	printf '#include "client/ok.h"\n#include "snmp/ask.h"\n' >"$tree/src/probe/ok.c"
	# Only words: a comment, a literal, a member and a longer name.
	printf '%s\n' '/* free(x) and time(NULL) in a' ' * comment: exit(1) */' \
		'static const char text[] = "socket(1) \" strtol(2)";' '' 'void' 'g(struct o *o)' \
		'{' '	o->connect(text);' '	mem_free(o);' '}' >"$tree/src/base/words.c"
	printf 'free(x); /* lint: library-owned */\n' >"$tree/src/snmp/owned.c"
	cp "$lints/../../.clang-format" "$tree/"
	printf '#!/bin/sh\necho ok\n' >"$tree/ok.sh"
	cat >"$tree/doc/ok.8" <<-'END'
		.Dd $Mdocdate: July 1 2026 $
		.Dt OK 8
		.Os
		.Sh NAME
		.Nm ok
		.Nd a page
		.Sh DESCRIPTION
		Nothing.
	END
}

verdict() {
	if [ "$1" = ok ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
	echo "$1 - $2"
}

# accepts LINT: exit 0 and silence for the clean tree.
accepts() {
	out=$("$lints/$1.sh" "$tree" 2>&1)
	code=$?
	if [ "$code" -eq 77 ]; then
		skipped=$((skipped + 1))
		echo "skip - $1: $out"
	elif [ "$code" -eq 0 ] && [ -z "$out" ]; then
		verdict ok "$1 accepts a clean tree"
	else
		verdict 'not ok' "$1 refuses a clean tree ($code): $out"
	fi
}

# finds LINT FILE LINE WHAT: exit 1, and the line is named.
finds() {
	out=$("$lints/$1.sh" "$tree" 2>&1)
	code=$?
	if [ "$code" -eq 77 ]; then
		skipped=$((skipped + 1))
		echo "skip - $1: $out"
	elif [ "$code" -eq 1 ] && printf '%s\n' "$out" | grep -q "^$2:$3:"; then
		verdict ok "$1 finds $4"
	else
		verdict 'not ok' "$1 misses $4 ($code): $out"
	fi
}

# plant LINT FILE WHAT TEXT: TEXT as the second line of a new file in the clean tree.
plant() {
	clean_tree
	mkdir -p "$(dirname "$tree/$2")"
	printf '\n%s\n' "$4" >"$tree/$2"
	finds "$1" "$2" 2 "$3"
}

clean_tree
for lint in layers owners sizes words man shell mib format; do
	accepts "$lint"
done

plant layers src/base/up.c 'base including mode6' '#include "mode6/packet.h"'
plant layers src/mode6/side.c 'mode6 including model' '#include "model/system.h"'
plant layers src/model/side.h 'model including mode6' '#include "mode6/packet.h"'
plant layers src/client/side.c 'client including snmp' '#include "snmp/engine.h"'
plant layers src/snmp/side.c 'snmp including client' '#  include "client/store.h"'
plant layers src/query/side.c 'query including more of snmp' '#include "snmp/engine.h"'
plant layers src/query/ask.c 'query including what probe may' '#include "snmp/ask.h"'
plant layers src/probe/side.c 'probe including query' '#include "query/query.h"'
plant layers src/client/ask.c 'client including what probe may' '#include "snmp/ask.h"'
plant layers tests/sim/side.c 'the simulator including client' '#include "client/store.h"'
clean_tree
mkdir "$tree/src/new"
finds layers src/new 1 'a layer without arrows'

plant owners src/daemon/n.c 'a Net-SNMP header' '#include <net-snmp/net-snmp-config.h>'
plant owners src/mode6/keys.c 'an OpenSSL header' '#include <openssl/evp.h>'
plant owners src/base/s.c 'a socket' 'int s = socket(1, 2, 3);'
plant owners src/client/client.c 'a datagram' 'n = sendto(a, b);'
plant owners src/client/u.c 'a libuv socket' 'uv_udp_init(a, b);'
plant owners src/model/t.c 'a clock reading' 'x = time (NULL);'
plant owners src/snmp/t.c 'a precise clock reading' 'clock_gettime(a, b);'
plant owners src/base/scan.c 'a number from text' 'x = strtoul(a, b, 10);'
plant owners src/mode6/a.c 'another number from text' 'if (sscanf(a, b)) {'
plant owners src/model/m.c 'an allocation' 'p = calloc(1, 2);'
plant owners src/client/m.c 'a release' 'free(p);'
plant owners src/base/e.c 'an end of the program' 'exit(1);'
plant owners src/base/l.c 'the system log' 'syslog(1, 2);'
plant owners src/base/l.h 'a header of the system log' '#include <syslog.h>'
plant owners src/base/c.c 'an unbounded copy' 'strcpy(a, b);'

# calls_tree FILE CODE: what the lint of calls looks at is compiled.
calls_tree() {
	clean_tree
	mkdir -p "$tree/built/$(dirname "$1")"
	printf '%s\n' "$2" | ${CC:-cc} -x c -c -o "$tree/built/${1%.c}.o" - 2>/dev/null || exit 1
}
built=${top_builddir:-}
export top_builddir="$tree/built"
calls_tree src/base/x.c '#include <string.h>
	size_t f(const char *t) { return strlen(t); }'
accepts calls
calls_tree src/client/x.c 'int f(void) { return 0; }'
finds calls src/base 1 'that there is nothing to look at'
calls_tree src/base/x.c '#include <net/if.h>
	unsigned f(const char *t) { return if_nametoindex(t); }'
finds calls src/base/x.c 1 'a question to the kernel'
calls_tree src/model/clock.c '#include <time.h>
	int f(struct timespec *t) { return clock_gettime(CLOCK_REALTIME, t); }'
finds calls src/model/clock.c 1 'the clock of another layer'
calls_tree src/mode6/varlist.c 'int EVP_Digest(void); int f(void) { return EVP_Digest(); }'
finds calls src/mode6/varlist.c 1 'cryptography where none belongs'
export top_builddir="$built"

plant words src/base/w.c 'unfinished work' "/* TO""DO */"
plant words doc/w.md 'a second mark of unfinished work' "FIX""ME: later"
plant words conf/w.conf 'a path of one machine' "see /wo""rk/main"

clean_tree
{ echo; printf 'f(void)\n{\n'; yes ';' | head -n 58; echo '}'; } >"$tree/src/base/long.c"
finds sizes src/base/long.c 2 'a function of 61 lines'
clean_tree
yes ';' | head -n 601 >"$tree/src/base/long.c"
finds sizes src/base/long.c 601 'a file of 601 lines'
clean_tree
{ printf 'f(void)\n{\n'; yes ';' | head -n 57; echo '}'; } >"$tree/src/base/long.c"
accepts sizes

clean_tree
sed 's/^\.Nd.*/.Xx/' "$tree/doc/ok.8" >"$tree/doc/bad.8"
finds man doc/bad.8 '6:.*' 'an unknown macro'
clean_tree
cp "$lints/../../doc/NTP-AGENTX-MIB.7" "$tree/doc/"
sed 's/^ntpAgentxTest /ntpAgentxTried /' "$lints/../../mibs/NTP-AGENTX-MIB.txt.in" >"$tree/mibs/NTP-AGENTX-MIB.txt.in"
finds man doc/NTP-AGENTX-MIB.7 1 'a notification that its page does not name'
clean_tree
# shellcheck disable=SC2016
printf '#!/bin/sh\nrm $1\n' >"$tree/bad.sh"
finds shell bad.sh '2:.*' 'an unquoted variable'
clean_tree
printf '#!/bin/sh\nlocal x\n' >"$tree/quickstart"
finds shell quickstart '2:.*' 'what is not POSIX'
clean_tree
printf '\nBAD-MIB DEFINITIONS ::= BEGIN\nx OBJECT IDENTIFIER ::= { nowhere 1 }\nEND\n' >"$tree/mibs/BAD-MIB.txt"
finds mib mibs/BAD-MIB.txt '[0-9]*' 'a parent that is not there'
clean_tree
printf 'BAD-MIB DEFINITIONS ::= BEGIN\nx OBJECT IDENTIFIER ::= { @ENTERPRISE_MIB@ y }\nEND\n' \
	>"$tree/mibs/BAD-MIB.txt.in"
finds mib mibs/BAD-MIB.txt.in '[0-9]*' 'a template that gives no module'
for change in 's/read-only/read-write/' 's/(0..99)/(0..98)/' 's/ntpEntStatus 6 }/ntpEntStatus 26 }/' \
	's/unknown(99)/unknown(98)/' '/^ntpEntNotifModeChange /,/::=/s/CurrentMode/Stratum/'; do
	clean_tree
	cp -R "$lints/../mibs" "$tree/tests/"
	sed "$change" "$lints/../../mibs/NTPv4-MIB.txt" >"$tree/mibs/NTPv4-MIB.txt"
	finds mib mibs/NTPv4-MIB.txt 1 "a definition changed by $change"
done
for change in 's/UNITS.*//' 's/"microseconds"/"milliseconds"/'; do
	clean_tree
	cp -R "$lints/../mibs" "$tree/tests/"
	sed "/^ntpAgentxTargetRoundTripUs OBJECT/,/::=/$change" \
		"$lints/../../mibs/NTP-AGENTX-MIB.txt.in" >"$tree/mibs/NTP-AGENTX-MIB.txt.in"
	finds mib mibs/NTP-AGENTX-MIB.txt.in '[0-9]*' "the unit of a name by $change"
done
# Each comment of a notification is missed, and so is the object of a summary.
for change in 's/--#TYPE/--TYPE/' 's/--#SUMMARY/--SUMMARY/' 's/--#SEVERITY .*/--#SEVERITY LOW/' \
	's/--#STATE.*//' 's/--#ARGUMENTS { 2 }/--#ARGUMENTS { 99 }/' 's/--#ARGUMENTS.*//' \
	's/answers again\./answers again,/'; do
	clean_tree
	cp -R "$lints/../mibs" "$tree/tests/"
	sed "/^ntpAgentxDaemonReachable NOTIFICATION/,/::=/$change" \
		"$lints/../../mibs/NTP-AGENTX-MIB.txt.in" >"$tree/mibs/NTP-AGENTX-MIB.txt.in"
	finds mib mibs/NTP-AGENTX-MIB.txt.in '[0-9]*' "a notification changed by $change"
done
clean_tree
cp -R "$lints/../mibs" "$tree/tests/"
cp "$lints/../../mibs/NTPv4-MIB.txt" "$lints/../../mibs/NTP-AGENTX-MIB.txt.in" "$tree/mibs/"
accepts mib
clean_tree
printf '\nint\tx  = 1;\n' >"$tree/src/base/layout.c"
finds format src/base/layout.c '2:.*' 'another layout'

query_tree() {
	clean_tree
	cp "$lints/../../doc/ntp-query.1" "$tree/doc/"
	mkdir -p "$tree/conf"
	cp -R "$lints/../../conf/completion" "$tree/conf/"
}
query_tree
accepts query
for change in '/^.It Fl d ,/d' '/^.It Fl -json/d' '/^.It Ic peers /d' 's/^\(.It Ic readvar\) | rv/\1/' \
	's/^.It Fl h , -help/.It Fl x , -extra/' 's/^.It Ic raw/.It Ic boiled/'; do
	query_tree
	sed -i "$change" "$tree/doc/ntp-query.1"
	finds query doc/ntp-query.1 1 "a manual page changed by $change"
done
query_tree
sed -i 's/COMMAND,/OTHER,/' "$tree/conf/completion/ntp-query"
finds query conf/completion/ntp-query 1 'a completion without commands'

agentd_tree() {
	clean_tree
	cp "$lints/../../doc/ntp-agentxd.8" "$lints/../../doc/ntp-agentxd.conf.5" "$tree/doc/"
	mkdir -p "$tree/conf" "$tree/src/snmp"
	cp "$lints/../../conf/ntp-agentxd.conf.example" "$tree/conf/"
	cp "$lints/../../src/snmp/config.c" "$lints/../../src/snmp/config_line.c" "$tree/src/snmp/"
}
agentd_tree
accepts agentd
# planted FILE CHANGE: is found there.
planted() {
	agentd_tree
	sed -i "$2" "$tree/$1"
	finds agentd "${3:-$1}" 1 "$1 changed by $2"
}
planted doc/ntp-agentxd.8 '/^.It Fl -check/d'
planted doc/ntp-agentxd.8 's/^.It Fl f ,/.It Fl F ,/'
planted doc/ntp-agentxd.conf.5 '/^.It Cm stale-after/d'
planted doc/ntp-agentxd.conf.5 's/^.It Ic keyfile/.It Ic keysfile/'
planted conf/ntp-agentxd.conf.example '/reconnectInterval/d'
planted conf/ntp-agentxd.conf.example 's/stale-after//g'
planted src/snmp/config.c 's/{ "keyfile", read/{ "keys", read/' doc/ntp-agentxd.conf.5

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
