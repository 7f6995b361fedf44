/* SPDX-License-Identifier: BSD-2-Clause */
/* relay PORT SEED FILE: stands between a client and a daemon on UDP port PORT of
 * 127.0.0.1, and treats their datagrams as badly as the words of FILE say, read anew for
 * each: "loss=30 delay=2000". Prints "listening PORT" first, and at its end how often it
 * did what. What happens follows from SEED and the order of datagrams.
 *
 *	loss, duplicate, reorder  percent of the datagrams, both ways
 *	corrupt   percent: octets of the header that tell whose answer it is are changed
 *	scramble  percent: any octets of an answer are changed
 *	delay     milliseconds that a datagram waits at most
 *	forge     percent of the requests that are answered with lies first
 *
 * Of two lies one is from another address, with all numbers right, and one from the
 * daemon's own, with a sequence number that was guessed. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/scan.h"

enum {
	DATAGRAM_MAX = 2048,
	WAITING_MAX = 4096,
	PERCENT = 100,
	REORDER_MS = 30,
	HEADER_LEN = 12, /* of a control message (RFC 1305, appendix B) */
	OP_AT = 1,
	SEQUENCE_AT = 2,
	ASSOC_AT = 6,
	OFFSET_AT = 8,
	OP_MASK = 0x1F,
	RESPONSE_BIT = 0x80
};

enum word { LOSS, DUPLICATE, REORDER, CORRUPT, SCRAMBLE, DELAY, FORGE, N_WORDS };
static const char *const words[N_WORDS] = { "loss", "duplicate", "reorder", "corrupt",
	"scramble", "delay", "forge" };

struct datagram {
	bool is_used, is_answer;
	int64_t due_ns;
	size_t len;
	uint8_t bytes[DATAGRAM_MAX];
};

static struct {
	const char *file;
	uint64_t random;
	int client_fd, daemon_fd, other_fd;
	struct sockaddr_in client;
	int64_t set[N_WORDS];
	unsigned long done[N_WORDS], passed;
	struct datagram waiting[WAITING_MAX];
} relay;

static volatile sig_atomic_t reports, ends;

static void
on_signal(int signal_number)
{
	if (signal_number == SIGUSR1)
		reports = 1;
	else
		ends = 1;
}

/* xorshift64*: the same on every machine. */
static uint32_t
random_below(uint32_t limit)
{
	relay.random ^= relay.random >> 12;
	relay.random ^= relay.random << 25;
	relay.random ^= relay.random >> 27;
	return (uint32_t)((relay.random * UINT64_C(2685821657736338717)) >> 32) % limit;
}

static bool
happens(enum word word)
{
	bool does = (int64_t)random_below(PERCENT) < relay.set[word];

	relay.done[word] += does;
	return does;
}

static void
take_word(const char *text)
{
	for (size_t i = 0; i < N_WORDS; i++) {
		size_t len = strlen(words[i]);

		if (strncmp(text, words[i], len) == 0 && text[len] == '=')
			scan_i64(text + len + 1, strlen(text + len + 1), &relay.set[i]);
	}
}

static void
refresh(void)
{
	char text[256] = "";
	FILE *file = fopen(relay.file, "re");

	memset(relay.set, 0, sizeof(relay.set));
	if (file == NULL)
		return;
	if (fgets(text, sizeof(text), file) != NULL)
		for (char *word = strtok(text, " \n"); word != NULL;
		     word = strtok(NULL, " \n"))
			take_word(word);
	fclose(file);
}

static void
deliver(const struct datagram *d)
{
	if (d->is_answer)
		(void)sendto(relay.client_fd, d->bytes, d->len, 0,
		    (const struct sockaddr *)&relay.client, sizeof(relay.client));
	else
		(void)send(relay.daemon_fd, d->bytes, d->len, 0);
}

static int64_t
wait_ns(void)
{
	int64_t wait_ms = 0;

	if (relay.set[DELAY] > 0) {
		wait_ms += random_below((uint32_t)relay.set[DELAY] + 1);
		relay.done[DELAY]++;
	}
	if (happens(REORDER))
		wait_ms += random_below(REORDER_MS) + 1;
	return wait_ms * NS_PER_MS;
}

static void
pass(const struct datagram *d)
{
	relay.passed++;
	for (size_t i = 0; i < WAITING_MAX; i++) {
		struct datagram *free_place = &relay.waiting[i];

		if (free_place->is_used)
			continue;
		*free_place = *d;
		free_place->is_used = true;
		free_place->due_ns = clock_monotonic_ns() + wait_ns();
		return;
	}
}

/* What tells whose answer to what this is: the version and mode, response bit and
 * operation, sequence number, association and offset. Nobody can see that from the other
 * fields of an unsigned answer: its error and more bits, status, count and data. */
static void
corrupt(struct datagram *d)
{
	static const struct {
		size_t at;
		uint32_t bits;
	} fields[] = { { 0, 8 }, { OP_AT, 5 }, { SEQUENCE_AT, 8 }, { SEQUENCE_AT + 1, 8 },
		{ ASSOC_AT, 8 }, { ASSOC_AT + 1, 8 }, { OFFSET_AT, 8 } };
	size_t i = random_below(sizeof(fields) / sizeof(fields[0]));

	if (d->len >= HEADER_LEN)
		d->bytes[fields[i].at] ^= (uint8_t)(1U << random_below(fields[i].bits));
}

static void
scramble(struct datagram *d)
{
	uint32_t n = random_below(8) + 1;

	while (n-- > 0)
		d->bytes[random_below((uint32_t)d->len)] ^=
		    (uint8_t)(random_below(255) + 1);
}

static void
treat(struct datagram *d)
{
	if (happens(LOSS))
		return;
	if (happens(DUPLICATE))
		pass(d);
	if (happens(CORRUPT))
		corrupt(d);
	if (d->is_answer && happens(SCRAMBLE))
		scramble(d);
	pass(d);
}

/* A whole answer to a request, in which nothing is true. */
static size_t
lie(const struct datagram *request, bool is_guessed, uint8_t *out)
{
	static const char text[] =
	    "stratum=13, refid=LIES, precision=-1, rootdelay=666.6, "
	    "leap=3, srcadr=6.6.6.6, reach=0, hmode=6";
	struct buf b = buf_writer(out, DATAGRAM_MAX);

	buf_put_bytes(&b, request->bytes, HEADER_LEN);
	out[OP_AT] = (uint8_t)((out[OP_AT] & OP_MASK) | RESPONSE_BIT);
	if (is_guessed)
		out[SEQUENCE_AT] ^= (uint8_t)(random_below(255) + 1);
	out[OFFSET_AT] = out[OFFSET_AT + 1] = 0;
	out[OFFSET_AT + 2] = 0;
	out[OFFSET_AT + 3] = sizeof(text) - 1;
	buf_put_text(&b, text);
	buf_put_padding(&b, 4);
	return buf_pos(&b);
}

static void
forge(const struct datagram *request)
{
	uint8_t bytes[DATAGRAM_MAX];
	const struct sockaddr *client = (const struct sockaddr *)&relay.client;
	size_t len;

	if (request->len < HEADER_LEN || !happens(FORGE))
		return;
	len = lie(request, false, bytes);
	(void)sendto(relay.other_fd, bytes, len, 0, client, sizeof(relay.client));
	len = lie(request, true, bytes);
	(void)sendto(relay.client_fd, bytes, len, 0, client, sizeof(relay.client));
}

static void
take(int fd, bool is_answer)
{
	struct datagram d = { .is_answer = is_answer };
	socklen_t size = sizeof(relay.client);
	ssize_t n = is_answer ? recv(fd, d.bytes, sizeof(d.bytes), 0)
			      : recvfrom(fd, d.bytes, sizeof(d.bytes), 0,
				    (struct sockaddr *)&relay.client, &size);

	if (n <= 0)
		return;
	d.len = (size_t)n;
	refresh();
	if (!is_answer)
		forge(&d);
	treat(&d);
}

/* Delivers what is due; milliseconds until there is more, -1 for nothing. */
static int
deliver_due(void)
{
	int64_t now_ns = clock_monotonic_ns(), next_ns = CLOCK_NEVER;

	for (size_t i = 0; i < WAITING_MAX; i++) {
		struct datagram *d = &relay.waiting[i];

		if (!d->is_used)
			continue;
		if (d->due_ns <= now_ns) {
			deliver(d);
			d->is_used = false;
		} else if (d->due_ns < next_ns) {
			next_ns = d->due_ns;
		}
	}
	return next_ns == CLOCK_NEVER ? -1 : (int)((next_ns - now_ns) / NS_PER_MS) + 1;
}

static int
open_at(const char *address, struct sockaddr_in *out)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t size = sizeof(*out);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, address, &in.sin_addr);
	if (fd < 0 || bind(fd, (struct sockaddr *)&in, sizeof(in)) != 0 ||
	    getsockname(fd, (struct sockaddr *)out, &size) != 0)
		return -1;
	return fd;
}

static bool
start(const char *daemon_port)
{
	struct sockaddr_in to = { .sin_family = AF_INET }, own;
	int64_t port;

	if (scan_i64(daemon_port, strlen(daemon_port), &port) != 0)
		return false;
	inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
	to.sin_port = htons((uint16_t)port);
	relay.other_fd = open_at("127.0.0.2", &own);
	relay.daemon_fd = open_at("127.0.0.1", &own);
	relay.client_fd = open_at("127.0.0.1", &own);
	if (relay.other_fd < 0 || relay.client_fd < 0 || relay.daemon_fd < 0 ||
	    connect(relay.daemon_fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		return false;
	printf("listening %u\n", ntohs(own.sin_port));
	fflush(stdout);
	return true;
}

static void
report(void)
{
	printf("passed=%lu", relay.passed);
	for (size_t i = 0; i < N_WORDS; i++)
		printf(" %s=%lu", words[i], relay.done[i]);
	puts(" end");
	fflush(stdout);
	relay.passed = 0;
	memset(relay.done, 0, sizeof(relay.done));
	reports = 0;
}

int
main(int argc, char **argv)
{
	struct pollfd fds[2] = { { .events = POLLIN }, { .events = POLLIN } };
	int64_t seed;

	if (argc != 4 || scan_i64(argv[2], strlen(argv[2]), &seed) != 0)
		return 2;
	relay.random = (uint64_t)seed * 2 + 1;
	relay.file = argv[3];
	signal(SIGTERM, on_signal);
	signal(SIGUSR1, on_signal);
	if (!start(argv[1]))
		return 1;
	fds[0].fd = relay.client_fd;
	fds[1].fd = relay.daemon_fd;
	while (!ends) {
		int n = poll(fds, 2, deliver_due());

		if (reports)
			report();
		if (n <= 0)
			continue;
		if (fds[0].revents != 0)
			take(relay.client_fd, false);
		if (fds[1].revents != 0)
			take(relay.daemon_fd, true);
	}
	return 0;
}
