#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# NTP-AGENTX-MIB through a real snmpd: several daemons in one table each, a walk that is what
# --dump prints, a target that is gone, a poll on demand, and targets that come and go by SIGHUP.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"

lab_dir
lab_tools snmpd
dir=$LAB_DIR/agent
OBJECTS=$ENTERPRISE.1.1
mkdir -p "$dir"
lab_sim_start "$LAB_DIR/org" --dialect ntporg --frozen \
	--recording "$srcdir/tests/recordings/ntpd-4.2.8p15-client.txt"
org_port=$LAB_SIM_PORT
lab_sim_start "$LAB_DIR/sec" --dialect ntpsec --frozen \
	--recording "$srcdir/tests/recordings/ntpsec-1.2.2-client.txt" \
	--control "$LAB_DIR/sec/control"
sec_port=$LAB_SIM_PORT
gone_port=$(lab_free_udp_port)
lab_snmpd_start "$dir" "$(lab_free_udp_port)"

# target_of COLUMN TARGET, health_of COLUMN TARGET
target_of() {
	echo "$OBJECTS.2.1.1.$1.$(text_index "$2")"
}
health_of() {
	echo "$OBJECTS.3.1.1.$1.$(text_index "$2")"
}

agent_start "$dir" "target org 127.0.0.1 port $org_port interval 1" \
	"target sec-2 127.0.0.1 port $sec_port interval 3600" \
	"target gone 127.0.0.1 port $gone_port interval 1"
for name in org sec-2; do
	true_that "$name answers" lab_wait "[ \"\$(value $dir $(target_state $name))\" = 2 ]" 20
done
true_that "gone is refused" lab_wait "[ \"\$(value $dir $(target_state gone))\" = 3 ]" 20

# The walk: in order, and instance by instance what --dump prints without SNMP. What is counted
# and timed is another number each time, so names are compared.
SNMPCONFPATH=$dir SNMP_PERSISTENT_DIR=$dir/state MIBS='' snmpbulkwalk -v2c -c public -r1 -t5 -On -Oe -Cr25 \
	"127.0.0.1:$(cat "$dir/snmpd.port")" "$ENTERPRISE.1" >"$LAB_DIR/walk" 2>"$LAB_DIR/walk.err"
is "the walk ends well" "$?" 0
is "and says nothing else" "$(cat "$LAB_DIR/walk.err")" ""
true_that "it has many values" [ "$(grep -c ' = ' "$LAB_DIR/walk")" -gt 200 ]
SNMPCONFPATH=$dir "$AGENTD" -C -c "$dir/ntp-agentxd.conf" --dump >"$LAB_DIR/dump" 2>/dev/null
is "a target that is gone tells in the exit code" "$?" 4
for group in 3 4 5 6 7 8 9 10; do
	grep "^$OBJECTS\.$group\." "$LAB_DIR/walk" | sed 's/ = .*//' >"$LAB_DIR/walk.$group"
	grep "^$OBJECTS\.$group\." "$LAB_DIR/dump" | sed 's/ .*//' >"$LAB_DIR/dump.$group"
	true_that "group $group: the walk has the instances of the dump" \
		cmp "$LAB_DIR/walk.$group" "$LAB_DIR/dump.$group"
done

# One target beside the others.
is "its host" "$(value "$dir" "$(target_of 2 org)")" 127.0.0.1
is "its port" "$(value "$dir" "$(target_of 3 org)")" "$org_port"
is "the context of the second" "$(value "$dir" "$(target_of 4 sec-2)")" sec-2
is "its kind" "$(value "$dir" "$(target_of 7 org)") $(value "$dir" "$(target_of 7 sec-2)")" "2 3"
true_that "the kind of one that is gone is absent" \
	sh -c "echo '$(value "$dir" "$(target_of 7 gone)")' | grep -q 'No Such Instance'"
is "a target that is gone is critical" "$(value "$dir" "$(health_of 1 gone)")" 3
is "and why" "$(value "$dir" "$(health_of 2 gone)")" refused
is "three targets, two of them up" \
	"$(value "$dir" "$OBJECTS.1.4.0") $(value "$dir" "$OBJECTS.1.5.0")" "3 2"
true_that "the age of values is small" [ "$(ask "$dir" snmpget -Ot "$(target_of 10 org)")" -lt 500 ]

# A variable by name, of the system, an association and none.
assoc=$("$SIMSAY" "$LAB_DIR/sec/control" list | tr ' ' '\n' | sed -n 's/:.*//p' | sed -n 2p)
is "a variable of the system" "$(value "$dir" "$(var 3 sec-2 0 version)")" "ntpd ntpsec-1.2.2"
true_that "a variable of an association" \
	sh -c "echo '$(value "$dir" "$(var 3 sec-2 "$assoc" srcadr)")' | grep -q '[0-9]'"
is "everything is read-only by default" "$(value "$dir" "$(var 4 sec-2 0 version)")" 1

# Not to be had for another hour, but on demand.
polls=$(value "$dir" "$(target_of 19 sec-2)")
"$SIMSAY" "$LAB_DIR/sec/control" "set 0 stratum 9" >/dev/null
set_bad "a wrong value" "$dir" wrongValue "$(target_of 9 sec-2)" i 3
set_ok "a poll on demand" "$dir" "$(target_of 9 sec-2)" i 2
true_that "it happens" lab_wait "[ \"\$(value $dir $(var 3 sec-2 0 stratum))\" = 9 ]" 10
is "it was one poll" "$(value "$dir" "$(target_of 19 sec-2)")" $((polls + 1))

# By SIGHUP.
printf '%s\n' "target org 127.0.0.1 port $org_port interval 1" \
	"target new 127.0.0.1 port $sec_port interval 1" >"$dir/ntp-agentxd.conf"
lab_signal "$agent_pid" HUP
true_that "a new target has its rows" lab_wait "[ \"\$(value $dir $(target_state new))\" = 2 ]" 20
true_that "one that went has none" \
	sh -c "echo '$(value "$dir" "$(target_state gone)")' | grep -q 'No Such Instance'"
agent_stop
is "exit code" "$agent_code" 0
finish
