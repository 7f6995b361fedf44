# SPDX-License-Identifier: BSD-2-Clause
# Functions for tests that run ntp-agentxd under a real snmpd: starting it, walking it,
# and keeping score. To be sourced after lab.sh.
# shellcheck shell=sh

AGENTD=${AGENTD:-$top_builddir/ntp-agentxd}
GETLAT=${GETLAT:-$top_builddir/tests/e2e/getlat}
SIMSAY=${SIMSAY:-$top_builddir/tests/e2e/simsay}
ROOT=.1.3.6.1.2.1.197.1
SYSUPTIME=.1.3.6.1.2.1.1.3.0

# A system call that the filter does not know ends the program, in every test.
FILTER=--filter=off
if grep -qs '^#define HAVE_LIBSECCOMP 1' "$top_builddir/config.h"; then
	FILTER=--filter=strict
fi
: "${LAB_AGENT_OPTIONS=$FILTER}"

passed=0
failed=0

ok() {
	passed=$((passed + 1))
	echo "ok - $*"
}

not_ok() {
	failed=$((failed + 1))
	echo "not ok - $*"
}

# is WHAT GOT WANTED
is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1: got '$2', expected '$3'"
	fi
}

# between WHAT GOT LOWEST HIGHEST: numbers, also with fractions
between() {
	if awk -v v="$2" -v a="$3" -v b="$4" 'BEGIN { exit !(v != "" && v + 0 >= a + 0 && v + 0 <= b + 0) }'; then
		ok "$1"
	else
		not_ok "$1: got '$2', expected $3 to $4"
	fi
}

# true_that WHAT COMMAND...
true_that() {
	true_what=$1
	shift
	if "$@"; then
		ok "$true_what"
	else
		not_ok "$true_what"
	fi
}

finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
	exit
}

# agent_start DIR LINE...: ntp-agentxd under the snmpd of DIR, with these lines of
# configuration.
agent_start() {
	agent_dir=$1
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@" >"$agent_dir/ntp-agentxd.conf"
	lab_agent_start "$agent_dir"
	agent_pid=$LAB_PID
}

# agent_stop: ends it and keeps its exit code in agent_code.
agent_stop() {
	kill -TERM "$agent_pid" 2>/dev/null
	agent_code=0
	wait "$agent_pid" || agent_code=$?
}

# sim_requests DIR OPCODE: how many requests of that kind the simulator of DIR, started with
# --control DIR/control, was sent.
sim_requests() {
	"$SIMSAY" "$1/control" stats | tr ' ' '\n' | sed -n "s/^$2=//p"
}

# walk PORT FILE [COMMUNITY]: everything below NTPv4-MIB as lines "SUFFIX|TYPE|VALUE".
walk() {
	MIBS='' snmpbulkwalk -v2c -c "${3:-public}" -r1 -t3 -On -Ot -Cr20 "127.0.0.1:$1" "$ROOT" 2>&1 |
		awk -v root="$ROOT." '
			/No (Such|more)/ { next }
			index($0, root) != 1 { if (NR > 1) print "?|?|" $0; next }
			{
				eq = index($0, " = ")
				suffix = substr($0, length(root) + 1, eq - length(root) - 1)
				rest = substr($0, eq + 3)
				type = "STRING"
				if (match(rest, /^[A-Za-z0-9-]+: /)) {
					type = substr(rest, 1, RLENGTH - 2)
					rest = substr(rest, RLENGTH + 1)
				} else if (rest ~ /^[0-9]+$/) {
					type = "Timeticks"
				}
				gsub(/^"|"$/, "", rest)
				sub(/ +$/, "", rest)
				print suffix "|" type "|" rest
			}' >"$2"
}

# of FILE SUFFIX: the value, or "(absent)".
of() {
	awk -F'|' -v s="$2" '$1 == s { print substr($0, length($1) + length($2) + 3); f = 1; exit }
		END { if (!f) print "(absent)" }' "$1"
}

type_of() {
	awk -F'|' -v s="$2" '$1 == s { print $2; exit }' "$1"
}

# mode PORT: ntpEntStatusCurrentMode as a number, "" when nobody answers.
mode() {
	MIBS='' snmpget -v2c -c "${2:-public}" -r0 -t2 -Oqv "127.0.0.1:$1" "$ROOT.2.1.0" 2>/dev/null
}

mode_is() {
	[ "$(mode "$1" "${3:-public}")" = "$2" ]
}

# get PORT SUFFIX
get() {
	MIBS='' snmpget -v2c -c public -r1 -t3 -Ot -Oqv "127.0.0.1:$1" "$ROOT.$2" 2>&1
}
