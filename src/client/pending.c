/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests from submission to callback, and lists of them. */
#include "client/pending.h"

#include <string.h>

#include "base/mem.h"

struct m6_pending *
m6_pending_new(uint64_t id, const struct m6_request *request, m6_reply_fn *fn, void *ctx)
{
	struct m6_pending *r = mem_calloc(1, sizeof(*r) + request->len);

	if (!r)
		return NULL;
	r->id = id;
	r->fn = fn;
	r->ctx = ctx;
	r->key = request->key;
	r->align = request->align ? request->align : M6_MAC_ALIGN_8;
	r->is_once = request->is_once;
	r->is_urgent = request->is_urgent;
	r->give_up_ns = request->give_up_ns ? request->give_up_ns : CLOCK_NEVER;
	r->op = request->op;
	r->assoc = request->assoc;
	r->len = request->len;
	if (r->len > 0)
		memcpy(r->data, request->data, r->len);
	return r;
}

void
m6_pending_list_append(struct m6_pending_list *list, struct m6_pending *r)
{
	r->next = NULL;
	if (list->tail)
		list->tail->next = r;
	else
		list->head = r;
	list->tail = r;
	list->n++;
}

void
m6_pending_list_insert(struct m6_pending_list *list, struct m6_pending *r)
{
	struct m6_pending **at = &list->head;

	if (!list->tail || list->tail->id < r->id) {
		m6_pending_list_append(list, r);
		return;
	}
	while ((*at)->id < r->id)
		at = &(*at)->next;
	r->next = *at;
	*at = r;
	list->n++;
}

struct m6_pending *
m6_pending_list_pop(struct m6_pending_list *list)
{
	struct m6_pending *r = list->head;

	if (!r)
		return NULL;
	list->head = r->next;
	if (!list->head)
		list->tail = NULL;
	list->n--;
	return r;
}

struct m6_pending *
m6_pending_list_remove(struct m6_pending_list *list, uint64_t id)
{
	struct m6_pending *before = NULL;

	for (struct m6_pending *r = list->head; r; before = r, r = r->next) {
		if (r->id != id)
			continue;
		if (!before)
			return m6_pending_list_pop(list);
		before->next = r->next;
		if (list->tail == r)
			list->tail = before;
		list->n--;
		return r;
	}
	return NULL;
}

int64_t
m6_pending_list_overdue(struct m6_pending_list *list, int64_t now_ns,
    struct m6_pending_list *out)
{
	struct m6_pending_list others = { 0 };
	int64_t next_ns = CLOCK_NEVER;
	struct m6_pending *r;

	while ((r = m6_pending_list_pop(list)) != NULL) {
		if (r->give_up_ns <= now_ns) {
			m6_pending_list_append(out, r);
			continue;
		}
		if (r->give_up_ns < next_ns)
			next_ns = r->give_up_ns;
		m6_pending_list_append(&others, r);
	}
	*list = others;
	return next_ns;
}

void
m6_pending_free(struct m6_pending *r)
{
	if (!r)
		return;
	m6_reassembly_free(r->parts);
	/* What is written may be a secret: a password, a key's file. */
	if (r->key)
		m6_cleanse(r->data, r->len);
	mem_free(r);
}

void
m6_pending_list_free(struct m6_pending_list *list)
{
	struct m6_pending *r;

	while ((r = m6_pending_list_pop(list)) != NULL)
		m6_pending_free(r);
}
