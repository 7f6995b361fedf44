# SPDX-License-Identifier: BSD-2-Clause
# A Debian of its own, booted by systemd as process 1: the layer of fresh.sh in a container, with few
# services, its own network, and without the capability to set the clock. To be sourced after fresh.sh.
# shellcheck shell=sh
# shellcheck disable=SC2154 # $fresh_pid, $fresh_dir and $fresh_net are from there

# What a container has no use for, and nobody should have twice: the clock first of all.
BOOTED_DROPS=CAP_SYS_TIME,CAP_WAKE_ALARM,CAP_SYS_RAWIO,CAP_SYS_MODULE,CAP_SYSLOG,CAP_SYS_BOOT,CAP_AUDIT_CONTROL

# booted_make UNIT...: boots the machine that fresh_make made, with these services and what they need;
# nothing is to be run with `fresh` from then on
booted_make() {
	: | fresh_write etc/fstab 0644
	fresh ln -sf /dev/null /etc/systemd/system/timers.target
	printf '[Unit]\nWants=%s\nRequires=basic.target dbus.socket\nAfter=basic.target\nAllowIsolate=yes\n' "$*" |
		fresh_write etc/systemd/system/lab.target 0644
	# Controllers of the machine are not ours: a place of its own in both hierarchies.
	booted_groups=
	for booted_root in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
		if [ -f "$booted_root/cgroup.procs" ]; then
			mkdir "$booted_root/${LAB_DIR##*/}" && booted_groups="$booted_groups $booted_root/${LAB_DIR##*/}"
		fi
	done
	# shellcheck disable=SC2016 # for the shell inside
	lab_spawn "$LAB_DIR/boot.log" setpriv --bounding-set=-sys_time --inh-caps=-sys_time sh -c '
		for group in $4; do echo $$ >"$group/cgroup.procs" || exit 1; done
		for tree in dev proc sys tmp run; do nsenter -t "$1" -m umount "$2/$tree" || exit 1; done
		exec nsenter -t "$1" -m systemd-nspawn -q --register=no --keep-unit --machine=ntp-lab --directory="$2" \
			--network-namespace-path="/run/netns/$3" --drop-capability="$5" --resolv-conf=off --timezone=off \
			--link-journal=no --console=read-only --kill-signal=SIGRTMIN+3 --boot -- systemd.unit=lab.target' \
		sh "$fresh_pid" "$fresh_dir/root" "$(lab_ns "$fresh_net")" "$booted_groups" "$BOOTED_DROPS"
	booted_pid=$LAB_PID
	trap booted_cleanup EXIT
	lab_wait booted_leader 20 || lab_fail "nothing is booted: $(tail -n 3 "$LAB_DIR/boot.log")"
	lab_lacks_sys_time "$booted_init" || {
		lab_end "$booted_pid" KILL
		lab_fail "what is booted could have set the clock: ended"
	}
	lab_wait "booted systemctl is-active lab.target" 60 || booted_fail "the target is not reached"
}

# Process 1 of the container, as we see it, in $booted_init.
booted_leader() {
	for booted_init in $(pgrep -x systemd); do
		[ "$(readlink "/proc/$booted_init/ns/pid")" != "$(readlink /proc/self/ns/pid)" ] &&
			grep -q "${LAB_DIR##*/}" "/proc/$booted_init/cgroup" && return 0
	done
	return 1
}

# booted COMMAND...: as root there
booted() {
	setpriv --bounding-set=-sys_time --inh-caps=-sys_time nsenter -t "$booted_init" -m -u -i -n -p -C -r -w \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"
}

# booted_fail WHY: the test failed; with what was said there
booted_fail() {
	booted journalctl -q -b -n 100 --no-hostname >"$LAB_DIR/journal.log" 2>&1
	lab_fail "$1"
}

# booted_end: shuts it down
booted_end() {
	lab_signal "$booted_pid" TERM
	lab_wait "! lab_alive $booted_pid" 30
	lab_end "$booted_pid" KILL
	for booted_group in $booted_groups; do
		find "$booted_group" -depth -type d -exec rmdir {} + 2>/dev/null
	done
}

# In place of lab_cleanup, which knows of no machines.
booted_cleanup() {
	booted_status=$?
	booted_end
	(exit "$booted_status")
	lab_cleanup
}
