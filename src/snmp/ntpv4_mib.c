/* SPDX-License-Identifier: BSD-2-Clause */
/* NTPv4-MIB (RFC 5907) as rows: what each object is read from. */
#include "snmp/ntpv4_mib.h"

#include <string.h>

#include "base/text.h"
#include "snmp/mib_form.h"
#include "snmp/ntpv4_control.h"
#include "snmp/put.h"

#define MODULE_ROOT  1, 3, 6, 1, 2, 1, 197
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	STRATUM_NONE = 16,
	RESOLUTION_BITS_MAX = 31,
	REF_SOURCES_MAX = 99, /* by the object's syntax */
	TICKS_PER_S = 100,
};

static const struct ntp_system *
system_of(const struct mib_cell *cell)
{
	return cell->view->snapshot->system;
}

/* The daemon answers, and said this. */
static bool
knows(const struct mib_cell *cell, enum ntp_system_var var)
{
	return cell->view->snapshot->state == TARGET_UP &&
	    ntp_system_has(system_of(cell), var);
}

static uint32_t
served_stratum(uint8_t stratum)
{
	return stratum == 0 || stratum > STRATUM_NONE ? STRATUM_NONE : stratum;
}

/* ntpEntInfo: who the daemon is. */

static bool
get_software_name(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_text *version = &system_of(cell)->version;
	const char *blank = memchr(version->bytes, ' ', version->len);
	size_t len = blank ? (size_t)(blank - version->bytes) : version->len;

	return knows(cell, NTP_SYS_VERSION) && len > 0 &&
	    mib_put_text(out, version->bytes, len);
}

static bool
get_software_version(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_text *version = &system_of(cell)->version;

	return knows(cell, NTP_SYS_VERSION) &&
	    mib_put_text(out, version->bytes, version->len);
}

static bool
get_software_vendor(const struct mib_cell *cell, struct mib_value *out)
{
	static const char *const vendors[] = {
		[NTP_FAMILY_UNKNOWN] = NULL,
		[NTP_FAMILY_NTPORG] = "Network Time Foundation",
		[NTP_FAMILY_NTPSEC] = "NTPsec",
	};
	const char *vendor;

	if (!knows(cell, NTP_SYS_VERSION))
		return false;
	vendor = vendors[ntp_system_family(system_of(cell))];
	return vendor && mib_put_octets(out, vendor, strlen(vendor));
}

static bool
get_system_type(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_system *s = system_of(cell);
	bool has_release = knows(cell, NTP_SYS_RELEASE) && s->release.len > 0;
	bool has_processor = knows(cell, NTP_SYS_PROCESSOR) && s->processor.len > 0;
	char whole[3 * VARS_TEXT_MAX + 8];
	size_t len;

	if (!knows(cell, NTP_SYS_SYSTEM))
		return false;
	len = text_format(whole, sizeof(whole), "%.*s%s%.*s%s%.*s", (int)s->system.len,
	    s->system.bytes, has_release ? " " : "",
	    has_release ? (int)s->release.len : 0, s->release.bytes,
	    has_processor ? " / " : "", has_processor ? (int)s->processor.len : 0,
	    s->processor.bytes);
	return mib_put_octets(out, out->scratch,
	    text_utf8(whole, len, out->scratch, MIB_TEXT_MAX + 1));
}

static bool
get_time_resolution(const struct mib_cell *cell, struct mib_value *out)
{
	int bits = -system_of(cell)->precision;

	if (!knows(cell, NTP_SYS_PRECISION) || bits < 0 || bits > RESOLUTION_BITS_MAX)
		return false;
	out->u32 = UINT32_C(1) << bits;
	return true;
}

static bool
get_time_precision(const struct mib_cell *cell, struct mib_value *out)
{
	/* NOLINTNEXTLINE(bugprone-signed-char-misuse,cert-str34-c): a number, no text */
	out->i32 = system_of(cell)->precision;
	return knows(cell, NTP_SYS_PRECISION);
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Summed as half nanoseconds, so that halving the delay loses nothing. */
static bool
get_time_distance(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_system *s = system_of(cell);
	size_t cap = sizeof(out->scratch), len;
	int64_t half_ns, us;

	if (!knows(cell, NTP_SYS_ROOTDISP) || !knows(cell, NTP_SYS_ROOTDELAY))
		return false;
	half_ns = 2 * s->rootdisp_ns + s->rootdelay_ns;
	us = floor_div(half_ns + 1000, 2000);
	len = text_decimal(us, 3, 3, out->scratch, cap);
	len += text_format(out->scratch + len, cap - len, " ms");
	return mib_put_octets(out, out->scratch, len);
}

/* clang-format off */
static const struct mib_object info_objects[] = {
	MIB_OWN(1, "ntpEntSoftwareName", MIB_OCTETS, get_software_name, NULL, "version, first word"),
	MIB_OWN(2, "ntpEntSoftwareVersion", MIB_OCTETS, get_software_version, NULL, "version"),
	MIB_OWN(3, "ntpEntSoftwareVendor", MIB_OCTETS, get_software_vendor, NULL, "version, which family it names"),
	MIB_OWN(4, "ntpEntSystemType", MIB_OCTETS, get_system_type, NULL, "system, release, processor"),
	MIB_OWN(5, "ntpEntTimeResolution", MIB_UNSIGNED, get_time_resolution, NULL, "precision, as 2^-precision"),
	MIB_OWN(6, "ntpEntTimePrecision", MIB_INTEGER, get_time_precision, NULL, "precision"),
	MIB_OWN(7, "ntpEntTimeDistance", MIB_OCTETS, get_time_distance, NULL, "rootdisp + rootdelay / 2, in ms"),
};
/* clang-format on */

/* ntpEntStatus: how the daemon does. */

static bool
get_current_mode(const struct mib_cell *cell, struct mib_value *out)
{
	out->i32 = (int32_t)snapshot_mode(cell->view->snapshot);
	return true;
}

static bool
get_stratum(const struct mib_cell *cell, struct mib_value *out)
{
	out->u32 = served_stratum(system_of(cell)->stratum);
	return knows(cell, NTP_SYS_STRATUM);
}

static bool
get_active_ref_source_id(const struct mib_cell *cell, struct mib_value *out)
{
	out->u32 = system_of(cell)->peer;
	return knows(cell, NTP_SYS_PEER);
}

static const struct ntp_peer *
system_peer(const struct mib_cell *cell)
{
	const struct snapshot *s = cell->view->snapshot;

	return s->state == TARGET_UP ? snapshot_system_peer(s) : NULL;
}

static bool
get_active_ref_source_name(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_peer *peer = system_peer(cell);

	return peer && mib_put_peer_name(out, peer);
}

static bool
get_active_offset(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_peer *peer = system_peer(cell);

	return peer && ntp_peer_has(peer, NTP_PEER_OFFSET) &&
	    mib_put_ms_unit(out, peer->offset_ns);
}

static bool
get_number_of_ref_sources(const struct mib_cell *cell, struct mib_value *out)
{
	const struct snapshot *s = cell->view->snapshot;
	size_t n;

	if (s->state != TARGET_UP || !s->has_peers)
		return false;
	n = snapshot_configured_count(s);
	out->u32 = n > REF_SOURCES_MAX ? REF_SOURCES_MAX : (uint32_t)n;
	return true;
}

static bool
get_dispersion(const struct mib_cell *cell, struct mib_value *out)
{
	return knows(cell, NTP_SYS_ROOTDISP) &&
	    mib_put_ms(out, system_of(cell)->rootdisp_ns);
}

static bool
get_entity_uptime(const struct mib_cell *cell, struct mib_value *out)
{
	return knows(cell, NTP_SYS_SS_UPTIME) &&
	    mib_put_counter32(out, system_of(cell)->ss_uptime_s * TICKS_PER_S);
}

static bool
get_date_time(const struct mib_cell *cell, struct mib_value *out)
{
	const struct snapshot *s = cell->view->snapshot;

	if (s->state != TARGET_UP || snapshot_mode(s) == NTP_MODE_UNKNOWN)
		return false;
	if (!snapshot_is_synchronised(s))
		return mib_put_octets(out, "", 0);
	if (!knows(cell, NTP_SYS_CLOCK))
		return false;
	ntp_date_encode(&s->system->clock, s->taken_wall_ns, (uint8_t *)out->scratch);
	return mib_put_octets(out, out->scratch, NTP_DATE_LEN);
}

static bool
known_leap(const struct mib_cell *cell, struct ntp_leap *out)
{
	const struct snapshot *s = cell->view->snapshot;

	return s->state == TARGET_UP && snapshot_leap(s, out);
}

static bool
get_leap_second(const struct mib_cell *cell, struct mib_value *out)
{
	struct ntp_leap leap;

	if (!known_leap(cell, &leap))
		return false;
	memset(out->scratch, 0, NTP_DATE_LEN);
	if (leap.direction != 0)
		ntp_date_encode_unix(leap.unix_s, (uint8_t *)out->scratch);
	return mib_put_octets(out, out->scratch, NTP_DATE_LEN);
}

static bool
get_leap_sec_direction(const struct mib_cell *cell, struct mib_value *out)
{
	struct ntp_leap leap;

	if (!known_leap(cell, &leap))
		return false;
	out->i32 = leap.direction;
	return true;
}

/* The totals, or NULL while the daemon does not answer. */
static const struct ntp_total_values *
totals_of(const struct mib_cell *cell)
{
	const struct snapshot *s = cell->view->snapshot;

	return s->state == TARGET_UP ? &s->totals : NULL;
}

static bool
get_in_pkts(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_total_values *t = totals_of(cell);

	return t && t->has_in_packets && mib_put_counter32(out, t->in_packets);
}

static bool
get_out_pkts(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_total_values *t = totals_of(cell);

	return t && t->has_out_packets && mib_put_counter32(out, t->out_packets);
}

static bool
get_protocol_error(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_total_values *t = totals_of(cell);

	return t && t->has_protocol_errors && mib_put_counter32(out, t->protocol_errors);
}

static bool
get_notifications(const struct mib_cell *cell, struct mib_value *out)
{
	out->u32 = cell->view->agent->notifications;
	return true;
}

/* clang-format off */
static const struct mib_object status_objects[] = {
	MIB_OWN(1, "ntpEntStatusCurrentMode", MIB_INTEGER, get_current_mode, NULL, "leap, stratum, peer and its srcadr"),
	MIB_OWN(2, "ntpEntStatusStratum", MIB_UNSIGNED, get_stratum, NULL, "stratum, 0 is 16"),
	MIB_OWN(3, "ntpEntStatusActiveRefSourceId", MIB_UNSIGNED, get_active_ref_source_id, NULL, "peer"),
	MIB_OWN(4, "ntpEntStatusActiveRefSourceName", MIB_OCTETS, get_active_ref_source_name, NULL, "srchost, clock name or srcadr of the peer"),
	MIB_OWN(5, "ntpEntStatusActiveOffset", MIB_OCTETS, get_active_offset, NULL, "offset of the peer, in ms"),
	MIB_OWN(6, "ntpEntStatusNumberOfRefSources", MIB_UNSIGNED, get_number_of_ref_sources, NULL, "config bit of the peers"),
	MIB_OWN(7, "ntpEntStatusDispersion", MIB_OCTETS, get_dispersion, NULL, "rootdisp, in ms"),
	MIB_OWN(8, "ntpEntStatusEntityUptime", MIB_TIMETICKS, get_entity_uptime, NULL, "ss_uptime"),
	MIB_OWN(9, "ntpEntStatusDateTime", MIB_OCTETS, get_date_time, NULL, "clock"),
	MIB_OWN(10, "ntpEntStatusLeapSecond", MIB_OCTETS, get_leap_second, NULL, "leap, leapsec"),
	MIB_OWN(11, "ntpEntStatusLeapSecDirection", MIB_INTEGER, get_leap_sec_direction, NULL, "leap"),
	MIB_OWN(12, "ntpEntStatusInPkts", MIB_COUNTER32, get_in_pkts, NULL, "ss_received, since the start"),
	MIB_OWN(13, "ntpEntStatusOutPkts", MIB_COUNTER32, get_out_pkts, NULL, "io_sent, since the start"),
	MIB_OWN(15, "ntpEntStatusProtocolError", MIB_COUNTER32, get_protocol_error, NULL, "ss_badformat + ss_badauth + ss_declined, since the start"),
	MIB_OWN(16, "ntpEntStatusNotifications", MIB_COUNTER32, get_notifications, NULL, "agent"),
};
/* clang-format on */

/* ntpAssociation: one row for each association, by its id. */

static size_t
count_assocs(const struct mib_view *view)
{
	return view->snapshot->state == TARGET_UP ? view->snapshot->n_peers : 0;
}

static const void *
assoc_at(const struct mib_view *view, size_t i,
    size_t *nth) /* NOLINT(readability-non-const-parameter) */
{
	(void)nth;
	return &view->snapshot->peers[i];
}

static size_t
assoc_index(const struct mib_view *view, size_t i, mib_subid *out)
{
	out[0] = view->snapshot->peers[i].id;
	return 1;
}

static const struct mib_rows assoc_rows = { count_assocs, assoc_at, assoc_index };

static bool
get_assoc_name(const struct mib_cell *cell, struct mib_value *out)
{
	return mib_put_peer_name(out, cell->row);
}

static bool
get_assoc_ref_id(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_peer *p = cell->row;
	size_t len;

	if (ntp_peer_is_refclock(p, NULL))
		len = addr_format(&p->srcadr, false, out->scratch, sizeof(out->scratch));
	else if (ntp_peer_has(p, NTP_PEER_REFID))
		len = text_ascii(p->refid.bytes, p->refid.len, out->scratch,
		    MIB_TEXT_MAX + 1);
	else
		return false;
	return mib_put_octets(out, out->scratch, len);
}

static bool
get_assoc_address_type(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_peer *p = cell->row;

	return ntp_peer_has(p, NTP_PEER_SRCADR) && mib_put_inet_type(out, &p->srcadr);
}

static bool
get_assoc_address(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_peer *p = cell->row;

	return ntp_peer_has(p, NTP_PEER_SRCADR) && mib_put_inet(out, &p->srcadr);
}

static bool
get_assoc_offset(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_peer *p = cell->row;

	return ntp_peer_has(p, NTP_PEER_OFFSET) && mib_put_ms_unit(out, p->offset_ns);
}

/* The stratum 0 of a reference clock is true, and outside what the syntax can say. */
static bool
get_assoc_stratum(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_peer *p = cell->row;

	if (!ntp_peer_has(p, NTP_PEER_STRATUM))
		return false;
	if (p->stratum == 0 && ntp_peer_is_refclock(p, NULL))
		return false;
	out->u32 = served_stratum(p->stratum);
	return true;
}

static bool
get_assoc_jitter(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_peer *p = cell->row;

	return ntp_peer_has(p, NTP_PEER_JITTER) && mib_put_ms(out, p->jitter_ns);
}

static bool
get_assoc_delay(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_peer *p = cell->row;

	return ntp_peer_has(p, NTP_PEER_DELAY) && mib_put_ms(out, p->delay_ns);
}

static bool
get_assoc_dispersion(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_peer *p = cell->row;

	return ntp_peer_has(p, NTP_PEER_ROOTDISP) && mib_put_ms(out, p->rootdisp_ns);
}

/* clang-format off */
static const struct mib_object assoc_objects[] = {
	MIB_OWN(2, "ntpAssocName", MIB_OCTETS, get_assoc_name, NULL, "srchost, clock name or srcadr"),
	MIB_OWN(3, "ntpAssocRefId", MIB_OCTETS, get_assoc_ref_id, NULL, "refid; srcadr of a clock"),
	MIB_OWN(4, "ntpAssocAddressType", MIB_INTEGER, get_assoc_address_type, NULL, "srcadr"),
	MIB_OWN(5, "ntpAssocAddress", MIB_OCTETS, get_assoc_address, NULL, "srcadr"),
	MIB_OWN(6, "ntpAssocOffset", MIB_OCTETS, get_assoc_offset, NULL, "offset, in ms"),
	MIB_OWN(7, "ntpAssocStratum", MIB_UNSIGNED, get_assoc_stratum, NULL, "stratum, 0 is 16"),
	MIB_OWN(8, "ntpAssocStatusJitter", MIB_OCTETS, get_assoc_jitter, NULL, "jitter, in ms"),
	MIB_OWN(9, "ntpAssocStatusDelay", MIB_OCTETS, get_assoc_delay, NULL, "delay, in ms"),
	MIB_OWN(10, "ntpAssocStatusDispersion", MIB_OCTETS, get_assoc_dispersion, NULL, "rootdisp, in ms"),
};
/* clang-format on */

static bool
get_assoc_in_pkts(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_peer *p = cell->row;

	return ntp_peer_has(p, NTP_PEER_RECEIVED) && mib_put_counter32(out, p->received);
}

static bool
get_assoc_out_pkts(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_peer *p = cell->row;

	return ntp_peer_has(p, NTP_PEER_SENT) && mib_put_counter32(out, p->sent);
}

static bool
get_assoc_protocol_error(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_peer *p = cell->row;

	return ntp_peer_has(p, NTP_PEER_BADAUTH) && ntp_peer_has(p, NTP_PEER_BOGUSORG) &&
	    mib_put_counter32(out, p->badauth + p->bogusorg);
}

/* clang-format off */
static const struct mib_object assoc_stat_objects[] = {
	MIB_OWN(1, "ntpAssocStatInPkts", MIB_COUNTER32, get_assoc_in_pkts, NULL, "received"),
	MIB_OWN(2, "ntpAssocStatOutPkts", MIB_COUNTER32, get_assoc_out_pkts, NULL, "sent"),
	MIB_OWN(3, "ntpAssocStatProtocolError", MIB_COUNTER32, get_assoc_protocol_error, NULL, "badauth + bogusorg"),
};
/* clang-format on */

static const mib_subid module_root[] = { MODULE_ROOT };
static const mib_subid info_root[] = { MODULE_ROOT, 1, 1 };
static const mib_subid status_root[] = { MODULE_ROOT, 1, 2 };
static const mib_subid assoc_root[] = { MODULE_ROOT, 1, 3, 1, 1 };
static const mib_subid assoc_stat_root[] = { MODULE_ROOT, 1, 3, 2, 1 };
static const mib_subid control_root[] = { MODULE_ROOT, 1, 4 };

#define GROUP(name, part, rows) \
	&(const struct mib_group) \
	{ \
		(name), part##_root, COUNT(part##_root), part##_objects, \
		    COUNT(part##_objects), (rows) \
	}

static const struct mib_group *const groups[] = {
	GROUP("ntpEntInfo", info, NULL),
	GROUP("ntpEntStatus", status, NULL),
	GROUP("ntpAssociationTable", assoc, &assoc_rows),
	GROUP("ntpAssociationStatisticsTable", assoc_stat, &assoc_rows),
	&(const struct mib_group){ "ntpEntControl", control_root, COUNT(control_root),
	    ntpv4_control_objects, NTPV4_CONTROL_COUNT, NULL },
};

const struct mib_module ntpv4_mib = {
	.name = "NTPv4-MIB",
	.root = module_root,
	.root_len = COUNT(module_root),
	.groups = groups,
	.n_groups = COUNT(groups),
};

const struct ntpv4_unserved ntpv4_unserved[] = {
	{ "ntpEntStatusBadVersion",
	    "no daemon counts packets of unsupported versions apart from other bad "
	    "formats" },
	{ "ntpEntStatPktSent", "no daemon counts packets by mode" },
	{ "ntpEntStatPktReceived", "no daemon counts packets by mode" },
	{ "ntpEntNotifMessage", "accessible in notifications only" },
	{ NULL, NULL },
};
