/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks after what was stored, and keeps the old file when it was not. */
#include "snmp/persist_check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/text.h"

/* FNV-1a, as good as any: nobody forges a full disk. */
static uint64_t
digest_more(uint64_t digest, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		digest = (digest ^ (uint8_t)bytes[i]) * UINT64_C(1099511628211);
	return digest;
}

static bool
begins_with(const char *line, size_t len, const char *word)
{
	size_t word_len = strlen(word);

	return len > word_len && memcmp(line, word, word_len) == 0 &&
	    line[word_len] == ' ';
}

static void
sum_line(struct persist_sum *sum, const char *const *tokens, const char *line, size_t len)
{
	if (len == 0)
		return;
	sum->has_end = len == strlen(PERSIST_END) && memcmp(line, PERSIST_END, len) == 0;
	for (; *tokens != NULL; tokens++) {
		if (!begins_with(line, len, *tokens))
			continue;
		sum->n_own++;
		sum->digest = digest_more(sum->digest, line, len);
		sum->digest = digest_more(sum->digest, "\n", 1);
		return;
	}
}

void
persist_sum_text(struct persist_sum *sum, const char *const *tokens, const char *text,
    size_t len)
{
	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t line_len = end != NULL ? (size_t)(end - text) : len;

		sum_line(sum, tokens, text, line_len);
		if (end == NULL)
			return;
		text += line_len + 1;
		len -= line_len + 1;
	}
}

int
persist_sum_file(struct persist_sum *sum, const char *const *tokens, const char *path)
{
	char line[PERSIST_LINE_MAX];
	FILE *file = fopen(path, "re");
	bool has_failed;

	if (file == NULL)
		return ERR_IO;
	while (fgets(line, sizeof(line), file) != NULL)
		persist_sum_text(sum, tokens, line, strlen(line));
	has_failed = ferror(file) != 0;
	fclose(file);
	return has_failed ? ERR_IO : 0;
}

void
persist_backup_path(const char *directory, const char *name, int n,
    char out[PERSIST_PATH_MAX])
{
	text_format(out, PERSIST_PATH_MAX, "%s/%s.%d.conf", directory, name, n);
}

/* The youngest backup is the one before the first gap. */
static bool
has_backup(const char *directory, const char *name, char out[PERSIST_PATH_MAX])
{
	int n = 0;

	do
		persist_backup_path(directory, name, n, out);
	while (access(out, F_OK) == 0 && ++n <= PERSIST_BACKUPS);
	if (n == 0)
		return false;
	persist_backup_path(directory, name, n - 1, out);
	return true;
}

int
persist_check(const char *directory, const char *name, const char *const *tokens,
    const struct persist_sum *stored)
{
	struct persist_sum now = { 0 };
	char path[PERSIST_PATH_MAX], backup[PERSIST_PATH_MAX];
	bool has_old = has_backup(directory, name, backup);

	text_format(path, sizeof(path), "%s/%s.conf", directory, name);
	if (persist_sum_file(&now, tokens, path) == 0 && now.has_end &&
	    now.digest == stored->digest && now.n_own == stored->n_own)
		return 0;
	if (has_old)
		(void)rename(backup, path);
	return ERR_IO;
}
