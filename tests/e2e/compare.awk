# SPDX-License-Identifier: BSD-2-Clause
# Holds a walk of NTPv4-MIB against what ntpq read before and after it.
#
#   awk -f compare.awk BEFORE AFTER WALK
#
# BEFORE and AFTER have lines "ASSOC NAME=VALUE" with the daemon's own text (association 0:
# the system; the name "conf" is yes or no from the association list). A value that ntpq
# saw change in between is looked at again by the caller: such a line says "unsettled".
# Prints "ok WHAT", "not ok WHAT: ..." or "unsettled WHAT" for each object.

function ms(text,    whole) {
	# As the agent prints milliseconds: as exact as read, at least three decimals.
	if (text !~ /\./)
		text = text "."
	whole = index(text, ".")
	while (length(text) - whole < 3)
		text = text "0"
	while (length(text) - whole > 3 && substr(text, length(text)) == "0")
		text = substr(text, 1, length(text) - 1)
	return text ~ /^-0\.0+$/ ? substr(text, 2) : text
}

function verdict(what, suffix, wanted, settled) {
	seen[suffix] = 1
	got = suffix in walk ? walk[suffix] : "(absent)"
	if (got == wanted)
		print "ok " what
	else if (!settled)
		print "unsettled " what
	else
		print "not ok " what ": got '" got "', expected '" wanted "'"
}

# A value that is served as it was read.
function same(what, suffix, key, wanted) {
	verdict(what, suffix, wanted, before[key] == after[key])
}

# A value that grows, and falls only when the daemon updates its clock.
function grows(what, suffix, low, high, unit) {
	seen[suffix] = 1
	got = suffix in walk ? walk[suffix] : "(absent)"
	number = got
	if (unit != "" && substr(got, length(got) - length(unit) + 1) == unit)
		number = substr(got, 1, length(got) - length(unit))
	else if (unit != "")
		number = "no unit"
	if (number ~ /^[0-9.]+$/ && number + 0 >= low && number + 0 <= high)
		print "ok " what
	else if (low > high)
		print "unsettled " what
	else
		print "not ok " what ": got '" got "', expected " low " to " high unit
}

function absent(what, suffix) {
	verdict(what, suffix, "(absent)", 1)
}

function hex_address(text,    part, n, i, out) {
	n = split(text, part, ".")
	out = ""
	for (i = 1; i <= n; i++)
		out = out sprintf("%s%02X", i > 1 ? " " : "", part[i])
	return out
}

function name_of(id) {
	if ((id, "srchost") in after_of)
		return after_of[id, "srchost"]
	return after_of[id, "srcadr"]
}

function distance(values) {
	return values["0 rootdisp"] + values["0 rootdelay"] / 2
}

FILENAME == ARGV[3] {
	split($0, field, "|")
	walk[field[1]] = substr($0, length(field[1]) + length(field[2]) + 3)
	next
}

{
	eq = index($0, "=")
	key = substr($0, 1, eq - 1)
	value = substr($0, eq + 1)
	if (FILENAME == ARGV[1]) {
		before[key] = value
		next
	}
	after[key] = value
	split(key, field, " ")
	after_of[field[1], field[2]] = value
	if (field[1] != "0")
		ids[field[1]] = 1
}

END {
	split(after["0 version"], word, " ")
	same("ntpEntSoftwareName", "1.1.0", "0 version", word[1])
	same("ntpEntSoftwareVersion", "1.2.0", "0 version", after["0 version"])
	same("ntpEntSoftwareVendor", "1.3.0", "0 version",
	    after["0 version"] ~ /ntpsec/ ? "NTPsec" : "Network Time Foundation")
	same("ntpEntSystemType", "1.4.0", "0 system",
	    after["0 system"] " / " after["0 processor"])
	same("ntpEntTimeResolution", "1.5.0", "0 precision",
	    sprintf("%d", 2 ^ -after["0 precision"]))
	same("ntpEntTimePrecision", "1.6.0", "0 precision", after["0 precision"])
	grows("ntpEntTimeDistance", "1.7.0", distance(before) - 0.0006,
	    distance(after) + 0.0006, " ms")

	peer = after["0 peer"]
	verdict("ntpEntStatusCurrentMode", "2.1.0", wanted_mode, before["0 peer"] == peer)
	same("ntpEntStatusStratum", "2.2.0", "0 stratum", after["0 stratum"])
	same("ntpEntStatusActiveRefSourceId", "2.3.0", "0 peer", peer)
	same("ntpEntStatusActiveRefSourceName", "2.4.0", "0 peer", name_of(peer))
	verdict("ntpEntStatusActiveOffset", "2.5.0", ms(after[peer " offset"]) " ms",
	    before[peer " offset"] == after[peer " offset"] && before["0 peer"] == peer)
	n = 0
	for (id in ids)
		n += after_of[id, "conf"] == "yes"
	verdict("ntpEntStatusNumberOfRefSources", "2.6.0", n, 1)
	grows("ntpEntStatusDispersion", "2.7.0", before["0 rootdisp"] + 0,
	    after["0 rootdisp"] + 0, "")
	grows("ntpEntStatusEntityUptime", "2.8.0", before["0 ss_uptime"] * 100,
	    after["0 ss_uptime"] * 100, "")
	# 0xSSSSSSSS.FFFFFFFF as era, seconds and fraction in octets.
	date = toupper(walk["2.9.0"])
	gsub(/ /, "", date)
	low = toupper(substr(before["0 clock"], 3, 8))
	high = toupper(substr(after["0 clock"], 3, 8))
	seconds = substr(date, 9, 8)
	seen["2.9.0"] = 1
	if (length(date) == 32 && substr(date, 1, 8) == "00000000" && seconds >= low &&
	    seconds <= high && substr(date, 25) == "00000000")
		print "ok ntpEntStatusDateTime"
	else
		print "not ok ntpEntStatusDateTime: got '" date "', expected " low " to " high
	zeros = "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
	verdict("ntpEntStatusLeapSecond", "2.10.0", zeros, 1)
	verdict("ntpEntStatusLeapSecDirection", "2.11.0", 0, 1)
	grows("ntpEntStatusInPkts", "2.12.0", before["0 in"], after["0 in"], "")
	grows("ntpEntStatusOutPkts", "2.13.0", before["0 io_sent"], after["0 io_sent"], "")
	absent("ntpEntStatusBadVersion", "2.14.0")
	grows("ntpEntStatusProtocolError", "2.15.0", before["0 errors"], after["0 errors"],
	    "")
	# How many were raised while the daemon started is not for its variables to tell.
	grows("ntpEntStatusNotifications", "2.16.0", 0, 1000, "")
	verdict("ntpEntHeartbeatInterval", "4.1.0", 60, 1)
	verdict("ntpEntNotifBits", "4.2.0", "7F 00", 1)

	for (id in ids) {
		is_clock = after_of[id, "srcadr"] ~ /^127\.127\./
		same("ntpAssocName." id, "3.1.1.2." id, id " srcadr", name_of(id))
		same("ntpAssocRefId." id, "3.1.1.3." id, id " refid",
		    is_clock ? after_of[id, "srcadr"] : after_of[id, "refid"])
		if (after_of[id, "srcadr"] ~ /:/) {
			verdict("ntpAssocAddressType." id, "3.1.1.4." id, 2, 1)
			verdict("ntpAssocAddress." id, "3.1.1.5." id, after_of[id, "hex"], 1)
		} else {
			verdict("ntpAssocAddressType." id, "3.1.1.4." id, 1, 1)
			verdict("ntpAssocAddress." id, "3.1.1.5." id,
			    hex_address(after_of[id, "srcadr"]), 1)
		}
		same("ntpAssocOffset." id, "3.1.1.6." id, id " offset",
		    ms(after_of[id, "offset"]) " ms")
		same("ntpAssocStratum." id, "3.1.1.7." id, id " stratum",
		    after_of[id, "stratum"])
		same("ntpAssocStatusJitter." id, "3.1.1.8." id, id " jitter",
		    ms(after_of[id, "jitter"]))
		same("ntpAssocStatusDelay." id, "3.1.1.9." id, id " delay",
		    ms(after_of[id, "delay"]))
		same("ntpAssocStatusDispersion." id, "3.1.1.10." id, id " rootdisp",
		    ms(after_of[id, "rootdisp"]))
		grows("ntpAssocStatInPkts." id, "3.2.1.1." id, before[id " received"],
		    after[id " received"], "")
		grows("ntpAssocStatOutPkts." id, "3.2.1.2." id, before[id " sent"],
		    after[id " sent"], "")
		same("ntpAssocStatProtocolError." id, "3.2.1.3." id, id " badauth",
		    after_of[id, "badauth"] + after_of[id, "bogusorg"])
	}
	for (suffix in walk)
		if (!(suffix in seen))
			print "not ok nothing else is served: " suffix " = " walk[suffix]
}
