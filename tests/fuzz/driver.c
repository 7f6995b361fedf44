/* SPDX-License-Identifier: BSD-2-Clause */
/* Gives the inputs that are kept to a fuzz target, one after the other:
 * fuzz_NAME FILE|DIRECTORY... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/inputs.h"

/* Each in memory of its own size, so that reading past it is noticed. */
static void
run_one(void *ctx, const uint8_t *bytes, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	if (!copy)
		abort();
	if (len > 0)
		memcpy(copy, bytes, len);
	(void)LLVMFuzzerTestOneInput(copy, len);
	free(copy);
	++*(size_t *)ctx;
}

int
main(int argc, char **argv)
{
	size_t n = 0;

	for (int i = 1; i < argc; i++)
		fuzz_inputs_each(argv[i], run_one, &n);
	printf("%zu inputs\n", n);
	return n == 0;
}
