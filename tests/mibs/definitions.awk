# SPDX-License-Identifier: BSD-2-Clause
# What a MIB module defines, one fact on each line: "NAME FIELD VALUE", read from the XML that
# smidump writes (one tag on each line). Of its texts, nothing.

# value(NAME): of that attribute of the tag on this line.
function value(name,    at) {
	if (!match($0, " " name "=\"[^\"]*\""))
		return ""
	at = substr($0, RSTART, RLENGTH)
	sub(/^[^"]*"/, "", at)
	sub(/"$/, "", at)
	return at
}

function fact(field, text) {
	print of " " field " " text
}

# The text between the tags of a line.
function text_of(    t) {
	t = $0
	gsub(/^ *<[^>]*>|<\/[^>]*> *$/, "", t)
	return t
}

in_prose { if ($0 ~ "</" in_prose ">") in_prose = ""; next }
/^ *<(description|reference|organization|contact)>/ {
	match($0, /[a-z]+/)
	in_prose = substr($0, RSTART, RLENGTH)
	if ($0 ~ "</" in_prose ">") in_prose = ""
	next
}

{ tag = $0; sub(/^ *</, "", tag); sub(/[^a-z].*/, "", tag) }

tag == "module" { of = value("name"); fact("language", value("language")) }
tag == "identity" { fact("identity", value("node")) }
tag == "revision" { fact("revision", value("date")) }
tag == "import" { fact("import", value("module") "." value("name")) }
tag ~ /^(node|scalar|table|row|column|notification|group|compliance|capabilities)$/ {
	of = value("name")
	position = 0
	fact("kind", tag)
	fact("oid", value("oid"))
	if (value("status") != "") fact("status", value("status"))
}
tag == "typedef" && value("name") != "" {
	of = value("name")
	position = 0
	fact("kind", "type")
	fact("status", value("status"))
}
tag == "typedef" { fact("base", value("basetype")) }
tag == "parent" || tag == "type" { fact("type", value("module") "." value("name")) }
tag == "range" { fact("range", value("min") ".." value("max")) }
tag == "namednumber" { fact("number", value("name") "(" value("number") ")") }
tag == "format" || tag == "access" || tag == "default" || tag == "units" {
	fact(tag, text_of())
}
tag == "index" || tag == "object" { fact(tag, ++position " " value("module") "." value("name")) }
tag == "linkage" && value("implied") != "" { fact("implied", value("implied")) }
tag == "member" || tag == "mandatory" || tag == "option" {
	fact(tag, value("module") "." value("name"))
}
tag == "refinement" { fact("refinement", value("module") "." value("name")) }
