/* SPDX-License-Identifier: BSD-2-Clause */
/* One line to whoever listens. Layers below client return errors and do not log. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO };

/* Where lines go. `write` gets one line without newline; NULL drops everything. */
struct logger {
	void (*write)(void *ctx, enum log_level level, const char *line);
	void *ctx;
};

enum { LOG_LINE_MAX = 1024 };

/* Formats and hands on one line, cut at LOG_LINE_MAX. `log` may be NULL. Bytes that came
 * from outside must have gone through text_ascii() or text_utf8(). */
void log_line(const struct logger *log, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Rate limit for one kind of message: at most `burst` in `window_ns`. */
struct log_limit {
	int64_t window_start_ns;
	uint32_t used, suppressed;
};

/* True when this message may be written now. *suppressed_out, when not NULL, is how many
 * were held back since the last one that was allowed. */
bool log_allow(struct log_limit *limit, int64_t now_ns, int64_t window_ns, uint32_t burst,
    uint32_t *suppressed_out);

/* A writer to stderr ("level: line"); ctx unused. */
void log_to_stderr(void *ctx, enum log_level level, const char *line);

#endif
