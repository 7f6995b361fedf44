#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What the program may do: started as root it becomes an ordinary user, keeps no capability in any
# set, cannot get one back, and lives a whole life behind its filter of system calls, where any call
# that the table lacks would end it.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"

USER_ID=65534
GROUP_ID=1 # not one of its user
DAC_OVERRIDE=0000000000000002
NONE=0000000000000000

lab_dir
lab_tools snmpd snmptrapd
lab_is_root || lab_skip "needs root to give it up"
dir=$LAB_DIR/agent
log=$dir/ntp-agentxd.log
keys=$LAB_DIR/keys
trap_port=$(lab_free_udp_port)
mkdir -p "$dir/agentstate"
printf '%s\n' '1 SHA256 the-right-secret' >"$keys"
chmod 0600 "$keys"
cp "$keys" "$LAB_DIR/agent.keys"
chown "$USER_ID" "$LAB_DIR/agent.keys" "$dir/agentstate"
lab_sim_start "$LAB_DIR/sim" --dialect ntporg --associations 3 --seed 7 --keys "$keys" --trusted 1 \
	--controlkey 1 --dvar site=Ost --control "$LAB_DIR/sim/control"
lab_snmptrapd_start "$LAB_DIR/traps" "$trap_port"
lab_snmpd_start "$dir" "$(lab_free_udp_port)" "trap2sink 127.0.0.1:$trap_port public" \
	"agentXPerms 0660 0755 nobody $GROUP_ID"
port=$(cat "$dir/snmpd.port")
has_filter=$(grep -c '^#define HAVE_LIBSECCOMP 1' "$top_builddir/config.h")

# field NAME: a line of /proc/PID/status, of all its threads, each value once
field() {
	cat /proc/"$agent_pid"/task/*/status | sed -n "s/^$1:[[:space:]]*//p" | tr -s '\t ' ' ' |
		sed 's/ *$//' | LC_ALL=C sort -u
}

threads() {
	find "/proc/$agent_pid/task" -mindepth 1 -maxdepth 1 | wc -l
}

# configure LINE...: besides the targets
configure() {
	printf '%s\n' "keyfile $LAB_DIR/agent.keys" "reconnectInterval 1" \
		"target a 127.0.0.1 port $LAB_SIM_PORT interval 1 write variables control-key 1" \
		"$@" >"$dir/ntp-agentxd.conf"
}

serving() {
	[ -n "$(mode "$port")" ]
}

# run WHAT OPTION...: starts it, and waits until it serves
run() {
	run_what=$1
	shift
	: >"$log"
	lab_agent_start "$dir" "$@"
	agent_pid=$LAB_PID
	true_that "$run_what: serves" lab_wait "grep -q 'target a .*: answers' $log && serving" 10
}

# holds_nothing WHAT: no capability in any set of any thread, nor a way to one
holds_nothing() {
	for set in CapInh CapPrm CapEff CapAmb; do
		is "$1: $set" "$(field $set)" "$NONE"
	done
	is "$1: no new privileges" "$(field NoNewPrivs)" 1
}

reread() {
	reread_before=$(grep -c 'configuration read again' "$log")
	lab_signal "$agent_pid" HUP
	lab_wait "[ \$(grep -c 'configuration read again' $log) -gt $reread_before ]" 5
}

# --- from root to an ordinary user, and a whole life as that -----------------------------------

configure
run "as a user" -u "$USER_ID" -g "$GROUP_ID"
is "user" "$(field Uid)" "$USER_ID $USER_ID $USER_ID $USER_ID"
is "group" "$(field Gid)" "$GROUP_ID $GROUP_ID $GROUP_ID $GROUP_ID"
is "groups" "$(field Groups)" "$GROUP_ID"
holds_nothing "as a user"
is "bounding set" "$(field CapBnd)" "$NONE"
[ "$has_filter" -eq 0 ] || is "filter of system calls" "$(field Seccomp)" 2
is "cores" "$(awk '/^Max core file size/ { print $5 $6 }' "/proc/$agent_pid/limits")" 00
is "whose its /proc is" "$(stat -c %U "/proc/$agent_pid/environ")" root
# Read, not stat: access is checked when it is opened.
true_that "another process of its user cannot look into it" eval \
	"! setpriv --reuid $USER_ID --clear-groups cat /proc/$agent_pid/environ >/dev/null 2>&1"

walk "$port" "$LAB_DIR/walk"
between "rows of a walk" "$(wc -l <"$LAB_DIR/walk")" 30 1000
set_ok "a setting" "$dir" "$ROOT.4.1.0" u 7
true_that "which is stored" lab_wait "grep -q 'ntpTargetControl a 7' $dir/agentstate/ntp-agentxd.conf" 5
set_ok "a variable of the daemon" "$dir" "$(var 3 a 0 site)" s West
is "which is there" "$("$SIMSAY" "$LAB_DIR/sim/control" "var site" | sed 's/^ok [^ ]* *//')" West

configure "target named localhost port $LAB_SIM_PORT interval 1" \
	"target nowhere no-such-host.invalid interval 1"
true_that "names after the start" reread
true_that "one that is in the file of hosts" lab_wait "grep -q 'target named .*: answers' $log" 5
true_that "one that nobody knows" lab_wait "grep -q 'target nowhere.*no-such-host' $log" 20
between "threads, which look up names" "$(threads)" 2 100
[ "$has_filter" -eq 0 ] || is "their filter" "$(field Seccomp)" 2
holds_nothing "with threads"

printf '%s\n' '1 SHA256 another-secret' >"$LAB_DIR/agent.keys"
true_that "other keys" reread
set_bad "with a wrong key" "$dir" commitFailed "$(var 3 a 0 site)" s Sued
cp "$keys" "$LAB_DIR/agent.keys"
true_that "the right keys" reread
lab_wait "[ \"\$(value $dir $(var 3 a 0 site))\" = West ]" 5
set_ok "with the right key" "$dir" "$(var 3 a 0 site)" s Nord

lab_snmpd_stop "$dir"
lab_snmpd_again "$dir"
true_that "is back after a restart of snmpd" lab_wait "serving" 10
lab_end "$(cat "$LAB_DIR/sim/ntpsim.pid")"
true_that "the end of a daemon is told" \
	lab_wait "grep -q '197[.]0[.]1[[:space:]]' $LAB_DIR/traps/traps.log" 15
agent_stop
is "how it ended" "$agent_code" 0

# --- other ways to start -----------------------------------------------------------------------

lab_sim_start "$LAB_DIR/sim" --dialect ntporg --associations 3 --seed 7
printf '%s\n' "target a 127.0.0.1 port $LAB_SIM_PORT interval 1" >"$dir/ntp-agentxd.conf"

run "as root"
for set in CapPrm CapEff CapBnd; do
	is "as root: $set" "$(field $set)" "$DAC_OVERRIDE"
done
is "as root: no new privileges" "$(field NoNewPrivs)" 1
true_that "as root: it is said that there is no need" grep -q 'runs as root' "$log"
agent_stop

run "by its numbers alone" -u "$USER_ID" --filter off
is "by its numbers alone: groups" "$(field Groups)" "$(id -G "$USER_ID")"
is "--filter off" "$(field Seccomp)" 0
holds_nothing "without the filter"
agent_stop
run "with the filter that spares it" -u "$USER_ID" --filter on
[ "$has_filter" -eq 0 ] || is "--filter on" "$(field Seccomp)" 2
agent_stop

# An ordinary user to whom somebody gave a capability.
: >"$log"
lab_spawn "$log" setpriv --reuid "$USER_ID" --regid "$GROUP_ID" --clear-groups \
	--inh-caps=+net_raw,+dac_override --ambient-caps=+net_raw,+dac_override \
	env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/agentstate" \
	"$AGENTD" -f -Le -C -c "$dir/ntp-agentxd.conf" -x "$dir/agentx"
agent_pid=$LAB_PID
true_that "an ordinary user serves" lab_wait "grep -q 'target a .*: answers' $log && serving" 10
holds_nothing "an ordinary user"
agent_stop
is "an ordinary user: how it ended" "$agent_code" 0

# refused WHAT CODE TEXT COMMAND...
refused() {
	refused_what=$1
	refused_code=$2
	refused_text=$3
	shift 3
	code=0
	timeout 20 env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/agentstate" "$@" \
		>"$LAB_DIR/out" 2>&1 || code=$?
	is "$refused_what: exit code" "$code" "$refused_code"
	true_that "$refused_what: is explained" grep -q -- "$refused_text" "$LAB_DIR/out"
}

set -- "$AGENTD" -f -Le -C -c "$dir/ntp-agentxd.conf" -x "$dir/agentx"
refused "no such user" 1 'no such user: nobody-of-that-name' "$@" -u nobody-of-that-name
refused "no such group" 1 'no such group: none-of-that-name' "$@" -g none-of-that-name
refused "not root" 1 'cannot .*: Operation not permitted' \
	setpriv --reuid "$USER_ID" --regid "$GROUP_ID" --clear-groups "$@" -u 1
refused "root that may not change its user" 1 'cannot .*: Operation not permitted' \
	setpriv --bounding-set=-setuid,-setgid "$@" -u "$USER_ID"
for mode in --dump --check; do
	refused "$mode as somebody else" 1 'no such user: nobody-of-that-name' \
		"$AGENTD" "$mode" -C -c "$dir/ntp-agentxd.conf" -u nobody-of-that-name
done
# The library would execute these.
printf '%s\n' "open(F, '>', '$LAB_DIR/executed'); close(F);" >"$LAB_DIR/script.pl"
printf '%s\n' "perlInitFile $LAB_DIR/script.pl" "perl system('true')" >"$LAB_DIR/code.conf"
refused "code in the configuration" 3 'Unknown token: perl' \
	"$AGENTD" -f -Le -C -c "$LAB_DIR/code.conf" -x "$dir/agentx"
refused "code in the configuration, checked" 3 'Unknown token: perl' "$AGENTD" -t -C -c "$LAB_DIR/code.conf"
true_that "it was not executed" [ ! -e "$LAB_DIR/executed" ]
if [ "$has_filter" -ne 0 ]; then
	nofilter=$(lab_program nofilter)
	for mode in on strict; do
		refused "a filter that the kernel refuses, $mode" 1 \
			'cannot set the system call filter: .*; --filter off does without' \
			"$nofilter" "$@" --filter "$mode"
	done
	: >"$log"
	lab_spawn "$log" "$nofilter" env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/agentstate" \
		"$@" -u "$USER_ID" --filter off
	agent_pid=$LAB_PID
	true_that "where no filter can be set, off: serves" \
		lab_wait "grep -q 'target a .*: answers' $log && serving" 10
	holds_nothing "where no filter can be set, off"
	agent_stop
fi
refused "no such filter" 2 '--filter is on, off or strict' "$@" --filter maybe
finish
