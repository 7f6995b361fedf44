/* SPDX-License-Identifier: BSD-2-Clause */
/* Serves a module of rows through Net-SNMP: one registration per module and context. */
#ifndef SNMP_HANDLER_H
#define SNMP_HANDLER_H

#include <stdint.h>

#include "base/log.h"
#include "snmp/engine.h"
#include "snmp/session.h"

/* Where the handler finds the data of its registration. */
struct view_port {
	/* Fills *out with the current moment; the handler takes its own references to
	 * what it keeps. The agent pointer stays valid as long as the registration. */
	void (*view)(void *ctx, struct mib_view *out);
	void *ctx;
	/* After a SET that succeeded as a whole, from inside the request. May be NULL. */
	void (*changed)(void *ctx);
	/* A GET found no instance of that name. May be NULL. */
	void (*missed)(void *ctx, const mib_subid *name, size_t name_len);
	/* For modules with objects that daemons set: who does it, and the session whose
	 * requests wait for it. Otherwise NULL. */
	const struct write_port *writes;
	struct session *session;
};

struct mib_handler;

/* Registers `module` in `context` ("" or NULL: the default one) with the running agent.
 * Not from inside a request. All varbinds of one SNMP request, also the repetitions of a
 * GETBULK that the master splits, are answered from one snapshot: the first one its
 * transaction saw. A SET of several variables happens as a whole or not at all. NULL when
 * memory is out or the library refuses (a duplicate), which was logged. */
struct mib_handler *mib_handler_register(const struct mib_module *module,
    const char *context, const struct view_port *port, const struct logger *log);

/* Has the master list `module` in its sysORTable (RFC 3418), described so; once, before
 * the session starts. */
void mib_handler_announce(const struct mib_module *module, const char *description);

/* Lets go of snapshots that were kept for transactions long over. Requests do so by the
 * way; to be called now and then for a handler that nobody asks. */
void mib_handler_expire(struct mib_handler *h, int64_t now_ns);

/* A SET is between its phases: the library holds on to the registration, which has to
 * stay until the SET ends or its master does. NULL allowed. */
bool mib_handler_is_setting(const struct mib_handler *h);

/* Unregisters and frees; not from inside a request, nor while mib_handler_is_setting().
 * NULL allowed. */
void mib_handler_unregister(struct mib_handler *h);

/* Two steps for all registrations to end with the session, by one message instead of one
 * each: mib_handler_detach() before the session is freed, since the library would free
 * what its callbacks still point to (a SET that was answered has happened then), and
 * mib_handler_discard() after, when no request can come any more. NULL allowed. */
void mib_handler_detach(struct mib_handler *h);
void mib_handler_discard(struct mib_handler *h);

#endif
