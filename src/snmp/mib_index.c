/* SPDX-License-Identifier: BSD-2-Clause */
/* Encoding and decoding of indexes. */
#include "snmp/mib_index.h"

size_t
mib_index_put_number(mib_subid *ids, size_t len, uint32_t number)
{
	ids[len] = number;
	return len + 1;
}

size_t
mib_index_put_text(mib_subid *ids, size_t len, const char *text, size_t text_len)
{
	ids[len++] = text_len;
	for (size_t i = 0; i < text_len; i++)
		ids[len++] = (uint8_t)text[i];
	return len;
}

bool
mib_index_take_number(struct mib_index_reader *r, uint32_t max, uint32_t *out)
{
	if (r->left == 0 || r->ids[0] > max)
		return false;
	*out = (uint32_t)r->ids[0];
	r->ids++;
	r->left--;
	return true;
}

bool
mib_index_take_text(struct mib_index_reader *r, size_t min, char *out, size_t cap,
    size_t *len_out)
{
	size_t len;

	if (r->left == 0 || r->ids[0] > cap || r->ids[0] < min)
		return false;
	len = r->ids[0];
	if (len >= r->left)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (r->ids[1 + i] > UINT8_MAX)
			return false;
		out[i] = (char)(uint8_t)r->ids[1 + i];
	}
	r->ids += 1 + len;
	r->left -= 1 + len;
	*len_out = len;
	return true;
}
