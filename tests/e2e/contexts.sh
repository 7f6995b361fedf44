#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Who may see which target's NTPv4-MIB: SNMPv3 users by the name of a context and by its
# beginning, communities that stand for a context, exactly as ntp-agentxd(8) says; with a real
# snmpd, and with --master.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"

lab_dir
lab_tools snmpd
STRATUM=$ROOT.2.2.0

# One daemon for each context, told apart by its stratum.
targets=
n=2
for name in home gps1 gps2; do
	n=$((n + 1))
	lab_sim_start "$LAB_DIR/$name" --dialect ntporg --frozen \
		--recording "$srcdir/tests/recordings/ntpd-4.2.8p15-client.txt" \
		--control "$LAB_DIR/$name/control"
	"$SIMSAY" "$LAB_DIR/$name/control" "set 0 stratum $n" >/dev/null
	targets="$targets
target $name 127.0.0.1 port $LAB_SIM_PORT interval 1"
done

# What is said in ntp-agentxd(8).
access='
view ntp included .1.3.6.1.2.1.197
createUser one SHA-256 "a pass phrase" AES "another one"
createUser some SHA-256 "a pass phrase" AES "another one"
createUser every SHA-256 "a pass phrase" AES "another one"
rouser one priv -V ntp gps1
rouser some priv -V ntp gps*
rouser every priv -V ntp *
rocommunity first 127.0.0.1 -V ntp gps1
com2sec -Cn gps2 second-reader 127.0.0.1 second
group second-readers v2c second-reader
access second-readers gps2 any noauth exact ntp none none
rocommunity plain 127.0.0.1 -V ntp
rocommunity lost 127.0.0.1 -V ntp nowhere
rocommunity stars 127.0.0.1 -V ntp gps*'

# What the answer is, in a word: the value, or why there is none.
short() {
	sed -n 's/^[0-9][0-9]*$/&/p; s/.*authorizationError.*/denied/p; s/.*No Such.*/nothing/p
		s/.*noAccess.*/denied/p; s/^Timeout.*/timeout/p' | head -n 1
}

# user NAME CONTEXT, community NAME: the stratum it is told
user() {
	SNMPCONFPATH=$LAB_DIR/manager MIBS='' snmpget -v3 -u "$1" -l authPriv -a SHA-256 -A 'a pass phrase' \
		-x AES -X 'another one' -n "$2" -r1 -t1 -Ot -Oqv "127.0.0.1:$port" "$STRATUM" 2>&1 | short
}
community() {
	SNMPCONFPATH=$LAB_DIR/manager MIBS='' snmpget -v2c -c "$1" -r1 -t1 -Ot -Oqv "127.0.0.1:$port" \
		"$STRATUM" 2>&1 | short
}

# looks WHO: through every door. The contexts are there by then.
looks() {
	is "$1: one sees its context" "$(user one gps1)" 4
	is "$1: and not the other" "$(user one gps2)" denied
	is "$1: nor the default one" "$(user one '')" denied
	is "$1: some sees what begins so" "$(user some gps1) $(user some gps2)" "4 5"
	is "$1: and nothing else" "$(user some '')" denied
	is "$1: every sees all" "$(user every '') $(user every gps1) $(user every gps2)" "3 4 5"
	is "$1: no context of that name" "$(user every gps3)" timeout
	is "$1: a community stands for a context" "$(community first)" 4
	is "$1: another one for another" "$(community second)" 5
	is "$1: one without a context sees the default one" "$(community plain)" 3
	is "$1: a community cannot stand for several" "$(community stars)" timeout
	is "$1: one for a context that is not there sees nothing" "$(community lost)" timeout
}

mkdir -p "$LAB_DIR/manager"

# --- snmpd -------------------------------------------------------------------------------------

port=$(lab_free_udp_port)
lab_snmpd_start "$LAB_DIR/a" "$port" "$access"
agent_start "$LAB_DIR/a" "$targets"
for context in '' gps1 gps2; do
	true_that "context '$context' is there" lab_wait "[ -n \"\$(user every '$context' | grep '^[345]')\" ]" 15
done
looks snmpd
walk "$port" "$LAB_DIR/first.walk" first
walk "$port" "$LAB_DIR/second.walk" second
is "a walk is of its context" "$(of "$LAB_DIR/first.walk" 2.2.0) $(of "$LAB_DIR/second.walk" 2.2.0)" "4 5"

# A target that goes takes its values along, the others stay.
printf '%s\n' "$targets" | grep -v gps1 >"$LAB_DIR/a/ntp-agentxd.conf"
lab_signal "$agent_pid" HUP
true_that "a context that went is empty" lab_wait "[ \"\$(user every gps1)\" = nothing ]" 10
is "for its community, too" "$(community first)" nothing
is "the others stay" "$(user every '') $(user every gps2) $(community second)" "3 5 5"
# One that changes keeps its context, and takes over one that another one leaves.
printf '%s\n' "$targets" | grep -v gps1 |
	sed 's/^target home/target moved/; s/gps2 127.*/& stale-after 5 context gps2/' >"$LAB_DIR/a/ntp-agentxd.conf"
lab_signal "$agent_pid" HUP
lab_wait "[ \"\$(grep -c 'configuration read again' $LAB_DIR/a/ntp-agentxd.log)\" -eq 2 ]" 10
sleep 3
is "a target that changed keeps its context" "$(user every gps2) $(community second)" "5 5"
is "a new one has that of one that went" "$(user every '')" 3
is "the library refused nothing" "$(grep -c 'cannot register\|was not registered' "$LAB_DIR/a/ntp-agentxd.log")" 0
agent_stop
is "exit code" "$agent_code" 0

# --- --master ----------------------------------------------------------------------------------

port=$(lab_free_udp_port)
mkdir -p "$LAB_DIR/m/state"
printf '%s\n' "$access" "$targets" >"$LAB_DIR/m/ntp-agentxd.conf"
lab_spawn "$LAB_DIR/m/log" env SNMPCONFPATH="$LAB_DIR/m" SNMP_PERSISTENT_DIR="$LAB_DIR/m/state" \
	"$AGENTD" "$FILTER" -f -Le -C -c "$LAB_DIR/m/ntp-agentxd.conf" --master "udp:127.0.0.1:$port"
agent_pid=$LAB_PID
for context in '' gps1 gps2; do
	true_that "--master: context '$context' is there" \
		lab_wait "[ -n \"\$(user every '$context' | grep '^[345]')\" ]" 15
done
looks --master
agent_stop
is "exit code of --master" "$agent_code" 0
finish
