/* SPDX-License-Identifier: BSD-2-Clause */
/* What getters write into a value. */
#include "snmp/put.h"

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
mib_put_counter32(struct mib_value *out, uint64_t count)
{
	out->u32 = (uint32_t)count;
	return true;
}
