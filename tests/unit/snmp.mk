unit_tests += tests/unit/test_ask
unit_tests += tests/unit/test_session_frames
unit_tests += tests/unit/test_session_queue
unit_tests += tests/unit/test_session_notify
tests_unit_test_session_notify_SOURCES = tests/unit/test_session_notify.c \
	tests/support/alloc_fail.c tests/support/alloc_fail.h
tests_unit_test_session_notify_LDFLAGS = $(ALLOC_FAIL_LINK) \
	-Wl,--wrap=snmp_async_send,--wrap=snmp_pdu_create,--wrap=snmp_free_pdu,--wrap=send_v3trap
unit_tests += tests/unit/test_session_registrar
tests_unit_test_session_registrar_SOURCES = tests/unit/test_session_registrar.c \
	tests/support/alloc_fail.c tests/support/alloc_fail.h
tests_unit_test_session_registrar_LDFLAGS = $(ALLOC_FAIL_LINK) \
	-Wl,--wrap=snmp_async_send,--wrap=snmp_pdu_create,--wrap=snmp_pdu_add_variable \
	-Wl,--wrap=snmp_free_pdu,--wrap=clock_monotonic_ns
unit_tests += tests/unit/test_control
unit_tests += tests/unit/test_config_line
component_tests += tests/component/test_config
unit_tests += tests/unit/test_session_access
unit_tests += tests/unit/test_engine
unit_tests += tests/unit/test_heartbeat
unit_tests += tests/unit/test_agentx_mib
unit_tests += tests/unit/test_agentx_autokey
unit_tests += tests/unit/test_agentx_clocks
unit_tests += tests/unit/test_agentx_counters
unit_tests += tests/unit/test_agentx_filters
unit_tests += tests/unit/test_agentx_notices
unit_tests += tests/unit/test_agentx_notify
unit_tests += tests/unit/test_agentx_notify_text
unit_tests += tests/unit/test_agentx_peer_autokey
unit_tests += tests/unit/test_agentx_peers
unit_tests += tests/unit/test_agentx_system
unit_tests += tests/unit/test_agentx_peer_history
unit_tests += tests/unit/test_fleet
tests_unit_test_fleet_SOURCES = tests/unit/test_fleet.c tests/support/mem_watch.c tests/support/mem_watch.h
tests_unit_test_fleet_LDFLAGS = $(MEM_WATCH_LINK)
unit_tests += tests/unit/test_mib_form
unit_tests += tests/unit/test_mib_index
unit_tests += tests/unit/test_mib_map
unit_tests += tests/unit/test_mib_conform
unit_tests += tests/unit/test_notify
unit_tests += tests/unit/test_ntpv4_mib
unit_tests += tests/unit/test_pins
unit_tests += tests/unit/test_print
unit_tests += tests/unit/test_put
component_tests += tests/component/test_golden_agentx
component_tests += tests/component/test_golden_walk
component_tests += tests/component/test_handler
component_tests += tests/component/test_handler_set
component_tests += tests/component/test_handler_write
component_tests += tests/component/test_persist
libtestsupport_a_SOURCES += tests/support/agent_bench.c tests/support/agent_bench.h
libtestsupport_a_SOURCES += tests/support/cells.c tests/support/cells.h
libtestsupport_a_SOURCES += tests/support/fleet_fixture.c tests/support/fleet_fixture.h
libtestsupport_a_SOURCES += tests/support/mib_text.c tests/support/mib_text.h
libtestsupport_a_SOURCES += tests/support/mib_walk.c tests/support/mib_walk.h
libtestsupport_a_SOURCES += tests/support/notify_sink.c tests/support/notify_sink.h
libtestsupport_a_SOURCES += tests/support/peer_cells.c tests/support/peer_cells.h
libtestsupport_a_SOURCES += tests/support/snapshot_fixture.c tests/support/snapshot_fixture.h \
	tests/support/system_of.h
libtestsupport_a_SOURCES += tests/support/toy_module.c tests/support/toy_module.h
EXTRA_DIST += tests/golden tests/mibs
