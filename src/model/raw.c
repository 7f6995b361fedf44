/* SPDX-License-Identifier: BSD-2-Clause */
/* Names and texts, packed: a head, the places in the order of SNMP, then the octets. */
#include "model/raw.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

/* Where an item's name lies; its value follows. */
struct ntp_raw_slot {
	uint32_t offset;
	uint16_t value_len;
	uint8_t name_len;
	uint8_t row; /* + 1; 0 unknown */
};

_Static_assert((int)NTP_RAW_VALUE_MAX <= UINT16_MAX, "a length fits its slot");
_Static_assert((int)NTP_RAW_NAME_MAX <= UINT8_MAX, "a length fits its slot");

struct ntp_raw {
	unsigned refs;
	uint32_t n_slots;
	struct ntp_raw_slot slots[]; /* and behind them the octets */
};

/* Of a maker, with the beginning of the name as a number that sorts as the name does:
 * most names are told apart by it. */
struct ntp_raw_draft {
	uint64_t key;
	struct ntp_raw_slot slot;
};

/* Enough for what is read of an association. */
enum { FIRST_SLOTS = 64, FIRST_BYTES = 1024 };

struct ntp_raw *
ntp_raw_ref(struct ntp_raw *raw)
{
	if (raw)
		raw->refs++;
	return raw;
}

struct ntp_raw *
ntp_raw_unref(struct ntp_raw *raw)
{
	if (raw && --raw->refs == 0)
		mem_free(raw);
	return NULL;
}

int
ntp_raw_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
	if (a_len != b_len)
		return a_len < b_len ? -1 : 1;
	return a_len > 0 ? memcmp(a, b, a_len) : 0;
}

/* --- reading ------------------------------------------------------------------------ */

static const char *
bytes_of(const struct ntp_raw *raw)
{
	return (const char *)&raw->slots[raw->n_slots];
}

size_t
ntp_raw_count(const struct ntp_raw *raw)
{
	return raw ? raw->n_slots : 0;
}

struct ntp_raw_item
ntp_raw_at(const struct ntp_raw *raw, size_t i)
{
	const struct ntp_raw_slot *slot = &raw->slots[i];
	const char *name = bytes_of(raw) + slot->offset;

	return (struct ntp_raw_item){
		.name = name,
		.name_len = slot->name_len,
		.value = name + slot->name_len,
		.value_len = slot->value_len,
		.row = slot->row - 1,
	};
}

size_t
ntp_raw_from(const struct ntp_raw *raw, const char *name, size_t name_len)
{
	size_t low = 0, high = ntp_raw_count(raw);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct ntp_raw_slot *slot = &raw->slots[middle];

		if (ntp_raw_compare(bytes_of(raw) + slot->offset, slot->name_len, name,
			name_len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
ntp_raw_find(const struct ntp_raw *raw, const char *name, size_t name_len,
    struct ntp_raw_item *out)
{
	size_t i = ntp_raw_from(raw, name, name_len);
	struct ntp_raw_item item;

	if (i == ntp_raw_count(raw))
		return false;
	item = ntp_raw_at(raw, i);
	if (ntp_raw_compare(item.name, item.name_len, name, name_len) != 0)
		return false;
	*out = item;
	return true;
}

/* --- making ------------------------------------------------------------------------- */

enum { KEY_CHARS = 7 };
_Static_assert(KEY_CHARS + 1 == sizeof(uint64_t),
    "a length and so many octets fit a key");

/* The length, then the octets. */
static uint64_t
key_of(const char *name, size_t name_len)
{
	size_t n = name_len < KEY_CHARS ? name_len : KEY_CHARS;
	uint64_t key = name_len;

	for (size_t i = 0; i < n; i++)
		key = key << 8 | (uint8_t)name[i];
	return key << 8 * (KEY_CHARS - n);
}

/* Is the name of the draft before one with the same key? */
static bool
is_before(const struct ntp_raw_maker *m, const struct ntp_raw_draft *draft,
    const char *name, size_t name_len)
{
	const char *own = m->bytes + draft->slot.offset;

	return name_len > KEY_CHARS &&
	    memcmp(own + KEY_CHARS, name + KEY_CHARS, name_len - KEY_CHARS) < 0;
}

/* The first draft whose name is not before `name`. */
static size_t
find_draft(const struct ntp_raw_maker *m, uint64_t key, const char *name, size_t name_len)
{
	size_t low = 0, high = m->n_slots;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct ntp_raw_draft *draft = &m->slots[middle];

		if (draft->key < key ||
		    (draft->key == key && is_before(m, draft, name, name_len)))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
has_room(const struct ntp_raw_maker *m, size_t len)
{
	return m->n_slots < m->cap_slots && m->cap_bytes - m->n_bytes >= len;
}

/* Room for one slot and `len` octets more; what there is stays when there is none. */
static bool
grow(struct ntp_raw_maker *m, size_t len)
{
	size_t slots = m->cap_slots ? m->cap_slots : FIRST_SLOTS;
	size_t bytes = m->cap_bytes ? m->cap_bytes : FIRST_BYTES;
	void *room;

	if (has_room(m, len))
		return true;
	while (slots <= m->n_slots)
		slots *= 2;
	while (bytes - m->n_bytes < len)
		bytes *= 2;
	if (slots != m->cap_slots) {
		room = mem_resize(m->slots, slots, sizeof(*m->slots));
		if (!room)
			return false;
		m->slots = room;
		m->cap_slots = slots;
	}
	if (bytes != m->cap_bytes) {
		room = mem_resize(m->bytes, bytes, 1);
		if (!room)
			return false;
		m->bytes = room;
		m->cap_bytes = bytes;
	}
	return true;
}

static void
put(struct ntp_raw_maker *m, const void *bytes, size_t len)
{
	if (len > 0)
		memcpy(m->bytes + m->n_bytes, bytes, len);
	m->n_bytes += len;
}

static void
insert(struct ntp_raw_maker *m, size_t at, uint64_t key, const struct ntp_raw_item *item)
{
	if (at < m->n_slots)
		memmove(m->slots + at + 1, m->slots + at,
		    (m->n_slots - at) * sizeof(*m->slots));
	m->slots[at].key = key;
	m->slots[at].slot = (struct ntp_raw_slot){
		.offset = (uint32_t)m->n_bytes,
		.name_len = (uint8_t)item->name_len,
		.value_len = (uint16_t)item->value_len,
		.row = item->row >= 0 && item->row < UINT8_MAX ? (uint8_t)(item->row + 1)
							       : 0,
	};
	m->n_slots++;
	put(m, item->name, item->name_len);
	put(m, item->value, item->value_len);
}

static bool
is_there(const struct ntp_raw_maker *m, size_t at, uint64_t key, const char *name,
    size_t name_len)
{
	if (at >= m->n_slots || m->slots[at].key != key)
		return false;
	return memcmp(m->bytes + m->slots[at].slot.offset, name, name_len) == 0;
}

static void
add(struct ntp_raw_maker *maker, const struct ntp_raw_item *item)
{
	uint64_t key = key_of(item->name, item->name_len);
	size_t at;

	if (item->value_len > NTP_RAW_VALUE_MAX || maker->n_slots >= NTP_RAW_ITEMS_MAX)
		return;
	at = find_draft(maker, key, item->name, item->name_len);
	if (is_there(maker, at, key, item->name, item->name_len))
		return;
	if (grow(maker, item->name_len + item->value_len))
		insert(maker, at, key, item);
	else
		maker->is_nomem = true;
}

static void
add_behind(struct ntp_raw_maker *maker, const char *prefix,
    const struct ntp_raw_item *item)
{
	struct ntp_raw_item whole = *item;
	char name[NTP_RAW_NAME_MAX];
	struct buf b = buf_writer(name, sizeof(name));

	buf_put_text(&b, prefix);
	buf_put_bytes(&b, item->name, item->name_len);
	if (buf_failed(&b))
		return;
	whole.name = name;
	whole.name_len = buf_pos(&b);
	add(maker, &whole);
}

void
ntp_raw_add(struct ntp_raw_maker *maker, const char *prefix,
    const struct ntp_raw_item *item)
{
	if (item->name_len == 0 || item->name_len > NTP_RAW_NAME_MAX)
		return;
	if (prefix[0] == '\0')
		add(maker, item);
	else
		add_behind(maker, prefix, item);
}

static struct ntp_raw *
pack(const struct ntp_raw_maker *m)
{
	size_t slots_len = m->n_slots * sizeof(struct ntp_raw_slot);
	struct ntp_raw *raw =
	    m->is_nomem ? NULL : mem_calloc(1, sizeof(*raw) + slots_len + m->n_bytes);

	if (!raw)
		return NULL;
	raw->refs = 1;
	raw->n_slots = (uint32_t)m->n_slots;
	for (size_t i = 0; i < m->n_slots; i++)
		raw->slots[i] = m->slots[i].slot;
	if (m->n_bytes > 0)
		memcpy(&raw->slots[m->n_slots], m->bytes, m->n_bytes);
	return raw;
}

struct ntp_raw *
ntp_raw_make(struct ntp_raw_maker *maker)
{
	struct ntp_raw *raw = pack(maker);

	ntp_raw_maker_clear(maker);
	return raw;
}

void
ntp_raw_maker_clear(struct ntp_raw_maker *maker)
{
	mem_free(maker->bytes);
	mem_free(maker->slots);
	*maker = (struct ntp_raw_maker){ 0 };
}
