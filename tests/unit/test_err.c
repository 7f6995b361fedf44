/* SPDX-License-Identifier: BSD-2-Clause */
/* Every error code has a text of its own. */
#include "support/check.h"

#include <limits.h>
#include <string.h>

#include "base/err.h"

static void
every_code_has_a_text_of_its_own(void **state)
{
	(void)state;
	for (int a = ERR_FULL; a <= 0; a++) {
		assert_string_not_equal(err_text(a), "");
		assert_string_not_equal(err_text(a), err_text(1));
		for (int b = ERR_FULL; b < a; b++)
			assert_string_not_equal(err_text(a), err_text(b));
	}
}

static void
texts_are_short_and_lower_case(void **state)
{
	(void)state;
	for (int code = ERR_FULL; code <= 0; code++) {
		const char *text = err_text(code);
		assert_true(strlen(text) < 40);
		for (; *text != '\0'; text++)
			assert_true(*text == ' ' || (*text >= 'a' && *text <= 'z'));
	}
}

static void
unknown_codes_have_a_text(void **state)
{
	static const int codes[] = { 1, 2, ERR_FULL - 1, INT_MAX, INT_MIN };

	(void)state;
	for (size_t i = 0; i < COUNT(codes); i++)
		assert_string_equal(err_text(codes[i]), "unknown error");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_a_text_of_its_own),
		cmocka_unit_test(texts_are_short_and_lower_case),
		cmocka_unit_test(unknown_codes_have_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
