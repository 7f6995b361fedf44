# Real consumers of what the agent serves: `make check-integrations`.

integrations_tests = \
	tests/integrations/prometheus.sh \
	tests/integrations/nagios.sh \
	tests/integrations/icinga.sh \
	tests/integrations/librenms.sh \
	tests/integrations/numbers.sh \
	tests/integrations/traps.sh \
	tests/integrations/zabbix.sh

EXTRA_DIST += $(integrations_tests) tests/integrations/common.sh tests/integrations/librenms.py \
	tests/integrations/zabbix_lab.sh

.PHONY: check-integrations
check-integrations: all $(check_PROGRAMS)
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(integrations_tests)'
