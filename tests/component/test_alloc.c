/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole scenarios of the agent with memory that runs out at every allocation, once or
 * from there on: nothing leaks, nothing is shown or written half, and when there is
 * memory again all is well by itself. Every few allocations only, unless ALLOC_STEP says
 * 1 (`make check-alloc`). */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "client/keyfile.h"
#include "client/store.h"
#include "daemon/targets_impl.h"
#include "snmp/agentx_agent.h"
#include "snmp/agentx_mib.h"
#include "snmp/ntpv4_mib.h"
#include "snmp/persist.h"
#include "support/alloc_fail.h"
#include "support/fake_daemon.h"
#include "support/link_bench.h"
#include "support/mib_walk.h"
#include "support/write_bench.h"

#define INTERVAL_NS (15 * NS_PER_S)

/* --- a poll, to all that is served of it -------------------------------------------- */

struct polling {
	struct fake_daemon d;
	struct poller *poller;
	struct store *store;
	unsigned n_cycles, n_good;
};

/* As a link does it: without memory nothing is said of the daemon. */
static void
on_cycle(void *ctx, const struct poller_result *r)
{
	struct polling *p = ctx;

	p->n_cycles++;
	p->n_good += r->snapshot != NULL;
	if (r->snapshot)
		store_publish(p->store, r->snapshot, r->now_ns);
	else if (r->state != TARGET_UNKNOWN)
		(void)store_fail(p->store, r->state, r->now_ns, r->wall_ns);
}

static const struct mib_agent no_agent;
static const struct snapshot nothing = { .refs = 1 };

/* The names of everything that is served of the snapshot; false without memory. */
static bool
list(struct snapshot *s, struct mib_listing out[2])
{
	static struct mib_control control;
	struct target about;
	struct fleet_source from = { .target = &about,
		.snapshot = s,
		.control = &control };
	struct fleet_target *t;
	struct fleet *f;

	mib_control_init(&control);
	target_init(&about);
	memcpy(about.name, "t", 2);
	t = fleet_target_new(&from);
	f = t ? fleet_new(&t, 1) : NULL;
	if (f) {
		const struct mib_view view = { &nothing, &no_agent, f };

		out[0] =
		    mib_listing_of(&ntpv4_mib, &(struct mib_view){ s, &no_agent, NULL });
		out[1] = mib_listing_of(&agentx_mib, &view);
		mib_check_walk(&agentx_mib, &view, &out[1]);
	}
	fleet_target_unref(t);
	fleet_unref(f);
	return f != NULL;
}

static void
free_lists(struct mib_listing lists[2])
{
	mib_listing_free(&lists[0]);
	mib_listing_free(&lists[1]);
}

static void
assert_same_names(const struct mib_listing a[2], const struct mib_listing b[2])
{
	for (int m = 0; m < 2; m++) {
		for (size_t i = 0; i < a[m].n && i < b[m].n; i++)
			if (mib_oid_compare(a[m].items[i].name.ids,
				a[m].items[i].name.len, b[m].items[i].name.ids,
				b[m].items[i].name.len) != 0)
				fail_msg("'%s' where '%s' was", b[m].items[i].line,
				    a[m].items[i].line);
		assert_int_equal(a[m].n, b[m].n);
	}
}

static void
start_polling(struct polling *p)
{
	memset(p, 0, sizeof(*p));
	fake_init(&p->d);
	fake_set_assocs(&p->d, 4, 1);
	p->d.unknown[p->d.n_unknown++] = "flash";
	p->store = store_new(3 * INTERVAL_NS, NULL, NULL);
	p->poller = poller_new(fake_client(&p->d), INTERVAL_NS, on_cycle, p);
	assert_non_null(p->poller);
	p->d.poller = p->poller;
	/* Each group of variables has had its turn. */
	fake_run(&p->d, (POLLER_SLOW_CYCLES + 2) * INTERVAL_NS);
	assert_int_equal(p->n_good, p->n_cycles);
}

static void
stop_polling(struct polling *p)
{
	poller_free(p->poller);
	m6_client_free(p->d.client);
	fake_fini(&p->d);
	store_free(p->store);
}

static bool
poll_and_walk(void *ctx, const struct alloc_case *c)
{
	struct mib_listing whole[2], now[2];
	struct polling p;
	unsigned n_good;
	bool has_failed;

	(void)ctx;
	start_polling(&p);
	assert_true(list(store_current(p.store), whole));
	alloc_fail_at(c->n, c->kind);
	fake_run(&p.d, INTERVAL_NS);
	if (list(store_current(p.store), now)) {
		assert_same_names(whole, now);
		free_lists(now);
	}
	has_failed = alloc_fail_end();
	n_good = p.n_good;
	fake_run(&p.d, 2 * INTERVAL_NS);
	assert_true(p.n_good > n_good);
	assert_true(list(store_current(p.store), now));
	assert_same_names(whole, now);
	free_lists(now);
	free_lists(whole);
	stop_polling(&p);
	return has_failed;
}

/* Everything is to be learned anew, as of another daemon: what turns up late comes late,
 * but all of it comes. */
static bool
learn_anew(void *ctx, const struct alloc_case *c)
{
	struct mib_listing whole[2], now[2];
	struct polling p;
	bool has_failed;

	(void)ctx;
	start_polling(&p);
	assert_true(list(store_current(p.store), whole));
	poller_forget(p.poller);
	alloc_fail_at(c->n, c->kind);
	fake_run(&p.d, INTERVAL_NS);
	has_failed = alloc_fail_end();
	fake_run(&p.d, (POLLER_SLOW_CYCLES + 2) * INTERVAL_NS);
	assert_true(list(store_current(p.store), now));
	assert_same_names(whole, now);
	free_lists(now);
	free_lists(whole);
	stop_polling(&p);
	return has_failed;
}

static void
a_poll_shows_the_old_picture_or_the_new_one(void **state)
{
	(void)state;
	assert_true(alloc_fail_each(13, poll_and_walk, NULL) > 5);
	assert_true(alloc_fail_each(13, learn_anew, NULL) > 5);
}

/* --- a SET of two daemons ----------------------------------------------------------- */

enum { DAEMONS = 2 };

static bool
is_value(const struct write_bench *b, size_t i, const char *value)
{
	return strcmp(write_bench_value(b, i, "site"), value) == 0;
}

/* What is said of each write is what became of it. */
static bool
results_are_true(const struct write_bench *b)
{
	bool is_good = true;

	for (size_t i = 0; i < DAEMONS; i++) {
		enum ntp_write_result r = transaction_result(b->t, i);

		if (r == NTP_WRITE_DONE || r == NTP_WRITE_UNCHANGED)
			assert_true(is_value(b, i, "new"));
		else
			is_good = false;
		if (r == NTP_WRITE_RESTORED)
			assert_true(is_value(b, i, "old"));
	}
	return is_good;
}

/* 0 and *is_done, or what kept it from beginning. */
static int
run_step(struct write_bench *b, enum transaction_step step, int64_t duration_ns)
{
	int err = write_bench_begin(b, step);

	if (err == 0)
		assert_true(write_bench_run(b, duration_ns));
	return err;
}

static bool
are_read(const struct write_bench *b)
{
	for (size_t i = 0; i < DAEMONS; i++)
		if (transaction_result(b->t, i) != NTP_WRITE_NONE)
			return false;
	return true;
}

/* As the handler does it; true when it says that all was written. */
static bool
write_all(struct write_bench *b)
{
	struct transaction_item items[DAEMONS];

	for (size_t i = 0; i < DAEMONS; i++)
		items[i] = write_item(b, i, "site", "new");
	b->t = transaction_new(items, DAEMONS, b->now_ns);
	if (!b->t || run_step(b, TRANSACTION_READ, TRANSACTION_READ_NS) != 0 ||
	    !are_read(b))
		return false;
	return run_step(b, TRANSACTION_APPLY, TRANSACTION_APPLY_NS) == 0 &&
	    results_are_true(b);
}

static void
assert_all(const struct write_bench *b, const char *value)
{
	for (size_t i = 0; i < DAEMONS; i++)
		assert_string_equal(write_bench_value(b, i, "site"), value);
}

/* Memory may be missing while it is undone, too: then that is said, and not before. */
static void
undo(struct write_bench *b, const struct alloc_case *c)
{
	bool is_said = false;

	if (!b->t)
		return;
	if (run_step(b, TRANSACTION_UNDO, TRANSACTION_UNDO_NS) != 0)
		is_said = true;
	for (size_t i = 0; i < DAEMONS && !is_said; i++)
		is_said = transaction_result(b->t, i) == NTP_WRITE_NOT_RESTORED;
	if (!is_said)
		assert_all(b, "old");
	assert_true(!is_said || c->kind == ALLOC_FAIL_FROM_ONE);
}

static bool
write_two(void *ctx, const struct alloc_case *c)
{
	struct write_bench *b = write_bench_start(DAEMONS);
	bool has_failed, is_done;

	(void)ctx;
	for (size_t i = 0; i < DAEMONS; i++)
		(void)write_bench_var(b, i, "site", "old");
	alloc_fail_at(c->n, c->kind);
	is_done = write_all(b);
	if (is_done)
		assert_all(b, "new");
	else
		undo(b, c);
	has_failed = alloc_fail_end();
	assert_true(is_done || has_failed);
	/* Once more, as a manager would. */
	transaction_free(b->t);
	b->t = NULL;
	assert_true(write_all(b));
	assert_all(b, "new");
	write_bench_stop(b);
	return has_failed;
}

static void
a_set_happens_or_it_is_said_that_it_did_not(void **state)
{
	(void)state;
	assert_true(alloc_fail_each(3, write_two, NULL) > 10);
}

/* --- keys --------------------------------------------------------------------------- */

static void
on_log(void *ctx, enum log_level level, const char *line)
{
	(void)level;
	(void)line;
	++*(unsigned *)ctx;
}

static bool
read_keys(void *ctx, const struct alloc_case *c)
{
	unsigned n_lines = 0;
	const struct logger log = { on_log, &n_lines };
	struct m6_keys *keys = NULL;
	bool has_failed;
	int err;

	alloc_fail_at(c->n, c->kind);
	err = keyfile_load(ctx, getuid(), &log, &keys);
	has_failed = alloc_fail_end();
	/* All of them, or lines that tell of those that are missing, or of all. */
	if (err == 0)
		assert_true(m6_keys_count(keys) == 4 || n_lines > 0);
	else
		assert_true(err == ERR_NOMEM && !keys && n_lines > 0 && has_failed);
	m6_keys_free(keys);
	keys = NULL;
	assert_int_equal(keyfile_load(ctx, getuid(), &log, &keys), 0);
	assert_int_equal(m6_keys_count(keys), 4);
	m6_keys_free(keys);
	return has_failed;
}

static void
keys_are_read_or_it_is_said_that_they_are_not(void **state)
{
	static const char text[] = "1 MD5 secretmd5\n"
				   "2 SHA1 0123456789abcdef0123456789abcdef01234567\n"
				   "3 SHA256 secretsha256\n"
				   "4 AES128CMAC 000102030405060708090a0b0c0d0e0f\n";
	char path[] = "/tmp/test_alloc.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	close(fd);
	assert_true(alloc_fail_each(1, read_keys, path) > 5);
	unlink(path);
}

/* --- targets that come and go ------------------------------------------------------- */

enum { TARGETS = 6 };

/* The configuration with one more and one fewer, and one that changed. */
static void
name_targets(const struct link_bench *b, struct target wanted[TARGETS], unsigned first)
{
	for (unsigned i = 0; i < TARGETS; i++) {
		wanted[i] = link_bench_target(b, "127.0.0.1");
		snprintf(wanted[i].name, sizeof(wanted[i].name), "t%u", first + i);
		snprintf(wanted[i].context, sizeof(wanted[i].context), "t%u", first + i);
		wanted[i].stale_after += first + i == 2;
	}
}

static void
run_until_up(struct link_bench *b, struct targets *ts)
{
	int64_t until_ns = clock_monotonic_ns() + 10 * NS_PER_S;

	while (targets_up(ts) != TARGETS) {
		assert_true(clock_monotonic_ns() < until_ns);
		uv_run(&b->loop, UV_RUN_ONCE);
	}
}

static bool
apply_twice(void *ctx, const struct alloc_case *c)
{
	struct link_bench *b = link_bench_start();
	struct targets *ts = targets_new(&b->loop, &b->log);
	struct target wanted[TARGETS];
	struct mib_view view;
	bool has_failed;
	int err;

	(void)ctx;
	assert_non_null(ts);
	name_targets(b, wanted, 0);
	assert_int_equal(targets_apply(ts, wanted, TARGETS, clock_monotonic_ns()), 0);
	name_targets(b, wanted, 2);
	alloc_fail_at(c->n, c->kind);
	err = targets_apply(ts, wanted, TARGETS, clock_monotonic_ns());
	assert_true(err == 0 || err == ERR_NOMEM);
	assert_true(targets_count(ts) <= TARGETS);
	targets_whole(ts, &view);
	for (int i = 0; i < 20; i++) {
		uv_run(&b->loop, UV_RUN_NOWAIT);
		(void)targets_beat(ts, clock_monotonic_ns());
	}
	has_failed = alloc_fail_end();
	/* The next SIGHUP finds everything. */
	assert_int_equal(targets_apply(ts, wanted, TARGETS, clock_monotonic_ns()), 0);
	assert_int_equal(targets_count(ts), TARGETS);
	if (c->n % 8 == 1)
		run_until_up(b, ts);
	targets_whole(ts, &view);
	assert_int_equal(fleet_count(view.fleet, FLEET_TARGETS), TARGETS);
	targets_free(ts);
	link_bench_stop(b);
	persist_free();
	return has_failed;
}

static void
targets_come_and_go_as_far_as_there_is_memory(void **state)
{
	(void)state;
	assert_true(alloc_fail_each(5, apply_twice, NULL) > 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_poll_shows_the_old_picture_or_the_new_one),
		cmocka_unit_test(a_set_happens_or_it_is_said_that_it_did_not),
		cmocka_unit_test(keys_are_read_or_it_is_said_that_they_are_not),
		cmocka_unit_test(targets_come_and_go_as_far_as_there_is_memory),
	};

	alloc_fail_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
