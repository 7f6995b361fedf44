# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
#
# The lab: real daemons in network namespaces and on loopback, started and ended without touching
# the machine's services or its clock. A POSIX sh library, sourced by the end-to-end tests and by
# ./quickstart.
#
#	. "$srcdir/tests/support/lab.sh"
#	lab_dir                                 # scratch directory in $LAB_DIR, cleaned up at exit
#	lab_tools snmpd ntpd ntpq               # sets $SNMPD $NTPD $NTPQ, or skips the test
#	lab_snmpd_start "$LAB_DIR/a" "$(lab_free_udp_port)"
#	lab_wait 'some command' 20 || lab_fail "it never happened"
#
# Everything that was started or made is noted under $LAB_DIR, and only that is ended or removed.
# A process is known by its id and its start time together, so a reused id is left alone.
#
# Environment:
#	NTP_AGENTX_TOOLS  where fetched daemons are kept (default: tools/ in the working directory)
#	LAB_PRIVATE=1     use fetched daemons even where the machine has its own
#	LAB_BUILD         build tree that holds our programs (default: $top_builddir, or the working directory)
#	LAB_KEEP=1        leave $LAB_DIR and its logs behind
#	CI=true           a test that would be skipped fails instead

LAB_BUILD=${LAB_BUILD:-${top_builddir:-$PWD}}
LAB_PREFIX=ntp-agentx-lab
LAB_SYS_TIME_BIT=0x2000000 # CAP_SYS_TIME is capability 25
LAB_SNMPD_MODULES=snmp_mib,system_mib,sysORTable,usmConf,usmStats,usmUser,vacm_conf,vacm_context,vacm_vars
lab__apt_updated=

# --- saying and ending -------------------------------------------------------------------------

lab_note() {
	printf '%s\n' "lab: $*" >&2
}

lab_show_logs() {
	[ -d "${LAB_DIR:-}" ] || return 0
	find "$LAB_DIR" -name '*.log' -size +0 | while IFS= read -r lab__log; do
		printf -- '--- %s\n' "$lab__log" >&2
		tail -n 25 "$lab__log" >&2
	done
}

# The test failed: says why, with the ends of all logs.
lab_fail() {
	printf 'FAIL: %s\n' "$*" >&2
	lab_show_logs
	exit 1
}

# The test cannot run here: 77 to automake; a failure where everything must run.
lab_skip() {
	if [ "${CI:-}" = true ]; then
		printf 'FAIL: not skipped in CI: %s\n' "$*" >&2
		exit 1
	fi
	printf 'SKIP: %s\n' "$*" >&2
	exit 77
}

# Whole seconds since boot: a clock that nobody sets.
lab_now() {
	cut -d. -f1 /proc/uptime
}

# lab_wait COMMAND SECONDS: repeats COMMAND until it succeeds; 1 when time is up.
lab_wait() {
	# The clock has no fractions: at least so long.
	lab__end=$(($(lab_now) + $2 + 1))
	until eval "$1" >/dev/null 2>&1; do
		[ "$(lab_now)" -lt "$lab__end" ] || return 1
		sleep 0.2
	done
}

# --- scratch directory and processes -----------------------------------------------------------

# A new scratch directory in $LAB_DIR. Short, because a socket's path is limited to 107 octets.
lab_open() {
	LAB_DIR=$(mktemp -d "/tmp/$LAB_PREFIX.XXXXXX") || exit 1
	chmod 0755 "$LAB_DIR"
	: >"$LAB_DIR/pids"
	: >"$LAB_DIR/namespaces"
}

# lab_open, and everything is gone when the script ends, however it ends.
lab_dir() {
	lab_open
	trap lab_cleanup EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 141' PIPE
	trap 'exit 143' TERM
}

# lab_start_time PID: when the kernel started it, in ticks since boot; empty when it is gone.
lab_start_time() {
	# The name in parentheses may hold blanks: what follows the last parenthesis is regular.
	sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
}

# lab_alive PID: a process we noted, and still that process, and not a zombie.
lab_alive() {
	lab__start=$(lab_start_time "$1")
	[ -n "$lab__start" ] || return 1
	grep -qx "$1 $lab__start" "$LAB_DIR/pids" || return 1
	! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}

# lab_spawn LOG COMMAND...: in the background, without our files; its id in $LAB_PID.
# LAB_SETSID=1 detaches it from the terminal as well.
lab_spawn() {
	lab__log=$1
	shift
	if [ -n "${LAB_SETSID:-}" ]; then
		setsid "$@" </dev/null >>"$lab__log" 2>&1 &
	else
		"$@" </dev/null >>"$lab__log" 2>&1 &
	fi
	LAB_PID=$!
	lab_own "$LAB_PID"
}

# lab_own PID: a process the caller has just started: ours to end.
lab_own() {
	printf '%s %s\n' "$1" "$(lab_start_time "$1")" >>"$LAB_DIR/pids"
}

# lab_signal PID SIGNAL: only to a process of ours.
lab_signal() {
	lab_alive "$1" && kill -s "$2" "$1" 2>/dev/null
}

# lab_end PID [SIGNAL]: ends it (TERM unless said otherwise), with KILL after five seconds.
lab_end() {
	lab_signal "$1" "${2:-TERM}" || return 0
	lab_signal "$1" CONT # a frozen one must thaw to notice
	lab_wait "! lab_alive $1" 5 || lab_signal "$1" KILL
	lab_wait "! lab_alive $1" 5
	wait "$1" 2>/dev/null || :
}

# Ends and removes everything noted under $LAB_DIR. Keeps the script's exit status.
lab_cleanup() {
	lab__status=$?
	trap - EXIT HUP INT PIPE TERM
	case ${LAB_DIR:-} in
	"/tmp/$LAB_PREFIX".??????) ;;
	*) return "$lab__status" ;;
	esac
	[ -f "$LAB_DIR/pids" ] || return "$lab__status"
	lab__pids=$(cut -d' ' -f1 "$LAB_DIR/pids")
	for lab__pid in $lab__pids; do
		lab_signal "$lab__pid" TERM
		lab_signal "$lab__pid" CONT
	done
	for lab__pid in $lab__pids; do
		lab_end "$lab__pid"
	done
	# The machine's end of a cable first: the namespace would take it along, but later.
	ip link del "ax${LAB_DIR##*.}" 2>/dev/null || :
	while read -r lab__ns; do
		ip netns del "$lab__ns" 2>/dev/null || :
	done <"$LAB_DIR/namespaces"
	if [ -n "${LAB_KEEP:-}" ]; then
		lab_note "kept $LAB_DIR"
	else
		rm -rf "$LAB_DIR"
	fi
	return "$lab__status"
}

# A UDP port that nobody holds now, below the range the kernel hands out by itself.
lab_free_udp_port() {
	while :; do
		lab__port=$(od -An -N2 -tu2 /dev/urandom)
		lab__port=$((10000 + lab__port % 20000))
		lab__hex=$(printf ':%04X ' "$lab__port")
		cat /proc/net/udp /proc/net/udp6 2>/dev/null | grep -qF "$lab__hex" || break
	done
	printf '%s\n' "$lab__port"
}

# --- tools -------------------------------------------------------------------------------------

lab_is_root() {
	[ "$(id -u)" -eq 0 ]
}

lab__apt() {
	if [ -z "$lab__apt_updated" ] && lab_is_root; then
		apt-get -q -o DPkg::Lock::Timeout=120 update || return 1
		lab__apt_updated=1
	fi
	DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 \
		-o APT::Sandbox::User=root "$@"
}

# lab__unpack PACKAGE [DIRECTORY]: its files under that one of the tools directory. Not installed:
# the packages of daemons would start services, and ntpsec's would replace the machine's own time
# service.
lab__unpack() {
	(
		lab__tmp=$(mktemp -d) || exit 1
		trap 'rm -rf "$lab__tmp"' EXIT
		cd "$lab__tmp" || exit 1
		lab__apt download "$1" || exit 1
		dpkg-deb -x ./"$1"_*.deb "$LAB_TOOLS/${2:-}"
	) >>"$LAB_TOOLS/fetch.log" 2>&1
}

# lab__libraries BINARY PACKAGE...: the plain libraries it needs, installed where root.
lab__libraries() {
	lab__binary=$1
	shift
	ldd "$lab__binary" 2>/dev/null | grep -q 'not found' || return 0
	lab_is_root || return 1
	lab__apt install -y --no-install-recommends "$@" >>"$LAB_TOOLS/fetch.log" 2>&1
}

lab__python_ntp() {
	/usr/bin/python3 -c 'import ntp.packet' 2>/dev/null && return 0
	lab_is_root || return 1
	lab__apt install -y --no-install-recommends python3-ntp >>"$LAB_TOOLS/fetch.log" 2>&1
}

# Icinga 2 finds its library of definitions beside itself.
lab__fetch_icinga() {
	[ ! -x "$LAB_TOOLS/bin/icinga2" ] || return 0
	lab__unpack icinga2-common && lab__unpack icinga2-bin || return 1
	for lab__binary in "$LAB_TOOLS"/usr/lib/*/icinga2/sbin/icinga2; do
		lab__libraries "$lab__binary" libboost-coroutine1.74.0 libboost-filesystem1.74.0 \
			libboost-iostreams1.74.0 libboost-program-options1.74.0 libboost-regex1.74.0 \
			libboost-thread1.74.0 libedit2 || return 1
		mkdir -p "$LAB_TOOLS/bin"
		printf '#!/bin/sh\nexec "%s" "$@" -I "%s"\n' "$lab__binary" "$LAB_TOOLS/usr/share/icinga2/include" \
			>"$LAB_TOOLS/bin/icinga2"
		chmod 0755 "$LAB_TOOLS/bin/icinga2"
	done
}

# lab__fetch TOOL: into the tools directory; one at a time, tests run side by side.
lab__fetch() {
	command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
	(
		flock 9 || exit 1
		case $1 in
		snmpd)
			[ -x "$LAB_TOOLS/usr/sbin/snmpd" ] || lab__unpack snmpd || exit 1
			lab__libraries "$LAB_TOOLS/usr/sbin/snmpd" libsnmp40
			;;
		snmptrapd)
			[ -x "$LAB_TOOLS/usr/sbin/snmptrapd" ] || lab__unpack snmptrapd || exit 1
			lab__libraries "$LAB_TOOLS/usr/sbin/snmptrapd" \
				libsnmp40 libnetsnmptrapd40 libwrap0
			;;
		ntpd)
			[ -x "$LAB_TOOLS/usr/sbin/ntpd" ] || lab__unpack ntpsec || exit 1
			lab__libraries "$LAB_TOOLS/usr/sbin/ntpd" libbsd0 libcap2 libssl3
			;;
		chronyd)
			[ -x "$LAB_TOOLS/usr/sbin/chronyd" ] || lab__unpack chrony || exit 1
			lab__libraries "$LAB_TOOLS/usr/sbin/chronyd" libcap2 libedit2 libgnutls30 libseccomp2
			;;
		openntpd) [ -x "$LAB_TOOLS/openntpd/usr/sbin/ntpd" ] || lab__unpack openntpd openntpd ;;
		ntpq)
			[ -x "$LAB_TOOLS/usr/bin/ntpq" ] || lab__unpack ntpsec || exit 1
			lab__python_ntp || exit 1
			mkdir -p "$LAB_TOOLS/bin"
			# Another python may come first in PATH, and it would not know the module.
			printf '#!/bin/sh\nexec /usr/bin/python3 "%s" "$@"\n' \
				"$LAB_TOOLS/usr/bin/ntpq" >"$LAB_TOOLS/bin/ntpq"
			chmod 0755 "$LAB_TOOLS/bin/ntpq"
			;;
		icinga2) lab__fetch_icinga ;;
		nagios4) [ -x "$LAB_TOOLS/usr/sbin/nagios4" ] || lab__unpack nagios4-core ;;
		esac
	) 9>"$LAB_TOOLS/lock"
}

lab__tools_dir() {
	LAB_TOOLS=${NTP_AGENTX_TOOLS:-$PWD/tools}
	case $LAB_TOOLS in
	/*) ;;
	*) LAB_TOOLS=$PWD/$LAB_TOOLS ;;
	esac
	mkdir -p "$LAB_TOOLS"
}

# lab_tool NAME: sets SNMPD, SNMPTRAPD, NTPD, NTPQ, CHRONYD, OPENNTPD, ICINGA2 or NAGIOS4; 1 when it
# cannot be had.
# NTPsec's daemon and ntpq are always our own copy where one can be fetched: the installed
# /usr/sbin/ntpd may be another implementation, or be confined to its own files.
lab_tool() {
	lab__tools_dir
	case $1 in
	snmpd) lab__path=usr/sbin/snmpd ;;
	snmptrapd) lab__path=usr/sbin/snmptrapd ;;
	ntpd) lab__path=usr/sbin/ntpd ;;
	ntpq) lab__path=bin/ntpq ;;
	chronyd) lab__path=usr/sbin/chronyd ;;
	openntpd) lab__path=openntpd/usr/sbin/ntpd ;;
	icinga2) lab__path=bin/icinga2 ;;
	nagios4) lab__path=usr/sbin/nagios4 ;;
	*) lab_fail "lab_tool: no tool is called $1" ;;
	esac
	lab__found=
	case $1 in
	snmpd | snmptrapd)
		[ -n "${LAB_PRIVATE:-}" ] || [ ! -x "/$lab__path" ] || lab__found=/$lab__path
		;;
	esac
	if [ -z "$lab__found" ]; then
		lab__fetch "$1" || return 1
		lab__found=$LAB_TOOLS/$lab__path
	fi
	[ -x "$lab__found" ] || return 1
	case $1 in
	snmpd) SNMPD=$lab__found ;;
	snmptrapd) SNMPTRAPD=$lab__found ;;
	ntpd) NTPD=$lab__found ;;
	ntpq) NTPQ=$lab__found ;;
	chronyd) CHRONYD=$lab__found ;;
	openntpd) OPENNTPD=$lab__found ;;
	icinga2) ICINGA2=$lab__found ;;
	nagios4) NAGIOS4=$lab__found ;;
	esac
}

# lab_tools [NAME...]: all of them (default: the four), or the test is skipped.
# shellcheck disable=SC2120
lab_tools() {
	[ $# -gt 0 ] || set -- snmpd snmptrapd ntpd ntpq
	for lab__tool in "$@"; do
		lab_tool "$lab__tool" || lab_skip "no $lab__tool here, and it could not be fetched" \
			"(see $LAB_TOOLS/fetch.log)"
	done
}

# lab_program NAME: the path of a program of ours in the build tree; 1 when it is not built.
lab_program() {
	for lab__where in . src/daemon src/query src tests/sim tests/e2e; do
		if [ -x "$LAB_BUILD/$lab__where/$1" ] && [ ! -d "$LAB_BUILD/$lab__where/$1" ]; then
			printf '%s\n' "$LAB_BUILD/$lab__where/$1"
			return 0
		fi
	done
	return 1
}

# --- network namespaces ------------------------------------------------------------------------

# lab_ns NAME: what our namespace NAME is called on this machine.
lab_ns() {
	printf '%s-%s\n' "ntpax${LAB_DIR##*.}" "$1"
}

# lab_in NAME COMMAND...: runs it in our namespace.
lab_in() {
	lab__ns=$(lab_ns "$1")
	shift
	ip netns exec "$lab__ns" "$@"
}

# lab_ns_create NAME: a namespace with loopback up; 1 when the machine does not permit it.
lab_ns_create() {
	command -v ip >/dev/null || return 1
	lab__ns=$(lab_ns "$1")
	ip netns add "$lab__ns" 2>>"$LAB_DIR/namespaces.log" || return 1
	printf '%s\n' "$lab__ns" >>"$LAB_DIR/namespaces"
	ip -n "$lab__ns" link set lo up 2>>"$LAB_DIR/namespaces.log"
}

# lab_need_ns NAME...: creates them, or the test is skipped.
lab_need_ns() {
	for lab__name in "$@"; do
		lab_ns_create "$lab__name" ||
			lab_skip "network namespaces are not permitted here"
	done
}

# lab__if_up NS INTERFACE ADDRESS...: NS empty is the machine itself. Waits for the interface
# to run: ntpd leaves out an interface that does not run yet, and looks again minutes later.
lab__if_up() {
	lab__if_ns=${1:+-n $1}
	lab__if=$2
	shift 2
	# shellcheck disable=SC2086 # two words or none
	{
		ip $lab__if_ns link set "$lab__if" addrgenmode none
		for lab__addr in "$@"; do
			case $lab__addr in
			*:*) ip $lab__if_ns addr add "$lab__addr" dev "$lab__if" nodad ;;
			*) ip $lab__if_ns addr add "$lab__addr" dev "$lab__if" ;;
			esac
		done
		ip $lab__if_ns link set "$lab__if" up
	}
}

lab__if_wait() {
	lab_wait "ip ${1:+-n $1} -o link show dev $2 | grep -q 'state UP'" 10
}

# lab_ns_join A "ADDRESS/LEN..." B "ADDRESS/LEN...": a cable between two namespaces.
lab_ns_join() {
	lab__a=$(lab_ns "$1")
	lab__b=$(lab_ns "$3")
	ip link add "to-$3" netns "$lab__a" type veth peer name "to-$1" netns "$lab__b" || return 1
	# shellcheck disable=SC2086 # addresses are words
	lab__if_up "$lab__a" "to-$3" $2
	# shellcheck disable=SC2086
	lab__if_up "$lab__b" "to-$1" $4
	lab__if_wait "$lab__a" "to-$3" && lab__if_wait "$lab__b" "to-$1"
}

# lab_cable_cut A B: pulls the cable out at the end of namespace A; what is sent into it is
# lost. Addresses stay.
lab_cable_cut() {
	ip -n "$(lab_ns "$1")" link set "to-$2" down
}

# lab_cable_mend A B: plugs it in again.
lab_cable_mend() {
	ip -n "$(lab_ns "$1")" link set "to-$2" up && lab__if_wait "$(lab_ns "$1")" "to-$2"
}

# lab_cable_remove A B: takes the cable away, addresses with it; lab_ns_join lays a new one.
lab_cable_remove() {
	ip -n "$(lab_ns "$1")" link del "to-$2"
}

# lab_ns_host NAME: a cable between the machine and a namespace, on an unused network of
# 198.18.0.0/15 (set aside for laboratories). Sets LAB_HOST_ADDR and LAB_NS_ADDR. It goes
# away with the namespace.
lab_ns_host() {
	lab__a=$(lab_ns "$1")
	lab__if=ax${LAB_DIR##*.}
	while :; do
		lab__net=198.19.$(($(od -An -N1 -tu1 /dev/urandom)))
		ip -o -4 addr show | grep -qF " $lab__net." || break
	done
	ip link add "$lab__if" type veth peer name to-host netns "$lab__a" || return 1
	LAB_HOST_ADDR=$lab__net.1
	LAB_NS_ADDR=$lab__net.2
	lab__if_up "" "$lab__if" "$LAB_HOST_ADDR/30"
	lab__if_up "$lab__a" to-host "$LAB_NS_ADDR/30"
	lab__if_wait "" "ax${LAB_DIR##*.}" && lab__if_wait "$lab__a" to-host
}

# --- ntpd, without the clock -------------------------------------------------------------------

# Capability sets from /proc/PID/status on stdin: whole sets of five, none with CAP_SYS_TIME.
lab__sets_lack_sys_time() {
	lab__sets=0
	while read -r lab__key lab__value; do
		case $lab__key in
		CapInh: | CapPrm: | CapEff: | CapBnd: | CapAmb:) ;;
		*) continue ;;
		esac
		[ $((0x$lab__value & LAB_SYS_TIME_BIT)) -eq 0 ] || return 1
		lab__sets=$((lab__sets + 1))
	done
	[ "$lab__sets" -ge 5 ] && [ $((lab__sets % 5)) -eq 0 ]
}

# lab_lacks_sys_time PID: no thread of it has CAP_SYS_TIME, nor can it get it.
lab_lacks_sys_time() {
	cat /proc/"$1"/task/*/status 2>/dev/null | lab__sets_lack_sys_time
}

# lab_clockless COMMAND...: runs it without the capability to set the clock.
lab_clockless() {
	setpriv --bounding-set=-sys_time --inh-caps=-sys_time "$@"
}

# Proves that lab_clockless works here before anything that would like to set a clock runs.
lab_clockless_works() {
	lab_clockless cat /proc/self/status 2>/dev/null | lab__sets_lack_sys_time
}

# lab_ntpd_start NAME DIR LINE...: NTPsec's ntpd in our namespace, with these configuration
# lines added to what keeps it off the clock. Its id in $LAB_PID and DIR/ntpd.pid. A server
# needs "refclock local stratum N minpoll 0 maxpoll 0" (it is synchronised after two of its
# polls), a client "server ADDRESS minpoll 0 maxpoll 0". More options are words in
# $LAB_NTPD_OPTIONS.
lab_ntpd_start() {
	lab__name=$1
	lab__ntp=$2
	shift 2
	lab_clockless_works || lab_fail "cannot take the clock away from a process here"
	mkdir -p "$lab__ntp"
	{
		cat <<-END
			disable kernel
			tos minsane 1 orphanwait 1
			restrict default kod limited
			restrict 127.0.0.1
			restrict ::1
			restrict 198.18.0.0 mask 255.254.0.0
			restrict fd00:5907:: mask ffff:ffff::
		END
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >"$lab__ntp/ntp.conf"
	: >"$lab__ntp/ntpd.log"
	# shellcheck disable=SC2086 # options are words
	lab_spawn "$lab__ntp/ntpd.out.log" ip netns exec "$(lab_ns "$lab__name")" \
		setpriv --bounding-set=-sys_time --inh-caps=-sys_time \
		"$NTPD" -n -c "$lab__ntp/ntp.conf" -l "$lab__ntp/ntpd.log" ${LAB_NTPD_OPTIONS:-}
	printf '%s\n' "$LAB_PID" >"$lab__ntp/ntpd.pid"
	# The last thing it says of its sockets.
	lab_wait "grep -q 'routing socket' $lab__ntp/ntpd.log" 10 || lab_fail "ntpd did not start"
	lab_alive "$LAB_PID" || lab_fail "ntpd ended at once"
	if ! lab_lacks_sys_time "$LAB_PID"; then
		lab_end "$LAB_PID" KILL
		lab_fail "ntpd could have set the clock: ended"
	fi
}

# lab_ntpd_stop DIR [SIGNAL]
lab_ntpd_stop() {
	lab_end "$(cat "$1/ntpd.pid")" "${2:-TERM}"
}

# lab_falsetime_start NAME ADDRESS STRATUM [KEYS]: an NTP server of ours in a namespace whose
# time can be shifted while it runs: lab_falsetime NAME SHIFT_MS [LEAP [CODE]], see
# tests/e2e/falsetime.c. Its id in $LAB_PID and $LAB_DIR/falsetime.NAME.pid.
lab_falsetime_start() {
	lab__name=$1
	lab__false=$LAB_DIR/falsetime.$1
	shift
	lab__binary=$(lab_program falsetime) || lab_fail "falsetime is not built"
	[ -s "$lab__false.set" ] || printf '0\n' >"$lab__false.set"
	: >"$lab__false.log"
	lab_spawn "$lab__false.log" ip netns exec "$(lab_ns "$lab__name")" \
		setpriv --bounding-set=-sys_time --inh-caps=-sys_time \
		"$lab__binary" "$1" "$2" "$lab__false.set" ${3:+"$3"}
	printf '%s\n' "$LAB_PID" >"$lab__false.pid"
	lab_wait "grep -q '^ready' $lab__false.log" 10 || lab_fail "falsetime did not start"
}

# lab_falsetime NAME SHIFT_MS [LEAP [CODE]]: from its next answer on.
lab_falsetime() {
	lab__false=$LAB_DIR/falsetime.$1
	shift
	printf '%s\n' "$*" >"$lab__false.set"
}

lab_falsetime_stop() {
	lab_end "$(cat "$LAB_DIR/falsetime.$1.pid")" "${2:-TERM}"
}

# lab_ntpq NAME ARGUMENT...: NTPsec's ntpq asks the daemon in our namespace.
lab_ntpq() {
	lab__name=$1
	shift
	lab_in "$lab__name" "$NTPQ" "$@" 127.0.0.1
}

# lab_ntp_synced NAME: the daemon there has chosen a peer.
lab_ntp_synced() {
	lab_ntpq "$1" -pn 2>/dev/null | grep -q '^\*'
}

# --- snmpd -------------------------------------------------------------------------------------

# lab_snmpd_start DIR PORT [LINE...]: a private master agent on 127.0.0.1:PORT with its AgentX
# socket DIR/agentx and these lines more. Communities public (read), private (write); SNMPv3
# user lab, SHA-256/AES, both pass phrases "lab-secret", any context. Id in $LAB_PID and
# DIR/snmpd.pid. Returns when it answers.
lab_snmpd_start() {
	lab__snmp=$1
	lab__port=$2
	shift 2
	mkdir -p "$lab__snmp/state"
	{
		cat <<-END
			agentAddress udp:127.0.0.1:$lab__port
			master agentx
			agentXSocket unix:$lab__snmp/agentx
			rocommunity public 127.0.0.1
			rwcommunity private 127.0.0.1
			createUser lab SHA-256 lab-secret AES lab-secret
			view all included .1
			rwuser lab priv -V all *
			dontLogTCPWrappersConnects yes
		END
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >"$lab__snmp/snmpd.conf"
	printf '%s\n' "$lab__port" >"$lab__snmp/snmpd.port"
	lab_snmpd_again "$lab__snmp"
}

# lab_snmpd_again DIR: starts it once more after lab_snmpd_stop or lab_snmpd_kill.
lab_snmpd_again() {
	lab__snmp=$1
	lab_spawn "$lab__snmp/snmpd.out.log" env SNMPCONFPATH="$lab__snmp" \
		SNMP_PERSISTENT_DIR="$lab__snmp/state" MIBS= "$SNMPD" -f -C -c "$lab__snmp/snmpd.conf" -r -I "$LAB_SNMPD_MODULES" \
		-Lf "$lab__snmp/snmpd.log"
	printf '%s\n' "$LAB_PID" >"$lab__snmp/snmpd.pid"
	lab_wait "lab_snmpd_answers $lab__snmp" 15 || lab_fail "snmpd does not answer"
}

lab_snmpd_answers() {
	lab_snmp "$1" get -t 0.3 -r 0 .1.3.6.1.2.1.1.3.0
}

# lab_snmp DIR COMMAND ARGUMENT...: snmpCOMMAND (get, walk, bulkwalk, set ...) of that agent,
# v2c, community private, numeric names. The last arguments are the OIDs.
lab_snmp() {
	lab__snmp_dir=$1
	lab__snmp_cmd=snmp$2
	shift 2
	# Options go before the address and OIDs after it; OIDs begin with a dot or a digit.
	lab__opts=
	while [ $# -gt 0 ]; do
		case $1 in
		-[CcIlLmMnOrtuvaAxX])
			lab__opts="$lab__opts $1 $2"
			shift 2
			;;
		-*)
			lab__opts="$lab__opts $1"
			shift
			;;
		*) break ;;
		esac
	done
	# shellcheck disable=SC2086 # options are words
	env SNMPCONFPATH="$lab__snmp_dir" SNMP_PERSISTENT_DIR="$lab__snmp_dir/state" MIBS= \
		"$lab__snmp_cmd" -v2c -c private -On $lab__opts \
		"127.0.0.1:$(cat "$lab__snmp_dir/snmpd.port")" "$@"
}

lab_snmpd_stop() { lab_end "$(cat "$1/snmpd.pid")"; }
lab_snmpd_kill() { lab_end "$(cat "$1/snmpd.pid")" KILL; }
lab_snmpd_freeze() { lab_signal "$(cat "$1/snmpd.pid")" STOP; }
lab_snmpd_thaw() { lab_signal "$(cat "$1/snmpd.pid")" CONT; }

# lab_snmptrapd_start DIR PORT: prints what arrives on 127.0.0.1:PORT to DIR/traps.log, names
# as numbers. Community public. Id in $LAB_PID.
lab_snmptrapd_start() {
	mkdir -p "$1/trapstate"
	printf 'authCommunity log public\ndoNotRetainNotificationLogs yes\n' >"$1/snmptrapd.conf"
	lab_spawn "$1/snmptrapd.out.log" env SNMPCONFPATH="$1" \
		SNMP_PERSISTENT_DIR="$1/trapstate" MIBS= \
		"$SNMPTRAPD" -f -n -C -c "$1/snmptrapd.conf" -On -Lf "$1/traps.log" \
		"udp:127.0.0.1:$2"
	printf '%s\n' "$LAB_PID" >"$1/snmptrapd.pid"
	lab__hex=$(printf ':%04X ' "$2")
	lab_wait "grep -qF '$lab__hex' /proc/net/udp" 10 || lab_fail "snmptrapd did not start"
}

# --- our own programs --------------------------------------------------------------------------

# lab_agent_start DIR [OPTION...]: ntp-agentxd as subagent of the snmpd of DIR, configured by
# DIR/ntp-agentxd.conf alone. Id in $LAB_PID and DIR/ntp-agentxd.pid. More options are words in
# $LAB_AGENT_OPTIONS.
lab_agent_start() {
	lab__agent=$1
	shift
	lab__binary=$(lab_program ntp-agentxd) || lab_fail "ntp-agentxd is not built"
	mkdir -p "$lab__agent/agentstate"
	# shellcheck disable=SC2086 # options are words
	lab_spawn "$lab__agent/ntp-agentxd.log" env SNMPCONFPATH="$lab__agent" \
		SNMP_PERSISTENT_DIR="$lab__agent/agentstate" \
		"$lab__binary" ${LAB_AGENT_OPTIONS:-} -f -Le -C -c "$lab__agent/ntp-agentxd.conf" \
		-x "$lab__agent/agentx" "$@"
	printf '%s\n' "$LAB_PID" >"$lab__agent/ntp-agentxd.pid"
}

# lab_sim_start DIR OPTION...: the simulated NTP daemon on a free port of 127.0.0.1, or on what
# $LAB_SIM_LISTEN names; the port is in $LAB_SIM_PORT, the id in $LAB_PID and DIR/ntpsim.pid.
lab_sim_start() {
	lab__sim=$1
	shift
	lab__binary=$(lab_program ntpsim) || lab_fail "ntpsim is not built"
	mkdir -p "$lab__sim"
	rm -f "$lab__sim/ntpsim.port"
	lab_spawn "$lab__sim/ntpsim.log" "$lab__binary" \
		--listen "${LAB_SIM_LISTEN:-127.0.0.1:0}" \
		--port-file "$lab__sim/ntpsim.port" "$@"
	printf '%s\n' "$LAB_PID" >"$lab__sim/ntpsim.pid"
	lab_wait "[ -s $lab__sim/ntpsim.port ]" 10 || lab_fail "ntpsim did not start"
	# shellcheck disable=SC2034 # for the caller
	LAB_SIM_PORT=$(cat "$lab__sim/ntpsim.port")
}
