#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The manual pages are clean mdoc.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"
lint_tool mandoc

lint_files '*.[1-8]' | grep '^doc/' | while IFS= read -r page; do
	# Pages of other packages need not be installed here.
	mandoc -Tlint -Wstyle "$page" 2>&1 | grep -vE 'referenced manual not found|outdated mandoc.db' |
		sed 's/^mandoc: //'
done | lint_verdict
