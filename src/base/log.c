/* SPDX-License-Identifier: BSD-2-Clause */
/* Formatting and rate-limiting of log lines. */
#include "base/log.h"

#include <stddef.h>
#include <stdio.h>

void
log_line(const struct logger *log, enum log_level level, const char *format, ...)
{
	char line[LOG_LINE_MAX];
	va_list args;

	if (log == NULL || log->write == NULL)
		return;
	va_start(args, format);
	int n = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (n >= 0)
		log->write(log->ctx, level, line);
}

bool
log_allow(struct log_limit *limit, int64_t now_ns, int64_t window_ns, uint32_t burst,
    uint32_t *suppressed_out)
{
	if (limit->used == 0 || now_ns - limit->window_start_ns >= window_ns) {
		limit->window_start_ns = now_ns;
		limit->used = 0;
	}
	if (limit->used >= burst) {
		if (limit->suppressed < UINT32_MAX)
			limit->suppressed++;
		return false;
	}
	limit->used++;
	if (suppressed_out != NULL)
		*suppressed_out = limit->suppressed;
	limit->suppressed = 0;
	return true;
}

static const char *
level_text(enum log_level level)
{
	switch (level) {
	case LOG_LEVEL_ERROR:
		return "error";
	case LOG_LEVEL_WARNING:
		return "warning";
	case LOG_LEVEL_INFO:
		return "info";
	}
	return "log";
}

void
log_to_stderr(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	fprintf(stderr, "%s: %s\n", level_text(level), line);
}
