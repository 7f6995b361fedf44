/* SPDX-License-Identifier: BSD-2-Clause */
/* Walks down to the master agent's socket and tells where the way ends. */
#include "snmp/session_access.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum { PERMISSIONS = 07777, PATH_SHOWN_MAX = 160, GROUP_CAP = 24 };

static bool
is_denied(const char *path, int how)
{
	return faccessat(AT_FDCWD, path, how, AT_EACCESS) != 0 && errno == EACCES;
}

/* "DIRECTORY has mode 0700 and belongs to user 0, group 0" */
static size_t
describe(const char *path, const char *kind, char *out, size_t cap)
{
	char shown[PATH_SHOWN_MAX];
	struct stat st;

	text_ascii(path, strlen(path), shown, sizeof(shown));
	if (stat(path, &st) != 0)
		return text_format(out, cap, "%s %s is closed to us", kind, shown);
	return text_format(out, cap,
	    "%s %s has mode %04o and belongs to user %lu, group %lu", kind, shown,
	    (unsigned)st.st_mode & PERMISSIONS, (unsigned long)st.st_uid,
	    (unsigned long)st.st_gid);
}

static size_t
describe_us(char *out, size_t cap)
{
	return text_format(out, cap, "; we are user %lu, group %lu",
	    (unsigned long)geteuid(), (unsigned long)getegid());
}

/* snmpd makes the directory, but never changes one that is there. */
static void
explain_directory(const char *path, char *out, size_t cap)
{
	size_t used = describe(path, "the directory", out, cap);

	used += describe_us(out + used, cap - used);
	text_format(out + used, cap - used,
	    ": let others pass it (chmod o+x); agentXPerms in snmpd.conf is for one that "
	    "snmpd makes");
}

/* The group decides, whoever the owner is; snmpd does not take root's. */
static void
explain_socket(const char *path, char *out, size_t cap)
{
	char group[GROUP_CAP] = "GROUP";
	size_t used = describe(path, "the socket", out, cap);

	if (getegid() != 0)
		text_format(group, sizeof(group), "%lu", (unsigned long)getegid());
	used += describe_us(out + used, cap - used);
	text_format(out + used, cap - used,
	    ": write \"agentXPerms 0660 0755 root %s\" to snmpd.conf and restart snmpd, "
	    "or run"
	    " with its group (-g)",
	    group);
}

bool
session_access_check(const char *path, char *out, size_t cap)
{
	char directory[PATH_MAX];
	size_t len = strlen(path);

	if (path[0] != '/' || len >= sizeof(directory))
		return true;
	for (size_t i = 1; i < len; i++) {
		if (path[i] != '/')
			continue;
		text_format(directory, sizeof(directory), "%.*s", (int)i, path);
		if (is_denied(directory, X_OK)) {
			explain_directory(directory, out, cap);
			return false;
		}
	}
	if (!is_denied(path, W_OK))
		return true;
	explain_socket(path, out, cap);
	return false;
}
