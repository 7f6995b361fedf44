/* SPDX-License-Identifier: BSD-2-Clause */
/* packer -p DIRECTORY PACK packs the inputs in a directory; packer -u PACK DIRECTORY
 * takes them out again. */
#include <stdio.h>
#include <string.h>

#include "fuzz/inputs.h"

int
main(int argc, char **argv)
{
	enum { ARGS = 4 };

	if (argc == ARGS && strcmp(argv[1], "-p") == 0)
		fuzz_inputs_pack(argv[2], argv[3]);
	else if (argc == ARGS && strcmp(argv[1], "-u") == 0)
		fuzz_inputs_unpack(argv[2], argv[3]);
	else {
		fputs("usage: packer -p DIRECTORY PACK | -u PACK DIRECTORY\n", stderr);
		return 2;
	}
	return 0;
}
