/* SPDX-License-Identifier: BSD-2-Clause */
/* Decodes the system status word. */
#include "model/status.h"

enum { OLD_SOURCE_MASK = 0x1f };

struct ntp_status_parts
ntp_status_parts(uint16_t word)
{
	return (struct ntp_status_parts){
		.leap = (uint8_t)(word >> 14),
		.source = word >> 8 & 0x3f,
		.event_count = word >> 4 & 0xf,
		.event = word & 0xf,
	};
}

bool
ntp_status_is_old(const struct ntp_system *s)
{
	return ntp_system_kinds(s) == NTP_KIND_OLD;
}

static bool
is_known(const struct ntp_system *s)
{
	return s->has_status && ntp_system_has(s, NTP_SYS_VERSION);
}

bool
ntp_status_source(const struct ntp_system *s, enum ntp_source *out)
{
	unsigned code = ntp_status_parts(s->status).source;

	if (!is_known(s))
		return false;
	if (ntp_status_is_old(s))
		code &= OLD_SOURCE_MASK;
	*out = (enum ntp_source)code;
	return code < NTP_SOURCE_COUNT;
}

bool
ntp_status_event(const struct ntp_system *s, enum ntp_event *out)
{
	static const enum ntp_event old[] = {
		NTP_EVENT_UNSPECIFIED,
		NTP_EVENT_RESTART,
		NTP_EVENT_FAULT,
		NTP_EVENT_SOURCE_CHANGE,
		NTP_EVENT_PEER_CHANGE,
		NTP_EVENT_CLOCK_STEP,
		NTP_EVENT_BAD_DATE,
		NTP_EVENT_CLOCK_EXCEPTION,
	};
	uint8_t code = ntp_status_parts(s->status).event;

	if (!is_known(s))
		return false;
	if (!ntp_status_is_old(s)) {
		*out = (enum ntp_event)code;
		return true;
	}
	if (code >= sizeof(old) / sizeof(old[0]))
		return false;
	*out = old[code];
	return true;
}
