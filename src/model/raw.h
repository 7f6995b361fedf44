/* SPDX-License-Identifier: BSD-2-Clause */
/* The variables of one object as the daemon sent them: name and text. Immutable and
 * reference-counted, one allocation. */
#ifndef MODEL_RAW_H
#define MODEL_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Variables of a reference clock stand among those of its association, under their own
 * name behind this. */
#define NTP_RAW_CLOCK_PREFIX "clock."

enum {
	NTP_RAW_NAME_MAX = 64, /* with the prefix; what the MIB can name */
	NTP_RAW_VALUE_MAX = 3072,
	NTP_RAW_ITEMS_MAX = 1024,
};

struct ntp_raw;

struct ntp_raw_item {
	const char *name, *value; /* borrowed, not terminated */
	size_t name_len, value_len;
	int row; /* of its table, as its maker knew it; -1 unknown */
};

struct ntp_raw *ntp_raw_ref(struct ntp_raw *raw);   /* NULL allowed */
struct ntp_raw *ntp_raw_unref(struct ntp_raw *raw); /* NULL allowed; returns NULL */

size_t ntp_raw_count(const struct ntp_raw *raw); /* 0 for NULL */
/* Item `i`, in the order of SNMP: shorter names first, equally long ones by octets. */
struct ntp_raw_item ntp_raw_at(const struct ntp_raw *raw, size_t i);
/* The first item whose name is not before `name`, or count. */
size_t ntp_raw_from(const struct ntp_raw *raw, const char *name, size_t name_len);
bool ntp_raw_find(const struct ntp_raw *raw, const char *name, size_t name_len,
    struct ntp_raw_item *out);
/* <0, 0, >0 in that order. */
int ntp_raw_compare(const char *a, size_t a_len, const char *b, size_t b_len);

/* In the making. Zeroed: empty. */
struct ntp_raw_maker {
	char *bytes;
	size_t n_bytes, cap_bytes;
	struct ntp_raw_draft *slots;
	size_t n_slots, cap_slots;
	bool is_nomem;
};
/* Takes an item, copied; one whose name is there already, is empty or too long, or over a
 * limit, is left out. The prefix is put before the name; "" for none. Rows from 255 on
 * are not remembered. */
void ntp_raw_add(struct ntp_raw_maker *maker, const char *prefix,
    const struct ntp_raw_item *item);
/* Sorts and packs; the maker is empty again. NULL when memory was out. */
struct ntp_raw *ntp_raw_make(struct ntp_raw_maker *maker);
void ntp_raw_maker_clear(struct ntp_raw_maker *maker);

#endif
