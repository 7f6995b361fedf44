#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The packages for RPM, built by Debian's rpmbuild: each has the files it should, configuration is kept
# at updates, scriptlets are about our user and our service, and the programs run. Installed with rpm on
# a machine set up like those with RPM, README.md's steps for these, and only those, give a walk.
# What packages of a system with RPM would bring along, macros of systemd, is given here.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/package/tarball.sh"
. "$srcdir/tests/package/fresh.sh"
. "$srcdir/tests/package/steps.sh"

lab_dir
for tool in rpmbuild rpm2cpio cpio rpmlint; do
	command -v "$tool" >/dev/null || lab_skip "no $tool here"
done
top=$LAB_DIR/rpm
spec=$srcdir/packaging/ntp-agentx.spec

# --- built -------------------------------------------------------------------------------------

is "the version of the packages" "$(sed -n 's/^Version: *//p' "$spec")" "$version"
tarball "$LAB_DIR/ntp-agentx-$version.tar.xz"
# Without tests: those ran, from the same tarball, in `make distcheck`. No database of packages here,
# and no name of the machine that could be looked up.
build_packages() {
	HOME=$LAB_DIR rpmbuild -tb --nodeps --nocheck \
		--define "_topdir $top" --define "_dbpath $LAB_DIR/rpmdb" --define "_smp_mflags -j$(nproc)" \
		--define 'debug_package %{nil}' --define '_buildhost localhost' \
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

# --- installed ---------------------------------------------------------------------------------

lab_is_root || {
	echo "# not installed: that needs root"
	finish
}
fresh_make r
fresh_daemons
# snmpd as it comes there: as root, with a view of its own name, and no directory for its socket.
fresh_write etc/snmp/snmpd.conf 0600 <<END
com2sec everybody default public
group readers v2c everybody
view systemview included .1.3.6.1.2.1.1
access readers "" any noauth exact systemview none none
END
fresh rm -rf /var/agentx /etc/snmp/snmpd.conf.d
SNMPD_START="/usr/sbin/snmpd -f -LS0-6d"
for name in ntp-agentx ntp-agentx-mibs ntp-query; do
	file=$(package "$name")
	built=rpmbuild/RPMS/$(basename "$(dirname "$file")")
	# shellcheck disable=SC2016 # for the shell inside
	fresh sh -c 'mkdir -p ~/"$1"' sh "$built"
	# shellcheck disable=SC2094 # another file of that name
	fresh_write "root/$built/$(basename "$file")" 0644 <"$file"
done
# What the scriptlets ask for.
printf '#!/bin/sh\necho "$*" >>/run/systemctl.log\n' | fresh_write usr/bin/systemctl 0755
asked_for() {
	fresh sh -c 'cat /run/systemctl.log 2>/dev/null; rm -f /run/systemctl.log' | tr '\n' ';'
}
# rpm_there OPTION...: Debian's rpm wants to be told; packages of Debian are none to it.
rpm_there() {
	fresh_alone rpm --force-debian --nodeps "$@"
}
quiet rpm_there --initdb
fresh_changes >"$LAB_DIR/before"
fresh cat /etc/passwd /etc/group | LC_ALL=C sort >"$LAB_DIR/users.before"

steps_begin
steps_of 2 | sed 's/^dnf install /rpm --force-debian --nodeps -i /' >"$LAB_DIR/steps"
steps_run "$LAB_DIR/steps"
is "systemd is asked to" "$(asked_for)" "preset ntp-agentxd.service;"
is "files that are not as packaged" "$(rpm_there -Va | grep -v ' /usr/share/locale/')" ""

# --- updated, removed --------------------------------------------------------------------------

fresh sh -c 'echo "# ours" >>/etc/snmp/ntp-agentxd.conf'
is "which is noticed" "$(rpm_there -Va | grep -c 'c /etc/snmp/ntp-agentxd.conf$')" 1
# shellcheck disable=SC2016 # for the shell inside
true_that "updated" quiet fresh_alone sh -c 'rpm --force-debian --nodeps -U --replacepkgs ~/rpmbuild/RPMS/*/ntp-agentx-[0-9]*.rpm'
is "what was configured stays" "$(fresh tail -n 1 /etc/snmp/ntp-agentxd.conf)" "# ours"
is "and the service is asked for again" "$(asked_for | grep -c 'restart ntp-agentxd.service')" 1
lab_end "$agent_pid"
true_that "removed" quiet rpm_there -e ntp-agentx ntp-agentx-mibs ntp-query
is "systemd is asked to" "$(asked_for | sed 's/;restart.*//')" "stop ntp-agentxd.service"
true_that "the changed configuration is put aside" fresh rm /etc/snmp/ntp-agentxd.conf.rpmsave
fresh_changes >"$LAB_DIR/after"
is "files that are left" "$(LC_ALL=C comm -13 "$LAB_DIR/before" "$LAB_DIR/after" |
	grep -vE '^\./etc/(passwd|group|shadow|gshadow)-?$' | tr '\n' ' ')" ""
fresh cat /etc/passwd /etc/group | LC_ALL=C sort >"$LAB_DIR/users.after"
is "users that are left, as always with RPM" \
	"$(LC_ALL=C comm -13 "$LAB_DIR/users.before" "$LAB_DIR/users.after" | cut -d: -f1 | sort -u)" ntp-agentx
finish
