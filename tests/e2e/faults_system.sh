#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What happens to machines: the daemon, snmpd and the agent are killed at any moment, a network
# interface goes down, the disk is full or read-only, the wall clock is stepped, descriptors run
# out. Whatever is served is right, nobody else waits for it, what was stored stays, and two
# intervals after the end of a fault all is back. FAULT_SEED repeats a run.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/golden.sh"
. "$srcdir/tests/e2e/faults.sh"

RECORDING=ntpd-4.2.8p15-client
INTERVAL=2
KILLS=18
DOWNS=2
BACK_MS=$((2 * INTERVAL * 1000 + 3000))
# A daemon that was silent may be one that limits our rate: it is asked slowly at first.
SILENT_MS=$((10 * INTERVAL * 1000 + 3000))
STORE_AGAIN_S=35
DAY_S=86400
HEARTBEAT=$ROOT.4.1.0
LAST_SUCCESS=.$(sed -n 's/^ENTERPRISE_OID = //p' "$top_builddir/Makefile").1.1.2.1.1.11.2.116.49

lab_dir
lab_tools snmpd ntpd ntpq
lab_is_root || lab_skip "needs root for network namespaces"
dir=$LAB_DIR/a
log=$dir/ntp-agentxd.log
state=$dir/agentstate
port=$(lab_free_udp_port)
mkdir -p "$state"

# A namespace of mounts with a small disk, which outlives the agent.
# shellcheck disable=SC2016 # for the shell inside
lab_spawn "$LAB_DIR/disk.log" unshare -m sh -c \
	'mount -t tmpfs -o size=64k tmpfs "$1" && echo mounted && exec sleep 3600' sh "$state"
disk=$LAB_PID
lab_wait "grep -q mounted $LAB_DIR/disk.log" 10 || lab_fail "no small disk: $(cat "$LAB_DIR/disk.log")"
on_disk() {
	nsenter -t "$disk" -m "$@"
}

# --- all parts ---------------------------------------------------------------------------------

sim_begin() {
	rm -f "$LAB_DIR/sim/control"
	lab_sim_start "$LAB_DIR/sim" --dialect ntporg --frozen --control "$LAB_DIR/sim/control" \
		--recording "$srcdir/tests/recordings/$RECORDING.txt"
}
sim_begin
LAB_SIM_LISTEN=127.0.0.1:$LAB_SIM_PORT
lab_need_ns n
lab_ns_host n
lab_ntpd_start n "$LAB_DIR/n" "refclock local stratum 3 minpoll 0 maxpoll 0"
lab_snmpd_start "$dir" "$port" \
	"rocommunity c2 127.0.0.1 -V all t2" \
	"rocommunity c3 127.0.0.1 -V all t3" "rocommunity c4 127.0.0.1 -V all t4"
# configure LINE...
configure() {
	{
		echo "reconnectInterval 1"
		echo "target t1 127.0.0.1 port $LAB_SIM_PORT interval $INTERVAL"
		echo "target t2 $LAB_NS_ADDR interval $INTERVAL"
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >"$dir/ntp-agentxd.conf"
}
configure

preload=
if ! grep -q __asan_init "$AGENTD"; then
	preload=$LAB_DIR/falseclock.so
	${CC:-cc} -shared -fPIC -o "$preload" "$srcdir/tests/e2e/falseclock.c" ||
		lab_fail "falseclock cannot be built"
fi
# clock SECONDS: the agent's wall clock is as much ahead
clock() {
	awk -v v="$1" 'BEGIN {
		for (i = 0; i < 8; i++) {
			digit = v % 256
			if (digit < 0) digit += 256
			printf "\\%03o", digit
			v = (v - digit) / 256
		}
	}' >"$LAB_DIR/clock.octal"
	# In place: it is mapped.
	# shellcheck disable=SC2059 # octets
	printf "$(cat "$LAB_DIR/clock.octal")" | dd of="$LAB_DIR/clock" conv=notrunc status=none
}
clock 0

agent_begin() {
	lab_spawn "$log" nsenter -t "$disk" -m env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$state" \
		${preload:+LD_PRELOAD="$preload"} FALSECLOCK="$LAB_DIR/clock" \
		"$AGENTD" "$FILTER" -f -Le -C -c "$dir/ntp-agentxd.conf" -x "$dir/agentx"
	agent_pid=$LAB_PID
}
agent_begin

# --- what is right -----------------------------------------------------------------------------

looked=0 wrong=0 lied=
look() {
	golden "$RECORDING" >"$LAB_DIR/golden"
	walked 1 >"$LAB_DIR/walked"
	looked=$((looked + $(wc -l <"$LAB_DIR/walked")))
	# The heartbeat is what the test sets.
	if ! no_lies && grep -v '^4\.1\.0|' "$LAB_DIR/lies" >"$LAB_DIR/lies.rest"; then
		wrong=$((wrong + $(wc -l <"$LAB_DIR/lies.rest")))
		lied="$lied $(tr '\n' ' ' <"$LAB_DIR/lies.rest")"
	fi
	look_real=$(MIBS='' snmpget -v2c -c c2 -r0 -t2 -Oqv "127.0.0.1:$port" "$ROOT.2.2.0" 2>&1)
	case $look_real in
	4 | *"No Such"* | *Timeout*) ;;
	*) wrong=$((wrong + 1)) lied="$lied stratum of t2: $look_real" ;;
	esac
}

sim_back() {
	golden "$RECORDING" | grep -v '^4\.1\.0|' >"$LAB_DIR/golden"
	walked 1 >"$LAB_DIR/walked"
	[ -z "$(comm -23 "$LAB_DIR/golden" "$LAB_DIR/walked")" ]
}
real_back() {
	[ "$(MIBS='' snmpget -v2c -c c2 -r0 -t2 -Oqv "127.0.0.1:$port" "$ROOT.2.2.0" 2>/dev/null)" = 4 ]
}
both_back() {
	sim_back && real_back
}

# over NAME INJECTED BACK_MS LIMIT_MS
over() {
	account "$1" "$2" "$looked" "$wrong" "$3"
	true_that "$1: something is served" [ "$looked" -gt 0 ]
	is "$1: nothing wrong is served" "$lied" ""
	between "$1: all is back" "$3" 0 "$4"
	looked=0 wrong=0 lied=
}

heartbeat_is() {
	[ "$(get "$port" 4.1.0)" = "$1" ]
}
set_heartbeat() {
	lab_snmp "$dir" set -r 2 -t 2 "$HEARTBEAT" u "$1" >"$LAB_DIR/set.out" 2>&1
}

true_that "all is served before the first fault" lab_wait both_back 60
true_that "a setting is made" set_heartbeat 3601
elsewhere_start

# --- killed ------------------------------------------------------------------------------------

kill_sim() {
	lab_end "$(cat "$LAB_DIR/sim/ntpsim.pid")" KILL
	sim_begin
}
# kill_snmpd [SECONDS]: for that long there is none
kill_snmpd() {
	elsewhere_pause
	lab_snmpd_kill "$dir"
	[ $# -eq 0 ] || sleep "$1"
	lab_snmpd_again "$dir"
	elsewhere_resume
}
kill_agent() {
	lab_end "$agent_pid" KILL
	agent_begin
}

# Who, and after how many hundredths of a second.
awk -v seed="$FAULT_SEED" -v n="$KILLS" 'BEGIN {
	srand(seed)
	split("sim snmpd agent", who, " ")
	while (n-- > 0) print who[1 + int(rand() * 3)], int(rand() * 200)
}' >"$LAB_DIR/kills"
slowest=0
while read -r who when <&3; do
	sleep "$(awk -v cs="$when" 'BEGIN { print cs / 100 }')"
	"kill_$who"
	look
	ms=$(back_after sim_back "$BACK_MS")
	if [ "$ms" -lt 0 ]; then
		not_ok "after $who was killed all is back"
		slowest=-1
		break
	fi
	[ "$ms" -le "$slowest" ] || slowest=$ms
	look
done 3<"$LAB_DIR/kills"
over "kill -9 of daemon, snmpd, agent" "$(awk '{ n[$1]++ } END { print n["sim"] ", " n["snmpd"] ", " n["agent"] }' "$LAB_DIR/kills")" \
	"$slowest" "$BACK_MS"
true_that "the setting is still there" heartbeat_is 3601
true_that "the other target is, too" lab_wait real_back $((SILENT_MS / 1000))

# --- the interface -----------------------------------------------------------------------------

slowest=0
down=0
while [ "$down" -lt "$DOWNS" ]; do
	down=$((down + 1))
	if [ $((down % 2)) -eq 0 ]; then
		lab_cable_cut n host
	else
		ip link set "ax${LAB_DIR##*.}" down
	fi
	for _ in 1 2 3 4; do
		look
		sleep 0.5
	done
	if [ $((down % 2)) -eq 0 ]; then
		lab_cable_mend n host
	else
		ip link set "ax${LAB_DIR##*.}" up
	fi
	ms=$(back_after both_back "$SILENT_MS")
	[ "$ms" -le "$slowest" ] || slowest=$ms
	[ "$ms" -ge 0 ] || slowest=-1
	[ "$ms" -ge 0 ] || break
done
over "interface down and up" "$DOWNS" "$slowest" "$SILENT_MS"

# --- the disk ----------------------------------------------------------------------------------

complaints() {
	grep -c 'cannot be stored whole' "$log"
}
# not_stored VALUE: it is served, and the log says that it could not be stored
not_stored() {
	before=$(complaints)
	true_that "$1 is set all the same" set_heartbeat "$1"
	true_that "and served" heartbeat_is "$1"
	true_that "the log says that it is not stored" lab_wait "[ \$(complaints) -gt $before ]" 5
}
# survives VALUE: it is what a new agent starts with
survives() {
	kill_agent
	true_that "after kill -9 $1 is there" lab_wait "heartbeat_is $1" 10
}

true_that "3602 is stored" set_heartbeat 3602
survives 3602
# shellcheck disable=SC2016 # for the shell inside
on_disk sh -c 'cat /dev/zero >"$1/fill" 2>/dev/null || :' sh "$state"
not_stored 3603
survives 3602
not_stored 3604
on_disk rm "$state/fill"
true_that "with room again it is stored" lab_wait "grep -q 'conf: stored' $log" "$STORE_AGAIN_S"
survives 3604
account "disk full" 2 "-" 0 "-"
on_disk mount -o remount,ro "$state"
not_stored 3605
survives 3604
on_disk mount -o remount,rw "$state"
true_that "3606 is stored" set_heartbeat 3606
survives 3606
account "persistent directory read-only" 1 "-" 0 "-"
true_that "all is served" lab_wait both_back $((BACK_MS / 1000))

# --- the clock ---------------------------------------------------------------------------------

# polled_on: the daemon is asked, as often as ever
polled_on() {
	polled=$(sim_requests "$LAB_DIR/sim" readstat)
	sleep $((2 * INTERVAL))
	polled=$(($(sim_requests "$LAB_DIR/sim" readstat) - polled))
	[ "$polled" -ge 1 ] && [ "$polled" -le 4 ]
}

# sees SECONDS: the last poll was at a wall clock so far ahead
sees() {
	# shellcheck disable=SC2046,SC2183 # three numbers
	day=$(printf '%04X%02X%02X' $(date -u -d "@$(($(date +%s) + $1))" '+%Y %-m %-d'))
	MIBS='' snmpget -v2c -c public -Ox -Oqv "127.0.0.1:$port" "$LAST_SUCCESS" | tr -d '" ' | grep -q "^$day"
}

if [ -n "$preload" ]; then
	ends=$(grep -c disconnected "$log")
	for shift in "$DAY_S" "-$DAY_S" 1 0; do
		clock "$shift"
		look
		true_that "clock stepped to $shift s: polls go on" polled_on
		true_that "clock stepped to $shift s: the agent sees it" sees "$shift"
		look
	done
	over "wall clock stepped" 4 "$(back_after both_back "$BACK_MS")" "$BACK_MS"
	is "disconnected meanwhile" "$(($(grep -c disconnected "$log") - ends))" 0
else
	echo "# the clock is not stepped: a sanitizer's program takes no library first"
fi

# --- descriptors -------------------------------------------------------------------------------

# descriptors N: the agent can open none from number N on; what it has open stays
descriptors() {
	prlimit --pid "$agent_pid" --nofile="$1:"
}
first_free() {
	free_fd=0
	while [ -e "/proc/$agent_pid/fd/$free_fd" ]; do
		free_fd=$((free_fd + 1))
	done
	echo "$free_fd"
}
late_back() {
	for community in c3 c4; do
		case $(MIBS='' snmpget -v2c -c "$community" -r0 -t2 -Oqv "127.0.0.1:$port" "$ROOT.2.2.0" 2>&1) in
		[0-9]*) ;;
		*) return 1 ;;
		esac
	done
}

in_use=$(find "/proc/$agent_pid/fd" -type l | wc -l)
few=$(first_free)
late_port=$(lab_free_udp_port)
configure "target t3 127.0.0.1 port $late_port interval $INTERVAL context t3" \
	"target t4 127.0.0.1 port $late_port interval $INTERVAL context t4"
descriptors "$few"
lab_signal "$agent_pid" HUP
true_that "no descriptor for the configuration: the log says so" \
	lab_wait "grep -q 'Too many open files: expected a configuration file' $log" 10
true_that "and the one in use is kept" lab_wait "grep -q 'keeping the one in use' $log" 5
look
true_that "all is served as before" both_back
descriptors 1024
lab_signal "$agent_pid" HUP
true_that "with descriptors it is read" lab_wait "grep -q 'read again: 4 targets' $log" 10
# Whoever is refused opens a new socket, and so do these two: those they had were numbered higher.
descriptors "$few"
true_that "no descriptor for a new socket: the log says so" \
	lab_wait "grep -q 'target t4.*no memory or descriptors left' $log" $((SILENT_MS / 1000))
# Long enough for them to try again: the connection's descriptor is not for them.
kill_snmpd $((3 * INTERVAL))
for _ in 1 2 3 4; do
	look
	sleep 0.5
done
back_ms=$(back_after both_back "$BACK_MS")
over "descriptors exhausted" "2, and snmpd killed meanwhile" "$back_ms" "$BACK_MS"
descriptors 1024
LAB_SIM_LISTEN=127.0.0.1:$late_port
lab_sim_start "$LAB_DIR/late" --dialect ntporg
true_that "with descriptors again all targets are up" lab_wait late_back $((SILENT_MS / 1000))
configure
lab_signal "$agent_pid" HUP
true_that "without those targets it has none too many" \
	lab_wait "[ \$(find /proc/$agent_pid/fd -type l | wc -l) -le $in_use ]" 10
echo "# descriptors before and after: $in_use and $(find "/proc/$agent_pid/fd" -type l | wc -l)"

# --- in the end --------------------------------------------------------------------------------

elsewhere_end
agent_stop
is "it ends well" "$agent_code" 0
finish
