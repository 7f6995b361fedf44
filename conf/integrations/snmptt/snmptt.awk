# SPDX-License-Identifier: BSD-2-Clause
# Rules for snmptt from the comments "--#" that a module has for such programs: a line EVENT and a
# line FORMAT for each notification, with the text that NTP-AGENTX-MIB's own objects carry.
# awk -v root=OID -f snmptt.awk MODULE
$2 == "NOTIFICATION-TYPE" { name = $1 }
$1 == "--#TYPE" { type = quoted() }
$1 == "--#SUMMARY" { summary = quoted() }
$1 == "--#ARGUMENTS" { n = split($0, part, /[{}, ]+/); argument = part[3] }
$1 == "--#SEVERITY" { severity = $2 }
$1 == "::=" && name != "" {
	# Arguments are counted from 0 there, and from 1 here.
	sub(/%s/, "$" argument + 1, summary)
	printf "EVENT %s .%s.0.%d \"Status Events\" %s\nFORMAT %s: %s\n", name, root, $4, severity, type, summary
	name = ""
}
function quoted(    text) {
	text = $0
	sub(/^[^"]*"/, "", text)
	sub(/".*$/, "", text)
	return text
}
