/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers from the kernel: every bit moves. */
#include "support/check.h"

#include "base/rand.h"

static void
every_bit_is_sometimes_set_and_sometimes_not(void **state)
{
	uint32_t ones = 0, zeros = 0;

	(void)state;
	/* A bit that stays the same 200 times by chance: once in 10^58 runs. */
	for (int i = 0; i < 200; i++) {
		uint32_t value = rand_kernel(NULL);
		ones |= value;
		zeros |= ~value;
	}
	assert_int_equal(ones, UINT32_MAX);
	assert_int_equal(zeros, UINT32_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_bit_is_sometimes_set_and_sometimes_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
