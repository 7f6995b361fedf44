#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Secrets of a key file are in no log, however much is logged, in nothing that the program prints,
# and not in a core, for there is none.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"

RIGHT=Hush5907keyOne # up to 20 characters it is literal
LONG=48757368353930376b657954776f4875736835393037 # hexadecimal
WRONG=Hush5907keyThree
LOST=Hush5907keyFour

lab_dir
lab_tools snmpd
dir=$LAB_DIR/agent
log=$dir/debug
keys=$LAB_DIR/agent.keys
mkdir -p "$dir"
printf '%s\n' "1 SHA256 $RIGHT" "2 SHA1 $LONG" >"$LAB_DIR/keys"
# Lines that are wrong are told of: no type, no number, a type nobody knows, hexadecimal it is not.
printf '%s\n' "1 SHA256 $RIGHT" "2 SHA1 $LONG" "3 $LOST" "$LOST SHA1 x" "4 $LOST $LOST" \
	"5 AES128CMAC $LOST" "6 SHA1 $LOST$LOST" "7 SHA1 $WRONG" >"$keys"
chmod 0600 "$LAB_DIR/keys" "$keys"
lab_sim_start "$LAB_DIR/sim" --dialect ntporg --associations 3 --seed 7 --keys "$LAB_DIR/keys" \
	--trusted 1,2 --controlkey 1 --dvar site=Ost --control "$LAB_DIR/sim/control"
lab_snmpd_start "$dir" "$(lab_free_udp_port)"

target() {
	echo "target $1 127.0.0.1 port $LAB_SIM_PORT interval 1 control-key $2 $3"
}

printf '%s\n' "keyfile $keys" "$(target right 1 "write variables push on")" \
	"$(target conf 1 "write configure")" "$(target wrong 7 "write variables push on")" \
	"$(target long 2 "write variables")" >"$dir/ntp-agentxd.conf"
LAB_AGENT_OPTIONS="${LAB_AGENT_OPTIONS:-} -D ALL -Lf $log"
lab_agent_start "$dir"
agent_pid=$LAB_PID

# The log is large: the last of many lines is looked for once in a while.
true_that "serves" lab_wait "[ \"\$(value $dir $(target_state right))\" = 2 ] && \
	[ \"\$(value $dir $(target_state wrong))\" = 2 ]" 20
set_ok "a write" "$dir" "$(var 3 right 0 site)" s West
set_bad "with a wrong key" "$dir" commitFailed "$(var 3 wrong 0 site)" s Sued
set_bad "with a key that is not the one for it" "$dir" commitFailed "$(var 3 long 0 site)" s Sued
set_ok "a command" "$dir" "$(command_of 1 conf)" s 'disable monitor'
sleep 3 # for the requests to push
lab_signal "$agent_pid" HUP
true_that "the keys are read again" lab_wait "grep -q 'configuration read again' $log" 10
set_ok "a write after that" "$dir" "$(var 3 right 0 site)" s Nord

# A core: allowed by the shell that started it, and by nobody else.
prlimit --core=unlimited:unlimited --pid $$ || lab_skip "cores are not permitted here"
# shellcheck disable=SC2016 # the inner shell's own number
(cd "$LAB_DIR" && sh -c 'kill -ABRT $$') 2>/dev/null
core_works=$(find "$LAB_DIR" -maxdepth 1 -name 'core*' | wc -l)
find "$LAB_DIR" -maxdepth 1 -name 'core*' -exec rm -f {} +
[ "$core_works" -gt 0 ] || echo "cores are not written to the working directory here"
is "limit of its cores" "$(awk '/^Max core file size/ { print $5 $6 }' "/proc/$agent_pid/limits")" 00

# Guarded memory, which cores leave out, and of which some is in use.
between "kB in use that no core would hold" "$(awk '/^Rss:/ { rss = $2 }
	/^VmFlags:/ && / dd/ && !/ io/ { n += rss } END { print n + 0 }' "/proc/$agent_pid/smaps")" 1 100000
agent_stop
is "how it ended" "$agent_code" 0

# Ended by a signal that leaves a core: nothing where it ran, though its parent allowed one.
(cd "$LAB_DIR" && lab_agent_start "$dir")
agent_pid=$(cat "$dir/ntp-agentxd.pid")
true_that "serves again" lab_wait "[ \"\$(value $dir $(target_state right))\" = 2 ]" 20
lab_end "$agent_pid" ABRT
is "cores" "$(find "$LAB_DIR" "$dir" -maxdepth 1 -name 'core*' | wc -l)" 0

# printed NAME OPTION...
printed() {
	printed_name=$1
	shift
	SNMPCONFPATH=$dir SNMP_PERSISTENT_DIR=$dir/agentstate timeout 60 "$AGENTD" -C \
		-c "$dir/ntp-agentxd.conf" -D ALL "$@" >"$LAB_DIR/$printed_name" 2>&1
}
printed dump --dump
printed check -t
"$(lab_program ntp-query)" -n -k "$keys" -a 1 -c 'writevar 0 site=Ost' -c 'keyid' -c rv \
	"127.0.0.1:$LAB_SIM_PORT" >"$LAB_DIR/query" 2>&1
snmpwalk -v2c -c private -On "127.0.0.1:$(cat "$dir/snmpd.port")" .1.3.6.1 >"$LAB_DIR/walk" 2>&1

# --- nowhere ---------------------------------------------------------------------------------

between "lines of the log" "$(wc -l <"$log")" 1000 100000000
for what in "the dump:5 AES128CMAC\|key 5:$LAB_DIR/dump" "the check:key 3:$LAB_DIR/check" "the log:key 4:$log"; do
	file=${what##*:}
	text=${what#*:}
	true_that "${what%%:*} tells of wrong lines" grep -q "${text%:*}" "$file"
done
# Text, its digits, and as debugging shows octets: "48 75 73 68" of "Hush".
for text in "$RIGHT" "$WRONG" "$LOST" "$LONG" Hush5907 4875736835393037 '48 75 73 68 35 39'; do
	is "files that hold '$text'" \
		"$(grep -rliF -- "$text" "$LAB_DIR" | grep -vxF -e "$keys" -e "$LAB_DIR/keys")" ""
done
finish
