component_tests += tests/component/test_secrets
if SECCOMP
component_tests += tests/component/test_sandbox
tests_component_test_sandbox_SOURCES = tests/component/test_sandbox.c \
	src/daemon/sandbox.c src/daemon/sandbox_calls.c
tests_component_test_sandbox_LDADD = $(LDADD) $(SECCOMP_LIBS)
endif
unit_tests += tests/unit/test_process
tests_unit_test_process_SOURCES = tests/unit/test_process.c src/daemon/process.c
