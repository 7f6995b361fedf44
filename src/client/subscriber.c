/* SPDX-License-Identifier: BSD-2-Clause */
/* One subscription to a daemon's asynchronous messages. */
#include "client/subscriber.h"

#include "base/err.h"
#include "base/mem.h"
#include "mode6/packet.h"

/* When the reason lies not with the daemon, or it is gone. */
#define AGAIN_NS (60 * NS_PER_S)
enum { AHEAD_MAX = 0x7fff }; /* of two sequence numbers the later one is at most */

struct subscriber {
	struct m6_client *client;
	struct subscriber_port port;
	bool is_wanted;
	const struct m6_key *key;
	bool has_daemon; /* that answers */

	struct subscriber_state now;
	uint64_t request; /* 0: none under way */
	unsigned n_silent;
	int64_t due_ns;   /* to ask; CLOCK_NEVER: not before something happens */
	int64_t retry_ns; /* after the last refusal, in whatever way the time passes, */
	int64_t wait_ns;  /* and how long after the next one */

	bool has_sequence; /* since the daemon said yes last */
	uint16_t sequence; /* of the last message that was taken */
};

static void on_reply(void *ctx, uint64_t id, const struct m6_reply *reply);

struct subscriber *
subscriber_new(struct m6_client *client, const struct subscriber_port *port)
{
	struct subscriber *s = mem_calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->client = client;
	s->port = *port;
	s->now.state = TARGET_PUSH_OFF;
	s->due_ns = CLOCK_NEVER;
	s->wait_ns = SUBSCRIBER_RETRY_MIN_NS;
	return s;
}

void
subscriber_free(struct subscriber *s)
{
	if (!s)
		return;
	subscriber_leave(s);
	m6_client_on_async(s->client, NULL, NULL);
	mem_free(s);
}

static void
set_state(struct subscriber *s, enum target_push state, enum subscriber_reason reason)
{
	if (s->now.state == state && s->now.reason == reason)
		return;
	s->now.state = state;
	s->now.reason = reason;
	s->port.changed(s->port.ctx);
}

static void
drop_request(struct subscriber *s)
{
	if (s->request != 0)
		m6_client_cancel(s->client, s->request);
	s->request = 0;
}

/* --- messages ----------------------------------------------------------------------- */

/* Numbers begin at one and go up with each message, but we may have missed any number of
 * them, and a receiver the daemon had forgotten begins anew. Therefore the first message
 * after each yes may have any number: else one forged number would keep out all that
 * follow. That lets an old message pass now and then, which costs one question. */
static void
on_message(void *ctx, const struct m6_async *message)
{
	struct subscriber *s = ctx;
	uint16_t ahead = (uint16_t)(message->sequence - s->sequence);

	if (s->now.state != TARGET_PUSH_SUBSCRIBED) {
		s->now.n_ignored++;
		return;
	}
	if (s->has_sequence && ahead == 0 && !message->is_first)
		return; /* the rest of the message */
	if (s->has_sequence && (ahead == 0 || ahead > AHEAD_MAX)) {
		s->now.n_ignored++;
		return;
	}
	s->has_sequence = true;
	s->sequence = message->sequence;
	s->now.n_messages++;
	s->port.hinted(s->port.ctx, message->assoc);
}

/* --- asking ------------------------------------------------------------------------- */

/* Asks as soon as there is a daemon and a key. */
static void
ask_at(struct subscriber *s, int64_t at_ns)
{
	s->due_ns = s->is_wanted && s->key && s->has_daemon ? at_ns : CLOCK_NEVER;
}

static int64_t
wait_after(struct subscriber *s, enum subscriber_reason reason)
{
	int64_t wait_ns = s->wait_ns;

	if (reason == SUBSCRIBER_UNSUPPORTED)
		return SUBSCRIBER_UNSUPPORTED_NS;
	s->wait_ns *= 2;
	if (s->wait_ns > SUBSCRIBER_RETRY_MAX_NS)
		s->wait_ns = SUBSCRIBER_RETRY_MAX_NS;
	return wait_ns;
}

static void
refuse(struct subscriber *s, enum subscriber_reason reason, int64_t now_ns)
{
	s->n_silent = 0;
	s->retry_ns = now_ns + wait_after(s, reason);
	ask_at(s, s->retry_ns);
	set_state(s, TARGET_PUSH_REFUSED, reason);
}

static void
succeed(struct subscriber *s, int64_t now_ns)
{
	s->n_silent = 0;
	s->wait_ns = SUBSCRIBER_RETRY_MIN_NS;
	s->has_sequence = false;
	ask_at(s, now_ns + SUBSCRIBER_RENEW_NS);
	set_state(s, TARGET_PUSH_SUBSCRIBED, SUBSCRIBER_NO_REASON);
}

/* A datagram may get lost, and anybody may send what cannot be believed. */
static void
take_silence(struct subscriber *s, enum subscriber_reason reason, int64_t now_ns)
{
	if (++s->n_silent < SUBSCRIBER_TRIES)
		ask_at(s, now_ns);
	else
		refuse(s, reason, now_ns);
}

static void
take_error(struct subscriber *s, uint8_t code, enum m6_mac_verdict mac, int64_t now_ns)
{
	s->now.daemon_error = code;
	if (code == M6_ERROR_BADOP)
		refuse(s, SUBSCRIBER_UNSUPPORTED, now_ns);
	else if (code == M6_ERROR_PERMISSION)
		refuse(s,
		    mac == M6_MAC_VALID ? SUBSCRIBER_NOT_PERMITTED
					: SUBSCRIBER_KEY_REFUSED,
		    now_ns);
	else
		refuse(s, SUBSCRIBER_ERROR, now_ns);
}

/* A refusal comes as two datagrams, the error and an ordinary empty answer, the code in
 * the status word of both. The error ends the request, so that the other one is ignored;
 * but should it come first, or alone, it is no success for that. */
static void
on_reply(void *ctx, uint64_t id, const struct m6_reply *reply)
{
	struct subscriber *s = ctx;

	(void)id;
	s->request = 0;
	if (reply->err == 0 && reply->status == 0 && reply->len == 0)
		succeed(s, reply->now_ns);
	else if (reply->err == 0 || reply->err == ERR_DAEMON)
		take_error(s, (uint8_t)(reply->status >> 8), reply->mac, reply->now_ns);
	else if (reply->err == ERR_REFUSED || reply->err == ERR_NOMEM)
		ask_at(s, reply->now_ns + AGAIN_NS); /* the poller finds out more */
	else
		take_silence(s,
		    reply->err == ERR_TIMEOUT ? SUBSCRIBER_NO_REPLY : SUBSCRIBER_UNSIGNED,
		    reply->now_ns);
}

/* Sent once, and again from here: silence about this request says nothing of the way. The
 * code stands where daemons of ntp.org want it; NTPsec, which wants it elsewhere, answers
 * that it does not know the request before it looks for one. */
static void
ask(struct subscriber *s, int64_t now_ns)
{
	const struct m6_request request = {
		.op = M6_OP_SETTRAP,
		.key = s->key,
		.align = M6_MAC_ALIGN_8,
		.is_once = true,
	};

	s->due_ns = CLOCK_NEVER;
	if (m6_client_submit(s->client, &request, on_reply, s, &s->request) != 0)
		ask_at(s, now_ns + AGAIN_NS);
}

void
subscriber_tick(struct subscriber *s, int64_t now_ns)
{
	if (s->due_ns <= now_ns)
		ask(s, now_ns);
}

int64_t
subscriber_deadline(const struct subscriber *s)
{
	return s->due_ns;
}

/* --- what happens ------------------------------------------------------------------- */

/* As after the start: asks when it can. */
static void
begin(struct subscriber *s)
{
	drop_request(s);
	s->n_silent = 0;
	s->wait_ns = SUBSCRIBER_RETRY_MIN_NS;
	ask_at(s, INT64_MIN);
	if (!s->key)
		set_state(s, TARGET_PUSH_REFUSED, SUBSCRIBER_NO_KEY);
	else
		set_state(s, TARGET_PUSH_WAITING, SUBSCRIBER_NO_REASON);
}

static void
end(struct subscriber *s)
{
	bool has_daemon = s->has_daemon;

	subscriber_leave(s);
	s->has_daemon = has_daemon;
	m6_client_on_async(s->client, NULL, NULL);
	set_state(s, TARGET_PUSH_OFF, SUBSCRIBER_NO_REASON);
}

/* The daemon knows us by address and port, not by the key: a renewal with another one
 * changes nothing there when it is taken. What is under way goes on using the key from
 * before, so it must not go on. Whether the request is known at all is no question of
 * keys. */
void
subscriber_allow(struct subscriber *s, bool is_wanted, const struct m6_key *key)
{
	bool was_wanted = s->is_wanted;

	drop_request(s);
	if (was_wanted && !is_wanted)
		end(s);
	s->is_wanted = is_wanted;
	s->key = key;
	if (!is_wanted)
		return;
	if (!was_wanted)
		m6_client_on_async(s->client, on_message, s);
	if (s->key && s->now.state == TARGET_PUSH_SUBSCRIBED)
		ask_at(s, INT64_MIN);
	else if (!s->key || s->now.reason != SUBSCRIBER_UNSUPPORTED)
		begin(s);
	else
		ask_at(s, s->retry_ns);
}

void
subscriber_start(struct subscriber *s, int64_t now_ns)
{
	if (s->has_daemon)
		return;
	s->has_daemon = true;
	ask_at(s, s->now.state == TARGET_PUSH_REFUSED ? s->retry_ns : now_ns);
}

void
subscriber_renew(struct subscriber *s, int64_t now_ns)
{
	if (!s->is_wanted)
		return;
	begin(s);
	ask_at(s, now_ns);
}

static void
unsubscribe(struct subscriber *s)
{
	const struct m6_request request = {
		.op = M6_OP_UNSETTRAP,
		.key = s->key,
		.align = M6_MAC_ALIGN_8,
	};

	(void)m6_client_tell(s->client, &request);
}

void
subscriber_leave(struct subscriber *s)
{
	drop_request(s);
	if (s->now.state == TARGET_PUSH_SUBSCRIBED)
		unsubscribe(s);
	s->has_daemon = false;
	s->due_ns = CLOCK_NEVER;
	if (s->now.state == TARGET_PUSH_SUBSCRIBED)
		set_state(s, TARGET_PUSH_WAITING, SUBSCRIBER_NO_REASON);
}

void
subscriber_forget(struct subscriber *s)
{
	if (s->is_wanted)
		begin(s);
}

void
subscriber_state(const struct subscriber *s, struct subscriber_state *out)
{
	*out = s->now;
}
