/* SPDX-License-Identifier: BSD-2-Clause */
/* The texts of the error codes. */
#include "base/err.h"

#include <stddef.h>

static const struct {
	int code;
	const char *text;
} err_texts[] = {
	{ 0, "success" },
	{ ERR_NOMEM, "out of memory" },
	{ ERR_TRUNCATED, "input ends too early" },
	{ ERR_SYNTAX, "syntax error" },
	{ ERR_RANGE, "number out of range" },
	{ ERR_TOOBIG, "larger than allowed" },
	{ ERR_PROTOCOL, "protocol violation" },
	{ ERR_CONFLICT, "contradictory input" },
	{ ERR_REFUSED, "connection refused" },
	{ ERR_TIMEOUT, "timed out" },
	{ ERR_CANCELLED, "cancelled" },
	{ ERR_NOTFOUND, "not found" },
	{ ERR_DAEMON, "refused by the daemon" },
	{ ERR_IO, "system error" },
	{ ERR_BUSY, "busy" },
	{ ERR_FULL, "does not fit" },
};

const char *
err_text(int code)
{
	for (size_t i = 0; i < sizeof(err_texts) / sizeof(err_texts[0]); i++)
		if (err_texts[i].code == code)
			return err_texts[i].text;
	return "unknown error";
}
