/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands of ntp-query, to a daemon in another process that answers by a script. */
#ifndef SUPPORT_QUERY_BENCH_H
#define SUPPORT_QUERY_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "mode6/packet.h"
#include "query/query.h"

enum { QUERY_ANSWERS_MAX = 24, QUERY_BENCH_TIMEOUT_MS = 5000 };

/* What the daemon says to a request. */
struct query_answer {
	uint8_t op; /* enum m6_op */
	uint16_t assoc;
	const char *wants;   /* what the request's data contains; NULL: anything */
	unsigned times;      /* it answers so many requests, and no more; 0: all */
	bool is_silent;      /* there is no answer */
	enum m6_error error; /* 0: none */
	uint16_t status;
	const char *text;
	size_t len; /* 0: the text is terminated */
};

/* A list of associations, as the payload of an answer. */
#define QUERY_LIST(bytes) .op = M6_OP_READSTAT, .text = (bytes), .len = sizeof(bytes) - 1

struct query_bench {
	struct query q;
	pid_t daemon; /* 0: it has ended */
	bool is_json;
	/* What the last line printed, and complained of. */
	char *text, *errors;
};

/* A daemon that gives the first answer that fits, and what the fake daemon has where none
 * does. Key 1 is set, and signs what answers a signed request; nothing is verified.
 * `answers` end with an op of 0. */
void query_bench_start(struct query_bench *b, const struct query_answer *answers);
void query_bench_stop(struct query_bench *b);
/* Nobody listens there any more. */
void query_bench_end_daemon(struct query_bench *b);
/* Runs a line, and returns the code it ends with: QUERY_OK, ... */
int query_bench_run(struct query_bench *b, const char *line);

/* Runs a line that prints just that, or has it in what it prints. */
void query_bench_prints(struct query_bench *b, const char *line, const char *text);
void query_bench_shows(struct query_bench *b, const char *line, const char *part);
/* Runs a line that fails, and has that in what it complains of. */
void query_bench_fails(struct query_bench *b, const char *line, const char *part);

#endif
