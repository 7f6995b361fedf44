#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The arrows between the layers: a directory, then the directories its files may include from, or
# single headers.
arrows='
src/base    base
src/mode6   base mode6
src/model   base model
src/client  base mode6 model client
src/snmp    base model snmp
src/probe   base mode6 model client probe snmp/ask.h
src/query   base mode6 model client probe query
src/daemon  base mode6 model client snmp probe daemon
tests/sim   base mode6 model sim support
'
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

# A directory nobody has drawn arrows for would escape.
unknown_layers() {
	for dir in src/*/; do
		dir=${dir%/}
		[ -d "$dir" ] || continue
		printf '%s\n' "$arrows" | grep -q "^$dir " || echo "$dir:1: a layer without arrows"
	done
}

wrong_includes() {
	printf '%s\n' "$arrows" | while read -r dir allowed; do
		[ -d "${dir:-nowhere}" ] || continue
		find "$dir" -name '*.[ch]' -exec grep -Hn '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' {} + |
			awk -F'"' -v dir="$dir" -v allowed=" $allowed " '
				{
					to = $2
					if (index(allowed, " " to " ")) next
					if (!sub("/.*", "", to)) {
						if (dir ~ /^tests/) next
						to = ""
					}
					if (index(allowed, " " to " ") && to != "") next
					split($1, at, ":")
					print at[1] ":" at[2] ": " dir " may not include \"" $2 "\""
				}'
	done
}

{
	unknown_layers
	wrong_includes
} | lint_verdict
