#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The profile of AppArmor, enforced by Debian's kernel in a virtual machine: it lets the program do all that
# it does, in each way that the manual knows to start it, and nothing else is asked for. Not of CI: the
# machine is emulated, and takes debootstrap and qemu.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/package/tarball.sh"
. "$srcdir/tests/package/debs.sh"

EMULATED_S=900
MEMORY=3G

lab_dir
debs_need debootstrap qemu-system-x86_64 cpio
[ "$(uname -m)" = x86_64 ] || lab_skip "a machine of another kind"
debs_build || lab_fail "no packages"

# --- the machine -----------------------------------------------------------------------------------

root=$LAB_DIR/root
archive=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1)
release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
[ -n "$archive" ] || lab_skip "no archive of Debian known here"
debootstrap --variant=minbase "$release" "$root" "$archive" >"$LAB_DIR/debootstrap.log" 2>&1 || lab_fail "no system"
# Nothing that is installed is started, and could not set the clock if it were.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 0755 "$root/usr/sbin/policy-rc.d"
for package in $DEBS; do
	cp "$(echo "$LAB_DIR/${package}_${version}"-*.deb)" "$root/srv/"
done
cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" 2>/dev/null
lab_clockless chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive sh -c '
	apt-get -q update && apt-get -q -y --no-install-recommends install \
		apparmor snmpd snmp ntpsec iproute2 procps /srv/*.deb' >"$LAB_DIR/apt.log" 2>&1 || lab_fail "no packages in it"
kernel=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/.*Depends: //p' | head -n 1)
(cd "$LAB_DIR" && apt-get -q download "$kernel" && dpkg -x "$kernel"_*.deb kernel) >"$LAB_DIR/kernel.log" 2>&1 ||
	lab_fail "no kernel"
debs_ntpd "$root/etc/ntpsec/"
install -m 0755 "$srcdir/tests/package/apparmor_guest.sh" "$root/init"
(cd "$root" && find . -path ./var/cache -prune -o -path ./var/lib/apt -prune -o -print0 |
	cpio --null -o -H newc 2>/dev/null | gzip -1) >"$LAB_DIR/initrd"
rm -rf "$root"

lab_spawn "$LAB_DIR/console" qemu-system-x86_64 -accel tcg -m "$MEMORY" -nographic -no-reboot -nic none \
	-kernel "$LAB_DIR"/kernel/boot/vmlinuz-* -initrd "$LAB_DIR/initrd" \
	-append 'console=ttyS0 rdinit=/init apparmor=1 security=apparmor quiet panic=-1'
lab_wait "! lab_alive $LAB_PID" "$EMULATED_S" || lab_end "$LAB_PID" KILL
tr -d '\r' <"$LAB_DIR/console" >"$LAB_DIR/said.log"

# --- what it saw -------------------------------------------------------------------------------------

# said KEY: what follows it
said() {
	sed -n "s/^$1 //p" "$LAB_DIR/said.log"
}
true_that "the machine came to its end" grep -qx END "$LAB_DIR/said.log"
true_that "its kernel has AppArmor" eval "said LSM | grep -qw apparmor"
is "the profile is loaded" "$(said LOADED)" 0
for life in ROOT USER LOGFILE MASTER; do
	is "$life: a life" "$(said $life)" "served ntp-agentxd (enforce) ntp-agentx
ended 0"
done
is "written by a manager" "$(said SET)" "77 "
is "and kept" "$(said KEPT)" 1
is "with snmpd started again" "$(said AGAIN)" served
true_that "and the configuration read again" eval "said 'LOG ROOT' | grep -q 'configuration read again: 2 targets'"
is "a log in a file" "$(said LOGGED)" 1
is "-t" "$(said TEST)" 0
is "--dump" "$(said DUMP | cut -d' ' -f1)" 0
is "--check" "$(said CHECK)" 0
is "what it was kept from until then" "$(said BEFORE)" ""
is "complaints" "$(sed -n 's/^LOG [A-Z]* //p' "$LAB_DIR/said.log" | grep -v other.keys | grep -ciE 'cannot|denied|wrong')" 0
# It is enforced.
true_that "another file is not read" eval "[ \"\$(said OTHER)\" -ne 0 ]"
true_that "by this" eval "said DENIED | grep -q 'profile=\"ntp-agentxd\" name=\"/srv/other.keys\"'"
finish
