# SPDX-License-Identifier: BSD-2-Clause
# A fresh Debian to install packages on: what this machine has, under a layer that takes all changes
# and vanishes at the end. It has a network of its own but for installing. To be sourced after lab.sh.
# shellcheck shell=sh
# shellcheck disable=SC2154 # $LAB_DIR is the lab's

FRESH_SIZE=1g

# fresh_make NAME: the machine, with a network namespace of that name
fresh_make() {
	fresh_dir=$LAB_DIR/fresh
	fresh_net=$1
	mkdir -p "$fresh_dir"
	lab_need_ns "$1"
	lab_in "$1" ip link set lo up
	# shellcheck disable=SC2016 # for the shell inside
	lab_spawn "$fresh_dir.log" unshare --mount --propagation private sh -c '
		mount -t tmpfs -o mode=0755,size="$2" tmpfs "$1" && cd "$1" && mkdir changes work root &&
		mount -t overlay -o lowerdir=/,upperdir=changes,workdir=work overlay root &&
		mount -t proc proc root/proc && mount -t sysfs -o ro sysfs root/sys &&
		mount --bind /dev root/dev && mount -t tmpfs tmpfs root/tmp && mount -t tmpfs tmpfs root/run &&
		mkdir -p root/run/lock root/run/snmpd && echo mounted && exec sleep 7200' sh "$fresh_dir" "$FRESH_SIZE"
	fresh_pid=$LAB_PID
	lab_wait "grep -q mounted $fresh_dir.log" 10 || lab_fail "no layer: $(cat "$fresh_dir.log")"
	# Where the steps are done: below it, what was built.
	fresh mkdir -p /root/source
	# Nothing that is installed is started: there is no init to do it.
	printf '#!/bin/sh\nexit 101\n' | fresh_write usr/sbin/policy-rc.d 0755
}

# fresh_write PATH MODE: standard input becomes a file there
fresh_write() {
	# shellcheck disable=SC2016 # for the shell inside
	nsenter -t "$fresh_pid" -m sh -c 'cat >"$1" && chmod "$2" "$1"' sh "$fresh_dir/root/$1" "$2"
}

# fresh COMMAND...: as root there, in this machine's network
fresh() {
	nsenter -t "$fresh_pid" -m chroot "$fresh_dir/root" \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"
}

# fresh_alone COMMAND...: as root there, in its own network
fresh_alone() {
	lab_in "$fresh_net" nsenter -t "$fresh_pid" -m chroot "$fresh_dir/root" \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C "$@"
}

# fresh_daemons: snmpd and ntpsec, as Debian has them
fresh_daemons() {
	fresh apt-get -q update >"$LAB_DIR/apt.log" 2>&1 || lab_fail "no lists of packages"
	fresh apt-get -q -y install --no-install-recommends snmpd snmp ntpsec >"$LAB_DIR/apt.log" 2>&1 ||
		lab_fail "snmpd and ntpsec cannot be installed"
	# What nobody needed before is no business of ours.
	fresh apt-get -q -y autoremove >"$LAB_DIR/apt.log" 2>&1
}

# fresh_changes: every path that is not as it was before, without caches, logs, what packages are noted
# in, and the state of snmpd
fresh_changes() {
	# shellcheck disable=SC2016 # for the shell inside
	nsenter -t "$fresh_pid" -m sh -c 'cd "$1/changes" && find . -mindepth 1 ! -type d | LC_ALL=C sort |
		while IFS= read -r path; do
			[ -f "$path" ] && cmp -s "$path" "/$path" || printf "%s\n" "$path"
		done' sh "$fresh_dir" |
		grep -vE '^\./(var/(cache|log|agentx|lib/(dpkg|apt|rpm|systemd|snmp))|etc/ld\.so\.cache|root/)'
}
