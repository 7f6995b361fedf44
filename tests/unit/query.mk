unit_tests += tests/unit/test_command
unit_tests += tests/unit/test_cooked
unit_tests += tests/unit/test_mru
unit_tests += tests/unit/test_query_options
unit_tests += tests/unit/test_query_out
unit_tests += tests/unit/test_report
unit_tests += tests/unit/test_talk
unit_tests += tests/unit/test_words
