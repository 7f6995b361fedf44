# For the monitoring systems that ask the agent. What names the module's root is made from
# templates.

prometheusdir = $(pkgdatadir)/integrations/prometheus
dist_prometheus_DATA = \
	conf/integrations/prometheus/generator.yml \
	conf/integrations/prometheus/ntp.rules.test.yml \
	conf/integrations/prometheus/ntp.rules.yml \
	conf/integrations/prometheus/prometheus.yml
nodist_prometheus_DATA = conf/integrations/prometheus/generator-0.21.yml
grafanadir = $(pkgdatadir)/integrations/grafana
dist_grafana_DATA = conf/integrations/grafana/ntp.json
nagiosdir = $(pkgdatadir)/integrations/nagios
dist_nagios_DATA = conf/integrations/nagios/icinga2.conf conf/integrations/nagios/nagios.cfg
nodist_nagios_SCRIPTS = conf/integrations/nagios/check_ntp_agentx

# The generator of snmp_exporter 0.21 and 0.22 has no authentications, and all else alike.
conf/integrations/prometheus/generator-0.21.yml: conf/integrations/prometheus/generator.yml
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	sed -e '1s/.*/# For the generator of snmp_exporter 0.21 and 0.22. What comes out is named after the objects of the/' \
		-e '/^auths:/,/^modules:/{/^modules:/!d;}' \
		$(srcdir)/conf/integrations/prometheus/generator.yml >$@.part && mv $@.part $@
CLEANFILES += conf/integrations/prometheus/generator-0.21.yml

snmpttdir = $(pkgdatadir)/integrations/snmptt
nodist_snmptt_DATA = conf/integrations/snmptt/ntp-agentx.conf
snmptrapddir = $(pkgdatadir)/integrations/snmptrapd
nodist_snmptrapd_SCRIPTS = conf/integrations/snmptrapd/ntp-trap
EXTRA_DIST += conf/integrations/snmptt/snmptt.awk

conf/integrations/snmptt/ntp-agentx.conf: conf/integrations/snmptt/snmptt.awk mibs/NTP-AGENTX-MIB.txt mibs/NTPv4-MIB.txt
	$(AM_V_GEN)$(MKDIR_P) $(@D) && { \
	echo '# Rules of snmptt for the notifications about NTP daemons: name the file in snmptt.ini.'; \
	awk -v root=$(ENTERPRISE_OID).1 -f $(srcdir)/conf/integrations/snmptt/snmptt.awk mibs/NTP-AGENTX-MIB.txt; \
	awk -v root=1.3.6.1.2.1.197 -f $(srcdir)/conf/integrations/snmptt/snmptt.awk $(srcdir)/mibs/NTPv4-MIB.txt; \
	} >$@.part && mv $@.part $@
CLEANFILES += conf/integrations/snmptt/ntp-agentx.conf

numericdir = $(pkgdatadir)/integrations/numeric
nodist_numeric_DATA = conf/integrations/numeric/oids.csv
EXTRA_DIST += conf/integrations/numeric/oids.awk
collectddir = $(pkgdatadir)/integrations/collectd
nodist_collectd_DATA = conf/integrations/collectd/collectd.conf
telegrafdir = $(pkgdatadir)/integrations/telegraf
nodist_telegraf_DATA = conf/integrations/telegraf/telegraf.conf
librenmsdir = $(pkgdatadir)/integrations/librenms
nodist_librenms_DATA = conf/integrations/librenms/ntp-agentx.yaml
zabbixdir = $(pkgdatadir)/integrations/zabbix
nodist_zabbix_DATA = conf/integrations/zabbix/template.yaml
nodist_zabbix_SCRIPTS = conf/integrations/zabbix/ntp-trap-zabbix

conf/integrations/numeric/oids.csv: conf/integrations/numeric/oids.awk mibs/NTP-AGENTX-MIB.txt mibs/NTPv4-MIB.txt
	$(AM_V_GEN)$(MKDIR_P) $(@D) && { \
	echo object,oid,syntax,access,units; \
	awk -v root=1.3.6.1.2.1.197 -v base=ntpSnmpMIB -f $(srcdir)/conf/integrations/numeric/oids.awk \
		$(srcdir)/mibs/NTPv4-MIB.txt; \
	awk -v root=$(ENTERPRISE_OID).1 -v base=ntpAgentxMIB -f $(srcdir)/conf/integrations/numeric/oids.awk \
		mibs/NTP-AGENTX-MIB.txt; \
	} >$@.part && mv $@.part $@
CLEANFILES += conf/integrations/numeric/oids.csv
