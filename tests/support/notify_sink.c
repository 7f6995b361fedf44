/* SPDX-License-Identifier: BSD-2-Clause */
/* A port for notifications that writes down what it gets. */
#include "support/notify_sink.h"

#include <string.h>

#include "base/text.h"
#include "support/check.h"
#include "support/mib_text.h"

enum { DATE_AND_TIME_LEN = 11 };

static void
put(struct notify_sink *sink, const char *text, size_t len)
{
	assert_true(sink->len + len < sizeof(sink->text));
	memcpy(sink->text + sink->len, text, len);
	sink->len += len;
	sink->text[sink->len] = '\0';
}

/* "ntpAssocName.12": the parser's label for all but the last arc. */
static void
put_name(struct notify_sink *sink, const struct mib_oid *name)
{
	struct tree *node = get_tree_head();
	char text[128];

	for (size_t i = 0; i + 1 < name->len; i++) {
		if (i > 0)
			node = node->child_list;
		while (node && node->subid != name->ids[i])
			node = node->next_peer;
		assert_non_null(node);
	}
	put(sink, text,
	    text_format(text, sizeof(text), "%s.%lu=", node->label,
		name->ids[name->len - 1]));
}

static void
put_value(struct notify_sink *sink, const struct mib_value *value)
{
	const uint8_t *octets = value->octets;
	char text[32];

	if (value->syntax == MIB_INTEGER)
		put(sink, text, text_format(text, sizeof(text), "%d", value->i32));
	else if (value->syntax == MIB_UNSIGNED)
		put(sink, text, text_format(text, sizeof(text), "%u", value->u32));
	else if (value->n_octets == NTP_DATE_LEN && octets[0] == 0)
		/* Era 0: the seconds suffice. */
		put(sink, text,
		    text_format(text, sizeof(text), "0x%02x%02x%02x%02x", octets[4],
			octets[5], octets[6], octets[7]));
	else if (value->n_octets == DATE_AND_TIME_LEN && octets[8] == '+')
		put(sink, text,
		    text_format(text, sizeof(text), "%d-%02d-%02d %02d:%02d:%02d.%d",
			octets[0] << 8 | octets[1], octets[2], octets[3], octets[4],
			octets[5], octets[6], octets[7]));
	else {
		assert_int_equal(value->syntax, MIB_OCTETS);
		put(sink, value->octets, value->n_octets);
	}
	put(sink, "; ", 2);
}

static int
take(void *ctx, const char *context, const struct mib_oid *trap,
    const struct session_varbind *varbinds, size_t n_varbinds)
{
	struct notify_sink *sink = ctx;

	assert_true(n_varbinds <= SESSION_VARBINDS_MAX);
	sink->calls++;
	sink->len = 0;
	put(sink, context, strlen(context));
	put(sink, ": ", 2);
	put_name(sink, trap);
	sink->len--;
	put(sink, ": ", 2);
	for (size_t i = 0; i < n_varbinds; i++) {
		put_name(sink, &varbinds[i].name);
		put_value(sink, &varbinds[i].value);
	}
	sink->text[--sink->len] = '\0';
	return sink->err;
}

struct notify_port
notify_sink_port(struct notify_sink *sink)
{
	*sink = (struct notify_sink){ 0 };
	return (struct notify_port){ .send = take, .ctx = sink };
}
