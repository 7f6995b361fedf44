/* SPDX-License-Identifier: BSD-2-Clause */
/* Gives up user, groups and capabilities, and looks whether they are gone. */
#include "daemon/privilege.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/scan.h"

enum { CAP_WORDS = _LINUX_CAPABILITY_U32S_3, WORD_BITS = 32 };

/* The capabilities that may stay, a bit each. */
typedef uint64_t caps;

static int
complain(const struct logger *log, const char *what, const char *about)
{
	log_line(log, LOG_LEVEL_ERROR, "%s %s: %s", what, about, strerror(errno));
	return ERR_IO;
}

static const struct passwd *
find_user(const char *name)
{
	uint32_t id;

	if (scan_u32(name, strlen(name), &id) == 0)
		return getpwuid(id);
	return getpwnam(name);
}

static const struct group *
find_group(const char *name)
{
	uint32_t id;

	if (scan_u32(name, strlen(name), &id) == 0)
		return getgrgid(id);
	return getgrnam(name);
}

static int
no_such(const struct logger *log, const char *kind, const char *name)
{
	log_line(log, LOG_LEVEL_ERROR, "no such %s: %s", kind, name);
	return ERR_NOTFOUND;
}

uid_t
privilege_user(const char *user)
{
	const struct passwd *pw = user == NULL ? NULL : find_user(user);

	return pw == NULL ? geteuid() : pw->pw_uid;
}

void
privilege_hide(void)
{
#ifndef ALLOWS_TRACING
	const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
	/* A core that goes to a program has no limit of size; this one stops it. */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/* Who is not root has no groups that would be too many. */
static int
become_group(const struct group *gr, const struct logger *log)
{
	if ((geteuid() == 0 && setgroups(1, &gr->gr_gid) != 0) ||
	    setresgid(gr->gr_gid, gr->gr_gid, gr->gr_gid) != 0)
		return complain(log, "cannot become group", gr->gr_name);
	return 0;
}

static int
take_groups(const struct passwd *pw, const struct logger *log)
{
	if (initgroups(pw->pw_name, pw->pw_gid) != 0 ||
	    setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) != 0)
		return complain(log, "cannot take the groups of", pw->pw_name);
	return 0;
}

/* Also without a name: a program that somebody made set-user-ID has two. */
static int
become_user(uid_t uid, const char *user, const struct logger *log)
{
	if (setresuid(uid, uid, uid) != 0)
		return complain(log, "cannot become user", user == NULL ? "" : user);
	return 0;
}

/* Names are looked up first: some services need rights for it. */
static int
become(const char *user, const char *group, const struct logger *log)
{
	const struct group *gr = group == NULL ? NULL : find_group(group);
	const struct passwd *pw = NULL;
	int err = 0;

	if (group != NULL && gr == NULL)
		return no_such(log, "group", group);
	if (gr != NULL)
		err = become_group(gr, log);
	if (err == 0 && user != NULL) {
		pw = find_user(user);
		if (pw == NULL)
			return no_such(log, "user", user);
		if (gr == NULL)
			err = take_groups(pw, log);
	}
	return err == 0 ? become_user(pw == NULL ? geteuid() : pw->pw_uid, user, log)
			: err;
}

/* What any program executed later could have; with no_new_privs that is nothing anyway.
 * Who may not drop them was not given much. */
static int
drop_bounding(caps kept, const struct logger *log)
{
	for (unsigned long cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++) {
		if ((kept >> cap & 1) != 0 || prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0)
			continue;
		if (errno != EPERM)
			return complain(log, "cannot drop", "the bounding set");
		break;
	}
	return 0;
}

static int
drop_capabilities(caps kept, const struct logger *log)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[CAP_WORDS] = { 0 };

	for (size_t i = 0; i < CAP_WORDS; i++) {
		data[i].effective = (uint32_t)(kept >> (i * WORD_BITS));
		data[i].permitted = data[i].effective;
	}
	/* Kernels before 4.3 have no ambient set. */
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 &&
	    errno != EINVAL)
		return complain(log, "cannot drop", "the ambient capabilities");
	if (syscall(SYS_capset, &head, data) != 0)
		return complain(log, "cannot drop", "capabilities");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return complain(log, "cannot set", "no_new_privs");
	return 0;
}

static bool
has_only(caps kept)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[CAP_WORDS];

	if (syscall(SYS_capget, &head, data) != 0)
		return false;
	for (size_t i = 0; i < CAP_WORDS; i++) {
		uint32_t may = (uint32_t)(kept >> (i * WORD_BITS));

		if (((data[i].effective | data[i].permitted) & ~may) != 0 ||
		    data[i].inheritable != 0)
			return false;
	}
	return true;
}

static bool
is_one_identity(void)
{
	uid_t uid[3];
	gid_t gid[3];

	return getresuid(&uid[0], &uid[1], &uid[2]) == 0 && uid[0] == uid[1] &&
	    uid[1] == uid[2] && getresgid(&gid[0], &gid[1], &gid[2]) == 0 &&
	    gid[0] == gid[1] && gid[1] == gid[2];
}

/* Root stays root, and its user can be had by nobody else. */
static bool
can_return(gid_t gid)
{
	if (geteuid() == 0)
		return false;
	return setuid(0) == 0 || setresuid((uid_t)-1, 0, (uid_t)-1) == 0 ||
	    (gid != 0 && (setgid(0) == 0 || setgroups(0, NULL) == 0));
}

/* A kernel, or a module of it, may say that it did what it did not. */
static int
verify(caps kept, const struct logger *log)
{
	const char *what = NULL;

	if (!is_one_identity())
		what = "there is more than one user or group still";
	else if (!has_only(kept))
		what = "there are capabilities still";
	else if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		what = "no_new_privs is not set";
	else if (can_return(getegid()))
		what = "root can be had back";
	if (what == NULL)
		return 0;
	log_line(log, LOG_LEVEL_ERROR, "privileges are not gone: %s", what);
	return ERR_IO;
}

int
privilege_drop(const char *user, const char *group, const struct logger *log)
{
	/* As root it may be used to files and sockets that belong to others. */
	caps kept = privilege_user(user) == 0 ? (caps)1 << CAP_DAC_OVERRIDE : (caps)0;
	int err = drop_bounding(kept, log);

	if (err == 0)
		err = become(user, group, log);
	if (err == 0)
		err = drop_capabilities(geteuid() == 0 ? kept : 0, log);
	if (err == 0)
		err = verify(kept, log);
	privilege_hide();
	if (err == 0 && geteuid() == 0)
		log_line(log, LOG_LEVEL_INFO,
		    "runs as root, which it does not need: name a user with -u");
	return err;
}
