# SPDX-License-Identifier: BSD-2-Clause
# What the tests of integrations share: the daemons that a consumer is shown. To be sourced after
# lab.sh and agent.sh.
# shellcheck shell=sh

# shellcheck disable=SC2034 # for the tests
INTEGRATIONS=$srcdir/conf/integrations

# needs TOOL...: skips where a consumer is not installed
needs() {
	for tool in "$@"; do
		command -v "$tool" >/dev/null || lab_skip "no $tool here"
	done
}

OFFSET_MS=-12.345
SEEN_WITHIN=30 # seconds

# scene_daemon: the daemon of the target "local", whose clock is OFFSET_MS off
scene_daemon() {
	rm -f "$LAB_DIR/sim/control"
	lab_sim_start "$LAB_DIR/sim" --dialect ntporg --frozen --control "$LAB_DIR/sim/control" \
		--recording "$srcdir/tests/recordings/ntpd-4.2.8p15-client.txt"
	"$SIMSAY" "$LAB_DIR/sim/control" "set 0 offset $OFFSET_MS" >/dev/null
}

# scene: an agent with the targets "local", a daemon as it was recorded, and "gone", where none is;
# snmpd's port in $port, the modules with all that they import in $mibs. Notifications go to
# $trap_port, when that is set.
scene() {
	lab_tools snmpd
	scene_daemon
	port=$(lab_free_udp_port)
	lab_snmpd_start "$LAB_DIR/a" "$port" ${trap_port:+"trap2sink 127.0.0.1:$trap_port public"}
	agent_start "$LAB_DIR/a" "target local 127.0.0.1 port $LAB_SIM_PORT interval 1" \
		"target gone 127.0.0.1 port $(lab_free_udp_port) interval 1"
	root=.$(sed -n 's/^ENTERPRISE_OID = //p' "$top_builddir/Makefile").1
	lab_wait "[ \"\$(value 1.4.1.1.23.\$(row local))\" = -12345 ] && [ \"\$(health gone)\" = 3 ]" 20 || lab_fail "nothing is served"
	mibs=$LAB_DIR/mibs
	mkdir -p "$mibs"
	cp "$srcdir"/tests/mibs/*.txt "$srcdir/mibs/NTPv4-MIB.txt" "$top_builddir"/mibs/*.txt "$mibs"
}

# value OID: of the private module, by numbers behind its root
value() {
	MIBS='' snmpget -v2c -c public -r 1 -t 2 -Oqvt "127.0.0.1:$port" "$root.$1" 2>/dev/null
}

# row NAME: the index of a target
row() {
	printf '%s' "$1" | od -An -v -tu1 | awk '{ out = NF; for (i = 1; i <= NF; i++) out = out "." $i; print out }'
}
health() {
	value "1.3.1.1.1.$(row "$1")"
}

# no_sources: the numbers of the kinds of associations to which nobody answers, in the module's order
no_sources() {
	sed -n '/^NtpAgentxPeerKind /,/^ *}/s/^ *\([A-Za-z]*\)(\([0-9]*\)).*/\1 \2/p' "$top_builddir/mibs/NTP-AGENTX-MIB.txt" |
		sed -n 's/^broadcastServer //p; s/^multicastServer //p; s/^manycastClient //p; s/^pool //p'
}

# becomes WHAT COMMAND EXPECTED: what the command prints, which a consumer that asks in its own time
# may know only later
becomes() {
	becomes__expected=$3
	lab_wait "becomes__got=\$($2); [ \"\$becomes__got\" = \"\$becomes__expected\" ]" "$SEEN_WITHIN"
	is "$1" "$becomes__got" "$3"
}
