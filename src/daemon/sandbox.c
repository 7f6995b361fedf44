/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes the filter from the tables and puts it in force. */
#include "daemon/sandbox.h"

#include <string.h>

#include "base/err.h"

#ifdef HAVE_LIBSECCOMP

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "daemon/sandbox_calls.h"

enum { FAMILIES_MAX = 64 };

static const int families[] = { AF_UNIX, AF_INET, AF_INET6 };

static bool
is_family(int family)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (families[i] == family)
			return true;
	}
	return false;
}

/* Each returns 0 or a negative errno, as the library does. */
static int
add_allowed(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < sandbox_n_allowed; i++) {
		const struct sandbox_call *call = &sandbox_allowed[i];
		int err = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call->number,
		    call->n_args, call->args);

		if (err != 0)
			return err;
	}
	return 0;
}

/* What happens to a row anyway is an error to the library, EACCES. */
static int
add_refused(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < sandbox_n_refused; i++) {
		const struct sandbox_refusal *call = &sandbox_refused[i];
		int err = seccomp_rule_add(filter, SCMP_ACT_ERRNO((uint16_t)call->error),
		    call->number, 0);

		if (err != 0 && err != -EACCES)
			return err;
	}
	return 0;
}

static int
add_deadly(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < sandbox_n_deadly; i++) {
		int err =
		    seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, sandbox_deadly[i], 0);

		if (err != 0 && err != -EACCES)
			return err;
	}
	return 0;
}

static int
add_family(scmp_filter_ctx filter, uint32_t action, int family)
{
	const struct scmp_arg_cmp which[] = { { 0, SCMP_CMP_EQ, (scmp_datum_t)family,
	    0 } };

	return seccomp_rule_add_array(filter, action, SCMP_SYS(socket), 1, which);
}

/* Of netlink only the part that lists addresses, by which the resolver sorts. */
static int
add_netlink(scmp_filter_ctx filter, uint32_t action, enum scmp_compare protocol)
{
	const struct scmp_arg_cmp which[] = { { 0, SCMP_CMP_EQ, AF_NETLINK, 0 },
		{ 2, protocol, 0, 0 } };

	return seccomp_rule_add_array(filter, action, SCMP_SYS(socket), 2, which);
}

/* Any other family is one that this kernel lacks, as far as libraries can tell. */
static int
add_families(scmp_filter_ctx filter)
{
	const uint32_t lacking = SCMP_ACT_ERRNO(EAFNOSUPPORT);
	int err = add_netlink(filter, SCMP_ACT_ALLOW, SCMP_CMP_EQ);

	if (err == 0)
		err = add_netlink(filter, lacking, SCMP_CMP_NE);
	for (int family = 0; err == 0 && family < FAMILIES_MAX; family++) {
		if (family != AF_NETLINK)
			err = add_family(filter,
			    is_family(family) ? SCMP_ACT_ALLOW : lacking, family);
	}
	return err;
}

/* abort() signals the thread itself. */
static int
add_own_signals(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp ours[] = { { 0, SCMP_CMP_EQ, (scmp_datum_t)getpid(),
	    0 } };

	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, ours);
}

static int
set_attributes(scmp_filter_ctx filter)
{
	int err =
	    seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	/* Names are being looked up by threads already. */
	if (err == 0)
		err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	/* Else all that the kernel says is ECANCELED to the library. */
	(void)seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);
	/* The rest is welcome where it can be had. What is refused then stands in the
	 * kernel's log, with its number. */
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1);
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	/* Older kernels would slow the whole program down, against code of others in one
	 * process, of which there is none. */
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1);
	return err;
}

static int
load(scmp_filter_ctx filter)
{
	static int (*const steps[])(scmp_filter_ctx) = {
		set_attributes,
		add_allowed,
		add_refused,
		add_deadly,
		add_families,
		add_own_signals,
		seccomp_load,
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		int err = steps[i](filter);

		if (err != 0)
			return err;
	}
	return 0;
}

static int
enter(enum sandbox_mode mode)
{
	bool is_strict = mode == SANDBOX_STRICT;
	scmp_filter_ctx filter =
	    seccomp_init(is_strict ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(ENOSYS));
	int err;

	if (filter == NULL)
		return -ENOMEM;
	err = load(filter);
	seccomp_release(filter);
	return err;
}

int
sandbox_enter(enum sandbox_mode mode, const struct logger *log)
{
	int err;

	if (mode == SANDBOX_OFF)
		return 0;
	err = enter(mode);
	if (err == 0) {
		log_line(log, LOG_LEVEL_INFO,
		    "system call filter in force: %zu kinds of"
		    " calls may be made%s",
		    sandbox_n_allowed,
		    mode == SANDBOX_STRICT ? ", any other ends the program" : "");
		return 0;
	}
	log_line(log, LOG_LEVEL_ERROR,
	    "cannot set the system call filter: %s; --filter off does without",
	    strerror(-err));
	return ERR_IO;
}

#else

int
sandbox_enter(enum sandbox_mode mode, const struct logger *log)
{
	if (mode == SANDBOX_OFF)
		return 0;
	log_line(log, LOG_LEVEL_ERROR,
	    "cannot set the system call filter: built without libseccomp");
	return ERR_IO;
}

#endif

bool
sandbox_mode_of(const char *word, enum sandbox_mode *out)
{
	static const char *const words[] = {
		[SANDBOX_OFF] = "off",
		[SANDBOX_ON] = "on",
		[SANDBOX_STRICT] = "strict",
	};

	if (word == NULL) {
#ifdef HAVE_LIBSECCOMP
		*out = SANDBOX_ON;
#else
		*out = SANDBOX_OFF;
#endif
		return true;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i], word) == 0) {
			*out = (enum sandbox_mode)i;
			return true;
		}
	}
	return false;
}
