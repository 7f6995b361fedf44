# The packages, built and tried on a fresh machine: `make check-package`.

package_tests = tests/package/deb.sh tests/package/rpm.sh

EXTRA_DIST += $(package_tests) tests/package/fresh.sh tests/package/tarball.sh packaging/ntp-agentx.spec

.PHONY: check-package
check-package:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(package_tests)'
