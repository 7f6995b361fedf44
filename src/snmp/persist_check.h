/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a file holds all that was to be stored in it: Net-SNMP, which writes it, does
 * not tell that the disk was full. Knows nothing of Net-SNMP but the names of its files.
 */
#ifndef SNMP_PERSIST_CHECK_H
#define SNMP_PERSIST_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The comment that is to be stored last: where it is, nothing before it met a full disk.
 */
#define PERSIST_END "# That is all."

/* Of lines: a digest of those of ours in their order, and whether the last of all is
 * PERSIST_END. All zero is that of none. Other lines and empty ones do not count. */
struct persist_sum {
	uint64_t digest;
	size_t n_own;
	bool has_end;
};

enum {
	PERSIST_LINE_MAX = 4096, /* longer ones count as several */
	PERSIST_PATH_MAX = 512,  /* as in the library */
	PERSIST_BACKUPS = 10     /* that the library reads after a crash while storing */
};

/* DIRECTORY/NAME.N.conf: what the library calls the files it moves away while it stores.
 */
void persist_backup_path(const char *directory, const char *name, int n,
    char out[PERSIST_PATH_MAX]);

/* `tokens` are the first words of our lines, NULL at their end. text[0..len) holds whole
 * lines, the last one with or without a newline. */
void persist_sum_text(struct persist_sum *sum, const char *const *tokens,
    const char *text, size_t len);
/* The same of a file. 0, or ERR_IO when it cannot be read. */
int persist_sum_file(struct persist_sum *sum, const char *const *tokens,
    const char *path);

/* To be called between the writing of DIRECTORY/NAME.conf and the removal of the file
 * before it, DIRECTORY/NAME.N.conf with the highest N there is: when the new file lacks
 * anything of `stored` or its end, the old one takes its place again. Returns 0; ERR_IO
 * when something is missing, with the old file restored if there was one. */
int persist_check(const char *directory, const char *name, const char *const *tokens,
    const struct persist_sum *stored);

#endif
