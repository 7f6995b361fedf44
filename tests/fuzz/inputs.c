/* SPDX-License-Identifier: BSD-2-Clause */
/* A pack has a first line, then each input with its length in four octets in front. */
#include "fuzz/inputs.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { INPUT_MAX = 1 << 22, PATH_LEN_MAX = 4096, PREFIX = 4 };
static const char magic[] = "fuzz inputs\n";

static void
fail(const char *what, const char *path)
{
	fprintf(stderr, "%s: %s\n", path, what);
	exit(2);
}

static uint8_t *
read_file(const char *path, size_t *len_out)
{
	FILE *f = fopen(path, "rb");
	uint8_t *bytes = malloc(INPUT_MAX);

	if (!f || !bytes)
		fail("cannot be read", path);
	*len_out = fread(bytes, 1, INPUT_MAX, f);
	if (ferror(f) || *len_out == INPUT_MAX)
		fail("cannot be read, or is too long", path);
	fclose(f);
	return bytes;
}

static void
each_in_pack(const char *path, const uint8_t *bytes, size_t len, fuzz_input_fn *fn,
    void *ctx)
{
	struct buf b = buf_reader(bytes, len);

	(void)buf_get_bytes(&b, sizeof(magic) - 1);
	while (buf_left(&b) > 0) {
		size_t n = buf_get_u32(&b);
		const uint8_t *at = buf_get_bytes(&b, n);

		if (buf_failed(&b))
			fail("a broken pack", path);
		fn(ctx, at, n);
	}
}

static void
each_in_file(const char *path, fuzz_input_fn *fn, void *ctx)
{
	size_t len;
	uint8_t *bytes = read_file(path, &len);

	if (len >= sizeof(magic) - 1 && memcmp(bytes, magic, sizeof(magic) - 1) == 0)
		each_in_pack(path, bytes, len, fn, ctx);
	else
		fn(ctx, bytes, len);
	free(bytes);
}

/* In the order of their names, so that two runs are alike. */
void
fuzz_inputs_each(const char *path, fuzz_input_fn *fn, void *ctx)
{
	struct dirent **names;
	char file[PATH_LEN_MAX];
	int n = scandir(path, &names, NULL, alphasort);

	if (n < 0) {
		each_in_file(path, fn, ctx);
		return;
	}
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.') {
			(void)snprintf(file, sizeof(file), "%s/%s", path,
			    names[i]->d_name);
			each_in_file(file, fn, ctx);
		}
		free(names[i]);
	}
	free(names);
}

struct unpacking {
	const char *directory;
	unsigned n;
};

static void
write_one(void *ctx, const uint8_t *bytes, size_t len)
{
	struct unpacking *u = ctx;
	char path[PATH_LEN_MAX];

	(void)snprintf(path, sizeof(path), "%s/%04u", u->directory, u->n++);
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(bytes, 1, len, f) != len || fclose(f) != 0)
		fail("cannot be written", path);
}

static void
pack_one(void *ctx, const uint8_t *bytes, size_t len)
{
	uint8_t prefix[PREFIX];
	struct buf b = buf_writer(prefix, sizeof(prefix));

	buf_put_u32(&b, (uint32_t)len);
	if (fwrite(prefix, 1, sizeof(prefix), ctx) != sizeof(prefix) ||
	    fwrite(bytes, 1, len, ctx) != len)
		fail("cannot be written", "pack");
}

void
fuzz_inputs_pack(const char *directory, const char *path)
{
	FILE *f = fopen(path, "wb");

	if (!f || fputs(magic, f) == EOF)
		fail("cannot be written", path);
	fuzz_inputs_each(directory, pack_one, f);
	if (fclose(f) != 0)
		fail("cannot be written", path);
}

void
fuzz_inputs_unpack(const char *path, const char *directory)
{
	fuzz_inputs_each(path, write_one, &(struct unpacking){ directory, 0 });
}
