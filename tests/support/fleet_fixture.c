/* SPDX-License-Identifier: BSD-2-Clause */
/* Fleets for tests. */
#include "support/fleet_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/check.h"
#include "support/snapshot_fixture.h"
#include "support/system_of.h"

enum { TARGETS_AT_MOST = 4, NAMES_AT_MOST = 12, RECORDS_AT_MOST = 6 };

static void
add(struct ntp_raw_maker *maker, const char *item)
{
	const char *equals = strchr(item, '=');

	assert_non_null(equals);
	ntp_raw_add(maker, "",
	    &(struct ntp_raw_item){ .name = item,
		.name_len = (size_t)(equals - item),
		.value = equals + 1,
		.value_len = strlen(equals + 1),
		.row = -1 });
}

struct ntp_raw *
fixture_raw(const char *const *items)
{
	struct ntp_raw_maker maker = { .bytes = NULL };
	struct ntp_raw *raw;

	for (; items && *items; items++)
		add(&maker, *items);
	raw = ntp_raw_make(&maker);
	assert_non_null(raw);
	return raw;
}

struct snapshot *
fixture_raw_snapshot(const char *const *system, const uint16_t *ids,
    const char *const *const *peers, size_t n_peers)
{
	struct snapshot *s = snapshot_new(TARGET_UP, n_peers);

	assert_non_null(s);
	s->has_peers = true;
	system_of(s)->raw = fixture_raw(system);
	for (size_t i = 0; i < n_peers; i++) {
		s->peers[i].id = ids[i];
		s->peers[i].raw = fixture_raw(peers[i]);
	}
	return s;
}

struct ntp_write_record
fixture_record(uint16_t assoc, const char *name, enum ntp_write_result result,
    const char *detail)
{
	struct ntp_write_record r = { .assoc = assoc, .result = result };

	r.name_len = (uint8_t)strlen(name);
	memcpy(r.name, name, r.name_len);
	r.detail_len = (uint16_t)strlen(detail);
	memcpy(r.detail, detail, r.detail_len);
	r.wall_ns = INT64_C(1795651200000000000);
	return r;
}

struct fleet_target *
fixture_fleet_target(const char *name, struct snapshot *snapshot,
    const struct ntp_write_record *records, size_t n_records)
{
	/* The tables only read it here. */
	static struct mib_control control;
	struct target about;
	struct fleet_source from = {
		.target = &about,
		.snapshot = snapshot,
		.stats = { .push = TARGET_PUSH_OFF },
		.has_key = true,
		.control = &control,
		.notices = { .raised = 7, .folded = 3 },
		.records = records,
		.n_records = n_records,
	};
	struct fleet_target *t;

	mib_control_init(&control);
	target_init(&about);
	snprintf(about.name, sizeof(about.name), "%s", name);
	snprintf(about.host, sizeof(about.host), "%s.example.net", name);
	about.write = TARGET_WRITE_CONFIGURE;
	about.control_key = 1;
	t = fleet_target_new(&from);
	assert_non_null(t);
	return t;
}

static uint32_t
draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 16) % below;
}

/* Names of one to six letters, so that lengths and letters both decide the order. */
static void
random_name(uint32_t *seed, char out[8])
{
	size_t len = 1 + draw(seed, 6);

	for (size_t i = 0; i < len; i++)
		out[i] = (char)('a' + draw(seed, 3));
	out[len] = '\0';
}

static struct ntp_raw *
random_raw(uint32_t *seed)
{
	struct ntp_raw_maker maker = { .bytes = NULL };
	size_t n = draw(seed, NAMES_AT_MOST);

	for (size_t i = 0; i < n; i++) {
		char name[8];

		random_name(seed, name);
		ntp_raw_add(&maker, "",
		    &(struct ntp_raw_item){ .name = name,
			.name_len = strlen(name),
			.value = "x\x01\xff",
			.value_len = draw(seed, 4),
			.row = -1 });
	}
	return ntp_raw_make(&maker);
}

static int
by_place(const void *a, const void *b)
{
	const struct ntp_write_record *x = a, *y = b;

	if (x->assoc != y->assoc)
		return x->assoc < y->assoc ? -1 : 1;
	return ntp_raw_compare(x->name, x->name_len, y->name, y->name_len);
}

static size_t
random_records(uint32_t *seed, const struct snapshot *s, struct ntp_write_record *out)
{
	size_t wanted = draw(seed, RECORDS_AT_MOST), n = 0;

	while (n < wanted) {
		char name[8] = "";
		uint16_t assoc = (uint16_t)draw(seed, 3);
		size_t i = 0;

		if (assoc > 0 && s->n_peers > 0)
			assoc = s->peers[draw(seed, (uint32_t)s->n_peers)].id;
		if (assoc > 0 || draw(seed, 4) > 0)
			random_name(seed, name);
		out[n] = fixture_record(assoc, name,
		    1 + draw(seed, NTP_WRITE_RESULT_COUNT - 1), "why");
		while (i < n && by_place(&out[i], &out[n]) != 0)
			i++;
		if (i < n)
			wanted--;
		else
			n++;
	}
	qsort(out, n, sizeof(out[0]), by_place);
	return n;
}

static struct fleet_target *
random_target(uint32_t *seed, size_t number)
{
	struct snapshot *s = fixture_random(seed);
	struct ntp_write_record records[RECORDS_AT_MOST];
	struct fleet_target *t;
	char name[32];
	size_t n;

	ntp_raw_unref(s->system->raw);
	system_of(s)->raw = random_raw(seed);
	for (size_t i = 0; i < s->n_peers; i++) {
		ntp_raw_unref(s->peers[i].raw);
		s->peers[i].raw = random_raw(seed);
	}
	n = random_records(seed, s, records);
	snprintf(name, sizeof(name), "%.*s%zu", (int)draw(seed, 4), "zaz", number);
	t = fixture_fleet_target(name, s, records, n);
	snapshot_unref(s);
	return t;
}

struct fleet *
fixture_random_fleet(uint32_t *seed)
{
	struct fleet_target *targets[TARGETS_AT_MOST] = { NULL };
	size_t n = draw(seed, TARGETS_AT_MOST + 1);
	struct fleet *f;

	for (size_t i = 0; i < n; i++)
		targets[i] = random_target(seed, i);
	f = fleet_new(targets, n);
	assert_non_null(f);
	for (size_t i = 0; i < n; i++)
		fleet_target_unref(targets[i]);
	return f;
}
