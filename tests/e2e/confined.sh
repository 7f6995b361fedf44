#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The unit of systemd and the profile of AppArmor: both are well-formed, the unit's exposure is low,
# it lets every system call that the program needs, and the program lives under its restrictions of
# files, users and capabilities, which are made here by hand. Where systemd can run, `make
# check-systemd` has it do so.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/write.sh"

USER_ID=65534
GROUP_ID=1
EXPOSURE_MAX=20 # tenths
NONE=0000000000000000

lab_dir
lab_tools snmpd
lab_is_root || lab_skip "needs root for namespaces and other users"
for tool in systemd-analyze apparmor_parser unshare setpriv; do
	command -v "$tool" >/dev/null || lab_skip "no $tool here"
done
unit=$LAB_DIR/ntp-agentxd.service
binary=$(lab_program ntp-agentxd)
sed "s,/usr/sbin/ntp-agentxd,$binary," "$srcdir/conf/systemd/ntp-agentxd.service" >"$unit"

# --- well-formed -------------------------------------------------------------------------------

complaints() {
	systemd-analyze verify --man=no "$1" 2>&1 | grep -F "$1"
}

is "what systemd complains of" "$(complaints "$unit")" ""
sed 's/^ProtectHome=yes/ProtectHome=sometimes/' "$unit" >"$LAB_DIR/wrong.service"
true_that "it would complain" [ -n "$(complaints "$LAB_DIR/wrong.service")" ]
true_that "exposure" systemd-analyze security --offline=yes --no-pager --threshold="$EXPOSURE_MAX" "$unit" \
	>"$LAB_DIR/security" 2>&1
profile=$srcdir/conf/apparmor/usr.sbin.ntp-agentxd
true_that "the profile" apparmor_parser -Q -K "$profile"
sed 's/capability setuid/capability setuids/' "$profile" >"$LAB_DIR/wrong"
true_that "a wrong one would be found" eval "! apparmor_parser -Q -K $LAB_DIR/wrong 2>/dev/null"

# --- system calls ------------------------------------------------------------------------------

# members SET: its calls, sets within it resolved
members() {
	systemd-analyze syscall-filter --no-pager "$1" | sed -n 's/^  *\([-@a-z0-9_]*\)$/\1/p' |
		while read -r member; do
			case $member in
			@*) members "$member" ;;
			*) echo "$member" ;;
			esac
		done
}

# words SIGN: of the lines SystemCallFilter=, those without or with "~"
words() {
	sed -n "s/^SystemCallFilter=$1\([^~].*\)/\1/p" "$unit" | tr ' ' '\n'
}

expanded() {
	words "$1" | while read -r word; do
		case $word in
		@*) members "$word" ;;
		*) echo "$word" ;;
		esac
	done | LC_ALL=C sort -u
}

expanded '' >"$LAB_DIR/listed"
expanded '~' | LC_ALL=C comm -23 "$LAB_DIR/listed" - >"$LAB_DIR/allowed"
between "calls that the unit lets" "$(wc -l <"$LAB_DIR/allowed")" 250 450
{
	sed -n 's/^\tCALL[A-Z_]*(\([a-z0-9_]*\),.*/\1/p' "$srcdir/src/daemon/sandbox_calls.c"
	# Before the program's own filter.
	printf '%s\n' execve arch_prctl setresuid setresgid setgroups capset capget seccomp socket
} | LC_ALL=C sort -u >"$LAB_DIR/needed"
between "calls that the program needs" "$(wc -l <"$LAB_DIR/needed")" 100 200
is "calls that it needs and the unit does not let" \
	"$(LC_ALL=C comm -13 "$LAB_DIR/allowed" "$LAB_DIR/needed" | tr '\n' ' ')" ""

# --- a life under the other restrictions -------------------------------------------------------

dir=$LAB_DIR/agent
log=$dir/ntp-agentxd.log
mkdir -p "$dir/agentstate"
chown "$USER_ID" "$dir/agentstate"
chmod 0700 "$dir/agentstate"
lab_sim_start "$LAB_DIR/sim" --dialect ntporg --associations 3 --seed 7
lab_snmpd_start "$dir" "$(lab_free_udp_port)" "agentXPerms 0660 0755 root $GROUP_ID"
port=$(cat "$dir/snmpd.port")
printf '%s\n' "target a localhost port $LAB_SIM_PORT interval 1" >"$dir/ntp-agentxd.conf"

# confined COMMAND...: files, capabilities, user, group and limits as in the unit.
cat >"$LAB_DIR/confined" <<END
#!/bin/sh
mount --make-rprivate / &&
	mount --bind "$dir/agentstate" "$dir/agentstate" &&
	mount -o remount,bind,rw,nosuid,nodev,noexec "$dir/agentstate" &&
	mount -o remount,bind,ro,nosuid / || exit 1
ulimit -c 0
ulimit -n 16384
umask 077
exec setpriv --reuid $USER_ID --regid $USER_ID --groups $GROUP_ID --bounding-set=-all \
	--inh-caps=-all --no-new-privs "\$@"
END
chmod 0755 "$LAB_DIR/confined"

inside() {
	unshare --mount --ipc --uts "$LAB_DIR/confined" "$@"
}

true_that "what is written cannot be executed there" eval \
	"! inside sh -c 'cp /usr/bin/true $dir/agentstate/t && $dir/agentstate/t' 2>/dev/null"
rm -f "$dir/agentstate/t"
true_that "nothing else can be written" eval "! inside sh -c ': >$LAB_DIR/x' 2>/dev/null"

# shellcheck disable=SC2086 # options are words
lab_spawn "$log" unshare --mount --ipc --uts "$LAB_DIR/confined" \
	env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/agentstate" \
	"$binary" ${LAB_AGENT_OPTIONS:-} -f -Le -C -c "$dir/ntp-agentxd.conf" -x "$dir/agentx"
agent_pid=$LAB_PID
true_that "serves" lab_wait "grep -q 'target a .*: answers' $log && [ -n \"\$(mode $port)\" ]" 15
for set in CapInh CapPrm CapEff CapBnd CapAmb; do
	is "$set" "$(sed -n "s/^$set:[[:space:]]*//p" "/proc/$agent_pid/status")" "$NONE"
done
true_that "also what can be set" lab_wait "[ \"\$(get $port 4.1.0)\" -ge 0 ]" 5
is "complaints" "$(grep -ciE 'cannot|denied|read-only|not permitted' "$log")" 0
set_ok "a setting" "$dir" "$ROOT.4.1.0" u 7
true_that "is stored" lab_wait "grep -q 'ntpTargetControl a 7' $dir/agentstate/ntp-agentxd.conf" 5
lab_signal "$agent_pid" HUP
true_that "its configuration is read again" lab_wait "grep -q 'configuration read again' $log" 5
lab_snmpd_stop "$dir"
lab_snmpd_again "$dir"
true_that "is back after a restart of snmpd" lab_wait "[ -n \"\$(mode $port)\" ]" 15
agent_stop
is "how it ended" "$agent_code" 0
finish
