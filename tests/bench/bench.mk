# How fast it is beside something else: `make bench`. Numbers, not tests: nothing fails for them.
# Results are in bench/ of the build, as JSON, with profiles as text.

check_PROGRAMS += tests/bench/constant tests/bench/cycle tests/bench/duel tests/bench/started \
	tests/bench/walker
manager_sources = tests/support/manager.c tests/support/manager.h
tests_bench_constant_SOURCES = tests/bench/constant.c $(manager_sources)
tests_bench_started_SOURCES = tests/bench/started.c $(manager_sources)
tests_bench_walker_SOURCES = tests/bench/walker.c $(manager_sources)
tests_bench_constant_LDADD = $(NETSNMP_LIBS)
tests_bench_cycle_LDADD = libagentx.a $(UV_LIBS) $(CRYPTO_LIBS)
tests_bench_duel_LDADD = libagentx.a
tests_bench_started_LDADD = libagentx.a -lnetsnmp $(CRYPTO_LIBS)
tests_bench_walker_LDADD = libagentx.a -lnetsnmp $(CRYPTO_LIBS)

bench_scripts = \
	tests/bench/query_peers.sh \
	tests/bench/walk.sh \
	tests/bench/instructions.sh \
	tests/bench/cycle.sh \
	tests/bench/latency.sh \
	tests/bench/memory.sh \
	tests/bench/targets.sh \
	tests/bench/summary.sh
EXTRA_DIST += $(bench_scripts) tests/bench/bench.sh tests/bench/callgrind.awk

.PHONY: bench
bench: $(check_PROGRAMS) ntp-agentxd ntp-query
	@rm -rf bench
	@for script in $(bench_scripts); do \
		env srcdir='$(abs_top_srcdir)' top_srcdir='$(abs_top_srcdir)' \
			top_builddir='$(abs_top_builddir)' \
			sh "$(srcdir)/$$script" || [ $$? = 77 ] || exit 1; \
	done
