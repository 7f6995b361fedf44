# SPDX-License-Identifier: BSD-2-Clause
# The objects of a module with their numbers, as CSV, for managers that take no modules:
# awk -v root=OID -v base=NAME -f oids.awk MODULE. BASE is the module's own name, whose number is ROOT.
BEGIN { oid[base] = root }
/^[A-Za-z][A-Za-z0-9]* +OBJECT IDENTIFIER +::= / { oid[$1] = number($(NF - 2), $(NF - 1)) }
/^[a-z][A-Za-z0-9]* +(OBJECT-TYPE|NOTIFICATION-TYPE)/ {
	name = $1
	syntax = $2 == "NOTIFICATION-TYPE" ? "NOTIFICATION" : ""
	access = $2 == "NOTIFICATION-TYPE" ? "-" : ""
	units = ""
}
name != "" && $1 == "SYNTAX" {
	syntax = $0
	sub(/^ *SYNTAX +/, "", syntax)
	sub(/ *[({].*/, "", syntax)
}
name != "" && $1 == "MAX-ACCESS" { access = $2 }
name != "" && $1 == "UNITS" { units = $2; gsub(/"/, "", units) }
name != "" && $1 == "::=" {
	oid[name] = number($3, $4)
	if (access ~ /^(read|-)/)
		printf "%s,.%s%s,%s,%s,%s\n", name, oid[name], access == "-" || $3 ~ /Entry$/ ? "" : ".0", syntax, access, units
	name = ""
}
function number(parent, n) { return oid[parent] "." n }
