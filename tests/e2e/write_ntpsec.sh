#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Writing to a real NTPsec through a real snmpd: variables made with --dvar by writevar, others by
# setvar, and configure commands, with keys of each kind; that they are restored with the rest of
# a request; and that communities and users without privacy get nowhere.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"

lab_dir
lab_tools snmpd ntpd ntpq
lab_need_ns a
lab_ns_host a || lab_fail "no cable to a namespace"

dir=$LAB_DIR/agent
mkdir -p "$dir"
keys=$LAB_DIR/keys
cat >"$keys" <<END
1 MD5 one-secret # a comment
2 SHA1 0123456789abcdef0123456789abcdef01234567
3 SHA256 three-secret
4 AES-128 000102030405060708090a0b0c0d0e0f
5 SHA512 five-secret
6 MD5 not-trusted
END
chmod 0600 "$keys"
LAB_NTPD_OPTIONS='--dvar=site=Ost --var=room=12'
lab_ntpd_start a "$LAB_DIR/ntp" "keys $keys" "trustedkey 1 2 3 4 5" "controlkey 1" \
	'setvar owner = "nobody" default' 'setvar hidden = "secret"'
lab_snmpd_start "$dir" "$(lab_free_udp_port)" 'createUser weak SHA-256 lab-secret' \
	'rwuser weak auth .1.3.6.1.2.1'

# agent_with WRITE KEY: the agent anew, allowed to write so with that key.
agent_with() {
	printf '%s\n' "keyfile $keys" \
		"target ntp $LAB_NS_ADDR interval 1 write $1 control-key $2" >"$dir/ntp-agentxd.conf"
	n_read=$(grep -c 'read again' "$dir/ntp-agentxd.log")
	lab_signal "$agent_pid" HUP
	lab_wait "[ \$(grep -c 'read again' $dir/ntp-agentxd.log) -gt $n_read ]" 10 ||
		lab_fail "the configuration was not read again"
	lab_wait "[ \"\$(value $dir \$(target_state ntp))\" = 2 ]" 10 || lab_fail "no answers"
}

# really NAME: what the daemon itself says.
really() {
	lab_ntpq a -c "rv 0 $1" | sed -n "s/^$1=//p" | tr -d '"'
}

# result NAME: of the last write.
result() {
	value "$dir" "$(write_of 1 ntp 0 "$1")"
}

agent_start "$dir" "target ntp $LAB_NS_ADDR interval 1"
true_that "the target is served" lab_wait "[ \"\$(value $dir $(target_state ntp))\" = 2 ]" 20
is "a variable by name" "$(value "$dir" "$(var 3 ntp 0 version)")" "ntpd ntpsec-1.2.2"

# Off by default.
set_bad "writing without configuration" "$dir" notWritable "$(var 3 ntp 0 site)" s West
is "it changed nothing" "$(really site)" Ost
is "the row says why" "$(result site)" 5
set_bad "a command without configuration" "$dir" noCreation "$(command_of 1 ntp)" s "disable monitor"

# A variable that is not polled is fetched for the next time.
value "$dir" "$(var 3 ntp 0 room)" >/dev/null
true_that "a variable that was asked for is there soon" \
	lab_wait "[ \"\$(value $dir $(var 3 ntp 0 room))\" = 12 ]" 10

for key in 1 2 3 4 5; do
	[ "$key" = 1 ] || set_ok "controlkey $key by configure" "$dir" "$(command_of 1 ntp)" s "controlkey $key"
	agent_with configure "$key"
	set_ok "writevar with key $key" "$dir" "$(var 3 ntp 0 site)" s "by key $key"
	is "the daemon has it" "$(really site)" "by key $key"
	is "the row says so" "$(result site)" 1
done
set_ok "back to key 1" "$dir" "$(command_of 1 ntp)" s "controlkey 1"
is "the command's result" "$(value "$dir" "$(command_of 2 ntp)")" 1
is "what the daemon said" "$(value "$dir" "$(command_of 3 ntp)")" "Config Succeeded"
is "a command is not shown" "$(value "$dir" "$(command_of 1 ntp)")" ""

agent_with variables 1
set_ok "what is so already" "$dir" "$(var 3 ntp 0 site)" s "by key 5"
is "the row says so" "$(result site)" 2
set_ok "an empty value" "$dir" "$(var 3 ntp 0 site)" s ""
is "the daemon has it" "$(really site)" ""
set_ok "the longest value" "$dir" "$(var 3 ntp 0 site)" s "$(printf '%0127d' 0 | tr 0 x)"
is "the daemon has it" "$(really site)" "$(printf '%0127d' 0 | tr 0 x)"
set_bad "a longer one" "$dir" wrongLength "$(var 3 ntp 0 site)" s "$(printf '%0128d' 0 | tr 0 x)"
set_bad "a comma" "$dir" wrongValue "$(var 3 ntp 0 site)" s "a,b"
set_bad "a blank at the end" "$dir" wrongValue "$(var 3 ntp 0 site)" s "a "
set_bad "a built-in variable" "$dir" notWritable "$(var 3 ntp 0 stratum)" s 3
set_bad "a variable of an association" "$dir" notWritable "$(var 3 ntp 17 reach)" s 255
set_bad "a variable that is not there" "$dir" noCreation "$(var 3 ntp 0 nothing)" s 1
set_bad "a variable of setvar by writevar" "$dir" commitFailed "$(var 3 ntp 0 owner)" s me
is "the row says permission" "$(result owner)" 9
is "it is as before" "$(really owner)" nobody

# Several at a time: all or nothing.
set_ok "two at a time" "$dir" "$(var 3 ntp 0 site)" s A "$(var 3 ntp 0 room)" s B
is "both are written" "$(really site) $(really room)" "A B"
set_bad "one that works and one that does not" "$dir" commitFailed \
	"$(var 3 ntp 0 site)" s X "$(var 3 ntp 0 owner)" s Y "$(var 3 ntp 0 room)" s Z
is "nothing is written" "$(really site) $(really room) $(really owner)" "A B nobody"
is "the first was restored" "$(result site)" 3
set_bad "one that works and sysContact's wrong type" "$dir" 'wrongType\|notWritable' \
	"$(var 3 ntp 0 site)" s X .1.3.6.1.2.1.1.4.0 i 5
is "nothing is written" "$(really site)" A

# Where setvar is allowed.
agent_with setvar 1
set_ok "a variable of setvar" "$dir" "$(var 3 ntp 0 owner)" s "me and you"
is "the daemon has it" "$(really owner)" "me and you"
true_that "it is a default variable still" sh -c "'$NTPQ' -c rv \$1 | grep -q owner=" - "$LAB_NS_ADDR"
set_ok "a hidden variable of setvar" "$dir" "$(var 3 ntp 0 hidden)" s found
is "the daemon has it" "$(really hidden)" found
true_that "it is hidden still" sh -c "! '$NTPQ' -c rv \$1 | grep -q hidden=" - "$LAB_NS_ADDR"
set_bad "setvar makes no variables" "$dir" noCreation "$(var 3 ntp 0 brandnew)" s 1

# Commands.
agent_with configure 1
set_bad "a command that is none" "$dir" commitFailed "$(command_of 1 ntp)" s "nonsense here"
is "its result" "$(value "$dir" "$(command_of 2 ntp)")" 18
true_that "what the daemon said" sh -c "echo \"\$1\" | grep -q 'syntax error'" - \
	"$(value "$dir" "$(command_of 3 ntp)")"
set_bad "an empty command" "$dir" wrongLength "$(command_of 1 ntp)" s ""
set_ok "a server more" "$dir" "$(command_of 1 ntp)" s "server 198.18.9.9"
true_that "it is there" lab_wait "lab_ntpq a -pn | grep -q 198.18.9.9" 10
set_bad "a command before something that fails cannot be taken back" "$dir" 'undoFailed\|commitFailed' \
	"$(command_of 1 ntp)" s "unpeer 198.18.9.9" "$(command_of 1 ntp)" s "nonsense here"

# Keys that do not do.
agent_with variables 6
set_bad "a key that is not trusted" "$dir" commitFailed "$(var 3 ntp 0 site)" s X
is "the row says so" "$(result site)" 8
agent_with variables 2
set_bad "a trusted key that is not the control key" "$dir" commitFailed "$(var 3 ntp 0 site)" s X
is "the row says permission" "$(result site)" 9
sed 's/one-secret/other-secret/' "$keys" >"$keys.new" && chmod 0600 "$keys.new" && mv "$keys.new" "$keys"
agent_with variables 1
set_bad "another secret" "$dir" commitFailed "$(var 3 ntp 0 site)" s X
is "the row says the key was refused" "$(result site)" 8
is "nothing is written" "$(really site)" A

# Who may: not a community that reads, not a user without privacy.
ask_as='-v2c -c public'
set_bad "a community that may read" "$dir" noAccess "$(var 3 ntp 0 site)" s X
ask_as='-v3 -u weak -l authNoPriv -a SHA-256 -A lab-secret'
set_bad "a user without privacy" "$dir" 'noAccess\|authorizationError' "$(var 3 ntp 0 site)" s X
ask_as=

true_that "no secret is in any log" sh -c "! grep -r -e one-secret -e three-secret -e 0123456789abcdef0123 \
	$dir/*.log"
agent_stop
is "exit code" "$agent_code" 0
finish
