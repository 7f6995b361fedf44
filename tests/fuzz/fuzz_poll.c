/* SPDX-License-Identifier: BSD-2-Clause */
/* A poller and its client, and a daemon whose answers come from the input: each may be
 * left as it is, replaced, torn, doubled, refused or kept back. Whatever it says, the
 * picture can be walked, and once it behaves again there is a good one. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "client/poller.h"
#include "fuzz/walk.h"
#include "support/fake_daemon.h"

enum { TURNS_MAX = 15, GOOD_CYCLES = 8 };
#define INTERVAL_NS (15 * NS_PER_S)

struct poll {
	struct fake_daemon d;
	struct fuzz_input in;
	struct poller *poller;
	struct snapshot *last;
	bool is_good;
};

static void
send_raw(struct poll *p, const struct m6_packet *request)
{
	size_t len;
	uint8_t *bytes = fuzz_chunk(&p->in, &len);

	if (len > M6_DATAGRAM_MAX)
		len = M6_DATAGRAM_MAX;
	if (len >= 4) {
		bytes[2] = (uint8_t)(request->head.sequence >> 8);
		bytes[3] = (uint8_t)request->head.sequence;
	}
	fake_send_bytes(&p->d, bytes, len, NS_PER_MS);
	free(bytes);
}

static void
send_fragment(struct poll *p, const struct m6_packet *request)
{
	struct m6_header head = request->head;
	uint8_t how = fuzz_u8(&p->in);
	size_t len;

	head.is_response = true;
	head.status = fuzz_u16(&p->in);
	head.has_more = (how & 1) != 0;
	head.is_error = (how & 6) == 6;
	head.offset = (how & 8) != 0 ? fuzz_u16(&p->in) : 0;
	uint8_t *data = fuzz_chunk(&p->in, &len);
	fake_send_fragment(&p->d, &head, data, len < M6_DATA_MAX ? len : M6_DATA_MAX,
	    NS_PER_MS * (how >> 4));
	free(data);
}

static void
send_payload(struct poll *p, const struct m6_packet *request)
{
	uint16_t status = fuzz_u16(&p->in);
	size_t len;
	uint8_t *data = fuzz_chunk(&p->in, &len);

	fake_send_answer(&p->d, request, status, data, len);
	free(data);
}

static bool
answer(struct fake_daemon *d, const struct m6_packet *request)
{
	struct poll *p = d->script;

	if (p->in.left == 0)
		return false;
	switch (fuzz_u8(&p->in) % 12) {
	case 0:
	case 1:
	case 2:
		send_payload(p, request);
		return true;
	case 3:
		send_fragment(p, request);
		return true;
	case 4:
		send_fragment(p, request);
		return false;
	case 5:
		send_raw(p, request);
		return false;
	case 6:
		fake_send_error(d, request, fuzz_u8(&p->in));
		return true;
	case 7:
		return true;
	case 8:
		fake_restart(d);
		return false;
	default:
		return false;
	}
}

static void
on_cycle(void *ctx, const struct poller_result *result)
{
	struct poll *p = ctx;

	p->is_good = result->snapshot && !result->is_quick;
	if (!result->snapshot) {
		FUZZ_REQUIRE(
		    result->state != TARGET_UNKNOWN && result->state != TARGET_UP);
		return;
	}
	snapshot_unref(p->last);
	p->last = result->snapshot;
	FUZZ_REQUIRE(p->last->state == TARGET_UP);
	for (size_t i = 1; i < p->last->n_peers; i++)
		FUZZ_REQUIRE(p->last->peers[i - 1].id < p->last->peers[i].id);
}

/* What is asked of the poller between. */
static void
disturb(struct poll *p)
{
	size_t len;
	uint8_t what = fuzz_u8(&p->in);
	uint8_t *name;

	switch (what % 8) {
	case 0:
		poller_hint(p->poller, fuzz_u8(&p->in));
		break;
	case 1:
		name = fuzz_take(&p->in, what >> 3, &len);
		poller_want(p->poller, (uint16_t)(100 + (what & 1)), (const char *)name,
		    len);
		free(name);
		break;
	case 2:
		poller_forget(p->poller);
		break;
	case 3:
		poller_hurry(p->poller);
		break;
	default:
		break;
	}
}

/* It behaves again: within some cycles all is as a new poller would see it. */
static void
recover(struct poll *p)
{
	p->is_good = false;
	for (int i = 0; i < GOOD_CYCLES && !p->is_good; i++)
		fake_run(&p->d, 2 * INTERVAL_NS);
	FUZZ_REQUIRE(p->is_good);
	FUZZ_REQUIRE(p->last->n_peers == p->d.n_assocs);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct poll poll;
	struct poll *p = &poll;

	memset(p, 0, sizeof(*p));
	p->in = (struct fuzz_input){ bytes, len };
	fake_init(&p->d);
	fake_set_assocs(&p->d, 3, 1);
	if (fuzz_u8(&p->in) % 2 != 0)
		p->d.version = "ntpd ntpsec-1.2.2";
	p->d.answer = answer;
	p->d.script = p;
	p->poller = poller_new(fake_client(&p->d), INTERVAL_NS, on_cycle, p);
	FUZZ_REQUIRE(p->poller != NULL);
	p->d.poller = p->poller;
	for (int i = 0; i < TURNS_MAX && p->in.left > 0; i++) {
		fake_run(&p->d, INTERVAL_NS / 3);
		disturb(p);
	}
	if (p->last && p->last->n_peers < 64)
		fuzz_walk(p->last, false);
	p->in.left = 0;
	recover(p);
	poller_free(p->poller);
	m6_client_free(p->d.client);
	fake_fini(&p->d);
	snapshot_unref(p->last);
	return 0;
}
