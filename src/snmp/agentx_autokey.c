/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables below ntpAgentxAutokey. */
#include "snmp/agentx_groups.h"
#include "snmp/mib_index.h"
#include "snmp/put.h"

static const mib_subid autokey_root[] = { AGENTX_OBJECTS, 5, 1, 1 };
static const mib_subid cert_root[] = { AGENTX_OBJECTS, 5, 2, 1 };

static const struct mib_object autokey_objects[] = {
	AGENTX_SYSTEM_VAR(1, "ntpAgentxAutokeyFlags", autokey, FLAGS),
	AGENTX_SYSTEM_VAR(2, "ntpAgentxAutokeyFlagsRaw", u32, FLAGS),
	AGENTX_SYSTEM_VAR(3, "ntpAgentxAutokeySchemeNid", upper, FLAGS),
	AGENTX_SYSTEM_VAR(4, "ntpAgentxAutokeyDigest", word, DIGEST),
	AGENTX_SYSTEM_VAR(5, "ntpAgentxAutokeySignature", word, SIGNATURE),
	AGENTX_SYSTEM_VAR(6, "ntpAgentxAutokeyHost", label, HOST),
	AGENTX_SYSTEM_VAR(7, "ntpAgentxAutokeyIdent", label, IDENT),
	AGENTX_SYSTEM_VAR(8, "ntpAgentxAutokeyUpdate", date, UPDATE),
	AGENTX_SYSTEM_VAR(9, "ntpAgentxAutokeyHostKeyTime", date, HOSTKEY),
	AGENTX_SYSTEM_VAR(10, "ntpAgentxAutokeyLeapTime", date, LEAPSECONDS),
};

const struct mib_group agentx_autokey_table =
    AGENTX_TARGET_TABLE("ntpAgentxAutokeyTable", autokey);

/* --- certificates ------------------------------------------------------------------- */

static size_t
count_certs(const struct mib_view *view)
{
	return fleet_count(view->fleet, FLEET_CERTS);
}

static const void *
cert_at(const struct mib_view *view, size_t i, size_t *nth)
{
	return fleet_at(view->fleet, FLEET_CERTS, i, nth);
}

static size_t
cert_index(const struct mib_view *view, size_t i, mib_subid *out)
{
	size_t nth;
	const struct fleet_target *t = fleet_at(view->fleet, FLEET_CERTS, i, &nth);

	return mib_index_put_number(out, agentx_index_of_target(t, out),
	    (uint32_t)nth + 1);
}

static const struct mib_rows cert_rows = { count_certs, cert_at, cert_index };

static const struct ntp_cert *
cert_of(const struct mib_cell *cell)
{
	return &agentx_target(cell)->snapshot->system->autokey_certs.items[cell->nth];
}

static bool
put_label(struct mib_value *out, const struct ntp_label *label)
{
	return mib_put_octets(out, label->bytes, label->len);
}

static bool
get_cert_subject(const struct mib_cell *cell, struct mib_value *out)
{
	return put_label(out, &cert_of(cell)->subject);
}

static bool
get_cert_issuer(const struct mib_cell *cell, struct mib_value *out)
{
	return put_label(out, &cert_of(cell)->issuer);
}

enum cert_bit { TRUSTED = 0, SIGNED = 1, VALID = 2, PRIVATE = 3, ERROR = 7 };

/* The daemons that send a file stamp, those up to 4.2.4, have other bits. */
static bool
get_cert_flags(const struct mib_cell *cell, struct mib_value *out)
{
	static const struct {
		uint32_t now, old;
		enum cert_bit bit;
	} flags[] = {
		{ 0x01, 0x02, TRUSTED },
		{ 0x02, 0x01, SIGNED },
		{ 0x04, 0, VALID },
		{ 0x08, 0x04, PRIVATE },
		{ 0x80, 0x88, ERROR },
	};
	const struct ntp_cert *cert = cert_of(cell);
	uint32_t bits = 0;

	for (size_t i = 0; i < AGENTX_COUNT(flags); i++)
		if (cert->flags & (cert->made_s != 0 ? flags[i].old : flags[i].now))
			bits |= UINT32_C(1) << flags[i].bit;
	return mib_put_bits(out, bits, 1);
}

static bool
get_cert_flags_raw(const struct mib_cell *cell, struct mib_value *out)
{
	out->u32 = cert_of(cell)->flags;
	return true;
}

static bool
put_day(struct mib_value *out, int64_t unix_s)
{
	return mib_form_day.put(&unix_s, out);
}

static bool
get_cert_until(const struct mib_cell *cell, struct mib_value *out)
{
	return put_day(out, cert_of(cell)->until_s);
}

static bool
get_cert_file_stamp(const struct mib_cell *cell, struct mib_value *out)
{
	return put_day(out, cert_of(cell)->made_s);
}

static const struct mib_object cert_objects[] = {
	MIB_OWN(2, "ntpAgentxCertSubject", MIB_OCTETS, get_cert_subject, NULL,
	    "cert, first word"),
	MIB_OWN(3, "ntpAgentxCertIssuer", MIB_OCTETS, get_cert_issuer, NULL,
	    "cert, second word"),
	MIB_OWN(4, "ntpAgentxCertFlags", MIB_OCTETS, get_cert_flags, NULL, "cert, bits"),
	MIB_OWN(5, "ntpAgentxCertFlagsRaw", MIB_UNSIGNED, get_cert_flags_raw, NULL,
	    "cert, third word"),
	MIB_OWN(6, "ntpAgentxCertUntil", MIB_OCTETS, get_cert_until, NULL, "until"),
	MIB_OWN(7, "ntpAgentxCertFileStamp", MIB_OCTETS, get_cert_file_stamp, NULL,
	    "cert, fourth word"),
};

const struct mib_group agentx_cert_table = AGENTX_TABLE("ntpAgentxCertTable", cert);
