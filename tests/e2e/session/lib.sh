# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh disable=SC2034 # the tests use what seems unused here
# What the session tests share: a private snmpd, the probe, waiting, counting. Each
# scenario is a function that runs in its own subshell and directory ($D).
#
# AXPROBE  path of the probe (required)
# SNMPD, SNMPTRAPD  paths of the daemons (default: those of the lab)

if [ -z "${SNMPD:-}" ] || [ -z "${SNMPTRAPD:-}" ]; then
	# shellcheck source=tests/support/lab.sh
	. "${srcdir:-.}/tests/support/lab.sh"
	lab_tools snmpd snmptrapd
fi
AXPROBE=${AXPROBE:?path of the axprobe program}
PROBE_OID=.1.3.6.1.4.1.8072.9999.9999.77
UPTIME_OID=.1.3.6.1.2.1.1.3.0
SYSOR_OID=.1.3.6.1.2.1.1.9.1.3
MODULES=snmp_mib,sysORTable,system_mib,usmConf,usmStats,usmUser
MODULES=$MODULES,vacm_conf,vacm_context,vacm_vars
# Nothing of this machine's SNMP configuration takes part.
MIBS='' MIBDIRS=/dev/null
export MIBS MIBDIRS

ROOT=
PIDS=

# In CI a missing tool is a failure, elsewhere a reason to skip.
skip()
{
	echo "$1"
	[ -n "${CI:-}" ] && exit 1
	exit 77
}

need_tools()
{
	for tool in "$@"; do
		command -v "$tool" >/dev/null || skip "$tool is missing"
	done
	"$SNMPD" -v >/dev/null 2>&1 || skip "$SNMPD does not run"
}

# A sanitizer brings its own memory: no valgrind, and no look at how much is in use.
is_sanitized() { grep -q __asan_init "$AXPROBE"; }

# --- results -----------------------------------------------------------------

ok() { echo "ok - $NAME: $1" >>"$D/result"; }

not_ok()
{
	echo "not ok - $NAME: $1" >>"$D/result"
	for log in probe.out snmpd.log; do
		[ ! -f "$D/$log" ] || tail -n 30 "$D/$log" | sed "s/^/#   $log: /"
	done >>"$D/result"
}

# check "claim" command...: ok when the command succeeds
check()
{
	claim=$1
	shift
	if "$@"; then ok "$claim"; else not_ok "$claim"; fi
}

at_most() { [ -n "$1" ] && [ "$1" -le "$2" ]; }
at_least() { [ -n "$1" ] && [ "$1" -ge "$2" ]; }

# --- processes ---------------------------------------------------------------

# Only what is written down here is ever ended.
started() { PIDS="$PIDS $1"; }

# Ends one of our children at once and forgets it.
end_child()
{
	kill -KILL "$1" 2>/dev/null
	wait "$1" 2>/dev/null
	rest=
	for pid in $PIDS; do
		[ "$pid" = "$1" ] || rest="$rest $pid"
	done
	PIDS=$rest
}

end_children()
{
	for pid in $PIDS; do
		end_child "$pid"
	done
}

# --- waiting -----------------------------------------------------------------

# Hundredths of a second since some start.
now_cs() { sed 's/ .*//; s/\.//' /proc/uptime; }

# wait_for SECONDS command...: until it succeeds
wait_for()
{
	deadline=$(($(now_cs) + $1 * 100))
	shift
	until "$@"; do
		[ "$(now_cs)" -lt "$deadline" ] || return 1
		sleep 0.05
	done
}

# How many lines of the probe match
count() { grep -c -- "$1" "$D/probe.out"; }
seen() { grep -q -- "$1" "$D/probe.out"; }
seen_times() { [ "$(count "$1")" -ge "$2" ]; }

# --- snmpd -------------------------------------------------------------------

# manager COMMAND COMMUNITY TIMEOUT ARGUMENT...
manager()
{
	command=$1 community=$2 timeout=$3
	shift 3
	"$command" -v2c -c "$community" -r 0 -t "$timeout" -On -Oqv "127.0.0.1:$PORT" "$@"
}
get() { manager snmpget public "${TIMEOUT:-1}" "$@" 2>/dev/null; }
walk() { manager snmpwalk public 3 "$@" 2>/dev/null; }
set_() { manager snmpset private "${TIMEOUT:-6}" "$@" 2>&1; }
answers() { get "$UPTIME_OID" >/dev/null; }
scalar_is() { [ "$(get "$PROBE_OID.$1.0")" = "$2" ]; }

master_config()
{
	cat <<END
agentAddress udp:127.0.0.1:$PORT
master agentx
agentXSocket $AX
rocommunity public 127.0.0.1
rwcommunity private 127.0.0.1
dontLogTCPWrappersConnects yes
${TRAP_PORT:+trap2sink 127.0.0.1:$TRAP_PORT public}
$MASTER_LINES
END
}

# Starts the private master; MASTER is its process.
launch_master()
{
	rm -f "$D/ax"
	master_config >"$D/snmpd.conf"
	SNMPCONFPATH=$D SNMP_PERSISTENT_DIR=$D/persistent \
		"$SNMPD" -f -C -c "$D/snmpd.conf" -r -I "$MODULES" -Lf "$D/snmpd.log" \
		-p "$D/snmpd.pid" >/dev/null 2>&1 </dev/null &
	MASTER=$!
	started "$MASTER"
}

# Another process may take the port between our choice and snmpd's.
start_master()
{
	for attempt in 1 2 3 4 5; do
		[ -n "$PORT" ] && [ "$attempt" -eq 1 ] || PORT=$("$AXPROBE" -P)
		launch_master
		wait_for 10 answers && return 0
		end_child "$MASTER"
	done
	not_ok "snmpd starts"
	exit 1
}

# A receiver of notifications; what it saw is in traps.
start_sink()
{
	TRAP_PORT=$("$AXPROBE" -P)
	printf 'authCommunity log public\n%s\n' "$SINK_LINES" >"$D/snmptrapd.conf"
	# shellcheck disable=SC2086 # options
	SNMPCONFPATH=$D SNMP_PERSISTENT_DIR=$D/persistent "$SNMPTRAPD" -f -n -C \
		$SINK_OPTIONS -c "$D/snmptrapd.conf" -On -Lf "$D/traps" \
		"udp:127.0.0.1:$TRAP_PORT" >/dev/null 2>&1 </dev/null &
	started "$!"
	wait_for 10 [ -s "$D/traps" ]
}

# The numbers of the probe's notifications that the sink saw, one a line
numbers() { sed -n "s/.*$PROBE_OID\.9\.0 = INTEGER: \([0-9]*\).*/\1/p" "$D/traps"; }
reached() { [ "$(numbers | tail -n 1)" = "$1" ]; }

freeze() { kill -STOP "$1"; }
thaw() { kill -CONT "$1"; }
kill_master() { end_child "$MASTER"; }

# --- the probe ---------------------------------------------------------------

# start_probe OPTIONS...: under $WRAP when set; PROBE is its process. Commands go to
# descriptor 9.
start_probe()
{
	rm -f "$D/commands"
	mkfifo "$D/commands"
	# shellcheck disable=SC2086 # WRAP is a command with its options
	SNMPCONFPATH=$D SNMP_PERSISTENT_DIR=$D/probe-persistent \
		${WRAP:-} "$AXPROBE" ${AX:+-s "$AX"} "$@" \
		<"$D/commands" >"$D/probe.out" 2>&1 &
	PROBE=$!
	started "$PROBE"
	exec 9>"$D/commands"
}

tell() { echo "$*" >&9; }

# Ends the probe in order, or by force when it hangs; its exit status.
quit_probe()
{
	tell quit
	exec 9>&-
	wait_for 20 seen "ended$" || kill -KILL "$PROBE"
	wait "$PROBE"
	status=$?
	rest=
	for pid in $PIDS; do
		[ "$pid" = "$PROBE" ] || rest="$rest $pid"
	done
	PIDS=$rest
	return "$status"
}

# The number behind NAME= in the probe's latest statistics
stat_of()
{
	before=$(count "stats queued=")
	tell stats
	wait_for 5 seen_times "stats queued=" $((before + 1)) || return 1
	sed -n "s/.* $1=\([0-9]*\) .*/\1/p" "$D/probe.out" | tail -n 1
}
stat_reaches() { at_least "$(stat_of "$1")" "$2"; }

worst_gap()
{
	before=$(count "worst$")
	tell gap
	wait_for 5 seen_times "worst$" $((before + 1)) || return 1
	sed -n 's/.* gap \([0-9]*\) worst$/\1/p' "$D/probe.out" | tail -n 1
}

# --- running a file's scenarios ----------------------------------------------

# In a subshell of its own, made by the caller.
run_one()
{
	NAME=$1
	D=$ROOT/$NAME
	AX=unix:$D/ax
	PIDS='' PORT='' TRAP_PORT='' MASTER='' PROBE='' WRAP=''
	MASTER_LINES='' SINK_LINES='' SINK_OPTIONS=''
	mkdir -p "$D/persistent" "$D/probe-persistent"
	: >"$D/result"
	trap 'end_children' EXIT
	trap 'exit 1' INT TERM HUP
	shift
	"$@"
	echo "done" >"$D/done"
}

# run_scenarios NAME:FUNCTION:ARGUMENT... : JOBS of them at a time. Exits.
run_scenarios()
{
	ROOT=$(mktemp -d /tmp/axsession.XXXXXX) || exit 1
	trap 'end_scenarios; rm -rf "$ROOT"' EXIT
	trap 'exit 1' INT TERM HUP
	names="" scenarios=""
	n=0
	for scenario in "$@"; do
		call=${scenario#*:}
		names="$names ${scenario%%:*}"
		run_one "${scenario%%:*}" "${call%%:*}" "${call#*:}" &
		scenarios="$scenarios $!"
		n=$((n + 1))
		[ $((n % ${JOBS:-8})) -ne 0 ] || wait
	done
	wait
	scenarios=
	report "$names"
}

# After an interruption: each ends its own children.
end_scenarios()
{
	for pid in $scenarios; do
		kill -TERM "$pid" 2>/dev/null
	done
	wait
}

report()
{
	for name in $1; do
		cat "$ROOT/$name/result"
		[ -f "$ROOT/$name/done" ] || echo "not ok - $name: ran to its end"
	done >"$ROOT/all"
	cat "$ROOT/all"
	passed=$(grep -c '^ok - ' "$ROOT/all")
	failed=$(grep -c '^not ok - ' "$ROOT/all")
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
	exit
}
