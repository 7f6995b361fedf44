/* SPDX-License-Identifier: BSD-2-Clause */
/* Which variables of a table a daemon knows. One unknown name makes it refuse the whole
 * list, so what is refused is asked again in halves, once, and the result remembered. */
#ifndef CLIENT_DIALECT_H
#define CLIENT_DIALECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/vars.h"

/* A set of rows. */
typedef struct ntp_seen dialect_set;

/* What is known of one daemon and one table. Names in neither set are believed known
 * until the daemon says otherwise. */
struct dialect {
	const struct ntp_var_table *table;
	unsigned kinds; /* what the daemon may be: names of others are not worth asking */
	dialect_set known;   /* the daemon has answered to them */
	dialect_set unknown; /* the daemon has refused them one by one */
};

void dialect_init(struct dialect *d, const struct ntp_var_table *table);
/* The daemon is another one, or was restarted: nothing is known of its names. */
void dialect_forget(struct dialect *d);

/* Is row `i` one that such a daemon may know? */
bool dialect_has(const struct dialect *d, size_t i);

/* All rows of a group, and those of them that are worth asking for. */
dialect_set dialect_group(const struct dialect *d, enum ntp_var_group group);
dialect_set dialect_wanted(const struct dialect *d, enum ntp_var_group group);
/* The groups of some rows, and the rows of several groups that are worth asking for: bit
 * i is group i. */
uint32_t dialect_groups_of(const struct dialect *d, const dialect_set *set);
dialect_set dialect_select(const struct dialect *d, uint32_t groups);
/* True when of every row in `set` it is known whether the daemon knows it. */
bool dialect_is_settled(const struct dialect *d, dialect_set set);

/* The way through the rows of one object: list after list, in halves where refused. A
 * group that is known as a whole or not at all ends with its first row. The fields are
 * private. At most one entry per halving of all rows waits on the stack. */
enum { DIALECT_STACK_MAX = 10 };
/* The rows of the search from `from` up to, not including, `to`. */
struct dialect_part {
	uint16_t from, to;
	bool is_guilty;   /* holds an unknown name for certain: not to be asked whole */
	bool has_sibling; /* the part below is the other half */
};
struct dialect_search {
	dialect_set set;
	uint16_t rest; /* the first row that was in no list yet */
	struct dialect_part stack[DIALECT_STACK_MAX];
	unsigned depth;
	struct dialect_part asked;
};

void dialect_search_start(struct dialect_search *s, dialect_set set);

/* A search takes no notice of names that become known or unknown by others, but for those
 * that were in no list yet.
 * The next list to ask for, as text for a request. 1 and *len_out, *set_out; 0 when all
 * is done; ERR_FULL when not even one name fits `cap`. Never an empty list: that would
 * ask for everything. */
int dialect_search_next(struct dialect_search *s, struct dialect *d, char *out,
    size_t cap, size_t *len_out, dialect_set *set_out);

/* What became of the list asked last: the daemon answered, refused it for an unknown
 * name, or failed otherwise, which says nothing about names. */
enum dialect_answer { DIALECT_ANSWERED, DIALECT_REFUSED, DIALECT_FAILED };
void dialect_search_answer(struct dialect_search *s, struct dialect *d,
    enum dialect_answer answer);

#endif
