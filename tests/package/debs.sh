# SPDX-License-Identifier: BSD-2-Clause
# The packages of Debian, and a fresh machine to put them on. To be sourced after fresh.sh and
# tarball.sh.
# shellcheck shell=sh
# shellcheck disable=SC2154 # $version is of tarball.sh

DEBS="ntp-agentx ntp-agentx-mibs ntp-query"

# debs_need TOOL...: skips where packages cannot be built and tried, or one of these is missing
debs_need() {
	lab_is_root || lab_skip "needs root to install packages"
	for tool in dpkg-buildpackage dh unshare nsenter setpriv "$@"; do
		command -v "$tool" >/dev/null || lab_skip "no $tool here"
	done
	lab_clockless_works || lab_skip "cannot take the clock away from a process here"
}

# debs_build: in $LAB_DIR, from the tarball; without tests: those ran, from the same tarball, in
# `make distcheck`
debs_build() {
	tarball "$LAB_DIR/ntp-agentx_$version.orig.tar.xz"
	tar -C "$LAB_DIR" -xf "$LAB_DIR/ntp-agentx_$version.orig.tar.xz"
	cp -R "$srcdir/debian" "$LAB_DIR/ntp-agentx-$version/"
	(cd "$LAB_DIR/ntp-agentx-$version" &&
		DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" dpkg-buildpackage -us -uc >"$LAB_DIR/build.log" 2>&1) || return 1
	for package in $DEBS; do
		[ -f "$(echo "$LAB_DIR/${package}_${version}"-*.deb)" ] || lab_fail "no package $package"
	done
}

# debs_machine NAME: a fresh one with snmpd and ntpsec, and our packages in its /root
debs_machine() {
	fresh_make "$1"
	fresh_daemons
	for package in $DEBS; do
		name=$(basename "$(echo "$LAB_DIR/${package}_${version}"-*.deb)")
		fresh_write "root/$name" 0644 <"$LAB_DIR/$name"
	done
}

# debs_ntpd PREFIX: for an ntpd that leaves the clock alone and takes writes with key 7: its
# configuration and key as PREFIXlab.conf and PREFIXlab.keys
debs_ntpd() {
	printf '7 SHA1 lab-secret-of-7\n' >"$1lab.keys"
	chmod 0600 "$1lab.keys"
	cat >"$1lab.conf" <<END
disable ntp
restrict default nopeer noquery limited kod
restrict 127.0.0.1
restrict ::1
keys /etc/ntpsec/lab.keys
trustedkey 7
controlkey 7
END
}
