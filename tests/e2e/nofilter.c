/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs a command in a world where no filter of system calls can be set, as within some
 * containers: nofilter COMMAND [ARGUMENT...]. */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

static int
forbid(scmp_filter_ctx filter)
{
	const uint32_t refused = SCMP_ACT_ERRNO(EACCES);
	const struct scmp_arg_cmp a_filter = { 0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0 };

	if (filter == NULL ||
	    seccomp_rule_add(filter, refused, SCMP_SYS(seccomp), 0) != 0 ||
	    seccomp_rule_add_array(filter, refused, SCMP_SYS(prctl), 1, &a_filter) != 0)
		return -1;
	return seccomp_load(filter);
}

int
main(int argc, char **argv)
{
	if (argc < 2 || forbid(seccomp_init(SCMP_ACT_ALLOW)) != 0) {
		fprintf(stderr, "nofilter: cannot forbid filters\n");
		return 126;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}
