#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What can go wrong when a daemon is written to, with a simulated one that checks every code octet
# by octet and can lie, forget, store something else and die: the SNMP error, the row, and what
# the daemon holds afterwards. And that a SET that waits holds up nothing for long.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"

lab_dir
lab_tools snmpd
dir=$LAB_DIR/agent
mkdir -p "$dir"
keys=$LAB_DIR/keys
agent_keys=$LAB_DIR/agent.keys
printf '%s\n' '1 SHA256 the-right-secret' '2 MD5 untrusted' '3 AES128CMAC 000102030405060708090a0b0c0d0e0f' \
	>"$keys"
printf '%s\n' '1 SHA256 the-right-secret' '2 MD5 untrusted' '3 AES128CMAC 000102030405060708090a0b0c0d0e0f' \
	'4 SHA1 unknown-there' '5 SHA256 another-secret' >"$agent_keys"
chmod 0600 "$keys" "$agent_keys"

# sim NAME DIALECT OPTION...: a daemon, its control socket at $LAB_DIR/NAME/control.
sim() {
	sim_name=$1
	sim_dialect=$2
	shift 2
	lab_sim_start "$LAB_DIR/$sim_name" --dialect "$sim_dialect" --associations 3 --seed 7 \
		--keys "$keys" --trusted 1,3 --controlkey 1 \
		--dvar site=Ost --var room=12 --setvar owner=nobody,default --setvar hidden=x \
		--control "$LAB_DIR/$sim_name/control" "$@"
}

# say NAME COMMAND...
say() {
	say_name=$1
	shift
	"$SIMSAY" "$LAB_DIR/$say_name/control" "$*"
}

# holds NAME VARIABLE: what the daemon holds, whatever it answers.
holds() {
	say "$1" var "$2" | sed 's/^ok [^ ]* *//'
}

# result NAME VARIABLE [ASSOCIATION]
result() {
	value "$dir" "$(write_of 1 "$1" "${3:-0}" "$2")"
}

# outcome WHAT TARGET VARIABLE RESULT TEXT: the row and the daemon.
outcome() {
	is "$1: the row" "$(result "$2" "$3")" "$4"
	is "$1: the daemon" "$(holds "$2" "$3")" "$5"
}

V() {
	var 3 "$1" 0 "$2"
}

sim org ntporg
org_port=$LAB_SIM_PORT
sim sec ntpsec
sec_port=$LAB_SIM_PORT
sim new ntpsec-1.2.5
new_port=$LAB_SIM_PORT
lab_snmpd_start "$dir" "$(lab_free_udp_port)"

target() {
	echo "target $1 127.0.0.1 port $2 interval 1 stale-after 100 $3"
}

agent_start "$dir" "keyfile $agent_keys" \
	"$(target org "$org_port" "write variables control-key 1")" \
	"$(target sec "$sec_port" "write setvar control-key 1")" \
	"$(target new "$new_port" "write configure control-key 1")" \
	"$(target new-vars "$new_port" "write variables control-key 1")" \
	"$(target unknown "$org_port" "write variables control-key 4")" \
	"$(target wrong "$org_port" "write variables control-key 5")" \
	"$(target untrusted "$org_port" "write variables control-key 2")" \
	"$(target other "$org_port" "write variables control-key 3")" \
	"$(target conf "$org_port" "write configure control-key 1")" \
	"$(target off "$org_port" "")"
for name in org sec new new-vars unknown wrong untrusted other conf off; do
	true_that "$name answers" lab_wait "[ \"\$(value $dir $(target_state "$name"))\" = 2 ]" 20
done

# What goes well.
for name in org sec; do
	set_ok "$name: writevar" "$dir" "$(V $name site)" s "West 2"
	outcome "$name: writevar" $name site 1 "West 2"
	set_ok "$name: back" "$dir" "$(V $name site)" s Ost
	set_ok "$name: what is so already" "$dir" "$(V $name site)" s Ost
	outcome "$name: what is so already" $name site 2 Ost
done
for name in sec new; do
	set_ok "$name: setvar" "$dir" "$(V $name owner)" s "the owner"
	outcome "$name: setvar" $name owner 1 "the owner"
done
set_ok "two daemons at once" "$dir" "$(V org site)" s A "$(V sec site)" s B "$(V org room)" s C
is "all of it is there" "$(holds org site) $(holds sec site) $(holds org room)" "A B C"

# Keys.
for row in unknown:8 wrong:8 untrusted:8 other:9; do
	name=${row%:*}
	set_bad "$name key" "$dir" commitFailed "$(V "$name" site)" s X
	is "$name key: the row" "$(result "$name" site)" "${row#*:}"
	is "$name key: the daemon" "$(holds org site)" A
done
set_bad "writing is off" "$dir" notWritable "$(V off site)" s X
is "writing is off: the row" "$(result off site)" 5

# Variables and values.
set_bad "a variable that the daemon refuses" "$dir" commitFailed "$(V org owner)" s X
outcome "a variable that the daemon refuses" org owner 9 nobody
set_bad "a built-in variable" "$dir" notWritable "$(V org version)" s X
set_bad "a variable of an association" "$dir" notWritable "$(var 3 org 1 reach)" s 0
set_bad "an unknown variable" "$dir" noCreation "$(V org nothing)" s X
is "an unknown variable: the row" "$(result org nothing)" 13
set_bad "an unknown target" "$dir" noCreation "$(V nobody site)" s X
for text in 'a,b' 'a"b' 'a
b' ' a' 'a ' 'ä' 'a	b'; do
	set_bad "the value '$text'" "$dir" wrongValue "$(V org site)" s "$text"
	outcome "the value '$text'" org site 7 A
done
set_bad "a value that is too long" "$dir" wrongLength "$(V org site)" s "$(printf '%0128d' 0)"
outcome "a value that is too long" org site 7 A
set_bad "a daemon without writevar" "$dir" commitFailed "$(V new-vars site)" s X
is "a daemon without writevar: the row" "$(result new-vars site)" 11

# fault TARGET SPEC
fault() {
	say "$1" fault "$2" >/dev/null
}

# Answers that get lost, or lie.
fault org write-mute
set_ok "done, but not said" "$dir" "$(V org site)" s mute
outcome "done, but not said" org site 1 mute
fault org write-drop
set_bad "the request is lost" "$dir" commitFailed "$(V org site)" s drop
outcome "the request is lost" org site 21 mute
fault org write-lie
set_bad "said, but not done" "$dir" commitFailed "$(V org site)" s lie
outcome "said, but not done" org site 19 mute
fault org write-other=else,first=1
set_bad "something else is stored" "$dir" commitFailed "$(V org site)" s this
outcome "something else is stored" org site 20 mute
fault org write-other=else
set_bad "something else is stored each time" "$dir" undoFailed "$(V org site)" s this
is "something else each time: the row" "$(result org site)" 4
fault org off
set_ok "and again" "$dir" "$(V org site)" s A
fault org bad-mac
set_ok "an answer with a wrong code is not believed, the value is" "$dir" "$(V org site)" s B
outcome "a wrong code" org site 1 B
fault org no-mac
set_ok "nor is one without a code" "$dir" "$(V org site)" s A
fault org "no-mac;write-lie"
set_bad "a forged success" "$dir" commitFailed "$(V org site)" s forged
outcome "a forged success" org site 21 A
fault org off
set_ok "and again" "$dir" "$(V org site)" s B

# All or nothing.
set_bad "the second of three fails" "$dir" commitFailed \
	"$(V org site)" s 1 "$(V org owner)" s 2 "$(V org room)" s 3
outcome "the second of three fails" org site 3 B
is "the others are as before" "$(holds org owner) $(holds org room)" "nobody C"
set_bad "the other daemon fails" "$dir" commitFailed "$(V sec site)" s 1 "$(V org owner)" s 2
outcome "the other daemon fails" sec site 3 B
set_bad "the same variable twice, then a failure" "$dir" commitFailed \
	"$(V org site)" s 1 "$(V org site)" s 2 "$(V org owner)" s 3
is "the first value is back" "$(holds org site)" B
fault org write-die=2
set_bad "the daemon dies before it can be undone" "$dir" undoFailed \
	"$(V org site)" s 1 "$(V org room)" s 2
is "it is said which" "$(result org site 2>/dev/null)" 4
is "what stands" "$(holds org site)" 1
say org revive >/dev/null
fault org off
set_ok "and is mended when it is back" "$dir" "$(V org site)" s B "$(V org room)" s C

# A daemon that answers nobody: refused in time, whatever else is asked meanwhile.
say org silence on >/dev/null
(
	while [ ! -e "$LAB_DIR/enough" ]; do
		"$GETLAT" "127.0.0.1:$(cat "$dir/snmpd.port")" public $SYSUPTIME 100
	done >"$LAB_DIR/lat"
) &
getlat_pid=$!
set_bad "a silent daemon" "$dir" resourceUnavailable "$(V org site)" s X
set_bad "a silent daemon once more" "$dir" resourceUnavailable "$(V org site)" s X
: >"$LAB_DIR/enough"
wait "$getlat_pid"
between "meanwhile nobody waited long" \
	"$(awk '{ for (i = 1; i < NF; i++) if ($i == "slowest_us" && $(i + 1) > m) m = $(i + 1) } END { print m }' \
		"$LAB_DIR/lat")" 1 950000
say org silence off >/dev/null
true_that "the target answers again" lab_wait "value $dir $(V org site) | grep -qx B" 10

# The reply to a command goes to a trap receiver (ntp.org 4.2.8p15): the list tells.
trap_port=$(lab_free_udp_port)
say org trap "127.0.0.1:$trap_port" >/dev/null
set_ok "a command whose reply goes elsewhere" "$dir" "$(command_of 1 conf)" s "server 192.0.2.77"
is "its result" "$(value "$dir" "$(command_of 2 conf)")" 1
true_that "what is known of it" sh -c "echo \"\$1\" | grep -q 'no reply'" - \
	"$(value "$dir" "$(command_of 3 conf)")"
set_bad "a command that is none" "$dir" commitFailed "$(command_of 1 conf)" s nonsense
is "its result" "$(value "$dir" "$(command_of 2 conf)")" 18
fault org write-mute
set_bad "a command without any sign of its effect" "$dir" undoFailed "$(command_of 1 conf)" s "disable monitor"
is "its result" "$(value "$dir" "$(command_of 2 conf)")" 4
fault org off

true_that "no secret in any log" sh -c "! grep -r -e the-right-secret -e another-secret $dir/*.log"
agent_stop
is "exit code" "$agent_code" 0
finish
