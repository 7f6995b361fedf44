/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the daemon takes the key that a link may write with: found out and logged
 * before somebody's first SET fails for it. */
#include "base/err.h"
#include "client/link_impl.h"
#include "mode6/packet.h"

enum {
	KEY_TRIES_MAX = 3, /* one datagram each, which may be lost */
};

static void
explain(const struct link *l, const char *what, const char *check)
{
	log_line(l->log, LOG_LEVEL_WARNING,
	    "target %s: the daemon %s key %u, so writing will fail: check that %s",
	    l->label, what, l->target.control_key, check);
}

/* A daemon that does not take the key says so without a signature. Silence may have any
 * reason, and one that does not know the request (NTPsec since 1.2.3) says that before it
 * looks for a key. */
static void
on_reply(void *ctx, uint64_t id, const struct m6_reply *reply)
{
	static const char same[] =
	    "it has the same secret and type for it, and names it in "
	    "\"trustedkey\"";
	struct link *l = ctx;
	bool is_signed = reply->mac == M6_MAC_VALID;
	bool is_refusal = reply->err == ERR_DAEMON || reply->err == ERR_PROTOCOL;

	(void)id;
	l->key_request = 0;
	if (reply->err == 0 || is_refusal)
		l->key_tries = 0;
	if (l->is_dead || !is_refusal)
		return;
	if (reply->err == ERR_PROTOCOL)
		explain(l, "does not sign with", same);
	else if (reply->daemon_error != M6_ERROR_PERMISSION)
		return;
	else if (is_signed)
		explain(l, "takes, but not for writing,",
		    "it names it in \"controlkey\"");
	else
		explain(l, "does not take", same);
}

void
link_forget_key_try(struct link *l)
{
	if (l->key_request != 0)
		m6_client_cancel(l->client, l->key_request);
	l->key_request = 0;
	l->key_tries = KEY_TRIES_MAX;
}

void
link_keep_key(struct link *l, const struct m6_key *key)
{
	link_forget_key_try(l);
	l->write_key = l->target.write == TARGET_WRITE_OFF ? NULL : key;
}

/* It names no variable, so nothing is written. Blanks, so that all daemons look for the
 * code at the same place. */
void
link_try_key(struct link *l)
{
	static const char blanks[] = "        ";
	const struct m6_request request = {
		.op = M6_OP_WRITEVAR,
		.data = blanks,
		.len = m6_mac_filler(0),
		.key = l->write_key,
		.is_once = true,
	};

	if (l->key_tries == 0 || !l->write_key || l->key_request != 0)
		return;
	if (m6_client_submit(l->client, &request, on_reply, l, &l->key_request) == 0)
		l->key_tries--;
}
