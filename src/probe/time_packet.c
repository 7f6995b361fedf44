/* SPDX-License-Identifier: BSD-2-Clause */
/* Coding and judging of time packets. */
#include "probe/time_packet.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"

enum {
	CLIENT_VERSION = 4,
	MODE_CLIENT = 3,
	MODE_SERVER = 4,
	REFID_LEN = 4,
	/* Octets in front of the time of sending, and between the reference id and the
	 * time the request was sent at. */
	BEFORE_TRANSMIT = 40,
	BEFORE_REFID = 12,
	REFTIME_LEN = 8,
};

/* Kiss codes that tell us something; whoever is merely without time has many others. */
static const struct {
	const char *code;
	enum time_kiss kiss;
} kisses[] = {
	{ "RATE", TIME_KISS_RATE },
	{ "DENY", TIME_KISS_DENY },
	{ "RSTR", TIME_KISS_DENY },
};

void
time_packet_encode(uint64_t cookie, uint8_t out[TIME_PACKET_LEN])
{
	struct buf b =
	    buf_writer(out + BEFORE_TRANSMIT, TIME_PACKET_LEN - BEFORE_TRANSMIT);

	memset(out, 0, BEFORE_TRANSMIT);
	out[0] = CLIENT_VERSION << 3 | MODE_CLIENT;
	buf_put_u32(&b, (uint32_t)(cookie >> 32));
	buf_put_u32(&b, (uint32_t)cookie);
}

static enum time_kiss
kiss_of(const struct time_answer *a)
{
	if (a->stratum != 0)
		return TIME_KISS_NONE;
	for (size_t i = 0; i < sizeof(kisses) / sizeof(kisses[0]); i++)
		if (memcmp(a->refid, kisses[i].code, REFID_LEN) == 0)
			return kisses[i].kiss;
	return TIME_KISS_UNSYNCED;
}

int
time_packet_decode(const void *bytes, size_t len, uint64_t cookie,
    struct time_answer *out)
{
	struct buf b = buf_reader(bytes, len);
	struct time_answer a;
	uint8_t first = buf_get_u8(&b);
	uint64_t origin;

	if (len < TIME_PACKET_LEN)
		return ERR_TRUNCATED;
	a.leap = first >> 6;
	a.version = first >> 3 & 7;
	a.stratum = buf_get_u8(&b);
	(void)buf_get_bytes(&b, BEFORE_REFID - buf_pos(&b));
	memcpy(a.refid, buf_get_bytes(&b, REFID_LEN), REFID_LEN);
	(void)buf_get_bytes(&b, REFTIME_LEN);
	origin = (uint64_t)buf_get_u32(&b) << 32;
	origin |= buf_get_u32(&b);
	if ((first & 7) != MODE_SERVER || a.version == 0)
		return ERR_PROTOCOL;
	if (origin != cookie)
		return ERR_CONFLICT;
	a.kiss = kiss_of(&a);
	*out = a;
	return 0;
}

size_t
time_refid_text(const struct time_answer *a, char *out, size_t cap)
{
	char code[REFID_LEN + 1];
	size_t len = 0;

	if (a->stratum > 1)
		return text_format(out, cap, "%u.%u.%u.%u", a->refid[0], a->refid[1],
		    a->refid[2], a->refid[3]);
	while (len < REFID_LEN && a->refid[len] != 0)
		len++;
	text_ascii((const char *)a->refid, len, code, sizeof(code));
	return text_format(out, cap, ".%s.", code);
}
