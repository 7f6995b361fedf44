#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The packages of Debian: they build, lintian has nothing to say, and on a machine with snmpd and
# ntpsec the steps of README.md, and only those, give a walk. Removed, they leave nothing.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/package/fresh.sh"
. "$srcdir/tests/package/tarball.sh"
. "$srcdir/tests/package/debs.sh"
. "$srcdir/tests/package/steps.sh"

lab_dir
debs_need lintian

# --- built -------------------------------------------------------------------------------------

is "the version of the packages" "$(sed -n '1s/^ntp-agentx (\(.*\)-[0-9]*).*/\1/p' "$srcdir/debian/changelog")" \
	"$version"
true_that "the packages build" debs_build
is "lintian" "$(lintian --allow-root --tag-display-limit 0 "$LAB_DIR"/*.changes 2>&1)" ""

# --- installed on a machine with snmpd and ntpsec ----------------------------------------------

debs_machine d
fresh_changes >"$LAB_DIR/before"
fresh cat /etc/passwd /etc/group /etc/shadow >"$LAB_DIR/users.before"

steps_begin
steps_of 1 | sed 's/^apt /apt-get -q -y /' >"$LAB_DIR/steps"
# Packages come by this machine's network.
installer() {
	case $3 in
	*' apt-get '*) fresh "$@" ;;
	*) fresh_alone "$@" ;;
	esac
}
STEP_RUN=installer
steps_run "$LAB_DIR/steps"
lab_end "$agent_pid"

# --- removed -----------------------------------------------------------------------------------

fresh rm -f /etc/snmp/snmpd.conf.d/ntp-agentxd.conf
true_that "purged" quiet fresh apt-get -q -y purge --autoremove ntp-agentx ntp-agentx-mibs ntp-query
fresh_changes >"$LAB_DIR/after"
is "files that are left" "$(LC_ALL=C comm -13 "$LAB_DIR/before" "$LAB_DIR/after" | tr '\n' ' ')" ""
fresh cat /etc/passwd /etc/group /etc/shadow >"$LAB_DIR/users.after"
is "users that are left" "$(comm -13 "$LAB_DIR/users.before" "$LAB_DIR/users.after")" ""
finish
