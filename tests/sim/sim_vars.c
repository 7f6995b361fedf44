/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds, reads and lists variables. */
#include "sim/sim_vars.h"

#include <ctype.h>
#include <string.h>

#include "base/err.h"
#include "base/scan.h"
#include "base/text.h"
#include "sim/sim_fill.h"

enum {
	NAME_ROOM = 128,         /* of an item, with its '=' */
	USERS_MAX = 512,         /* values of one owner that requests can name */
	IGNORED_VALUE_LEN = 128, /* a value in a request this long ends the list there */
	NS_PER_SECOND = 1000000000,
	SECONDS_PER_POLL = 16,
};

/* What a request asks for: marks by row, and by place among the values that were set. */
struct wanted {
	bool rows[SIM_ROWS_MAX];
	bool users[USERS_MAX];
	bool any;
};

/* Most names of a table differ in the first letter: that is seen without a call. */
static bool
is_same_name(const char *name, const char *text, size_t len)
{
	return len > 0 && name[0] == text[0] && strlen(name) == len &&
	    memcmp(name, text, len) == 0;
}

const struct sim_row *
sim_row_find(enum sim_class class, enum sim_dialect dialect, const char *name, size_t len)
{
	const struct sim_table *table = sim_table(class);

	for (size_t i = 0; i < table->n_rows; i++) {
		const struct sim_row *row = &table->rows[i];

		if (row->access[dialect] != SIM_NO && is_same_name(row->name, name, len))
			return row;
	}
	return NULL;
}

const struct sim_values *
sim_scope_values(const struct sim_scope *at)
{
	switch (at->class) {
	case SIM_PEER:
		return &at->assoc->vars;
	case SIM_CLOCK:
		return &at->assoc->clock_vars;
	case SIM_SYSTEM:
	case SIM_N_CLASSES:
		break;
	}
	return &at->sim->system;
}

uint64_t
sim_value_reading(const struct sim *s, enum sim_count count)
{
	uint64_t seconds;

	if (s->options.is_frozen || s->now_ns < s->start_ns)
		return 0;
	seconds = (uint64_t)((s->now_ns - s->start_ns) / NS_PER_SECOND);
	switch (count) {
	case SIM_SECONDS:
		return seconds;
	case SIM_POLLS:
		return seconds / SECONDS_PER_POLL;
	case SIM_RECEIVED:
		return s->n_received;
	case SIM_SENT:
		return s->n_sent;
	case SIM_FIXED:
	case SIM_EVENTS:
		break;
	}
	return 0;
}

/* Adds what was counted since `origin`; a text that is no number stays as it is. */
static void
add_counted(const struct sim *s, enum sim_count count, uint64_t origin,
    struct sim_text *text)
{
	uint64_t value, reading = sim_value_reading(s, count);

	if (reading == origin || scan_u64(text->bytes, text->len, &value) != 0)
		return;
	value += reading - origin;
	text->len = text_format(text->bytes, sizeof(text->bytes), "%llu",
	    (unsigned long long)value);
}

static void
copy_stored(const struct sim_value *value, struct sim_text *out)
{
	out->len = value->len < sizeof(out->bytes) ? value->len : sizeof(out->bytes);
	memcpy(out->bytes, value->text, out->len);
}

bool
sim_value_get(const struct sim_scope *at, const struct sim_row *row, struct sim_text *out)
{
	const struct sim_value *stored = sim_values_find(sim_scope_values(at), row->name);

	if (stored) {
		if (stored->is_absent)
			return false;
		copy_stored(stored, out);
		add_counted(at->sim, row->count, stored->origin, out);
		return true;
	}
	if (!row->fill)
		return false;
	/* A twin's number has been counted up where it comes from. */
	if (row->fill == sim_fill_twin)
		return row->fill(at, row, out);
	if (row->count != SIM_FIXED && at->sim->is_restarted)
		out->len = text_format(out->bytes, sizeof(out->bytes), "0");
	else if (!row->fill(at, row, out))
		return false;
	add_counted(at->sim, row->count, 0, out);
	return true;
}

bool
sim_value_by_name(const struct sim_scope *at, const char *name, struct sim_text *out)
{
	const struct sim_row *row =
	    sim_row_find(at->class, at->sim->options.dialect, name, strlen(name));

	return row && sim_value_get(at, row, out);
}

uint8_t
sim_leap(const struct sim *s)
{
	struct sim_scope at = { s, NULL, SIM_SYSTEM };
	struct sim_text text;
	uint32_t leap;

	if (!sim_value_by_name(&at, "leap", &text) ||
	    scan_u32(text.bytes, text.len, &leap) != 0 || leap > 3)
		return 3;
	return (uint8_t)leap;
}

uint16_t
sim_status(const struct sim *s, const struct sim_assoc *assoc)
{
	if (assoc)
		return assoc->status;
	return (uint16_t)((s->status & 0x3fffU) | (unsigned)sim_leap(s) << 14);
}

static void
put_item(struct sim_reply *reply, const char *name, const char *value, size_t len)
{
	char item[SIM_TEXT_MAX + NAME_ROOM];
	size_t name_len = strlen(name);
	size_t at = name_len < NAME_ROOM ? name_len : NAME_ROOM - 1;

	memcpy(item, name, at);
	item[at++] = '=';
	if (len > sizeof(item) - at)
		len = sizeof(item) - at;
	memcpy(item + at, value, len);
	sim_reply_item(reply, item, at + len);
}

/* All that were loaded under this name, each with the followers behind it. */
static void
put_repeated(const struct sim_scope *at, const struct sim_row *row,
    struct sim_reply *reply)
{
	const struct sim_values *values = sim_scope_values(at);

	for (size_t i = 0; i < values->n; i++) {
		const struct sim_value *value = &values->items[i];
		const struct sim_row *its_row = sim_row_find(at->class,
		    at->sim->options.dialect, value->name, strlen(value->name));

		if (its_row == row || (its_row && its_row->shape == SIM_FOLLOWER))
			put_item(reply, value->name, value->text, value->len);
	}
}

static void
put_row(const struct sim_scope *at, const struct sim_row *row, struct sim_reply *reply)
{
	struct sim_text text;

	switch (row->shape) {
	case SIM_REPEATED:
		put_repeated(at, row, reply);
		return;
	case SIM_FOLLOWER:
		return;
	case SIM_SINGLE:
		break;
	}
	if (sim_value_get(at, row, &text))
		put_item(reply, row->name, text.bytes, text.len);
}

/* Whether the value is a user's variable: not one of the daemon's own. */
static bool
is_user(const struct sim_scope *at, const struct sim_value *value)
{
	return sim_row_find(at->class, at->sim->options.dialect, value->name,
		   strlen(value->name)) == NULL;
}

static void
put_users(const struct sim_scope *at, const bool *wanted, struct sim_reply *reply)
{
	const struct sim_values *values = sim_scope_values(at);

	for (size_t i = 0; i < values->n && i < USERS_MAX; i++) {
		const struct sim_value *value = &values->items[i];

		bool is_wanted = wanted ? wanted[i] : sim_kind(value->kind)->is_listed;

		if (is_wanted && is_user(at, value) && !value->is_absent)
			put_item(reply, value->name, value->text, value->len);
	}
}

static void
put_listed(const struct sim_scope *at, struct sim_reply *reply)
{
	const struct sim_table *table = sim_table(at->class);
	enum sim_dialect dialect = at->sim->options.dialect;
	bool is_own_order = dialect == SIM_NTPORG;
	size_t n = is_own_order ? table->n_listed : table->n_rows;

	for (size_t i = 0; i < n; i++) {
		const char *name = is_own_order ? table->listed[i] : table->rows[i].name;
		const struct sim_row *row = is_own_order
		    ? sim_row_find(at->class, dialect, name, strlen(name))
		    : &table->rows[i];

		if (row && row->access[dialect] == SIM_LIST)
			put_row(at, row, reply);
	}
	put_users(at, NULL, reply);
}

static bool
mark(const struct sim_scope *at, struct wanted *wanted, const char *name, size_t len)
{
	const struct sim_row *row =
	    sim_row_find(at->class, at->sim->options.dialect, name, len);
	const struct sim_values *values = sim_scope_values(at);

	wanted->any = true;
	if (row) {
		wanted->rows[row - sim_table(at->class)->rows] = true;
		return true;
	}
	for (size_t i = 0; i < values->n && i < USERS_MAX; i++) {
		if (is_same_name(values->items[i].name, name, len)) {
			wanted->users[i] = true;
			return true;
		}
	}
	return false;
}

/* Reads "name,name=value, name". False for an unknown name. */
static bool
read_names(const struct sim_scope *at, const char *text, size_t len,
    struct wanted *wanted)
{
	const char *end = text + len;

	for (;;) {
		const char *name_end, *item_end;

		while (text < end && (isspace((unsigned char)*text) || *text == ','))
			text++;
		if (text == end)
			return true;
		item_end = memchr(text, ',', (size_t)(end - text));
		if (!item_end)
			item_end = end;
		name_end = memchr(text, '=', (size_t)(item_end - text));
		if (name_end && item_end - name_end - 1 >= IGNORED_VALUE_LEN)
			return true;
		if (!name_end)
			name_end = item_end;
		if (!mark(at, wanted, text, (size_t)(name_end - text)))
			return false;
		text = item_end;
	}
}

int
sim_vars_answer(const struct sim_scope *at, const char *request, size_t len,
    struct sim_reply *reply)
{
	const struct sim_table *table = sim_table(at->class);
	struct wanted wanted = { .any = false };

	if (!read_names(at, request, len, &wanted))
		return ERR_NOTFOUND;
	if (!wanted.any) {
		put_listed(at, reply);
		return 0;
	}
	for (size_t i = 0; i < table->n_rows; i++) {
		if (wanted.rows[i])
			put_row(at, &table->rows[i], reply);
	}
	put_users(at, wanted.users, reply);
	return 0;
}

void
sim_vars_put_through(const struct sim_scope *at, const char *last,
    struct sim_reply *reply)
{
	const struct sim_table *table = sim_table(at->class);
	bool is_over = false;

	for (size_t i = 0; i < table->n_rows && !is_over; i++) {
		const struct sim_row *row = &table->rows[i];

		if (row->access[at->sim->options.dialect] == SIM_NO)
			continue;
		put_row(at, row, reply);
		is_over = last && strcmp(row->name, last) == 0;
	}
}

void
sim_vars_answer_garbled(const struct sim_scope *at, struct sim_reply *reply)
{
	const struct sim_table *system = sim_table(SIM_SYSTEM),
			       *own = sim_table(at->class);
	enum sim_dialect dialect = at->sim->options.dialect;

	/* The choice is made in the system's table and applied to the association's. */
	for (size_t i = 0; i < own->n_rows && i < system->n_rows; i++) {
		if (system->rows[i].access[dialect] == SIM_LIST &&
		    own->rows[i].access[dialect] != SIM_NO)
			put_row(at, &own->rows[i], reply);
	}
}
