/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports: the variables of one subject, a line for each, as far as the daemon has them.
 */
#ifndef QUERY_REPORT_H
#define QUERY_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mode6/packet.h"
#include "query/query.h"

enum {
	REPORT_ROWS_MAX = 64,
	/* All rows in one request, then halves and halves of halves, down to one name
	   each. */
	REPORT_ROUNDS_MAX = 8,
};

/* What a number counts. */
enum report_unit {
	REPORT_NONE,
	REPORT_MS,
	REPORT_S,
	REPORT_PPM,
	REPORT_KB,
	REPORT_LOG2_S,
	REPORT_KERNEL_MS, /* of the kernel: what NTPsec 1.2.2 says to be ms are seconds */
	REPORT_CALIBRATION, /* seconds, of NTPsec since 1.2.3 the logarithm */
};

struct report_row {
	const char *name; /* of the variable */
	const char *label;
	enum report_unit unit;
};

struct report {
	const char *title;
	const struct report_row *rows;
	size_t n;
};

/* The search for what a daemon has of a report. One name it does not know makes it refuse
 * a request as a whole: then the halves are asked for. */
struct report_part {
	size_t from, to; /* rows */
};
struct report_hunt {
	const struct report *report; /* at most REPORT_ROWS_MAX rows */
	struct report_part parts[REPORT_ROWS_MAX];
	size_t n_parts;                /* to be asked for now; 0: all is known */
	char *values[REPORT_ROWS_MAX]; /* owned; NULL: the daemon has none */
	bool is_quoted[REPORT_ROWS_MAX];
	uint16_t status; /* of the last answer */
	size_t n_found;
};

void report_start(struct report_hunt *h, const struct report *report);
void report_end(struct report_hunt *h);
/* The names of a part, joined; the length. */
size_t report_names(const struct report_hunt *h, size_t part, char out[M6_REQUEST_MAX]);
/* Takes the answers to all parts, in their order, and makes the parts of the next round.
 * 0; ERR_NOMEM; or the first error that is no fault of a name, with *failed_out. */
int report_take(struct report_hunt *h, const struct talk_ask *asks,
    const struct talk_ask **failed_out);

/* "ms", "" for none or one that is not known, by the kinds (enum ntp_kind) the daemon may
 * be of. */
const char *report_unit_text(enum report_unit unit, unsigned kinds);

/* Asks and prints. 0, or an error that has been said. */
int report_run(struct query *q, const struct report *report);

#endif
