#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What only one file (or layer) of the programs may do. A rule is: form ("call" of a function or
# "include" of a header), what it is called in the message, the names, who may do it (nobody: -).
# Names and files are regular expressions for the whole name or path.
rules='
include ~ Net-SNMP header ~ net-snmp/.* ~ src/snmp/.*
include ~ OpenSSL header ~ openssl/.* ~ src/mode6/auth_key[.]c
include ~ system log ~ syslog[.]h ~ src/snmp/.*
call ~ system log ~ v?syslog|openlog ~ -
call ~ socket call ~ socket|socketpair|bind|listen|accept4?|connect|sendto|sendmsg|sendmmsg|recv|recvfrom|recvmsg|recvmmsg|uv_(udp|tcp)_[a-z_]+ ~ src/client/transport[.]c|src/snmp/session_transport[.]c
call ~ clock reading ~ clock_gettime|gettimeofday|time ~ src/base/clock[.]c
call ~ number from text ~ strtou?ll?|strto[iu]max|strto(f|d|ld)|ato(i|l|ll|f)|v?[fs]?scanf ~ -
call ~ memory ~ malloc|calloc|realloc|reallocarray|strn?dup|v?asprintf|free ~ src/base/mem[.]c
call ~ end of program ~ exit|_exit|_Exit|quick_exit ~ src/(daemon|query)/main[.]c
call ~ unbounded text ~ strcpy|stpcpy|strcat|v?sprintf|gets ~ -
'
# A line with this remark handles memory that a library allocated or will release.
remark='lint: library-owned'
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

mark=$(printf '\001')

# shellcheck disable=SC2094 # the file is only read
lint_files '*.[ch]' | grep '^src/' | while IFS= read -r file; do
	{
		printf '%s\n' "$rules"
		echo END-OF-RULES
		# Each line twice: as written, for the remark and includes, and as code.
		lint_code <"$file" | paste -d "$mark" "$file" -
	} | awk -v file="$file" -v remark="$remark" -v mark="$mark" -F ' ~ ' '
		!ready && /^END-OF-RULES$/ { ready = 1; FS = mark; next }
		!ready && NF == 4 && file !~ "^(" $4 ")$" {
			form[++n] = $1; what[n] = $2; names[n] = $3
		}
		!ready { next }
		{
			line++
			at = index($0, mark)
			raw = substr($0, 1, at - 1)
			code = substr($0, at + 1)
			if (index(raw, remark)) next
			for (i = 1; i <= n; i++) {
				if (form[i] == "include")
					hit = raw ~ "^[ \t]*#[ \t]*include[ \t]*[<\"](" names[i] ")[>\"]"
				else
					hit = code ~ "(^|[^A-Za-z0-9_>.])(" names[i] ")[ \t]*[(]"
				if (hit)
					print file ":" line ": " what[i] " is not the business of this file"
			}
		}'
done | lint_verdict
