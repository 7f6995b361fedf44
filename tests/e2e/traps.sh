# SPDX-License-Identifier: BSD-2-Clause
# Functions for tests that look at what arrives at a real snmptrapd. To be sourced after
# agent.sh; one module's notifications are looked at (traps_of), those of others left out.
# shellcheck shell=sh

# Longer than polling and delivery take; what comes later is one too many for what is looked at next.
QUIET_S=3
marked=0

# traps_start DIR PORT [LINE...]: an snmptrapd on 127.0.0.1:PORT that takes community public, and
# what these lines of configuration add. DIR/traps.log has a line for each notification: how it
# was sent, and its variables, with ";;" between.
traps_start() {
	traps_dir=$1
	traps_port=$2
	shift 2
	mkdir -p "$traps_dir/state"
	{
		echo 'authCommunity log public'
		echo 'doNotRetainNotificationLogs yes'
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >"$traps_dir/snmptrapd.conf"
	lab_spawn "$traps_dir/snmptrapd.out.log" env SNMPCONFPATH="$traps_dir" \
		SNMP_PERSISTENT_DIR="$traps_dir/state" MIBS= \
		"$SNMPTRAPD" -f -n -C -c "$traps_dir/snmptrapd.conf" -On -Oe \
		-F '%P %V;;%v\n' -Lf "$traps_dir/traps.log" "udp:127.0.0.1:$traps_port"
	traps_hex=$(printf ':%04X ' "$traps_port")
	lab_wait "grep -qF '$traps_hex' /proc/net/udp" 10 || lab_fail "snmptrapd did not start"
}

# traps_of NOTIFICATIONS OBJECTS DATE: from now on this module's: below which arcs its
# notifications and its objects are, and the arcs, behind that, of the object that is a date.
traps_of() {
	traps_notifications=$1
	traps_objects=$2
	traps_date=$3
}

# arrived VERSION [date]: the module's alone, as "NUMBER NAME=VALUE;..." with the arcs behind
# that of the objects for names. The date is different each time: its length in octets, or
# seconds since 1900 of an NTP time, since 1970 of a DateAndTime, with tenths.
arrived() {
	awk -v version="SNMP $1" -v what="${2:-length}" -v notifications="$traps_notifications." \
		-v objects="$traps_objects." -v date="$traps_date" '
		function hex(text, i, n) {
			for (i = 1; i <= length(text); i++)
				n = n * 16 + index("0123456789ABCDEF", substr(text, i, 1)) - 1
			return n
		}
		# Days since 1970-01-01, counted from March so that a leap day comes last.
		function days(y, m, d) {
			if (m < 3) { y--; m += 12 }
			return 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + d - 719469
		}
		function seconds(o, n, t) {
			if (n > 11) return sprintf("%.0f", hex(o[5] o[6] o[7] o[8]))
			t = days(hex(o[1] o[2]), hex(o[3]), hex(o[4])) * 86400 + hex(o[5]) * 3600 + hex(o[6]) * 60 + hex(o[7])
			if (n == 11) t -= (o[9] == "2D" ? -1 : 1) * (hex(o[10]) * 3600 + hex(o[11]) * 60)
			return sprintf("%.1f", t + hex(o[8]) / 10)
		}
		BEGIN { is = "= OID: " notifications }
		index($0, "TRAP2, " version) != 1 || !index($0, is) { next }
		{
			n = split($0, v, ";;")
			out = ""
			for (i = 1; i <= n; i++) {
				if (index(v[i], is)) {
					number = v[i]
					sub(/.*\./, "", number)
				}
				at = index(v[i], objects)
				if (at == 0 || v[i] ~ /= OID: /) continue
				eq = index(v[i], " = ")
				name = substr(v[i], at + length(objects), eq - at - length(objects))
				value = substr(v[i], eq + 3)
				sub(/^[A-Za-z0-9-]*: /, "", value)
				gsub(/^"|"$| *$/, "", value)
				if (name == date) {
					octets = split(value, octet, " ")
					value = what == "date" ? seconds(octet, octets) : octets
				}
				out = out name "=" value ";"
			}
			print number " " out
		}' "$traps_dir/traps.log" 2>/dev/null
}

number_arrived() {
	arrived v2c | wc -l | tr -d ' '
}

# since [date]: what arrived (version 2c) since the last mark.
since() {
	arrived v2c "${1:-}" | tail -n "+$((marked + 1))"
}

mark() {
	marked=$(number_arrived)
}

# settle N: waits for N notifications since the mark, and that no more follow.
settle() {
	lab_wait "[ \$(since | wc -l) -ge $1 ]" "${PATIENCE_S:-40}"
	sleep "$QUIET_S"
}

# told WHAT PATTERN...: exactly these have arrived since the mark, in any order. They are in
# $LAB_DIR/since afterwards, with the date in $LAB_DIR/since.date, and the mark is behind them.
told() {
	told_what=$1
	told_failed=$failed
	shift
	settle $#
	since >"$LAB_DIR/since"
	since date >"$LAB_DIR/since.date"
	is "$told_what: number" "$(wc -l <"$LAB_DIR/since" | tr -d ' ')" $#
	for pattern in "$@"; do
		told_n=$(grep -cE "^$pattern\$" "$LAB_DIR/since")
		is "$told_what: $pattern" "$told_n" 1
	done
	[ "$failed" -eq "$told_failed" ] || sed 's/^/# arrived: /' "$LAB_DIR/since"
	mark
}
