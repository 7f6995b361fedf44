# SPDX-License-Identifier: BSD-2-Clause
# Functions for tests that compare ntp-query with NTPsec's ntpq, which is asked before and after:
# what changes all the time has to lie between its two answers. To be sourced after query.sh; who
# is asked is in $asked.
# shellcheck shell=sh

TRIES=15
asked=client

ours() {
	lab_in "$asked" "$QUERY" "$@" 127.0.0.1
}

theirs() {
	lab_ntpq "$asked" "$@" 2>/dev/null
}

# "name value" of an answer as it came. The filters of NTPsec 1.2.2 hold what was in its memory.
rv_facts() {
	tr -d '\r' | grep -v -e '^associd=' -e '^Output set to' -e '^output is' | tr '\n' ' ' | awk '
		{
			n = split($0, item, /, +/)
			for (i = 1; i <= n; i++) {
				eq = index(item[i], "=")
				name = substr(item[i], 1, eq - 1)
				sub(/^ +/, "", name)
				value = substr(item[i], eq + 1)
				gsub(/^ +| +$/, "", value)
				if (name != "" && name !~ /^filt/) print "0", name, value
			}
		}' | LC_ALL=C tr -cd '[:print:]\n'
}

# same BEFORE OURS AFTER: each fact of ours is one of before or after, or a number between them,
# as near as the columns of ntpq show it; and none is missing. Says what is not.
same() {
	awk '
		function number(text) { return text ~ /^-?[0-9]+([.][0-9]+)?$/ }
		function near(v, a, b,   t) {
			if (a > b) { t = a; a = b; b = t }
			return v >= a - 0.001 && v <= b + 0.001
		}
		function stamp(text) { return text ~ /^0x[0-9a-f]+[.][0-9a-f]+$/ }
		{ key = $1 " " $2; value = $0; sub(/^[^ ]* [^ ]* /, "", value) }
		FILENAME == ARGV[1] { before[key] = value; next }
		FILENAME == ARGV[3] { after[key] = value; next }
		{ our[key] = value }
		END {
			for (key in our) {
				n++
				v = our[key]; a = before[key]; b = after[key]
				if (!(key in before) || !(key in after)) print "only ours: " key " " v
				else if (v == a || v == b) continue
				else if (number(v) && number(a) && number(b) && near(v + 0, a + 0, b + 0)) continue
				else if (stamp(v) && stamp(a) && stamp(b) && v >= a && v <= b) continue
				else print key ": " v ", ntpq: " a ", then " b
			}
			for (key in before) if (!(key in our)) print "not ours: " key " " before[key]
			if (n < 3) print "only " n " facts"
		}' "$1" "$2" "$3"
}

# compare WHAT FACTS THEIRS OURS: both as lists of arguments; again while the daemon moves on.
compare() {
	compare_what=$1
	compare_facts=$2
	try=0
	while :; do
		try=$((try + 1))
		eval "theirs $3" | "$compare_facts" >"$LAB_DIR/before"
		eval "ours $4" | "$compare_facts" >"$LAB_DIR/ours"
		eval "theirs $3" | "$compare_facts" >"$LAB_DIR/after"
		same "$LAB_DIR/before" "$LAB_DIR/ours" "$LAB_DIR/after" >"$LAB_DIR/differences"
		if [ ! -s "$LAB_DIR/differences" ]; then
			ok "$compare_what: $(wc -l <"$LAB_DIR/ours") facts, try $try"
			return
		fi
		if [ "$try" -ge "$TRIES" ]; then
			not_ok "$compare_what: $(cat "$LAB_DIR/differences")"
			return
		fi
		sleep 0.7
	done
}
