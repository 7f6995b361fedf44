/* SPDX-License-Identifier: BSD-2-Clause */
/* Inputs of fuzz targets as they are kept: files of one, and packs of many. */
#ifndef FUZZ_INPUTS_H
#define FUZZ_INPUTS_H

#include <stddef.h>
#include <stdint.h>

typedef void fuzz_input_fn(void *ctx, const uint8_t *bytes, size_t len);

/* Calls `fn` for each input in a file, or in the files of a directory in the order of
 * their names. Ends the program when one cannot be read. */
void fuzz_inputs_each(const char *path, fuzz_input_fn *fn, void *ctx);

/* Packs what is in a directory into a file; writes what is in a pack into a directory.
 * End the program when that fails. */
void fuzz_inputs_pack(const char *directory, const char *path);
void fuzz_inputs_unpack(const char *path, const char *directory);

#endif
