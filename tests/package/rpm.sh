#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The packages for RPM, built by Debian's rpmbuild: each has the files it should, configuration is kept
# at updates, scriptlets are about our user and our service, and the programs run.
# What packages of a system with RPM would bring along, macros of systemd, is given here.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/package/tarball.sh"

lab_dir
for tool in rpmbuild rpm2cpio cpio rpmlint; do
	command -v "$tool" >/dev/null || lab_skip "no $tool here"
done
top=$LAB_DIR/rpm
spec=$srcdir/packaging/ntp-agentx.spec

# --- built -------------------------------------------------------------------------------------

is "the version of the packages" "$(sed -n 's/^Version: *//p' "$spec")" "$version"
tarball "$LAB_DIR/ntp-agentx-$version.tar.xz"
# Without tests: those ran, from the same tarball, in `make distcheck`. No database of packages here.
build_packages() {
	HOME=$LAB_DIR rpmbuild -tb --nodeps --nocheck \
		--define "_topdir $top" --define "_dbpath $LAB_DIR/rpmdb" --define "_smp_mflags -j$(nproc)" \
		--define 'debug_package %{nil}' \
		--define '_unitdir /usr/lib/systemd/system' --define '_sysusersdir /usr/lib/sysusers.d' \
		--define 'systemd_post() systemctl preset %{?*}' \
		--define 'systemd_preun() systemctl stop %{?*}' \
		--define 'systemd_postun_with_restart() systemctl restart %{?*}' \
		"$LAB_DIR/ntp-agentx-$version.tar.xz" >"$LAB_DIR/build.log" 2>&1
}
true_that "the packages build" build_packages
is "warnings of rpmbuild" "$(grep -i '^ *warning:' "$LAB_DIR/build.log")" ""

# package NAME: its file
package() {
	echo "$top"/RPMS/*/"$1-$version"-1.*.rpm
}
# ask NAME OPTION...: rpm about a package
ask() {
	asked=$(package "$1")
	shift
	rpm --dbpath "$LAB_DIR/rpmdb" -qp "$@" "$asked" 2>/dev/null
}
for name in ntp-agentx ntp-agentx-mibs ntp-query; do
	[ -f "$(package "$name")" ] || lab_fail "no package $name"
done

# --- what is in them ---------------------------------------------------------------------------

# files NAME: without documentation, links to debugging information, and what pages are compressed by
files() {
	ask "$1" -l | grep -vE '^/usr/(share/(doc|licenses|ntp-agentx/integrations)/|lib/\.build-id)' | sed 's/\.gz$//' | sort | tr '\n' ' '
}
is "files of the daemon" "$(files ntp-agentx)" "/etc/snmp/ntp-agentxd.conf \
/usr/lib/systemd/system/ntp-agentxd.service /usr/lib/sysusers.d/ntp-agentx.conf /usr/sbin/ntp-agentxd \
/usr/share/man/man5/ntp-agentxd.conf.5 /usr/share/man/man8/ntp-agentxd.8 "
is "files of the modules" "$(files ntp-agentx-mibs)" "/usr/share/man/man7/NTP-AGENTX-MIB.7 /usr/share/ntp-agentx \
/usr/share/ntp-agentx/integrations /usr/share/snmp/mibs/NTP-AGENTX-CAPABILITIES-MIB.txt \
/usr/share/snmp/mibs/NTP-AGENTX-MIB.txt /usr/share/snmp/mibs/NTPv4-MIB.txt "
is "files of ntp-query" "$(files ntp-query)" "/usr/bin/ntp-query /usr/share/bash-completion/completions/ntp-query \
/usr/share/fish/vendor_completions.d/ntp-query.fish /usr/share/man/man1/ntp-query.1 \
/usr/share/zsh/site-functions/_ntp-query "
for name in ntp-agentx ntp-agentx-mibs ntp-query; do
	is "licence of $name" "$(ask "$name" -L | grep -c LICENSE)" 1
done
is "configuration that an update keeps" "$(ask ntp-agentx --qf '[%{FILEFLAGS:fflags} %{FILENAMES}\n]' | grep '^c')" \
	"cn /etc/snmp/ntp-agentxd.conf"
is "machines that the modules are for" "$(ask ntp-agentx-mibs --qf '%{ARCH}')" noarch
is "what it needs" "$(ask ntp-agentx --requires | grep -cE '^(net-snmp|libuv\.so|libnetsnmp\.so|libseccomp\.so)')" 4

ask ntp-agentx --scripts >"$LAB_DIR/scripts"
# script WHEN: its lines
script() {
	sed -n "/^$1 scriptlet/,/ scriptlet /p" "$LAB_DIR/scripts" | grep -v ' scriptlet '
}
mkdir -p "$LAB_DIR/stubs"
for name in getent groupadd useradd; do
	cat >"$LAB_DIR/stubs/$name" <<-END
		#!/bin/sh
		[ $name != getent ] || exit "\${FOUND:-1}"
		echo "$name \$*"
	END
	chmod 0755 "$LAB_DIR/stubs/$name"
done
script preinstall >"$LAB_DIR/preinstall"
# The same as in the line for sysusers.d.
home=$(sed -n 's/^u .* //p' "$srcdir/conf/sysusers.d/ntp-agentx.conf")
words=$(sed -n 's/^u .*"\(.*\)".*/\1/p' "$srcdir/conf/sysusers.d/ntp-agentx.conf")
is "a user is made" "$(PATH=$LAB_DIR/stubs:$PATH sh -e "$LAB_DIR/preinstall" | tr '\n' ';')" \
	"groupadd -r ntp-agentx;useradd -r -g ntp-agentx -d $home -s /sbin/nologin -c $words ntp-agentx;"
is "unless there is one" "$(FOUND=0 PATH=$LAB_DIR/stubs:$PATH sh -e "$LAB_DIR/preinstall")" ""
is "after installing" "$(script postinstall)" "systemctl preset ntp-agentxd.service"
is "before removing" "$(script preuninstall)" "systemctl stop ntp-agentxd.service"
is "after removing" "$(script postuninstall)" "systemctl restart ntp-agentxd.service"
is "scripts of the others" "$(ask ntp-agentx-mibs --scripts)$(ask ntp-query --scripts)" ""

# What is not wrong: tags that a distribution sets, or that nobody sets any more; names of licences by
# SPDX, newer than rpmlint's list; what only rpmbuild of such a system does, to strip and to compress;
# and a manual page of the sections 5 and 8, which it looks for elsewhere.
rpmlint "$top"/RPMS/*/*.rpm "$spec" >"$LAB_DIR/rpmlint.out" 2>&1
between "packages that rpmlint looked at" "$(sed -n 's/^ *\([0-9]*\) packages and .*/\1/p' "$LAB_DIR/rpmlint.out")" 3 3
tags='no-(url|group|packager|buildroot)-tag|no-signature|invalid-url Source0:|invalid-license BSD-2-Clause'
build='unstripped-binary-or-object|manpage-not-compressed|no-manual-page-for-binary|bad-manual-page-folder'
is "rpmlint" "$(grep -E ': [EW]: ' "$LAB_DIR/rpmlint.out" | grep -vE ": ($tags|$build)")" ""

# --- unpacked ----------------------------------------------------------------------------------

root=$LAB_DIR/root
mkdir -p "$root"
for name in ntp-agentx ntp-agentx-mibs ntp-query; do
	rpm2cpio "$(package "$name")" | (cd "$root" && cpio -idm --quiet) || not_ok "$name does not unpack"
done
is "the daemon runs" "$("$root/usr/sbin/ntp-agentxd" --version | grep -c "$version")" 1
is "ntp-query runs" "$("$root/usr/bin/ntp-query" --version | grep -c "$version")" 1
true_that "the configuration is right" "$root/usr/sbin/ntp-agentxd" -t -C -c "$root/etc/snmp/ntp-agentxd.conf" \
	>"$LAB_DIR/configuration.log" 2>&1
is "the group of the AgentX socket" "$(sed -n 's/^SupplementaryGroups=//p' "$root/usr/lib/systemd/system/ntp-agentxd.service")" \
	"$(sed -n 's/^agentXPerms.* //p' "$root/usr/share/doc/ntp-agentx/examples/snmpd.conf.d/ntp-agentxd.conf")"
finish
