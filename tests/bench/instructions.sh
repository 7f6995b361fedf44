#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Instructions for one varbind served and for one association polled, counted by callgrind: they
# hardly vary, whatever else the machine does. What stands between two dumps is counted, and twice
# as much work is compared with once, so that what is spent once falls out.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"
. "$srcdir/tests/bench/bench.sh"

ASSOCIATIONS=40
CYCLES=20 # all groups of variables have had their turn by then
FEW=100
MANY=300
COUNT=$srcdir/tests/bench/callgrind.awk

lab_dir
lab_tools snmpd
for tool in valgrind callgrind_control; do
	command -v "$tool" >/dev/null || lab_skip "no $tool here"
done
bench_program snmpd "$SNMPD" -v
bench_program valgrind valgrind --version
mkdir -p "$BENCH_DIR"
PROGRAM_SNMPD=$SNMPD

# counted NAME DIR COMMAND...: under callgrind, its dumps in $LAB_DIR/NAME.N, with DIR for its
# Net-SNMP. Its id in $LAB_PID.
counted() {
	counted_name=$1
	counted_dir=$2
	shift 2
	mkdir -p "$counted_dir/$counted_name.state"
	lab_spawn "$LAB_DIR/$counted_name.log" env SNMPCONFPATH="$counted_dir" \
		SNMP_PERSISTENT_DIR="$counted_dir/$counted_name.state" valgrind --tool=callgrind \
		--callgrind-out-file="$LAB_DIR/$counted_name" "$@"
}

# counted_agent NAME DIR: ntp-agentxd so. Its id in $LAB_PID.
counted_agent() {
	counted "$1" "$2" "$AGENTD" -f -Le -C -c "$2/ntp-agentxd.conf" -x "$2/agentx"
}

# dump NAME PID: what was counted since the last time goes to a file, whose name is in $dumped.
dump() {
	callgrind_control -d "$2" >/dev/null 2>&1
	dumped=
	i=1
	while [ -e "$LAB_DIR/$1.$i" ]; do
		dumped=$LAB_DIR/$1.$i
		i=$((i + 1))
	done
	[ -n "$dumped" ] || lab_fail "callgrind wrote nothing: $1"
}

# dumped_total: how many instructions there are in it.
dumped_total() {
	awk -v total=1 -f "$COUNT" "$dumped"
}

# keep_profile FILE WHAT UNITS: the last dump as text beside the results.
keep_profile() {
	{
		printf '%s\n' "$2"
		awk -v per="$3" -f "$COUNT" "$dumped"
	} >"$BENCH_DIR/$1.txt"
}

# --- a varbind ----------------------------------------------------------------------------------

# walked MODE ROUNDS OID: by one manager, whose result is printed.
walked() {
	"$top_builddir/tests/bench/walker" "$2" "$1" "127.0.0.1:$port" public "$3" "$3" ||
		lab_fail "the walk failed"
}

# per_varbind NAME PID MODE OID: instructions of subagent and snmpd for each object that is
# served, and how many of these there are: in $subagent, $master and $objects.
per_varbind() {
	objects=$(bench_of objects "$(walked "$3" 1 "$4")")
	dump "$snmpd" "$snmpd_pid"
	dump "$1" "$2"
	walked "$3" 1 "$4" >/dev/null
	dump "$snmpd" "$snmpd_pid"
	once_master=$(dumped_total)
	dump "$1" "$2"
	once=$(dumped_total)
	walked "$3" 2 "$4" >/dev/null
	dump "$snmpd" "$snmpd_pid"
	twice_master=$(dumped_total)
	dump "$1" "$2"
	twice=$(dumped_total)
	# The walker takes the tree twice in each round.
	units=$((2 * objects))
	subagent=$(bench_calc "($twice - $once) / $units" %.0f)
	master=$(bench_calc "($twice_master - $once_master) / $units" %.0f)
}

# compare_varbind NAME WHAT MODE TABLE COPY: ours beside constants.
compare_varbind() {
	per_varbind "$agent" "$agent_pid" "$3" "$4"
	ours=$subagent
	ours_master=$master
	keep_profile "varbind_$1" "$2: one varbind served by ntp-agentxd" $((2 * units))
	constants=constants.$1
	counted "$constants" "$dir" "$top_builddir/tests/bench/constant" "$dir/agentx" \
		"127.0.0.1:$port" public "$4" "$5" "$dir/$constants.ready"
	constant_pid=$LAB_PID
	lab_wait "[ -s $dir/$constants.ready ]" 120 || lab_fail "no constant subagent"
	per_varbind "$constants" "$constant_pid" "$3" "$5"
	keep_profile "varbind_$1_constants" "$2: one varbind served from constants" $((2 * units))
	lab_end "$constant_pid"
	bench_report "instructions_varbind_$1" "$2; a: ntp-agentxd, b: constants" \
		"{\"objects\": $objects, \"a\": $ours, \"b\": $subagent, \"ratio\": $(bench_calc "$ours / $subagent"), \"snmpd_a\": $ours_master, \"snmpd_b\": $master, \"ratio_with_snmpd\": $(bench_calc "($ours + $ours_master) / ($subagent + $master)")}"
}

# start_all NAME ASSOCIATIONS: snmpd, a daemon, and the agent, all that is measured counted.
start_all() {
	dir=$LAB_DIR/$1.d
	agent=$1
	snmpd=$1.snmpd
	port=$(lab_free_udp_port)
	printf '#!/bin/sh\nexec valgrind --tool=callgrind --callgrind-out-file=%s "%s" "$@"\n' \
		"$LAB_DIR/$snmpd" "$PROGRAM_SNMPD" >"$LAB_DIR/snmpd.sh"
	chmod 0755 "$LAB_DIR/snmpd.sh"
	SNMPD=$LAB_DIR/snmpd.sh
	lab_snmpd_start "$dir" "$port"
	snmpd_pid=$LAB_PID
	SNMPD=$PROGRAM_SNMPD
	lab_sim_start "$dir/sim" --dialect ntpsec --associations "$2" --seed 3 --frozen
	echo "target ntp 127.0.0.1 port $LAB_SIM_PORT interval 3600" >"$dir/ntp-agentxd.conf"
	counted_agent "$agent" "$dir"
	agent_pid=$LAB_PID
	lab_wait "[ \"\$(lab_snmp $dir bulkwalk -Oq $ROOT.3.1.1.2 2>/dev/null | wc -l)\" = $2 ]" 60 ||
		lab_fail "not served"
}

stop_all() {
	lab_end "$agent_pid"
	lab_snmpd_stop "$dir"
	lab_end "$(cat "$dir/sim/ntpsim.pid")"
}

varbinds() {
	start_all assoc "$ASSOCIATIONS"
	compare_varbind ntpv4 "ntpAssociationTable, GETBULK" bulk=50 "$ROOT.3" "$ENTERPRISE.99.3"
	stop_all
	# A row of ntpAgentxPeerTable has five times as many columns.
	start_all peers 10
	compare_varbind get "ntpAssociationTable, GET of one object" get=100 "$ROOT.3" \
		"$ENTERPRISE.99.3"
	compare_varbind agentx "ntpAgentxPeerTable, GETBULK" bulk=50 "$ENTERPRISE.1.1.7.1" \
		"$ENTERPRISE.99.1.7.1"
	stop_all
}

# --- an association -----------------------------------------------------------------------------

# is_settled DIR CYCLES: so many cycles have begun, and nothing is under way.
is_settled() {
	asked=$("$SIMSAY" "$1/control" stats)
	sleep 0.1
	[ "$("$SIMSAY" "$1/control" stats)" = "$asked" ] &&
		[ "$(sim_requests "$1" readstat)" -ge "$2" ]
}

# sent DIR: all requests that its daemon was sent.
sent() {
	"$SIMSAY" "$1/control" stats | tr ' ' '\n' | sed -n 's/.*=//p' | awk '{ n += $1 } END { print n + 0 }'
}

# start_polling NAME ASSOCIATIONS [OPTION]: an agent that asks a daemon once a second. Its id in
# $LAB_PID.
start_polling() {
	mkdir -p "$LAB_DIR/$1.d"
	lab_sim_start "$LAB_DIR/$1.d" --dialect ntpsec --associations "$2" --seed 3 \
		--control "$LAB_DIR/$1.d/control" ${3:+"$3"}
	echo "target ntp 127.0.0.1 port $LAB_SIM_PORT interval 1" >"$LAB_DIR/$1.d/ntp-agentxd.conf"
	cp "$LAB_DIR/polled/snmpd.port" "$LAB_DIR/$1.d/"
	ln -s ../polled/agentx "$LAB_DIR/$1.d/agentx"
	counted_agent "$1" "$LAB_DIR/$1.d"
}

# begin_count NAME PID, end_count NAME PID: what is counted between them: instructions and datagrams of
# a cycle, in $cost and $datagrams.
begin_count() {
	lab_wait "is_settled $LAB_DIR/$1.d 3" 60 || lab_fail "$1 does not poll"
	dump "$1" "$2"
	echo "$(sim_requests "$LAB_DIR/$1.d" readstat) $(sent "$LAB_DIR/$1.d")" >"$LAB_DIR/$1.begun"
}
end_count() {
	read -r begun begun_sent <"$LAB_DIR/$1.begun"
	lab_wait "is_settled $LAB_DIR/$1.d $((begun + CYCLES))" 120 || lab_fail "$1 does not poll on"
	dump "$1" "$2"
	cycles=$(($(sim_requests "$LAB_DIR/$1.d" readstat) - begun))
	cost=$(bench_calc "$(dumped_total) / $cycles" %.0f)
	datagrams=$(bench_calc "($(sent "$LAB_DIR/$1.d") - $begun_sent) / $cycles" %.2f)
}

# per_association NAME WHAT [OPTION]: two agents side by side, one with more to ask.
per_association() {
	start_polling "$1.few" "$FEW" ${3:+"$3"}
	few_pid=$LAB_PID
	start_polling "$1.many" "$MANY" ${3:+"$3"}
	many_pid=$LAB_PID
	begin_count "$1.few" "$few_pid"
	begin_count "$1.many" "$many_pid"
	end_count "$1.few" "$few_pid"
	few_cost=$cost
	few_datagrams=$datagrams
	end_count "$1.many" "$many_pid"
	keep_profile "poll_$1" "one of $MANY associations polled, $2" $((cycles * MANY))
	lab_end "$few_pid"
	lab_end "$many_pid"
	bench_report "instructions_poll_$1" "one association polled, $2, by cycles of $FEW and $MANY" \
		"{\"instructions\": $(bench_calc "($cost - $few_cost) / ($MANY - $FEW)" %.0f), \"cycle_of_$FEW\": $few_cost, \"cycle_of_$MANY\": $cost, \"datagrams_of_$FEW\": $few_datagrams, \"datagrams_of_$MANY\": $datagrams}"
}

polls() {
	lab_snmpd_start "$LAB_DIR/polled" "$(lab_free_udp_port)"
	per_association frozen "a daemon whose clocks and counters stand still" --frozen
	per_association running "a daemon whose clocks and counters run"
	lab_snmpd_stop "$LAB_DIR/polled"
}

for part in ${PARTS:-varbinds polls}; do
	"$part"
done
ok "counted"
finish
