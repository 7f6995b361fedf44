/* SPDX-License-Identifier: BSD-2-Clause */
/* All targets at one moment: order, rows of each table, records of writes. */
#include "support/check.h"

#include <string.h>

#include "support/fleet_fixture.h"
#include "support/mem_watch.h"
#include "support/snapshot_fixture.h"
#include "support/system_of.h"

static const char *const system_vars[] = { "tc=6", "leap=0", "site=Ost", NULL };
static const char *const peer_vars[] = { "reach=0xff", "clock.device=GPS", NULL };
static const char *const no_vars[] = { NULL };

static void
assert_var(const struct fleet_target *t, size_t i, uint16_t assoc, const char *name,
    const char *value)
{
	struct fleet_var var = fleet_target_var(t, i);

	assert_int_equal(var.assoc, assoc);
	assert_int_equal(var.name_len, strlen(name));
	assert_memory_equal(var.name, name, var.name_len);
	assert_int_equal(var.value_len, strlen(value));
	assert_memory_equal(var.value, value, var.value_len);
}

static struct fleet_target *
sample(const struct ntp_write_record *records, size_t n)
{
	static const uint16_t ids[] = { 17, 18, 900 };
	static const char *const *const peers[] = { peer_vars, no_vars, peer_vars };
	struct snapshot *s = fixture_raw_snapshot(system_vars, ids, peers, COUNT(ids));
	struct fleet_target *t = fixture_fleet_target("local", s, records, n);

	snapshot_unref(s);
	return t;
}

static void
variables_stand_in_the_order_of_snmp(void **state)
{
	struct fleet_target *t = sample(NULL, 0);

	(void)state;
	assert_int_equal(t->n_vars, 7);
	assert_var(t, 0, 0, "tc", "6");
	assert_var(t, 1, 0, "leap", "0");
	assert_var(t, 2, 0, "site", "Ost");
	assert_var(t, 3, 17, "reach", "0xff");
	assert_var(t, 4, 17, "clock.device", "GPS");
	assert_var(t, 5, 900, "reach", "0xff");
	assert_var(t, 6, 900, "clock.device", "GPS");
	fleet_target_unref(t);
}

static void
record_of_a_command_stands_apart(void **state)
{
	const struct ntp_write_record records[] = {
		fixture_record(0, "", NTP_WRITE_DONE, "Config Succeeded"),
		fixture_record(0, "site", NTP_WRITE_NO_REPLY, ""),
		fixture_record(17, "x", NTP_WRITE_PERMISSION, ""),
	};
	struct fleet_target *with = sample(records, COUNT(records));
	struct fleet_target *without = sample(records + 1, COUNT(records) - 1);

	(void)state;
	assert_int_equal(with->command.result, NTP_WRITE_DONE);
	assert_int_equal(without->command.result, NTP_WRITE_NONE);
	assert_int_equal(with->n_records, 2);
	assert_int_equal(without->n_records, 2);
	assert_memory_equal(with->records, records + 1, 2 * sizeof(records[0]));
	fleet_target_unref(with);
	fleet_target_unref(without);
}

static void
records_outlive_the_values(void **state)
{
	const struct ntp_write_record record =
	    fixture_record(0, "site", NTP_WRITE_NO_REPLY, "");
	struct snapshot *s = snapshot_new(TARGET_SILENT, 0);
	struct fleet_target *t = fixture_fleet_target("gone", s, &record, 1);

	(void)state;
	assert_int_equal(t->n_vars, 0);
	assert_int_equal(t->n_records, 1);
	fleet_target_unref(t);
	snapshot_unref(s);
}

static void
targets_stand_in_the_order_of_snmp(void **state)
{
	static const char *const names[] = { "zz", "b", "aaa", "local", "c", "ab" };
	static const char *const sorted[] = { "b", "c", "ab", "zz", "aaa", "local" };
	struct fleet_target *targets[COUNT(names)];
	struct snapshot *s = fixture_raw_snapshot(system_vars, NULL, NULL, 0);
	struct fleet *f;
	size_t nth;

	(void)state;
	system_of(s)->autokey_certs.n = 2;
	for (size_t i = 0; i < COUNT(names); i++)
		targets[i] = fixture_fleet_target(names[i], s, NULL, 0);
	f = fleet_new(targets, COUNT(names));
	assert_non_null(f);
	for (size_t i = 0; i < COUNT(names); i++)
		fleet_target_unref(targets[i]);
	assert_int_equal(fleet_count(f, FLEET_TARGETS), COUNT(names));
	assert_int_equal(fleet_count(f, FLEET_VARS), 3 * COUNT(names));
	assert_int_equal(fleet_count(f, FLEET_CERTS), 2 * COUNT(names));
	assert_int_equal(fleet_count(f, FLEET_COMMANDS), COUNT(names));
	for (size_t i = 0; i < COUNT(names); i++) {
		const struct fleet_target *t = fleet_at(f, FLEET_TARGETS, i, &nth);

		assert_string_equal(t->about.name, sorted[i]);
		assert_int_equal(nth, 0);
		assert_ptr_equal(fleet_find(f, sorted[i], strlen(sorted[i])), t);
		assert_ptr_equal(fleet_at(f, FLEET_VARS, 3 * i + 2, &nth), t);
		assert_int_equal(nth, 2);
	}
	assert_null(fleet_find(f, "a", 1));
	assert_null(fleet_find(f, "locals", 6));
	assert_null(fleet_find(NULL, "a", 1));
	fleet_unref(f);
	snapshot_unref(s);
}

/* Targets without rows in a table are passed over. */
static void
empty_targets_have_no_rows(void **state)
{
	struct snapshot *up = fixture_raw_snapshot(system_vars, NULL, NULL, 0);
	struct snapshot *down = snapshot_new(TARGET_REFUSED, 0);
	struct fleet_target *targets[] = {
		fixture_fleet_target("a", down, NULL, 0),
		fixture_fleet_target("b", up, NULL, 0),
		fixture_fleet_target("c", down, NULL, 0),
		fixture_fleet_target("d", up, NULL, 0),
	};
	struct fleet *f = fleet_new(targets, COUNT(targets));
	size_t nth;

	(void)state;
	assert_int_equal(fleet_count(f, FLEET_VARS), 6);
	assert_ptr_equal(fleet_at(f, FLEET_VARS, 0, &nth), targets[1]);
	assert_ptr_equal(fleet_at(f, FLEET_VARS, 2, &nth), targets[1]);
	assert_int_equal(nth, 2);
	assert_ptr_equal(fleet_at(f, FLEET_VARS, 3, &nth), targets[3]);
	assert_int_equal(nth, 0);
	for (size_t i = 0; i < COUNT(targets); i++)
		fleet_target_unref(targets[i]);
	fleet_unref(f);
	snapshot_unref(up);
	snapshot_unref(down);
}

static void
fleet_of_none_is_empty(void **state)
{
	struct fleet *f = fleet_new(NULL, 0);

	(void)state;
	assert_non_null(f);
	for (enum fleet_table i = 0; i < FLEET_TABLES; i++) {
		assert_int_equal(fleet_count(f, i), 0);
		assert_int_equal(fleet_count(NULL, i), 0);
	}
	assert_ptr_equal(fleet_ref(f), f);
	assert_null(fleet_unref(f));
	fleet_unref(f);
}

/* Every row is behind the one before it, in every target. */
static void
random_variables_ascend(void **state)
{
	uint32_t seed = 5907;
	size_t n_rows = 0;

	(void)state;
	for (int round = 0; round < 500; round++) {
		struct fleet *f = fixture_random_fleet(&seed);

		for (size_t i = 0; i < fleet_count(f, FLEET_TARGETS); i++) {
			size_t nth;
			const struct fleet_target *t =
			    fleet_at(f, FLEET_TARGETS, i, &nth);

			for (size_t k = 1; k < t->n_vars; k++, n_rows++) {
				struct fleet_var a = fleet_target_var(t, k - 1);
				struct fleet_var b = fleet_target_var(t, k);

				assert_true(a.assoc < b.assoc ||
				    (a.assoc == b.assoc &&
					ntp_raw_compare(a.name, a.name_len, b.name,
					    b.name_len) < 0));
			}
		}
		fleet_unref(f);
	}
	assert_true(n_rows > 1000);
}

/* --- peers -------------------------------------------------------------------------- */

static void
give_address(struct ntp_peer *p, const char *text, const uint8_t *hash)
{
	assert_int_equal(
	    ntp_vars_apply(&ntp_peer_vars, p, "srcadr", 6, text, strlen(text)),
	    NTP_APPLY_OK);
	p->has_address_hash = hash != NULL;
	if (hash)
		memcpy(p->address_hash, hash, sizeof(p->address_hash));
}

static struct fleet_target *
with_addresses(enum target_state state)
{
	static const uint16_t ids[] = { 1, 2, 3, 4, 5, 6, 7 };
	static const char *const *const peers[COUNT(ids)] = { NULL };
	static const uint8_t hash[] = { 145, 145, 221, 252 }, same[] = { 192, 0, 2, 9 };
	struct snapshot *s = fixture_raw_snapshot(NULL, ids, peers, COUNT(ids));
	struct fleet_target *t;

	give_address(&s->peers[0], "192.0.2.9", NULL);
	give_address(&s->peers[1], "127.127.28.0", NULL);
	give_address(&s->peers[2], "2607:f248::45", hash);
	give_address(&s->peers[3], "0.0.0.0", NULL);
	give_address(&s->peers[4], "fd00::9", same);
	give_address(&s->peers[5], "fd00::8", NULL);
	s->peers[6].clock.has_status = true;
	fixture_peer(&s->peers[3], 4, 0,
	    "filtdisp= 0.00 0.27 0.54 0.66 0.69 0.72 0.75 0.78, host=\"x\"");
	fixture_peer(&s->peers[5], 6, 0,
	    "filtdelay= 0.13 0.11 0.11 0.13 0.16 0.12 0.13 0.11");
	s->state = state;
	t = fixture_fleet_target("local", s, NULL, 0);
	snapshot_unref(s);
	return t;
}

static void
refid_leads_to_the_first_peer_with_the_address(void **state)
{
	struct fleet_target *t = with_addresses(TARGET_UP);

	(void)state;
	assert_ptr_equal(fleet_target_refid(t, 0xc0000209), &t->snapshot->peers[0]);
	assert_ptr_equal(fleet_target_refid(t, 0x9191ddfc), &t->snapshot->peers[2]);
	assert_null(fleet_target_refid(t, 0));
	assert_null(fleet_target_refid(t, 0x7f7f1c00));
	assert_null(fleet_target_refid(t, 0x9191ddfb));
	assert_null(fleet_target_refid(t, UINT32_MAX));
	assert_int_equal(t->n_refids, 3);
	fleet_target_unref(t);
	t = with_addresses(TARGET_SILENT);
	assert_null(fleet_target_refid(t, 0x9191ddfc));
	fleet_target_unref(t);
}

static void
tables_have_the_peers_they_are_about(void **state)
{
	struct fleet_target *t = with_addresses(TARGET_UP);

	(void)state;
	assert_int_equal(fleet_target_n_peers(t), 7);
	assert_int_equal(t->clocks.n, 2);
	assert_int_equal(t->clocks.peers[0], 1);
	assert_int_equal(t->clocks.peers[1], 6);
	assert_int_equal(t->filters.n, 2);
	assert_int_equal(t->filters.peers[0], 3);
	assert_int_equal(t->filters.peers[1], 5);
	assert_int_equal(t->autokeys.n, 1);
	assert_int_equal(t->autokeys.peers[0], 3);
	fleet_target_unref(t);
	t = with_addresses(TARGET_SILENT);
	assert_int_equal(fleet_target_n_peers(t), 0);
	assert_int_equal(t->clocks.n, 0);
	fleet_target_unref(t);
}

/* Under a leak checker, that nothing stays behind either. */
static void
want_of_memory_is_told_at_every_step(void **state)
{
	struct fleet_target *whole = with_addresses(TARGET_UP), *t = NULL;
	struct target about = whole->about;
	const struct fleet_source from = { .target = &about,
		.snapshot = whole->snapshot };
	unsigned n = 0;

	(void)state;
	do {
		assert_null(t);
		mem_watch_fail(++n);
		t = fleet_target_new(&from);
	} while (mem_watch_failed());
	mem_watch_fail(0);
	assert_non_null(t);
	assert_true(n > 6);
	assert_int_equal(t->n_refids, 3);
	fleet_target_unref(t);
	fleet_target_unref(whole);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variables_stand_in_the_order_of_snmp),
		cmocka_unit_test(record_of_a_command_stands_apart),
		cmocka_unit_test(records_outlive_the_values),
		cmocka_unit_test(targets_stand_in_the_order_of_snmp),
		cmocka_unit_test(empty_targets_have_no_rows),
		cmocka_unit_test(fleet_of_none_is_empty),
		cmocka_unit_test(random_variables_ascend),
		cmocka_unit_test(refid_leads_to_the_first_peer_with_the_address),
		cmocka_unit_test(tables_have_the_peers_they_are_about),
		cmocka_unit_test(want_of_memory_is_told_at_every_step),
	};

	return cmocka_run_group_tests_name("fleet", tests, NULL, NULL);
}
