/* SPDX-License-Identifier: BSD-2-Clause */
/* What a writer would send at all, and the records it keeps. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "client/writer.h"
#include "support/client_bench.h"

/* The allocator of this program fails when told to. */
static bool memory_is_out;

void *
mem_calloc(size_t count, size_t size)
{
	return memory_is_out ? NULL : calloc(count ? count : 1, size ? size : 1);
}

void *
mem_resize(void *old, size_t count, size_t size)
{
	return memory_is_out ? NULL : realloc(old, count * size);
}

void
mem_free(void *ptr)
{
	free(ptr);
}

/* Here so that the library's own are not linked beside those above. */
char *
mem_strndup(const char *text, size_t len)
{
	return memory_is_out ? NULL : strndup(text, len);
}

char *
mem_strdup(const char *text)
{
	return memory_is_out ? NULL : strdup(text);
}

struct fixture {
	struct client_bench b;
	struct m6_keys *keys;
	const struct m6_key *key;
	struct writer *w;
	unsigned n_recorded, n_submitted;
};

static void
count_recorded(void *ctx)
{
	((struct fixture *)ctx)->n_recorded++;
}

static void
count_submitted(void *ctx)
{
	((struct fixture *)ctx)->n_submitted++;
}

static void
setup(struct fixture *f)
{
	const struct writer_port port = { count_submitted, count_recorded, f };

	memset(f, 0, sizeof(*f));
	bench_setup(&f->b);
	f->keys = bench_keys();
	f->key = m6_keys_find(f->keys, 1);
	f->w = writer_new(f->b.client, &port);
	assert_non_null(f->w);
}

static void
teardown(struct fixture *f)
{
	writer_free(f->w);
	m6_client_free(f->b.client);
	m6_keys_free(f->keys);
}

static enum ntp_write_result
check(const struct fixture *f, uint16_t assoc, const char *name)
{
	return writer_check(f->w, assoc, name, strlen(name));
}

static void
what_would_not_be_sent_is_told_and_why(void **state)
{
	static const struct {
		enum target_write allowed;
		bool has_key;
		uint16_t assoc;
		const char *name;
		enum ntp_write_result result;
	} rows[] = {
		{ TARGET_WRITE_OFF, true, 0, "site", NTP_WRITE_NOT_ALLOWED },
		{ TARGET_WRITE_VARIABLES, false, 0, "site", NTP_WRITE_NO_KEY },
		{ TARGET_WRITE_VARIABLES, true, 0, "site", NTP_WRITE_DONE },
		{ TARGET_WRITE_VARIABLES, true, 0, "si te", NTP_WRITE_NOT_CARRIED },
		{ TARGET_WRITE_VARIABLES, true, 7, "site", NTP_WRITE_PERMISSION },
		{ TARGET_WRITE_VARIABLES, true, 7, "", NTP_WRITE_NOT_CARRIED },
		{ TARGET_WRITE_VARIABLES, true, 0, "leap", NTP_WRITE_PERMISSION },
		{ TARGET_WRITE_SETVAR, true, 0, "settimeofday", NTP_WRITE_PERMISSION },
		{ TARGET_WRITE_SETVAR, true, 0, "", NTP_WRITE_NOT_ALLOWED },
		{ TARGET_WRITE_CONFIGURE, true, 0, "", NTP_WRITE_DONE },
		{ TARGET_WRITE_CONFIGURE, false, 0, "", NTP_WRITE_NO_KEY },
		{ TARGET_WRITE_CONFIGURE, true, 0, "site", NTP_WRITE_DONE },
	};
	struct fixture f;

	(void)state;
	setup(&f);
	assert_int_equal(check(&f, 0, "site"), NTP_WRITE_NOT_ALLOWED);
	for (size_t i = 0; i < COUNT(rows); i++) {
		writer_allow(f.w, rows[i].allowed, rows[i].has_key ? f.key : NULL);
		assert_int_equal(check(&f, rows[i].assoc, rows[i].name), rows[i].result);
	}
	assert_int_equal(f.b.n_sent, 0);
	assert_int_equal(f.n_submitted, 0);
	teardown(&f);
}

static void
note(struct fixture *f, uint16_t assoc, const char *name, int64_t wall_ns)
{
	writer_note(f->w, assoc, name, strlen(name), NTP_WRITE_NOT_ALLOWED, wall_ns);
}

static bool
is_named(const struct ntp_write_record *r, uint16_t assoc, const char *name)
{
	return r->assoc == assoc && r->name_len == strlen(name) &&
	    memcmp(r->name, name, r->name_len) == 0;
}

static void
records_stand_in_the_order_of_rows(void **state)
{
	static const char *const names[] = { "", "b", "aa", "ab", "zzz", "aaaa" };
	static const size_t order[] = { 3, 0, 5, 2, 4, 1 };
	const struct ntp_write_record *records;
	struct fixture f;
	size_t n;

	(void)state;
	setup(&f);
	records = writer_records(f.w, &n);
	assert_int_equal(n, 0);
	for (size_t i = 0; i < COUNT(names); i++) {
		note(&f, 1, names[order[i]], 5);
		note(&f, 0, names[order[i]], 5);
	}
	assert_int_equal(f.n_recorded, 2 * COUNT(names));
	records = writer_records(f.w, &n);
	assert_int_equal(n, 2 * COUNT(names));
	for (size_t i = 0; i < n; i++)
		assert_true(is_named(&records[i], i < COUNT(names) ? 0 : 1,
		    names[i % COUNT(names)]));
	teardown(&f);
}

static void
last_write_of_a_name_is_what_is_kept(void **state)
{
	const struct ntp_write_record *records;
	struct fixture f;
	size_t n;

	(void)state;
	setup(&f);
	note(&f, 0, "a", 1);
	note(&f, 0, "b", 2);
	writer_note(f.w, 0, "a", 1, NTP_WRITE_NO_KEY, 3);
	records = writer_records(f.w, &n);
	assert_int_equal(n, 2);
	assert_true(is_named(&records[0], 0, "a"));
	assert_int_equal(records[0].result, NTP_WRITE_NO_KEY);
	assert_int_equal(records[0].wall_ns, 3);
	assert_int_equal(records[0].detail_len, 0);
	assert_true(is_named(&records[1], 0, "b"));
	/* What was learned of the daemon is forgotten, not what was done. */
	writer_forget(f.w);
	(void)writer_records(f.w, &n);
	assert_int_equal(n, 2);
	teardown(&f);
}

static void
oldest_record_makes_room(void **state)
{
	const struct ntp_write_record *records;
	struct fixture f;
	char name[16];
	size_t n;

	(void)state;
	setup(&f);
	for (int i = 0; i < WRITER_RECORDS_MAX; i++) {
		snprintf(name, sizeof(name), "n%02d", i);
		note(&f, 0, name, i == 40 ? -1 : i);
	}
	(void)writer_records(f.w, &n);
	assert_int_equal(n, WRITER_RECORDS_MAX);
	note(&f, 0, "n99", 100); /* for n40 */
	note(&f, 0, "n00a", 101);
	note(&f, 0, "a", 102);
	records = writer_records(f.w, &n);
	assert_int_equal(n, WRITER_RECORDS_MAX);
	assert_true(is_named(&records[0], 0, "a"));
	assert_true(is_named(&records[1], 0, "n02"));
	assert_true(is_named(&records[n - 2], 0, "n99"));
	assert_true(is_named(&records[n - 1], 0, "n00a"));
	for (size_t i = 0; i < n; i++)
		assert_false(is_named(&records[i], 0, "n40"));
	teardown(&f);
}

static void
names_that_fit_no_record_are_not_recorded(void **state)
{
	char name[NTP_WRITE_NAME_MAX + 1];
	struct fixture f;
	size_t n;

	(void)state;
	setup(&f);
	memset(name, 'n', sizeof(name));
	writer_note(f.w, 0, name, sizeof(name), NTP_WRITE_NOT_CARRIED, 1);
	(void)writer_records(f.w, &n);
	assert_int_equal(n, 0);
	writer_note(f.w, 0, name, NTP_WRITE_NAME_MAX, NTP_WRITE_NOT_ALLOWED, 1);
	(void)writer_records(f.w, &n);
	assert_int_equal(n, 1);
	teardown(&f);
}

/* Without memory for one more, the oldest goes; the first one is lost. */
static void
records_do_without_memory(void **state)
{
	const struct ntp_write_record *records;
	struct fixture f;
	char name[16];
	size_t n;

	(void)state;
	setup(&f);
	memory_is_out = true;
	note(&f, 0, "lost", 1);
	assert_int_equal(f.n_recorded, 0);
	(void)writer_records(f.w, &n);
	assert_int_equal(n, 0);
	memory_is_out = false;
	note(&f, 0, "n0", 0);
	memory_is_out = true;
	for (int i = 1; i < 10; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		note(&f, 0, name, i);
	}
	records = writer_records(f.w, &n);
	assert_int_equal(n, 4);
	assert_true(is_named(&records[0], 0, "n6"));
	assert_true(is_named(&records[3], 0, "n9"));
	assert_null(writer_new(f.b.client, &(struct writer_port){ 0 }));
	memory_is_out = false;
	teardown(&f);
	writer_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_would_not_be_sent_is_told_and_why),
		cmocka_unit_test(records_stand_in_the_order_of_rows),
		cmocka_unit_test(last_write_of_a_name_is_what_is_kept),
		cmocka_unit_test(oldest_record_makes_room),
		cmocka_unit_test(names_that_fit_no_record_are_not_recorded),
		cmocka_unit_test(records_do_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
