#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What keeps a new user from a walk, one after the other, with the real snmpd, NTPsec's ntpd, chronyd
# and OpenNTPD: what the agent's log says, what `ntp-agentxd --check` says, and that their advice helps.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"

USER_ID=65534
GROUP_ID=1
OPENNTPD_ID=64123

lab_dir
lab_tools snmpd ntpd ntpq chronyd openntpd
lab_is_root || lab_skip "needs root for network namespaces"
lab_need_ns server
lab_ns_host server || lab_fail "no cable to the namespace"
dir=$LAB_DIR/agent
log=$dir/ntp-agentxd.log
daemon=$LAB_NS_ADDR
# The library makes what it may keep things in.
mkdir -p "$dir/agentstate" "$dir/nobody" "$dir/closed" "$dir/nothing/cert_indexes"
chown "$USER_ID" "$dir/nobody"
chmod 0711 "$LAB_DIR" "$dir"
port=$(lab_free_udp_port)
enterprise=.$(sed -n 's/^ENTERPRISE_OID = //p' "$top_builddir/Makefile")
keys=$LAB_DIR/keys
printf '%s\n' '1 MD5 one-secret' '2 SHA1 two-secret' >"$keys"
printf '%s\n' '1 MD5 another-one' '2 SHA1 two-secret' >"$LAB_DIR/wrong"
chmod 0600 "$keys" "$LAB_DIR/wrong"

# ntpd LINE...: NTPsec's anew, with these lines.
ntpd() {
	[ ! -s "$LAB_DIR/server/ntpd.pid" ] || lab_ntpd_stop "$LAB_DIR/server"
	rm -rf "$LAB_DIR/server"
	lab_ntpd_start server "$LAB_DIR/server" "refclock local stratum 3 minpoll 0 maxpoll 0" \
		"restrict 198.19.0.0 mask 255.255.0.0" "keys $keys" "trustedkey 1 2" "controlkey 1" "$@"
}

# configure LINE...: the agent's configuration.
configure() {
	printf '%s\n' "$@" "reconnectInterval 1" >"$dir/ntp-agentxd.conf"
}

# registered: snmpd serves both modules, whoever else may see them.
registered() {
	mode "$port" private | grep -qx '[0-9][0-9]*' &&
		lab_snmp "$dir" get "$enterprise.1.1.1.1.0" 2>/dev/null | grep -q STRING
}

# agent [nowhere]: anew; what it logs is in $log. Returns when it is registered, if it can be.
agent() {
	: >"$log"
	lab_agent_start "$dir"
	agent_pid=$LAB_PID
	[ $# -gt 0 ] || lab_wait registered 15 || not_ok "the agent is not registered"
}

logged() {
	lab_wait "grep -q -- '$1' $log" "${2:-10}"
}

# check [OPTION...]: the report, in $out, and its exit code in $code.
check() {
	code=0
	out=$(SNMPCONFPATH=$dir SNMP_PERSISTENT_DIR=$dir/nothing "$AGENTD" --check -C \
		-c "$dir/ntp-agentxd.conf" -x "$dir/agentx" --snmp "127.0.0.1:$port" "$@" \
		2>"$LAB_DIR/check.err" </dev/null) || code=$?
}

# step WHAT RESULT STEP FINDING: a line of the report; the finding is a regular expression.
step() {
	if printf '%s\n' "$out" | grep -Eq "^  $2 +$3 +$4"; then
		ok "$1"
	else
		not_ok "$1: no '$2 $3 $4' in the report"
		printf '%s\n' "$out" | sed 's/^/# /'
	fi
}

# advice WHAT TEXT: among causes and fixes.
advice() {
	printf '%s\n' "$out" >"$LAB_DIR/report"
	true_that "$1" grep -Eq "^           (fix:|cause:|      ) +$2" "$LAB_DIR/report"
}

# failed N: so many steps did, and the exit code tells.
failures() {
	is "$1: how many" "$(printf '%s\n' "$out" | tail -n 1)" "$2 of 12 steps failed"
	is "$1: exit code" "$code" "$([ "$2" -eq 0 ] && echo 0 || echo 5)"
}

# snmpd_with LINE..., snmpd_without LINE: with these lines more, or without such a line.
snmpd_with() {
	lab_snmpd_stop "$dir"
	printf '%s\n' "$@" >>"$dir/snmpd.conf"
	lab_snmpd_again "$dir"
}

snmpd_without() {
	lab_snmpd_stop "$dir"
	sed -i "/^$1/d" "$dir/snmpd.conf"
	rm -f "$dir/agentx"
	lab_snmpd_again "$dir"
}

serving() {
	mode "$port" | grep -qx '[0-9][0-9]*'
}

# --- no master agent ----------------------------------------------------------------------------

ntpd
configure "target here $daemon interval 1"
lab_snmpd_start "$dir" "$port"
snmpd_without 'master agentx'
agent nowhere
true_that "no master agent: log" \
	logged 'cannot connect to the master agent at .*/agentx: No such file or directory; add "master agentx" to snmpd.conf and restart snmpd'
check
failures "no master agent" 2
step "no master agent" failed 'AgentX socket' "$dir/agentx does not exist"
advice "no master agent: the line" 'master agentx$'
step "no master agent: snmpd is there" ok snmpd "127\\.0\\.0\\.1:$port answered community \"public\""
step "no master agent: the agent is not" failed agent 'ntp-agentxd is not among the [0-9]+ entries'
snmpd_with "master agentx"
true_that "no master agent: the advice helps" lab_wait "serving && registered" 15
true_that "what else it takes is in the log" \
	logged "managers see us where their view in snmpd.conf includes \\.1\\.3\\.6\\.1\\.2\\.1\\.197 and $enterprise; ntp-agentxd --check looks"
lab_wait "lab_ntp_synced server" 60 || lab_fail "the server selected no peer"
check
failures "all well" 0
is "all well: the target" "$(printf '%s\n' "$out" | head -n 1)" "target here ($daemon:123)"
step "all well: no key" skipped key "no key was given \\(the target's option"
step "all well: view" ok view 'both modules are shown; target here of the agent is up'
is "all well: nothing else was said" "$(cat "$LAB_DIR/check.err")" ""
is "all well: nothing was stored" "$(find "$dir/nothing" -type f)" ""
agent_stop

# --- the socket's permissions -------------------------------------------------------------------

# as_nobody [SOCKET]: the agent of a user who is not root, from its start.
as_nobody() {
	: >"$log"
	lab_spawn "$log" setpriv --reuid "$USER_ID" --regid "$GROUP_ID" --clear-groups \
		env SNMPCONFPATH="$dir" SNMP_PERSISTENT_DIR="$dir/nobody" \
		"$AGENTD" "$FILTER" -f -Le -C -c "$dir/ntp-agentxd.conf" -x "${1:-$dir/agentx}"
	agent_pid=$LAB_PID
}

as_nobody
true_that "closed socket: log" logged 'Permission denied; the socket .*/agentx has mode 0755'
advised=$(sed -n 's/.*write "\(agentXPerms [^"]*\)" to snmpd.conf and restart.*/\1/p' "$log" | tail -n 1)
check -u "$USER_ID" -g "$GROUP_ID"
failures "closed socket" 2
step "closed socket" failed 'AgentX socket' "[a-z0-9 ]+ may not connect to $dir/agentx \\(mode 0755 root:root\\)"
advice "closed socket: the line" 'agentXPerms 0660 0755 '
check
step "closed socket: not to root" ok 'AgentX socket' 'root may connect'
snmpd_with "$advised"
true_that "closed socket: the advice helps" lab_wait "serving && registered" 15
check -u "$USER_ID" -g "$GROUP_ID"
failures "open socket" 0
agent_stop
chmod 0700 "$dir/closed"
as_nobody "$dir/closed/agentx"
true_that "closed directory: log" logged 'Permission denied; the directory .*/closed has mode 0700.*chmod o+x'
check -u "$USER_ID" -g "$GROUP_ID" -x "$dir/closed/agentx"
step "closed directory" failed 'AgentX socket' "[a-z0-9 ]+ may not enter $dir/closed \\(mode 0700 root:root\\)"
advice "closed directory: the command" "chmod 0755 $dir/closed"
agent_stop

# --- the view -----------------------------------------------------------------------------------

snmpd_without 'rocommunity public'
snmpd_with "rocommunity public 127.0.0.1 -V systemonly" "view systemonly included .1.3.6.1.2.1.1"
agent
true_that "view: the agent is connected" logged 'managers see us where their view'
is "view: nothing is shown" "$(mode "$port" | grep -c "No Such")" 1
check
failures "view" 1
step "view" failed view 'snmpd hides NTPv4-MIB and NTP-AGENTX-MIB from community "public"'
lines=$(printf '%s\n' "$out" | sed -n 's/^ *\(view systemonly included \.1\.3\.6.*\)/\1/p')
is "view: two lines" "$(printf '%s\n' "$lines" | wc -l)" 2
snmpd_with "$lines"
true_that "view: the advice helps" lab_wait "serving && registered" 15
check
failures "view, mended" 0
agent_stop

# --- the daemon does not answer -----------------------------------------------------------------

ntpd "restrict $LAB_HOST_ADDR noquery"
agent
true_that "noquery: log" logged "at $daemon:123: no answer: .*\"restrict ... noquery\"" 20
check
failures "noquery" 1
step "noquery: time" '(ok|warning)' 'time service' 'answered in'
step "noquery" failed 'mode 6' 'no answer, though time requests are answered'
advice "noquery: the cause" '"restrict ... noquery", which is NTPsec'
advice "noquery: the line" 'restrict 127\.0\.0\.1'
code=0
SNMPCONFPATH=$dir "$AGENTD" --dump -C -c "$dir/ntp-agentxd.conf" >"$LAB_DIR/dump" 2>/dev/null </dev/null || code=$?
is "noquery: --dump: exit code" "$code" 4
is "noquery: --dump" "$(head -n 1 "$LAB_DIR/dump")" "# target here $daemon port 123: silent"
ntpd "restrict $LAB_HOST_ADDR"
true_that "noquery: the advice helps" logged "at $daemon:123: answers" 20
check
failures "noquery, mended" 0
agent_stop
lab_ntpd_stop "$LAB_DIR/server"
agent
true_that "no daemon: log" logged "at $daemon:123: refused: no NTP daemon listens on that port"
check
step "no daemon" failed 'mode 6' "nobody listens on UDP port 123 of $daemon"
agent_stop

cat >"$LAB_DIR/chrony.conf" <<END
local stratum 5
allow
cmdport 0
bindcmdaddress /
pidfile $LAB_DIR/chronyd.pid
END
lab_clockless_works || lab_fail "cannot take the clock away from a process here"
lab_spawn "$LAB_DIR/chronyd.log" ip netns exec "$(lab_ns server)" \
	setpriv --bounding-set=-sys_time --inh-caps=-sys_time \
	"$CHRONYD" -x -d -u root -f "$LAB_DIR/chrony.conf"
agent
true_that "chronyd: log" \
	logged "at $daemon:123: no answer: .*or a daemon without mode 6 (chronyd, OpenNTPD)" 20
check
failures "chronyd" 1
step "chronyd: time" ok 'time service' 'answered in [0-9.]+ ms: stratum 5'
step "chronyd" failed 'mode 6' 'no answer, though time requests are answered'
advice "chronyd: the cause" '.*the daemon speaks no mode 6 \(chronyd, OpenNTPD\)'
agent_stop
lab_end "$(cat "$LAB_DIR/chronyd.pid")"

# It wants a user and directories of its own, and has them in its namespace only.
mkdir -p "$LAB_DIR/openntpd/chroot"
echo "listen on $daemon" >"$LAB_DIR/openntpd/conf"
{
	echo "ntpd:x:$OPENNTPD_ID:$OPENNTPD_ID::$LAB_DIR/openntpd/chroot:/usr/sbin/nologin"
	cat /etc/passwd
} >"$LAB_DIR/openntpd/passwd"
{
	echo "ntpd:x:$OPENNTPD_ID:"
	cat /etc/group
} >"$LAB_DIR/openntpd/group"
# shellcheck disable=SC2016 # the inner shell's own arguments
lab_spawn "$LAB_DIR/openntpd.log" ip netns exec "$(lab_ns server)" \
	setpriv --bounding-set=-sys_time --inh-caps=-sys_time unshare -m sh -c '
		mount --bind "$1/passwd" /etc/passwd && mount --bind "$1/group" /etc/group &&
			mount -t tmpfs tmpfs /var/lib && mkdir -p /var/lib/openntpd/run /var/lib/openntpd/db &&
			exec "$2" -d -f "$1/conf"' sh "$LAB_DIR/openntpd" "$OPENNTPD"
openntpd_pid=$LAB_PID
lab_wait "grep -q 'ntp engine ready' $LAB_DIR/openntpd.log" 10 || lab_fail "OpenNTPD did not start"
if ! lab_lacks_sys_time "$openntpd_pid"; then
	lab_end "$openntpd_pid" KILL
	lab_fail "OpenNTPD could have set the clock: ended"
fi
agent
true_that "OpenNTPD: log" \
	logged "at $daemon:123: no answer: .*or a daemon without mode 6 (chronyd, OpenNTPD)" 20
check
failures "OpenNTPD" 1
step "OpenNTPD: time" warning 'time service' 'answered in [0-9.]+ ms: not synchronised'
step "OpenNTPD" failed 'mode 6' 'no answer, though time requests are answered'
advice "OpenNTPD: the cause" '.*the daemon speaks no mode 6 \(chronyd, OpenNTPD\)'
agent_stop
lab_end "$openntpd_pid"

# --- keys ---------------------------------------------------------------------------------------

# with_key FILE ID: the agent may write with that key.
with_key() {
	configure "keyfile $1" "target here $daemon interval 1 write variables control-key $2"
	agent
}

ntpd
with_key "$LAB_DIR/wrong" 1
true_that "wrong secret: log" logged 'the daemon does not take key 1, so writing will fail: check that it has the same secret'
check
failures "wrong secret" 1
step "wrong secret: the key" ok key "key 1 \\(MD5\\) of $LAB_DIR/wrong"
step "wrong secret" failed signature 'the daemon does not take the key'
advice "wrong secret: the line" 'trustedkey 1'
agent_stop
with_key "$keys" 2
true_that "another key: log" logged 'the daemon takes, but not for writing, key 2, so writing will fail: check that it names it in "controlkey"'
check
failures "another key" 1
step "another key" failed writing 'the daemon takes key 2, but not for writing'
advice "another key: the line" 'in ntp\.conf: controlkey 2'
agent_stop
with_key "$keys" 1
true_that "the right key" logged "at $daemon:123: answers"
check
failures "the right key" 0
step "the right key: writing" ok writing 'writevar and configure are possible'
sleep 2
is "the right key: no complaint" "$(grep -c 'writing will fail' "$log")" 0
sed -i 's/control-key 1/control-key 7/' "$dir/ntp-agentxd.conf"
kill -HUP "$agent_pid"
true_that "a key that is gone: log" logged "target here: its control-key 7 is not in $keys"
true_that "a key that is gone: nothing is lost" logged 'configuration is wrong, keeping the one in use'
true_that "a key that is gone: it goes on" serving
agent_stop
configure "keyfile $keys" "target here $daemon write variables control-key 7"
check
is "no such key: exit code" "$code" 3
true_that "no such key" grep -q "target here: its control-key 7 is not in $keys" "$LAB_DIR/check.err"

# --- several targets, and none of this machine's snmpd -------------------------------------------

# --- nobody, and another family ------------------------------------------------------------------

configure "target six ::1 port 9"
check -u nosuchuser
is "a user that is not there: exit code" "$code" 1
true_that "a user that is not there" grep -q nosuchuser "$LAB_DIR/check.err"
is "a user that is not there: nothing is asked" "$out" ""
check
is "IPv6: the target" "$(printf '%s\n' "$out" | head -n 1)" "target six ([::1]:9)"
step "IPv6: nobody listens" failed 'mode 6' 'nobody listens on UDP port 9 of ::1'

configure "target one $daemon interval 1" "target two $daemon port 9 interval 1"
agent
true_that "two targets: served" serving
check
is "two targets: headings" "$(printf '%s\n' "$out" | grep -c '^target \|^agent$')" 3
is "two targets: steps" "$(printf '%s\n' "$out" | tail -n 1)" "2 of 20 steps failed"
step "two targets: view" ok view "both modules are shown, and the agent's 2 targets"
agent_stop
check --master "udp:127.0.0.1:$port"
is "--master: without snmpd's steps" "$(printf '%s\n' "$out" | tail -n 1)" "2 of 16 steps failed"
printf 'agentXSocket unix:%s/elsewhere\n' "$dir" >>"$dir/ntp-agentxd.conf"
code=0
out=$(SNMPCONFPATH=$dir "$AGENTD" --check -C -c "$dir/ntp-agentxd.conf" --snmp "127.0.0.1:$port" \
	--community nobody 2>/dev/null </dev/null) || code=$?
step "the socket of the configuration" failed 'AgentX socket' "$dir/elsewhere does not exist"
step "another community" failed snmpd '.*does not answer community "nobody"'
finish
