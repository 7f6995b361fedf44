/* SPDX-License-Identifier: BSD-2-Clause */
/* Invents values that hang together: a peer's stratum, reach and filters, the system's
 * reference and its system peer. */
#include "sim/sim_fill.h"

#include <string.h>

#include "base/scan.h"
#include "base/text.h"
#include "mode6/status.h"
#include "sim/sim_dialect.h"

enum {
	NS_PER_SECOND = 1000000000,
	UNSYNCHRONISED = 16,
	DATAGRAM_ROOM = 468, /* ntp.org collects names in a buffer of this size */
};

enum filter { FILTER_DELAY, FILTER_OFFSET, FILTER_DISP, FILTERS };

/* Seconds from 1900 to 1970. */
#define NTP_UNIX_OFFSET INT64_C(2208988800)

static bool
set_bytes(struct sim_text *out, const char *text, size_t len)
{
	out->len = len;
	memcpy(out->bytes, text, len);
	return true;
}

static bool
set_text(struct sim_text *out, const char *text)
{
	return set_bytes(out, text, strlen(text));
}

/* The part before or behind the bar. */
static bool
set_choice(struct sim_text *out, const char *choice, bool is_second)
{
	const char *bar = strchr(choice, '|');

	if (!bar)
		return set_text(out, choice);
	if (is_second)
		return set_text(out, bar + 1);
	return set_bytes(out, choice, (size_t)(bar - choice));
}

static bool
is_reachable(const struct sim_scope *at)
{
	return m6_peer_status(at->assoc->status).is_reachable;
}

static bool
is_ntpsec(const struct sim_scope *at)
{
	return sim_traits(at->sim->options.dialect)->is_ntpsec;
}

bool
sim_fill_text(const struct sim_scope *at, const struct sim_row *row, struct sim_text *out)
{
	return set_choice(out, row->text, is_ntpsec(at));
}

bool
sim_fill_version(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	(void)row;
	return set_text(out, sim_traits(at->sim->options.dialect)->version);
}

bool
sim_fill_micro(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	return set_bytes(out, row->text, strlen(row->text) - (is_ntpsec(at) ? 0 : 3));
}

bool
sim_fill_twin(const struct sim_scope *at, const struct sim_row *row, struct sim_text *out)
{
	return sim_value_by_name(at, row->text, out);
}

bool
sim_fill_if_synced(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	return set_choice(out, row->text, sim_assoc_syspeer(at->sim) == NULL);
}

bool
sim_fill_if_reachable(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	return set_choice(out, row->text, !is_reachable(at));
}

void
sim_fill_stamp(int64_t ns, struct sim_text *out)
{
	uint64_t seconds = (uint64_t)(ns / NS_PER_SECOND + NTP_UNIX_OFFSET);
	uint64_t fraction = ((uint64_t)(ns % NS_PER_SECOND) << 32) / NS_PER_SECOND;

	out->len = text_format(out->bytes, sizeof(out->bytes), "0x%08x.%08x",
	    (unsigned)(seconds & UINT32_MAX), (unsigned)fraction);
}

bool
sim_fill_clock(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	(void)row;
	sim_fill_stamp(at->sim->options.is_frozen ? at->sim->start_ns : at->sim->now_ns,
	    out);
	return true;
}

/* Up to `room` with the opening and closing quotes; ntp.org gives up where the next name
 * does not fit, and leaves the closing quote out where it does not. */
static bool
add_name(struct sim_text *out, size_t room, const char *name)
{
	size_t len = strlen(name);

	if (out->len + len + 1 >= room)
		return false;
	if (out->len > 1)
		out->bytes[out->len++] = ',';
	memcpy(out->bytes + out->len, name, len);
	out->len += len;
	return true;
}

bool
sim_fill_names(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	const struct sim_table *table = sim_table(at->class);
	const struct sim_values *values = sim_scope_values(at);
	enum sim_dialect dialect = at->sim->options.dialect;
	size_t room = DATAGRAM_ROOM - strlen(row->name) - 1;
	bool fits = true;

	set_text(out, "\"");
	for (size_t i = 0; fits && i < table->n_rows; i++) {
		if (table->rows[i].access[dialect] != SIM_NO)
			fits = add_name(out, room, table->rows[i].name);
	}
	fits = true;
	for (size_t i = 0; fits && i < values->n; i++) {
		const char *name = values->items[i].name;

		if (!sim_row_find(at->class, dialect, name, strlen(name)))
			fits = add_name(out, room, name);
	}
	if (out->len + 2 < room)
		out->bytes[out->len++] = '"';
	return true;
}

/* A variable of the system peer. */
static bool
syspeer_value(const struct sim_scope *at, const char *name, struct sim_text *out)
{
	const struct sim_assoc *assoc = sim_assoc_syspeer(at->sim);
	struct sim_scope peer = { at->sim, assoc, SIM_PEER };

	return assoc && sim_value_by_name(&peer, name, out);
}

bool
sim_fill_system_stratum(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	struct sim_text text;
	uint32_t stratum = UNSYNCHRONISED;

	(void)row;
	if (syspeer_value(at, "stratum", &text) &&
	    scan_u32(text.bytes, text.len, &stratum) == 0 && stratum < UNSYNCHRONISED)
		stratum++;
	out->len = text_format(out->bytes, sizeof(out->bytes), "%u", stratum);
	return true;
}

bool
sim_fill_system_refid(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	(void)row;
	return syspeer_value(at, "srcadr", out) || set_text(out, "INIT");
}

bool
sim_fill_system_reftime(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	(void)row;
	return syspeer_value(at, "rec", out) || set_text(out, "0x00000000.00000000");
}

bool
sim_fill_rootdist(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	struct sim_text delay, disp;
	int64_t delay_us, disp_us;

	(void)row;
	if (!sim_value_by_name(at, "rootdelay", &delay) ||
	    !sim_value_by_name(at, "rootdisp", &disp) ||
	    scan_decimal(delay.bytes, delay.len, 3, &delay_us) != 0 ||
	    scan_decimal(disp.bytes, disp.len, 3, &disp_us) != 0)
		return false;
	out->len =
	    text_decimal(delay_us / 2 + disp_us, 3, 3, out->bytes, sizeof(out->bytes));
	return true;
}

bool
sim_fill_syspeer(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	const struct sim_assoc *assoc = sim_assoc_syspeer(at->sim);

	(void)row;
	out->len =
	    text_format(out->bytes, sizeof(out->bytes), "%u", assoc ? assoc->id : 0U);
	return true;
}

bool
sim_fill_syspeer_address(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	struct sim_text address, port;
	bool is_v6;

	(void)row;
	if (!syspeer_value(at, "srcadr", &address) ||
	    !syspeer_value(at, "srcport", &port))
		return set_text(out, "0.0.0.0:0");
	is_v6 = memchr(address.bytes, ':', address.len) != NULL;
	out->len = text_format(out->bytes, sizeof(out->bytes), "%s%.*s%s:%.*s",
	    is_v6 ? "[" : "", (int)address.len, address.bytes, is_v6 ? "]" : "",
	    (int)port.len, port.bytes);
	return true;
}

bool
sim_fill_syspeer_mode(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	(void)row;
	return syspeer_value(at, "hmode", out) || set_text(out, "0");
}

bool
sim_fill_peer_address(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	unsigned n = at->assoc->number + 1;

	(void)row;
	out->len = text_format(out->bytes, sizeof(out->bytes), "198.18.%u.%u",
	    n >> 8 & 0xff, n & 0xff);
	return true;
}

bool
sim_fill_peer_stratum(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	unsigned stratum = is_reachable(at) ? 1 + at->assoc->number % 3 : UNSYNCHRONISED;

	(void)row;
	out->len = text_format(out->bytes, sizeof(out->bytes), "%u", stratum);
	return true;
}

bool
sim_fill_peer_refid(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	(void)row;
	if (!is_reachable(at))
		return set_text(out, "INIT");
	return set_text(out, at->assoc->number % 3 == 0 ? "GPS" : "198.18.200.1");
}

/* When a packet last came, in poll intervals of 64 s. */
static int64_t
last_heard_ns(const struct sim_scope *at)
{
	const int64_t interval = INT64_C(64) * NS_PER_SECOND;
	int64_t now = at->sim->options.is_frozen ? at->sim->start_ns : at->sim->now_ns;

	return now - (now + (int64_t)at->assoc->number * NS_PER_SECOND) % interval;
}

bool
sim_fill_peer_stamp(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	(void)row;
	if (!is_reachable(at))
		return set_text(out, "0x00000000.00000000");
	sim_fill_stamp(last_heard_ns(at), out);
	return true;
}

/* "base step modulus": of this number, in millionths. */
static int64_t
spread(unsigned number, const char *text)
{
	int64_t part[3] = { 0, 0, 1 };
	const char *next = text;

	for (size_t i = 0; i < 3 && *next; i++) {
		size_t len = strcspn(next, " ");

		scan_i64(next, len, &part[i]);
		next += len + strspn(next + len, " ");
	}
	return part[0] + (int64_t)number * part[1] % part[2];
}

bool
sim_fill_spread(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	int64_t value = is_reachable(at) ? spread(at->assoc->number, row->text) : 0;

	out->len = text_decimal(value, 6, 6, out->bytes, sizeof(out->bytes));
	if (!is_ntpsec(at))
		out->len -= 3;
	return true;
}

bool
sim_fill_system_spread(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	out->len = text_decimal(spread(at->sim->options.number, row->text), 6, 6,
	    out->bytes, sizeof(out->bytes));
	return true;
}

bool
sim_fill_status_bit(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	bool is_inverted = row->text[0] == '-';
	const char *digits = row->text + (is_inverted ? 1 : 0);
	uint32_t mask = 0;

	scan_u32(digits, strlen(digits), &mask);
	return set_text(out,
	    ((at->assoc->status & mask) != 0) != is_inverted ? "1" : "0");
}

bool
sim_fill_selection(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	(void)row;
	out->len = text_format(out->bytes, sizeof(out->bytes), "%u",
	    (unsigned)m6_peer_status(at->assoc->status).selection);
	return true;
}

/* Eight samples each, in front of every one a blank; not heard of, heard of. */
static const char *const samples[FILTERS][2] = {
	[FILTER_DELAY] = { " 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00",
	    " 0.14 0.14 0.13 0.11 0.11 0.09 0.12 0.14" },
	[FILTER_OFFSET] = { " 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00",
	    " 0.05 0.06 -0.05 0.05 0.04 0.04 -0.03 0.04" },
	[FILTER_DISP] = { " 16000.00 16000.00 16000.00 16000.00"
			  " 16000.00 16000.00 16000.00 16000.00",
	    " 0.00 0.27 0.54 0.66 0.69 0.72 0.75 0.78" },
};

static void
add_samples(struct sim_text *out, enum filter filter, bool is_heard)
{
	const char *text = samples[filter][is_heard ? 1 : 0];

	memcpy(out->bytes + out->len, text, strlen(text));
	out->len += strlen(text);
}

/* NTPsec 1.2.2 formats all three arrays behind whatever its stack holds: a leftover with
 * the last time stamp in it, then the arrays before. */
static void
add_leftover(const struct sim_scope *at, enum filter filter, struct sim_text *out)
{
	uint64_t heard = (uint64_t)(last_heard_ns(at) / NS_PER_SECOND + NTP_UNIX_OFFSET);

	set_text(out, "O");
	if (is_reachable(at)) {
		set_text(out, "O 0.00 0");
		/* It ends at the first octet of zero, as text in C does. */
		for (unsigned i = 0; i < 4 && (heard >> 8 * i & 0xff) != 0; i++)
			out->bytes[out->len++] = (char)(heard >> 8 * i & 0xff);
	}
	if (filter == FILTER_OFFSET)
		add_samples(out, FILTER_DELAY, is_reachable(at));
	if (filter == FILTER_DISP)
		set_text(out, "O 0.00 0.00 0.00 0.00 0.\x04");
}

bool
sim_fill_filter(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out)
{
	enum filter filter = FILTER_DELAY;

	if (strcmp(row->text, "offset") == 0)
		filter = FILTER_OFFSET;
	else if (strcmp(row->text, "disp") == 0)
		filter = FILTER_DISP;
	out->len = 0;
	if (is_ntpsec(at))
		add_leftover(at, filter, out);
	add_samples(out, filter, is_reachable(at));
	return true;
}
