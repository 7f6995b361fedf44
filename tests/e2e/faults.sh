# SPDX-License-Identifier: BSD-2-Clause
# Functions for tests that inject faults and keep account of what that did. To be sourced
# after agent.sh; $port is snmpd's.
# shellcheck shell=sh
# shellcheck disable=SC2154 # $port is the caller's

FAULT_SEED=${FAULT_SEED:-5907}
ELSEWHERE_S=1 # a GET that is not answered in that time was blocked

# now_ms: since boot
now_ms() {
	awk '{ printf "%d\n", $1 * 1000 }' /proc/uptime
}

# elsewhere_start: from now on asks for an object of snmpd's own, all the time
elsewhere_start() {
	: >"$LAB_DIR/elsewhere.asked"
	: >"$LAB_DIR/elsewhere.lost"
	rm -f "$LAB_DIR/elsewhere.end"
	{
		while [ ! -e "$LAB_DIR/elsewhere.end" ]; do
			if [ -e "$LAB_DIR/elsewhere.pause" ]; then
				: >"$LAB_DIR/elsewhere.paused"
				sleep 0.05
				continue
			fi
			echo >>"$LAB_DIR/elsewhere.asked"
			MIBS='' snmpget -v2c -c public -r0 -t"$ELSEWHERE_S" "127.0.0.1:$port" "$SYSUPTIME" \
				>/dev/null 2>>"$LAB_DIR/elsewhere.lost"
			sleep 0.05
		done
	} &
	lab_own $!
	elsewhere_pid=$!
}

# elsewhere_pause, elsewhere_resume: while there is no snmpd
elsewhere_pause() {
	rm -f "$LAB_DIR/elsewhere.paused"
	: >"$LAB_DIR/elsewhere.pause"
	lab_wait "[ -e $LAB_DIR/elsewhere.paused ]" 10
}
elsewhere_resume() {
	rm -f "$LAB_DIR/elsewhere.pause"
}

elsewhere_end() {
	: >"$LAB_DIR/elsewhere.end"
	wait "$elsewhere_pid" 2>/dev/null
	echo "# GETs elsewhere: $(wc -l <"$LAB_DIR/elsewhere.asked") asked," \
		"$(wc -l <"$LAB_DIR/elsewhere.lost") not answered in $ELSEWHERE_S s"
	between "GETs elsewhere were asked" "$(wc -l <"$LAB_DIR/elsewhere.asked")" 20 1000000
	is "each was answered in $ELSEWHERE_S s" "$(cat "$LAB_DIR/elsewhere.lost")" ""
}

# account FAULT INJECTED LOOKS WRONG BACK_MS: a line of the table in doc/RELIABILITY.md
account() {
	echo "# | $1 | $2 | $3 | $4 | $5 |"
}

# back_after COMMAND MS: how long until it succeeds, in milliseconds, or -1 when that takes longer than MS
back_after() {
	back_began=$(now_ms)
	until eval "$1"; do
		if [ $(($(now_ms) - back_began)) -gt "$2" ]; then
			echo -1
			return
		fi
		sleep 0.1
	done
	echo $(($(now_ms) - back_began))
}
