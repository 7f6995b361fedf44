/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of addresses, from a resolver that answers when it is told to: what is asked once
 * is remembered, what does not come is not waited for twice, and no name hurts. */
#include "support/check.h"

#include <string.h>

#include "query/names.h"

enum { ASKED_MAX = NAMES_MAX + 8 };

/* A resolver. `delay` is how many waits an answer takes. */
struct resolver {
	struct addr asked[ASKED_MAX];
	uint32_t tickets[ASKED_MAX];
	size_t n_asked, n_answered, n_waits;
	bool answers;
	bool is_closed;
	int64_t waited_ns;
	const char *name;
};

static bool
start(void *ctx, struct names *n, const struct addr *a, uint32_t ticket)
{
	struct resolver *r = ctx;

	(void)n;
	assert_int_equal(a->port, 0);
	assert_true(r->n_asked < ASKED_MAX);
	r->asked[r->n_asked] = *a;
	r->tickets[r->n_asked++] = ticket;
	return r->name == NULL || strcmp(r->name, "refused") != 0;
}

static void
answer_all(struct resolver *r, struct names *n)
{
	while (r->n_answered < r->n_asked)
		names_answer(n, r->tickets[r->n_answered++], r->name);
}

static void
wait_for_names(void *ctx, struct names *n, int64_t ns)
{
	struct resolver *r = ctx;

	r->n_waits++;
	r->waited_ns = ns;
	if (r->answers)
		answer_all(r, n);
}

static bool
close_resolver(void *ctx)
{
	struct resolver *r = ctx;

	r->is_closed = true;
	return r->n_answered == r->n_asked;
}

static struct names *
begin(struct resolver *r, const char *name)
{
	const struct names_port port = { start, wait_for_names, close_resolver, r };
	struct names *n;

	memset(r, 0, sizeof(*r));
	r->answers = true;
	r->name = name;
	n = names_new(&port);
	assert_non_null(n);
	return n;
}

static struct addr
address(uint32_t number, uint16_t port)
{
	return (struct addr){ .family = ADDR_IPV4,
		.bytes = { 10, (uint8_t)(number >> 16), (uint8_t)(number >> 8),
		    (uint8_t)number },
		.port = port };
}

static void
an_address_is_asked_for_once(void **state)
{
	static struct resolver r;
	struct names *n = begin(&r, "ntp1.example.org");
	const struct addr both[] = { address(1, 123), address(2, 0) };

	(void)state;
	assert_null(names_find(n, &both[0]));
	assert_null(names_find(NULL, &both[0]));
	names_look_up(n, both, 2);
	assert_int_equal(r.n_asked, 2);
	assert_int_equal(r.waited_ns, NAMES_BUDGET_NS);
	assert_false(names_is_waiting(n));
	assert_string_equal(names_find(n, &both[0]), "ntp1.example.org");
	names_look_up(n, both, 2);
	assert_int_equal(r.n_asked, 2);
	assert_int_equal(r.waited_ns, 0);
	const struct addr other_port = address(1, 9);
	assert_string_equal(names_find(n, &other_port), "ntp1.example.org");
	assert_true(names_free(n));
	assert_true(r.is_closed);
	assert_true(names_free(NULL));
}

static void
having_no_name_is_remembered(void **state)
{
	static struct resolver r;
	struct names *n = begin(&r, NULL);
	const struct addr a = address(1, 0);

	(void)state;
	names_look_up(n, &a, 1);
	names_look_up(n, &a, 1);
	assert_null(names_find(n, &a));
	assert_int_equal(r.n_asked, 1);
	names_free(n);
}

static void
what_comes_late_is_not_waited_for_again(void **state)
{
	static struct resolver r;
	struct names *n = begin(&r, "late.example.org");
	const struct addr a = address(1, 0);

	(void)state;
	r.answers = false;
	names_look_up(n, &a, 1);
	assert_true(names_is_waiting(n));
	assert_null(names_find(n, &a));
	names_look_up(n, &a, 1);
	assert_int_equal(r.n_asked, 1);
	assert_int_equal(r.waited_ns, 0);
	assert_false(names_is_waiting(n));
	answer_all(&r, n);
	assert_string_equal(names_find(n, &a), "late.example.org");
	/* Said again, it is no news. */
	names_answer(n, r.tickets[0], "other.example.org");
	assert_string_equal(names_find(n, &a), "late.example.org");
	names_free(n);
}

static void
a_resolver_that_cannot_is_no_harm(void **state)
{
	static struct resolver r;
	struct names *n = begin(&r, "refused");
	const struct addr a = address(1, 0);

	(void)state;
	r.answers = false;
	names_look_up(n, &a, 1);
	assert_false(names_is_waiting(n));
	assert_null(names_find(n, &a));
	assert_false(names_free(n));
}

static void
no_more_than_a_bound_is_remembered(void **state)
{
	static struct resolver r;
	static struct addr many[NAMES_MAX + 4];
	struct names *n = begin(&r, "a.example.org");
	const struct addr first = address(70000, 0);

	(void)state;
	r.answers = false;
	names_look_up(n, &first, 1);
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = address((uint32_t)i, 0);
	names_look_up(n, many, COUNT(many));
	assert_int_equal(r.n_asked, 1 + NAMES_MAX);
	/* The first one was forgotten: its answer is for nobody. */
	names_answer(n, r.tickets[0], "b.example.org");
	assert_null(names_find(n, &first));
	assert_null(names_find(n, &many[0]));
	answer_all(&r, n);
	assert_string_equal(names_find(n, &many[0]), "a.example.org");
	assert_string_equal(names_find(n, &many[NAMES_MAX - 1]), "a.example.org");
	assert_null(names_find(n, &many[NAMES_MAX]));
	assert_false(names_is_waiting(n));
	names_free(n);
}

static void
hostile_names_are_none(void **state)
{
	static const struct {
		const char *name;
		bool is_valid;
	} rows[] = {
		{ "a", true },
		{ "ntp-1.example.org", true },
		{ "ntp_1.example.org.", true },
		{ "3.pool.ntp.org", true },
		{ "xn--bcher-kva.example", true },
		{ "", false },
		{ ".", false },
		{ "a..b", false },
		{ ".a", false },
		{ "192.0.2.1", false },
		{ "ntp.7", false },
		{ "-c.example", false },
		{ "a.b-.c", false },
		{ "2001:db8::1", false },
		{ "a\x1b[2J.example", false },
		{ "a b.example", false },
		{ "a\n.example", false },
		{ "b\xc3\xbc"
		  "cher.example",
		    false },
		{ "a/../b", false },
	};
	char name[NAMES_LEN_MAX + 2];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(names_is_valid(rows[i].name), rows[i].is_valid);
	memset(name, 'a', sizeof(name));
	name[64] = '\0';
	assert_false(names_is_valid(name));
	name[63] = '\0';
	assert_true(names_is_valid(name));
	for (size_t i = 0; i < sizeof(name) - 1; i++)
		name[i] = i % 50 == 49 ? '.' : 'a';
	name[sizeof(name) - 1] = '\0';
	assert_false(names_is_valid(name));
	name[NAMES_LEN_MAX] = '\0';
	assert_true(names_is_valid(name));
}

static void
what_hosts_cannot_be_called_is_not_shown(void **state)
{
	static struct resolver r;
	struct names *n = begin(&r, "x\x1b]0;owned\x07.example");
	const struct addr a = address(1, 0);

	(void)state;
	names_look_up(n, &a, 1);
	assert_null(names_find(n, &a));
	names_free(n);
}

/* Of this machine itself, by whatever it knows: it ends, and soon. */
static void
the_system_is_asked(void **state)
{
	struct names *n = names_of_system();
	struct addr a = { .family = ADDR_IPV4, .bytes = { 127, 0, 0, 1 } };
	int64_t begun_ns = clock_monotonic_ns();
	const char *name;

	(void)state;
	assert_non_null(n);
	names_look_up(n, &a, 1);
	assert_true(clock_monotonic_ns() - begun_ns < 2 * NAMES_BUDGET_NS);
	name = names_find(n, &a);
	assert_true(!name || names_is_valid(name));
	(void)names_free(n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_asked_for_once),
		cmocka_unit_test(having_no_name_is_remembered),
		cmocka_unit_test(what_comes_late_is_not_waited_for_again),
		cmocka_unit_test(a_resolver_that_cannot_is_no_harm),
		cmocka_unit_test(no_more_than_a_bound_is_remembered),
		cmocka_unit_test(hostile_names_are_none),
		cmocka_unit_test(what_hosts_cannot_be_called_is_not_shown),
		cmocka_unit_test(the_system_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
