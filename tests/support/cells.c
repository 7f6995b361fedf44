/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects of NTP-AGENTX-MIB, one by one. */
#include "support/cells.h"

#include <stdio.h>
#include <string.h>

#include "mode6/varlist.h"
#include "snmp/agentx_agent.h"
#include "snmp/agentx_mib.h"
#include "snmp/print.h"
#include "support/check.h"
#include "support/fleet_fixture.h"
#include "support/snapshot_fixture.h"
#include "support/system_of.h"

struct snapshot *
cells_system(uint16_t status, const char *text)
{
	struct snapshot *s = snapshot_new(TARGET_UP, 1);
	struct m6_varlist list = m6_varlist_start(text, strlen(text));
	struct ntp_totals totals = { 0 };
	struct m6_var v;

	assert_non_null(s);
	s->taken_wall_ns = CELLS_WALL_NS;
	fixture_peer(&s->peers[0], 1, 0, "srcadr=192.0.2.7");
	system_of(s)->status = status;
	system_of(s)->has_status = status != 0;
	while (m6_varlist_next(&list, &v))
		(void)ntp_vars_apply(&ntp_system_vars, system_of(s), v.name, v.name_len,
		    v.value, v.value_len);
	ntp_totals_update(&totals, s->system, &s->totals);
	return s;
}

/* Of the cells of a walk with that label, the one in the row `nth`; their number. */
static size_t
look_for(const struct mib_view *view, const char *label, size_t nth, char *out,
    size_t cap)
{
	struct mib_oid at = { { 0 }, 0 }, found;
	char line[MIB_LINE_MAX], wanted[64];
	struct mib_value value;
	size_t n = 0;

	snprintf(wanted, sizeof(wanted), " %s.", label);
	while (mib_next(&agentx_mib, view, at.ids, at.len, false, &found, &value) ==
	    MIB_FOUND) {
		mib_print(&agentx_mib, &found, &value, line, sizeof(line));
		at = found;
		if (strstr(line, wanted) && n++ == nth)
			snprintf(out, cap, "%s", strstr(line, ": ") + 2);
	}
	return n;
}

static size_t
check(struct snapshot *s, const char *label, size_t nth, const char *expected)
{
	static const struct snapshot nothing = { .refs = 1 };
	static const struct agentx_agent identity = {
		.version = "",
		.now_ns = CELLS_NOW_NS,
	};
	static const struct mib_agent agent = { .identity = &identity };
	struct fleet_target *t = fixture_fleet_target("local", s, NULL, 0);
	struct fleet *f = fleet_new(&t, 1);
	const struct mib_view view = { &nothing, &agent, f };
	char got[MIB_LINE_MAX] = "absent";
	size_t n;

	assert_non_null(f);
	n = look_for(&view, label, nth, got, sizeof(got));
	if (strcmp(got, expected ? expected : "absent") != 0)
		fail_msg("%s is %s, not %s", label, got, expected ? expected : "absent");
	fleet_target_unref(t);
	fleet_unref(f);
	return n;
}

void
cells_check(struct snapshot *s, const char *label, const char *expected)
{
	assert_int_equal(check(s, label, 0, expected), expected != NULL);
}

void
cells_check_nth(struct snapshot *s, const char *label, size_t nth, const char *expected)
{
	(void)check(s, label, nth, expected);
}

static void
check_case(const struct cell_case *c)
{
	struct snapshot *s = cells_system(c->status, c->good);

	cells_check(s, c->label, c->expected);
	s->state = TARGET_SILENT;
	cells_check(s, c->label, NULL);
	snapshot_unref(s);
	s = cells_system(0, c->bad ? c->bad : "");
	cells_check(s, c->label, NULL);
	snapshot_unref(s);
}

void
cells_check_cases(const struct mib_group *group, const struct cell_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_case(&cases[i]);
	for (size_t k = 0; k < group->n_objects; k++) {
		size_t i = 0;

		while (i < n && strcmp(cases[i].label, group->objects[k].label) != 0)
			i++;
		if (i == n)
			fail_msg("%s has no case", group->objects[k].label);
	}
}
