# Tests against a real snmpd, NTPsec's ntpd and the simulator: `make check-e2e`.

check_PROGRAMS += tests/e2e/falsetime tests/e2e/getlat tests/e2e/lastword tests/e2e/notesink tests/e2e/relay tests/e2e/shmclock tests/e2e/simsay
tests_e2e_falsetime_LDADD = libagentx.a $(CRYPTO_LIBS)
tests_e2e_getlat_SOURCES = tests/e2e/getlat.c tests/support/manager.c tests/support/manager.h
tests_e2e_getlat_LDADD = libagentx.a -lnetsnmp $(CRYPTO_LIBS)
tests_e2e_lastword_LDADD =
tests_e2e_relay_LDADD = libagentx.a
tests_e2e_shmclock_LDADD = libagentx.a
tests_e2e_simsay_LDADD =
tests_e2e_notesink_LDADD =

if SECCOMP
check_PROGRAMS += tests/e2e/nofilter
tests_e2e_nofilter_LDADD = $(SECCOMP_LIBS)
endif

check_PROGRAMS += tests/e2e/session/axprobe
tests_e2e_session_axprobe_LDADD = libagentx.a $(NETSNMP_LIBS) $(UV_LIBS) $(CRYPTO_LIBS)

# The longest first: what runs beside them is done before them.
e2e_tests = \
	tests/e2e/notices_ntpsec.sh \
	tests/e2e/faults_net.sh \
	tests/e2e/notify.sh \
	tests/e2e/flat.sh \
	tests/e2e/faults_system.sh \
	tests/e2e/notices_sim.sh \
	tests/e2e/notices_flap.sh \
	tests/e2e/recorded.sh \
	tests/e2e/targets_1000.sh \
	tests/e2e/soak.sh \
	tests/e2e/write_lost.sh \
	tests/e2e/lab_smoke.sh \
	tests/e2e/main_job.sh \
	tests/e2e/life.sh \
	tests/e2e/config.sh \
	tests/e2e/contexts.sh \
	tests/e2e/master.sh \
	tests/e2e/zone.sh \
	tests/e2e/control.sh \
	tests/e2e/process.sh \
	tests/e2e/access.sh \
	tests/e2e/blockers.sh \
	tests/e2e/confined.sh \
	tests/e2e/privilege.sh \
	tests/e2e/secrets.sh \
	tests/e2e/targets_limits.sh \
	tests/e2e/push.sh \
	tests/e2e/agentx.sh \
	tests/e2e/write_ntpsec.sh \
	tests/e2e/write_sim.sh \
	tests/e2e/query_check.sh \
	tests/e2e/query_check_ntpsec.sh \
	tests/e2e/query_sim.sh \
	tests/e2e/query_reports.sh \
	tests/e2e/query_reports_ntpsec.sh \
	tests/e2e/query_ntpsec.sh \
	tests/e2e/query_tty.sh \
	tests/e2e/query_write.sh \
	tests/e2e/query_watch.sh \
	tests/e2e/session/test_drain.sh \
	tests/e2e/session/test_notify.sh \
	tests/e2e/session/test_reconnect.sh \
	tests/e2e/session/test_register.sh \
	tests/e2e/session/test_repeat.sh \
	tests/e2e/session/test_roles.sh \
	tests/e2e/session/test_stall.sh

EXTRA_DIST += $(e2e_tests) tests/e2e/falseclock.c tests/e2e/agent.sh tests/e2e/write.sh tests/e2e/compare.awk tests/e2e/golden.sh tests/e2e/faults.sh tests/e2e/flatness.awk tests/e2e/ntpq.sh tests/e2e/query.sh tests/e2e/query_compare.sh tests/e2e/soak_work.sh tests/e2e/traps.sh tests/e2e/notices.sh \
	tests/e2e/session/lib.sh

.PHONY: check-e2e
check-e2e: $(check_PROGRAMS) ntp-agentxd ntp-query
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(e2e_tests)'

# The same for longer: `make soak SOAK_S=1500`, and SOAK_SAMPLES=FILE keeps what was measured.
SOAK_S = 1500
.PHONY: soak
soak: $(check_PROGRAMS) ntp-agentxd
	env srcdir='$(abs_top_srcdir)' top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' \
		SOAK_S='$(SOAK_S)' sh '$(srcdir)/tests/e2e/soak.sh'
