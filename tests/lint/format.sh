#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The C sources look as .clang-format says. Version 14 is pinned: others format differently.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"
clang_format=clang-format
if command -v clang-format-14 >/dev/null; then
	clang_format=clang-format-14
fi
lint_tool "$clang_format"
case $("$clang_format" --version) in
*'version 14.'*) ;;
*)
	echo "$clang_format is not version 14"
	[ "${CI:-}" = true ] && exit 1
	exit 77
	;;
esac

lint_files '*.[ch]' | grep -E '^(src|tests)/' | while IFS= read -r file; do
	"$clang_format" --dry-run -Werror --style=file "$file" 2>&1 | grep ': error:'
done | lint_verdict
