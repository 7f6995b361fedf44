# The packages, built and tried on a fresh machine: `make check-package`. On one that systemd
# booted, which takes systemd-nspawn: `make check-systemd`. With AppArmor, in a machine that
# qemu-system-x86_64 emulates and debootstrap makes: `make check-apparmor`.

package_tests = tests/package/deb.sh tests/package/rpm.sh

EXTRA_DIST += $(package_tests) tests/package/systemd.sh tests/package/apparmor.sh \
	tests/package/apparmor_guest.sh tests/package/fresh.sh tests/package/booted.sh tests/package/debs.sh \
	tests/package/steps.sh tests/package/tarball.sh packaging/ntp-agentx.spec

.PHONY: check-package check-systemd check-apparmor
check-package:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(package_tests)'
check-systemd:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS=tests/package/systemd.sh
check-apparmor:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS=tests/package/apparmor.sh
