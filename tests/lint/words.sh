#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Words that have no place in a finished tree: marks of unfinished work, and paths of somebody's
# own machine.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

# Written so that this file does not find itself.
words='TO''DO|FIX''ME|X''XX|HA''CK'
paths='/wo''rk|\.\./sha''red|/home/[a-z]+|/ro''ot/'

lint_files '*' | grep -vE '\.(log|trs|o|a|xz)$|^tests/fuzz/corpus/' | while IFS= read -r file; do
	grep -InE "(^|[^A-Za-z0-9_])($words)([^A-Za-z0-9_]|\$)" "$file" |
		sed "s|^\([0-9]*\):.*|$file:\1: a mark of unfinished work|"
	grep -InE "(^|[^A-Za-z0-9_./])($paths)([^A-Za-z0-9_]|\$)" "$file" |
		sed "s|^\([0-9]*\):.*|$file:\1: a path of one machine|"
done | lint_verdict
