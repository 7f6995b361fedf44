/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds out the facts that `check` judges. Waits, always for a bounded time. */
#ifndef PROBE_CHECK_ASK_H
#define PROBE_CHECK_ASK_H

#include <stdbool.h>
#include <stdint.h>

#include "model/target.h"
#include "probe/check.h"

/* What is to be checked, and how. All borrowed; zeroed is everything by default. */
struct check_options {
	const struct check_caller *caller; /* never NULL */
	const char *host;                  /* as talk_split() takes it */
	enum target_family family;
	uint8_t version;      /* of NTP, in requests */
	int64_t silence_ns;   /* after which an answer is missing; 0: some seconds */
	bool wants_interrupt; /* an interrupt ends the check, not the program */

	/* The key to try: of `keys`, else of the file, which is read for that. */
	const char *key_file; /* NULL: none */
	const struct m6_keys *keys;
	uint32_t key_id; /* 0: the only one */

	/* The agent's side. NULL: where and as whom the libraries go by default. */
	const char *agentx, *snmp, *community;
	bool wants_no_agent;
	bool is_for_agent; /* also when the host is another machine */
};

/* Zeroed facts but for what was told: nothing has been asked yet. */
void check_ask_nothing(const struct check_options *options, struct check_facts *out);
/* The steps up to CHECK_WRITE. */
void check_ask_daemon(const struct check_options *options, struct check_facts *f);
/* The others. */
void check_ask_agent(const struct check_options *options, struct check_facts *f);

/* An interrupt: all that was not asked yet never will be. */
void check_ask_cut_off(struct check_facts *f);

#endif
