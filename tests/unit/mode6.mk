unit_tests += tests/unit/test_packet
unit_tests += tests/unit/test_reassembly
unit_tests += tests/unit/test_status
unit_tests += tests/unit/test_varlist
unit_tests += tests/unit/test_varlist_garbage
unit_tests += tests/unit/test_auth
libtestsupport_a_SOURCES += tests/support/hex.c tests/support/hex.h
