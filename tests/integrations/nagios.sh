#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The plugin for Nagios and Icinga: exit code, words and performance data, of a daemon that is well,
# one that is not there, and of what was typed wrong.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/integrations/common.sh"

lab_dir
needs snmpget
scene
plugin=$top_builddir/conf/integrations/nagios/check_ntp_agentx

# check CODE TEXT OPTION...: how it ends and what it prints; a regular expression
check() {
	wanted=$1
	text=$2
	shift 2
	code=0
	sh "$plugin" "$@" >"$LAB_DIR/out" 2>&1 || code=$?
	is "exit code of $*" "$code" "$wanted"
	if grep -qE -- "$text" "$LAB_DIR/out"; then
		ok "prints $text"
	else
		not_ok "does not print '$text': $(cat "$LAB_DIR/out")"
	fi
	is "lines" "$(wc -l <"$LAB_DIR/out")" 1
}

host=127.0.0.1:$port
check 0 '^NTP OK - local: offset -0.012345 s, stratum [0-9]+ \| offset=-0.012345s jitter=[0-9.]+s root_delay=.* stratum=[0-9]+ sources=[0-9]+ age=' \
	-H "$host"
check 2 '^NTP CRITICAL - gone: [a-z]' -H "$host" -t gone
is "no numbers of a daemon that is silent" "$(grep -c 'offset=' "$LAB_DIR/out")" 0
check 3 '^NTP UNKNOWN - nobody: the agent has no such target' -H "$host" -t nobody
nowhere=127.0.0.1:$(lab_free_udp_port)
check 3 "^NTP UNKNOWN - $nowhere: Timeout" -H "$nowhere"
check 2 '^NTP CRITICAL - local: offset of -0.012345 s .*offset=-0.012345s;-0.001:0.001;-0.01:0.01 ' -H "$host" -w 0.001 -c 0.01
check 1 '^NTP WARNING - local: offset of -0.012345 s .*offset=-0.012345s;-0.012:0.012;-0.013:0.013 ' -H "$host" -w 0.012 -c 0.013
check 0 '^NTP OK - local: .*offset=-0.012345s;-0.0124:0.0124;-1:1 ' -H "$host" -w 0.0124 -c 1
check 1 '^NTP WARNING - local: .*offset=-0.012345s;-0.012:0.012 ' -H "$host" -w 0.012
check 2 '^NTP CRITICAL - local: .*offset=-0.012345s;;-0.012:0.012 ' -H "$host" -c 0.012
check 2 '^NTP CRITICAL - local: .*offset=-0.012345s;;0:0 ' -H "$host" -c 0
check 3 "^check_ntp_agentx $(sed -n 's/^PACKAGE_VERSION = //p' "$top_builddir/Makefile")\$" -V
check 3 '^NTP UNKNOWN - -w soon: not a number of seconds' -H "$host" -w soon
check 3 '^NTP UNKNOWN - unexpected argument' -H "$host" stray
check 0 '^NTP OK - local: ' -H "$host" -s "-v3 -l authPriv -u lab -a SHA-256 -A lab-secret -x AES -X lab-secret"
code=0
sh "$plugin" -h >"$LAB_DIR/out" 2>&1 || code=$?
is "help is not taken for a daemon that is well" "$code $(grep -c '^Usage: ' "$LAB_DIR/out")" "3 1"
agent_stop
finish
