/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects about associations, one by one. */
#include "support/peer_cells.h"

#include <string.h>

#include "mode6/varlist.h"
#include "support/cells.h"
#include "support/check.h"
#include "support/snapshot_fixture.h"
#include "support/system_of.h"

const char peer_cells_always[] = "";
static const char clock_address[] = "srcadr=127.127.28.2";

static void
apply(const struct ntp_var_table *table, void *object, const char *text)
{
	struct m6_varlist list = m6_varlist_start(text, strlen(text));
	struct m6_var v;

	while (m6_varlist_next(&list, &v))
		(void)ntp_vars_apply(table, object, v.name, v.name_len, v.value,
		    v.value_len);
}

struct snapshot *
peer_cells_snapshot(const char *system, uint16_t status, const char *peer)
{
	struct snapshot *s = snapshot_new(TARGET_UP, 1);

	assert_non_null(s);
	s->taken_wall_ns = CELLS_WALL_NS;
	s->has_peers = true;
	apply(&ntp_system_vars, system_of(s), system ? system : "");
	fixture_peer(&s->peers[0], 4711, status, "");
	apply(&ntp_peer_vars, &s->peers[0], peer);
	return s;
}

void
peer_cells_clock(struct snapshot *s, uint16_t status, const char *clock)
{
	s->peers[0].clock.status = status;
	s->peers[0].clock.has_status = status != 0;
	apply(&ntp_clock_vars, &s->peers[0].clock, clock);
}

static struct snapshot *
snapshot_of(const struct peer_case *c, bool is_clock, bool is_good)
{
	const char *text = is_good ? c->good : c->bad ? c->bad : "";
	const char *system = is_good ? c->system : NULL;
	uint16_t status = is_good ? c->status : 0;
	struct snapshot *s;

	if (!is_clock)
		return peer_cells_snapshot(system, status, text);
	s = peer_cells_snapshot(system, 0, clock_address);
	peer_cells_clock(s, status, text);
	return s;
}

static void
check_case(const struct peer_case *c, bool is_clock)
{
	struct snapshot *s = snapshot_of(c, is_clock, true);

	cells_check(s, c->label, c->expected);
	s->state = TARGET_SILENT;
	cells_check(s, c->label, NULL);
	snapshot_unref(s);
	if (c->bad == peer_cells_always)
		return;
	s = snapshot_of(c, is_clock, false);
	cells_check(s, c->label, NULL);
	snapshot_unref(s);
}

static void
check_cases(const struct mib_group *group, const struct peer_case *cases, size_t n,
    bool is_clock)
{
	for (size_t i = 0; i < n; i++)
		check_case(&cases[i], is_clock);
	for (size_t k = 0; k < group->n_objects; k++) {
		size_t i = 0;

		while (i < n && strcmp(cases[i].label, group->objects[k].label) != 0)
			i++;
		if (i == n)
			fail_msg("%s has no case", group->objects[k].label);
	}
}

void
peer_cells_check(const struct mib_group *group, const struct peer_case *cases, size_t n)
{
	check_cases(group, cases, n, false);
}

void
peer_cells_check_clock(const struct mib_group *group, const struct peer_case *cases,
    size_t n)
{
	check_cases(group, cases, n, true);
}

void
peer_cells_check_one(const char *label, uint16_t status, const char *system,
    const char *peer, const char *expected)
{
	struct snapshot *s = peer_cells_snapshot(system, status, peer);

	cells_check(s, label, expected);
	snapshot_unref(s);
}
