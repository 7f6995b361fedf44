/* SPDX-License-Identifier: BSD-2-Clause */
/* The NTP control message (mode 6) of RFC 9327 as ntp.org 4.2.8 and NTPsec speak it:
 * one datagram to bytes and back. */
#ifndef MODE6_PACKET_H
#define MODE6_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	M6_HEADER_LEN = 12,
	M6_DATA_MAX = 468,    /* data octets of one datagram that daemons send */
	M6_COUNT_MAX = 480,   /* the largest count a receiver need believe (RFC 9327 2) */
	M6_REQUEST_MAX = 468, /* NTPsec refuses longer requests */
	M6_MAC_MAX = 24,      /* key id and 20 octets of digest */
	M6_DATAGRAM_MAX = M6_HEADER_LEN + M6_COUNT_MAX + 8 + M6_MAC_MAX,
	M6_PORT = 123,
	M6_VERSION_MIN = 1,
	M6_VERSION_MAX = 4,
	M6_VERSION_DEFAULT = 2, /* what every ntpq sends */
};

enum m6_op {
	M6_OP_UNSPEC = 0,
	M6_OP_READSTAT = 1,
	M6_OP_READVAR = 2,
	M6_OP_WRITEVAR = 3,
	M6_OP_READCLOCK = 4,
	M6_OP_WRITECLOCK = 5,
	M6_OP_SETTRAP = 6,
	M6_OP_ASYNCMSG = 7,
	M6_OP_CONFIGURE = 8,
	M6_OP_SAVECONFIG = 9,
	M6_OP_READ_MRU = 10,
	M6_OP_READ_ORDLIST = 11,
	M6_OP_REQ_NONCE = 12,
	M6_OP_UNSETTRAP = 31,
};

/* The code in the high octet of an error reply's status. */
enum m6_error {
	M6_ERROR_UNSPEC = 0,
	M6_ERROR_PERMISSION = 1,
	M6_ERROR_BADFMT = 2,
	M6_ERROR_BADOP = 3,
	M6_ERROR_BADASSOC = 4,
	M6_ERROR_UNKNOWNVAR = 5,
	M6_ERROR_BADVALUE = 6,
	M6_ERROR_RESTRICT = 7,
};

struct m6_header {
	uint8_t leap;    /* 0..3, of the answering system */
	uint8_t version; /* 1..4 */
	uint8_t op;      /* 0..31, see enum m6_op */
	bool is_response, is_error, has_more;
	uint16_t sequence, status, assoc, offset, count;
};

/* A decoded datagram. The pointers borrow from the bytes given to m6_packet_decode(). */
struct m6_packet {
	struct m6_header head;
	const uint8_t *data;    /* head.count octets, never the padding behind them */
	const uint8_t *trailer; /* what follows the data: padding and perhaps a MAC */
	size_t trailer_len;
};

/* Decodes one datagram. 0; ERR_TRUNCATED when shorter than the header or than count
 * says; ERR_PROTOCOL when it is not mode 6 or its version is not 1..4; ERR_TOOBIG when
 * count is over M6_COUNT_MAX. An error reply's count is taken as 0 and its offset is
 * kept as sent: both daemon families leave stale offsets there (seen on 4.2.8p15 and
 * NTPsec 1.2.2). *out is written only on success. */
int m6_packet_decode(const void *bytes, size_t len, struct m6_packet *out);

/* Encodes a request or, for the simulator and tests, a reply: header, data, zeros up to
 * a multiple of four. head.count is taken from data_len. 0 and *len_out, or ERR_TOOBIG
 * (data over M6_COUNT_MAX) or ERR_FULL. */
int m6_packet_encode(const struct m6_header *head, const void *data, size_t data_len,
    uint8_t *out, size_t cap, size_t *len_out);

/* The error code of an error reply's status word: status >> 8. */
uint8_t m6_packet_error_code(const struct m6_header *head);
/* "permission", "unknown variable", ... ; "error 9" kinds give "unknown error". */
const char *m6_error_text(uint8_t code);
/* "readvar", ...; NULL for an opcode that has no name. */
const char *m6_op_text(uint8_t op);

#endif
