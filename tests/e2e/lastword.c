/* SPDX-License-Identifier: BSD-2-Clause */
/* lastword SOCKET OID VALUE MANNER: a master agent for one subagent, with a SET of that
 * object to that string at the wrong moment. MANNER says when:
 *
 *	crosses   the subagent says that it ends, which is confirmed only after
 *	leaves    at SIGUSR1, and goes away at once
 *	commits   at SIGUSR1, and never says that it was the last step
 *	hangs-up  never: it hangs up when the subagent says that it ends
 *	is-deaf   never: it asks much at SIGUSR1, and reads no answer
 *
 * Prints "answered ERROR" for what it asks, or "unanswered" when the subagent ends the
 * connection instead; not where it leaves. Where it is deaf, the milliseconds until the
 * subagent ends the connection. Ends with the connection. */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* RFC 2741, section 6.1 and 6.2. */
enum {
	CLOSE = 2,
	GET_BULK = 7,
	TEST_SET = 8,
	COMMIT_SET = 9,
	RESPONSE = 18,
	NETWORK_ORDER = 0x10,
	HEAD_LEN = 20,
	AT_TYPE = 1,
	AT_FLAGS = 2,
	AT_PACKET = 12,
	AT_PAYLOAD_LEN = 16,
	AT_ERROR = HEAD_LEN + 4,
	OCTET_STRING = 4
};

enum {
	FRAME_MAX = 65536,
	PATIENCE_MS = 10000,
	SUBIDS_MAX = 128,
	QUESTIONS_MAX = 10000,
	ROWS_MAX = 100,
	SESSION = 1,
	TRANSACTION = 4711
};

struct frame {
	uint8_t octets[FRAME_MAX];
	size_t len;
};

static uint32_t
word_at(const struct frame *f, size_t at)
{
	const uint8_t *p = f->octets + at;

	if ((f->octets[AT_FLAGS] & NETWORK_ORDER) != 0)
		return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
		    p[3];
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static unsigned
error_of(const struct frame *f)
{
	const uint8_t *p = f->octets + AT_ERROR;

	return (f->octets[AT_FLAGS] & NETWORK_ORDER) != 0 ? (unsigned)p[0] << 8 | p[1]
							  : (unsigned)p[1] << 8 | p[0];
}

static void
put(struct frame *f, const void *octets, size_t len)
{
	if (len > sizeof(f->octets) - f->len)
		exit(2);
	memcpy(f->octets + f->len, octets, len);
	f->len += len;
}

static void
put_word(struct frame *f, uint32_t word)
{
	word = htonl(word);
	put(f, &word, sizeof(word));
}

static void
begin(struct frame *f, uint8_t type, uint32_t transaction, uint32_t packet)
{
	const uint8_t first[] = { 1, type, NETWORK_ORDER, 0 };

	f->len = 0;
	put(f, first, sizeof(first));
	put_word(f, SESSION);
	put_word(f, transaction);
	put_word(f, packet);
	put_word(f, 0);
}

static bool
try_send(int fd, struct frame *f, int flags)
{
	uint32_t payload_len = htonl((uint32_t)(f->len - HEAD_LEN));

	memcpy(f->octets + AT_PAYLOAD_LEN, &payload_len, sizeof(payload_len));
	return send(fd, f->octets, f->len, flags) == (ssize_t)f->len;
}

static void
send_frame(int fd, struct frame *f)
{
	if (!try_send(fd, f, 0))
		exit(1);
}

static bool
receive(int fd, size_t len, struct frame *out)
{
	while (len > 0) {
		ssize_t got = read(fd, out->octets + out->len, len);

		if (got <= 0)
			return false;
		out->len += (size_t)got;
		len -= (size_t)got;
	}
	return true;
}

static bool
receive_frame(int fd, struct frame *out)
{
	uint32_t payload_len;

	out->len = 0;
	if (!receive(fd, HEAD_LEN, out))
		return false;
	payload_len = word_at(out, AT_PAYLOAD_LEN);
	return payload_len <= FRAME_MAX - HEAD_LEN && receive(fd, payload_len, out);
}

static void
confirm(int fd, const struct frame *request)
{
	static struct frame f;

	begin(&f, RESPONSE, 0, word_at(request, AT_PACKET));
	put_word(&f, 0);
	put_word(&f, 0);
	send_frame(fd, &f);
}

static void
put_name(struct frame *f, const char *dotted)
{
	uint32_t subids[SUBIDS_MAX];
	uint8_t head[4] = { 0 };
	size_t n = 0;

	while (*dotted == '.' && n < SUBIDS_MAX) {
		char *end;

		subids[n++] = (uint32_t)strtoul(dotted + 1, &end, 10);
		dotted = end;
	}
	head[0] = (uint8_t)n;
	put(f, head, sizeof(head));
	for (size_t i = 0; i < n; i++)
		put_word(f, subids[i]);
}

static void
send_set(int fd, const char *name, const char *value)
{
	static const uint8_t padding[3];
	const uint8_t type[] = { 0, OCTET_STRING, 0, 0 };
	size_t len = strlen(value);
	static struct frame f;

	begin(&f, TEST_SET, TRANSACTION, TEST_SET);
	put(&f, type, sizeof(type));
	put_name(&f, name);
	put_word(&f, (uint32_t)len);
	put(&f, value, len);
	put(&f, padding, (4 - len % 4) % 4);
	send_frame(fd, &f);
}

/* A packet has the number of its type. */
static void
tell_answer(int fd, uint32_t packet)
{
	struct pollfd input = { .fd = fd, .events = POLLIN };
	static struct frame f;

	while (poll(&input, 1, PATIENCE_MS) > 0 && receive_frame(fd, &f))
		if (f.octets[AT_TYPE] == RESPONSE && word_at(&f, AT_PACKET) == packet) {
			printf("answered %u\n", error_of(&f));
			fflush(stdout);
			return;
		}
	puts("unanswered");
}

static void
commit(int fd)
{
	static struct frame f;

	begin(&f, COMMIT_SET, TRANSACTION, COMMIT_SET);
	send_frame(fd, &f);
	tell_answer(fd, COMMIT_SET);
}

static bool
ask_for_rows(int fd, const char *name, uint32_t number)
{
	static struct frame f;

	begin(&f, GET_BULK, TRANSACTION + number, number);
	put_word(&f, ROWS_MAX);
	put_name(&f, name);
	put_word(&f, 0);
	return try_send(fd, &f, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* When the subagent waits to send its answers, the socket fills up with questions. */
static void
be_deaf(int fd, const char *name)
{
	struct pollfd end = { .fd = fd };
	int64_t start_ms = now_ms();
	uint32_t number = 0;

	while (number < QUESTIONS_MAX && ask_for_rows(fd, name, number))
		number++;
	(void)poll(&end, 1, PATIENCE_MS);
	printf("%jd\n", (intmax_t)(now_ms() - start_ms));
}

static volatile sig_atomic_t has_signal;

static void
on_signal(int number)
{
	(void)number;
	has_signal = 1;
}

/* Until there is input, or the signal, which comes at no other time. */
static void
wait_for_something(int fd)
{
	struct pollfd input = { .fd = fd, .events = POLLIN };
	sigset_t none;

	sigemptyset(&none);
	(void)ppoll(&input, 1, NULL, &none);
}

static void
serve(int fd, const char *name, const char *value, const char *manner)
{
	static struct frame f;

	for (;;) {
		bool is_end;

		wait_for_something(fd);
		if (has_signal) {
			has_signal = 0;
			if (strcmp(manner, "is-deaf") == 0) {
				be_deaf(fd, name);
				return;
			}
			send_set(fd, name, value);
			if (strcmp(manner, "leaves") == 0)
				return;
			tell_answer(fd, TEST_SET);
			commit(fd);
			continue;
		}
		if (!receive_frame(fd, &f))
			return;
		is_end = f.octets[AT_TYPE] == CLOSE;
		if (is_end && strcmp(manner, "hangs-up") == 0)
			return;
		if (is_end && strcmp(manner, "crosses") == 0) {
			send_set(fd, name, value);
			tell_answer(fd, TEST_SET);
		}
		if (f.octets[AT_TYPE] != RESPONSE)
			confirm(fd, &f);
	}
}

static int
accept_one(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	if (strlen(path) >= sizeof(at.sun_path))
		return -1;
	memcpy(at.sun_path, path, strlen(path));
	if (listener < 0 || bind(listener, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(listener, 1) != 0)
		return -1;
	return accept(listener, NULL, NULL);
}

int
main(int argc, char **argv)
{
	const struct sigaction note = { .sa_handler = on_signal };
	sigset_t signals;
	int fd;

	if (argc != 5)
		return 2;
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	sigaction(SIGUSR1, &note, NULL);
	fd = accept_one(argv[1]);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	serve(fd, argv[2], argv[3], argv[4]);
	return 0;
}
