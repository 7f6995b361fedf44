# SPDX-License-Identifier: BSD-2-Clause
# Functions for tests that write to NTP daemons through SNMP. To be sourced after agent.sh.
# shellcheck shell=sh

ENTERPRISE=.$(sed -n 's/^ENTERPRISE_OID = //p' "$top_builddir/Makefile")
VARS=$ENTERPRISE.1.1.10.1.1
WRITES=$ENTERPRISE.1.1.10.2.1
CONFIGS=$ENTERPRISE.1.1.11.1.1
V3='-v3 -u lab -l authPriv -a SHA-256 -A lab-secret -x AES -X lab-secret'

# text_index TEXT: as part of an index.
text_index() {
	printf '%s' "$1" | od -An -v -tu1 | tr -s ' \n' ' ' |
		awk '{ printf "%d", NF; for (i = 1; i <= NF; i++) printf ".%s", $i; print "" }'
}

# var COLUMN TARGET ASSOCIATION NAME: 3 value, 4 access.
var() {
	echo "$VARS.$1.$(text_index "$2").$3.$(text_index "$4")"
}

# write_of COLUMN TARGET ASSOCIATION NAME: 1 result, 2 detail, 3 time.
write_of() {
	echo "$WRITES.$1.$(text_index "$2").$3.$(text_index "$4")"
}

# command COLUMN TARGET: 1 command, 2 result, 3 detail, 4 time.
command_of() {
	echo "$CONFIGS.$1.$(text_index "$2")"
}

# target_state TARGET: 2 is up.
target_state() {
	echo "$ENTERPRISE.1.1.2.1.1.5.$(text_index "$1")"
}

# ask DIR TOOL ARGUMENT...: as SNMPv3 user, or with the options in $ask_as.
ask() {
	ask_dir=$1
	ask_tool=$2
	shift 2
	# shellcheck disable=SC2086 # options are words
	env SNMPCONFPATH="$ask_dir" SNMP_PERSISTENT_DIR="$ask_dir/state" MIBS= "$ask_tool" \
		${ask_as:-$V3} -On -Oqv -r0 -t3 "127.0.0.1:$(cat "$ask_dir/snmpd.port")" "$@" 2>&1
}

# value DIR OID
value() {
	ask "$1" snmpget "$2" | tr -d '"'
}

# set_ok WHAT DIR ARGUMENT...
set_ok() {
	set_what=$1
	shift
	set_dir=$1
	shift
	if set_out=$(ask "$set_dir" snmpset "$@"); then
		ok "$set_what: done"
	else
		not_ok "$set_what: $(printf '%s' "$set_out" | tr '\n' ' ')"
	fi
}

# set_bad WHAT DIR REASON ARGUMENT...
set_bad() {
	set_what=$1
	set_dir=$2
	set_reason=$3
	shift 3
	if set_out=$(ask "$set_dir" snmpset "$@"); then
		not_ok "$set_what: done, expected $set_reason"
	elif printf '%s\n' "$set_out" | grep -q "$set_reason"; then
		ok "$set_what: $set_reason"
	else
		not_ok "$set_what: expected $set_reason, got $(printf '%s' "$set_out" | tr '\n' ' ')"
	fi
}
