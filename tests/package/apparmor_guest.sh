#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Process 1 of a virtual machine: ntp-agentxd in each of its ways to live, confined by its profile. Says
# what it saw as "KEY value" on the console, for apparmor.sh. The clock is the virtual machine's own.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C

PATIENCE=40 # seconds: it is all emulated
AGENT_USER=ntp-agentx
NUMBER=.1.3.6.1.2.1.197.1.4.1.0 # ntpEntHeartbeatInterval, which is written and kept

# until_true COMMAND...
until_true() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ "$tries" -lt "$PATIENCE" ] || return 1
		sleep 1
	done
}

# A way to end that needs nothing.
finish() {
	echo "END"
	echo o >/proc/sysrq-trigger
	sleep 60
}
mount -t proc proc /proc
trap finish EXIT
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t securityfs security /sys/kernel/security
mount -t tmpfs run /run
mount -t tmpfs tmp /tmp
ip link set lo up

echo
echo "LSM $(cat /sys/kernel/security/lsm)"
cp /usr/share/doc/ntp-agentx/examples/apparmor/usr.sbin.ntp-agentxd /etc/apparmor.d/
apparmor_parser -r /etc/apparmor.d/usr.sbin.ntp-agentxd
echo "LOADED $?"

# --- what it talks to ----------------------------------------------------------------------------

install -o "$AGENT_USER" -m 0600 /etc/ntpsec/lab.keys /etc/snmp/ntp.keys
install -o root -m 0600 /etc/ntpsec/lab.keys /srv/other.keys
ntpd -n -c /etc/ntpsec/lab.conf >/tmp/ntpd.log 2>&1 &
mkdir -p /etc/snmp/snmpd.conf.d
cp /usr/share/doc/ntp-agentx/examples/snmpd.conf.d/ntp-agentxd.conf /etc/snmp/snmpd.conf.d/
echo 'rwcommunity lab 127.0.0.1' >/etc/snmp/snmpd.conf.d/lab.conf
install -d -m 0755 /var/agentx
install -d -o "$AGENT_USER" -g "$AGENT_USER" -m 0700 /var/lib/ntp-agentx
snmpd_start() {
	snmpd -f -Lf /tmp/snmpd.log -u Debian-snmp -g Debian-snmp &
	snmpd_pid=$!
	until_true test -S /var/agentx/master
}

# configured LINE...: instead of what the package came with
configured() {
	printf '%s\n' "$@" >/etc/snmp/ntp-agentxd.conf
}

served() {
	snmpget -v2c -c public -r 0 -t 1 "${address:-127.0.0.1}" .1.3.6.1.2.1.197.1.1.2.0 2>/dev/null | grep -q ntpsec-
}

# life NAME COMMAND...: until it was served, with what else is to be done meanwhile in $meanwhile
life() {
	name=$1
	shift
	SNMP_PERSISTENT_DIR=/var/lib/ntp-agentx "$@" >/tmp/agent.log 2>&1 &
	pid=$!
	if until_true served; then
		echo "$name served $(cat "/proc/$pid/attr/current") $(ps -o user= -p "$pid")"
	else
		echo "$name not served"
		cat /tmp/agent.log
	fi
	${meanwhile:-:}
	kill "$pid"
	wait "$pid"
	echo "$name ended $?"
	sed "s/^/LOG $name /" /tmp/agent.log
}

snmpd_start

# --- lives -----------------------------------------------------------------------------------------

target='target local localhost write variables control-key 7 interval 1'
configured 'keyfile /etc/snmp/ntp.keys' "$target"
manage() {
	echo "SET $(snmpset -v2c -c lab -r 0 -t 5 -Oqv 127.0.0.1 "$NUMBER" u 77 2>&1 | tr '\n' ' ')"
	ntp-agentxd --check -u "$AGENT_USER" -g Debian-snmp >/tmp/out 2>&1
	echo "CHECK $?"
	sed 's/^/LOG CHECK /' /tmp/out
	kill "$snmpd_pid"
	wait "$snmpd_pid"
	rm -f /var/agentx/master
	snmpd_start
	until_true served && echo "AGAIN served"
	configured 'keyfile /etc/snmp/ntp.keys' "$target" 'target second 127.0.0.1 interval 1'
	kill -HUP "$pid"
	sleep 5
}
meanwhile=manage
life ROOT ntp-agentxd -f -Le -u "$AGENT_USER" -g Debian-snmp -p /run/ntp-agentxd.pid
meanwhile=
echo "KEPT $(grep -lw 77 /var/lib/ntp-agentx/*.conf | grep -c .)"
life USER setpriv --reuid "$AGENT_USER" --regid "$AGENT_USER" --groups "$(getent group Debian-snmp | cut -d: -f3)" \
	ntp-agentxd -f -Le
life LOGFILE ntp-agentxd -f -Lf /var/log/ntp-agentxd.log -u "$AGENT_USER" -g Debian-snmp
echo "LOGGED $(grep -c stopping /var/log/ntp-agentxd.log)"
configured 'rocommunity public 127.0.0.1' "$target" 'keyfile /etc/snmp/ntp.keys'
address=127.0.0.1:162
life MASTER ntp-agentxd -f -Le --master udp:127.0.0.1:162 -u "$AGENT_USER"
address=

configured "$target" 'keyfile /etc/snmp/ntp.keys'
ntp-agentxd -t -u "$AGENT_USER" >/tmp/out 2>&1
echo "TEST $?"
ntp-agentxd --dump -u "$AGENT_USER" >/tmp/out 2>&1
echo "DUMP $? $(grep -c . /tmp/out)"

# --- what it is kept from ----------------------------------------------------------------------------

dmesg | sed -n 's/.*apparmor="DENIED"/BEFORE/p'
dmesg --clear
configured "$target" 'keyfile /srv/other.keys'
ntp-agentxd -t -u "$AGENT_USER" >/tmp/out 2>&1
echo "OTHER $?"
sed 's/^/LOG OTHER /' /tmp/out
dmesg | sed -n 's/.*apparmor="DENIED"/DENIED/p'
exit 0
