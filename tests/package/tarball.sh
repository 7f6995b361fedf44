# SPDX-License-Identifier: BSD-2-Clause
# What the packages are made from. To be sourced after lab.sh.
# shellcheck shell=sh

# shellcheck disable=SC2034 # for the tests
version=$(sed -n 's/^AC_INIT(\[ntp-agentx\], \[\(.*\)\])$/\1/p' "$srcdir/configure.ac")
unset MAKEFLAGS MFLAGS MAKELEVEL

# tarball FILE: the one that `make dist` makes, of which there can be one at a time
tarball() {
	# shellcheck disable=SC2016 # for the shell inside
	flock "$top_builddir" sh -c 'make -s -C "$1" dist && mv "$1/ntp-agentx-$2.tar.xz" "$3"' \
		sh "$top_builddir" "$version" "$1" >"$LAB_DIR/dist.log" 2>&1 || lab_fail "no tarball"
}
