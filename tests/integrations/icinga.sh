#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Icinga 2 and Nagios themselves: they take the definitions, run the plugin by them, and show what it
# said of a daemon that is well, of one that is not there, and of the first when it has died.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/integrations/common.sh"

lab_dir
needs snmpget
lab_tools icinga2 nagios4
scene
plugins=$top_builddir/conf/integrations/nagios
definitions=$INTEGRATIONS/nagios
well="NTP OK - local: offset -0.012345 s, stratum [0-9]+ ?"
numbers="offset=-0.012345s jitter=[0-9.]+s .*sources=[0-9]+ age=[0-9]+s"

# --- Icinga 2 ----------------------------------------------------------------------------------

icinga=$LAB_DIR/icinga
mkdir -p "$icinga/dir" "$icinga/results"
# As in production, only faster.
sed 's/interval = 1m/interval = 1s/' "$definitions/icinga2.conf" >"$icinga/ntp.conf"
is "intervals in it" "$(grep -c 'interval = 1s' "$icinga/ntp.conf")" 2
# icinga_conf FILE: of a machine that has nothing but FILE
icinga_conf() {
	cat <<-END
		const NodeName = "lab"
		const PluginContribDir = "$plugins"
		include <itl>
		include "$1"
		object CheckerComponent "checker" { }
		object PerfdataWriter "results" {
			service_perfdata_path = "$icinga/results/service"
			service_temp_path = "$icinga/service"
			host_perfdata_path = "$icinga/results/host"
			host_temp_path = "$icinga/host"
			rotation_interval = 1s
			service_format_template = "\$host.name\$:\$service.name\$|\$service.state\$|\$service.output\$|\$service.perfdata\$"
		}
		object Host "ntp.example.net" {
			check_command = "dummy"
			address = "127.0.0.1:$port"
			vars.snmp_community = "public"
			vars.ntp_targets = [ "local", "gone" ]
		}
		object Host "default.example.net" {
			check_command = "dummy"
			address = "127.0.0.1:$port"
			vars.ntp_targets = [ "local" ]
		}
		object Host "closed.example.net" {
			check_command = "dummy"
			address = "127.0.0.1:$port"
			vars.snmp_community = "other"
			vars.ntp_targets = [ "local" ]
		}
	END
}
icinga_conf "$icinga/ntp.conf" >"$icinga/icinga2.conf"
icinga_conf "$icinga/wrong.conf" >"$icinga/not.conf"
sed 's/check_command = "ntp_agentx"/check_command = "nowhere"/' "$icinga/ntp.conf" >"$icinga/wrong.conf"

options="-DRunAsUser=$(id -un) -DRunAsGroup=$(id -gn)"
for name in ConfigDir DataDir LogDir InitRunDir CacheDir SpoolDir; do
	options="$options -D$name=$icinga/dir"
done
# takes FILE: what its own check says
takes() {
	# shellcheck disable=SC2086 # options are words
	"$ICINGA2" daemon -C -c "$icinga/$1" $options >"$LAB_DIR/icinga.check.log" 2>&1
}
true_that "Icinga takes the definitions" takes icinga2.conf
is "what it makes of them" "$(grep -oE '[0-9]+ (Host|Service)s?\.' "$LAB_DIR/icinga.check.log" | sort | tr '\n' ' ')" \
	"3 Hosts. 4 Services. "
if takes not.conf; then
	not_ok "Icinga takes what is wrong, too"
else
	ok "and would see what is wrong in them"
fi
# shellcheck disable=SC2086
lab_spawn "$LAB_DIR/icinga.log" "$ICINGA2" daemon -c "$icinga/icinga2.conf" $options
icinga_pid=$LAB_PID

# icinga_says HOST:SERVICE: the latest "STATE|WORDS|NUMBERS"
icinga_says() {
	cat "$icinga"/results/service* 2>/dev/null | sed -n "s/^$1|//p" | tail -n 1
}

# --- Nagios ------------------------------------------------------------------------------------

nagios=$LAB_DIR/nagios
mkdir -p "$nagios/results"
cat >"$nagios/resource.cfg" <<END
\$USER1\$=$plugins
END
# An interval of one second, and nothing that others need.
cat >"$nagios/nagios.cfg" <<END
cfg_file=$definitions/nagios.cfg
cfg_file=$nagios/objects.cfg
resource_file=$nagios/resource.cfg
interval_length=1
service_inter_check_delay_method=n
status_update_interval=1
log_file=$nagios/nagios.log
use_syslog=0
object_cache_file=$nagios/objects.cache
precached_object_file=$nagios/objects.precache
status_file=$nagios/status.dat
state_retention_file=$nagios/retention.dat
lock_file=$nagios/nagios.lock
temp_file=$nagios/nagios.tmp
temp_path=$nagios
check_result_path=$nagios/results
command_file=$nagios/command
check_external_commands=0
query_socket=$nagios/query
enable_notifications=0
illegal_macro_output_chars=\`~\$&|'"<>
nagios_user=$(id -un)
nagios_group=$(id -gn)
END
cat >"$nagios/objects.cfg" <<END
define timeperiod {
	timeperiod_name 24x7
	alias always
	sunday 00:00-24:00
	monday 00:00-24:00
	tuesday 00:00-24:00
	wednesday 00:00-24:00
	thursday 00:00-24:00
	friday 00:00-24:00
	saturday 00:00-24:00
}
define command {
	command_name tell
	command_line true
}
define contact {
	contact_name admin
	host_notification_period 24x7
	service_notification_period 24x7
	host_notification_commands tell
	service_notification_commands tell
}
define host {
	host_name ntp.example.net
	contacts admin
	address 127.0.0.1:$port
	max_check_attempts 1
	check_period 24x7
	notification_period 24x7
}
define service {
	use ntp-agentx
	contacts admin
	host_name ntp.example.net
}
define service {
	use ntp-agentx
	contacts admin
	host_name ntp.example.net
	service_description gone
	check_command check_ntp_agentx!public!gone
}
define service {
	use ntp-agentx
	contacts admin
	host_name ntp.example.net
	service_description limits
	check_command check_ntp_agentx_limits!public!local!0.01!0.05
}
END
true_that "Nagios takes the definitions" "$NAGIOS4" -v "$nagios/nagios.cfg" >"$LAB_DIR/nagios.check.log" 2>&1
is "errors and warnings" "$(sed -n 's/^Total .*: *//p' "$LAB_DIR/nagios.check.log" | tr '\n' ' ')" "0 0 "
is "services" "$(grep -c 'Checked 3 services' "$LAB_DIR/nagios.check.log")" 1
lab_spawn "$LAB_DIR/nagios.log" "$NAGIOS4" "$nagios/nagios.cfg"
nagios_pid=$LAB_PID

# nagios_says SERVICE: the latest "STATE|WORDS|NUMBERS", as its status file has it
nagios_says() {
	awk -v service="$1" '
		{ sub(/^[ \t]+/, "") }
		/^[a-z]+ \{/ { in_it = 0 }
		$0 == "service_description=" service { in_it = 1 }
		in_it && sub(/^current_state=/, "") { state = $0 }
		in_it && sub(/^plugin_output=/, "") { words = $0 }
		in_it && sub(/^performance_data=/, "") { printf "%s|%s|%s\n", state, words, $0 }
	' "$nagios/status.dat"
}

# --- what they show ----------------------------------------------------------------------------

# shows WHAT COMMAND SERVICE EXPRESSION: within a minute
shows() {
	if lab_wait "$2 $3 | grep -qE '$4'" 60; then
		ok "$1"
	else
		not_ok "$1: got '$("$2" "$3")', expected '$4'"
	fi
}
shows "Icinga shows the daemon that is well" icinga_says ntp.example.net:ntp-local "^OK\|$well\|$numbers"
shows "and the one that is not there" icinga_says ntp.example.net:ntp-gone '^CRITICAL\|NTP CRITICAL - gone: [a-z].*\|$'
shows "a host without a community of its own" icinga_says default.example.net:ntp-local "^OK\|$well\|$numbers"
shows "and one with another" icinga_says closed.example.net:ntp-local '^UNKNOWN\|NTP UNKNOWN - .*: Timeout'
shows "Nagios shows the daemon that is well" nagios_says NTP "^0\|$well\|$numbers"
shows "and the one that is not there" nagios_says gone '^2\|NTP CRITICAL - gone: [a-z].*\|$'
shows "and limits of one's own" nagios_says limits \
	'^1\|NTP WARNING - local: offset of -0.012345 s\|offset=-0.012345s;-0.01:0.01;-0.05:0.05 '

lab_end "$(cat "$LAB_DIR/sim/ntpsim.pid")" KILL
shows "Icinga shows that it died" icinga_says ntp.example.net:ntp-local '^CRITICAL\|NTP CRITICAL - local: [a-z].*\|$'
shows "Nagios shows that it died" nagios_says NTP '^2\|NTP CRITICAL - local: [a-z].*\|$'
LAB_SIM_LISTEN=127.0.0.1:$LAB_SIM_PORT
scene_daemon
shows "Icinga shows that it is back" icinga_says ntp.example.net:ntp-local "^OK\|$well\|$numbers"
shows "Nagios shows that it is back" nagios_says NTP "^0\|$well\|$numbers"

lab_end "$icinga_pid"
lab_end "$nagios_pid"
agent_stop
finish
