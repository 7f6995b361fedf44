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

STEPS_MIN=5
ROWS_MIN=25

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

# exec_start UNIT: what it executes
exec_start() {
	fresh sed -n 's/^ExecStart=//p' "/lib/systemd/system/$1"
}

# snmpd as its own unit starts it
start_snmpd() {
	# shellcheck disable=SC2046 # words
	lab_spawn "$LAB_DIR/snmpd.log" ip netns exec "$(lab_ns d)" nsenter -t "$fresh_pid" -m chroot "$fresh_dir/root" \
		$(exec_start snmpd.service)
	snmpd_pid=$LAB_PID
}
shown() {
	fresh_alone snmpwalk -v2c -c public -t 2 -r 1 127.0.0.1 .1.3.6.1.2.1.197 2>&1
}

lab_spawn "$LAB_DIR/ntpd.log" ip netns exec "$(lab_ns d)" setpriv --bounding-set=-sys_time --inh-caps=-sys_time \
	nsenter -t "$fresh_pid" -m chroot "$fresh_dir/root" ntpd -n -c /etc/ntpsec/ntp.conf
ntpd_pid=$LAB_PID
lab_wait "fresh_alone ntpq -c 'rv 0 version' 127.0.0.1 | grep -q ntpsec" 15 || lab_fail "no ntpd"
lab_lacks_sys_time "$ntpd_pid" || {
	lab_end "$ntpd_pid" KILL
	lab_fail "ntpd could have set the clock: ended"
}
start_snmpd
lab_wait "shown | grep -q 'No Such\|No more'" 15 || lab_fail "no snmpd: $(shown)"

debs_steps >"$LAB_DIR/steps"
between "documented steps" "$(wc -l <"$LAB_DIR/steps")" "$STEPS_MIN" 10

# What systemctl would do here.
restart() {
	case $1 in
	snmpd)
		lab_end "$snmpd_pid"
		start_snmpd
		;;
	ntp-agentxd)
		fresh install -d -o ntp-agentx -g ntp-agentx -m 0700 /var/lib/ntp-agentx
		# shellcheck disable=SC2046 # words
		lab_spawn "$LAB_DIR/agent.log" ip netns exec "$(lab_ns d)" nsenter -t "$fresh_pid" -m chroot "$fresh_dir/root" \
			setpriv --reuid ntp-agentx --regid ntp-agentx --groups "$(unit_group)" \
			--bounding-set=-all --inh-caps=-all --no-new-privs \
			env -i PATH=/usr/sbin:/usr/bin SNMP_PERSISTENT_DIR=/var/lib/ntp-agentx \
			$(exec_start ntp-agentxd.service)
		agent_pid=$LAB_PID
		;;
	*) not_ok "no such unit: $1" ;;
	esac
}
unit_group() {
	fresh getent group "$(fresh sed -n 's/^SupplementaryGroups=//p' /lib/systemd/system/ntp-agentxd.service)" |
		cut -d: -f3
}

while IFS= read -r step <&3; do
	case $step in
	'systemctl restart '*)
		for unit in ${step#systemctl restart }; do
			restart "$unit"
		done
		;;
	apt\ *) true_that "$step" quiet fresh sh -c "cd /root && apt-get -q -y ${step#apt }" ;;
	snmpwalk\ *)
		lab_wait "fresh_alone $step | grep -q 197.1.1.1" 20
		fresh_alone sh -c "$step" >"$LAB_DIR/walked" 2>&1
		between "rows of: $step" "$(grep -c '\.197\.1\|mib-2\.197' "$LAB_DIR/walked")" "$ROWS_MIN" 1000
		;;
	*) true_that "$step" quiet fresh_alone sh -c "$step" ;;
	esac
	case $step in
	apt\ *) is "before the other steps nothing is shown" "$(shown | grep -c '197.1')" 0 ;;
	esac
done 3<"$LAB_DIR/steps"
true_that "ntpd's version is in it" grep -q 'ntpsec-' "$LAB_DIR/walked"
true_that "ntp-query check finds nothing wrong" quiet fresh_alone ntp-query check
is "complaints" "$(grep -ciE 'cannot|denied|wrong' "$LAB_DIR/agent.log")" 0
is "capabilities" "$(sed -n 's/^CapEff:[[:space:]]*//p' "/proc/$agent_pid/status")" 0000000000000000
for page in ntp-agentxd.8 ntp-agentxd.conf.5 ntp-query.1 NTP-AGENTX-MIB.7; do
	true_that "man page $page" fresh sh -c "[ -s /usr/share/man/man${page##*.}/$page.gz ]"
done
true_that "the modules are there" fresh test -s /usr/share/snmp/mibs/NTP-AGENTX-MIB.txt
lab_end "$agent_pid"

# --- removed -----------------------------------------------------------------------------------

fresh rm -f /etc/snmp/snmpd.conf.d/ntp-agentxd.conf
true_that "purged" quiet fresh apt-get -q -y purge --autoremove ntp-agentx ntp-agentx-mibs ntp-query
fresh_changes >"$LAB_DIR/after"
is "files that are left" "$(LC_ALL=C comm -13 "$LAB_DIR/before" "$LAB_DIR/after" | tr '\n' ' ')" ""
fresh cat /etc/passwd /etc/group /etc/shadow >"$LAB_DIR/users.after"
is "users that are left" "$(comm -13 "$LAB_DIR/users.before" "$LAB_DIR/users.after")" ""
finish
