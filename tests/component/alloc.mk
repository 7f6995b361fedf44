# Memory runs out. `make check` lets every few allocations fail, `make check-alloc` every one.
alloc_fail_sources = tests/support/alloc_fail.c tests/support/alloc_fail.h
alloc_tests = \
	tests/component/test_alloc \
	tests/component/test_alloc_agent \
	tests/component/test_alloc_query
component_tests += $(alloc_tests)
tests_component_test_alloc_SOURCES = tests/component/test_alloc.c $(alloc_fail_sources) \
	src/daemon/targets.c src/daemon/targets_apply.c src/daemon/targets_whole.c \
	src/daemon/targets_write.c src/daemon/watch.c
tests_component_test_alloc_LDFLAGS = $(ALLOC_FAIL_LINK)
tests_component_test_alloc_agent_SOURCES = tests/component/test_alloc_agent.c $(alloc_fail_sources)
tests_component_test_alloc_agent_LDFLAGS = $(ALLOC_FAIL_LINK)
tests_component_test_alloc_query_SOURCES = tests/component/test_alloc_query.c $(alloc_fail_sources)
tests_component_test_alloc_query_LDFLAGS = $(ALLOC_FAIL_LINK)

.PHONY: check-alloc
check-alloc: $(alloc_tests)
	ALLOC_STEP=1 $(MAKE) $(AM_MAKEFLAGS) check TESTS='$(alloc_tests)'
