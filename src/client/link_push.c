/* SPDX-License-Identifier: BSD-2-Clause */
/* A link and its daemon's messages: each is a hint for the poller. And what is said about
 * the subscription. */
#include "client/link_impl.h"

#include "base/text.h"
#include "mode6/packet.h"

enum { WHY_MAX = 160 };

/* What is wrong, and what may help. */
static void
explain(const struct link *l, const struct subscriber_state *push, char out[WHY_MAX])
{
	unsigned key = l->target.control_key;

	switch (push->reason) {
	case SUBSCRIBER_UNSUPPORTED:
		text_format(out, WHY_MAX,
		    "the daemon does not know this request (NTPsec does not)");
		break;
	case SUBSCRIBER_NO_KEY:
		text_format(out, WHY_MAX, "the keyfile has no key %u", key);
		break;
	case SUBSCRIBER_KEY_REFUSED:
		text_format(out, WHY_MAX,
		    "the daemon does not take key %u: check that it has the same secret,"
		    " and names it in \"trustedkey\" and \"controlkey\"",
		    key);
		break;
	case SUBSCRIBER_NOT_PERMITTED:
		text_format(out, WHY_MAX,
		    "the daemon knows key %u and refuses: check its \"controlkey\" and"
		    " \"restrict ... notrap\", or others took all its places",
		    key);
		break;
	case SUBSCRIBER_NO_REPLY:
		text_format(out, WHY_MAX,
		    "the daemon does not answer this request: check for a firewall");
		break;
	case SUBSCRIBER_UNSIGNED:
		text_format(out, WHY_MAX,
		    "the answers are not signed with key %u: check its secret", key);
		break;
	case SUBSCRIBER_ERROR:
		text_format(out, WHY_MAX, "the daemon answers: %s",
		    m6_error_text(push->daemon_error));
		break;
	case SUBSCRIBER_NO_REASON:
		out[0] = '\0';
		break;
	}
}

static void
log_push(const struct link *l, enum target_push before,
    const struct subscriber_state *push)
{
	char why[WHY_MAX];

	switch (push->state) {
	case TARGET_PUSH_SUBSCRIBED:
		log_line(l->log, LOG_LEVEL_INFO,
		    "target %s: push: the daemon tells us of events", l->label);
		break;
	case TARGET_PUSH_REFUSED:
		explain(l, push, why);
		log_line(l->log, LOG_LEVEL_WARNING, "target %s: push: %s: polling only",
		    l->label, why);
		break;
	case TARGET_PUSH_WAITING:
		if (before == TARGET_PUSH_SUBSCRIBED)
			log_line(l->log, LOG_LEVEL_INFO,
			    "target %s: push: the daemon has to be asked again",
			    l->label);
		break;
	case TARGET_PUSH_OFF:
		break;
	}
}

static void
on_push_changed(void *ctx)
{
	struct link *l = ctx;
	struct subscriber_state push;
	enum target_push before = l->push;

	if (l->is_dead)
		return;
	subscriber_state(l->subscriber, &push);
	l->push = push.state;
	log_push(l, before, &push);
	l->has_new_records = true;
	link_hurry(l);
}

/* How many there were is told with the next cycle: whoever forges them must not have us
 * make the rows of the target anew for each. */
static void
on_hint(void *ctx, uint16_t assoc)
{
	struct link *l = ctx;

	poller_hint(l->poller, assoc);
	link_hurry(l);
}

struct subscriber *
link_make_subscriber(struct link *l)
{
	struct subscriber_port port = { on_push_changed, on_hint, l };

	l->push = TARGET_PUSH_OFF;
	return subscriber_new(l->client, &port);
}

void
link_allow_push(struct link *l, const struct m6_key *key)
{
	subscriber_allow(l->subscriber, l->target.wants_push, key);
	link_hurry(l);
}
