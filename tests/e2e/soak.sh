#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# An accelerated day: twenty targets asked each second while their daemons are killed, restarted,
# silenced and disturbed, snmpd comes and goes, the configuration changes, managers read and write
# all the time and a trap receiver listens. Memory and descriptors stay flat, what was set stays,
# no notification is lost or told twice, nothing wrong is served. SOAK_S seconds; FAULT_SEED
# repeats what happens.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"
. "$srcdir/tests/e2e/traps.sh"
. "$srcdir/tests/e2e/notices.sh"
. "$srcdir/tests/e2e/golden.sh"
. "$srcdir/tests/e2e/faults.sh"
. "$srcdir/tests/e2e/soak_work.sh"

SOAK_S=${SOAK_S:-20}
SAMPLES=120
GROWTH_KB=512 # noise of the allocator; lost in each cycle, 1 KB is seen in a minute, 50 octets in twenty
[ "$SOAK_S" -ge 120 ] || GROWTH_KB=1024 # that is hardly more than the time in which it grows to its size
QUIET_S=4     # above the longest hold that is set, and two polls

# grew FILE: the numbers of flatness.awk
grew() {
	awk -f "$srcdir/tests/e2e/flatness.awk" "$1"
}
# is_flat FILE: neither the medians nor the line say that it grows
is_flat() {
	grew "$1" | awk -v max="$GROWTH_KB" 'NF != 7 || $6 > max || $7 > max { exit 1 }'
}

# Whoever measures is measured: what grows by a little all the time is seen, a jump in the
# beginning and noise are not taken for it.
lab_dir
seq 200 | awk '{ print $1, 9000 + ($1 > 20) * 3000 + ($1 * 7919) % 200 }' >"$LAB_DIR/steady"
seq 200 | awk -v g="$GROWTH_KB" '{ print $1, 9000 + $1 * g / 80 + ($1 * 7919) % 200 }' >"$LAB_DIR/leak"
seq 200 | awk -v g="$GROWTH_KB" '{ print $1, 9000 + ($1 > 120) * g * 1.2 }' >"$LAB_DIR/jump"
true_that "what only jumps in the beginning is flat" is_flat "$LAB_DIR/steady"
for leak in leak jump; do
	true_that "a $leak is not" eval "! is_flat $LAB_DIR/$leak"
done

# --- all parts ---------------------------------------------------------------------------------

lab_tools snmpd snmptrapd
sims_start
port=$(lab_free_udp_port)
for name in gold org sec; do sim_begin "$name"; done
lab_snmpd_start "$dir" "$port" "trap2sink 127.0.0.1:$trap_port public"
configure
golden "$RECORDING" >"$LAB_DIR/golden"
agent_start "$dir"

# arrived_all: of both modules, each with the time it happened
arrived_all() {
	traps_of .1.3.6.1.2.1.197.0 .1.3.6.1.2.1.197.1 2.9.0
	arrived v2c date | sed 's/^/standard /'
	traps_of "$ENTERPRISE.1.0" "$ENTERPRISE.1.1.13" 2.0
	arrived v2c date | sed 's/^/own /'
}
descriptors() {
	find "/proc/$agent_pid/fd" -mindepth 1 | wc -l | tr -d ' '
}
threads() {
	sed -n 's/^Threads:[[:space:]]*//p' "/proc/$agent_pid/status"
}
# of_targets COLUMN: the sum
of_targets() {
	lab_snmp "$dir" bulkwalk -Oqv "$ENTERPRISE.1.1.2.1.1.$1" | awk '{ n += $1 } END { printf "%d\n", n }'
}
# cpu_ms: what the agent has had
cpu_ms() {
	sed 's/^.*) //' "/proc/$agent_pid/stat" |
		awk -v hz="$(getconf CLK_TCK)" '{ printf "%d\n", ($12 + $13) * 1000 / hz }'
}
# sampler: seconds, anonymous and all resident memory, descriptors
sampler() {
	every=$(awk -v s="$SOAK_S" -v n="$SAMPLES" 'BEGIN { print (s > n ? s / n : 1) }')
	while [ ! -e "$LAB_DIR/end" ]; do
		awk -v at="$(now_ms)" -v fds="$(descriptors)" '
			$1 == "RssAnon:" { anon = $2 }
			$1 == "VmRSS:" { rss = $2 }
			END { print at / 1000, anon, rss, fds }' "/proc/$agent_pid/status" >>"$LAB_DIR/samples"
		sleep "$every"
	done
}

true_that "all is well in the beginning" lab_wait all_well 60
for name in $ORGS $SECS $OTHERS; do
	notify_set "$dir" 5 "$name" u 1
done
sleep "$QUIET_S"
fds=$(descriptors)
threads=$(threads)
orders "$SOAK_S" >"$LAB_DIR/orders"
for file in did late read.golden read.wrong read.errors read.all read.context set.done set.lost set.refused set.broken; do
	: >"$LAB_DIR/$file"
done
polls_before=$(of_targets 19)
cpu_before=$(cpu_ms)
began=$(now_ms)
workers=
for worker in sampler reader writer; do
	"$worker" &
	lab_own $!
	workers="$workers $!"
done

# --- the day -----------------------------------------------------------------------------------

befall "$SOAK_S"
: >"$LAB_DIR/end"
# shellcheck disable=SC2086 # process ids
wait $workers
lasted=$(($(now_ms) - began))
cpu=$(($(cpu_ms) - cpu_before))

# --- in the end --------------------------------------------------------------------------------

true_that "all is well in the end" calm
sleep "$QUIET_S"
polls=$(($(of_targets 19) - polls_before))
lines() {
	wc -l <"$1" | tr -d ' '
}
total() {
	awk '{ n += $1 } END { print n + 0 }' "$1"
}
echo "# $((lasted / 1000)) s, seed $FAULT_SEED, processor $cpu ms"
echo "# polls $polls, quick ones $(of_targets 27), failed $(of_targets 20), restarts seen $(of_targets 21)," \
	"requests $(of_targets 13)"
echo "# befell it: $(sort "$LAB_DIR/did" | uniq -c | awk '{ printf "%s%s %d", n++ ? ", " : "", $2, $1 }')"
echo "# SETs: done $(lines "$LAB_DIR/set.done"), refused $(lines "$LAB_DIR/set.refused")," \
	"not answered $(lines "$LAB_DIR/set.lost")"
echo "# walks: $(lines "$LAB_DIR/read.golden") of NTPv4-MIB, $(lines "$LAB_DIR/read.all") of NTP-AGENTX-MIB," \
	"$(lines "$LAB_DIR/read.context") of contexts; objects" \
	"$(($(total "$LAB_DIR/read.golden") + $(total "$LAB_DIR/read.all") + $(total "$LAB_DIR/read.context")))"

# Half of what would be if nothing happened: who was silent is asked slowly at first.
between "polls" "$polls" $((SOAK_S * 20 / 2)) 10000000
between "SETs done" "$(lines "$LAB_DIR/set.done")" $((SOAK_S / 2)) 10000000
is "back within $BACK_S s of each end of snmpd" "$(cat "$LAB_DIR/late")" ""
is "nothing wrong was served" "$(cat "$LAB_DIR/read.wrong")" ""
between "walks that ended in an error" "$(lines "$LAB_DIR/read.errors")" 0 "$(grep -c snmpd "$LAB_DIR/did")"
is "each SET was answered as it should be, or not at all" "$(head -c 500 "$LAB_DIR/set.broken")" ""
echo "# refused: $(sed 's/ (.*//' "$LAB_DIR/set.refused" | sort | uniq -c | awk '{ printf "%s%s", n++ ? ", " : "", $0 }' | tr -s ' ')"
is "no SET that is wrong was done" "$(grep -c wrong "$LAB_DIR/set.done")" 0
is "what was set stays" "$(forgotten)" ""
golden_now() {
	all_golden 1 "$RECORDING" && no_lies
}
true_that "golden values in the end" golden_now

# --- notifications -----------------------------------------------------------------------------

# account_for: what has arrived and what the agent has counted, of one moment
account_for() {
	queued=$(of_agent 6)
	arrived_all >"$LAB_DIR/arrived"
	for name in $ORGS $SECS gold pushed pushed4 named; do
		echo "$name $(notify_get "$dir" 7 "$name") $(grep -c "^own .* 1\.0=$name;" "$LAB_DIR/arrived")"
	done >"$LAB_DIR/raised"
	sent=$(of_agent 7) dropped=$(of_agent 8) repeated=$(of_agent 9)
	[ "$(of_agent 6)" = "$queued" ] && [ "$sent" = "$queued" ]
}

# Without heartbeats there is such a moment.
for name in $ORGS $SECS; do
	order bits "$name" 7F00 >"$LAB_DIR/set.out" 2>&1 || lab_fail "the heartbeat of $name: $(cat "$LAB_DIR/set.out")"
done
sleep "$QUIET_S"
true_that "each that was raised was taken" lab_wait account_for 30
echo "# notifications: raised $queued, taken $sent, lost $dropped, repeated $repeated, arrived $(lines "$LAB_DIR/arrived")"
is "none was dropped" "$dropped" 0
# snmpd may have passed one on and have died before it said so.
between "each arrived, and twice at most what was repeated" "$(lines "$LAB_DIR/arrived")" "$sent" $((sent + repeated))
is "the same of each target that was there all the time" "$(awk -v more="$repeated" '$3 < $2 || $3 > $2 + more' "$LAB_DIR/raised")" ""

# --- memory, descriptors -----------------------------------------------------------------------

awk '{ print $1, $2 }' "$LAB_DIR/samples" >"$LAB_DIR/anon"
echo "# memory, kB: samples, first, last, second quarter, last quarter, growth, climb of the line:" \
	"$(grew "$LAB_DIR/anon")"
if grep -q __asan_init "$AGENTD" || grep -q __tsan_init "$AGENTD"; then
	echo "# memory is not judged: a sanitizer keeps what is freed"
else
	true_that "memory is flat" is_flat "$LAB_DIR/anon"
fi
echo "# descriptors: $fds before, at most $(awk '$4 > m { m = $4 } END { print m }' "$LAB_DIR/samples"), $(descriptors) after"
is "descriptors as before" "$(descriptors)" "$fds"
is "threads as before" "$(threads)" "$threads"
[ -z "${SOAK_SAMPLES:-}" ] || cp "$LAB_DIR/samples" "$SOAK_SAMPLES"
agent_stop
is "exit code after SIGTERM" "$agent_code" 0
finish
