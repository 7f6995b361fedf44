/* SPDX-License-Identifier: BSD-2-Clause */
/* The key of a link that may write is tried when the daemon answers. */
#include "support/check.h"

#include <limits.h>
#include <string.h>

#include "mode6/auth.h"
#include "support/client_bench.h"
#include "support/link_bench.h"

enum {
	CYCLES_MAX = 20, /* of a second each */
};

/* How the daemon takes a signed write of nothing. */
struct taking {
	const struct m6_key *key; /* it knows; its answers are signed when that fits */
	uint8_t error;            /* 0: none */
	bool is_unsigned;
	unsigned n_lost; /* so many tries */
};

struct key_link {
	struct link_bench *b;
	struct m6_keys *keys;
	struct taking taking;
	char said[LOG_LINE_MAX]; /* the last line about the key */
	unsigned n_said;
};

static void
send_empty(struct fake_daemon *d, const struct m6_packet *request, uint8_t error,
    bool is_signed)
{
	const struct taking *t = d->script;
	struct m6_header head = request->head;
	uint8_t bytes[M6_DATAGRAM_MAX];
	size_t len = 0;

	head.is_response = true;
	head.is_error = error != 0;
	head.status = (uint16_t)(error << 8);
	assert_int_equal(m6_packet_encode(&head, "", 0, bytes, sizeof(bytes), &len), 0);
	if (is_signed)
		assert_int_equal(
		    m6_mac_append(t->key, M6_MAC_ALIGN_8, bytes, sizeof(bytes), &len), 0);
	fake_send_bytes(d, bytes, len, 0);
}

static bool
answer(struct fake_daemon *d, const struct m6_packet *request)
{
	struct taking *t = d->script;
	bool fits;

	if (request->head.op != M6_OP_WRITEVAR)
		return false;
	if (t->n_lost > 0) {
		t->n_lost--;
		return true;
	}
	fits = m6_mac_verify(t->key, d->last_bytes, d->last_len) == M6_MAC_VALID;
	if (!fits && !t->is_unsigned)
		fake_send_error(d, request, M6_ERROR_PERMISSION);
	else
		send_empty(d, request, t->error, !t->is_unsigned);
	return true;
}

static void
on_log(void *ctx, enum log_level level, const char *line)
{
	struct key_link *k = ctx;

	if (!strstr(line, "writing will fail"))
		return;
	assert_int_equal(level, LOG_LEVEL_WARNING);
	strcpy(k->said, line);
	k->n_said++;
}

static void
setup(struct key_link *k, enum target_write write)
{
	struct target t;

	memset(k, 0, sizeof(*k));
	k->b = link_bench_start();
	k->keys = bench_keys();
	k->b->log = (struct logger){ on_log, k };
	k->taking.key = m6_keys_find(k->keys, 1);
	k->b->server.d.answer = answer;
	k->b->server.d.script = &k->taking;
	t = link_bench_target(k->b, "127.0.0.1");
	t.write = write;
	t.control_key = 1;
	k->b->link = link_new(&k->b->loop, &t, &k->b->log, link_bench_on_change, k->b);
	assert_non_null(k->b->link);
}

static void
teardown(struct key_link *k)
{
	link_free(k->b->link);
	k->b->link = NULL;
	link_bench_stop(k->b);
	m6_keys_free(k->keys);
}

static size_t
tries(const struct key_link *k)
{
	return k->b->server.d.n_key_tries;
}

static void
run_cycles(struct key_link *k, unsigned n)
{
	link_bench_run(k->b, k->b->calls + n);
}

/* Once, however many cycles there are; again for other keys, and after a restart. */
static void
key_is_tried_once(void **state)
{
	struct key_link k;

	(void)state;
	setup(&k, TARGET_WRITE_VARIABLES);
	link_allow_writes(k.b->link, k.taking.key);
	run_cycles(&k, 4);
	assert_int_equal(tries(&k), 1);
	assert_int_equal(k.n_said, 0);
	link_allow_writes(k.b->link, k.taking.key);
	run_cycles(&k, 3);
	assert_int_equal(tries(&k), 2);
	fake_restart(&k.b->server.d);
	run_cycles(&k, 3);
	assert_int_equal(tries(&k), 3);
	teardown(&k);
}

static void
what_is_not_to_be_written_with_is_not_tried(void **state)
{
	struct key_link k;

	(void)state;
	setup(&k, TARGET_WRITE_OFF);
	link_allow_writes(k.b->link, k.taking.key);
	run_cycles(&k, 3);
	assert_int_equal(tries(&k), 0);
	teardown(&k);
	setup(&k, TARGET_WRITE_CONFIGURE);
	link_allow_writes(k.b->link, NULL);
	run_cycles(&k, 3);
	assert_int_equal(tries(&k), 0);
	teardown(&k);
}

static void
refusal_is_told_with_its_reason(void **state)
{
	static const struct {
		uint8_t error;
		bool has_other_key, is_unsigned;
		const char *said; /* NULL: nothing */
	} rows[] = {
		{ 0, true, false, "the daemon does not take key 1, so writing" },
		{ M6_ERROR_PERMISSION, false, false,
		    "takes, but not for writing, key 1, so writing will fail: check that "
		    "it "
		    "names it in \"controlkey\"" },
		{ 0, false, true, "the daemon does not sign with key 1" },
		{ M6_ERROR_BADOP, false, false, NULL },
		{ M6_ERROR_BADOP, false, true, NULL },
		{ M6_ERROR_PERMISSION, false, true, "does not take key 1" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct key_link k;

		setup(&k, TARGET_WRITE_VARIABLES);
		k.taking.error = rows[i].error;
		k.taking.is_unsigned = rows[i].is_unsigned;
		if (rows[i].has_other_key)
			k.taking.key = m6_keys_find(k.keys, 2);
		link_allow_writes(k.b->link, m6_keys_find(k.keys, 1));
		run_cycles(&k, 3);
		assert_int_equal(tries(&k), 1);
		assert_int_equal(k.n_said, rows[i].said != NULL);
		if (rows[i].said)
			assert_non_null(strstr(k.said, rows[i].said));
		teardown(&k);
	}
}

static void
run_until_tries(struct key_link *k, size_t n)
{
	for (unsigned i = 0; i < CYCLES_MAX && tries(k) < n; i++)
		run_cycles(k, 1);
	assert_int_equal(tries(k), n);
}

static void
try_that_is_lost_is_repeated(void **state)
{
	struct key_link k;

	(void)state;
	setup(&k, TARGET_WRITE_VARIABLES);
	k.taking.n_lost = 2;
	k.taking.key = m6_keys_find(k.keys, 2);
	link_allow_writes(k.b->link, m6_keys_find(k.keys, 1));
	run_until_tries(&k, 3);
	run_cycles(&k, 1);
	assert_int_equal(k.n_said, 1);
	assert_int_equal(tries(&k), 3);
	teardown(&k);
}

/* Silence has many reasons: it is no refusal, and no reason to try for ever. */
static void
silence_ends_the_tries(void **state)
{
	struct key_link k;

	(void)state;
	setup(&k, TARGET_WRITE_VARIABLES);
	k.taking.n_lost = UINT_MAX;
	link_allow_writes(k.b->link, k.taking.key);
	run_until_tries(&k, 3);
	run_cycles(&k, 5);
	assert_int_equal(tries(&k), 3);
	assert_int_equal(k.n_said, 0);
	teardown(&k);
}

/* The key of a request goes when the keys are read anew. */
static void
key_that_is_withdrawn_is_used_no_more(void **state)
{
	struct key_link k;
	size_t n;

	(void)state;
	setup(&k, TARGET_WRITE_VARIABLES);
	k.taking.n_lost = UINT_MAX;
	link_allow_writes(k.b->link, k.taking.key);
	run_cycles(&k, 2);
	n = tries(&k);
	assert_in_range(n, 1, 2);
	link_allow_writes(k.b->link, NULL);
	m6_keys_free(k.keys);
	k.keys = NULL;
	run_cycles(&k, 3);
	assert_int_equal(tries(&k), n);
	teardown(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_is_tried_once),
		cmocka_unit_test(what_is_not_to_be_written_with_is_not_tried),
		cmocka_unit_test(refusal_is_told_with_its_reason),
		cmocka_unit_test(try_that_is_lost_is_repeated),
		cmocka_unit_test(silence_ends_the_tries),
		cmocka_unit_test(key_that_is_withdrawn_is_used_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
