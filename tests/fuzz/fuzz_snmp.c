/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests of managers to a running agent without a master: any type, any names near to
 * those that are there and far from them, any values. The answers are compared with a
 * plain list of what is there; a SET happens as a whole or not at all. */
#include "support/check.h"

#include "support/agent_bench.h"

#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "snmp/agentx_agent.h"
#include "snmp/agentx_mib.h"
#include "snmp/handler.h"
#include "snmp/handler_set.h"
#include "snmp/ntpv4_mib.h"
#include "support/fleet_fixture.h"
#include "support/mib_walk.h"
#include "support/snapshot_fixture.h"

enum {
	PICTURES = 8,
	RECORDINGS = 4,
	REQUESTS_MAX = 8,
	VARBINDS_MAX = 6,
	BULK_MAX = 16,
	WRITABLE_MAX = 256
};

/* What may be asked for: one picture, as both modules show it. */
struct picture {
	struct snapshot *snapshot;
	struct fleet *fleet;
	struct mib_listing lists[2];
	size_t writable[2][WRITABLE_MAX], n_writable[2]; /* places in the lists */
};

static struct {
	struct session *session;
	struct picture pictures[PICTURES];
	const struct picture *now;
	struct mib_control control;
	struct agentx_agent identity;
	struct mib_agent agent;
	struct mib_handler *handlers[2];
	/* Of the write under way. */
	void (*done)(void *ctx);
	void *done_ctx;
	enum write_step step;
	uint8_t fate; /* of writes: what daemons answer */
} bench;

static const struct mib_module *const modules[] = { &ntpv4_mib, &agentx_mib };

/* --- writes ------------------------------------------------------------------------- */

static enum ntp_write_result
check_order(void *ctx, const struct write_order *order)
{
	(void)ctx;
	FUZZ_REQUIRE(order->target != NULL && order->name_len <= NTP_WRITE_NAME_MAX);
	return (bench.fate & 1) != 0 ? NTP_WRITE_NO_KEY : NTP_WRITE_DONE;
}

static void
note_order(void *ctx, const struct write_order *order, enum ntp_write_result result)
{
	(void)ctx;
	(void)order;
	(void)result;
}

static struct write_job *
begin(void *ctx, const struct write_order *orders, size_t n)
{
	(void)ctx;
	FUZZ_REQUIRE(n > 0 && orders != NULL);
	return (bench.fate & 2) != 0 ? NULL : malloc(1);
}

static int
run(struct write_job *job, enum write_step step, void (*done)(void *ctx), void *done_ctx)
{
	(void)job;
	FUZZ_REQUIRE(bench.done == NULL);
	if ((bench.fate & 4) != 0)
		return -1;
	bench.step = step;
	bench.done = done;
	bench.done_ctx = done_ctx;
	return 0;
}

static enum ntp_write_result
result_of(const struct write_job *job, size_t i)
{
	static const enum ntp_write_result good[] = { NTP_WRITE_NONE, NTP_WRITE_DONE,
		NTP_WRITE_RESTORED };

	(void)job;
	if ((bench.fate >> 3) % 8 == bench.step + 4 * (i % 2))
		return NTP_WRITE_PERMISSION;
	return good[bench.step];
}

static void
end(struct write_job *job)
{
	free(job);
}

static void
turn(void *ctx)
{
	void (*done)(void *ctx) = bench.done;

	(void)ctx;
	bench.done = NULL;
	if (done)
		done(bench.done_ctx);
	session_round(bench.session, 0);
}

/* --- the agent ---------------------------------------------------------------------- */

static void
view_system(void *ctx, struct mib_view *out)
{
	(void)ctx;
	*out = (struct mib_view){ bench.now->snapshot, &bench.agent, NULL };
}

static void
view_fleet(void *ctx, struct mib_view *out)
{
	static struct snapshot nothing = { .refs = 1 };

	(void)ctx;
	*out = (struct mib_view){ &nothing, &bench.agent, bench.now->fleet };
}

static void
view_of(size_t module, struct mib_view *out)
{
	(module == 0 ? view_system : view_fleet)(NULL, out);
}

static void
on_target(void *ctx, const char *target)
{
	(void)ctx;
	FUZZ_REQUIRE(target != NULL);
}

/* A fleet of one, whose control is the one that is watched. */
static struct fleet *
fleet_of(struct snapshot *snapshot)
{
	struct target about;
	struct fleet_source from = { .target = &about,
		.snapshot = snapshot,
		.has_key = true,
		.control = &bench.control };
	struct fleet_target *t;
	struct fleet *f;

	target_init(&about);
	memcpy(about.name, "t", 2);
	about.write = TARGET_WRITE_CONFIGURE;
	t = fleet_target_new(&from);
	f = t ? fleet_new(&t, 1) : NULL;
	FUZZ_REQUIRE(f != NULL);
	fleet_target_unref(t);
	return f;
}

static void
note_writable(struct picture *p, size_t m)
{
	struct mib_instance instance;

	for (size_t i = 0; i < p->lists[m].n && p->n_writable[m] < WRITABLE_MAX; i++) {
		const struct mib_oid *name = &p->lists[m].items[i].name;

		if (mib_instance_of(modules[m], name->ids, name->len, &instance) &&
		    instance.object->write)
			p->writable[m][p->n_writable[m]++] = i;
	}
}

static void
make_picture(struct picture *p, size_t i)
{
	static const char *const recordings[RECORDINGS] = {
		"tests/recordings/ntpd-4.2.8p15-client.txt",
		"tests/recordings/ntpd-4.2.8p15-server.txt",
		"tests/recordings/ntpsec-1.2.2-client.txt",
		"tests/recordings/ntpsec-1.2.2-server.txt",
	};
	uint32_t seed = 7 + (uint32_t)i;
	struct mib_view view;

	if (i < RECORDINGS) {
		p->snapshot =
		    fixture_from_recording(recordings[i], 1795219782 * NS_PER_S);
		p->fleet = fleet_of(p->snapshot);
	} else {
		p->snapshot = fixture_random(&seed);
		p->fleet = fixture_random_fleet(&seed);
	}
	bench.now = p;
	for (size_t m = 0; m < COUNT(modules); m++) {
		view_of(m, &view);
		p->lists[m] = mib_listing_of(modules[m], &view);
		note_writable(p, m);
	}
}

static void
stop(void)
{
	for (size_t m = 0; m < COUNT(modules); m++)
		mib_handler_unregister(bench.handlers[m]);
	for (size_t i = 0; i < PICTURES; i++) {
		struct picture *p = &bench.pictures[i];

		for (size_t m = 0; m < COUNT(modules); m++)
			mib_listing_free(&p->lists[m]);
		fleet_unref(p->fleet);
		snapshot_unref(p->snapshot);
	}
	agent_bench_stop_session((void **)&bench.session);
}

static void
start(void)
{
	static const struct logger quiet;
	static struct write_port port = { check_order, note_order, begin, run, result_of,
		end, NULL };

	if (bench.session)
		return;
	FUZZ_REQUIRE(agent_bench_start_session((void **)&bench.session) == 0);
	mib_control_init(&bench.control);
	bench.identity = (struct agentx_agent){ .version = "1",
		.refresh = on_target,
		.control_set = on_target,
		.test = on_target };
	bench.agent =
	    (struct mib_agent){ .control = &bench.control, .identity = &bench.identity };
	for (size_t i = 0; i < PICTURES; i++)
		make_picture(&bench.pictures[i], i);
	for (size_t m = 0; m < COUNT(modules); m++) {
		bench.handlers[m] = mib_handler_register(modules[m], NULL,
		    &(struct view_port){ .view = m == 0 ? view_system : view_fleet,
			.writes = &port,
			.session = bench.session },
		    &quiet);
		FUZZ_REQUIRE(bench.handlers[m] != NULL);
	}
	(void)atexit(stop);
}

/* --- what is there ------------------------------------------------------------------ */

static int
order(const struct mib_oid *a, const netsnmp_variable_list *v)
{
	return mib_oid_compare(a->ids, a->len, v->name, v->name_length);
}

static bool
is_below(const struct mib_module *m, const netsnmp_variable_list *v)
{
	return v->name_length >= m->root_len &&
	    memcmp(v->name, m->root, m->root_len * sizeof(v->name[0])) == 0;
}

/* The module a name is of, or COUNT(modules). */
static size_t
module_of(const netsnmp_variable_list *v)
{
	size_t m = 0;

	while (m < COUNT(modules) && !is_below(modules[m], v))
		m++;
	return m;
}

static const struct mib_listed *
first_behind(size_t m, const netsnmp_variable_list *v)
{
	const struct mib_listing *l = &bench.now->lists[m];
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (order(&l->items[middle].name, v) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < l->n ? &l->items[low] : NULL;
}

static bool
is_exception(const netsnmp_variable_list *v)
{
	return v->type == SNMP_NOSUCHOBJECT || v->type == SNMP_NOSUCHINSTANCE ||
	    v->type == SNMP_ENDOFMIBVIEW;
}

static void
check_type(const netsnmp_variable_list *v)
{
	struct mib_instance instance;
	size_t m = module_of(v);

	if (m == COUNT(modules) || is_exception(v))
		return;
	FUZZ_REQUIRE(mib_instance_of(modules[m], v->name, v->name_length, &instance));
	FUZZ_REQUIRE(v->type == handler_asn_types[instance.object->syntax]);
}

/* --- requests ----------------------------------------------------------------------- */

/* Near to something that is there, or not. */
static void
make_name(struct fuzz_input *in, struct mib_oid *out)
{
	uint8_t how = fuzz_u8(in);
	size_t m = how & 1;
	const struct mib_listing *l = &bench.now->lists[m];
	size_t at = fuzz_u16(in);

	*out = (struct mib_oid){ .len = modules[m]->root_len };
	memcpy(out->ids, modules[m]->root, out->len * sizeof(out->ids[0]));
	if (l->n > 0)
		*out = l->items[at % l->n].name;
	if ((how & 2) != 0)
		out->len -= fuzz_u8(in) % out->len % 12u;
	if ((how & 4) != 0)
		out->ids[out->len - 1 - (size_t)fuzz_u8(in) % (out->len > 6 ? 6 : 1)] +=
		    fuzz_u8(in) - 2u;
	for (unsigned n = how >> 3 & 3; n > 0 && out->len < MIB_OID_MAX; n--)
		out->ids[out->len++] =
		    (how & 0x80) != 0 ? UINT32_MAX - fuzz_u8(in) : fuzz_u8(in);
	for (size_t i = 0; i < out->len; i++)
		out->ids[i] &= UINT32_MAX;
}

/* One that may be set, so that a SET gets as far as to be done, and undone. */
static bool
make_writable(struct fuzz_input *in, struct mib_oid *out)
{
	uint8_t which = fuzz_u8(in);
	size_t m = which & 1, n = bench.now->n_writable[m];

	if (n == 0)
		return false;
	*out = bench.now->lists[m].items[bench.now->writable[m][(which >> 1) % n]].name;
	return true;
}

/* The type that the object has. */
static u_char
right_type(const struct mib_oid *name, u_char otherwise)
{
	struct mib_instance instance;

	for (size_t m = 0; m < COUNT(modules); m++)
		if (mib_instance_of(modules[m], name->ids, name->len, &instance))
			return handler_asn_types[instance.object->syntax];
	return otherwise;
}

static void
add_value(struct fuzz_input *in, netsnmp_pdu *pdu, const struct mib_oid *name)
{
	static const u_char types[] = { ASN_INTEGER, ASN_UNSIGNED, ASN_COUNTER,
		ASN_TIMETICKS, ASN_OCTET_STR, ASN_OCTET_STR, ASN_COUNTER64, ASN_OBJECT_ID,
		ASN_IPADDRESS };
	uint8_t which = fuzz_u8(in);
	u_char type = types[which % COUNT(types)];
	struct counter64 wide = { fuzz_u8(in), fuzz_u8(in) };
	long number = (int16_t)fuzz_u16(in);
	size_t len;
	uint8_t *octets = fuzz_take(in, fuzz_u8(in), &len);

	if (which >= 0x40)
		type = right_type(name, type);
	if (type == ASN_OCTET_STR)
		snmp_pdu_add_variable(pdu, name->ids, name->len, type, octets, len);
	else if (type == ASN_COUNTER64)
		snmp_pdu_add_variable(pdu, name->ids, name->len, type, &wide,
		    sizeof(wide));
	else if (type == ASN_OBJECT_ID)
		snmp_pdu_add_variable(pdu, name->ids, name->len, type, name->ids,
		    2 * sizeof(oid));
	else if (type == ASN_IPADDRESS)
		snmp_pdu_add_variable(pdu, name->ids, name->len, type, "abcd", 4);
	else
		snmp_pdu_add_variable(pdu, name->ids, name->len, type, &number,
		    sizeof(number));
	free(octets);
}

static netsnmp_pdu *
make_request(struct fuzz_input *in, int command)
{
	netsnmp_pdu *pdu = agent_request(command, NULL);
	size_t n = 1 + fuzz_below(in, VARBINDS_MAX);
	struct mib_oid name;

	for (size_t i = 0; i < n; i++) {
		if (command != SNMP_MSG_SET || fuzz_u8(in) % 4 == 0 ||
		    !make_writable(in, &name))
			make_name(in, &name);
		if (command == SNMP_MSG_SET)
			add_value(in, pdu, &name);
		else
			snmp_pdu_add_variable(pdu, name.ids, name.len, ASN_NULL, NULL, 0);
	}
	if (command == SNMP_MSG_GETBULK) {
		pdu->non_repeaters = fuzz_u8(in) % (VARBINDS_MAX + 1);
		pdu->max_repetitions = fuzz_u8(in) % BULK_MAX;
	}
	return pdu;
}

static netsnmp_pdu *
ask(netsnmp_pdu *pdu)
{
	return agent_ask_turning(pdu, turn, NULL);
}

/* GET of it gives the same. */
static void
check_same(const netsnmp_variable_list *v)
{
	netsnmp_pdu *pdu = agent_request(SNMP_MSG_GET, NULL), *got;
	const netsnmp_variable_list *twin;

	snmp_pdu_add_variable(pdu, v->name, v->name_length, ASN_NULL, NULL, 0);
	got = ask(pdu);
	twin = got->variables;
	FUZZ_REQUIRE(twin && twin->type == v->type && twin->val_len == v->val_len);
	FUZZ_REQUIRE(
	    v->val_len == 0 || memcmp(twin->val.string, v->val.string, v->val_len) == 0);
	snmp_free_pdu(got);
}

static void
check_gets(const netsnmp_pdu *asked, const netsnmp_pdu *got)
{
	const netsnmp_variable_list *a = asked->variables, *v = got->variables;

	FUZZ_REQUIRE(got->errstat == SNMP_ERR_NOERROR);
	for (; a && v; a = a->next_variable, v = v->next_variable) {
		FUZZ_REQUIRE(snmp_oid_compare(a->name, a->name_length, v->name,
				 v->name_length) == 0);
		check_type(v);
	}
	FUZZ_REQUIRE(!a && !v);
}

/* From a name in a module to the next in the list, or out of the module. */
static void
check_next(const netsnmp_variable_list *from, const netsnmp_variable_list *v)
{
	size_t m = module_of(from);

	if (v->type == SNMP_ENDOFMIBVIEW) {
		FUZZ_REQUIRE(m == COUNT(modules) || first_behind(m, from) == NULL);
		return;
	}
	FUZZ_REQUIRE(
	    snmp_oid_compare(from->name, from->name_length, v->name, v->name_length) < 0);
	check_type(v);
	if (m == COUNT(modules))
		return;
	const struct mib_listed *expected = first_behind(m, from);
	FUZZ_REQUIRE((expected != NULL) == (module_of(v) == m));
	FUZZ_REQUIRE(!expected || order(&expected->name, v) == 0);
}

static void
check_nexts(const netsnmp_pdu *asked, const netsnmp_pdu *got)
{
	const netsnmp_variable_list *a = asked->variables, *v = got->variables;

	FUZZ_REQUIRE(got->errstat == SNMP_ERR_NOERROR);
	for (; a && v; a = a->next_variable, v = v->next_variable) {
		check_next(a, v);
		if (module_of(v) < COUNT(modules) && !is_exception(v))
			check_same(v);
	}
	FUZZ_REQUIRE(!a && !v);
}

/* Each repetition goes on from the one before. */
static void
check_bulk(const netsnmp_pdu *asked, const netsnmp_pdu *got)
{
	const netsnmp_variable_list *before[VARBINDS_MAX], *v = got->variables;
	size_t n = 0, once = (size_t)asked->non_repeaters;

	FUZZ_REQUIRE(got->errstat == SNMP_ERR_NOERROR);
	for (const netsnmp_variable_list *a = asked->variables; a; a = a->next_variable)
		before[n++] = a;
	for (size_t i = 0; i < n && i < once && v; i++, v = v->next_variable)
		check_next(before[i], v);
	for (size_t i = once; v && n > once; v = v->next_variable) {
		if (before[i]->type != SNMP_ENDOFMIBVIEW)
			check_next(before[i], v);
		before[i] = v;
		i = i + 1 < n ? i + 1 : once;
	}
}

static void
check_set(const netsnmp_pdu *got, const struct mib_control *before)
{
	if (got->errstat != SNMP_ERR_NOERROR)
		FUZZ_REQUIRE(memcmp(before, &bench.control, sizeof(*before)) == 0);
	for (size_t m = 0; m < COUNT(modules); m++)
		FUZZ_REQUIRE(!mib_handler_is_setting(bench.handlers[m]));
}

static void
request(struct fuzz_input *in)
{
	static const int commands[] = { SNMP_MSG_GET, SNMP_MSG_GETNEXT, SNMP_MSG_GETBULK,
		SNMP_MSG_SET };
	int command = commands[fuzz_below(in, COUNT(commands))];
	const struct mib_control before = bench.control;
	netsnmp_pdu *pdu = make_request(in, command), *asked = snmp_clone_pdu(pdu), *got;

	got = ask(pdu);
	if (command == SNMP_MSG_GET)
		check_gets(asked, got);
	else if (command == SNMP_MSG_GETNEXT)
		check_nexts(asked, got);
	else if (command == SNMP_MSG_GETBULK)
		check_bulk(asked, got);
	else
		check_set(got, &before);
	snmp_free_pdu(asked);
	snmp_free_pdu(got);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct fuzz_input in = { bytes, len };

	start();
	mib_control_init(&bench.control);
	bench.now = &bench.pictures[fuzz_below(&in, PICTURES)];
	bench.fate = fuzz_u8(&in);
	for (int i = 0; i < REQUESTS_MAX && in.left > 0; i++)
		request(&in);
	return 0;
}
