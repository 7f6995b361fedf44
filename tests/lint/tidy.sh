#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# clang-tidy (checks in .clang-tidy) and cppcheck over the programs' sources. Slower than the
# other lints: run by ./test, not by "make check".
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"
lint_tool clang-tidy
lint_tool cppcheck

flags="-std=c11 -D_GNU_SOURCE -Isrc -DPACKAGE_NAME=\"\" -DPACKAGE_VERSION=\"\""
flags="$flags -DENTERPRISE_OID_ARCS=1,3"
# The half of the filter that is not compiled where the library is missing.
pkg-config --exists libseccomp 2>/dev/null && flags="$flags -DHAVE_LIBSECCOMP=1"
flags="$flags $(pkg-config --cflags libuv libcrypto netsnmp 2>/dev/null)"

# shellcheck disable=SC2016 # the inner shell's own arguments
tidy() {
	lint_files '*.c' | grep '^src/' | tr '\n' '\0' | xargs -0 -n 4 -P "$(nproc)" \
		sh -c 'flags=$0; clang-tidy --quiet "$@" -- $flags 2>/dev/null' "$flags" |
		grep -E ': (warning|error): ' | sed "s,^$PWD/,,"
}

second_opinion() {
	cppcheck -q --std=c11 --enable=warning,portability,performance --inline-suppr \
		--suppress=missingIncludeSystem --suppress=unknownMacro -Isrc \
		--template='{file}:{line}: {severity}: {message} [{id}]' src 2>&1
}

{
	tidy
	second_opinion
} | LC_ALL=C sort -u | lint_verdict
