/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of addresses. */
#include "query/names.h"

#include <string.h>

#include "base/mem.h"

enum { BUCKETS = 1024, LABEL_MAX = 63, NOBODY = -1 };

struct entry {
	struct addr address; /* without a port */
	char *name;          /* NULL: none */
	bool is_open;        /* nobody knows yet */
	uint32_t batch;      /* in which it was asked for */
	int32_t next;        /* of the same bucket */
};

struct names {
	struct names_port port;
	struct entry entries[NAMES_MAX];
	size_t n;
	int32_t buckets[BUCKETS];
	uint32_t life; /* how often all was forgotten: tickets of before are void */
	uint32_t batch;
	size_t n_waiting; /* of this batch */
};

static void
forget(struct names *n)
{
	for (size_t i = 0; i < n->n; i++)
		mem_free(n->entries[i].name);
	for (size_t i = 0; i < BUCKETS; i++)
		n->buckets[i] = NOBODY;
	n->n = 0;
	n->n_waiting = 0;
	n->life++;
}

struct names *
names_new(const struct names_port *port)
{
	struct names *n = mem_calloc(1, sizeof(*n));

	if (!n)
		return NULL;
	n->port = *port;
	forget(n);
	return n;
}

bool
names_free(struct names *n)
{
	bool is_idle;

	if (!n)
		return true;
	is_idle = n->port.close(n->port.ctx);
	forget(n);
	mem_free(n);
	return is_idle;
}

/* --- the cache ---------------------------------------------------------------------- */

static struct addr
without_port(const struct addr *a)
{
	struct addr bare = *a;

	bare.port = 0;
	return bare;
}

static size_t
bucket_of(const struct addr *a)
{
	size_t hash = a->scope;

	for (size_t i = 0; i < sizeof(a->bytes); i++)
		hash = hash * 31 + a->bytes[i];
	return hash % BUCKETS;
}

static const struct entry *
find(const struct names *n, const struct addr *bare)
{
	for (int32_t i = n->buckets[bucket_of(bare)]; i != NOBODY; i = n->entries[i].next)
		if (addr_equal(&n->entries[i].address, bare))
			return &n->entries[i];
	return NULL;
}

const char *
names_find(const struct names *n, const struct addr *a)
{
	struct addr bare = without_port(a);
	const struct entry *e = n ? find(n, &bare) : NULL;

	return e ? e->name : NULL;
}

/* --- looking up --------------------------------------------------------------------- */

static void
ask(struct names *n, const struct addr *bare)
{
	size_t bucket = bucket_of(bare), i = n->n;

	if (i == NAMES_MAX)
		return;
	n->entries[i] = (struct entry){ .address = *bare,
		.is_open = true,
		.batch = n->batch,
		.next = n->buckets[bucket] };
	n->buckets[bucket] = (int32_t)i;
	n->n++;
	n->n_waiting++;
	if (!n->port.start(n->port.ctx, n, bare, n->life * NAMES_MAX + (uint32_t)i))
		names_answer(n, n->life * NAMES_MAX + (uint32_t)i, NULL);
}

void
names_look_up(struct names *n, const struct addr *addrs, size_t count)
{
	size_t n_new = 0;

	n->batch++;
	n->n_waiting = 0;
	for (size_t i = 0; i < count; i++) {
		struct addr bare = without_port(&addrs[i]);

		n_new += find(n, &bare) == NULL;
	}
	if (n->n + n_new > NAMES_MAX)
		forget(n);
	for (size_t i = 0; i < count; i++) {
		struct addr bare = without_port(&addrs[i]);

		if (!find(n, &bare))
			ask(n, &bare);
	}
	/* What came late is taken in, too. */
	n->port.wait(n->port.ctx, n, n->n_waiting > 0 ? NAMES_BUDGET_NS : 0);
}

bool
names_is_waiting(const struct names *n)
{
	return n->n_waiting > 0;
}

void
names_answer(struct names *n, uint32_t ticket, const char *name)
{
	struct entry *e = &n->entries[ticket % NAMES_MAX];

	if (ticket / NAMES_MAX != n->life % (UINT32_MAX / NAMES_MAX + 1) ||
	    ticket % NAMES_MAX >= n->n || !e->is_open)
		return;
	e->is_open = false;
	if (e->batch == n->batch)
		n->n_waiting--;
	if (name && names_is_valid(name))
		e->name = mem_strdup(name);
}

/* --- what a name may be ------------------------------------------------------------- */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_label(const char *label, size_t len, bool *has_letter_out)
{
	*has_letter_out = false;
	if (len == 0 || len > LABEL_MAX || label[0] == '-' || label[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = label[i];

		*has_letter_out |= is_letter(c);
		if (!is_letter(c) && (c < '0' || c > '9') && c != '-' && c != '_')
			return false;
	}
	return true;
}

bool
names_is_valid(const char *name)
{
	bool has_letter = false;

	if (strlen(name) > NAMES_LEN_MAX)
		return false;
	while (*name != '\0') {
		size_t len = strcspn(name, ".");

		if (!is_label(name, len, &has_letter))
			return false;
		name += len;
		if (*name == '.')
			name++;
	}
	return has_letter;
}
