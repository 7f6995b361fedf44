#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The objects that a manager may write: what is refused and how, that a request changes
# everything or nothing, that contexts are apart, and that what was set outlasts restart,
# kill, reload and the target's absence from the configuration. And what sysORTable says.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"

HEARTBEAT=$ROOT.4.1.0
BITS=$ROOT.4.2.0
SOR_ID=.1.3.6.1.2.1.1.9.1.2
SOR_TEXT=.1.3.6.1.2.1.1.9.1.3
enterprise=$(sed -n 's/^ENTERPRISE_OID = //p' "$top_builddir/Makefile")
capability=.$enterprise.3.1
# Columns of ntpAgentxNotifyTable, and the rows of "one" and "two".
NOTIFY=.$enterprise.1.1.12.1.1
ONE=3.111.110.101
TWO=3.116.119.111

lab_dir
lab_tools snmpd
lab_sim_start "$LAB_DIR/sim" --dialect ntporg \
	--recording "$srcdir/tests/recordings/ntpd-4.2.8p15-client.txt"
dir=$LAB_DIR/a
port=$(lab_free_udp_port)
line="127.0.0.1 port $LAB_SIM_PORT interval 1"
lab_snmpd_start "$dir" "$port" "rwcommunity two 127.0.0.1 -V all two"
stored=$dir/agentstate/ntp-agentxd.conf

# ask COMMAND OPTION... -- ARGUMENT...: an SNMP tool against this agent, with numbers for names.
ask() {
	ask_command=$1
	shift
	ask_options=
	while [ "$1" != -- ]; do
		ask_options="$ask_options $1"
		shift
	done
	shift
	# shellcheck disable=SC2086 # options are words
	env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/state" MIBS= "$ask_command" \
		$ask_options -On -Oqv -r1 -t3 "127.0.0.1:$port" "$@" 2>&1
}

V1='-v1 -c private'
V2='-v2c -c private'
V2_TWO='-v2c -c two'
V3='-v3 -u lab -l authPriv -a SHA-256 -A lab-secret -x AES -X lab-secret'

# shown [OPTIONS]: both values, on one line.
shown() {
	# shellcheck disable=SC2086 # options are words
	ask snmpget ${1:-$V2} -Ox -- "$HEARTBEAT" "$BITS" | tr -d '"' | tr "\n" " " | sed "s, *\$,,; s,  *, ,g"
}

# wanted ROW: what is to be told of a target, on one line.
wanted() {
	# shellcheck disable=SC2086 # options are words
	ask snmpget $V2 -Ox -- "$NOTIFY.1.$1" "$NOTIFY.2.$1" "$NOTIFY.3.$1" "$NOTIFY.4.$1" \
		"$NOTIFY.5.$1" "$NOTIFY.6.$1" | tr -d '"' | tr "\n" " " | sed "s, *\$,,; s,  *, ,g"
}

# set_ok WHAT OPTIONS ARGUMENT...
set_ok() {
	what=$1
	options=$2
	shift 2
	# shellcheck disable=SC2086
	if out=$(ask snmpset $options -- "$@"); then
		ok "$what is taken"
	else
		not_ok "$what is refused: $out"
	fi
}

# set_bad WHAT OPTIONS REASON ARGUMENT...: refused for that reason, and nothing has changed.
set_bad() {
	what=$1
	options=$2
	reason=$3
	shift 3
	before=$(shown)
	# shellcheck disable=SC2086
	if out=$(ask snmpset $options -- "$@"); then
		not_ok "$what is taken: $out"
	elif printf '%s\n' "$out" | grep -q "$reason"; then
		ok "$what is refused: $reason"
	else
		not_ok "$what: expected $reason, got: $out"
	fi
	is "after $what all is as before" "$(shown)" "$before"
}

agent_start "$dir" "target one $line" "target two $line"
true_that "both targets are served" lab_wait "mode_is $port 6 && mode_is $port 6 two" 20
is "defaults" "$(shown)" "60 7F 00"
is "defaults of the other" "$(shown "$V2_TWO")" "60 7F 00"

# What is refused.
for options in "$V2" "$V3"; do
	set_bad "an INTEGER as interval" "$options" wrongType "$HEARTBEAT" i 5
	set_bad "a text as interval" "$options" wrongType "$HEARTBEAT" s 5
	set_bad "a number as bits" "$options" wrongType "$BITS" u 5
	set_bad "three octets of bits" "$options" wrongLength "$BITS" x 7f8000
	set_bad "the bit notUsed" "$options" wrongValue "$BITS" x 80
	set_bad "a ninth bit" "$options" wrongValue "$BITS" x 7f40
	set_bad "the last bit" "$options" wrongValue "$BITS" x 0001
	set_bad "another instance" "$options" noCreation "$ROOT.4.1.1" u 5
	set_bad "no instance" "$options" noCreation "$ROOT.4.2" x 7f
	set_bad "a read-only object" "$options" notWritable "$ROOT.2.2.0" u 5
	set_bad "a cell of a table" "$options" notWritable "$ROOT.3.1.1.2.1" s name
	set_bad "an object that is not there" "$options" notWritable "$ROOT.4.3.0" u 5
	set_bad "a good one and a bad one" "$options" wrongValue "$HEARTBEAT" u 5 "$BITS" x 80
	set_bad "a bad one and a good one" "$options" wrongLength "$BITS" x 000000 "$HEARTBEAT" u 5
	set_bad "a good one and a read-only one" "$options" notWritable \
		"$HEARTBEAT" u 5 "$ROOT.2.2.0" u 5
	set_bad "a good one and one of somebody else" "$options" 'noAccess\|notWritable\|noSuchName' \
		"$HEARTBEAT" u 5 .1.3.6.1.2.1.1.1.0 s text
done
set_bad "a wrong type in SNMPv1" "$V1" 'badValue\|(badValue)\|Wrong Type\|incorrect type' "$HEARTBEAT" i 5
set_bad "unknown bits in SNMPv1" "$V1" badValue "$BITS" x 80
set_bad "a read-only object in SNMPv1" "$V1" noSuchName "$ROOT.2.2.0" u 5
set_bad "a community that may only read" "-v2c -c public" noAccess "$HEARTBEAT" u 5
set_bad "SNMPv3 without authentication" "-v3 -u lab -l noAuthNoPriv" 'authorizationError\|noAccess' \
	"$HEARTBEAT" u 5

# What is taken, by every version.
set_ok "an interval in SNMPv1" "$V1" "$HEARTBEAT" u 1
is "and is shown" "$(shown)" "1 7F 00"
set_ok "the largest interval" "$V2" "$HEARTBEAT" u 4294967295
is "and is shown" "$(shown)" "4294967295 7F 00"
set_ok "one octet of bits" "$V2" "$BITS" x 01
is "the missing octet is zero" "$(shown)" "4294967295 01 00"
set_ok "no octet of bits" "$V2" "$BITS" s ""
is "all is off" "$(shown)" "4294967295 00 00"
set_ok "both in one request, SNMPv3" "$V3" "$BITS" x 7f80 "$HEARTBEAT" u 0
is "and are shown" "$(shown)" "0 7F 80"

# Contexts.
is "the other context is as it was" "$(shown "$V2_TWO")" "60 7F 00"
set_ok "an interval in the other context" "$V3 -n two" "$HEARTBEAT" u 7
is "and is shown there" "$(shown "$V2_TWO")" "7 7F 00"
is "and not here" "$(shown)" "0 7F 80"

# What managers want to be told of each target, in the module about all of them.
is "defaults of what is told" "$(wanted $ONE)" "FF F8 50000 40000 1 60 1"
set_bad "a topic that there is not" "$V2" wrongValue "$NOTIFY.1.$ONE" x fffc
set_bad "three octets of topics" "$V2" wrongLength "$NOTIFY.1.$ONE" x fff800
set_bad "too many sources" "$V2" wrongValue "$NOTIFY.4.$ONE" u 65536
set_bad "too long a hold" "$V2" wrongValue "$NOTIFY.5.$ONE" u 3601
set_bad "a test that is none" "$V2" wrongValue "$NOTIFY.6.$ONE" i 3
set_bad "a count" "$V2" notWritable "$NOTIFY.7.$ONE" i 0
set_bad "a target that there is not" "$V2" noCreation "$NOTIFY.5.3.111.110.102" u 5
set_bad "a good topic and a bad hold" "$V2" wrongValue "$NOTIFY.1.$ONE" x 8000 "$NOTIFY.5.$ONE" u 9999
is "and all is as before" "$(wanted $ONE)" "FF F8 50000 40000 1 60 1"
set_ok "all that can be set" "$V3" "$NOTIFY.1.$ONE" x 8008 "$NOTIFY.2.$ONE" u 3000 "$NOTIFY.3.$ONE" u 2000 \
	"$NOTIFY.4.$ONE" u 4 "$NOTIFY.5.$ONE" u 0 "$NOTIFY.6.$ONE" i 2
is "and is shown" "$(wanted $ONE)" "80 08 3000 2000 4 0 1"
is "and not of the other" "$(wanted $TWO)" "FF F8 50000 40000 1 60 1"
set_ok "the hold of the other" "$V2" "$NOTIFY.5.$TWO" u 3600

# Kept: through kill, restart, reload, and while not configured.
true_that "the values are stored soon" lab_wait \
	"grep -qx 'ntpTargetControl one 0 7f80' $stored && grep -qx 'ntpTargetControl two 7 7f00' $stored" 10
true_that "with what is to be told" lab_wait \
	"grep -qx 'ntpTargetNotices one 8008 3000 2000 4 0' $stored &&
	grep -qx 'ntpTargetNotices two fff8 50000 40000 1 3600' $stored" 10
lab_end "$agent_pid" KILL
agent_start "$dir"
true_that "served again after a kill" lab_wait "mode_is $port 6 && mode_is $port 6 two" 20
is "a kill loses nothing" "$(shown) / $(shown "$V2_TWO")" "0 7F 80 / 7 7F 00"
is "nor what is to be told" "$(wanted $ONE) / $(wanted $TWO)" "80 08 3000 2000 4 0 1 / FF F8 50000 40000 1 3600 1"
set_ok "an interval before the restart" "$V2" "$HEARTBEAT" u 8
agent_stop
is "exit code after SIGTERM" "$agent_code" 0
agent_start "$dir"
true_that "served again after a restart" lab_wait "mode_is $port 6 && mode_is $port 6 two" 20
is "a restart loses nothing" "$(shown) / $(shown "$V2_TWO")" "8 7F 80 / 7 7F 00"
is "nor what is to be told" "$(wanted $ONE) / $(wanted $TWO)" "80 08 3000 2000 4 0 1 / FF F8 50000 40000 1 3600 1"
printf 'target one %s\n' "$line" >"$dir/ntp-agentxd.conf"
lab_signal "$agent_pid" HUP
true_that "the other target goes with a reload" lab_wait "! mode_is $port 6 two" 15
is "a reload loses nothing" "$(shown)" "8 7F 80"
set_ok "an interval while the other is away" "$V2" "$HEARTBEAT" u 9
agent_stop
agent_start "$dir"
true_that "served without the other" lab_wait "mode_is $port 6" 20
printf 'target one %s stale-after 5\ntarget two %s\n' "$line" "$line" >"$dir/ntp-agentxd.conf"
lab_signal "$agent_pid" HUP
true_that "the other is back" lab_wait "mode_is $port 6 two" 15
true_that "the changed one as well" lab_wait "mode_is $port 6" 15
is "nothing is lost" "$(shown) / $(shown "$V2_TWO")" "9 7F 80 / 7 7F 00"
agent_stop

# Looking does not disturb what is kept; a broken line is named and costs only itself.
cp "$stored" "$LAB_DIR/kept"
for mode in -t --dump; do
	env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/agentstate" timeout 60 "$AGENTD" "$mode" -C \
		-c "$dir/ntp-agentxd.conf" >"$LAB_DIR/out" 2>&1
	true_that "$mode leaves the file alone" cmp -s "$stored" "$LAB_DIR/kept"
done
true_that "--dump shows what is kept" grep -q 'ntpEntHeartbeatInterval.0 = Unsigned32: 9$' "$LAB_DIR/out"
printf 'ntpTargetControl one nonsense 7f80\nwhatIsThis 1\nntpTargetNotices two nonsense 1 1 1 1\n' >>"$stored"
sed -i '/^ntpTargetControl one 9/d' "$stored"
number=$(grep -n 'one nonsense' "$stored" | cut -d: -f1)
# This time by the search path, as without -C.
lab_spawn "$dir/ntp-agentxd.log" env SNMPCONFPATH="$dir:$dir/agentstate" \
	SNMP_PERSISTENT_DIR="$dir/agentstate" "$AGENTD" "$FILTER" -f -Le -x "$dir/agentx"
agent_pid=$LAB_PID
true_that "served in spite of a broken line" lab_wait "mode_is $port 6 && mode_is $port 6 two" 20
true_that "which is named" grep -q \
	"ntp-agentxd.conf: line $number: Error: heartbeat interval \"nonsense\" is not valid" \
	"$dir/ntp-agentxd.log"
is "and costs only itself" "$(shown) / $(shown "$V2_TWO")" "60 7F 00 / 7 7F 00"
true_that "and so is one of the other kind" grep -q 'Error: switches "nonsense" is not valid' "$dir/ntp-agentxd.log"
is "which costs only itself, too" "$(wanted $ONE) / $(wanted $TWO)" \
	"80 08 3000 2000 4 0 1 / FF F8 50000 40000 1 3600 1"

# The master: gone in between, and told again what is served.
sor() {
	ask snmpwalk -v2c -c public -- "$SOR_ID" | grep -cxF "$capability"
}
is "sysORTable has the capabilities" "$(sor)" 1
true_that "and says what they are" sh -c "MIBS= snmpwalk -v2c -c public -Oqv 127.0.0.1:$port $SOR_TEXT |
	grep -q 'NTPv4-MIB (RFC 5907) by ntp-agentx'"
set_ok "an interval before the master's restart" "$V2" "$HEARTBEAT" u 11
lab_snmpd_stop "$dir"
lab_snmpd_again "$dir"
true_that "served again by the next master" lab_wait "mode_is $port 6 && mode_is $port 6 two" 30
is "its restart loses nothing" "$(shown) / $(shown "$V2_TWO")" "11 7F 00 / 7 7F 00"
is "sysORTable has the capabilities again" "$(sor)" 1
agent_stop
is "sysORTable has them no more" "$(sor)" 0

# --master: the same without snmpd.
port=$(lab_free_udp_port)
printf 'rwcommunity private 127.0.0.1\ntarget one %s\n' "$line" >"$dir/ntp-agentxd.conf"
lab_spawn "$dir/master.log" env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/agentstate" \
	"$AGENTD" "$FILTER" -f -Le -C -c "$dir/ntp-agentxd.conf" --master "udp:127.0.0.1:$port"
agent_pid=$LAB_PID
true_that "--master serves" lab_wait "mode_is $port 6 private" 20
is "--master has what is kept" "$(shown)" "11 7F 00"
set_bad "--master: a good one and a bad one" "$V2" wrongValue "$HEARTBEAT" u 5 "$BITS" x 80
set_ok "--master: both" "$V2" "$HEARTBEAT" u 12 "$BITS" x 0180
true_that "--master stores" lab_wait "grep -qx 'ntpTargetControl one 12 0180' $stored" 10
true_that "with the values of a target that is not configured" grep -qx 'ntpTargetControl two 7 7f00' "$stored"
agent_stop
finish
