#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The MIB modules are clean at smilint's strictest level. RFC 5907's module has two properties
# that only another text of the RFC could change.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"
lint_tool smilint

for module in mibs/*.txt; do
	[ -f "$module" ] || continue
	SMIPATH=tests/mibs smilint -c /dev/null -l 6 -s -m \
		-i inetaddresstype-subtyped -i inetaddress-inetaddresstype "./$module" 2>&1
done | sed 's,^\./,,' | lint_verdict
