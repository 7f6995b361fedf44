#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The unit under a systemd that runs: README.md's steps as they stand there, what the process is allowed,
# and that it is reloaded, watched, started again, stopped and removed. Not of CI: it takes a machine on
# which systemd-nspawn can boot something.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/package/fresh.sh"
. "$srcdir/tests/package/tarball.sh"
. "$srcdir/tests/package/debs.sh"
. "$srcdir/tests/package/steps.sh"
. "$srcdir/tests/package/booted.sh"

ROWS_MIN=20 # of a daemon without associations
WATCHDOG_S=6

lab_dir
debs_need systemd-nspawn
debs_build || lab_fail "no packages"
debs_machine s

# NTPsec's daemon would fail where nobody may set the clock: it wants to keep that right when it drops
# the others.
fresh mkdir -p /etc/systemd/system/ntpsec.service.d
fresh_write etc/systemd/system/ntpsec.service.d/lab.conf 0644 <<END
[Unit]
ConditionCapability=
[Service]
ExecStart=
ExecStart=/usr/sbin/ntpd -n -c /etc/ntpsec/lab.conf
Type=simple
PIDFile=
END
debs_ntpd "$LAB_DIR/"
fresh_write etc/ntpsec/lab.conf 0644 <"$LAB_DIR/lab.conf"
fresh_write etc/ntpsec/lab.keys 0600 <"$LAB_DIR/lab.keys"
booted_make snmpd.service ntpsec.service

is "what is process 1" "$(booted cat /proc/1/comm)" systemd
lab_wait "booted ntpq -c 'rv 0 version' 127.0.0.1 | grep -q ntpsec" 15 || booted_fail "no ntpd"

# --- the steps ----------------------------------------------------------------------------------

unit=ntp-agentxd.service
# of PROPERTY: of the unit
of() {
	booted systemctl show -P "$1" "$unit"
}
main_pid=
# Its process as we see it, in $main_pid.
find_main() {
	main_pid=$(pgrep -x ntp-agentxd --ns "$booted_init" --nslist pid) && [ -n "$main_pid" ]
}
walk="snmpwalk -v2c -c public 127.0.0.1 .1.3.6.1.2.1.197"
served() {
	# shellcheck disable=SC2086 # words
	booted $walk >"$LAB_DIR/walked" 2>&1 && grep -q 'ntpsec-' "$LAB_DIR/walked"
}
steps_of 1 >"$LAB_DIR/steps"
while IFS= read -r step <&3; do
	case $step in
	apt\ *) step="apt-get -q -y ${step#apt }" ;;
	"$walk")
		true_that "$step" lab_wait served 30
		continue
		;;
	esac
	true_that "$step" quiet booted sh -c "cd /root/source && $step"
done 3<"$LAB_DIR/steps"
between "rows" "$(grep -c '\.197\.1\|mib-2\.197' "$LAB_DIR/walked")" "$ROWS_MIN" 1000

is "it says that it is ready" "$(of Type) $(of ActiveState) $(of SubState)" "notify active running"
is "it is started when the machine is" "$(booted systemctl is-enabled "$unit")" enabled
# complaints WORDS: of the unit in the journal
complaints() {
	booted journalctl -q -u "$unit" -o cat | grep -iE "$1"
}
true_that "its own words are in the journal" complaints 'ntp-agentxd .*: 1 target'
is "what it complained of" "$(complaints 'denied|wrong|failed|not permitted')" ""

# --- what it is allowed --------------------------------------------------------------------------

find_main || booted_fail "no process"
# has FIELD: of its status
has() {
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$main_pid/status"
}
is "its user" "$(booted ps -o user= -p "$(of MainPID)")" ntp-agentx
for set in CapInh CapPrm CapEff CapBnd CapAmb; do
	is "capabilities, $set" "$(has $set)" 0000000000000000
done
is "no new privileges" "$(has NoNewPrivs)" 1
is "filter of system calls" "$(has Seccomp)" 2
between "filters: many of the unit's, and its own" "$(has Seccomp_filters)" 3 100
is "groups" "$(has Groups | wc -w) $(booted getent group "$(has Groups | awk '{ print $1 }')" | cut -d: -f1)" \
	"2 Debian-snmp"

# there COMMAND...: with its files, as root without capabilities that it could not have
there() {
	setpriv --bounding-set=-sys_time --inh-caps=-sys_time nsenter -t "$main_pid" -m -p -r -w \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}
as_it() {
	there setpriv --reuid "$(has Uid | cut -f1)" --regid "$(has Gid | cut -f1)" --clear-groups --bounding-set=-all \
		--inh-caps=-all "$@"
}
is "whose processes it sees" "$(as_it sh -c 'stat -c %u /proc/[0-9]*' | sort -u)" "$(has Uid | cut -f1)"
# But those of the kernel, and of nspawn.
is "what can be written" "$(awk '$5 !~ "^/(proc|sys|run/host)(/|$)" && $6 ~ /^rw(,|$)/ { print $5 }' \
	"/proc/$main_pid/mountinfo" | LC_ALL=C sort -u | tr '\n' ' ')" \
	"/dev/hugepages /dev/mqueue /dev/pts /dev/shm /tmp /var/lib/private/ntp-agentx /var/tmp "
for path in /etc /usr /usr/bin /usr/lib /usr/sbin /var/lib /var/agentx /run /root; do
	if there touch "$path/made" 2>/dev/null; then
		not_ok "$path can be written"
	else
		ok "$path cannot be written"
	fi
done
for path in /var/lib/ntp-agentx /tmp /var/tmp /dev/shm; do
	# shellcheck disable=SC2016 # for the shell inside
	is "what is written to $path is not executed" "$(there sh -c 'cp /usr/bin/true "$1/made" && {
		"$1/made" 2>/dev/null; echo $?; rm "$1/made"; }' sh "$path")" 126
done
there touch /tmp/made
is "its /tmp is its own" "$(booted sh -c 'ls /tmp/made 2>/dev/null')" ""
is "devices" "$(there sh -c 'ls /dev/null /dev/mem /dev/kmsg /dev/rtc* /dev/sd* /dev/vd* 2>/dev/null')" /dev/null
between "what systemd-analyze thinks of it" \
	"$(booted systemd-analyze security "$unit" 2>/dev/null | sed -n 's/.*exposure level for [^:]*: \([0-9.]*\).*/\1/p')" 0 2

# --- reloaded, with a key that only root can read --------------------------------------------------

booted mkdir -p "/etc/systemd/system/$unit.d"
fresh_write "etc/systemd/system/$unit.d/lab.conf" 0644 <<END
[Service]
LoadCredential=keys:/etc/ntpsec/lab.keys
WatchdogSec=$WATCHDOG_S
RestartSec=1
END
booted sed -i '/^target/d' /etc/snmp/ntp-agentxd.conf
printf 'keyfile /run/credentials/%s/keys\ntarget local 127.0.0.1 write variables control-key 7 interval 1\n' "$unit" |
	booted tee -a /etc/snmp/ntp-agentxd.conf >"$LAB_DIR/step.log"
booted systemctl daemon-reload
true_that "restarted" quiet booted systemctl restart "$unit"
true_that "the walk is there again" lab_wait served 30
sleep 3
is "complaints with a key from a credential" "$(complaints 'key|credential|denied|failed')" ""

echo 'target second ::1 interval 1' | booted tee -a /etc/snmp/ntp-agentxd.conf >"$LAB_DIR/step.log"
was=$(of MainPID)
true_that "reloaded" quiet booted systemctl reload "$unit"
targets() {
	booted snmpwalk -v2c -c public -On 127.0.0.1 .1.3.6.1.4.1.8072.9999.9999.5907.1.1.3.1.1.1 | grep -c INTEGER
}
true_that "the second target is there" lab_wait "[ \"\$(targets)\" = 2 ]" 20
is "by the same process" "$(of MainPID)" "$was"

# --- watched, started again --------------------------------------------------------------------

# another: a process that is not the one before
another() {
	find_main && [ "$main_pid" != "$before" ] && served
}
find_main
before=$main_pid
kill -s KILL "$before"
true_that "killed, it is started again" lab_wait another 30
find_main
before=$main_pid
kill -s STOP "$before"
true_that "and when it is stuck" lab_wait another 60
true_that "which is the watchdog's work" lab_wait \
	"booted journalctl -q -u $unit -o cat | grep -qi 'watchdog timeout'" 10
is "started again" "$(of NRestarts)" 2
quiet booted systemctl restart snmpd
true_that "snmpd started again" lab_wait served 30
is "and nothing else" "$(of NRestarts)" 2

# --- stopped, removed ----------------------------------------------------------------------------

true_that "stopped" quiet booted systemctl stop "$unit"
is "how it ended" "$(of Result) $(of ExecMainStatus)" "success 0"
is "processes that are left" "$(booted pgrep -x ntp-agentxd)" ""
is "its state, for itself alone" "$(booted stat -Lc '%U %a' /var/lib/ntp-agentx)" "ntp-agentx 700"
quiet booted rm -r "/etc/systemd/system/$unit.d"
quiet booted systemctl daemon-reload
quiet booted systemctl start "$unit"
true_that "removed while it runs" quiet booted apt-get -q -y purge --autoremove ntp-agentx ntp-agentx-mibs ntp-query
is "processes that are left" "$(booted pgrep -x ntp-agentxd)" ""
is "units that are left" "$(booted systemctl list-unit-files --no-legend 'ntp-agentx*')" ""
is "state that is left" "$(booted ls /var/lib/private 2>/dev/null | grep ntp-agentx) $(booted ls /var/lib | grep ntp-agentx)" " "
finish
