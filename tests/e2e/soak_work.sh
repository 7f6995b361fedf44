# SPDX-License-Identifier: BSD-2-Clause
# What befalls the agent of the soak test, and who keeps it busy meanwhile. To be sourced after
# notices.sh and golden.sh; all of it is drawn from FAULT_SEED before it begins.
# shellcheck shell=sh

RECORDING=ntpd-4.2.8p15-client
ORGS="org1 org2 org3 org4 org5 org6 org7 org8 org9 org10"
SECS="sec1 sec2 sec3 sec4 sec5"
OTHERS="gold pushed pushed4 changed named"
WRITERS="org1 org2 org3 sec1 sec2"
BACK_S=5
ASSOCIATIONS=6

# --- the daemons -------------------------------------------------------------------------------

# sim_begin NAME: on the port it had before, if it had one
sim_begin() {
	LAB_SIM_LISTEN=127.0.0.1:$(cat "$LAB_DIR/$1.port" 2>/dev/null || echo 0)
	rm -f "$LAB_DIR/$1/control"
	case $1 in
	gold)
		lab_sim_start "$LAB_DIR/gold" --dialect ntporg --frozen \
			--recording "$srcdir/tests/recordings/$RECORDING.txt" --control "$LAB_DIR/gold/control"
		;;
	*)
		dialect=ntporg
		[ "$1" != sec ] || dialect=ntpsec
		lab_sim_start "$LAB_DIR/$1" --dialect "$dialect" --associations "$ASSOCIATIONS" --seed "$SEED" \
			--keys "$LAB_DIR/keys" --trusted 1 --controlkey 1 --dvar site=Ost --setvar owner=nobody,default \
			--control "$LAB_DIR/$1/control"
		say "$1" reach on 0 "$ASSOCIATIONS"
		;;
	esac
	echo "$LAB_SIM_PORT" >"$LAB_DIR/$1.port"
}

# sim_kill NAME: and it is there again at once
sim_kill() {
	lab_end "$(cat "$LAB_DIR/$1/ntpsim.pid")" KILL
	sim_begin "$1"
}

# line NAME SIM OPTION...: a target
line() {
	line_name=$1
	line_port=$(cat "$LAB_DIR/$2.port")
	shift 2
	echo "target $line_name 127.0.0.1 port $line_port interval 1 $*"
}

# configure LINE...: the targets that are always there, and these
stale=3
configure() {
	{
		echo "keyfile $LAB_DIR/keys"
		echo "reconnectInterval 1"
		line gold gold
		for name in $ORGS; do line "$name" org "write configure control-key 1"; done
		for name in $SECS; do line "$name" sec "write setvar control-key 1"; done
		line pushed org "push on control-key 1"
		line pushed4 org "push on control-key 1 interval 4"
		line changed sec "stale-after $stale"
		echo "target named localhost port $(cat "$LAB_DIR/org.port") family ipv4 interval 1"
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >"$dir/ntp-agentxd.conf"
}

# --- what befalls it ---------------------------------------------------------------------------

# plan SECONDS: lines "WHAT NUMBER PAUSE", more than there is time for; each kind once at first
KINDS="reach step offset leap assoc restart silence down fault kill_sim stop_snmpd kill_snmpd reload wrong"
N_KINDS=14
plan() {
	awk -v seed="$FAULT_SEED" -v seconds="$1" -v kinds="$KINDS" '
		function some(n) { return int(rand() * n) }
		BEGIN {
			srand(seed)
			for (n = split(kinds, kind, " "); n > 0; n--) {
				i = 1 + some(n)
				print kind[i], some(1000), 0.1
				kind[i] = kind[n]
			}
			n = split("reach reach reach reach reach reach reach reach reach reach reach reach step step " \
			    "offset offset offset leap leap assoc assoc assoc restart restart restart silence down " \
			    "fault kill_sim kill_sim stop_snmpd stop_snmpd kill_snmpd kill_snmpd reload reload " \
			    "reload reload wrong", what, " ")
			for (i = 0; i < 4 * seconds + 20; i++)
				print what[1 + some(n)], some(1000), some(9) / 10
		}'
}

# A word of a list by number: pick NUMBER WORD...
pick() {
	pick_n=$(($1 % ($# - 1) + 2))
	eval "echo \"\${$pick_n}\""
}

# in_context CONTEXT TOOL ARGUMENT...
in_context() {
	ask_as="$V3 -n $1"
	shift
	ask "$dir" "$@"
}

did() {
	echo "$1" >>"$LAB_DIR/did"
}

served() {
	case $(mode "$port") in
	[0-9]*) ;;
	*) return 1 ;;
	esac
}

snmpd_again() {
	lab_snmpd_again "$dir"
	lab_wait served "$BACK_S" || echo "$1" >>"$LAB_DIR/late"
}

do_reach() {
	say "$(pick "$1" org org sec)" reach "$(pick $(($1 / 7)) on off)" $(($1 % 4 + 1)) 1
}
do_step() { say org event 0 12; }
do_offset() { say "$(pick "$1" org sec)" set 0 offset "$(pick $(($1 / 2)) 0.5 60.0 -0.2 -75.0)"; }
do_leap() { say "$(pick "$1" org sec)" set 0 leap "$(pick $(($1 / 2)) 0 1 0 2)"; }
do_assoc() {
	# Either of the two is refused; which, depends on the one before.
	"$SIMSAY" "$LAB_DIR/org/control" "add $((30000 + $1 % 3)) f414" >"$LAB_DIR/org/said" ||
		"$SIMSAY" "$LAB_DIR/org/control" "remove $((30000 + $1 % 3))" >"$LAB_DIR/org/said"
}
do_restart() { say "$(pick "$1" org sec)" restart; }
do_silence() {
	say org silence on
	sleep 4
	say org silence off
}
do_down() {
	say sec down
	sleep 1.5
	say sec up
}
do_fault() {
	say org fault "$(pick "$1" duplicate reorder badseq garbage truncate bad-mac forge)"
	sleep 1
	say org fault off
}
do_kill_sim() { sim_kill "$(pick "$1" gold org sec)"; }
do_stop_snmpd() {
	lab_snmpd_stop "$dir"
	sleep "$(pick "$1" 0 0 0 2)"
	snmpd_again stopped
}
do_kill_snmpd() {
	lab_snmpd_kill "$dir"
	rm -f "$dir/agentx"
	snmpd_again killed
}
# Targets under names that were never there before, in contexts that were; or none of them.
fresh=0
do_reload() {
	stale=$((3 + $1 % 2))
	if [ $(($1 % 3)) -eq 0 ]; then
		configure
	else
		fresh=$((fresh + 1))
		configure "$(line "fresh$fresh" sec "context x$((fresh % 4))")" \
			"$(line "other$fresh" org "context y$((fresh % 4)) push on control-key 1")" \
			"target look$fresh localhost port $(cat "$LAB_DIR/sec.port") family ipv4 context z"
	fi
	lab_signal "$agent_pid" HUP
}
do_wrong() {
	configure "target nobody"
	lab_signal "$agent_pid" HUP
	sleep 0.3
}

# befall SECONDS: one after the other, but each kind at least, however long that takes
befall() {
	befall_end=$(($(lab_now) + $1))
	befell=0
	plan "$1" >"$LAB_DIR/plan"
	while { [ "$(lab_now)" -lt "$befall_end" ] || [ "$befell" -lt "$N_KINDS" ]; } &&
		read -r what number pause <&4; do
		befell=$((befell + 1))
		"do_$what" "$number"
		did "$what"
		sleep "$pause"
	done 4<"$LAB_DIR/plan"
}

# calm: everything as it was in the beginning
calm() {
	configure
	lab_signal "$agent_pid" HUP
	for name in org sec; do
		says "$name" "fault off" "silence off" up "reach on 0 $ASSOCIATIONS" "set 0 offset 0.5" "set 0 leap 0"
	done
	lab_wait all_well 60
}
all_well() {
	[ "$(of_agent 5)" = "$(of_agent 4)" ] && [ "$(of_agent 10)" = 0 ] && all_golden 1 "$RECORDING"
}

# --- who reads ---------------------------------------------------------------------------------

# What is wrong is a value that the daemon of the recording never had. A walk may end in an
# error when snmpd does: it says genErr then of what it has asked us and we cannot tell it any more.
reader() {
	while [ ! -e "$LAB_DIR/end" ]; do
		walked 1 >"$LAB_DIR/walked"
		wc -l <"$LAB_DIR/walked" >>"$LAB_DIR/read.golden"
		if ! no_lies; then
			grep '^?' "$LAB_DIR/lies" >>"$LAB_DIR/read.errors"
			grep -v '^?' "$LAB_DIR/lies" >>"$LAB_DIR/read.wrong"
		fi
		MIBS='' snmpbulkwalk -v2c -c public -r0 -t2 -On -Cr40 "127.0.0.1:$port" "$ENTERPRISE.1.1" \
			2>/dev/null | grep -c ' = ' >>"$LAB_DIR/read.all"
		# shellcheck disable=SC2086 # words
		in_context "$(pick "$(wc -l <"$LAB_DIR/read.all")" $ORGS $SECS x1 y1 z)" snmpwalk "$ROOT" |
			grep -c . >>"$LAB_DIR/read.context"
		sleep 3
	done
}

# --- who writes --------------------------------------------------------------------------------

# orders SECONDS: lines "WHAT TARGET VALUE"
orders() {
	awk -v seed="$((FAULT_SEED + 1))" -v seconds="$1" -v targets="$ORGS $SECS" -v writers="$WRITERS" '
		function some(n) { return int(rand() * n) }
		BEGIN {
			srand(seed)
			n_targets = split(targets, target, " ")
			n_writers = split(writers, writer, " ")
			n = split("switches outside inside sources hold hold test refresh heart bits variable " \
			    "variable command command wrong", what, " ")
			split("FFF8 7FF8 7FF8 4000 0000", switches, " ")
			split("7F00 7F80 7F80 0000", bits, " ")
			for (i = 0; i < 40 * seconds + 100; i++) {
				w = what[1 + some(n)]
				to = target[1 + some(n_targets)]
				value = 2
				if (w == "switches") value = switches[1 + some(5)]
				if (w == "bits") value = bits[1 + some(4)]
				if (w == "outside") value = 10000 * (1 + some(8))
				if (w == "inside") value = 1000 * (1 + some(9))
				if (w == "sources" || w == "hold") value = some(3)
				if (w == "heart") value = 1 + some(20)
				if (w == "variable" || w == "command") {
					to = writer[1 + some(n_writers)]
					value = 1 + some(9)
				}
				print w, to, value
			}
		}'
}

# set_plain ARGUMENT...: as quick as a SET can be had from a shell
set_plain() {
	MIBS='' snmpset -v2c -c private -r0 -t2 -On "127.0.0.1:$port" "$@"
}

# order WHAT TARGET VALUE
order() {
	eval "at=\$index_$2"
	notify=$ENTERPRISE.1.1.12.1.1
	case $1 in
	switches) set_plain "$notify.1.$at" x "$3" ;;
	outside) set_plain "$notify.2.$at" u "$3" ;;
	inside) set_plain "$notify.3.$at" u "$3" ;;
	sources) set_plain "$notify.4.$at" u "$3" ;;
	hold) set_plain "$notify.5.$at" u "$3" ;;
	test) set_plain "$notify.6.$at" i 2 ;;
	refresh) set_plain "$ENTERPRISE.1.1.2.1.1.9.$at" i 2 ;;
	heart) in_context "$2" snmpset "$ROOT.4.1.0" u "$3" ;;
	bits) in_context "$2" snmpset "$ROOT.4.2.0" x "$3" ;;
	variable)
		case $2 in
		org*) set_plain "$VARS.3.$at.0.$index_site" s "value $3" ;;
		*) set_plain "$VARS.3.$at.0.$index_owner" s "value $3" ;;
		esac
		;;
	command) set_plain "$CONFIGS.1.$at" s "$(pick "$3" server unpeer) 192.0.2.$((1 + $3 / 2))" ;;
	wrong) set_plain "$notify.3.$at" u 77 "$notify.5.$at" u 99999 ;;
	esac
}
for name in $ORGS $SECS site owner; do
	eval "index_$name=$(text_index "$name")"
done

# What was set last of each, as far as that is known.
writer() {
	mkdir -p "$LAB_DIR/last"
	while [ ! -e "$LAB_DIR/end" ] && read -r what target value <&5; do
		if order "$what" "$target" "$value" >"$LAB_DIR/set.out" 2>&1; then
			echo "$value" >"$LAB_DIR/last/$what.$target"
			echo "$what" >>"$LAB_DIR/set.done"
		elif grep -qi 'timeout' "$LAB_DIR/set.out"; then
			rm -f "$LAB_DIR/last/$what.$target"
			echo "$what" >>"$LAB_DIR/set.lost"
		elif grep -q '^Reason: ' "$LAB_DIR/set.out"; then
			sed -n "s/^Reason: /$what /p" "$LAB_DIR/set.out" >>"$LAB_DIR/set.refused"
		else
			tr '\n' ' ' <"$LAB_DIR/set.out" >>"$LAB_DIR/set.broken"
		fi
		sleep 0.02
	done 5<"$LAB_DIR/orders"
}

# forgotten: what a manager set, and was told to be so, and is not
forgotten() {
	for forgotten_file in "$LAB_DIR"/last/*; do
		target=${forgotten_file##*.}
		value=$(cat "$forgotten_file")
		forgotten_what=${forgotten_file##*/}
		case ${forgotten_what%.*} in
		switches) is_now=$(notify_get "$dir" 1 "$target" | tr -d '" ') ;;
		outside) is_now=$(notify_get "$dir" 2 "$target") ;;
		inside) is_now=$(notify_get "$dir" 3 "$target") ;;
		sources) is_now=$(notify_get "$dir" 4 "$target") ;;
		hold) is_now=$(notify_get "$dir" 5 "$target") ;;
		heart) is_now=$(in_context "$target" snmpget "$ROOT.4.1.0") ;;
		bits) is_now=$(in_context "$target" snmpget "$ROOT.4.2.0" | tr -d '" ') ;;
		*) continue ;;
		esac
		[ "$is_now" = "$value" ] || echo "$forgotten_what was $value, is $is_now"
	done
}
