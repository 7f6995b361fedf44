# Programs that take any bytes. `make check` gives them the inputs that are kept; `make fuzz` has
# clang's fuzzer make up new ones, in a build of its own.

fuzz_names = config frames keys mru poll push query snmp values varlist wire
fuzz_programs = \
	tests/fuzz/fuzz_config \
	tests/fuzz/fuzz_frames \
	tests/fuzz/fuzz_keys \
	tests/fuzz/fuzz_mru \
	tests/fuzz/fuzz_poll \
	tests/fuzz/fuzz_push \
	tests/fuzz/fuzz_query \
	tests/fuzz/fuzz_snmp \
	tests/fuzz/fuzz_values \
	tests/fuzz/fuzz_varlist \
	tests/fuzz/fuzz_wire
check_PROGRAMS += $(fuzz_programs) tests/fuzz/packer tests/fuzz/seeds
tests_fuzz_seeds_LDADD = libtestsupport.a libagentx.a
tests_fuzz_packer_LDADD = libfuzz.a libagentx.a

# The fuzzer brings its own main(), where there is one.
check_LIBRARIES += libfuzz.a
libfuzz_a_SOURCES = tests/fuzz/fuzz.c tests/fuzz/fuzz.h tests/fuzz/walk.c tests/fuzz/walk.h \
	tests/fuzz/inputs.c tests/fuzz/inputs.h
if !FUZZERS
libfuzz_a_SOURCES += tests/fuzz/driver.c
endif
fuzz_libraries = libfuzz.a $(LDADD)
fuzz_ldflags = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_config_LDADD = $(fuzz_libraries)
tests_fuzz_fuzz_config_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_frames_LDADD = $(fuzz_libraries)
tests_fuzz_fuzz_frames_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_keys_LDADD = $(fuzz_libraries)
tests_fuzz_fuzz_keys_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_mru_LDADD = $(fuzz_libraries)
tests_fuzz_fuzz_mru_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_poll_LDADD = $(fuzz_libraries)
tests_fuzz_fuzz_poll_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_push_LDADD = $(fuzz_libraries)
tests_fuzz_fuzz_push_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_query_LDADD = $(fuzz_libraries)
# The conversation with a daemon, the terminal and files are the target's own.
tests_fuzz_fuzz_query_LDFLAGS = $(fuzz_ldflags) \
	-Wl,--wrap=talk_open,--wrap=talk_close,--wrap=talk_set_silence,--wrap=talk_hold_interrupt \
	-Wl,--wrap=talk_wait,--wrap=talk_ask,--wrap=talk_address,--wrap=talk_addresses \
	-Wl,--wrap=talk_choose,--wrap=talk_stats,--wrap=fopen,--wrap=terminal_ask \
	-Wl,--wrap=time_ask,--wrap=check_ask_agent,--wrap=keyfile_load
tests_fuzz_fuzz_snmp_LDADD = $(fuzz_libraries)
tests_fuzz_fuzz_snmp_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_values_LDADD = $(fuzz_libraries)
tests_fuzz_fuzz_values_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_varlist_LDADD = $(fuzz_libraries)
tests_fuzz_fuzz_varlist_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_wire_LDADD = $(fuzz_libraries)
tests_fuzz_fuzz_wire_LDFLAGS = $(fuzz_ldflags)

fuzz_tests = tests/fuzz/replay.sh
EXTRA_DIST += $(fuzz_tests) tests/fuzz/fuzz.sh tests/fuzz/corpus tests/fuzz/dict

# FUZZ_SECONDS: how long each; FUZZ_TARGETS: which; FUZZ_KEEP=yes: what was found new goes into the
# inputs that are kept, which become the fewest that reach as much.
FUZZ_SECONDS = 60
FUZZ_TARGETS = $(fuzz_names)
FUZZ_KEEP =
.PHONY: fuzz
fuzz:
	FUZZ_SECONDS='$(FUZZ_SECONDS)' FUZZ_TARGETS='$(FUZZ_TARGETS)' FUZZ_KEEP='$(FUZZ_KEEP)' \
		top_srcdir='$(abs_top_srcdir)' sh '$(srcdir)/tests/fuzz/fuzz.sh' fuzz
