# Which lines the tests run: `make coverage`, in a build of its own, COVERAGE_DIR. COVERAGE_E2E=1: the
# scripts with real daemons as well.

COVERAGE_DIR = coverage
COVERAGE_E2E =
EXTRA_DIST += tests/coverage/coverage.sh tests/coverage/report.awk tests/coverage/reasons
.PHONY: coverage
coverage:
	COVERAGE_E2E='$(COVERAGE_E2E)' E2E_TESTS='$(e2e_tests)' top_srcdir='$(abs_top_srcdir)' \
		sh '$(srcdir)/tests/coverage/coverage.sh' '$(COVERAGE_DIR)'
