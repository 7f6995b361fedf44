unit_tests += tests/unit/test_query_out
unit_tests += tests/unit/test_words
