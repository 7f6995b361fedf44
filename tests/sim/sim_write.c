/* SPDX-License-Identifier: BSD-2-Clause */
/* WRITEVAR as 4.2.8p15 and NTPsec 1.2.2 do it: only variables made on the command line
 * can be written, one after another until one is wrong; what was written before stays. */
#include <ctype.h>
#include <string.h>

#include "base/scan.h"
#include "sim/sim_ops.h"
#include "sim/sim_vars.h"

enum {
	IGNORED_VALUE_LEN =
	    128, /* a value this long ends the list, as if it was not there */
	LEAP_MASK = 3,
};

struct item {
	const char *name, *value; /* no '=': NULL */
	size_t name_len, value_len;
};

static bool
is_blank(char c)
{
	return isspace((unsigned char)c) != 0;
}

/* False for a value that is too long. */
static bool
take_value(struct item *item, const char *at, const char *end)
{
	const char *nul;

	while (at < end && is_blank(*at))
		at++;
	while (at < end && is_blank(end[-1]))
		end--;
	nul = memchr(at, '\0', (size_t)(end - at));
	item->value = at;
	item->value_len = (size_t)((nul ? nul : end) - at);
	return end - at < IGNORED_VALUE_LEN;
}

/* The next item of the list, or false at its end. Quotes mean nothing here. */
static bool
next_item(const char **at, const char *end, struct item *item)
{
	const char *comma, *equals;

	while (*at < end && (**at == ',' || is_blank(**at)))
		++*at;
	if (*at == end)
		return false;
	comma = memchr(*at, ',', (size_t)(end - *at));
	if (!comma)
		comma = end;
	equals = memchr(*at, '=', (size_t)(comma - *at));
	memset(item, 0, sizeof(*item));
	item->name = *at;
	item->name_len = (size_t)((equals ? equals : comma) - *at);
	*at = comma;
	return !equals || take_value(item, equals + 1, comma);
}

bool
sim_is_lying(const struct sim *s)
{
	return sim_write_has(&s->write, SIM_WRITE_LIE);
}

int
sim_store(struct sim *s, const char *name, const char *text, size_t len,
    enum sim_kind_id kind)
{
	const char *other = s->write.other;

	if (sim_is_lying(s))
		return 0;
	return sim_values_define(&s->system, name, other ? other : text,
	    other ? strlen(other) : len, kind);
}

/* A variable of the daemon's own: "leap" passes the checks, but nobody carries it out. */
static int
refuse_own(const struct sim_traits *traits, const struct item *item)
{
	int64_t leap = 0;

	if (!scan_is(item->name, item->name_len, "leap"))
		return M6_ERROR_PERMISSION;
	if (!item->value)
		return traits->missing_value;
	if (item->value_len == 0)
		return M6_ERROR_BADFMT;
	if (scan_i64(item->value, item->value_len, &leap) != 0)
		return traits->leap_no_number;
	return leap < 0 || leap > LEAP_MASK ? M6_ERROR_BADVALUE : M6_ERROR_UNSPEC;
}

static int
write_item(struct sim *s, const struct item *item)
{
	const struct sim_traits *traits = sim_traits(s->options.dialect);
	struct sim_value *user;

	if (sim_row_find(SIM_SYSTEM, s->options.dialect, item->name, item->name_len))
		return refuse_own(traits, item);
	user = sim_values_find_n(&s->system, item->name, item->name_len);
	if (!user)
		return M6_ERROR_UNKNOWNVAR;
	if (!sim_kind(user->kind)->is_writable)
		return M6_ERROR_PERMISSION;
	if (!item->value)
		return traits->missing_value;
	if (sim_store(s, user->name, item->value, item->value_len, user->kind) != 0)
		return M6_ERROR_UNSPEC;
	s->n_written += sim_is_lying(s) ? 0 : 1;
	return SIM_ANSWERED;
}

int
sim_answer_writevar(struct sim *s, const struct sim_asked *rq, struct sim_reply *reply)
{
	const char *at = rq->data, *end = at + rq->head.count;
	struct item item;

	if (rq->head.assoc != 0)
		return M6_ERROR_PERMISSION;
	reply->head.status = sim_status(s, NULL);
	while (next_item(&at, end, &item)) {
		int rc = write_item(s, &item);

		if (rc != SIM_ANSWERED)
			return rc;
	}
	return SIM_ANSWERED;
}
