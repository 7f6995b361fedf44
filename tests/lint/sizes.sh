#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# No .c file above 600 lines, no function above 60. A function begins with its name in the first
# column and ends with a closing brace there.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

lint_files '*.c' | while IFS= read -r file; do
	awk -v file="$file" -v max_file=600 -v max_function=60 '
		/^[A-Za-z_][A-Za-z0-9_]*\(/ { start = FNR; name = $0; sub(/\(.*/, "", name) }
		start && !open && /;[[:space:]]*$/ { start = 0 }
		/^{/ { open = 1 }
		/^}/ {
			if (start && FNR - start + 1 > max_function)
				print file ":" start ": " name "() has " FNR - start + 1 \
				    " lines, " max_function " are allowed"
			start = 0
			open = 0
		}
		END {
			if (FNR > max_file)
				print file ":" FNR ": " max_file " lines are allowed"
		}' "$file"
done | lint_verdict
