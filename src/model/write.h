/* SPDX-License-Identifier: BSD-2-Clause */
/* How a write to a daemon ended: what is asked of the client, told by it, and shown by
 * the MIB. */
#ifndef MODEL_WRITE_H
#define MODEL_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The numbers are those of NtpAgentxOutcome in NTP-AGENTX-MIB. */
enum ntp_write_result {
	NTP_WRITE_NONE = 0,      /* nothing was tried */
	NTP_WRITE_DONE = 1,      /* written, and read back so */
	NTP_WRITE_UNCHANGED = 2, /* it was so already: nothing was sent */
	NTP_WRITE_RESTORED = 3,  /* written, then restored with the rest of its PDU */
	NTP_WRITE_NOT_RESTORED =
	    4, /* should have been restored and was not, or nobody knows */
	NTP_WRITE_NOT_ALLOWED =
	    5,                /* our configuration does not allow it: nothing was sent */
	NTP_WRITE_NO_KEY = 6, /* there is no usable control key: nothing was sent */
	NTP_WRITE_NOT_CARRIED = 7,  /* the protocol cannot carry it: nothing was sent */
	NTP_WRITE_KEY_REFUSED = 8,  /* the daemon does not take our key */
	NTP_WRITE_PERMISSION = 9,   /* it takes the key and still says "permission" */
	NTP_WRITE_BAD_FORMAT = 10,  /* daemon's error codes, one to one */
	NTP_WRITE_UNSUPPORTED = 11, /* bad opcode: it has no such operation */
	NTP_WRITE_NO_ASSOCIATION = 12,
	NTP_WRITE_NO_VARIABLE = 13,
	NTP_WRITE_BAD_VALUE = 14,
	NTP_WRITE_RESTRICTED = 15,
	NTP_WRITE_UNSPECIFIED = 16, /* "unspecified error": nothing came of it */
	NTP_WRITE_PROHIBITED = 17,  /* configure: "restrict ... nomodify" */
	NTP_WRITE_SYNTAX = 18,      /* configure: the text was not understood */
	NTP_WRITE_NOT_STORED = 19, /* said to be done, but the old value is still there */
	NTP_WRITE_DIFFERS = 20,    /* read back as something else */
	NTP_WRITE_NO_REPLY = 21,   /* no believable answer in time; effect unknown */
	NTP_WRITE_UNREACHABLE = 22, /* nobody listens there, or no address is known */
	NTP_WRITE_ABORTED = 23,     /* another part of the same PDU failed first */
	NTP_WRITE_NO_MEMORY = 24,
	NTP_WRITE_RESULT_COUNT
};

/* A few words for logs and rows; never NULL. */
const char *ntp_write_text(enum ntp_write_result result);

enum {
	NTP_WRITE_NAME_MAX = 64,
	NTP_WRITE_VALUE_MAX = 127,   /* daemons drop a longer one and call it done */
	NTP_WRITE_COMMAND_MAX = 440, /* a configure command, before it is padded */
	NTP_WRITE_DETAIL_MAX = 255,
};

/* Whether the protocol carries it: printable ASCII without comma and quote, no blank at
 * either end; as name: letters, digits, '_', '-', '.'. A command may hold comma and quote
 * and tabs, and must not be empty. */
bool ntp_write_carries_name(const char *name, size_t len);
bool ntp_write_carries_value(const void *value, size_t len);
bool ntp_write_carries_command(const void *command, size_t len);

/* What the text of an answer to a configure command says: DONE, PROHIBITED or SYNTAX.
 * There is no error code for it. */
enum ntp_write_result ntp_write_configured(const char *text, size_t len);

/* Whether the daemon itself makes a system variable of that name: nobody can write it,
 * and one of the same name made by "setvar" would hide it. */
bool ntp_write_is_builtin(const char *name, size_t len);

/* What one target lets managers write; each step holds those before it. */
enum target_write {
	TARGET_WRITE_OFF,
	TARGET_WRITE_VARIABLES, /* by writevar */
	TARGET_WRITE_SETVAR, /* and, where that does not do, by "setvar" in a configure */
	TARGET_WRITE_CONFIGURE, /* and any configure command */
};

/* The last write of a variable or (name "") of a configure command. */
struct ntp_write_record {
	uint16_t assoc;
	uint8_t name_len;
	char name[NTP_WRITE_NAME_MAX];
	enum ntp_write_result result;
	int64_t wall_ns; /* when it ended */
	uint16_t detail_len;
	char detail[NTP_WRITE_DETAIL_MAX]; /* ASCII: what the daemon said, or why; may be
					      empty */
};

#endif
