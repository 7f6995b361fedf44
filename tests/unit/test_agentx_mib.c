/* SPDX-License-Identifier: BSD-2-Clause */
/* NTP-AGENTX-MIB: its rows against its text, its walk, and what can be set in it. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "snmp/agentx_groups.h"
#include "snmp/agentx_mib.h"
#include "snmp/agentx_notify.h"
#include "snmp/mib_index.h"
#include "support/fleet_fixture.h"
#include "support/mib_text.h"
#include "support/mib_walk.h"

static const struct mib_agent agent;

/* --- the text ----------------------------------------------------------------------- */

static void
rows_agree_with_the_text(void **state)
{
	(void)state;
	mib_check_tables(&agentx_mib);
	mib_text_check_rows(&agentx_mib);
}

/* Accessible for notifications only: nothing that GET finds. */
static size_t
events_named(const char *label)
{
	size_t n = 0;

	for (size_t i = 1; i < AGENTX_EVENT_END; i++)
		n += strcmp(agentx_event_rows[i].label, label) == 0;
	return n;
}

static void
every_object_has_a_row(void **state)
{
	size_t n = AGENTX_EVENT_END - 1;

	(void)state;
	for (size_t i = 0; i < agentx_mib.n_groups; i++)
		n += agentx_mib.groups[i]->n_objects;
	assert_int_equal(mib_text_check_homes(&agentx_mib, events_named), n);
}

/* A form fits the field it is used for, and the row its form. */
static void
check_source(const struct mib_object *o)
{
	const struct mib_source *source = o->source;

	if (!source)
		fail_msg("%s does not say where it is from", o->label);
	if (!source->form) {
		assert_non_null(source->words);
		return;
	}
	assert_true(source->var < source->table->n_rows);
	if (source->table->rows[source->var].parse != source->form->from)
		fail_msg("%s has the wrong form for %s", o->label,
		    source->table->rows[source->var].name);
	assert_int_equal(o->syntax, source->form->syntax);
}

static void
every_object_says_where_it_is_from(void **state)
{
	(void)state;
	for (size_t i = 0; i < agentx_mib.n_groups; i++) {
		const struct mib_group *g = agentx_mib.groups[i];

		for (size_t k = 0; k < g->n_objects; k++)
			check_source(&g->objects[k]);
	}
}

static void
tables_are_indexed_as_the_text_says(void **state)
{
	static const char *const by_name[] = { "ntpAgentxTargetName",
		"ntpAgentxVarAssociation", "ntpAgentxVarName" };
	static const char *const by_peer[] = { "ntpAgentxTargetName",
		"ntpAgentxPeerAssociation", "ntpAgentxFilterStage" };
	static const char *const certs[] = { "ntpAgentxTargetName",
		"ntpAgentxCertNumber" };

	(void)state;
	for (size_t i = 0; i < agentx_mib.n_groups; i++) {
		const struct mib_group *g = agentx_mib.groups[i];

		if (!g->rows)
			continue;
		if (g == &agentx_var_table || g == &agentx_write_table)
			mib_text_check_index(g, by_name, 3);
		else if (g == &agentx_peer_table || g == &agentx_peer_autokey_table ||
		    g == &agentx_clock_table)
			mib_text_check_index(g, by_peer, 2);
		else if (g == &agentx_filter_table)
			mib_text_check_index(g, by_peer, 3);
		else if (g == &agentx_cert_table)
			mib_text_check_index(g, certs, COUNT(certs));
		else
			mib_text_check_index(g, by_name, 1);
	}
}

static void
check_labels(const struct mib_group *group, mib_subid column,
    const struct mib_text_value *expected, size_t n)
{
	mib_subid name[MIB_OID_MAX];

	memcpy(name, group->root, group->root_len * sizeof(name[0]));
	name[group->root_len] = column;
	mib_text_check_enumeration(name, group->root_len + 1, expected, n);
}

static void
outcomes_are_those_of_the_code(void **state)
{
	static const struct mib_text_value results[] = {
		{ "done", NTP_WRITE_DONE },
		{ "unchanged", NTP_WRITE_UNCHANGED },
		{ "restored", NTP_WRITE_RESTORED },
		{ "notRestored", NTP_WRITE_NOT_RESTORED },
		{ "notAllowed", NTP_WRITE_NOT_ALLOWED },
		{ "noKey", NTP_WRITE_NO_KEY },
		{ "notCarried", NTP_WRITE_NOT_CARRIED },
		{ "keyRefused", NTP_WRITE_KEY_REFUSED },
		{ "permission", NTP_WRITE_PERMISSION },
		{ "badFormat", NTP_WRITE_BAD_FORMAT },
		{ "unsupported", NTP_WRITE_UNSUPPORTED },
		{ "noAssociation", NTP_WRITE_NO_ASSOCIATION },
		{ "noVariable", NTP_WRITE_NO_VARIABLE },
		{ "badValue", NTP_WRITE_BAD_VALUE },
		{ "restricted", NTP_WRITE_RESTRICTED },
		{ "unspecified", NTP_WRITE_UNSPECIFIED },
		{ "prohibited", NTP_WRITE_PROHIBITED },
		{ "syntax", NTP_WRITE_SYNTAX },
		{ "notStored", NTP_WRITE_NOT_STORED },
		{ "differs", NTP_WRITE_DIFFERS },
		{ "noReply", NTP_WRITE_NO_REPLY },
		{ "unreachable", NTP_WRITE_UNREACHABLE },
		{ "aborted", NTP_WRITE_ABORTED },
		{ "noMemory", NTP_WRITE_NO_MEMORY },
	};
	(void)state;
	assert_int_equal(COUNT(results), NTP_WRITE_RESULT_COUNT - 1);
	check_labels(&agentx_write_table, 1, results, COUNT(results));
	check_labels(&agentx_config_table, 2, results, COUNT(results));
}

static void
other_enumerations_are_those_of_the_code(void **state)
{
	static const struct mib_text_value states[] = {
		{ "unknown", TARGET_UNKNOWN + 1 },
		{ "up", TARGET_UP + 1 },
		{ "refused", TARGET_REFUSED + 1 },
		{ "silent", TARGET_SILENT + 1 },
		{ "badAnswers", TARGET_BADANSWERS + 1 },
		{ "unresolved", TARGET_UNRESOLVED + 1 },
		{ "denied", TARGET_DENIED + 1 },
	};
	static const struct mib_text_value writing[] = {
		{ "off", TARGET_WRITE_OFF + 1 },
		{ "variables", TARGET_WRITE_VARIABLES + 1 },
		{ "setvar", TARGET_WRITE_SETVAR + 1 },
		{ "configure", TARGET_WRITE_CONFIGURE + 1 },
	};

	static const struct mib_text_value levels[] = {
		{ "ok", HEALTH_OK },
		{ "warning", HEALTH_WARNING },
		{ "critical", HEALTH_CRITICAL },
		{ "unknown", HEALTH_UNKNOWN },
	};
	static const struct mib_text_value modes[] = {
		{ "notRunning", NTP_MODE_NOT_RUNNING },
		{ "notSynchronized", NTP_MODE_NOT_SYNCHRONIZED },
		{ "noneConfigured", NTP_MODE_NONE_CONFIGURED },
		{ "syncToLocal", NTP_MODE_SYNC_TO_LOCAL },
		{ "syncToRefclock", NTP_MODE_SYNC_TO_REFCLOCK },
		{ "syncToRemoteServer", NTP_MODE_SYNC_TO_REMOTE },
		{ "unknown", NTP_MODE_UNKNOWN },
	};
	static const struct mib_text_value kinds[] = {
		{ "unknown", NTP_FAMILY_UNKNOWN + 1 },
		{ "ntpOrg", NTP_FAMILY_NTPORG + 1 },
		{ "ntpSec", NTP_FAMILY_NTPSEC + 1 },
	};
	static const struct mib_text_value pushes[] = {
		{ "off", TARGET_PUSH_OFF },
		{ "waiting", TARGET_PUSH_WAITING },
		{ "subscribed", TARGET_PUSH_SUBSCRIBED },
		{ "refused", TARGET_PUSH_REFUSED },
	};

	(void)state;
	check_labels(&agentx_health_table, 3, modes, COUNT(modes));
	check_labels(&agentx_target_table, 25, pushes, COUNT(pushes));
	check_labels(&agentx_health_table, 1, levels, COUNT(levels));
	check_labels(&agentx_target_table, 7, kinds, COUNT(kinds));
	check_labels(&agentx_target_table, 5, states, COUNT(states));
	check_labels(&agentx_target_table, 6, writing, COUNT(writing));
}

/* --- walks -------------------------------------------------------------------------- */

/* What a view of all targets shows of a single one. */
static const struct snapshot nothing = { .refs = 1 };

/* Under a tool that looks at memory, each takes two seconds and shows as much as any. */
enum { FLEETS = 200, FLEETS_SLOWLY = 20 };

static void
any_fleet_walks_in_order(void **state)
{
	const int fleets = getenv("TESTS_ARE_SLOW") ? FLEETS_SLOWLY : FLEETS;
	uint32_t seed = 1305;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < fleets; i++) {
		struct fleet *f = fixture_random_fleet(&seed);
		const struct mib_view view = { &nothing, &agent, f };

		struct mib_listing all = mib_listing_of(&agentx_mib, &view);

		n += mib_text_check_values(&agentx_mib, &view);
		mib_check_walk(&agentx_mib, &view, &all);
		mib_check_names(&agentx_mib, &view, &all, &seed, 30);
		mib_listing_free(&all);
		fleet_unref(f);
	}
	assert_true(n > 5000);
}

/* --- single values ------------------------------------------------------------------ */

struct sample {
	struct fleet *fleet;
	struct mib_view view;
};

static void
set_up(struct sample *s)
{
	static const char *const system[] = { "site=Ost", "version=ntpd", "bad=a\x01\xff",
		NULL };
	static const uint16_t ids[] = { 300 };
	static const char *const peer[] = { "site=x", NULL };
	static const char *const *const peers[] = { peer };
	const struct ntp_write_record records[] = {
		fixture_record(0, "", NTP_WRITE_SYNTAX, "column 3 syntax error"),
		fixture_record(0, "site", NTP_WRITE_DIFFERS, "read back \"West\""),
	};
	struct snapshot *snapshot = fixture_raw_snapshot(system, ids, peers, 1);
	struct fleet_target *t =
	    fixture_fleet_target("local", snapshot, records, COUNT(records));

	s->fleet = fleet_new(&t, 1);
	assert_non_null(s->fleet);
	s->view = (struct mib_view){ &nothing, &agent, s->fleet };
	fleet_target_unref(t);
	snapshot_unref(snapshot);
}

static void
tear_down(struct sample *s)
{
	fleet_unref(s->fleet);
}

/* In the variable table, and in the table of writes, which has the same index. */
static size_t
cell_name(const struct mib_group *table, mib_subid column, const char *target,
    uint32_t assoc, const char *name, mib_subid *out)
{
	size_t len = table->root_len;

	memcpy(out, table->root, len * sizeof(out[0]));
	out[len++] = column;
	len = mib_index_put_text(out, len, target, strlen(target));
	len = mib_index_put_number(out, len, assoc);
	return mib_index_put_text(out, len, name, strlen(name));
}

static bool
get_cell(const struct sample *s, const struct mib_group *table, mib_subid column,
    uint32_t assoc, const char *name, struct mib_value *out)
{
	mib_subid ids[MIB_OID_MAX];
	size_t len = cell_name(table, column, "local", assoc, name, ids);

	return mib_get(&agentx_mib, &s->view, ids, len, out) == MIB_FOUND;
}

static void
variable_is_found_by_name(void **state)
{
	struct sample s;
	struct mib_value value;

	(void)state;
	set_up(&s);
	assert_true(get_cell(&s, &agentx_var_table, 3, 0, "site", &value));
	assert_int_equal(value.n_octets, 3);
	assert_memory_equal(value.octets, "Ost", 3);
	assert_true(get_cell(&s, &agentx_var_table, 3, 300, "site", &value));
	assert_memory_equal(value.octets, "x", 1);
	assert_true(get_cell(&s, &agentx_var_table, 3, 0, "bad", &value));
	assert_int_equal(value.n_octets, 3);
	assert_memory_equal(value.octets, "a??", 3);
	assert_false(get_cell(&s, &agentx_var_table, 3, 0, "sit", &value));
	assert_false(get_cell(&s, &agentx_var_table, 3, 301, "site", &value));
	tear_down(&s);
}

static bool
get_of_target(const struct fleet_source *from, mib_subid column, struct mib_value *out)
{
	struct fleet_target *t = fleet_target_new(from);
	struct fleet *f = fleet_new(&t, 1);
	const struct mib_view view = { &nothing, &agent, f };
	mib_subid ids[MIB_OID_MAX];
	size_t len = agentx_target_table.root_len;
	bool is_found;

	memcpy(ids, agentx_target_table.root, len * sizeof(ids[0]));
	ids[len++] = column;
	len =
	    mib_index_put_text(ids, len, from->target->name, strlen(from->target->name));
	is_found = mib_get(&agentx_mib, &view, ids, len, out) == MIB_FOUND;
	fleet_unref(f);
	fleet_target_unref(t);
	return is_found;
}

/* Each of them; without any word about it, it is absent, and the counters are zero. */
static void
push_is_told(void **state)
{
	struct target about;
	struct snapshot *s = snapshot_new(TARGET_SILENT, 0);
	struct fleet_source from = { .target = &about, .snapshot = s };
	struct mib_value value;

	(void)state;
	target_init(&about);
	strcpy(about.name, "local");
	assert_false(get_of_target(&from, 25, &value));
	assert_true(get_of_target(&from, 26, &value));
	assert_int_equal(value.u64, 0);
	for (int push = TARGET_PUSH_OFF; push <= TARGET_PUSH_REFUSED; push++) {
		from.stats.push = (enum target_push)push;
		assert_true(get_of_target(&from, 25, &value));
		assert_int_equal(value.i32, push);
	}
	from.stats.push_messages = UINT64_MAX;
	from.stats.quick_cycles = UINT64_C(1) << 33;
	assert_true(get_of_target(&from, 26, &value));
	assert_true(value.u64 == UINT64_MAX);
	assert_true(get_of_target(&from, 27, &value));
	assert_true(value.u64 == UINT64_C(1) << 33);
	snapshot_unref(s);
}

static void
access_says_what_would_be_tried(void **state)
{
	struct sample s;
	struct mib_value value;

	(void)state;
	set_up(&s);
	assert_true(get_cell(&s, &agentx_var_table, 4, 0, "site", &value));
	assert_int_equal(value.i32, 2);
	assert_true(get_cell(&s, &agentx_var_table, 4, 0, "version", &value));
	assert_int_equal(value.i32, 1);
	assert_true(get_cell(&s, &agentx_var_table, 4, 300, "site", &value));
	assert_int_equal(value.i32, 1);
	tear_down(&s);
}

static void
last_write_stands_in_its_row(void **state)
{
	struct sample s;
	struct mib_value value;

	(void)state;
	set_up(&s);
	assert_true(get_cell(&s, &agentx_write_table, 1, 0, "site", &value));
	assert_int_equal(value.i32, NTP_WRITE_DIFFERS);
	assert_true(get_cell(&s, &agentx_write_table, 2, 0, "site", &value));
	assert_memory_equal(value.octets, "read back \"West\"", value.n_octets);
	assert_true(get_cell(&s, &agentx_write_table, 3, 0, "site", &value));
	assert_int_equal(value.n_octets, 11);
	assert_memory_equal(value.octets, "\x07\xea\x0b\x1a\x00\x00\x00\x00+\0\0", 11);
	assert_false(get_cell(&s, &agentx_write_table, 1, 0, "version", &value));
	assert_false(get_cell(&s, &agentx_write_table, 2, 0, "version", &value));
	assert_false(get_cell(&s, &agentx_write_table, 3, 0, "version", &value));
	tear_down(&s);
}

/* --- orders ------------------------------------------------------------------------- */

static void
name_of_a_value_means_a_variable(void **state)
{
	struct agentx_variable var;
	mib_subid ids[MIB_OID_MAX];
	size_t len = cell_name(&agentx_var_table, 3, "local", 17, "clock.device", ids);

	(void)state;
	assert_true(agentx_variable_of(ids, len, &var));
	assert_string_equal(var.target, "local");
	assert_int_equal(var.assoc, 17);
	assert_int_equal(var.name_len, 12);
	assert_memory_equal(var.name, "clock.device", 12);
	for (size_t cut = 0; cut < len; cut++)
		assert_false(agentx_variable_of(ids, cut, &var));
	ids[len] = 0;
	assert_false(agentx_variable_of(ids, len + 1, &var));
	len = cell_name(&agentx_var_table, 4, "local", 17, "clock.device", ids);
	assert_false(agentx_variable_of(ids, len, &var));
	len = cell_name(&agentx_var_table, 3, "local", 65536, "clock.device", ids);
	assert_false(agentx_variable_of(ids, len, &var));
	len = cell_name(&agentx_var_table, 3, "local", 0, "", ids);
	assert_false(agentx_variable_of(ids, len, &var));
}

static enum mib_set_error
order(const struct sample *s, const mib_subid *ids, size_t len, const char *text,
    struct write_order *out)
{
	struct mib_value value = { .syntax = MIB_OCTETS, .octets = text };
	struct mib_instance instance;
	enum mib_set_error error;

	value.n_octets = strlen(text);
	assert_true(mib_instance_of(&agentx_mib, ids, len, &instance));
	error = instance.object->write->check(&value);
	if (error != MIB_SET_OK)
		return error;
	return instance.object->write->order(&s->view, instance.index, instance.index_len,
	    &value, out);
}

static void
set_of_a_value_is_an_order(void **state)
{
	struct write_order o;
	mib_subid ids[MIB_OID_MAX];
	struct sample s;
	size_t len = cell_name(&agentx_var_table, 3, "local", 0, "new", ids);

	(void)state;
	set_up(&s);
	assert_int_equal(order(&s, ids, len, "a b", &o), MIB_SET_OK);
	assert_string_equal(o.target, "local");
	assert_int_equal(o.kind, WRITE_VARIABLE);
	assert_int_equal(o.assoc, 0);
	assert_int_equal(o.name_len, 3);
	assert_memory_equal(o.name, "new", 3);
	assert_int_equal(o.value_len, 3);
	len = cell_name(&agentx_var_table, 3, "other", 0, "new", ids);
	assert_int_equal(order(&s, ids, len, "a", &o), MIB_SET_NO_CREATION);
	assert_int_equal(order(&s, ids, len - 1, "a", &o), MIB_SET_NO_CREATION);
	tear_down(&s);
}

static void
values_that_no_daemon_takes_are_refused(void **state)
{
	static const struct {
		const char *text;
		enum mib_set_error error;
	} rows[] = {
		{ "", MIB_SET_OK },
		{ "a=b; c:d", MIB_SET_OK },
		{ "a,b", MIB_SET_WRONG_VALUE },
		{ "\"a\"", MIB_SET_WRONG_VALUE },
		{ "a\nb", MIB_SET_WRONG_VALUE },
		{ "a\r", MIB_SET_WRONG_VALUE },
		{ " a", MIB_SET_WRONG_VALUE },
		{ "a ", MIB_SET_WRONG_VALUE },
		{ "a\tb", MIB_SET_WRONG_VALUE },
		{ "\xc3\xa4", MIB_SET_WRONG_VALUE },
	};
	char longest[NTP_WRITE_VALUE_MAX + 2];
	struct write_order o;
	mib_subid ids[MIB_OID_MAX];
	struct sample s;
	size_t len = cell_name(&agentx_var_table, 3, "local", 0, "site", ids);

	(void)state;
	set_up(&s);
	for (size_t i = 0; i < COUNT(rows); i++)
		if (order(&s, ids, len, rows[i].text, &o) != rows[i].error)
			fail_msg("row %zu", i);
	memset(longest, 'x', sizeof(longest));
	longest[NTP_WRITE_VALUE_MAX + 1] = '\0';
	assert_int_equal(order(&s, ids, len, longest, &o), MIB_SET_WRONG_LENGTH);
	longest[NTP_WRITE_VALUE_MAX] = '\0';
	assert_int_equal(order(&s, ids, len, longest, &o), MIB_SET_OK);
	tear_down(&s);
}

static size_t
command_name(mib_subid column, const char *target, mib_subid *out)
{
	size_t len = agentx_config_table.root_len;

	memcpy(out, agentx_config_table.root, len * sizeof(out[0]));
	out[len++] = column;
	return mib_index_put_text(out, len, target, strlen(target));
}

static void
command_is_an_order_and_never_shown(void **state)
{
	struct write_order o;
	struct mib_value value;
	mib_subid ids[MIB_OID_MAX];
	struct sample s;
	size_t len = command_name(1, "local", ids);

	(void)state;
	set_up(&s);
	assert_int_equal(order(&s, ids, len, "setvar a = \"b, c\"", &o), MIB_SET_OK);
	assert_int_equal(o.kind, WRITE_COMMAND);
	assert_int_equal(o.name_len, 0);
	assert_int_equal(order(&s, ids, len, "", &o), MIB_SET_WRONG_LENGTH);
	assert_int_equal(order(&s, ids, len, "a\nb", &o), MIB_SET_WRONG_VALUE);
	assert_int_equal(mib_get(&agentx_mib, &s.view, ids, len, &value), MIB_FOUND);
	assert_int_equal(value.n_octets, 0);
	len = command_name(2, "local", ids);
	assert_int_equal(mib_get(&agentx_mib, &s.view, ids, len, &value), MIB_FOUND);
	assert_int_equal(value.i32, NTP_WRITE_SYNTAX);
	len = command_name(1, "other", ids);
	assert_int_equal(order(&s, ids, len, "x", &o), MIB_SET_NO_CREATION);
	tear_down(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_agree_with_the_text),
		cmocka_unit_test(every_object_has_a_row),
		cmocka_unit_test(every_object_says_where_it_is_from),
		cmocka_unit_test(tables_are_indexed_as_the_text_says),
		cmocka_unit_test(outcomes_are_those_of_the_code),
		cmocka_unit_test(other_enumerations_are_those_of_the_code),
		cmocka_unit_test(any_fleet_walks_in_order),
		cmocka_unit_test(variable_is_found_by_name),
		cmocka_unit_test(push_is_told),
		cmocka_unit_test(access_says_what_would_be_tried),
		cmocka_unit_test(last_write_stands_in_its_row),
		cmocka_unit_test(name_of_a_value_means_a_variable),
		cmocka_unit_test(set_of_a_value_is_an_order),
		cmocka_unit_test(values_that_no_daemon_takes_are_refused),
		cmocka_unit_test(command_is_an_order_and_never_shown),
	};

	return cmocka_run_group_tests_name("NTP-AGENTX-MIB", tests, mib_text_set_up,
	    mib_text_tear_down);
}
