/* SPDX-License-Identifier: BSD-2-Clause */
/* CONFIGURE: checks of the text, then statements line by line. What is wrong with them is
 * told in an ordinary answer; what was right is carried out nevertheless. */
#include <string.h>

#include "base/text.h"
#include "sim/sim_ops.h"
#include "sim/sim_statement.h"

enum {
	TEXT_MAX =
	    510, /* of ntp.org's buffer; NTPsec refuses so many data octets before */
	ERRORS_MAX = 400,
};

struct errors {
	char text[ERRORS_MAX];
	size_t len;
};

static int
answer_text(struct sim_reply *reply, const char *text)
{
	sim_reply_item(reply, text, strlen(text));
	return SIM_ANSWERED;
}

static bool
is_printable(char c)
{
	unsigned octet = (unsigned char)c;

	return octet == '\t' || (octet >= ' ' && octet < 0x80);
}

/* ntp.org leaves out what is no graphic character at the end, then stops at the first one
 * that does not print. */
static size_t
acceptable_len(const char *text, size_t len)
{
	size_t n = 0;

	while (len > 0 && (!is_printable(text[len - 1]) || strchr(" \t", text[len - 1])))
		len--;
	while (n < len && is_printable(text[n]))
		n++;
	return n;
}

static void
add_error(struct errors *errors, const struct sim_traits *traits,
    const struct sim_line *line, const char *place)
{
	const char *unexpected = "";

	if (traits->names_token)
		unexpected =
		    place == line->end ? ", unexpected T_EOC" : ", unexpected T_String";
	errors->len += text_format(errors->text + errors->len, ERRORS_MAX - errors->len,
	    "column %u syntax error%s", (unsigned)(place - line->start), unexpected);
}

static void
run_lines(struct sim *s, struct sim_reply *reply, const char *at, const char *end,
    struct errors *errors)
{
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		struct sim_line line = { at, at, newline ? newline : end };
		const char *place = sim_statement_run(s, reply, &line);

		if (place)
			add_error(errors, sim_traits(s->options.dialect), &line, place);
		at = newline ? newline + 1 : end;
	}
}

int
sim_answer_configure(struct sim *s, const struct sim_asked *rq, struct sim_reply *reply)
{
	const struct sim_traits *traits = sim_traits(s->options.dialect);
	size_t count = rq->head.count;
	size_t len = traits->is_ntpsec ? count : acceptable_len(rq->data, count);
	struct errors errors = { .len = 0 };

	if (rq->head.assoc != 0)
		return M6_ERROR_BADVALUE;
	if (s->is_nomodify)
		return answer_text(reply,
		    "runtime configuration prohibited by restrict ... nomodify");
	if (len > TEXT_MAX)
		return answer_text(reply,
		    "runtime configuration failed: request too long");
	if (len != count)
		return answer_text(reply,
		    "runtime configuration failed: request contains an unprintable "
		    "character");
	run_lines(s, reply, rq->data, rq->data + len, &errors);
	return answer_text(reply, errors.len > 0 ? errors.text : "Config Succeeded");
}

int
sim_answer_saveconfig(struct sim *s, const struct sim_asked *rq, struct sim_reply *reply)
{
	(void)rq;
	return answer_text(reply,
	    s->is_nomodify ? "saveconfig prohibited by restrict ... nomodify"
			   : "saveconfig prohibited, no saveconfigdir configured");
}
