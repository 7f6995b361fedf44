/* SPDX-License-Identifier: BSD-2-Clause */
/* The judging of `check`, for the command of ntp-query and the option of ntp-agentxd:
 * facts about the way from an NTP daemon to an SNMP manager come in, and what each step
 * means goes out, in words. No I/O. */
#ifndef PROBE_CHECK_H
#define PROBE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mode6/auth.h"
#include "probe/time_packet.h"

/* In the order of the way. */
enum check_id {
	CHECK_NAME,
	CHECK_TIME,
	CHECK_CONTROL,
	CHECK_DAEMON,
	CHECK_SYNC,
	CHECK_KEY,
	CHECK_MAC,
	CHECK_WRITE,
	CHECK_SOCKET,
	CHECK_SNMP,
	CHECK_AGENT,
	CHECK_VIEW,
	CHECK_STEPS
};

enum check_result { CHECK_OK, CHECK_WARNING, CHECK_FAILED, CHECK_SKIPPED };

enum {
	CHECK_WORD_MAX = 256,                 /* octets of a text among the facts */
	CHECK_HOST_MAX = 271,                 /* of a host, with brackets and port */
	CHECK_TEXT_MAX = 1024,                /* of a text that comes out */
	CHECK_LINE_MAX = CHECK_TEXT_MAX + 64, /* of a line of these */
};

/* What became of a request is 0, an enum err (ERR_CANCELLED after an interrupt), or this:
 * nobody got so far. */
enum { CHECK_NOT_ASKED = 1 };

/* The answer to what only the control key may ask. */
struct check_signed {
	int err;
	uint8_t daemon_error; /* with ERR_DAEMON: enum m6_error */
	enum m6_mac_verdict mac;
	bool is_strange;           /* answers came whose code was none, or wrong */
	char text[CHECK_WORD_MAX]; /* of a configure command */
};

enum check_socket {
	CHECK_SOCKET_OK,
	CHECK_SOCKET_NO_PATH, /* the transport is another one */
	CHECK_SOCKET_MISSING,
	CHECK_SOCKET_DIRECTORY, /* may not be entered */
	CHECK_SOCKET_DENIED,
	CHECK_SOCKET_STALE,
	CHECK_SOCKET_NONE, /* something else has that name */
	CHECK_SOCKET_BUSY,
	CHECK_SOCKET_OTHER,
};

/* What the program that checks calls itself, and the words by which it is told more: they
 * stand in the advice. */
struct check_caller {
	const char *program;
	const char *family_word, *key_word, *socket_word, *snmp_word;
	const char *tried; /* behind who tried to connect; "" when it is as the agent */
	const char *user_word; /* how to try as the agent's user */
};

struct check_facts {
	const struct check_caller *caller;
	char host[CHECK_HOST_MAX +
	    1]; /* as it was given; "": the agent's targets, whichever */
	uint16_t port;

	/* The name. */
	int name_err;
	char name_reason[CHECK_WORD_MAX];
	char addresses[CHECK_WORD_MAX]; /* "::1, 127.0.0.1" */
	char address[CHECK_WORD_MAX];   /* the one that was asked last */

	/* The time service. */
	int time_err;
	unsigned n_strange; /* datagrams that were no answer to us */
	int64_t time_trip_ns;
	struct time_answer time;

	/* Control messages: the list of associations, then the system's variables. */
	int control_err;
	uint8_t control_code; /* with ERR_DAEMON */
	int64_t control_trip_ns;
	uint64_t n_again; /* transmissions that were repeated before it answered */
	bool is_rate_limited;
	int system_err;
	uint8_t system_code;

	/* The daemon; empty when it does not say. */
	char version[CHECK_WORD_MAX];
	unsigned kinds; /* enum ntp_kind; NTP_KIND_ANY when the version does not tell */
	bool has_leap, has_stratum;
	uint8_t leap;
	uint8_t stratum;
	unsigned n_assocs, n_reachable, n_usable;
	char peer[CHECK_WORD_MAX]; /* the system peer; empty: none */

	/* The key. */
	bool has_key_file, is_typed;
	int key_file_err;
	char key_file[CHECK_WORD_MAX];
	char key_problem[CHECK_WORD_MAX]; /* of the file, in words; empty: none */
	unsigned n_keys;                  /* in the file */
	uint32_t key_id;                  /* 0: not said */
	bool has_key;
	char key_type[CHECK_WORD_MAX];

	/* Writing: nothing, as a variable and as a command. */
	struct check_signed writevar, configure;

	/* From here on the agent's side. */
	bool is_unwanted;
	bool is_for_agent; /* this machine, or asked for */
	int socket_err;
	enum check_socket socket;
	int socket_errno; /* with CHECK_SOCKET_OTHER */
	char socket_path[CHECK_WORD_MAX];
	char socket_what[CHECK_WORD_MAX]; /* "mode 0755 root:root", of what refused */
	char socket_directory[CHECK_WORD_MAX];
	char user[CHECK_WORD_MAX]; /* who tried: the one who runs this */

	int snmp_err;
	char snmp_address[CHECK_WORD_MAX];
	char snmp_reason[CHECK_WORD_MAX];
	char snmp_who[CHECK_WORD_MAX]; /* "community "public"" */
	bool is_community;
	int64_t snmp_trip_ns;
	char snmp_descr[CHECK_WORD_MAX];

	int list_err; /* of sysORTable */
	unsigned n_listed;
	bool is_listed;
	char agent_descr[CHECK_WORD_MAX];

	int view_err;
	bool shows_ntpv4, shows_own;     /* the two modules */
	bool is_default_served;          /* a target has the default context */
	char enterprise[CHECK_WORD_MAX]; /* ".1.3.6..." */
	unsigned n_targets;
	char target[CHECK_WORD_MAX]; /* the agent's name for the host; empty: none */
	unsigned target_state;       /* as ntpAgentxTargetState */
	char target_error[CHECK_WORD_MAX];
};

/* Texts end at their limit; cause and fix are empty but for warnings and failures. */
struct check_step {
	enum check_result result;
	char finding[CHECK_TEXT_MAX], cause[CHECK_TEXT_MAX], fix[CHECK_TEXT_MAX];
};

/* The word for a step and for a result. */
const char *check_step_name(enum check_id id);
const char *check_result_name(enum check_result result);

void check_judge(const struct check_facts *f, struct check_step steps[CHECK_STEPS]);

/* The step as lines of text: the finding, then cause and fix where there are any. */
void check_show(enum check_id id, const struct check_step *step,
    void (*line)(void *ctx, const char *text), void *ctx);

/* Nothing was heard of the host, or it has no address. */
bool check_is_unreached(const struct check_facts *f);

/* --- the rows ----------------------------------------------------------------------- */

/* One ending of a step: of those of a step, the first that holds is the one. In the texts
 * {word} stands for a fact; each line of `fix` is a thing to do. */
struct check_row {
	enum check_id step;
	enum check_result result;
	bool (*holds)(const struct check_facts *f);
	const char *finding;
	const char *cause, *fix; /* NULL: none */
};

struct check_rows {
	const struct check_row *rows;
	size_t n;
};

extern const struct check_rows check_daemon_rows, check_agent_rows;

/* Puts the facts into a text. False when a {word} is none. */
bool check_expand(const struct check_facts *f, const char *text, char *out, size_t cap);
/* The row of a step that is not skipped for the sake of another one. */
const struct check_row *check_find(const struct check_facts *f, enum check_id step);

#endif
