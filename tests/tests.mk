# Tests: unit and component programs and the lints run in `make check`; what needs a real
# snmpd and ntpd runs in `make check-e2e`.

AM_CPPFLAGS += -I$(top_srcdir)/tests
LDADD = libtestsupport.a libagentx.a $(NETSNMP_LIBS) $(UV_LIBS) $(CRYPTO_LIBS) $(CMOCKA_LIBS)

# For the programs that put tests/support/mem_watch.c in the allocator's place.
MEM_WATCH_LINK = $(AM_LDFLAGS) -Wl,--wrap=mem_calloc,--wrap=mem_resize,--wrap=mem_strndup \
	-Wl,--wrap=mem_strdup,--wrap=mem_free

# The same for tests/support/alloc_fail.c.
ALLOC_FAIL_LINK = $(MEM_WATCH_LINK) \
	-Wl,--wrap=snmp_set_var_typed_value,--wrap=snmp_set_var_objid \
	-Wl,--wrap=snmp_varlist_add_variable,--wrap=netsnmp_create_delegated_cache

TEST_EXTENSIONS = .sh
SH_LOG_COMPILER = $(SHELL)
AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	srcdir='$(abs_top_srcdir)'; export srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	AXPROBE='$(abs_top_builddir)/tests/e2e/session/axprobe'; export AXPROBE; \
	CC='$(CC)'; export CC;

unit_tests =
component_tests =
lint_tests = \
	tests/lint/agentd.sh \
	tests/lint/calls.sh \
	tests/lint/format.sh \
	tests/lint/layers.sh \
	tests/lint/man.sh \
	tests/lint/mib.sh \
	tests/lint/owners.sh \
	tests/lint/query.sh \
	tests/lint/selftest.sh \
	tests/lint/shell.sh \
	tests/lint/sizes.sh \
	tests/lint/words.sh
EXTRA_DIST = $(lint_tests) tests/lint/common.sh tests/lint/tidy.sh tests/support/lab.sh

check_LIBRARIES = libtestsupport.a
libtestsupport_a_SOURCES = tests/support/check.h
libtestsupport_a_SOURCES += tests/support/recording.c tests/support/recording.h
EXTRA_DIST += tests/recordings
include tests/unit/base.mk
include tests/unit/mode6.mk
libtestsupport_a_SOURCES += tests/support/rows.c tests/support/rows.h
include tests/unit/model.mk
include tests/unit/client.mk
include tests/unit/snmp.mk
include tests/unit/query.mk
include tests/unit/daemon.mk

include tests/component/alloc.mk

check_PROGRAMS = $(unit_tests) $(component_tests)

# The simulator: its core as a library, for the program and for tests of the core.
check_LIBRARIES += libntpsim.a
libntpsim_a_SOURCES =
tests_sim_ntpsim_SOURCES =
include tests/sim/sources.mk
check_PROGRAMS += tests/sim/ntpsim
tests_sim_ntpsim_LDADD = libntpsim.a libagentx.a $(UV_LIBS) $(CRYPTO_LIBS)
include tests/unit/sim.mk

include tests/e2e/e2e.mk
include tests/package/package.mk
include tests/integrations/integrations.mk
include tests/pictures/pictures.mk
include tests/bench/bench.mk
include tests/fuzz/fuzz.mk
include tests/coverage/coverage.mk

TESTS = $(unit_tests) $(component_tests) $(fuzz_tests) $(lint_tests)
