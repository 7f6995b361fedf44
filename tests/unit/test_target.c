/* SPDX-License-Identifier: BSD-2-Clause */
/* Defaults and comparison of targets. */
#include "support/check.h"

#include "model/target.h"

#include <string.h>

static void
new_target_has_every_default(void **state)
{
	struct target t;

	(void)state;
	memset(&t, 0x5a, sizeof(t));
	target_init(&t);
	assert_string_equal(t.name, "");
	assert_string_equal(t.host, "");
	assert_string_equal(t.context, "");
	assert_int_equal(t.port, 123);
	assert_int_equal(t.family, TARGET_ANY);
	assert_int_equal(t.interval_s, 15);
	assert_int_equal(t.stale_after, 3);
	assert_int_equal(t.version, 2);
	assert_int_equal(t.write, TARGET_WRITE_OFF);
	assert_int_equal(t.control_key, 0);
	assert_false(t.wants_push);
}

static void
change_name(struct target *t)
{
	memcpy(t->name, "x", 2);
}

static void
change_host(struct target *t)
{
	memcpy(t->host, "192.0.2.1", 10);
}

static void
change_context(struct target *t)
{
	memcpy(t->context, "ntp-1", 6);
}

static void
change_port(struct target *t)
{
	t->port++;
}

static void
change_family(struct target *t)
{
	t->family = TARGET_IPV6_ONLY;
}

static void
change_interval(struct target *t)
{
	t->interval_s++;
}

static void
change_stale_after(struct target *t)
{
	t->stale_after++;
}

static void
change_version(struct target *t)
{
	t->version++;
}

static void
change_write(struct target *t)
{
	t->write = TARGET_WRITE_VARIABLES;
}

static void
change_push(struct target *t)
{
	t->wants_push = true;
}

static void
change_control_key(struct target *t)
{
	t->control_key++;
}

static void
targets_differ_by_any_setting(void **state)
{
	static void (*const changes[])(struct target *) = { change_name, change_host,
		change_context, change_port, change_family, change_interval,
		change_stale_after, change_version, change_write, change_control_key,
		change_push };
	struct target a, b;

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		target_init(&a);
		target_init(&b);
		assert_true(target_equal(&a, &b));
		changes[i](&b);
		assert_false(target_equal(&a, &b));
		assert_false(target_equal(&b, &a));
		changes[i](&a);
		assert_true(target_equal(&a, &b));
	}
}

static void
octets_behind_a_text_do_not_count(void **state)
{
	struct target a, b;

	(void)state;
	target_init(&a);
	target_init(&b);
	memcpy(a.host, "h\0left", 7);
	memcpy(b.host, "h\0over", 7);
	assert_true(target_equal(&a, &b));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_target_has_every_default),
		cmocka_unit_test(targets_differ_by_any_setting),
		cmocka_unit_test(octets_behind_a_text_do_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
