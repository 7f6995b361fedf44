/* SPDX-License-Identifier: BSD-2-Clause */
/* What fuzz targets share. Each is one entry, in a file of its own, that takes any bytes
 * and ends the program when a promise of ours is broken. clang's fuzzer calls it with
 * bytes it makes up (`make fuzz`); tests/fuzz/driver.c with those that are kept (`make
 * check`). */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Always 0. Has to leave nothing behind: the next input finds all as this one did. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Ends the program, saying what should have been true. */
#define FUZZ_REQUIRE(condition) \
	((condition) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #condition))
void fuzz_broken(const char *file, int line, const char *what) __attribute__((noreturn));

/* An input as it is used up; behind its end everything is 0 and empty. */
struct fuzz_input {
	const uint8_t *at;
	size_t left;
};
uint8_t fuzz_u8(struct fuzz_input *in);
uint16_t fuzz_u16(struct fuzz_input *in);
uint32_t fuzz_below(struct fuzz_input *in, uint32_t limit);
/* The next `len` octets, or what there is, in memory of exactly that size, so that
 * reading past them is noticed; to be released with free(). */
uint8_t *fuzz_take(struct fuzz_input *in, size_t len, size_t *len_out);
/* As many as the two octets in front of them say. */
uint8_t *fuzz_chunk(struct fuzz_input *in, size_t *len_out);
/* Up to the next line end, which is used up too; terminated, zeros become blanks. */
char *fuzz_line(struct fuzz_input *in);

/* Where a program under test prints. */
struct fuzz_text {
	char *bytes; /* with fuzz_text_close() */
	size_t len;
	FILE *stream;
};
void fuzz_text_open(struct fuzz_text *t);
/* Demands that nothing but printable text, UTF-8 or line ends was written. */
void fuzz_text_close(struct fuzz_text *t);
void fuzz_text_free(struct fuzz_text *t);
/* Whole values of JSON, one behind the other. */
bool fuzz_is_json(const char *text, size_t len);

#endif
