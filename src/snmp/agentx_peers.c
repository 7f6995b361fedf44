/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxPeerTable: the associations of all targets. */
#include "base/clock.h"
#include "model/assoc.h"
#include "model/status.h"
#include "snmp/agentx_groups.h"
#include "snmp/put.h"

static const mib_subid peer_root[] = { AGENTX_OBJECTS, 7, 1, 1 };

static size_t
count_peers(const struct mib_view *view)
{
	return fleet_count(view->fleet, FLEET_PEERS);
}

static const void *
peer_at(const struct mib_view *view, size_t i, size_t *nth)
{
	return fleet_at(view->fleet, FLEET_PEERS, i, nth);
}

static size_t
peer_index(const struct mib_view *view, size_t i, mib_subid *out)
{
	size_t nth;
	const struct fleet_target *t = fleet_at(view->fleet, FLEET_PEERS, i, &nth);

	return agentx_index_of_peer(t, &t->snapshot->peers[nth], out);
}

static const struct mib_rows peer_rows = { count_peers, peer_at, peer_index };

static const struct ntp_peer *
peer_of(const struct mib_cell *cell)
{
	return &agentx_target(cell)->snapshot->peers[cell->nth];
}

static const struct ntp_system *
system_of(const struct mib_cell *cell)
{
	return agentx_target(cell)->snapshot->system;
}

static bool
get_var(const struct mib_cell *cell, struct mib_value *out)
{
	return mib_form_get(cell->object->source, peer_of(cell), out);
}

static bool
get_name(const struct mib_cell *cell, struct mib_value *out)
{
	return mib_put_peer_name(out, peer_of(cell));
}

/* --- status word -------------------------------------------------------------------- */

static bool
get_status_word(const struct mib_cell *cell, struct mib_value *out)
{
	out->u32 = peer_of(cell)->status;
	return true;
}

/* The flags stand in the upper five bits, the first one uppermost, as BITS have them. */
static bool
get_flags(const struct mib_cell *cell, struct mib_value *out)
{
	out->scratch[0] = (char)(peer_of(cell)->status >> 8 & 0xf8);
	return mib_put_octets(out, out->scratch, 1);
}

static bool
get_selection(const struct mib_cell *cell, struct mib_value *out)
{
	out->i32 = peer_of(cell)->selection;
	return true;
}

static bool
get_tally(const struct mib_cell *cell, struct mib_value *out)
{
	static const char tallies[] = " x.-+#*o";

	return mib_put_octets(out, tallies + (peer_of(cell)->selection & 7), 1);
}

static bool
get_event_count(const struct mib_cell *cell, struct mib_value *out)
{
	out->u32 = ntp_status_parts(peer_of(cell)->status).event_count;
	return true;
}

static bool
get_event(const struct mib_cell *cell, struct mib_value *out)
{
	enum ntp_assoc_event event;

	if (!ntp_assoc_event(peer_of(cell), system_of(cell), &event))
		return false;
	out->i32 = (int32_t)event;
	return true;
}

static bool
get_auth(const struct mib_cell *cell, struct mib_value *out)
{
	out->i32 = (int32_t)ntp_assoc_auth(peer_of(cell));
	return true;
}

static bool
get_type(const struct mib_cell *cell, struct mib_value *out)
{
	enum ntp_assoc_type type = ntp_assoc_type(peer_of(cell));

	out->i32 = (int32_t)type;
	return type != NTP_ASSOC_TYPE_UNKNOWN;
}

/* --- reference id ------------------------------------------------------------------- */

static bool
get_refid_kind(const struct mib_cell *cell, struct mib_value *out)
{
	struct ntp_refid refid;

	return ntp_assoc_refid(peer_of(cell), &refid) &&
	    agentx_put_refid_kind(out, agentx_target(cell), &refid);
}

static bool
get_refid_peer(const struct mib_cell *cell, struct mib_value *out)
{
	struct ntp_refid refid;

	return ntp_assoc_refid(peer_of(cell), &refid) &&
	    agentx_put_refid_peer(out, agentx_target(cell), &refid);
}

/* An association of the target that has such an address is no smear. */
static bool
take_smear(const struct mib_cell *cell, int64_t *ns_out)
{
	struct ntp_refid refid;

	if (!ntp_assoc_refid(peer_of(cell), &refid) ||
	    refid.kind != NTP_REFID_LEAP_SMEAR ||
	    agentx_refid_source(agentx_target(cell), &refid))
		return false;
	*ns_out = ntp_refid_smear_ns(refid.number);
	return true;
}

static bool
get_smear_us(const struct mib_cell *cell, struct mib_value *out)
{
	int64_t ns;

	return take_smear(cell, &ns) && mib_form_us.put(&ns, out);
}

static bool
get_smear_ns(const struct mib_cell *cell, struct mib_value *out)
{
	int64_t ns;

	return take_smear(cell, &ns) && mib_form_ns.put(&ns, out);
}

/* --- times -------------------------------------------------------------------------- */

static bool
put_time(const struct mib_cell *cell, enum ntp_peer_var var,
    const struct ntp_stamp *stamp, struct mib_value *out)
{
	return ntp_peer_has(peer_of(cell), var) &&
	    agentx_put_stamp(out, agentx_target(cell)->snapshot, stamp);
}

static bool
get_reftime(const struct mib_cell *cell, struct mib_value *out)
{
	return put_time(cell, NTP_PEER_REFTIME, &peer_of(cell)->reftime, out);
}

static bool
get_origin_time(const struct mib_cell *cell, struct mib_value *out)
{
	return put_time(cell, NTP_PEER_ORG, &peer_of(cell)->org, out);
}

static bool
get_receive_time(const struct mib_cell *cell, struct mib_value *out)
{
	return put_time(cell, NTP_PEER_REC, &peer_of(cell)->rec, out);
}

static bool
get_transmit_time(const struct mib_cell *cell, struct mib_value *out)
{
	return put_time(cell, NTP_PEER_XMT, &peer_of(cell)->xmt, out);
}

/* --- tests -------------------------------------------------------------------------- */

enum { FLASH_TESTS = 0x3fff, FLASH_OLD_TESTS = 0xfff, FLASH_OCTETS = 2 };

/* The tests of daemons before 4.2.1, or those from 4.2.4 on: it is not known when between
 * them they changed. */
static bool
put_flash(const struct mib_cell *cell, bool is_old, uint32_t tests, struct mib_value *out)
{
	enum { OLD_END = 4002001, NEW_BEGIN = 4002004 };
	const struct ntp_system *s = system_of(cell);
	const struct ntp_peer *p = peer_of(cell);

	return ntp_peer_has(p, NTP_PEER_FLASH) &&
	    ntp_system_family(s) != NTP_FAMILY_UNKNOWN &&
	    ntp_system_is_before(s, is_old ? OLD_END : NEW_BEGIN) == is_old &&
	    mib_put_bits(out, p->flash & tests, FLASH_OCTETS);
}

static bool
get_flash(const struct mib_cell *cell, struct mib_value *out)
{
	return put_flash(cell, false, FLASH_TESTS, out);
}

static bool
get_old_flash(const struct mib_cell *cell, struct mib_value *out)
{
	return put_flash(cell, true, FLASH_OLD_TESTS, out);
}

/* --- history ------------------------------------------------------------------------ */

/* NULL: nobody has watched it. */
static const struct ntp_history *
history_of(const struct mib_cell *cell)
{
	const struct fleet_target *t = agentx_target(cell);

	return t->histories ? &t->histories[cell->nth] : NULL;
}

static bool
get_changed(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_history *h = history_of(cell);

	return h && h->changed_wall_ns != 0 && mib_put_date(out, h->changed_wall_ns);
}

static bool
get_transitions(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_history *h = history_of(cell);

	out->u64 = h ? h->transitions : 0;
	return h != NULL;
}

static bool
get_reachable_time(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_history *h = history_of(cell);

	out->u64 = h ? (uint64_t)(h->reachable_ns / NS_PER_S) : 0;
	return h != NULL;
}

static bool
get_unreachable_time(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_history *h = history_of(cell);

	out->u64 = h ? (uint64_t)(h->unreachable_ns / NS_PER_S) : 0;
	return h != NULL;
}

#define PEER_VAR(subid, label, form, var) \
	AGENTX_PEER_VAR(subid, label, form, get_var, var)

static const struct mib_object peer_objects[] = {
	MIB_OWN(2, "ntpAgentxPeerName", MIB_OCTETS, get_name, NULL,
	    "srchost, name or device of its clock, or srcadr"),
	PEER_VAR(3, "ntpAgentxPeerAddressType", inettype, SRCADR),
	PEER_VAR(4, "ntpAgentxPeerAddress", inet, SRCADR),
	PEER_VAR(5, "ntpAgentxPeerPort", port, SRCPORT),
	PEER_VAR(6, "ntpAgentxPeerHost", label, SRCHOST),
	PEER_VAR(7, "ntpAgentxPeerLocalAddressType", inettype, DSTADR),
	PEER_VAR(8, "ntpAgentxPeerLocalAddress", inet, DSTADR),
	PEER_VAR(9, "ntpAgentxPeerLocalPort", port, DSTPORT),
	MIB_OWN(10, "ntpAgentxPeerStatusWord", MIB_UNSIGNED, get_status_word, NULL,
	    "status word"),
	MIB_OWN(11, "ntpAgentxPeerFlags", MIB_OCTETS, get_flags, NULL,
	    "status word, bits 11 to 15"),
	MIB_OWN(12, "ntpAgentxPeerSelection", MIB_INTEGER, get_selection, NULL,
	    "status word, select"),
	MIB_OWN(13, "ntpAgentxPeerTally", MIB_OCTETS, get_tally, NULL,
	    "status word, select"),
	MIB_OWN(14, "ntpAgentxPeerEventCount", MIB_UNSIGNED, get_event_count, NULL,
	    "status word, count"),
	MIB_OWN(15, "ntpAgentxPeerEvent", MIB_INTEGER, get_event, NULL,
	    "status word, event"),
	MIB_OWN(16, "ntpAgentxPeerAuth", MIB_INTEGER, get_auth, NULL,
	    "status word, bits 11, 13 and 14"),
	MIB_OWN(17, "ntpAgentxPeerType", MIB_INTEGER, get_type, NULL,
	    "hmode, srcadr, dstadr and refid"),
	PEER_VAR(18, "ntpAgentxPeerLeap", leap, LEAP),
	PEER_VAR(19, "ntpAgentxPeerStratum", u8, STRATUM),
	PEER_VAR(20, "ntpAgentxPeerPrecisionLog2", i8, PRECISION),
	PEER_VAR(21, "ntpAgentxPeerRootDelayUs", us, ROOTDELAY),
	PEER_VAR(22, "ntpAgentxPeerRootDelayNs", ns, ROOTDELAY),
	PEER_VAR(23, "ntpAgentxPeerRootDispUs", usu, ROOTDISP),
	PEER_VAR(24, "ntpAgentxPeerRootDispNs", nsu, ROOTDISP),
	PEER_VAR(25, "ntpAgentxPeerRefId", label, REFID),
	MIB_OWN(26, "ntpAgentxPeerRefIdKind", MIB_INTEGER, get_refid_kind, NULL,
	    "refid and stratum"),
	MIB_OWN(27, "ntpAgentxPeerRefIdPeer", MIB_OCTETS, get_refid_peer, NULL,
	    "refid, and srcadr of the others"),
	MIB_OWN(28, "ntpAgentxPeerLeapSmearUs", MIB_INTEGER, get_smear_us, NULL,
	    "refid 254.x.y.z"),
	MIB_OWN(29, "ntpAgentxPeerLeapSmearNs", MIB_INTEGER, get_smear_ns, NULL,
	    "refid 254.x.y.z"),
	MIB_OWN(30, "ntpAgentxPeerRefTime", MIB_OCTETS, get_reftime, NULL, "reftime"),
	MIB_OWN(31, "ntpAgentxPeerOriginTime", MIB_OCTETS, get_origin_time, NULL, "org"),
	MIB_OWN(32, "ntpAgentxPeerReceiveTime", MIB_OCTETS, get_receive_time, NULL,
	    "rec"),
	MIB_OWN(33, "ntpAgentxPeerTransmitTime", MIB_OCTETS, get_transmit_time, NULL,
	    "xmt"),
	PEER_VAR(34, "ntpAgentxPeerReach", reach, REACH),
	PEER_VAR(35, "ntpAgentxPeerReachCount", ones, REACH),
	PEER_VAR(36, "ntpAgentxPeerUnreachedPolls", gauge, UNREACH),
	PEER_VAR(37, "ntpAgentxPeerHostMode", mode, HMODE),
	PEER_VAR(38, "ntpAgentxPeerPeerMode", mode, PMODE),
	PEER_VAR(39, "ntpAgentxPeerHostPollLog2", u8, HPOLL),
	PEER_VAR(40, "ntpAgentxPeerPeerPollLog2", poll, PPOLL),
	PEER_VAR(41, "ntpAgentxPeerOffsetUs", us, OFFSET),
	PEER_VAR(42, "ntpAgentxPeerOffsetNs", ns, OFFSET),
	PEER_VAR(43, "ntpAgentxPeerDelayUs", us, DELAY),
	PEER_VAR(44, "ntpAgentxPeerDelayNs", ns, DELAY),
	PEER_VAR(45, "ntpAgentxPeerDispersionUs", usu, DISPERSION),
	PEER_VAR(46, "ntpAgentxPeerDispersionNs", nsu, DISPERSION),
	PEER_VAR(47, "ntpAgentxPeerJitterUs", usu, JITTER),
	PEER_VAR(48, "ntpAgentxPeerJitterNs", nsu, JITTER),
	PEER_VAR(49, "ntpAgentxPeerXleaveUs", us, XLEAVE),
	PEER_VAR(50, "ntpAgentxPeerXleaveNs", ns, XLEAVE),
	PEER_VAR(51, "ntpAgentxPeerBiasUs", us, BIAS),
	PEER_VAR(52, "ntpAgentxPeerBiasNs", ns, BIAS),
	MIB_OWN(53, "ntpAgentxPeerFlash", MIB_OCTETS, get_flash, NULL,
	    "flash and version"),
	MIB_OWN(54, "ntpAgentxPeerOldFlash", MIB_OCTETS, get_old_flash, NULL,
	    "flash and version"),
	PEER_VAR(55, "ntpAgentxPeerFlashRaw", u32, FLASH),
	PEER_VAR(56, "ntpAgentxPeerHeadwaySeconds", i64, HEADWAY),
	PEER_VAR(57, "ntpAgentxPeerKeyId", u32, KEYID),
	PEER_VAR(58, "ntpAgentxPeerTtl", i32, TTL),
	PEER_VAR(59, "ntpAgentxPeerMode", u32, MODE),
	PEER_VAR(60, "ntpAgentxPeerTimerSeconds", i64, TIMER),
	PEER_VAR(61, "ntpAgentxPeerReceiveAgeSeconds", gauge, TIMEREC),
	PEER_VAR(62, "ntpAgentxPeerReachAgeSeconds", gauge, TIMEREACH),
	PEER_VAR(63, "ntpAgentxPeerReceived", counter, RECEIVED),
	PEER_VAR(64, "ntpAgentxPeerSent", counter, SENT),
	PEER_VAR(65, "ntpAgentxPeerBadAuth", counter, BADAUTH),
	PEER_VAR(66, "ntpAgentxPeerBogusOrigins", counter, BOGUSORG),
	PEER_VAR(67, "ntpAgentxPeerDuplicates", counter, OLDPKT),
	PEER_VAR(68, "ntpAgentxPeerBadHeaders", counter, SELDISP),
	PEER_VAR(69, "ntpAgentxPeerKissCodes", counter, SELBROKEN),
	PEER_VAR(70, "ntpAgentxPeerCandidate", u8, CANDIDATE),
	PEER_VAR(71, "ntpAgentxPeerNtsCookies", natural, NTSCOOKIES),
	PEER_VAR(72, "ntpAgentxPeerInBytesPerSecond", milli, IN),
	PEER_VAR(73, "ntpAgentxPeerOutBytesPerSecond", milli, OUT),
	MIB_OWN(74, "ntpAgentxPeerLastChange", MIB_OCTETS, get_changed, NULL,
	    "select and reach bit in the status word"),
	MIB_OWN(75, "ntpAgentxPeerTransitions", MIB_COUNTER64, get_transitions, NULL,
	    "select and reach bit in the status word"),
	MIB_OWN(76, "ntpAgentxPeerReachableSeconds", MIB_COUNTER64, get_reachable_time,
	    NULL, "reach bit in the status word"),
	MIB_OWN(77, "ntpAgentxPeerUnreachableSeconds", MIB_COUNTER64,
	    get_unreachable_time, NULL, "reach bit in the status word"),
};

const struct mib_group agentx_peer_table = AGENTX_TABLE("ntpAgentxPeerTable", peer);
