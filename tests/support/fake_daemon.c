/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers of the fake daemon, and its passing of time. */
#include "support/fake_daemon.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "mode6/auth.h"

/* NTPsec's "limited": the score halves and more in twenty seconds, one per request. */
#define LIMIT_DECAY_S 20.0
#define LIMIT_SCORE   20.0

void
fake_init(struct fake_daemon *d)
{
	memset(d, 0, sizeof(*d));
	d->now_ns = 1000 * NS_PER_S;
	d->wall_ns = 1700000000 * NS_PER_S;
	d->delay_ns = NS_PER_MS;
	d->started_ns = 0;
	d->status = 0x0615;
	d->version = "ntpd 4.2.8p15@1.3728-o";
	d->random = 88172645463325252u;
}

void
fake_fini(struct fake_daemon *d)
{
	while (d->queue) {
		struct fake_datagram *next = d->queue->next;

		free(d->queue);
		d->queue = next;
	}
}

void
fake_set_assocs(struct fake_daemon *d, size_t n, size_t n_clocks)
{
	d->n_assocs = n;
	for (size_t i = 0; i < n; i++)
		d->assocs[i] = (struct fake_assoc){
			.id = (uint16_t)(100 + i),
			.status = 0x9014,
			.reach = 3,
			.is_clock = i < n_clocks,
		};
}

void
fake_restart(struct fake_daemon *d)
{
	d->started_ns = d->now_ns;
	d->ss_received = 0;
}

uint32_t
fake_random(void *ctx)
{
	struct fake_daemon *d = ctx;

	d->random ^= d->random << 13;
	d->random ^= d->random >> 7;
	d->random ^= d->random << 17;
	return (uint32_t)(d->random >> 16);
}

static bool
is_lost(struct fake_daemon *d)
{
	return d->loss_percent > 0 && fake_random(d) % 100 < d->loss_percent;
}

/* --- sending ------------------------------------------------------------------------ */

void
fake_send_bytes(struct fake_daemon *d, const void *bytes, size_t len, int64_t delay_ns)
{
	struct fake_datagram **at = &d->queue;
	struct fake_datagram *g = calloc(1, sizeof(*g));

	if (!g || len > sizeof(g->bytes))
		abort();
	memcpy(g->bytes, bytes, len);
	g->len = len;
	g->at_ns = d->now_ns + delay_ns;
	while (*at && (*at)->at_ns <= g->at_ns)
		at = &(*at)->next;
	g->next = *at;
	*at = g;
}

void
fake_send_fragment(struct fake_daemon *d, const struct m6_header *head, const void *data,
    size_t len, int64_t delay_ns)
{
	uint8_t bytes[M6_DATAGRAM_MAX];
	size_t n = 0;

	if (m6_packet_encode(head, data, len, bytes, sizeof(bytes), &n) != 0)
		abort();
	fake_send_bytes(d, bytes, n, delay_ns);
}

static struct m6_header
reply_head(const struct m6_packet *request, uint16_t status)
{
	struct m6_header head = request->head;

	head.is_response = true;
	head.status = status;
	return head;
}

void
fake_send_answer(struct fake_daemon *d, const struct m6_packet *request, uint16_t status,
    const void *payload, size_t len)
{
	struct m6_header head = reply_head(request, status);
	size_t at = 0, index = 0;

	do {
		size_t n = len - at < M6_DATA_MAX ? len - at : M6_DATA_MAX;
		int64_t delay_ns = d->delay_ns;

		head.offset = (uint16_t)at;
		head.has_more = at + n < len;
		struct m6_header sent = head;
		if ((!d->edit || d->edit(d, &sent, index, &delay_ns)) && !is_lost(d))
			fake_send_fragment(d, &sent, (const uint8_t *)payload + at, n,
			    delay_ns);
		at += n;
		index++;
	} while (at < len);
}

void
fake_send_empty(struct fake_daemon *d, const struct m6_packet *request, uint16_t status,
    const struct m6_key *key)
{
	struct m6_header head = reply_head(request, status);
	uint8_t bytes[M6_DATAGRAM_MAX];
	size_t len = 0;

	if (m6_packet_encode(&head, "", 0, bytes, sizeof(bytes), &len) != 0 ||
	    (key && m6_mac_append(key, M6_MAC_ALIGN_8, bytes, sizeof(bytes), &len) != 0))
		abort();
	fake_send_bytes(d, bytes, len, 0);
}

void
fake_send_error(struct fake_daemon *d, const struct m6_packet *request, uint8_t code)
{
	struct m6_header head = reply_head(request, (uint16_t)(code << 8));

	head.is_error = true;
	head.offset = 1403; /* stale, as both families leave it */
	if (!is_lost(d))
		fake_send_fragment(d, &head, "", 0, d->delay_ns);
}

/* --- answering ---------------------------------------------------------------------- */

/* The i-th name of the list; false behind the last. */
static bool
name_at(const struct m6_packet *request, size_t i, char *out, size_t cap)
{
	const char *at = (const char *)request->data, *end = at + request->head.count;
	size_t n;

	for (; i > 0 && at < end; i--) {
		while (at < end && *at != ',')
			at++;
		at++;
	}
	for (n = 0; at + n < end && at[n] != ',' && n + 1 < cap; n++)
		out[n] = at[n];
	out[n] = 0;
	return n > 0;
}

bool
fake_asks_for(const struct m6_packet *request, const char *name)
{
	char text[M6_DATAGRAM_MAX];

	for (size_t i = 0; name_at(request, i, text, sizeof(text)); i++)
		if (strcmp(text, name) == 0)
			return true;
	return false;
}

static bool
refuses(struct fake_daemon *d, const struct m6_packet *request)
{
	for (size_t i = 0; i < d->n_unknown; i++)
		if (fake_asks_for(request, d->unknown[i]))
			return true;
	return false;
}

static uint64_t
seconds_up(const struct fake_daemon *d)
{
	return (uint64_t)((d->now_ns - d->started_ns) / NS_PER_S);
}

static void
system_value(struct fake_daemon *d, const char *name, char *out, size_t cap)
{
	if (strcmp(name, "version") == 0)
		snprintf(out, cap, "\"%s\"", d->version);
	else if (strcmp(name, "ss_uptime") == 0 || strcmp(name, "ss_reset") == 0 ||
	    strcmp(name, "iostats_reset") == 0)
		snprintf(out, cap, "%llu", (unsigned long long)seconds_up(d));
	else if (strcmp(name, "ss_received") == 0)
		snprintf(out, cap, "%llu", (unsigned long long)d->ss_received);
	else if (strcmp(name, "leapsec") == 0 || strcmp(name, "expire") == 0)
		snprintf(out, cap, "202707010000");
	else if (strcmp(name, "reftime") == 0 || strcmp(name, "clock") == 0)
		snprintf(out, cap, "0xeeab5fc6.2edeb9af");
	else if (strcmp(name, "refid") == 0)
		snprintf(out, cap, "10.0.0.1");
	else if (strcmp(name, "peeradr") == 0)
		snprintf(out, cap, "10.0.0.1:123");
	else if (strcmp(name, "cert") == 0)
		snprintf(out, cap, "\"subject issuer 0x1\", until=202707010000");
	else if (strcmp(name, "processor") == 0 || strcmp(name, "system") == 0 ||
	    strcmp(name, "release") == 0)
		snprintf(out, cap, "\"some %s\"", name);
	else
		snprintf(out, cap, "3");
}

static void
peer_value(const struct fake_assoc *a, const char *name, char *out, size_t cap)
{
	if (strcmp(name, "srcadr") == 0 && a->is_clock)
		snprintf(out, cap, "127.127.20.%u", a->id % 4u);
	else if (strcmp(name, "srcadr") == 0 && a->is_six)
		snprintf(out, cap, "2607:f248::45");
	else if (strcmp(name, "srcadr") == 0 || strcmp(name, "dstadr") == 0)
		snprintf(out, cap, "10.1.%u.%u", a->id / 250u, a->id % 250u + 1);
	else if (strncmp(name, "filt", 4) == 0)
		snprintf(out, cap, " 0.13 0.11 -0.11 0.13 0.16 0.12 0.13 16000.00");
	else if (strcmp(name, "reftime") == 0 || strcmp(name, "rec") == 0 ||
	    strcmp(name, "org") == 0 || strcmp(name, "xmt") == 0)
		snprintf(out, cap, "0xeeab5fc6.2edeb9af");
	else if (strcmp(name, "refid") == 0)
		snprintf(out, cap, "GPS");
	else if (strcmp(name, "reach") == 0)
		snprintf(out, cap, "%o", a->reach);
	else if (strcmp(name, "srchost") == 0)
		snprintf(out, cap, "\"ntp%u.example\"", a->id);
	else
		snprintf(out, cap, "%u", name[0] == 'l' ? 0u : 3u);
}

static void
clock_value(const char *name, char *out, size_t cap)
{
	static const char *const texts[] = { "name", "device", "timecode", "refid" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(name, texts[i]) == 0) {
			snprintf(out, cap, "\"clock %s\"", name);
			return;
		}
	snprintf(out, cap, "3");
}

static const struct fake_assoc *
find_assoc(const struct fake_daemon *d, uint16_t id)
{
	for (size_t i = 0; i < d->n_assocs; i++)
		if (d->assocs[i].id == id)
			return &d->assocs[i];
	return NULL;
}

static void
answer_names(struct fake_daemon *d, const struct m6_packet *request,
    const struct fake_assoc *a, uint16_t status)
{
	char text[16384] = "", name[M6_DATAGRAM_MAX], value[M6_DATAGRAM_MAX + 16];
	size_t len = 0;

	for (size_t i = 0; name_at(request, i, name, sizeof(name)); i++) {
		if (request->head.op == M6_OP_READCLOCK)
			clock_value(name, value, sizeof(value));
		else if (a)
			peer_value(a, name, value, sizeof(value));
		else
			system_value(d, name, value, sizeof(value));
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s=%s",
		    len > 0 ? ", " : "", name, value);
	}
	len += (size_t)snprintf(text + len, sizeof(text) - len, "\r\n");
	fake_send_answer(d, request, status, text, len);
}

static void
answer_stat(struct fake_daemon *d, const struct m6_packet *request)
{
	uint8_t list[4 * FAKE_ASSOCS_MAX + 1];

	for (size_t i = 0; i < d->n_assocs; i++) {
		/* Newest first, as daemons do. */
		const struct fake_assoc *a = &d->assocs[d->n_assocs - 1 - i];

		list[4 * i] = (uint8_t)(a->id >> 8);
		list[4 * i + 1] = (uint8_t)(a->id & 0xff);
		list[4 * i + 2] = (uint8_t)(a->status >> 8);
		list[4 * i + 3] = (uint8_t)(a->status & 0xff);
	}
	fake_send_answer(d, request, d->status, list, 4 * d->n_assocs);
}

static void
answer(struct fake_daemon *d, const struct m6_packet *request)
{
	const struct fake_assoc *a = find_assoc(d, request->head.assoc);
	bool needs_clock = request->head.op == M6_OP_READCLOCK;

	d->ss_received++;
	if (d->answer && d->answer(d, request))
		return;
	if (request->head.op == M6_OP_READSTAT) {
		answer_stat(d, request);
		return;
	}
	if (a && a->is_mute)
		return;
	if ((request->head.assoc != 0 && !a) || (a && a->is_gone) ||
	    (needs_clock && (!a || !a->is_clock))) {
		fake_send_error(d, request, M6_ERROR_BADASSOC);
	} else if (refuses(d, request)) {
		d->n_refused_names++;
		fake_send_error(d, request, M6_ERROR_UNKNOWNVAR);
	} else if (needs_clock) {
		answer_names(d, request, a, a->clock_status);
	} else {
		answer_names(d, request, a, a ? a->status : d->status);
	}
}

/* False when the request is over the limit; it counts all the same. */
static bool
is_within_limit(struct fake_daemon *d)
{
	double elapsed_s = (double)(d->now_ns - d->score_ns) / (double)NS_PER_S;

	d->score = d->score * exp(-elapsed_s / LIMIT_DECAY_S) + 1.0;
	d->score_ns = d->now_ns;
	return d->score <= LIMIT_SCORE;
}

static bool
is_key_try(const struct m6_packet *p)
{
	size_t n = 0;

	while (n < p->head.count && ((const char *)p->data)[n] == ' ')
		n++;
	return p->head.op == M6_OP_WRITEVAR && n == p->head.count;
}

int
fake_input(struct fake_daemon *d, const void *bytes, size_t len)
{
	if (len > sizeof(d->last_bytes) || m6_packet_decode(bytes, len, &d->last) != 0)
		abort();
	memcpy(d->last_bytes, bytes, len);
	d->last_len = len;
	if (d->last.head.count > 0)
		memcpy(d->last_data, d->last.data, d->last.head.count);
	d->last.data = d->last_data;
	d->n_requests++;
	d->n_by_op[d->last.head.op]++;
	d->n_key_tries += is_key_try(&d->last);
	if (d->is_refused)
		return ERR_REFUSED;
	if (d->is_silent || is_lost(d) || (d->is_limited && !is_within_limit(d)))
		return 0;
	answer(d, &d->last);
	return 0;
}

struct fake_datagram *
fake_output(struct fake_daemon *d)
{
	struct fake_datagram *g = d->queue;

	if (g)
		d->queue = g->next;
	return g;
}

static int
receive(void *ctx, const void *bytes, size_t len)
{
	return fake_input(ctx, bytes, len);
}

struct m6_client *
fake_client(struct fake_daemon *d)
{
	struct m6_port port = { .send = receive, .ctx = d };

	d->client = m6_client_new(M6_VERSION_DEFAULT, &port, fake_random, d);
	if (!d->client)
		abort();
	return d->client;
}

/* --- time --------------------------------------------------------------------------- */

static void
advance(struct fake_daemon *d, int64_t to_ns)
{
	if (to_ns <= d->now_ns)
		return;
	d->wall_ns += to_ns - d->now_ns;
	d->now_ns = to_ns;
}

static void
deliver(struct fake_daemon *d)
{
	while (d->client && d->queue && d->queue->at_ns <= d->now_ns) {
		struct fake_datagram *g = d->queue;

		d->queue = g->next;
		m6_client_input(d->client, g->bytes, g->len, d->now_ns);
		free(g);
	}
}

static int64_t
next_event(const struct fake_daemon *d)
{
	int64_t next_ns = d->client ? m6_client_deadline(d->client) : CLOCK_NEVER;

	if (d->queue && d->queue->at_ns < next_ns)
		next_ns = d->queue->at_ns;
	if (d->poller && poller_deadline(d->poller) < next_ns)
		next_ns = poller_deadline(d->poller);
	return next_ns;
}

bool
fake_run_until(struct fake_daemon *d, const bool *is_done, int64_t duration_ns)
{
	int64_t end_ns = d->now_ns + duration_ns;

	while (d->client && !*is_done) {
		int64_t next_ns = next_event(d);

		if (next_ns > end_ns)
			break;
		advance(d, next_ns);
		deliver(d);
		if (d->poller)
			poller_tick(d->poller, d->now_ns, d->wall_ns);
		if (d->client)
			m6_client_tick(d->client, d->now_ns);
	}
	if (*is_done)
		return true;
	advance(d, end_ns);
	return false;
}

void
fake_run(struct fake_daemon *d, int64_t duration_ns)
{
	const bool never = false;

	(void)fake_run_until(d, &never, duration_ns);
}
