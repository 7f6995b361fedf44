/* SPDX-License-Identifier: BSD-2-Clause */
/* A key file: whose it is, who may write it, its octets, and its lines that are wrong. */
#include "client/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/text.h"

enum { NAME_CAP = 512, MODE_MASK = 07777 };

struct keyfile {
	const struct logger *log;
	uid_t user;          /* may own it, besides root and the effective one */
	char name[NAME_CAP]; /* the path, printable */
	unsigned n_problems;
};

/* An error of the system is told and named. */
static int
fail(const struct keyfile *f, const char *what)
{
	int rc = errno == ENOENT ? ERR_NOTFOUND : ERR_IO;

	log_line(f->log, LOG_LEVEL_ERROR, "%s: %s: %s", f->name, what, strerror(errno));
	return rc;
}

static int
refuse(const struct keyfile *f, int rc, const char *what)
{
	log_line(f->log, LOG_LEVEL_ERROR, "%s: %s", f->name, what);
	return rc;
}

static int
check_mode(const struct keyfile *f, unsigned mode)
{
	if (mode & (S_IWGRP | S_IWOTH)) {
		log_line(f->log, LOG_LEVEL_ERROR,
		    "%s: mode %04o lets others write keys, not read (chmod go-w)",
		    f->name, mode);
		return ERR_IO;
	}
	if (mode & (S_IRGRP | S_IROTH))
		log_line(f->log, LOG_LEVEL_WARNING, "%s: mode %04o lets %s read the keys",
		    f->name, mode, mode & S_IROTH ? "everybody" : "its group");
	return 0;
}

/* Who owns a file can change it whatever its mode is. */
static int
check_owner(const struct keyfile *f, uid_t owner)
{
	if (owner == 0 || owner == geteuid() || owner == f->user)
		return 0;
	log_line(f->log, LOG_LEVEL_ERROR,
	    "%s: belongs to user %lu, neither root nor the one we run as, not read "
	    "(chown)",
	    f->name, (unsigned long)owner);
	return ERR_IO;
}

/* What is open: the path may mean something else by now. */
static int
check(const struct keyfile *f, int fd, size_t *len)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return fail(f, "fstat");
	if (!S_ISREG(st.st_mode))
		return refuse(f, ERR_IO, "not a regular file");
	*len = st.st_size < M6_KEYS_TEXT_MAX ? (size_t)st.st_size : M6_KEYS_TEXT_MAX;
	int rc = check_owner(f, st.st_uid);
	return rc != 0 ? rc : check_mode(f, st.st_mode & MODE_MASK);
}

/* *len: of the file, or of what is allowed. Without O_NONBLOCK the open of a FIFO would
 * wait for a writer. */
static int
open_checked(const struct keyfile *f, const char *path, int *fd_out, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return fail(f, "cannot be opened");
	int rc = check(f, fd, len);
	if (rc != 0) {
		close(fd);
		return rc;
	}
	*fd_out = fd;
	return 0;
}

/* Reads to the end, or fills `cap`. *len is right also after a failure. */
static int
read_all(const struct keyfile *f, int fd, char *text, size_t cap, size_t *len)
{
	*len = 0;
	while (*len < cap) {
		ssize_t n = read(fd, text + *len, cap - *len);
		if (n == 0)
			break;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(f, "cannot be read");
		*len += (size_t)n;
	}
	return 0;
}

static void
on_problem(void *ctx, unsigned line, const char *what)
{
	struct keyfile *f = ctx;

	if (f->n_problems++ < KEYFILE_PROBLEMS_MAX)
		log_line(f->log, LOG_LEVEL_WARNING, "%s:%u: %s", f->name, line, what);
}

static int
parse(struct keyfile *f, const char *text, size_t len, struct m6_keys **out)
{
	int rc = m6_keys_parse(text, len, on_problem, f, out);

	if (f->n_problems > KEYFILE_PROBLEMS_MAX)
		log_line(f->log, LOG_LEVEL_WARNING, "%s: problems that are not shown: %u",
		    f->name, f->n_problems - KEYFILE_PROBLEMS_MAX);
	if (rc == ERR_TOOBIG)
		return refuse(f, rc, "more than 1 MiB or 4096 keys");
	if (rc != 0)
		return refuse(f, rc, err_text(rc));
	if (m6_keys_count(*out) == 0)
		log_line(f->log, LOG_LEVEL_WARNING, "%s: holds no key", f->name);
	return 0;
}

/* The text goes into memory that no core holds. */
static int
load(struct keyfile *f, int fd, size_t expected, struct m6_keys **out)
{
	/* One octet more shows that the file is longer than it was, or than allowed. */
	const size_t cap = expected + 1;
	size_t len;
	char *text = m6_secret_alloc(cap);

	if (!text)
		return refuse(f, ERR_NOMEM, err_text(ERR_NOMEM));
	int rc = read_all(f, fd, text, cap, &len);
	if (rc == 0 && len == cap && expected < M6_KEYS_TEXT_MAX)
		rc = refuse(f, ERR_IO, "grew while it was read");
	if (rc == 0)
		rc = parse(f, text, len, out);
	m6_secret_free(text, cap);
	return rc;
}

int
keyfile_load(const char *path, uid_t user, const struct logger *log, struct m6_keys **out)
{
	struct keyfile f = { .log = log, .user = user };
	size_t len;
	int fd;

	text_ascii(path, strlen(path), f.name, sizeof(f.name));
	int rc = open_checked(&f, path, &fd, &len);
	if (rc != 0)
		return rc;
	rc = load(&f, fd, len, out);
	close(fd);
	return rc;
}
