/* SPDX-License-Identifier: BSD-2-Clause */
/* falsetime ADDRESS STRATUM FILE [KEYS]: an NTP server on UDP port 123 whose time is the
 * machine's, shifted by as many milliseconds as the first word of FILE says when a client
 * asks. The second word is the leap indicator; the third is what a signed request is
 * answered with: a "right" code by the key file KEYS, a "wrong" one, a "nak" (what
 * ntp.org's ntpd says to a code that is wrong), "none", or nothing at all: "mute". It
 * never touches a clock. */
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/scan.h"
#include "mode6/auth.h"

enum {
	NTP_PORT = 123,
	HEADER_LEN = 48,
	KEY_ID_LEN = 4,
	PACKET_MAX = HEADER_LEN + KEY_ID_LEN + M6_DIGEST_MAX,
	TRANSMIT_AT = 40, /* the client's transmit time, our originate time */
	MODE_MASK = 7,
	MODE_CLIENT = 3,
	MODE_SERVER = 4,
	VERSION_MASK = 7,
	VERSION_SHIFT = 3,
	LEAP_SHIFT = 6,
	LEAP_MAX = 3,
	STRATUM_MAX = 15,
	PRECISION_LOG2S = -20,
	/* Small enough for a truechimer, large enough for a machine that is busy: as
	   1/65536 s. */
	ROOT_DELAY = 66,       /* 1 ms */
	ROOT_DISPERSION = 655, /* 10 ms */
	SET_AGO_S = 16,        /* when the clock pretends to have been set */
	FRACTION_BITS = 32,
};

#define UNIX_TO_NTP_S 2208988800LL

enum code { CODE_RIGHT, CODE_WRONG, CODE_NAK, CODE_NONE, CODE_MUTE, N_CODES };

struct settings {
	int64_t shift_ns;
	uint8_t leap;
	enum code code;
};

struct server {
	const char *file;
	struct m6_keys *keys;
	uint8_t stratum;
	int fd;
	struct settings now;
};

/* One word of the file: the whole of it has to be a number. */
static bool
take_number(const char *word, int64_t lowest, int64_t highest, int64_t *out)
{
	return word != NULL && scan_i64(word, strlen(word), out) == 0 && *out >= lowest &&
	    *out <= highest;
}

static bool
take_code(const char *word, enum code *out)
{
	static const char *const names[N_CODES] = { "right", "wrong", "nak", "none",
		"mute" };

	for (int i = 0; i < N_CODES; i++) {
		if (strcmp(word, names[i]) == 0) {
			*out = (enum code)i;
			return true;
		}
	}
	return false;
}

static bool
take_settings(char *text, struct settings *out)
{
	enum { DAY_MS = 86400000 };
	const char *blanks = " \t\n";
	const char *shift = strtok(text, blanks), *leap = strtok(NULL, blanks),
		   *code = strtok(NULL, blanks);
	int64_t shift_ms, leap_value = 0;

	if (!take_number(shift, -DAY_MS, DAY_MS, &shift_ms) ||
	    (leap != NULL && !take_number(leap, 0, LEAP_MAX, &leap_value)) ||
	    (code != NULL && !take_code(code, &out->code)))
		return false;
	out->shift_ns = shift_ms * NS_PER_MS;
	out->leap = (uint8_t)leap_value;
	return true;
}

/* Reads the file anew. Whoever writes it may be between emptying and filling it: what
 * cannot be read whole changes nothing. */
static void
refresh(struct server *s)
{
	char text[64] = "";
	FILE *file = fopen(s->file, "re");
	struct settings fresh = { 0 };

	if (file == NULL)
		return;
	if (fgets(text, sizeof(text), file) != NULL && take_settings(text, &fresh))
		s->now = fresh;
	fclose(file);
}

static void
put_time(struct buf *b, int64_t wall_ns)
{
	buf_put_u32(b, (uint32_t)(wall_ns / NS_PER_S + UNIX_TO_NTP_S));
	buf_put_u32(b,
	    (uint32_t)(((uint64_t)(wall_ns % NS_PER_S) << FRACTION_BITS) / NS_PER_S));
}

/* Writes the answer to `request`, which arrived at `received_ns`, without a code. */
static void
fill(const struct server *s, const uint8_t *request, int64_t received_ns, uint8_t *out)
{
	struct buf b = buf_writer(out, HEADER_LEN);
	uint8_t version = (request[0] >> VERSION_SHIFT) & VERSION_MASK;

	buf_put_u8(&b,
	    (uint8_t)(s->now.leap << LEAP_SHIFT | version << VERSION_SHIFT |
		MODE_SERVER));
	buf_put_u8(&b, s->stratum);
	buf_put_u8(&b, request[2]); /* the client's poll interval */
	buf_put_u8(&b, (uint8_t)PRECISION_LOG2S);
	buf_put_u32(&b, ROOT_DELAY);
	buf_put_u32(&b, ROOT_DISPERSION);
	buf_put_bytes(&b, "LAB", sizeof("LAB")); /* with its terminator: four octets */
	put_time(&b, received_ns + s->now.shift_ns - SET_AGO_S * NS_PER_S);
	buf_put_bytes(&b, request + TRANSMIT_AT, HEADER_LEN - TRANSMIT_AT);
	put_time(&b, received_ns + s->now.shift_ns);
	put_time(&b, clock_wall_ns() + s->now.shift_ns);
}

/* Adds to the answer what the settings say for a request by the key `id`; its new length,
 * 0 when nothing is to be sent. */
static size_t
sign(const struct server *s, uint32_t id, uint8_t *answer)
{
	const struct m6_key *key = m6_keys_find(s->keys, id);
	size_t len = HEADER_LEN;

	switch (s->now.code) {
	case CODE_MUTE:
		return 0;
	case CODE_NONE:
		return len;
	case CODE_NAK:
		memset(answer + len, 0, KEY_ID_LEN);
		return len + KEY_ID_LEN;
	case CODE_RIGHT:
	case CODE_WRONG:
	case N_CODES:
		break;
	}
	if (key == NULL ||
	    m6_mac_append(key, M6_MAC_ALIGN_8, answer, PACKET_MAX, &len) != 0)
		return HEADER_LEN;
	if (s->now.code == CODE_WRONG)
		answer[len - 1] ^= 1;
	return len;
}

/* When the kernel got the packet: later, on a busy machine, would be a shift of its own.
 */
static int64_t
arrival_ns(struct msghdr *message)
{
	struct timespec t;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL;
	     c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&t, CMSG_DATA(c), sizeof(t));
		return t.tv_sec * NS_PER_S + t.tv_nsec;
	}
	return clock_wall_ns();
}

/* The length of the answer to a request, 0 for none. */
static size_t
answer_to(struct server *s, const uint8_t *request, size_t len, int64_t received_ns,
    uint8_t *answer)
{
	struct buf id;

	if (len < HEADER_LEN || (request[0] & MODE_MASK) != MODE_CLIENT)
		return 0;
	refresh(s);
	fill(s, request, received_ns, answer);
	if (len < HEADER_LEN + KEY_ID_LEN)
		return s->now.code == CODE_MUTE ? 0 : HEADER_LEN;
	id = buf_reader(request + HEADER_LEN, KEY_ID_LEN);
	return sign(s, buf_get_u32(&id), answer);
}

/* Takes one packet. False when the socket broke. */
static bool
serve(struct server *s)
{
	uint8_t request[1024], answer[PACKET_MAX];
	char control[CMSG_SPACE(sizeof(struct timespec))];
	struct sockaddr_storage from;
	struct iovec iov = { .iov_base = request, .iov_len = sizeof(request) };
	struct msghdr message = { .msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control) };
	ssize_t got = recvmsg(s->fd, &message, 0);
	size_t len;

	if (got < 0)
		return false;
	len = answer_to(s, request, (size_t)got, arrival_ns(&message), answer);
	/* A cable that was cut is no reason to end. */
	if (len > 0)
		(void)sendto(s->fd, answer, len, 0, (struct sockaddr *)&from,
		    message.msg_namelen);
	return true;
}

static bool
listen_on(const char *text, int *fd)
{
	struct addr address;
	struct sockaddr_storage sa;
	socklen_t len;
	int one = 1;

	if (addr_parse(text, strlen(text), &address) != 0)
		return false;
	address.port = NTP_PORT;
	if (addr_to_sockaddr(&address, &sa, &len) != 0)
		return false;
	*fd = socket(sa.ss_family, SOCK_DGRAM, 0);
	/* The address may be away with its cable when this starts. */
	return *fd >= 0 &&
	    setsockopt(*fd, IPPROTO_IP, IP_FREEBIND, &one, sizeof(one)) == 0 &&
	    setsockopt(*fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof(one)) == 0 &&
	    bind(*fd, (struct sockaddr *)&sa, len) == 0;
}

static bool
read_keys(const char *path, struct m6_keys **out)
{
	char text[4096];
	FILE *file = fopen(path, "re");
	size_t len;

	if (file == NULL)
		return false;
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	return m6_keys_parse(text, len, NULL, NULL, out) == 0;
}

int
main(int argc, char **argv)
{
	struct server s = { 0 };
	int64_t stratum;

	if (argc < 4 || argc > 5 || !take_number(argv[2], 1, STRATUM_MAX, &stratum)) {
		fprintf(stderr, "usage: falsetime ADDRESS STRATUM FILE [KEYS]\n");
		return 2;
	}
	s.stratum = (uint8_t)stratum;
	s.file = argv[3];
	if (argc == 5 && !read_keys(argv[4], &s.keys)) {
		perror(argv[4]);
		return 1;
	}
	if (!listen_on(argv[1], &s.fd)) {
		perror(argv[1]);
		return 1;
	}
	printf("ready\n");
	fflush(stdout);
	while (serve(&s))
		;
	perror("falsetime");
	return 1;
}
