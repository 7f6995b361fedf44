/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers from the kernel: every bit moves. */
#include "support/check.h"

#include "base/rand.h"

static void
check_bits(rand_fn *random, void *ctx)
{
	uint32_t ones = 0, zeros = 0;

	/* A bit that stays the same 200 times by chance: once in 10^58 runs. */
	for (int i = 0; i < 200; i++) {
		uint32_t value = random(ctx);
		ones |= value;
		zeros |= ~value;
	}
	assert_int_equal(ones, UINT32_MAX);
	assert_int_equal(zeros, UINT32_MAX);
}

static void
every_bit_is_sometimes_set_and_sometimes_not(void **state)
{
	struct rand_pool pool = { .n_left = 0 };

	(void)state;
	check_bits(rand_kernel, NULL);
	check_bits(rand_pooled, &pool);
}

/* A number of the pool comes once, also when it is filled again. */
static void
pooled_numbers_do_not_repeat(void **state)
{
	struct rand_pool pool = { .n_left = 0 };
	uint32_t seen[3 * RAND_POOL_LEN];
	size_t n_same = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(seen); i++) {
		seen[i] = rand_pooled(&pool);
		for (size_t k = 0; k < i; k++)
			n_same += seen[i] == seen[k];
	}
	/* Two that are the same by chance: once in 200,000 runs; three: never. */
	assert_in_range(n_same, 0, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_bit_is_sometimes_set_and_sometimes_not),
		cmocka_unit_test(pooled_numbers_do_not_repeat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
