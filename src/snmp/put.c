/* SPDX-License-Identifier: BSD-2-Clause */
/* What getters write into a value. */
#include "snmp/put.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"

bool
mib_put_octets(struct mib_value *out, const void *octets, size_t len)
{
	out->octets = octets;
	out->n_octets = len;
	return true;
}

bool
mib_put_text(struct mib_value *out, const char *text, size_t len)
{
	if (len <= MIB_TEXT_MAX)
		return mib_put_octets(out, text, len);
	len = text_utf8(text, len, out->scratch, MIB_TEXT_MAX + 1);
	return mib_put_octets(out, out->scratch, len);
}

bool
mib_put_ms(struct mib_value *out, int64_t ns)
{
	size_t len = ntp_ms_format(ns, out->scratch, sizeof(out->scratch));

	return mib_put_octets(out, out->scratch, len);
}

bool
mib_put_ms_unit(struct mib_value *out, int64_t ns)
{
	size_t len = ntp_ms_format_unit(ns, out->scratch, sizeof(out->scratch));

	return mib_put_octets(out, out->scratch, len);
}

bool
mib_put_date(struct mib_value *out, int64_t unix_ns)
{
	time_t seconds = (time_t)(unix_ns / NS_PER_S);
	int tenths = (int)(unix_ns % NS_PER_S / (100 * NS_PER_MS));
	struct tm tm;

	/* Times before 1970 do not occur, and years of more than 16 bits have no form. */
	if (unix_ns < 0 || !gmtime_r(&seconds, &tm) || tm.tm_year > UINT16_MAX - 1900)
		return false;
	const int parts[] = { (tm.tm_year + 1900) >> 8, (tm.tm_year + 1900) & 0xff,
		tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, tenths, '+',
		0, 0 };
	const size_t n = sizeof(parts) / sizeof(parts[0]);
	for (size_t i = 0; i < n; i++)
		out->scratch[i] = (char)parts[i];
	return mib_put_octets(out, out->scratch, n);
}

bool
mib_put_bits(struct mib_value *out, uint32_t bits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned octet = 0;

		for (size_t k = 0; k < 8; k++)
			octet |= (bits >> (8 * i + k) & 1) << (7 - k);
		out->scratch[i] = (char)octet;
	}
	return mib_put_octets(out, out->scratch, n);
}

/* InetAddressType, as far as NTP has use for it. */
enum inet_type { INET_UNKNOWN = 0, INET_IPV4 = 1, INET_IPV6 = 2, INET_IPV6Z = 4 };

static enum inet_type
inet_type_of(const struct addr *a)
{
	switch (a->family) {
	case ADDR_IPV4:
		return INET_IPV4;
	case ADDR_IPV6:
		return a->scope != 0 ? INET_IPV6Z : INET_IPV6;
	case ADDR_NONE:
		break;
	}
	return INET_UNKNOWN;
}

bool
mib_put_inet_type(struct mib_value *out, const struct addr *a)
{
	enum inet_type type = inet_type_of(a);

	out->i32 = (int32_t)type;
	return type != INET_UNKNOWN;
}

static bool
put_zoned(struct mib_value *out, const struct addr *a)
{
	const uint8_t zone[] = { (uint8_t)(a->scope >> 24), (uint8_t)(a->scope >> 16),
		(uint8_t)(a->scope >> 8), (uint8_t)a->scope };

	memcpy(out->scratch, a->bytes, sizeof(a->bytes));
	memcpy(out->scratch + sizeof(a->bytes), zone, sizeof(zone));
	return mib_put_octets(out, out->scratch, sizeof(a->bytes) + sizeof(zone));
}

bool
mib_put_inet(struct mib_value *out, const struct addr *a)
{
	switch (inet_type_of(a)) {
	case INET_IPV4:
		return mib_put_octets(out, a->bytes, 4);
	case INET_IPV6:
		return mib_put_octets(out, a->bytes, 16);
	case INET_IPV6Z:
		return put_zoned(out, a);
	case INET_UNKNOWN:
		break;
	}
	return false;
}

bool
mib_put_peer_name(struct mib_value *out, const struct ntp_peer *peer)
{
	size_t len = ntp_peer_name(peer, out->scratch, MIB_TEXT_MAX + 1);

	return len > 0 && mib_put_octets(out, out->scratch, len);
}

bool
mib_put_counter32(struct mib_value *out, uint64_t count)
{
	out->u32 = (uint32_t)count;
	return true;
}
