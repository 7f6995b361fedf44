/* SPDX-License-Identifier: BSD-2-Clause */
/* READ_ORDLIST_A: interfaces and restrictions, the same ones for everybody. */
#include <string.h>

#include "base/scan.h"
#include "base/text.h"
#include "sim/sim_dialect.h"
#include "sim/sim_mru.h"
#include "sim/sim_ops.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { FIELDS_MAX = 12, ITEM_MAX = 256 };

/* A field, and how many dialects from the first on know it. */
struct field {
	const char *tag;
	unsigned n_dialects;
};

static const struct field interface_fields[] = {
	{ "addr", 3 },
	{ "en", 3 },
	{ "name", 3 },
	{ "flags", 3 },
	{ "rx", 3 },
	{ "tx", 3 },
	{ "txerr", 3 },
	{ "pc", 3 },
	{ "up", 3 },
	{ "bcast", 2 },
	{ "tl", 1 },
	{ "mc", 1 },
};

static const char *const interfaces[][FIELDS_MAX] = {
	{ "[::]:123", "0", "\"v6wildcard\"", "0x81", "0", "0", "0", "0", "515", "", "0",
	    "0" },
	{ "0.0.0.0:123", "0", "\"v4wildcard\"", "0x89", "0", "0", "0", "0", "515", "",
	    "0", "0" },
	{ "127.0.0.1:123", "1", "\"lo\"", "0x5", "47", "42", "0", "0", "515", "", "0",
	    "0" },
	{ "198.19.255.254:123", "1", "\"eth0\"", "0x19", "1203", "1188", "2", "3", "515",
	    "198.19.255.255:123", "0", "0" },
	{ "[::1]:123", "1", "\"lo\"", "0x5", "2", "2", "0", "0", "515", "", "0", "0" },
	{ "[fe80::1%2]:123", "1", "\"eth0\"", "0x11", "12", "9", "0", "1", "515", "", "0",
	    "0" },
};

static const struct field restriction_fields[] = {
	{ "addr", 3 },
	{ "mask", 3 },
	{ "hits", 3 },
	{ "flags", 3 },
};

static const char *const restrictions[][FIELDS_MAX] = {
	{ "0.0.0.0", "0.0.0.0", "12", "kod limited nomodify noquery" },
	{ "127.0.0.1", "255.255.255.255", "48", "" },
	{ "127.0.0.1", "255.255.255.255", "0", "ntpport interface ignore" },
	{ "198.18.0.0", "255.254.0.0", "1203", "nomodify" },
	{ "198.18.0.0", "255.0.255.0", "3", "notrust" },
	{ "::", "::", "0", "kod limited nomodify noquery" },
	{ "fd00:5907::", "ffff:ffff::", "7", "nomodify" },
};

static void
put_row(struct sim *s, struct sim_reply *reply, const struct field *fields,
    size_t n_fields, const char *const *values, size_t i)
{
	unsigned order[FIELDS_MAX];
	char item[ITEM_MAX];

	sim_shuffle(s, order, n_fields);
	for (size_t j = 0; j < n_fields; j++) {
		const struct field *field = &fields[order[j]];

		if ((unsigned)s->options.dialect >= field->n_dialects)
			continue;
		sim_reply_item(reply, item,
		    text_format(item, sizeof(item), "%s.%zu=%s", field->tag, i,
			values[order[j]]));
	}
	sim_put_noise(s, reply, i);
}

int
sim_answer_ordlist(struct sim *s, const struct sim_asked *rq, struct sim_reply *reply)
{
	bool is_restrictions = scan_is(rq->data, rq->head.count, "addr_restrictions");

	if (!is_restrictions && rq->head.count != 0 &&
	    !scan_is(rq->data, rq->head.count, "ifstats"))
		return M6_ERROR_UNKNOWNVAR;
	for (size_t i = 0; is_restrictions && i < COUNT_OF(restrictions); i++)
		put_row(s, reply, restriction_fields, COUNT_OF(restriction_fields),
		    restrictions[i], i);
	for (size_t i = 0; !is_restrictions && i < COUNT_OF(interfaces); i++)
		put_row(s, reply, interface_fields, COUNT_OF(interface_fields),
		    interfaces[i], i);
	return SIM_ANSWERED;
}
