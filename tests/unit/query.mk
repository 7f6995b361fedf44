unit_tests += tests/unit/test_check
unit_tests += tests/unit/test_command
unit_tests += tests/unit/test_cooked
unit_tests += tests/unit/test_mru
unit_tests += tests/unit/test_ordlist
unit_tests += tests/unit/test_names
unit_tests += tests/unit/test_query_options
unit_tests += tests/unit/test_query_out
unit_tests += tests/unit/test_report
unit_tests += tests/unit/test_query_table
unit_tests += tests/unit/test_talk
unit_tests += tests/unit/test_time_packet
unit_tests += tests/unit/test_watch_events
unit_tests += tests/unit/test_words

libtestsupport_a_SOURCES += tests/support/query_bench.c tests/support/query_bench.h
component_tests += tests/component/test_query_billboard
component_tests += tests/component/test_query_commands
