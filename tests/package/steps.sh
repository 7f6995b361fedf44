# SPDX-License-Identifier: BSD-2-Clause
# README.md's steps on a fresh machine, of which no systemd runs: a real ntpd, and what its units start.
# To be sourced after agent.sh and fresh.sh.
# shellcheck shell=sh
# shellcheck disable=SC2154 # $fresh_* are from there

STEPS_MIN=5
ROWS_MIN=25

# steps_of N: the lines of the N-th block of commands of README.md under "Packages", as root types them
steps_of() {
	sed -n '/^## Packages/,/^## /p' "$srcdir/README.md" |
		awk -v wanted="$1" '/^```/ { on = /^```sh/ && ++n == wanted; next } on { sub(/^sudo /, ""); print }'
}

quiet() {
	"$@" >"$LAB_DIR/step.log" 2>&1
}

# exec_start UNIT: what it executes
exec_start() {
	fresh sed -n 's/^ExecStart=//p' "/lib/systemd/system/$1"
}

# alone_start LOG COMMAND...: in the background as root there, in its network; its id in $LAB_PID
alone_start() {
	alone_log=$1
	shift
	lab_spawn "$alone_log" ip netns exec "$(lab_ns "$fresh_net")" nsenter -t "$fresh_pid" -m \
		chroot "$fresh_dir/root" "$@"
}

# steps_begin: an ntpd that cannot set the clock, and snmpd, which shows nothing of it yet
steps_begin() {
	alone_start "$LAB_DIR/ntpd.log" setpriv --bounding-set=-sys_time --inh-caps=-sys_time \
		ntpd -n -c /etc/ntpsec/ntp.conf
	ntpd_pid=$LAB_PID
	lab_wait "fresh_alone ntpq -c 'rv 0 version' 127.0.0.1 | grep -q ntpsec" 15 || lab_fail "no ntpd"
	lab_lacks_sys_time "$ntpd_pid" || {
		lab_end "$ntpd_pid" KILL
		lab_fail "ntpd could have set the clock: ended"
	}
	snmpd_start
}

# As its own unit starts it, or as $SNMPD_START says.
snmpd_start() {
	# shellcheck disable=SC2046,SC2086 # words
	alone_start "$LAB_DIR/snmpd.log" ${SNMPD_START:-$(exec_start snmpd.service)}
	snmpd_pid=$LAB_PID
	lab_wait "shown | grep -q 'No Such\|No more'" 15 || lab_fail "no snmpd: $(shown)"
}
shown() {
	fresh_alone snmpwalk -v2c -c public -t 2 -r 1 127.0.0.1 .1.3.6.1.2.1.197 2>&1
}

unit_group() {
	fresh getent group "$(fresh sed -n 's/^SupplementaryGroups=//p' /lib/systemd/system/ntp-agentxd.service)" |
		cut -d: -f3
}

# steps_restart UNIT: what systemctl would do here.
steps_restart() {
	case $1 in
	snmpd)
		lab_end "$snmpd_pid"
		snmpd_start
		;;
	ntp-agentxd)
		fresh install -d -o ntp-agentx -g ntp-agentx -m 0700 /var/lib/ntp-agentx
		# shellcheck disable=SC2046 # words
		alone_start "$LAB_DIR/agent.log" \
			setpriv --reuid ntp-agentx --regid ntp-agentx --groups "$(unit_group)" \
			--bounding-set=-all --inh-caps=-all --no-new-privs \
			env -i PATH=/usr/sbin:/usr/bin SNMP_PERSISTENT_DIR=/var/lib/ntp-agentx \
			$(exec_start ntp-agentxd.service)
		agent_pid=$LAB_PID
		;;
	*) not_ok "no such unit: $1" ;;
	esac
}

# steps_run FILE: the steps, the first of which installs; in $LAB_DIR/walked what the last shows
steps_run() {
	between "documented steps" "$(wc -l <"$1")" "$STEPS_MIN" 10
	steps_n=0
	while IFS= read -r step <&3; do
		steps_n=$((steps_n + 1))
		case $step in
		'systemctl restart '*)
			for unit in ${step#systemctl restart }; do
				steps_restart "$unit"
			done
			;;
		snmpwalk\ *)
			lab_wait "fresh_alone $step | grep -q 197.1.1.1" 20
			fresh_alone sh -c "$step" >"$LAB_DIR/walked" 2>&1
			between "rows of: $step" "$(grep -c '\.197\.1\|mib-2\.197' "$LAB_DIR/walked")" "$ROWS_MIN" 1000
			;;
		*) true_that "$step" quiet "${STEP_RUN:-fresh_alone}" sh -c "cd /root/source && $step" ;;
		esac
		[ "$steps_n" -ne 1 ] || is "before the other steps nothing is shown" "$(shown | grep -c '197.1')" 0
	done 3<"$1"
	true_that "ntpd's version is in it" grep -q 'ntpsec-' "$LAB_DIR/walked"
	true_that "ntp-query check finds nothing wrong" quiet fresh_alone ntp-query check
	is "complaints" "$(grep -iE 'cannot|denied|wrong' "$LAB_DIR/agent.log")" ""
	is "capabilities" "$(sed -n 's/^CapEff:[[:space:]]*//p' "/proc/$agent_pid/status")" 0000000000000000
	for page in ntp-agentxd.8 ntp-agentxd.conf.5 ntp-query.1 NTP-AGENTX-MIB.7; do
		true_that "man page $page" fresh sh -c "[ -s /usr/share/man/man${page##*.}/$page* ]"
	done
	true_that "the modules are there" fresh test -s /usr/share/snmp/mibs/NTP-AGENTX-MIB.txt
}
