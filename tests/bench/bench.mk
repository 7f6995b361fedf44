# How fast it is beside something else: `make bench`. Numbers, not tests: nothing fails for them.

check_PROGRAMS += tests/bench/duel
tests_bench_duel_LDADD = libagentx.a

bench_scripts = tests/bench/query_peers.sh
EXTRA_DIST += $(bench_scripts) tests/bench/bench.sh

.PHONY: bench
bench: $(check_PROGRAMS) ntp-agentxd ntp-query
	@for script in $(bench_scripts); do \
		env srcdir='$(abs_top_srcdir)' top_srcdir='$(abs_top_srcdir)' \
			top_builddir='$(abs_top_builddir)' \
			sh "$(srcdir)/$$script" || [ $$? = 77 ] || exit 1; \
	done
