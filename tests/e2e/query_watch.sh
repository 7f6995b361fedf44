#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# watch against a simulated daemon: what changes is marked or told, silence ends, an interrupt ends
# it, a thousand associations; and names of addresses.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/query.sh"

lab_dir
lab_sim_start "$LAB_DIR/sim" --dialect ntporg --associations 4 --seed 1 --control "$LAB_DIR/sim/control"
host=127.0.0.1:$LAB_SIM_PORT
file=$LAB_DIR/watch.txt

say() {
	"$SIMSAY" "$LAB_DIR/sim/control" "$*" >/dev/null
}

# watch ARGUMENT...: in the background, into $file, until watch_end.
watch() {
	# The file is there before anybody looks into it.
	: >"$file"
	lab_spawn "$file" "$QUERY" "$@" "$host"
	watch_pid=$LAB_PID
}

# told WHAT PATTERN [TIMES]: such a line comes, soon.
told() {
	if lab_wait "[ \$(grep -Ec -e '$2' $file) -ge ${3:-1} ]" 15; then
		ok "$1"
	else
		not_ok "$1: no line '$2' in: $(tail -n 12 "$file")"
	fi
}

# watch_end: by an interrupt; its exit code is in $code.
watch_end() {
	kill -INT "$watch_pid"
	wait "$watch_pid" && code=0 || code=$?
	out=$(cat "$file")
}

time='^20[0-9-]+T[0-9:]+Z'

# Events, one after the other.
watch -n -c 'timeout 400' -c 'watch 1 events'
told "it begins" "$time $host: watching: 4 associations, stratum 2, system peer 198\.18\.0\.1\$"
say status 20002 9514
told "the selection" "$time 198\.18\.0\.2 \(20002\): selection candidate -> backup\$"
say status 20003 943d
told "events of a status word" "$time 198\.18\.0\.3 \(20003\): event: popcorn, 3 times\$"
say reach off 2 1
told "unreachable" "$time 198\.18\.0\.3 \(20003\): unreachable\$"
say reach on 2 1
told "reachable" "$time 198\.18\.0\.3 \(20003\): reachable\$"
say remove 20004
told "gone" "$time 198\.18\.0\.4 \(20004\): gone\$"
say add 777 9014 srcadr=192.0.2.7 stratum=3
told "appeared" "$time 192\.0\.2\.7 \(777\): appeared\$"
say reach off 0 1
told "the system peer" "$time $host: system peer 198\.18\.0\.1 -> "
told "the stratum" "$time $host: stratum 2 -> 16\$"
told "the leap indicator" "$time $host: leap leap_none -> leap_alarm\$"
say reach on 0 1
say silence on
told "silent" "$time $host: silent: no answer\$"
say silence off
told "back" "$time $host: answers: again after [0-9]+ s\$"
lab_wait 'false' 3 # the daemon is some seconds old
say restart
told "restarted" "$time $host: restarted\$"
watch_end
is "an interrupt ends it well" "$code" 0
is "silence is told once" "$(grep -c ': silent: ' "$file")" 1
is "nothing else came and went" "$(grep -Ec ': (appeared|gone)$' "$file")" 2
is "every line has its time" "$(grep -v 'given up after' "$file" | grep -Evc "$time ")" 0

# The billboard, one below the other.
id=$("$SIMSAY" "$LAB_DIR/sim/control" list | tr ' ' '\n' | awk -F: '$2 ~ /^9/ { print $1; exit }')
watch -n -c 'timeout 400' -c 'watch 1'
told "the system is above it" "$time $host: stratum [0-9]+, leap_[a-z]+, system peer .*, offset .* ms\$"
told "nothing is marked at first" '^ .198\.18\.0\.2 .* 64 +377 +[0-9.]+ +'
say set "$id" stratum 5
told "a changed cell" '^..[0-9.]+ .* 5!u '
say status "$id" 9114
told "a changed tally" '^!x[0-9.]+ '
say add 778 9014 srcadr=192.0.2.8 stratum=3
told "a new association" '^\+.192\.0\.2\.8 '
say remove 778
told "one that went" '^gone: 192\.0\.2\.8 \(778\)$'
say silence on
told "silence" "$time $host: no answer since 20"
say silence off
told "and an answer after it" "$time $host: stratum" 7
watch_end
is "the billboard: an interrupt ends it well" "$code" 0
mute "no control characters in a file" "$(printf '\033')"

# Ends by itself; JSON; what is wrong.
ask -nc 'watch 1 billboard 2' "$host"
is "a count: exit code" "$code$err" 0
is "a count" "$(printf '%s\n' "$out" | grep -Ec "$time")" 2
ask -n watch --interval 1 --count 2 --events "$host"
is "as an operand" "$code $(printf '%s\n' "$out" | grep -Ec "$time.*watching")" "0 1"
ask -n --json watch --interval 1 --count 2 "$host"
is "JSON: an object for each reading" "$(printf '%s\n' "$out" | grep -c '^{"host": .*"system": {.*"peers": \[.*}$')" 2
says "JSON: what changed" '"new": false, "changed": \['
ask -n --json watch --count 1 --events "$host"
says "JSON: an event" '^\{"host": "127[^"]*", "command": "watch", "time": "20[^"]*", "event": "watching"'
if command -v python3 >/dev/null; then
	ask -n --json -c 'watch 1 2' -c 'watch 1 1 events' -c 'watch soon' -c pe "$host"
	# shellcheck disable=SC2016 # the inner shell's own argument
	true_that "JSON: each line is an object" sh -c 'printf "%s\n" "$1" | python3 -c "import json,sys
assert len([json.loads(line) for line in sys.stdin]) == 5"' - "$out"
fi
ask -c 'watch 0' "$host"
ends "a wrong interval" 1 "watch: '0' is none of: seconds"
ask -c 'watch soon' "$host"
ends "a wrong word" 1 "'soon'"
ask -c 'watch 1 2 3' "$host"
ends "a number too many" 1 "'3'"
ask -c 'watch 1 1' 127.0.0.1:9
is "nobody listens: exit code" "$code" 3
says "nobody listens" "127\.0\.0\.1:9: nobody listens there since 20"
if [ -w /dev/full ]; then
	"$QUERY" -c 'watch 1 100' "$host" >/dev/full 2>"$LAB_DIR/query.err" && code=0 || code=$?
	is "a full disk ends it" "$code" 4
fi

# Names: the daemon's own, then the one an address has, then the address.
say add 779 9014 srcadr=127.0.0.1 stratum=3
say set 777 srchost 'given.example'
ask -c lpe "$host"
if getent hosts 127.0.0.1 | grep -qw localhost; then
	says "an address by its name" '^.localhost +'
fi
ask -n -c lpe "$host"
says "-n: by its address" '^.127\.0\.0\.1 +'
ask -c 'hostnames no' -c lpe "$host"
says "hostnames no: by its address" '^.127\.0\.0\.1 +'
ask --json -c lpe "$host"
says "JSON has the address" '"remote": "127\.0\.0\.1", "host": ("localhost"|null)'
ask --json -n -c lpe "$host"
says "and without names nothing else" '"remote": "127\.0\.0\.1", "host": null'

# A resolver that does not answer costs a bounded time, and does not hold up the end: a name server
# that is none, in namespaces of its own.
if unshare -rnm true 2>/dev/null; then
	printf 'nameserver 127.0.0.1\n' >"$LAB_DIR/resolv.conf"
	cat >"$LAB_DIR/slow.sh" <<-END
		ip link set lo up && mount --bind "$LAB_DIR/resolv.conf" /etc/resolv.conf || exit 77
		"$(lab_program ntpsim)" --listen 127.0.0.1:53 --associations 1 >/dev/null 2>&1 &
		dns=\$!
		"$(lab_program ntpsim)" --listen 127.0.0.1:123 --dialect ntporg --associations 60 >/dev/null 2>&1 &
		sim=\$!
		sleep 1
		date +%s%N
		"$QUERY" -p 127.0.0.1 | grep -c '198\.18\.0\.'
		date +%s%N
		kill "\$dns" "\$sim"
	END
	# shellcheck disable=SC2046 # three words
	set -- $(unshare -rnm sh "$LAB_DIR/slow.sh")
	if [ $# -eq 3 ]; then
		is "without a resolver, addresses are shown" "$2" 60
		between "without a resolver, ms it takes" "$((($3 - $1) / 1000000))" 1900 3500
	fi
fi

# A thousand associations.
lab_sim_start "$LAB_DIR/many" --dialect ntpsec --associations 1000 --seed 3 --control "$LAB_DIR/many/control"
host=127.0.0.1:$LAB_SIM_PORT
begun=$(lab_now)
ask -n watch --interval 1 --count 3 "$host"
between "a thousand: in time" "$(($(lab_now) - begun))" 2 20
is "a thousand, three times" "$(printf '%s\n' "$out" | grep -c '198\.18\.')" 3003
reachable=$("$SIMSAY" "$LAB_DIR/many/control" list | tr ' ' '\n' | grep -Ec ':[13579bdf]')
watch -n watch --interval 1 --events
told "a thousand are watched" 'watching: 1000 associations'
"$SIMSAY" "$LAB_DIR/many/control" "reach off 0 1000" >/dev/null
told "each of them is told" ': unreachable$' "$reachable"
watch_end
is "a thousand: exit code" "$code" 0
finish
