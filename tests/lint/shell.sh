#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every shell script is POSIX sh as shellcheck knows it.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"
lint_tool shellcheck

scripts() {
	lint_files '*.sh'
	for script in quickstart test .ci/run; do
		[ ! -f "$script" ] || printf '%s\n' "$script"
	done
}

# Sourced files share variables with those that source them, and shellcheck follows no computed
# path: so no SC1091, SC2034 (unused), SC2154 (not assigned), SC2317 (unreachable), SC2030 and
# SC2031 (subshells of the sourcing file).
scripts | while IFS= read -r script; do
	shellcheck -f gcc -x -e SC1091,SC2031,SC2030,SC2034,SC2154,SC2317 "$script" </dev/null
done | lint_verdict
