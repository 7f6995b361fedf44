/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the system variables, alone and with recorded answers. */
#include "support/check.h"

#include "model/system.h"

#include <string.h>

#include "support/recording.h"
#include "support/rows.h"

static void
assert_text(const struct ntp_text *text, const char *expected)
{
	assert_int_equal(text->len, strlen(expected));
	assert_memory_equal(text->bytes, expected, text->len);
}

static void
assert_label(const struct ntp_label *label, const char *expected)
{
	assert_int_equal(label->len, strlen(expected));
	assert_memory_equal(label->bytes, expected, label->len);
}

/* Both have six decimals behind the point; their limits tell them apart. */
static void
milliseconds_and_ppm_are_not_mixed_up(void **state)
{
	static const struct {
		const char *name;
		bool is_ms;
	} rows[] = {
		{ "rootdelay", true },
		{ "rootdisp", true },
		{ "offset", true },
		{ "sys_jitter", true },
		{ "clk_jitter", true },
		{ "frequency", false },
		{ "clk_wander", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ntp_system s = { 0 };

		assert_int_equal(ntp_vars_apply(&ntp_system_vars, &s, rows[i].name,
				     strlen(rows[i].name), "100000000", 9),
		    rows[i].is_ms ? NTP_APPLY_OK : NTP_APPLY_MALFORMED);
	}
}

static void
rows_are_asked_with_their_group(void **state)
{
	static const struct {
		unsigned first, last;
		enum ntp_var_group group;
	} ranges[] = {
		{ NTP_SYS_LEAP, NTP_SYS_STATE, NTP_GROUP_STATE },
		{ NTP_SYS_SS_UPTIME, NTP_SYS_IO_WAKEUPS, NTP_GROUP_COUNTERS },
		{ NTP_SYS_VERSION, NTP_SYS_SETTIMEOFDAY, NTP_GROUP_IDENTITY },
		{ NTP_SYS_SS_RESET_R, NTP_SYS_LEAPSMEAROFFSET, NTP_GROUP_SLOW },
		{ NTP_SYS_KOFFSET, NTP_SYS_KPPSSTBEXC, NTP_GROUP_KERNEL },
		{ NTP_SYS_MRU_ENABLED, NTP_SYS_MRU_OLDEST_AGE, NTP_GROUP_MRU },
		{ NTP_SYS_AUTHDELAY, NTP_SYS_AUTHCMACFAILS, NTP_GROUP_AUTH },
		{ NTP_SYS_NTS_CLIENT_SEND, NTP_SYS_NTS_KE_SERVES_BAD_CPU, NTP_GROUP_NTS },
		{ NTP_SYS_NTS_CLIENT_SEND_R, NTP_SYS_NTS_KE_SERVES_BAD_CPU_R,
		    NTP_GROUP_NTS_RECENT },
		{ NTP_SYS_MSSNTP_SERVES, NTP_SYS_MSSNTP_SERVES_BAD_SLOWEST_R,
		    NTP_GROUP_MSSNTP },
		{ NTP_SYS_FLAGS, NTP_SYS_CERT, NTP_GROUP_AUTOKEY },
	};
	unsigned checked = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(ranges); i++)
		for (unsigned v = ranges[i].first; v <= ranges[i].last; v++, checked++)
			assert_int_equal(ntp_system_vars.rows[v].group, ranges[i].group);
	assert_int_equal(checked, NTP_SYS_VAR_COUNT);
}

/* NTPsec up to 1.2.2 is wrong by a factor of a thousand; whatever may be it is absent. */
static void
known_misprints_are_put_right(void **state)
{
	static const struct {
		const char *version, *kmaxerr, *kprecis, *kppscalibdur;
		bool has_kernel, has_calibdur;
		int64_t kmaxerr_ns, kprecis_ns;
		int32_t kppscalibdur_s;
	} cases[] = {
		{ "ntpd ntpsec-1.2.2", "16", "1e-06", "256", true, true,
		    INT64_C(16000000000), 1000, 256 },
		{ "ntpd ntpsec-1.2.5", "16000.000", "0.001", "8", true, true,
		    INT64_C(16000000000), 1000, 256 },
		{ "ntpd ntpsec-1.2.5", "16000.000", "0.001", "0.000", true, true,
		    INT64_C(16000000000), 1000, 0 },
		{ "ntpd ntpsec-1.2.5", "16000.000", "0.001", "31", true, false,
		    INT64_C(16000000000), 1000, 0 },
		{ "ntpd 4.2.8p15@1.3728-o", "16000", "0.001", "256", true, true,
		    INT64_C(16000000000), 1000, 256 },
		{ "ntpd ntpsec-1.2.2+1", "16", "1e-06", "256", false, false, 0, 0, 0 },
		{ "unknown", "16", "1e-06", "256", false, false, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct row_case values[] = {
			{ "version", cases[i].version, NULL },
			{ "kmaxerr", cases[i].kmaxerr, NULL },
			{ "kesterr", cases[i].kmaxerr, NULL },
			{ "kprecis", cases[i].kprecis, NULL },
			{ "kppscalibdur", cases[i].kppscalibdur, NULL },
		};
		struct ntp_system s = { 0 };

		rows_apply_good(&ntp_system_vars, &s, values, COUNT(values));
		ntp_system_correct(&s, ntp_system_kinds(&s));
		assert_int_equal(ntp_system_has(&s, NTP_SYS_KMAXERR),
		    cases[i].has_kernel);
		assert_int_equal(ntp_system_has(&s, NTP_SYS_KPRECIS),
		    cases[i].has_kernel);
		assert_int_equal(ntp_system_has(&s, NTP_SYS_KPPSCALIBDUR),
		    cases[i].has_calibdur);
		if (cases[i].has_kernel) {
			assert_int_equal(s.kmaxerr_ns, cases[i].kmaxerr_ns);
			assert_int_equal(s.kesterr_ns, cases[i].kmaxerr_ns);
			assert_int_equal(s.kprecis_ns, cases[i].kprecis_ns);
		}
		if (cases[i].has_calibdur)
			assert_int_equal(s.kppscalibdur_s, cases[i].kppscalibdur_s);
	}
}

/* The recorded answers beyond the default list. */
static void
recorded_counters_and_kernel_values_are_read(void **state)
{
	static const char kernel[] =
	    "koffset,kfreq,kmaxerr,kesterr,kstflags,kprecis,kfreqtol";
	static const char mru[] = "mru_enabled,mru_depth,mru_mem";
	static const char *const paths[] = {
		"tests/recordings/ntpd-4.2.8p15-client.txt",
		"tests/recordings/ntpsec-1.2.2-client.txt",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(paths); i++) {
		struct recording *rec = recording_load(paths[i]);
		struct ntp_system s = { 0 };

		assert_non_null(rec);
		rows_apply_recorded(&ntp_system_vars, &s, rec, 2, 0, "");
		rows_apply_recorded(&ntp_system_vars, &s, rec, 2, 0, kernel);
		rows_apply_recorded(&ntp_system_vars, &s, rec, 2, 0, mru);
		recording_free(rec);
		ntp_system_correct(&s, ntp_system_kinds(&s));
		assert_int_equal(s.kmaxerr_ns, INT64_C(16000000000));
		assert_int_equal(s.kprecis_ns, 1000);
		assert_int_equal(s.kfreqtol, 500000000);
		assert_int_equal(s.kstflags, 0x41);
		assert_int_equal(s.mru_enabled, i == 0 ? 0 : 3);
		assert_true(ntp_system_has(&s, NTP_SYS_MRU_DEPTH));
		assert_false(ntp_system_has(&s, NTP_SYS_MRU_MAXAGE));
	}
}

static void
recorded_certificates_are_read(void **state)
{
	struct recording *rec =
	    recording_load("tests/recordings/ntpd-4.2.8p15-client.txt");
	struct ntp_system s = { 0 };

	(void)state;
	assert_non_null(rec);
	rows_apply_recorded(&ntp_system_vars, &s, rec, 2, 0, "");
	recording_free(rec);
	assert_label(&s.autokey_host, "labB");
	assert_false(ntp_system_has(&s, NTP_SYS_IDENT));
	assert_int_equal(s.autokey_flags, 0x410003);
	assert_int_equal(s.autokey_digest.len, 3);
	assert_memory_equal(s.autokey_signature.bytes, "sha1WithRSAEncryption", 21);
	assert_int_equal(s.autokey_update_s, 1795219620);
	assert_int_equal(s.autokey_certs.n, 3);
	assert_label(&s.autokey_certs.items[0].subject, "labB");
	assert_label(&s.autokey_certs.items[0].issuer, "labA");
	assert_int_equal(s.autokey_certs.items[0].flags, 4);
	assert_int_equal(s.autokey_certs.items[0].until_s, 1826755620);
	assert_label(&s.autokey_certs.items[2].issuer, "labB");
	assert_int_equal(s.autokey_certs.items[2].until_s, 1826755380);
}

/* Later NTPsec prints some values otherwise. */
static void
values_of_ntpsec_125_are_read(void **state)
{
	static const struct row_case values[] = {
		{ "peeradr", "10.91.3.11:123", NULL },
		{ "kstflags", "65", NULL },
		{ "ktimeconst", "7.000", NULL },
		{ "koffset", "-0.012", NULL },
		{ "mru_enabled", "3", NULL },
		{ "system", "Linux", NULL },
		{ "release", "6.18.44", NULL },
		{ "leapsec", "1970-01-01T00:00Z", NULL },
		{ "nts_ke_serves_good_wall", "1.250", NULL },
	};
	struct ntp_system s = { 0 };

	(void)state;
	rows_apply_good(&ntp_system_vars, &s, values, COUNT(values));
	assert_int_equal(s.peeradr.port, 123);
	assert_int_equal(s.kstflags, 0x41);
	assert_int_equal(s.ktimeconst, 7);
	assert_int_equal(s.koffset_ns, -12000);
	assert_int_equal(s.leapsec_s, 0);
	assert_int_equal(s.nts.ke_serves_good_wall_ns, 1250000000);
}

static void
presence_is_asked_by_enumerator(void **state)
{
	(void)state;
	for (unsigned v = 0; v < NTP_SYS_VAR_COUNT; v++) {
		struct ntp_system s = { .seen = ntp_seen_of(v) };

		for (unsigned other = 0; other < NTP_SYS_VAR_COUNT; other++)
			assert_int_equal(ntp_system_has(&s, (enum ntp_system_var)other),
			    v == other);
	}
}

static void
family_is_read_from_the_version(void **state)
{
	static const struct {
		const char *version;
		enum ntp_family family;
	} versions[] = {
		{ "ntpd 4.2.8p15@1.3728-o Fri Nov 20 23:33:15 UTC 2026 (3)",
		    NTP_FAMILY_NTPORG },
		{ "ntpd 4.2.0b@1.1396-r", NTP_FAMILY_NTPORG },
		{ "ntpd ntpsec-1.2.2", NTP_FAMILY_NTPSEC },
		{ "ntpd ntpsec-1.2.5+12-g0123456", NTP_FAMILY_NTPSEC },
		{ "ntpd ntpsec", NTP_FAMILY_UNKNOWN },
		{ "ntpd ", NTP_FAMILY_UNKNOWN },
		{ "ntpd", NTP_FAMILY_UNKNOWN },
		{ "ntpd x4.2.8", NTP_FAMILY_UNKNOWN },
		{ "xntpd 3.5f", NTP_FAMILY_UNKNOWN },
		{ "", NTP_FAMILY_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(versions); i++) {
		struct ntp_system s = { 0 };

		assert_int_equal(ntp_system_family(&s), NTP_FAMILY_UNKNOWN);
		ntp_vars_apply(&ntp_system_vars, &s, "version", 7, versions[i].version,
		    strlen(versions[i].version));
		assert_int_equal(ntp_system_family(&s), versions[i].family);
	}
}

static void
kinds_are_told_by_the_version(void **state)
{
	static const struct {
		const char *version;
		unsigned kinds;
	} versions[] = {
		{ "ntpd 4.2.8p15@1.3728-o Fri Nov 20 2026 (3)", NTP_KIND_428 },
		{ "ntpd 4.3.91@1.2483-o", NTP_KIND_428 },
		{ "ntpd 4.2.7p26@1.2135-o", NTP_KIND_426 | NTP_KIND_428 },
		{ "ntpd 4.2.6p5@1.2349-o", NTP_KIND_426 },
		{ "ntpd 4.2.5p180", NTP_KIND_OLD | NTP_KIND_426 },
		{ "ntpd 4.2.4p8@1.1612-o", NTP_KIND_OLD },
		{ "ntpd 4.2.0b@1.1396-r", NTP_KIND_OLD },
		{ "ntpd 4", NTP_KIND_OLD },
		{ "ntpd 10.2.3", NTP_KIND_428 },
		{ "ntpd 99999999999999999999", NTP_KIND_428 },
		{ "ntpd ntpsec-1.2.2", NTP_KIND_SEC122 },
		{ "ntpd ntpsec-1.2.2a", NTP_KIND_SEC122 },
		{ "ntpd ntpsec-1.2.2+34-g0123456", NTP_KIND_SEC122 | NTP_KIND_SEC },
		{ "ntpd ntpsec-1.1.9", NTP_KIND_SEC122 },
		{ "ntpd ntpsec-1.2.3", NTP_KIND_SEC },
		{ "ntpd ntpsec-1.2.10+", NTP_KIND_SEC },
		{ "ntpd ntpsec-2", NTP_KIND_SEC },
		{ "xntpd 3.5f", NTP_KIND_ANY },
		{ "", NTP_KIND_ANY },
	};
	struct ntp_system none = { 0 };

	(void)state;
	assert_int_equal(ntp_system_kinds(&none), NTP_KIND_ANY);
	for (size_t i = 0; i < COUNT(versions); i++) {
		struct ntp_system s = { 0 };

		ntp_vars_apply(&ntp_system_vars, &s, "version", 7, versions[i].version,
		    strlen(versions[i].version));
		assert_int_equal(ntp_system_kinds(&s), versions[i].kinds);
	}
}

static void
patch_levels_are_those_of_ntporg(void **state)
{
	static const struct {
		const char *version;
		bool has_patch;
		uint32_t patch;
	} versions[] = {
		{ "ntpd 4.2.8p15@1.3728-o", true, 15 },
		{ "ntpd 4.2.8p9", true, 9 },
		{ "ntpd 4.2.8p", false, 0 },
		{ "ntpd 4.2.8pre", false, 0 },
		{ "ntpd 4.2.8", false, 0 },
		{ "ntpd 4.2.8p99999999999", false, 0 },
		{ "ntpd ntpsec-1.2.2p3", false, 0 },
		{ "", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(versions); i++) {
		struct ntp_system s = { 0 };
		uint32_t patch = 0;

		ntp_vars_apply(&ntp_system_vars, &s, "version", 7, versions[i].version,
		    strlen(versions[i].version));
		assert_int_equal(ntp_system_patch(&s, &patch), versions[i].has_patch);
		assert_int_equal(patch, versions[i].patch);
	}
}

static void
versions_of_the_other_family_are_before_none(void **state)
{
	static const struct {
		const char *version;
		bool is_before;
	} versions[] = {
		{ "ntpd 4.2.3p1", true },
		{ "ntpd 4.2.0a@1.1190-r", true },
		{ "ntpd 4.2.4p8@1.1612-o", false },
		{ "ntpd 4.2.8p15@1.3728-o", false },
		{ "ntpd ntpsec-1.2.2", false },
		{ "xntpd 3.5f", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(versions); i++) {
		struct ntp_system s = { 0 };

		ntp_vars_apply(&ntp_system_vars, &s, "version", 7, versions[i].version,
		    strlen(versions[i].version));
		assert_int_equal(ntp_system_is_before(&s, 4002004),
		    versions[i].is_before);
	}
}

/* What the recorded daemons said, in both dialects. */
struct expectation {
	const char *path;
	uint8_t leap, stratum, tc, mintc;
	int64_t rootdelay_ns, rootdisp_ns, offset_ns, sys_jitter_ns, clk_jitter_ns;
	const char *refid;
	struct ntp_stamp reftime, clock;
	uint16_t peer;
	const char *version;
	enum ntp_family family;
	uint64_t ss_reset_s, ss_received, io_sent;
};

/* All before tai, which is printed when it is known. */
static void
assert_default_list(struct ntp_seen seen)
{
	struct ntp_seen expected =
	    ROWS(NTP_SYS_VERSION, NTP_SYS_PROCESSOR, NTP_SYS_SYSTEM);

	for (unsigned v = 0; v < NTP_SYS_TAI; v++)
		ntp_seen_add(&expected, v);
	/* One of the recorded daemons has keys and certificates. */
	for (unsigned v = NTP_SYS_FLAGS; v <= NTP_SYS_CERT; v++)
		ntp_seen_drop(&seen, v);
	assert_true(rows_equal(seen, expected));
}

static const struct expectation expectations[] = {
	{ "tests/recordings/ntpd-4.2.8p15-client.txt", 0, 5, 4, 3, 40000, 10920000, 0,
	    16261, 6000, "244.149.184.189", { 0xeeab5fb9, 0x46790122 },
	    { 0xeeab5fc6, 0x218d7b1d }, 45113,
	    "ntpd 4.2.8p15@1.3728-o Fri Nov 20 23:33:15 UTC 2026 (3)", NTP_FAMILY_NTPORG,
	    156, 112, 138 },
	{ "tests/recordings/ntpd-4.2.8p15-server.txt", 0, 4, 4, 3, 0, 10412000, 0, 0, 0,
	    "127.127.1.0", { 0xeeab5fba, 0x445fba2b }, { 0xeeab5fc6, 0x57651974 }, 6854,
	    "ntpd 4.2.8p15@1.3728-o Fri Nov 20 23:33:15 UTC 2026 (3)", NTP_FAMILY_NTPORG,
	    157, 67, 100 },
	{ "tests/recordings/ntpsec-1.2.2-client.txt", 0, 4, 0, 0, 70000, 72747000, 21249,
	    20468, 10731, "230.220.16.165", { 0xeeab5fc6, 0x2edeb9af },
	    { 0xeeab5fc6, 0x8c4d1fde }, 17768, "ntpd ntpsec-1.2.2", NTP_FAMILY_NTPSEC, 56,
	    83, 98 },
	{ "tests/recordings/ntpsec-1.2.2-server.txt", 0, 3, 3, 0, 0, 72718000, 0, 0, 80,
	    "127.127.1.0", { 0xeeab5fbf, 0x3ef209cd }, { 0xeeab5fc6, 0xd0b205ba }, 17767,
	    "ntpd ntpsec-1.2.2", NTP_FAMILY_NTPSEC, 56, 67, 68 },
};

static void
recorded_answers_give_the_values_they_show(void **state)
{
	static const char counters[] =
	    "ss_reset,ss_received,ss_thisver,ss_oldver,"
	    "ss_badformat,ss_badauth,ss_declined,ss_restricted,ss_limited,ss_kodsent,"
	    "ss_processed";
	static const char io[] =
	    "io_received,io_sent,io_sendfailed,io_dropped,io_ignored";

	(void)state;
	for (size_t i = 0; i < COUNT(expectations); i++) {
		const struct expectation *e = &expectations[i];
		struct recording *rec = recording_load(e->path);
		struct ntp_system s = { 0 };

		assert_non_null(rec);
		rows_apply_recorded(&ntp_system_vars, &s, rec, 2, 0, "");
		assert_default_list(s.seen);
		rows_apply_recorded(&ntp_system_vars, &s, rec, 2, 0, counters);
		rows_apply_recorded(&ntp_system_vars, &s, rec, 2, 0, io);
		recording_free(rec);

		assert_int_equal(s.leap, e->leap);
		assert_int_equal(s.stratum, e->stratum);
		assert_int_equal(s.precision, -23);
		assert_int_equal(s.tc, e->tc);
		assert_int_equal(s.mintc, e->mintc);
		assert_int_equal(s.rootdelay_ns, e->rootdelay_ns);
		assert_int_equal(s.rootdisp_ns, e->rootdisp_ns);
		assert_int_equal(s.offset_ns, e->offset_ns);
		assert_int_equal(s.sys_jitter_ns, e->sys_jitter_ns);
		assert_int_equal(s.clk_jitter_ns, e->clk_jitter_ns);
		assert_label(&s.refid, e->refid);
		assert_memory_equal(&s.reftime, &e->reftime, sizeof(s.reftime));
		assert_memory_equal(&s.clock, &e->clock, sizeof(s.clock));
		assert_int_equal(s.peer, e->peer);
		assert_text(&s.version, e->version);
		assert_text(&s.processor, "x86_64");
		assert_text(&s.system, "Linux/6.18.44-fc-v595");
		assert_int_equal(ntp_system_family(&s), e->family);
		assert_int_equal(s.ss_reset_s, e->ss_reset_s);
		assert_int_equal(s.ss_received, e->ss_received);
		assert_int_equal(s.io_sent, e->io_sent);
		assert_false(ntp_system_has(&s, NTP_SYS_RELEASE));
		assert_false(ntp_system_has(&s, NTP_SYS_SS_UPTIME));
	}
}

/* The same facts in the words of either family. */
static void
dialects_give_the_same_fields(void **state)
{
	static const struct {
		const char *name, *ntporg, *ntpsec;
	} words[] = {
		{ "offset", "0.021", "0.021000" },
		{ "frequency", "-3.100", "-3.100000" },
		{ "clk_jitter", "0.006", "0.006000" },
		{ "clk_wander", "0.000", "0.000000" },
		{ "rootdisp", "15937.500", "15937.500000" },
		{ "leapsec", "201701010000", "2017-01-01T00:00Z" },
		{ "expire", "202806280000", "2028-06-28T00:00Z" },
	};
	struct ntp_system a = { 0 }, b = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		size_t len = strlen(words[i].name);

		assert_int_equal(ntp_vars_apply(&ntp_system_vars, &a, words[i].name, len,
				     words[i].ntporg, strlen(words[i].ntporg)),
		    NTP_APPLY_OK);
		assert_int_equal(ntp_vars_apply(&ntp_system_vars, &b, words[i].name, len,
				     words[i].ntpsec, strlen(words[i].ntpsec)),
		    NTP_APPLY_OK);
	}
	assert_int_equal(a.offset_ns, 21000);
	assert_memory_equal(&a, &b, sizeof(a));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(milliseconds_and_ppm_are_not_mixed_up),
		cmocka_unit_test(rows_are_asked_with_their_group),
		cmocka_unit_test(known_misprints_are_put_right),
		cmocka_unit_test(recorded_counters_and_kernel_values_are_read),
		cmocka_unit_test(recorded_certificates_are_read),
		cmocka_unit_test(values_of_ntpsec_125_are_read),
		cmocka_unit_test(presence_is_asked_by_enumerator),
		cmocka_unit_test(family_is_read_from_the_version),
		cmocka_unit_test(kinds_are_told_by_the_version),
		cmocka_unit_test(patch_levels_are_those_of_ntporg),
		cmocka_unit_test(versions_of_the_other_family_are_before_none),
		cmocka_unit_test(recorded_answers_give_the_values_they_show),
		cmocka_unit_test(dialects_give_the_same_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
