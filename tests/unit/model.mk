unit_tests += tests/unit/test_diff
unit_tests += tests/unit/test_ntp_time
unit_tests += tests/unit/test_peer
unit_tests += tests/unit/test_snapshot
unit_tests += tests/unit/test_system
unit_tests += tests/unit/test_target
unit_tests += tests/unit/test_totals
unit_tests += tests/unit/test_vars
