/* SPDX-License-Identifier: BSD-2-Clause */
/* What may be written to a daemon, and the records of what was. */
#include "client/writer.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "client/writer_impl.h"
#include "model/raw.h"

struct writer *
writer_new(struct m6_client *client, const struct writer_port *port)
{
	struct writer *w = mem_calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->client = client;
	w->port = *port;
	return w;
}

void
writer_free(struct writer *w)
{
	if (!w)
		return;
	while (w->ops)
		writer_op_lose(w->ops);
	mem_free(w->records);
	mem_free(w);
}

bool
writer_is_idle(const struct writer *w)
{
	for (const struct writer_op *op = w->ops; op; op = op->next)
		if (op->request != 0)
			return false;
	return true;
}

void
writer_allow(struct writer *w, enum target_write allowed, const struct m6_key *key)
{
	/* A request under way would go on using the key from before. */
	assert(writer_is_idle(w));
	w->allowed = allowed;
	w->key = key;
}

void
writer_forget(struct writer *w)
{
	w->has_no_writevar = false;
	w->family = NTP_FAMILY_UNKNOWN;
}

static struct writer_op *
next_to_abandon(const struct writer *w)
{
	struct writer_op *op = w->ops;

	while (op && op->is_abandoned)
		op = op->next;
	return op;
}

void
writer_abandon(struct writer *w)
{
	struct writer_op *op;

	/* From the start each time: the end of one may free others. */
	while ((op = next_to_abandon(w)) != NULL)
		writer_op_abandon(op);
}

void
writer_know_family(struct writer *w, enum ntp_family family)
{
	w->family = family;
}

/* --- what may be written ------------------------------------------------------------ */

enum ntp_write_result
writer_check(const struct writer *w, uint16_t assoc, const char *name, size_t name_len)
{
	bool is_command = name_len == 0 && assoc == 0;

	if (w->allowed == TARGET_WRITE_OFF ||
	    (is_command && w->allowed < TARGET_WRITE_CONFIGURE))
		return NTP_WRITE_NOT_ALLOWED;
	if (!w->key)
		return NTP_WRITE_NO_KEY;
	if (is_command)
		return NTP_WRITE_DONE;
	if (!ntp_write_carries_name(name, name_len))
		return NTP_WRITE_NOT_CARRIED;
	if (assoc != 0 || ntp_write_is_builtin(name, name_len))
		return NTP_WRITE_PERMISSION;
	return NTP_WRITE_DONE;
}

/* --- records ------------------------------------------------------------------------ */

/* By association, then as SNMP orders names: shorter ones first. */
static int
compare(const struct ntp_write_record *a, const struct ntp_write_record *b)
{
	if (a->assoc != b->assoc)
		return a->assoc < b->assoc ? -1 : 1;
	return ntp_raw_compare(a->name, a->name_len, b->name, b->name_len);
}

static void
remove_at(struct writer *w, size_t at)
{
	w->n_records--;
	memmove(&w->records[at], &w->records[at + 1],
	    (w->n_records - at) * sizeof(w->records[0]));
}

static void
remove_oldest(struct writer *w)
{
	size_t oldest = 0;

	for (size_t i = 1; i < w->n_records; i++)
		if (w->records[i].wall_ns < w->records[oldest].wall_ns)
			oldest = i;
	remove_at(w, oldest);
}

/* Room for one more, if need be that of the oldest. False when there is none at all. */
static bool
make_room(struct writer *w)
{
	size_t cap = w->cap_records ? 2 * w->cap_records : 4;
	struct ntp_write_record *records = NULL;

	if (w->n_records < w->cap_records)
		return true;
	if (cap <= WRITER_RECORDS_MAX)
		records = mem_resize(w->records, cap, sizeof(*records));
	if (records) {
		w->records = records;
		w->cap_records = cap;
		return true;
	}
	if (w->n_records == 0)
		return false;
	remove_oldest(w);
	return true;
}

/* Where the record stands, or would. */
static size_t
place_of(const struct writer *w, const struct ntp_write_record *record)
{
	size_t at = 0;

	while (at < w->n_records && compare(&w->records[at], record) < 0)
		at++;
	return at;
}

void
writer_record(struct writer *w, const struct ntp_write_record *record)
{
	size_t at = place_of(w, record);

	if (at < w->n_records && compare(&w->records[at], record) == 0)
		remove_at(w, at);
	if (!make_room(w))
		return;
	at = place_of(w, record);
	memmove(&w->records[at + 1], &w->records[at],
	    (w->n_records - at) * sizeof(w->records[0]));
	w->records[at] = *record;
	w->n_records++;
	w->port.recorded(w->port.ctx);
}

void
writer_note(struct writer *w, uint16_t assoc, const char *name, size_t name_len,
    enum ntp_write_result result, int64_t wall_ns)
{
	struct ntp_write_record record = {
		.assoc = assoc,
		.result = result,
		.wall_ns = wall_ns,
	};

	if (name_len > NTP_WRITE_NAME_MAX)
		return;
	record.name_len = (uint8_t)name_len;
	if (name_len > 0)
		memcpy(record.name, name, name_len);
	writer_record(w, &record);
}

const struct ntp_write_record *
writer_records(const struct writer *w, size_t *n_out)
{
	*n_out = w->n_records;
	return w->records;
}
