#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Those who take notifications: the handlers for snmptrapd know each, whether snmptrapd shows names or
# numbers or, as Debian's does, numbers behind a name, and snmptt translates with the rules made from the modules.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/integrations/common.sh"

lab_dir
needs snmptt snmpttconvertmib
lab_tools snmptrapd
scene
integrations_built=$top_builddir/conf/integrations

# --- rules -------------------------------------------------------------------------------------

rules=$integrations_built/snmptt/ntp-agentx.conf
for module in NTP-AGENTX-MIB NTPv4-MIB; do
	MIBDIRS=$mibs snmpttconvertmib --in="$mibs/$module.txt" --out="$LAB_DIR/$module.conf" --net_snmp_perl \
		>"$LAB_DIR/convert.log" 2>&1
	grep -E '^(EVENT|FORMAT)' "$LAB_DIR/$module.conf"
done >"$LAB_DIR/converted"
between "rules" "$(grep -c '^EVENT' "$rules")" 30 30
grep -E '^(EVENT|FORMAT)' "$rules" >"$LAB_DIR/made"
true_that "they are those that snmptt's own converter makes" cmp "$LAB_DIR/converted" "$LAB_DIR/made"

# --- levels ------------------------------------------------------------------------------------

# The handler's are those of the modules: what is MINOR or worse there is a warning. By number and by
# name, to a logger that says which level it was given.
mkdir -p "$LAB_DIR/bin"
cat >"$LAB_DIR/bin/logger" <<'END'
#!/bin/sh
echo "$4"
END
chmod 0755 "$LAB_DIR/bin/logger"
sed -n 's/^EVENT \([^ ]*\) \([^ ]*\) .* \([A-Z]*\)$/\1 \2 \3/p' "$rules" >"$LAB_DIR/severities"
is "problems among them" "$(grep -cE ' (MAJOR|MINOR)$' "$LAB_DIR/severities")" 9
while read -r name number severity; do
	case $severity in
	MAJOR | MINOR) level=daemon.warning ;;
	*) level=daemon.notice ;;
	esac
	for trap_oid in "$number" "iso.${number#.1.}" "MODULE::$name"; do
		got=$(printf 'lab\nUDP: [127.0.0.1]:1->[127.0.0.1]:162\n%s %s\n' .1.3.6.1.6.3.1.1.4.1.0 "$trap_oid" |
			PATH="$LAB_DIR/bin:$PATH" sh "$integrations_built/snmptrapd/ntp-trap")
		[ "$got" = "$level" ] || echo "$trap_oid: $got"
	done
done <"$LAB_DIR/severities" >"$LAB_DIR/levels"
is "levels that are not those of the modules" "$(cat "$LAB_DIR/levels")" ""

# --- handlers ----------------------------------------------------------------------------------

cat >"$LAB_DIR/snmptt.ini" <<END
[General]
snmptt_system_name = lab
mode = standalone
multiple_event = 1
dns_enable = 0
strip_domain = 0
translate_log_trap_oid = 0
net_snmp_perl_enable = 0
[Logging]
stdout_enable = 0
log_enable = 1
log_file = $LAB_DIR/snmptt.log
unknown_trap_log_enable = 1
unknown_trap_log_file = $LAB_DIR/snmptt.unknown.log
syslog_enable = 0
[TrapFiles]
snmptt_conf_files = <<END
$rules
END
printf 'END\n' >>"$LAB_DIR/snmptt.ini"

cat >"$LAB_DIR/say" <<END
#!/bin/sh
printf '%s\n' "\$*" >>"$LAB_DIR/said.\$1"
END
cat >"$LAB_DIR/handler" <<END
#!/bin/sh
cat >"$LAB_DIR/trap.\$\$"
NTP_TRAP_LOG="$LAB_DIR/say \$1" sh "$integrations_built/snmptrapd/ntp-trap" <"$LAB_DIR/trap.\$\$"
[ "\$1" != numbers ] || snmptt --ini="$LAB_DIR/snmptt.ini" <"$LAB_DIR/trap.\$\$"
END
chmod 0755 "$LAB_DIR/say" "$LAB_DIR/handler"

# receiver WORD MODULES [OPTION]: an snmptrapd that hands over to the handler; its port in $trap_port
receiver() {
	trap_port=$(lab_free_udp_port)
	mkdir -p "$LAB_DIR/$1/state"
	{
		printf 'authCommunity log,execute public\ndoNotRetainNotificationLogs yes\n'
		printf 'traphandle default %s/handler %s\n' "$LAB_DIR" "$1"
	} >"$LAB_DIR/$1/snmptrapd.conf"
	lab_spawn "$LAB_DIR/$1.out.log" env SNMPCONFPATH="$LAB_DIR/$1" SNMP_PERSISTENT_DIR="$LAB_DIR/$1/state" \
		MIBDIRS="$mibs" MIBS="$2" "$SNMPTRAPD" -f -n -C -c "$LAB_DIR/$1/snmptrapd.conf" \
		${3:+"$3"} -Lf "$LAB_DIR/$1.traps.log" "udp:127.0.0.1:$trap_port"
	lab_wait "grep -q 'NET-SNMP version' $LAB_DIR/$1.traps.log" 20 || lab_fail "no snmptrapd"
}
own=NTP-AGENTX-MIB:NTPv4-MIB
sinks=
# The word, the modules and the option; "stock" is Debian's, with "mibs :" in its snmp.conf.
while read -r form modules option; do
	receiver "$form" "${modules#none}" "$option"
	sinks="$sinks
trap2sink 127.0.0.1:$trap_port public"
done <<END
numbers $own -On
names $own -OS
stock none
foreign SNMPv2-MIB
END
forms="numbers names stock foreign"
lab_snmpd_stop "$LAB_DIR/a"
lab_snmpd_start "$LAB_DIR/a" "$port" "$sinks"
test_object=1.12.1.1.6.$(row local)
lab_wait "[ \"\$(value $test_object)\" = 1 ]" 20 || lab_fail "not back"

true_that "a test is asked for" \
	[ "$(MIBS='' snmpset -v2c -c private -t 3 -r 1 -Oqv "127.0.0.1:$port" "$root.$test_object" i 2 2>&1)" = 2 ]
for form in $forms; do
	true_that "the handler says it, with $form" lab_wait "grep -q ': local: this is a test' $LAB_DIR/said.$form" 30
done
true_that "snmptt has translated it" lab_wait \
	"grep -q 'INFORMATIONAL .*Test: NTP target local: this is a test' $LAB_DIR/snmptt.log" 30

lab_end "$(cat "$LAB_DIR/sim/ntpsim.pid")" KILL
for form in $forms; do
	true_that "the handler says that the daemon is gone, with $form" \
		lab_wait "grep -q ': local: the daemon does not answer' $LAB_DIR/said.$form" 30
	# Without a module a mode is its number.
	true_that "and, without words of its own, the mode" \
		lab_wait "grep -qE '(1\.197\.0\.1|ModeChange) .*=(notRunning|1\$)' $LAB_DIR/said.$form" 30
done
true_that "snmptt has that, too" lab_wait "grep -q 'MAJOR .*Daemon unreachable: NTP target local: ' $LAB_DIR/snmptt.log" 30
# snmpd's own start is none of ours.
is "notifications that snmptt does not know" \
	"$(grep 'Unknown trap' "$LAB_DIR/snmptt.unknown.log" 2>/dev/null | grep -vc '1\.3\.6\.1\.6\.3\.1\.1\.5\.')" 0
agent_stop
finish
