# SPDX-License-Identifier: BSD-2-Clause
# Functions for tests that compare what is served with the golden walk of a recording. To be
# sourced after agent.sh; $port is snmpd's. Target N is read with the community cN, the first
# with public.
# shellcheck shell=sh
# shellcheck disable=SC2154 # $port is the caller's

community() {
	[ "$1" -eq 1 ] && echo public || echo "c$1"
}

# The golden file as lines "SUFFIX|VALUE", without the counter that the fixture made up.
golden() {
	awk -v root=".1.3.6.1.2.1.197.1." '
		index($1, root) != 1 { next }
		$2 ~ /^ntpEntStatusNotifications/ { next }
		{
			value = substr($0, index($0, ": ") + 2)
			gsub(/^"|"$/, "", value)
			if (value ~ /^0x/) {
				value = toupper(substr(value, 3))
				gsub(/../, "& ", value)
				sub(/ $/, "", value)
			}
			print substr($1, length(root) + 1) "|" value
		}' "$srcdir/tests/golden/$1.walk" | sort
}

walked() {
	walk "$port" "$LAB_DIR/walk" "$(community "$1")"
	awk -F'|' '{ print $1 "|" substr($0, length($1) + length($2) + 3) }' "$LAB_DIR/walk" | sort
}

# all_golden N RECORDING: every golden line is served now.
all_golden() {
	golden "$2" >"$LAB_DIR/golden"
	walked "$1" >"$LAB_DIR/walked"
	comm -23 "$LAB_DIR/golden" "$LAB_DIR/walked" >"$LAB_DIR/missing"
	[ ! -s "$LAB_DIR/missing" ]
}

# no_lies N: what is served is a golden line, or one of the objects that no recording holds.
no_lies() {
	comm -13 "$LAB_DIR/golden" "$LAB_DIR/walked" |
		grep -Ev '^(2\.1\.0|2\.8\.0|2\.12\.0|2\.13\.0|2\.15\.0|2\.16\.0|3\.2\.1\.)' >"$LAB_DIR/lies"
	[ ! -s "$LAB_DIR/lies" ]
}
