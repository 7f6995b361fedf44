# SPDX-License-Identifier: BSD-2-Clause
# What ntpq says of a daemon, as lines "ASSOC NAME=VALUE" for compare.awk. To be sourced
# after lab.sh.
# shellcheck shell=sh

NTPQ_SYSTEM=version,processor,system,leap,stratum,precision,rootdelay,rootdisp,peer,clock
NTPQ_SYSTEM=$NTPQ_SYSTEM,ss_uptime,ss_received_r,ss_badformat_r,ss_badauth_r,ss_declined_r,io_sent
NTPQ_PEER=srcadr,srchost,stratum,refid,offset,delay,jitter,rootdisp,received,sent,badauth,bogusorg

# ntpq_read NAME FILE: asks the daemon of the lab's namespace NAME.
ntpq_read() {
	ntpq_name=$1
	ntpq_file=$2
	lab_ntpq "$ntpq_name" -c as | awk '$1 ~ /^[0-9]+$/ { print $2, $4 }' >"$ntpq_file.as"
	[ -s "$ntpq_file.as" ] || return 1
	set -- -c raw -c "rv 0 $NTPQ_SYSTEM"
	while read -r ntpq_id _; do
		set -- "$@" -c "rv $ntpq_id $NTPQ_PEER"
	done <"$ntpq_file.as"
	lab_ntpq "$ntpq_name" "$@" >"$ntpq_file.raw" || return 1
	ntpq_records "$ntpq_file.as" "$ntpq_file.raw" >"$ntpq_file"
}

# Each association's answer starts with its srcadr: the daemon answers in table order.
ntpq_records() {
	awk '
		FNR == NR { ids[++n] = $1; print $1 " conf=" $2; next }
		/^Output set to raw/ { id = "0"; next }
		{
			line = $0
			gsub(/\r/, "", line)
			while (line != "") {
				end = index(line, ", ")
				if (line ~ /^[^=,]*="/) {
					rest = substr(line, index(line, "\"") + 1)
					end = index(line, "\"") + index(rest, "\"") + 1
				}
				item = end > 0 ? substr(line, 1, end - 1) : line
				line = end > 0 ? substr(line, end) : ""
				sub(/^, */, "", line)
				sub(/,$/, "", item)
				gsub(/"/, "", item)
				if (item ~ /^srcadr=/)
					id = ids[++at]
				print id " " item
				eq = index(item, "=")
				value[id, substr(item, 1, eq - 1)] = substr(item, eq + 1)
			}
		}
		END {
			print "0 in=" value["0", "ss_received_r"]
			print "0 errors=" value["0", "ss_badformat_r"] + value["0", "ss_badauth_r"] + value["0", "ss_declined_r"]
		}' "$1" "$2"
}
