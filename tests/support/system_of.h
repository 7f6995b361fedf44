/* SPDX-License-Identifier: BSD-2-Clause */
/* The system of a picture that a test makes, to be written to. */
#ifndef SUPPORT_SYSTEM_OF_H
#define SUPPORT_SYSTEM_OF_H

#include "base/mem.h"
#include "model/snapshot.h"

static inline struct ntp_system *
system_of(struct snapshot *s)
{
	if (!s->own_system)
		snapshot_give_system(s, mem_calloc(1, sizeof(*s->own_system)));
	return s->own_system;
}

#endif
