/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the system variables. */
#include "model/system.h"

#include <string.h>

#define ROW(kind, name, member, group) \
	NTP_ROW_##kind(ntp_system, name, member, NTP_GROUP_##group)

static const struct ntp_var rows[] = {
	[NTP_SYS_LEAP] = ROW(LEAP, "leap", leap, STATE),
	[NTP_SYS_STRATUM] = ROW(U8, "stratum", stratum, STATE),
	[NTP_SYS_PRECISION] = ROW(I8, "precision", precision, STATE),
	[NTP_SYS_ROOTDELAY] = ROW(MS, "rootdelay", rootdelay_ns, STATE),
	[NTP_SYS_ROOTDISP] = ROW(MS, "rootdisp", rootdisp_ns, STATE),
	[NTP_SYS_REFID] = ROW(LABEL, "refid", refid, STATE),
	[NTP_SYS_REFTIME] = ROW(STAMP, "reftime", reftime, STATE),
	[NTP_SYS_CLOCK] = ROW(STAMP, "clock", clock, STATE),
	[NTP_SYS_PEER] = ROW(U16, "peer", peer, STATE),
	[NTP_SYS_TC] = ROW(U8, "tc", tc, STATE),
	[NTP_SYS_MINTC] = ROW(U8, "mintc", mintc, STATE),
	[NTP_SYS_OFFSET] = ROW(MS, "offset", offset_ns, STATE),
	[NTP_SYS_FREQUENCY] = ROW(PPM, "frequency", frequency, STATE),
	[NTP_SYS_SYS_JITTER] = ROW(MS, "sys_jitter", sys_jitter_ns, STATE),
	[NTP_SYS_CLK_JITTER] = ROW(MS, "clk_jitter", clk_jitter_ns, STATE),
	[NTP_SYS_CLK_WANDER] = ROW(PPM, "clk_wander", clk_wander, STATE),
	[NTP_SYS_TAI] = ROW(U32, "tai", tai, STATE),
	[NTP_SYS_LEAPSEC] = ROW(CALENDAR, "leapsec", leapsec_s, STATE),
	[NTP_SYS_EXPIRE] = ROW(CALENDAR, "expire", expire_s, STATE),
	[NTP_SYS_SS_UPTIME] = ROW(U64, "ss_uptime", ss_uptime_s, COUNTERS),
	[NTP_SYS_SS_RESET] = ROW(U64, "ss_reset", ss_reset_s, COUNTERS),
	[NTP_SYS_SS_RECEIVED] = ROW(U64, "ss_received", ss_received, COUNTERS),
	[NTP_SYS_SS_BADFORMAT] = ROW(U64, "ss_badformat", ss_badformat, COUNTERS),
	[NTP_SYS_SS_BADAUTH] = ROW(U64, "ss_badauth", ss_badauth, COUNTERS),
	[NTP_SYS_SS_DECLINED] = ROW(U64, "ss_declined", ss_declined, COUNTERS),
	[NTP_SYS_SS_RECEIVED_R] = ROW(U64, "ss_received_r", ss_received_r, COUNTERS),
	[NTP_SYS_SS_BADFORMAT_R] = ROW(U64, "ss_badformat_r", ss_badformat_r, COUNTERS),
	[NTP_SYS_SS_BADAUTH_R] = ROW(U64, "ss_badauth_r", ss_badauth_r, COUNTERS),
	[NTP_SYS_SS_DECLINED_R] = ROW(U64, "ss_declined_r", ss_declined_r, COUNTERS),
	[NTP_SYS_IOSTATS_RESET] = ROW(U64, "iostats_reset", iostats_reset_s, COUNTERS),
	[NTP_SYS_IO_SENT] = ROW(U64, "io_sent", io_sent, COUNTERS),
	[NTP_SYS_VERSION] = ROW(TEXT, "version", version, IDENTITY),
	[NTP_SYS_PROCESSOR] = ROW(TEXT, "processor", processor, IDENTITY),
	[NTP_SYS_SYSTEM] = ROW(TEXT, "system", system, IDENTITY),
	[NTP_SYS_RELEASE] = ROW(TEXT, "release", release, IDENTITY),
};

_Static_assert(sizeof(rows) / sizeof(rows[0]) == NTP_SYS_VAR_COUNT, "a row per variable");
_Static_assert((int)NTP_SYS_VAR_COUNT <= NTP_ROWS_MAX, "a place in sets per row");
_Static_assert(sizeof(struct ntp_system) <= UINT16_MAX, "offsets fit");

const struct ntp_var_table ntp_system_vars = {
	.what = "system",
	.rows = rows,
	.n_rows = NTP_SYS_VAR_COUNT,
	.seen_offset = offsetof(struct ntp_system, seen),
};

bool
ntp_system_has(const struct ntp_system *s, enum ntp_system_var var)
{
	return ntp_seen_has(&s->seen, var);
}

static bool
starts_with(const struct ntp_text *text, const char *prefix)
{
	size_t len = strlen(prefix);

	return text->len >= len && memcmp(text->bytes, prefix, len) == 0;
}

enum ntp_family
ntp_system_family(const struct ntp_system *s)
{
	static const char ntporg[] = "ntpd ";
	const size_t at = sizeof(ntporg) - 1;

	if (!ntp_system_has(s, NTP_SYS_VERSION))
		return NTP_FAMILY_UNKNOWN;
	if (starts_with(&s->version, "ntpd ntpsec-"))
		return NTP_FAMILY_NTPSEC;
	if (!starts_with(&s->version, ntporg) || s->version.len == at)
		return NTP_FAMILY_UNKNOWN;
	if (s->version.bytes[at] < '0' || s->version.bytes[at] > '9')
		return NTP_FAMILY_UNKNOWN;
	return NTP_FAMILY_NTPORG;
}

/* Numbers of a version behind `at`: "1.2.2" is 1002002. 0 when there are none. *end_out
 * is where they end. */
static uint32_t
read_version(const struct ntp_text *text, size_t at, size_t *end_out)
{
	enum { PARTS = 3, PART_MAX = 999 };
	uint32_t version = 0;

	for (int part = 0; part < PARTS; part++) {
		uint32_t number = 0;

		if (part > 0 && at < text->len && text->bytes[at] == '.')
			at++;
		while (at < text->len && text->bytes[at] >= '0' &&
		    text->bytes[at] <= '9' && number <= PART_MAX)
			number = number * 10 + (uint32_t)(text->bytes[at++] - '0');
		if (number > PART_MAX)
			number = PART_MAX;
		version = version * (PART_MAX + 1) + number;
	}
	*end_out = at;
	return version;
}

/* Kinds by the first version that is one. Between releases it may be either. */
static const struct {
	enum ntp_family family;
	uint32_t from;
	unsigned kinds;
} kinds_by_version[] = {
	{ NTP_FAMILY_NTPSEC, 1002003, NTP_KIND_SEC },
	{ NTP_FAMILY_NTPSEC, 0, NTP_KIND_SEC122 },
	{ NTP_FAMILY_NTPORG, 4002008, NTP_KIND_428 },
	{ NTP_FAMILY_NTPORG, 4002007, NTP_KIND_426 | NTP_KIND_428 },
	{ NTP_FAMILY_NTPORG, 4002006, NTP_KIND_426 },
	{ NTP_FAMILY_NTPORG, 4002005, NTP_KIND_OLD | NTP_KIND_426 },
	{ NTP_FAMILY_NTPORG, 0, NTP_KIND_OLD },
};

unsigned
ntp_system_kinds(const struct ntp_system *s)
{
	enum { SEC_NUMBERS = 12, ORG_NUMBERS = 5, LAST_OF_SEC122 = 1002002 };
	enum ntp_family family = ntp_system_family(s);
	size_t end, i = 0;
	uint32_t version;

	if (family == NTP_FAMILY_UNKNOWN)
		return NTP_KIND_ANY;
	version = read_version(&s->version,
	    family == NTP_FAMILY_NTPSEC ? SEC_NUMBERS : ORG_NUMBERS, &end);
	if (version == LAST_OF_SEC122 && end < s->version.len &&
	    s->version.bytes[end] == '+')
		return NTP_KIND_SEC122 | NTP_KIND_SEC;
	while (kinds_by_version[i].family != family || version < kinds_by_version[i].from)
		i++;
	return kinds_by_version[i].kinds;
}
