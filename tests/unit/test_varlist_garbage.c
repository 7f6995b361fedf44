/* SPDX-License-Identifier: BSD-2-Clause */
/* Garbage: whatever the payload, the walk ends, and its items lie inside. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "mode6/varlist.h"
#include "support/recording.h"

static const char *const recordings[] = {
	"tests/recordings/ntpd-4.2.8p15-client.txt",
	"tests/recordings/ntpd-4.2.8p15-server.txt",
	"tests/recordings/ntpsec-1.2.2-client.txt",
	"tests/recordings/ntpsec-1.2.2-server.txt",
};

/* What holds for every item of every list. */
static void
check_item(const struct m6_var *var, const char *start, const char *end)
{
	assert_true(var->name >= start && var->name < end);
	assert_in_range(var->name_len, 1, M6_NAME_MAX);
	assert_true(var->name_len <= (size_t)(end - var->name));
	for (size_t i = 0; i < var->name_len; i++)
		assert_true(var->name[i] > ' ' && var->name[i] < 0x7f &&
		    strchr("\",=", var->name[i]) == NULL);
	if (var->value == NULL) {
		assert_int_equal(var->value_len, 0);
		assert_false(var->is_quoted);
		return;
	}
	assert_true(var->value > var->name && var->value <= end);
	assert_in_range(var->value_len, 0, M6_VALUE_MAX);
	assert_true(var->value_len <= (size_t)(end - var->value));
	if (var->is_quoted) {
		assert_int_equal(var->value[-1], '"');
		assert_int_equal(var->value[var->value_len], '"');
	}
}

/* Walks a copy that ends where the payload ends. */
static void
walk(const void *payload, size_t len)
{
	char *copy = malloc(len > 0 ? len : 1);
	const char *last_end = copy;
	struct m6_var var;
	unsigned n = 0;

	assert_non_null(copy);
	if (len > 0)
		memcpy(copy, payload, len);
	struct m6_varlist list = m6_varlist_start(copy, len);
	while (m6_varlist_next(&list, &var)) {
		check_item(&var, copy, copy + len);
		assert_true(var.name >= last_end);
		last_end = var.value != NULL ? var.value + var.value_len
					     : var.name + var.name_len;
		n++;
	}
	assert_true(n <= M6_ITEMS_MAX);
	assert_false(m6_varlist_next(&list, &var));
	free(copy);
}

/* A tokenizer that looks ahead again and again would need hours for these. */
static void
a_megabyte_of_malice_is_walked_in_no_time(void **state)
{
	static const char *const patterns[] = {
		"=\"",
		"=\", ",
		"\"",
		", \"",
		"=\"\"",
		"= ",
		"=\"x ",
		" \" ",
		",",
		"x,",
		"=,",
		"=\" , ",
		"a=\"\r\n, ",
		"=\"\" x, ",
		"=\"          , ",
		"aaaaaaaaaaaaaaaaaaa",
	};
	enum { LEN = 1 << 20 };
	char *payload = malloc(LEN);

	(void)state;
	assert_non_null(payload);
	for (size_t i = 0; i < COUNT(patterns); i++) {
		size_t pattern_len = strlen(patterns[i]);
		for (size_t at = 0; at < LEN; at++)
			payload[at] = patterns[i][at % pattern_len];
		walk(payload, LEN);
	}
	free(payload);
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* One change somewhere: a byte that means something, any byte, a piece cut out, a piece
 * doubled. Returns the new length. */
static size_t
mutate(uint8_t *text, size_t len, size_t cap, uint32_t *seed)
{
	static const char meaningful[] = ",,,,\"\"\"\"===  \r\n\t";
	size_t at = len > 0 ? next_random(seed) % len : 0;
	size_t n = next_random(seed) % 20;

	if (len == 0)
		return 0;
	switch (next_random(seed) % 5) {
	case 0:
	case 1:
		text[at] = (uint8_t)meaningful[next_random(seed) % sizeof(meaningful)];
		return len;
	case 2:
		text[at] = (uint8_t)next_random(seed);
		return len;
	case 3:
		n = n > len - at ? len - at : n;
		memmove(text + at, text + at + n, len - at - n);
		return len - n;
	default:
		if (len + n > cap || n > len - at)
			return len;
		memmove(text + at + n, text + at, len - at);
		return len + n;
	}
}

static void
walk_mutations(const struct recording *rec, uint32_t seed, unsigned n)
{
	uint8_t text[4096];

	for (unsigned i = 0; i < n; i++) {
		const struct recorded_exchange *ex =
		    &rec->exchanges[next_random(&seed) % rec->n_exchanges];
		size_t len = ex->data_len;
		assert_true(len <= sizeof(text));
		if (len > 0)
			memcpy(text, ex->data, len);
		for (unsigned m = next_random(&seed) % 30; m > 0; m--)
			len = mutate(text, len, sizeof(text), &seed);
		walk(text, len);
	}
}

static void
mutated_recordings_never_lead_outside(void **state)
{
	(void)state;
	for (size_t f = 0; f < COUNT(recordings); f++) {
		struct recording *rec = recording_load(recordings[f]);
		assert_non_null(rec);
		for (uint32_t seed = 1; seed <= 5; seed++)
			walk_mutations(rec, seed * 2654435761U, 5000);
		recording_free(rec);
	}
}

static void
noise_of_meaningful_bytes_never_leads_outside(void **state)
{
	static const char bytes[] = "ab1=\",, \r\n\xff";
	uint32_t seed = 12345;

	(void)state;
	for (unsigned i = 0; i < 50000; i++) {
		char text[48];
		size_t len = next_random(&seed) % (sizeof(text) + 1);
		for (size_t j = 0; j < len; j++)
			text[j] = bytes[next_random(&seed) % sizeof(bytes)];
		walk(text, len);
	}
}

static void
rows_of_items_may_be_longer(void **state)
{
	static char payload[(M6_ITEMS_LONG_MAX + 10) * 3];
	struct m6_var var;
	unsigned n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(payload); i += 3)
		memcpy(payload + i, "x, ", 3);
	struct m6_varlist list = m6_varlist_start_long(payload, sizeof(payload));
	while (m6_varlist_next(&list, &var))
		n++;
	assert_int_equal(n, M6_ITEMS_LONG_MAX);
	list = m6_varlist_start_long(NULL, 0);
	assert_false(m6_varlist_next(&list, &var));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_items_may_be_longer),
		cmocka_unit_test(a_megabyte_of_malice_is_walked_in_no_time),
		cmocka_unit_test(mutated_recordings_never_lead_outside),
		cmocka_unit_test(noise_of_meaningful_bytes_never_leads_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
