/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the peer and clock variables, alone and with recorded answers. */
#include "support/check.h"

#include "model/peer.h"

#include <string.h>

#include "support/recording.h"
#include "support/rows.h"

static void
assert_label(const struct ntp_label *label, const char *expected)
{
	assert_int_equal(label->len, strlen(expected));
	assert_memory_equal(label->bytes, expected, label->len);
}

static void
assert_addr(const struct addr *addr, const char *expected)
{
	char text[ADDR_TEXT_MAX];

	addr_format(addr, false, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void
presence_is_asked_by_enumerator(void **state)
{
	(void)state;
	for (unsigned v = 0; v < NTP_PEER_VAR_COUNT; v++) {
		struct ntp_peer p = { .seen = ntp_seen_of(v) };

		for (unsigned other = 0; other < NTP_PEER_VAR_COUNT; other++)
			assert_int_equal(ntp_peer_has(&p, (enum ntp_peer_var)other),
			    v == other);
	}
	for (unsigned v = 0; v < NTP_CLOCK_VAR_COUNT; v++) {
		struct ntp_clock c = { .seen = ntp_seen_of(v) };

		for (unsigned other = 0; other < NTP_CLOCK_VAR_COUNT; other++)
			assert_int_equal(ntp_clock_has(&c, (enum ntp_clock_var)other),
			    v == other);
	}
}

static void
set_text(const struct ntp_var_table *table, void *object, const char *name,
    const char *value)
{
	if (value)
		assert_int_equal(ntp_vars_apply(table, object, name, strlen(name), value,
				     strlen(value)),
		    NTP_APPLY_OK);
}

static void
peers_are_called_by_the_best_name_there_is(void **state)
{
	static const struct {
		const char *srchost, *clock_name, *device, *srcadr;
		const char *name;
	} cases[] = {
		{ "a.example", "LOCAL", "Local clock", "127.127.1.0", "a.example" },
		{ NULL, "LOCAL", "Local clock", "127.127.1.0", "LOCAL" },
		{ NULL, NULL, "Local clock", "127.127.1.0", "Local clock" },
		{ NULL, NULL, NULL, "127.127.1.0", "127.127.1.0" },
		{ "", "", "", "fd00:99::1", "fd00:99::1" },
		{ "LOCAL(0)", NULL, NULL, NULL, "LOCAL(0)" },
		{ "pool.example", NULL, NULL, "0.0.0.0", "pool.example" },
		{ NULL, NULL, NULL, NULL, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ntp_peer p = { 0 };
		char name[128];

		set_text(&ntp_peer_vars, &p, "srchost", cases[i].srchost);
		set_text(&ntp_peer_vars, &p, "srcadr", cases[i].srcadr);
		set_text(&ntp_clock_vars, &p.clock, "name", cases[i].clock_name);
		set_text(&ntp_clock_vars, &p.clock, "device", cases[i].device);
		memset(name, '#', sizeof(name));
		assert_int_equal(ntp_peer_name(&p, name, sizeof(name)),
		    strlen(cases[i].name));
		assert_string_equal(name, cases[i].name);
	}
}

static void
names_are_cut_at_the_buffers_end(void **state)
{
	struct ntp_peer p = { 0 };
	char name[5] = "####";

	(void)state;
	set_text(&ntp_peer_vars, &p, "srchost", "ab\xc3\xa9z");
	assert_int_equal(ntp_peer_name(&p, name, 4), 2);
	assert_string_equal(name, "ab");
	assert_int_equal(ntp_peer_name(&p, name, 1), 0);
	assert_string_equal(name, "");
}

static void
reference_clocks_are_known_by_their_address(void **state)
{
	static const struct {
		const char *srcadr;
		bool is_clock;
		uint8_t type;
	} cases[] = {
		{ "127.127.1.0", true, 1 },
		{ "127.127.20.3", true, 20 },
		{ "127.0.0.1", false, 0 },
		{ "10.99.0.1", false, 0 },
		{ "::1", false, 0 },
		{ NULL, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ntp_peer p = { 0 };
		uint8_t type = 0;

		set_text(&ntp_peer_vars, &p, "srcadr", cases[i].srcadr);
		assert_int_equal(ntp_peer_is_refclock(&p, &type), cases[i].is_clock);
		assert_int_equal(type, cases[i].type);
		assert_int_equal(ntp_peer_is_refclock(&p, NULL), cases[i].is_clock);
	}
}

static void
address_that_was_not_read_is_no_clock(void **state)
{
	struct ntp_peer p = { .srcadr = { ADDR_IPV4, { 127, 127, 1, 0 }, 0, 0 } };

	(void)state;
	assert_false(ntp_peer_is_refclock(&p, NULL));
}

/* One association of a recording: default list and, for a clock, READCLOCK. */
struct expectation {
	const char *path;
	unsigned assoc;
	const char *srcadr, *dstadr, *srchost, *refid, *clock_name, *name;
	uint8_t leap, stratum, hmode, pmode, hpoll, ppoll;
	uint32_t reach, flash;
	int64_t rootdelay_ns, rootdisp_ns, offset_ns, delay_ns, dispersion_ns, jitter_ns;
};

#define NTPD_CLIENT   "tests/recordings/ntpd-4.2.8p15-client.txt"
#define NTPD_SERVER   "tests/recordings/ntpd-4.2.8p15-server.txt"
#define NTPSEC_CLIENT "tests/recordings/ntpsec-1.2.2-client.txt"
#define NTPSEC_SERVER "tests/recordings/ntpsec-1.2.2-server.txt"
#define LOCAL_CLOCK   "Undisciplined local clock"
#define UNUSED_DISP   INT64_C(15937500000)

static const struct expectation expectations[] = {
	{ NTPD_CLIENT, 45116, "127.127.1.0", "127.0.0.1", NULL, "LOCL", NULL, LOCAL_CLOCK,
	    0, 10, 3, 4, 4, 4, 0xe0, 0, 0, 10000000, 0, 0, INT64_C(12062839000), 0 },
	{ NTPD_CLIENT, 45115, "fd00:99::1", "fd00:99::2", NULL, "127.127.1.0", NULL,
	    "fd00:99::1", 0, 4, 1, 2, 4, 4, 0xff, 0, 0, 10300000, 2000, 150000, 232000,
	    5000 },
	{ NTPD_CLIENT, 45114, "10.99.0.9", "10.99.0.2", NULL, "INIT", NULL, "10.99.0.9",
	    3, 16, 3, 0, 4, 4, 0, 0x1600, 0, 0, 0, 0, UNUSED_DISP, 0 },
	{ NTPD_CLIENT, 45113, "fd00:99::1", "fd00:99::2", NULL, "127.127.1.0", NULL,
	    "fd00:99::1", 0, 4, 3, 4, 4, 4, 0xff, 0, 0, 10452000, 12000, 40000, 260000,
	    6000 },
	{ NTPD_CLIENT, 45112, "10.99.0.1", "10.99.0.2", NULL, "127.127.1.0", NULL,
	    "10.99.0.1", 0, 4, 3, 4, 4, 4, 0xff, 0, 0, 10223000, 27000, 82000, 232000,
	    431000 },
	{ NTPD_SERVER, 6857, "fd00:99::2", "fd00:99::1", NULL, "244.149.184.189", NULL,
	    "fd00:99::2", 0, 5, 2, 1, 4, 4, 0xfe, 0x800, 31000, 10788000, -2000, 150000,
	    232000, 5000 },
	{ NTPD_SERVER, 6856, "224.0.1.1", "10.99.0.1", NULL, "MCST", NULL, "224.0.1.1", 3,
	    16, 5, 0, 4, 4, 0, 0x1600, 0, 0, 0, 0, INT64_C(16000000000), 0 },
	{ NTPD_SERVER, 6855, "10.99.0.255", "10.99.0.1", NULL, "BCST", NULL,
	    "10.99.0.255", 3, 16, 5, 0, 4, 4, 0, 0x1600, 0, 0, 0, 0, INT64_C(16000000000),
	    0 },
	{ NTPD_SERVER, 6854, "127.127.1.0", "127.0.0.1", NULL, "GPS", NULL, LOCAL_CLOCK,
	    0, 3, 3, 4, 4, 4, 0xff, 0, 0, 10000000, 0, 0, 232000, 0 },
	{ NTPSEC_CLIENT, 17770, "127.127.1.0", "127.0.0.1", "LOCAL(0)", "LOCL", "LOCAL",
	    "LOCAL(0)", 0, 10, 3, 4, 3, 3, 0x70, 0, 0, 10000000, 0, 0,
	    INT64_C(8937740000), 0 },
	{ NTPSEC_CLIENT, 17769, "10.98.0.9", "10.98.0.2", NULL, "INIT", NULL, "10.98.0.9",
	    3, 16, 3, 0, 3, 99, 0, 0x1600, 0, 0, 0, 0, UNUSED_DISP, 119 },
	{ NTPSEC_CLIENT, 17768, "fd00:98::1", "fd00:98::2", NULL, "127.127.1.0", NULL,
	    "fd00:98::1", 0, 3, 3, 4, 0, 99, 0xff, 0, 0, 72693000, 13128, 69854, 29184,
	    5772 },
	{ NTPSEC_CLIENT, 17767, "10.98.0.1", "10.98.0.2", NULL, "127.127.1.0", NULL,
	    "10.98.0.1", 0, 3, 3, 4, 0, 99, 0xff, 0, 0, 72678000, -3584, 66882, 29184,
	    12444 },
	{ NTPSEC_SERVER, 17767, "127.127.1.0", "127.0.0.1", "LOCAL(0)", "GPS", "LOCAL",
	    "LOCAL(0)", 0, 2, 3, 4, 3, 3, 0x7f, 0, 0, 10000000, 0, 0, 62612500, 0 },
};

static void
assert_optional(bool has, const struct ntp_label *label, const char *expected)
{
	assert_int_equal(has, expected != NULL);
	if (expected)
		assert_label(label, expected);
}

static void
assert_expected(const struct ntp_peer *p, const struct expectation *e)
{
	char name[128];

	assert_addr(&p->srcadr, e->srcadr);
	assert_addr(&p->dstadr, e->dstadr);
	assert_int_equal(p->srcport, 123);
	assert_int_equal(p->precision, -23);
	assert_optional(ntp_peer_has(p, NTP_PEER_SRCHOST), &p->srchost, e->srchost);
	assert_label(&p->refid, e->refid);
	assert_optional(ntp_clock_has(&p->clock, NTP_CLOCK_NAME), &p->clock.name,
	    e->clock_name);
	ntp_peer_name(p, name, sizeof(name));
	assert_string_equal(name, e->name);
	assert_int_equal(p->leap, e->leap);
	assert_int_equal(p->stratum, e->stratum);
	assert_int_equal(p->hmode, e->hmode);
	assert_int_equal(p->pmode, e->pmode);
	assert_int_equal(p->hpoll, e->hpoll);
	assert_int_equal(p->ppoll, e->ppoll);
	assert_int_equal(p->reach, e->reach);
	assert_int_equal(p->flash, e->flash);
	assert_int_equal(p->rootdelay_ns, e->rootdelay_ns);
	assert_int_equal(p->rootdisp_ns, e->rootdisp_ns);
	assert_int_equal(p->offset_ns, e->offset_ns);
	assert_int_equal(p->delay_ns, e->delay_ns);
	assert_int_equal(p->dispersion_ns, e->dispersion_ns);
	assert_int_equal(p->jitter_ns, e->jitter_ns);
}

/* All that NTPv4-MIB needs but the counters, which stand in no default list, and the host
 * name. */
static void
assert_default_list(const struct ntp_peer *p)
{
	for (int v = 0; v < NTP_PEER_REFTIME; v++)
		if (v != NTP_PEER_SRCHOST)
			assert_true(ntp_peer_has(p, (enum ntp_peer_var)v));
	assert_true(ntp_peer_has(p, NTP_PEER_REC));
	assert_true(ntp_peer_has(p, NTP_PEER_DSTPORT));
	assert_false(ntp_peer_has(p, NTP_PEER_RECEIVED));
}

static void
recorded_answers_give_the_values_they_show(void **state)
{
	/* All but the counters, which stand in no default list, and the host name. */
	(void)state;
	for (size_t i = 0; i < COUNT(expectations); i++) {
		const struct expectation *e = &expectations[i];
		struct recording *rec = recording_load(e->path);
		struct ntp_peer p = { 0 };

		assert_non_null(rec);
		rows_apply_recorded(&ntp_peer_vars, &p, rec, 2, e->assoc, "");
		assert_default_list(&p);
		if (ntp_peer_is_refclock(&p, NULL))
			rows_apply_recorded(&ntp_clock_vars, &p.clock, rec, 4, e->assoc,
			    "");
		recording_free(rec);
		assert_expected(&p, e);
	}
}

static void
recorded_clocks_are_read(void **state)
{
	static const struct {
		const char *path;
		unsigned assoc;
		uint64_t poll;
		uint8_t stratum;
		const char *refid;
	} clocks[] = {
		{ NTPD_CLIENT, 45116, 5, 10, "LOCL" },
		{ NTPD_SERVER, 6854, 10, 3, "GPS" },
		{ NTPSEC_CLIENT, 17770, 3, 10, "76.79.67.76" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(clocks); i++) {
		struct recording *rec = recording_load(clocks[i].path);
		struct ntp_clock c = { 0 };

		assert_non_null(rec);
		rows_apply_recorded(&ntp_clock_vars, &c, rec, 4, clocks[i].assoc, "");
		recording_free(rec);
		assert_true(ntp_clock_has(&c, NTP_CLOCK_TIMECODE));
		assert_int_equal(c.timecode.len, 0);
		assert_int_equal(c.poll, clocks[i].poll);
		assert_int_equal(c.noreply + c.badformat + c.baddata, 0);
		assert_int_equal(c.stratum, clocks[i].stratum);
		assert_int_equal(c.refid.len, strlen(clocks[i].refid));
		assert_memory_equal(c.refid.bytes, clocks[i].refid, c.refid.len);
		assert_int_equal(c.flags, 0);
		assert_false(ntp_clock_has(&c, NTP_CLOCK_FUDGETIME1));
		assert_false(ntp_clock_has(&c, NTP_CLOCK_TYPE));
		assert_int_equal(ntp_clock_has(&c, NTP_CLOCK_NAME), i == 2);
	}
}

static void
recorded_values_beyond_the_mib_are_read(void **state)
{
	struct recording *rec = recording_load(NTPD_CLIENT);
	struct ntp_peer p = { 0 }, q = { 0 };

	(void)state;
	assert_non_null(rec);
	rows_apply_recorded(&ntp_peer_vars, &p, rec, 2, 45112, "");
	recording_free(rec);
	assert_int_equal(p.rec.seconds, 0xeeab5fba);
	assert_int_equal(p.headway_s, 3);
	assert_int_equal(p.keyid, 0xe9856a8f);
	assert_int_equal(p.xleave_ns, 89000);
	assert_int_equal(p.autokey_flags, 0x417f01);
	assert_label(&p.autokey_host, "labA");
	assert_memory_equal(p.autokey_signature.bytes, "sha1WithRSAEncryption", 21);
	assert_int_equal(p.filtdelay.us[6], 2260);
	assert_int_equal(p.filtoffset.us[7], -150);
	assert_int_equal(p.filtdisp.us[1], 240);
	assert_false(ntp_peer_has(&p, NTP_PEER_XMT));

	rec = recording_load(NTPSEC_CLIENT);
	assert_non_null(rec);
	rows_apply_recorded(&ntp_peer_vars, &q, rec, 2, 17768, "");
	recording_free(rec);
	assert_int_equal(q.headway_s, -28);
	assert_int_equal(q.keyid, 3);
	assert_int_equal(q.ntscookies, -1);
	assert_int_equal(q.xmt.fraction, 0x2edd4bf6);
	/* Whatever lay in the daemon's memory is no sample. */
	assert_false(ntp_peer_has(&q, NTP_PEER_FILTDELAY));
	assert_false(ntp_peer_has(&q, NTP_PEER_FILTOFFSET));
	assert_false(ntp_peer_has(&q, NTP_PEER_FILTDISP));
}

/* Asked by name or not, the answer is the same. */
static void
short_list_agrees_with_the_default_list(void **state)
{
	static const char names[] =
	    "srcadr,stratum,refid,reach,offset,delay,dispersion,jitter,flash";

	(void)state;
	for (size_t i = 0; i < COUNT(expectations); i++) {
		const struct expectation *e = &expectations[i];
		struct recording *rec = recording_load(e->path);
		struct ntp_peer p = { 0 };

		assert_non_null(rec);
		rows_apply_recorded(&ntp_peer_vars, &p, rec, 2, e->assoc, names);
		recording_free(rec);
		assert_int_equal(rows_count(p.seen), 9);
		assert_addr(&p.srcadr, e->srcadr);
		assert_label(&p.refid, e->refid);
		assert_int_equal(p.stratum, e->stratum);
		assert_int_equal(p.reach, e->reach);
		assert_int_equal(p.offset_ns, e->offset_ns);
		assert_int_equal(p.delay_ns, e->delay_ns);
		assert_int_equal(p.dispersion_ns, e->dispersion_ns);
		assert_int_equal(p.jitter_ns, e->jitter_ns);
		assert_int_equal(p.flash, e->flash);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(presence_is_asked_by_enumerator),
		cmocka_unit_test(peers_are_called_by_the_best_name_there_is),
		cmocka_unit_test(names_are_cut_at_the_buffers_end),
		cmocka_unit_test(reference_clocks_are_known_by_their_address),
		cmocka_unit_test(address_that_was_not_read_is_no_clock),
		cmocka_unit_test(recorded_answers_give_the_values_they_show),
		cmocka_unit_test(recorded_clocks_are_read),
		cmocka_unit_test(recorded_values_beyond_the_mib_are_read),
		cmocka_unit_test(short_list_agrees_with_the_default_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
