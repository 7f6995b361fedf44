/* SPDX-License-Identifier: BSD-2-Clause */
/* Hosts given as addresses need no look-up; look-ups end once, or not at all. */
#include "support/check.h"

#include "base/err.h"
#include "client/resolver.h"

static void
addresses_are_told_from_names(void **state)
{
	static const struct {
		const char *host;
		enum target_family family;
		int expected;
		enum addr_family found;
	} rows[] = {
		{ "192.0.2.1", TARGET_ANY, 1, ADDR_IPV4 },
		{ "192.0.2.1", TARGET_IPV4_ONLY, 1, ADDR_IPV4 },
		{ "192.0.2.1", TARGET_IPV6_ONLY, ERR_RANGE, ADDR_NONE },
		{ "2001:db8::1", TARGET_ANY, 1, ADDR_IPV6 },
		{ "2001:db8::1", TARGET_IPV6_ONLY, 1, ADDR_IPV6 },
		{ "2001:db8::1", TARGET_IPV4_ONLY, ERR_RANGE, ADDR_NONE },
		{ "localhost", TARGET_ANY, 0, ADDR_NONE },
		{ "192.0.2.1.example", TARGET_ANY, 0, ADDR_NONE },
		{ "", TARGET_ANY, 0, ADDR_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct addr a = { .family = ADDR_NONE };

		assert_int_equal(resolver_numeric(rows[i].host, 1123, rows[i].family, &a),
		    rows[i].expected);
		assert_int_equal(a.family, rows[i].found);
		if (rows[i].expected == 1)
			assert_int_equal(a.port, 1123);
	}
}

struct result {
	unsigned calls;
	size_t n;
	struct addr first;
};

static void
on_addresses(void *ctx, const struct addr *addrs, size_t n, const char *reason)
{
	struct result *r = ctx;

	assert_non_null(reason);
	r->calls++;
	r->n = n;
	if (n > 0)
		r->first = addrs[0];
}

static void
look_up(const char *host, enum target_family family, bool cancels, struct result *out)
{
	uv_loop_t loop;
	struct resolver *r;

	*out = (struct result){ 0 };
	assert_int_equal(uv_loop_init(&loop), 0);
	r = resolver_start(&loop, host, 1123, family, on_addresses, out);
	assert_non_null(r);
	if (cancels)
		resolver_cancel(r);
	assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static void
name_gives_addresses_of_the_family_with_the_port(void **state)
{
	struct result r;

	(void)state;
	look_up("localhost", TARGET_IPV4_ONLY, false, &r);
	assert_int_equal(r.calls, 1);
	assert_true(r.n >= 1);
	assert_int_equal(r.first.family, ADDR_IPV4);
	assert_int_equal(r.first.port, 1123);
}

/* Whether this machine has a name for one is its own affair. */
static void
name_gives_no_address_of_another_family(void **state)
{
	struct result r;

	(void)state;
	look_up("localhost", TARGET_IPV6_ONLY, false, &r);
	assert_int_equal(r.calls, 1);
	assert_true(r.n == 0 || r.first.family == ADDR_IPV6);
	look_up("127.0.0.1", TARGET_IPV6_ONLY, false, &r);
	assert_int_equal(r.calls, 1);
	assert_int_equal(r.n, 0);
}

static void
text_that_is_no_name_is_not_looked_up(void **state)
{
	struct result r = { 0 };
	uv_loop_t loop;

	(void)state;
	assert_int_equal(uv_loop_init(&loop), 0);
	assert_null(resolver_start(&loop, "\xff", 1123, TARGET_ANY, on_addresses, &r));
	assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
	assert_int_equal(uv_loop_close(&loop), 0);
	assert_int_equal(r.calls, 0);
}

static void
impossible_name_gives_none(void **state)
{
	struct result r;
	char host[81] = { 0 };

	(void)state;
	for (int i = 0; i < 80; i++)
		host[i] = 'x';
	look_up(host, TARGET_ANY, false, &r);
	assert_int_equal(r.calls, 1);
	assert_int_equal(r.n, 0);
}

static void
cancelled_look_up_is_not_heard(void **state)
{
	struct result r;

	(void)state;
	look_up("localhost", TARGET_ANY, true, &r);
	assert_int_equal(r.calls, 0);
	resolver_cancel(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_told_from_names),
		cmocka_unit_test(name_gives_addresses_of_the_family_with_the_port),
		cmocka_unit_test(name_gives_no_address_of_another_family),
		cmocka_unit_test(text_that_is_no_name_is_not_looked_up),
		cmocka_unit_test(impossible_name_gives_none),
		cmocka_unit_test(cancelled_look_up_is_not_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
