/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines typed into ntp-query, and a daemon that answers them from the input: what is
 * printed is harmless text, or whole JSON. The conversation, the terminal and the files
 * are ours (see fuzz.mk): nothing leaves the program. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "client/keyfile.h"
#include "mode6/packet.h"
#include "probe/check_ask.h"
#include "probe/time_ask.h"
#include "query/command.h"
#include "query/query.h"
#include "query/terminal.h"

enum { LINES_MAX = 6, DEBUG_BIT = 4, RAW_BIT = 2, JSON_BIT = 1, WORDY_MAX = 480 };

/* What is left of the input: who answers has no other way to get at it. */
static struct fuzz_input answers;
/* The files are those of a session: the fuzzer opens its own. */
static bool is_running;

/* --- the conversation --------------------------------------------------------------- */

int __wrap_talk_open(const struct talk_options *options, const char *host, uint16_t port,
    struct talk **out, char reason[TALK_REASON_MAX]);
void __wrap_talk_close(struct talk *t);
void __wrap_talk_set_silence(struct talk *t, int64_t silence_ns);
void __wrap_talk_hold_interrupt(struct talk *t, bool is_on);
int __wrap_talk_wait(struct talk *t, int64_t until_ns);
void __wrap_talk_ask(struct talk *t, struct talk_ask *asks, size_t n);
const struct addr *__wrap_talk_address(const struct talk *t);
const struct addr *__wrap_talk_addresses(const struct talk *t, size_t *n_out);
int __wrap_talk_choose(struct talk *t, size_t at);
void __wrap_talk_stats(const struct talk *t, struct m6_client_stats *out);

static const struct addr talk_addr = { ADDR_IPV4, { 192, 0, 2, 1 }, 0, 123 };

int
__wrap_talk_open(const struct talk_options *options, const char *host, uint16_t port,
    struct talk **out, char reason[TALK_REASON_MAX])
{
	(void)options;
	(void)host;
	(void)port;
	(void)snprintf(reason, TALK_REASON_MAX, "it is not to be");
	if (answers.left > 0 && *answers.at == 0xff)
		return ERR_NOTFOUND;
	*out = malloc(1);
	return *out ? 0 : ERR_NOMEM;
}

void
__wrap_talk_close(struct talk *t)
{
	free(t);
}

void
__wrap_talk_set_silence(struct talk *t, int64_t silence_ns)
{
	(void)t;
	(void)silence_ns;
}

void
__wrap_talk_hold_interrupt(struct talk *t, bool is_on)
{
	(void)t;
	(void)is_on;
}

int
__wrap_talk_wait(struct talk *t, int64_t until_ns)
{
	(void)t;
	(void)until_ns;
	return answers.left > 0 ? 0 : ERR_CANCELLED;
}

static void
answer(struct talk_ask *ask)
{
	uint8_t kind = fuzz_u8(&answers);
	size_t len;

	*ask = (struct talk_ask){ .op = ask->op,
		.assoc = ask->assoc,
		.data = ask->data,
		.len = ask->len,
		.key = ask->key,
		.align = ask->align,
		.is_once = ask->is_once,
		.take = ask->take,
		.ctx = ask->ctx };
	FUZZ_REQUIRE(ask->len <= M6_REQUEST_MAX);
	ask->mac = ask->key ? (enum m6_mac_verdict)(kind >> 4 & 3) : M6_MAC_NONE;
	if (kind % 8 >= 6) {
		ask->err = kind % 8 == 6 ? ERR_DAEMON : ERR_TRUNCATED;
		ask->daemon_error = kind >> 5;
		return;
	}
	ask->status = fuzz_u16(&answers);
	uint8_t *payload = fuzz_chunk(&answers, &len);
	if (ask->take) {
		ask->take(ask, (const char *)payload, len);
		free(payload);
		return;
	}
	ask->payload = mem_strndup((const char *)payload, len);
	FUZZ_REQUIRE(ask->payload != NULL);
	ask->payload_len = len;
	free(payload);
}

void
__wrap_talk_ask(struct talk *t, struct talk_ask *asks, size_t n)
{
	(void)t;
	for (size_t i = 0; i < n; i++) {
		if (answers.left > 0)
			answer(&asks[i]);
		else
			asks[i].err = ERR_TIMEOUT;
	}
}

const struct addr *
__wrap_talk_address(const struct talk *t)
{
	(void)t;
	return &talk_addr;
}

const struct addr *
__wrap_talk_addresses(const struct talk *t, size_t *n_out)
{
	(void)t;
	*n_out = 1;
	return &talk_addr;
}

int
__wrap_talk_choose(struct talk *t, size_t at)
{
	(void)t;
	return at == 0 ? 0 : ERR_IO;
}

void
__wrap_talk_stats(const struct talk *t, struct m6_client_stats *out)
{
	(void)t;
	memset(out, 0, sizeof(*out));
}

/* --- the rest of the world ---------------------------------------------------------- */

FILE *__wrap_fopen(const char *path, const char *mode);
int __wrap_terminal_ask(const char *prompt, bool is_shown, char *out, size_t cap);
void __wrap_time_ask(const struct addr *addrs, size_t n,
    const struct time_ask_options *options, struct time_ask *out);
void __wrap_check_ask_agent(struct query *q, const struct check_options *options,
    struct check_facts *f);
int __wrap_keyfile_load(const char *path, uid_t own_uid, const struct logger *log,
    struct m6_keys **out);
FILE *__real_fopen(const char *path, const char *mode);

FILE *
__wrap_fopen(const char *path, const char *mode)
{
	static char lines[64];
	size_t len;

	if (!is_running)
		return __real_fopen(path, mode);
	if (mode[0] == 'w')
		return __real_fopen("/dev/null", mode);
	uint8_t *bytes = fuzz_take(&answers, sizeof(lines), &len);
	memcpy(lines, bytes, len);
	free(bytes);
	return len > 0 ? fmemopen(lines, len, "r") : NULL;
}

int
__wrap_terminal_ask(const char *prompt, bool is_shown, char *out, size_t cap)
{
	char *line = fuzz_line(&answers);
	size_t len = strlen(line);

	(void)prompt;
	(void)is_shown;
	if (len < cap)
		memcpy(out, line, len + 1);
	free(line);
	return len < cap ? 0 : ERR_TOOBIG;
}

void
__wrap_time_ask(const struct addr *addrs, size_t n,
    const struct time_ask_options *options, struct time_ask *out)
{
	uint8_t kind = fuzz_u8(&answers);

	(void)addrs;
	(void)n;
	(void)options;
	*out = (struct time_ask){ .err = kind % 4 == 0 ? ERR_TIMEOUT : 0,
		.round_trip_ns = kind * NS_PER_MS,
		.n_strange = kind % 3,
		.answer = { .leap = kind % 4, .stratum = kind >> 4 } };
}

void
__wrap_check_ask_agent(struct query *q, const struct check_options *options,
    struct check_facts *f)
{
	(void)q;
	(void)options;
	(void)f;
}

int
__wrap_keyfile_load(const char *path, uid_t own_uid, const struct logger *log,
    struct m6_keys **out)
{
	static const char text[] = "1 MD5 secret\n7 SHA1 another\n";

	(void)path;
	(void)own_uid;
	(void)log;
	return m6_keys_parse(text, sizeof(text) - 1, NULL, NULL, out);
}

/* --- a session ---------------------------------------------------------------------- */

/* The pieces that an editor of lines calls without running anything. */
static void
check_line(const char *line)
{
	char text[WORDY_MAX], problem[WORDY_MAX];
	struct value values[COMMAND_ARGS_MAX];
	bool is_index[COMMAND_ARGS_MAX];
	const struct command *c;
	const char *why = NULL;
	struct words *w = malloc(sizeof(*w));

	if (!w)
		abort();
	FUZZ_REQUIRE(
	    command_complete(line, strlen(line), text, sizeof(text)) < sizeof(text));
	if (words_split(line, w, &why) == 0 && w->n > 0 &&
	    command_find(w->items[0], &c, text, sizeof(text)) == 0) {
		(void)command_synopsis(c, text, sizeof(text));
		(void)command_arguments(c, line, w, values, is_index, problem,
		    sizeof(problem));
	}
	free(w);
}

static void
run(struct query *q, struct fuzz_input *in, uint8_t flags)
{
	char *lines[LINES_MAX];
	size_t n = 1 + ((size_t)flags >> 4) % LINES_MAX;

	for (size_t i = 0; i < n; i++)
		lines[i] = fuzz_line(in);
	answers = *in;
	for (size_t i = 0; i < n; i++) {
		check_line(lines[i]);
		if (!q->is_over)
			query_line(q, lines[i]);
		free(lines[i]);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct fuzz_input in = { bytes, len };
	uint8_t flags = fuzz_u8(&in);
	struct fuzz_text text, errors;
	struct query q;

	fuzz_text_open(&text);
	fuzz_text_open(&errors);
	query_init(&q, text.stream, errors.stream, (flags & JSON_BIT) != 0);
	q.is_raw = (flags & RAW_BIT) != 0;
	q.debug = (flags & DEBUG_BIT) != 0 ? 3 : 0;
	q.keys.path = "keys";
	FUZZ_REQUIRE(query_set_host(&q, "192.0.2.1") == 0);
	is_running = true;
	run(&q, &in, flags);
	is_running = false;
	bool is_json = q.out.is_json;
	query_free(&q);
	fuzz_text_close(&text);
	fuzz_text_close(&errors);
	FUZZ_REQUIRE(!is_json || fuzz_is_json(text.bytes, text.len));
	fuzz_text_free(&text);
	fuzz_text_free(&errors);
	return 0;
}
