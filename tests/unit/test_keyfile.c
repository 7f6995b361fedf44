/* SPDX-License-Identifier: BSD-2-Clause */
/* Key files on disk: which are read, which are refused, and what is logged. */
#include "support/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "client/keyfile.h"
#include "support/mem_watch.h"

enum { PATH_CAP = 1024, LOG_CAP = 8192 };
static const char secret_text[] = "Ali-Baba-40";
#define GOOD_LINE "7 MD5 Ali-Baba-40\n"

/* A directory of its own, and what was logged: "E line\n", "W line\n". */
struct bench {
	char dir[64];
	char path[PATH_CAP];
	char log[LOG_CAP];
	size_t log_len;
	unsigned n_lines;
	struct logger logger;
};

static void
take_line(void *ctx, enum log_level level, const char *line)
{
	struct bench *b = ctx;
	int n = snprintf(b->log + b->log_len, LOG_CAP - b->log_len, "%c %s\n",
	    level == LOG_LEVEL_ERROR ? 'E' : 'W', line);

	assert_true(n > 0 && (size_t)n < LOG_CAP - b->log_len);
	b->log_len += (size_t)n;
	b->n_lines++;
}

static int
set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	const char *tmp = getenv("TMPDIR");

	assert_non_null(b);
	snprintf(b->dir, sizeof(b->dir), "%s/keyfile.XXXXXX",
	    tmp && strlen(tmp) < 40 ? tmp : "/tmp");
	assert_non_null(mkdtemp(b->dir));
	snprintf(b->path, sizeof(b->path), "%s/keys", b->dir);
	b->logger = (struct logger){ .write = take_line, .ctx = b };
	*state = b;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *b = *state;

	unlink(b->path);
	rmdir(b->dir);
	free(b);
	return 0;
}

static void
write_file(const struct bench *b, const void *text, size_t len, mode_t mode)
{
	int fd = open(b->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void
write_text(const struct bench *b, const char *text, mode_t mode)
{
	write_file(b, text, strlen(text), mode);
}

static int
lowest_descriptor(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	close(fd);
	return fd;
}

/* Loads with an empty log, and sees that a failure changes nothing and that no
 * descriptor stays open. */
static int
load(struct bench *b, const char *path, struct m6_keys **out)
{
	struct m6_keys *const before = *out;
	int lowest = lowest_descriptor();

	b->log[0] = '\0';
	b->log_len = 0;
	b->n_lines = 0;
	int rc = keyfile_load(path, geteuid(), &b->logger, out);
	assert_int_equal(lowest_descriptor(), lowest);
	if (rc != 0)
		assert_ptr_equal(*out, before);
	return rc;
}

/* The log is these lines, in which %s stands for the path. */
static void
assert_log(const struct bench *b, const char *level, const char *rest)
{
	char expected[LOG_CAP];

	if (!rest) {
		assert_string_equal(b->log, "");
		return;
	}
	snprintf(expected, sizeof(expected), "%s %s%s\n", level, b->path, rest);
	assert_string_equal(b->log, expected);
}

static void
a_file_of_our_own_is_read_in_silence(void **state)
{
	struct bench *b = *state;
	struct m6_keys *keys = NULL;

	write_text(b, "# keys\n" GOOD_LINE "9 SHA256 other\n", 0600);
	assert_int_equal(load(b, b->path, &keys), 0);
	assert_log(b, "", NULL);
	assert_int_equal(m6_keys_count(keys), 2);
	assert_string_equal(m6_key_type(m6_keys_find(keys, 7)), "MD5");
	assert_string_equal(m6_key_type(m6_keys_find(keys, 9)), "SHA256");
	m6_keys_free(keys);
}

static void
the_mode_decides(void **state)
{
	static const struct {
		mode_t mode;
		int rc;
		const char *level, *rest;
	} rows[] = {
		{ 0400, 0, "", NULL },
		{ 0600, 0, "", NULL },
		{ 0700, 0, "", NULL },
		{ 0611, 0, "", NULL },
		{ 0440, 0, "W", ": mode 0440 lets its group read the keys" },
		{ 0640, 0, "W", ": mode 0640 lets its group read the keys" },
		{ 0644, 0, "W", ": mode 0644 lets everybody read the keys" },
		{ 0604, 0, "W", ": mode 0604 lets everybody read the keys" },
		{ 0660, ERR_IO, "E",
		    ": mode 0660 lets others write keys, not read (chmod go-w)" },
		{ 0620, ERR_IO, "E",
		    ": mode 0620 lets others write keys, not read (chmod go-w)" },
		{ 0602, ERR_IO, "E",
		    ": mode 0602 lets others write keys, not read (chmod go-w)" },
		{ 0666, ERR_IO, "E",
		    ": mode 0666 lets others write keys, not read (chmod go-w)" },
		{ 0777, ERR_IO, "E",
		    ": mode 0777 lets others write keys, not read (chmod go-w)" },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct m6_keys *keys = NULL;
		write_text(b, GOOD_LINE, rows[i].mode);
		assert_int_equal(load(b, b->path, &keys), rows[i].rc);
		assert_log(b, rows[i].level, rows[i].rest);
		assert_int_equal(m6_keys_count(keys), rows[i].rc == 0 ? 1 : 0);
		m6_keys_free(keys);
		unlink(b->path);
	}
}

enum { STRANGER = 54321, SERVANT = 54322 };

/* Whoever owns it can change it. */
static void
file_of_a_stranger_is_refused(void **state)
{
	struct bench *b = *state;
	struct m6_keys *keys = NULL;

	if (geteuid() != 0)
		skip();
	write_text(b, GOOD_LINE, 0600);
	assert_int_equal(chown(b->path, STRANGER, 0), 0);
	assert_int_equal(load(b, b->path, &keys), ERR_IO);
	assert_log(b, "E",
	    ": belongs to user 54321, neither root nor the one we run as, not read "
	    "(chown)");
	assert_int_equal(chown(b->path, 0, STRANGER), 0);
	assert_int_equal(load(b, b->path, &keys), 0);
	assert_log(b, "", NULL);
	m6_keys_free(keys);
}

static void
files_of_root_and_our_own_are_read_by_a_servant(void **state)
{
	static const struct {
		uid_t owner;
		int rc;
	} rows[] = { { 0, 0 }, { SERVANT, 0 }, { STRANGER, ERR_IO } };
	struct bench *b = *state;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(b->dir, 0755), 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct m6_keys *keys = NULL;

		write_text(b, GOOD_LINE, 0644);
		assert_int_equal(chown(b->path, rows[i].owner, 0), 0);
		assert_int_equal(seteuid(SERVANT), 0);
		int rc = load(b, b->path, &keys);
		assert_int_equal(seteuid(0), 0);
		assert_int_equal(rc, rows[i].rc);
		m6_keys_free(keys);
	}
}

static void
what_is_not_there_is_not_found(void **state)
{
	struct bench *b = *state;
	struct m6_keys *keys = NULL;

	assert_int_equal(load(b, b->path, &keys), ERR_NOTFOUND);
	assert_log(b, "E", ": cannot be opened: No such file or directory");
	assert_int_equal(load(b, "", &keys), ERR_NOTFOUND);
}

static void
only_regular_files_are_read(void **state)
{
	struct bench *b = *state;
	struct m6_keys *keys = NULL;

	assert_int_equal(mkdir(b->path, 0700), 0);
	assert_int_equal(load(b, b->path, &keys), ERR_IO);
	assert_log(b, "E", ": not a regular file");
	rmdir(b->path);
	/* Nobody will ever write to it. */
	assert_int_equal(mkfifo(b->path, 0600), 0);
	assert_int_equal(load(b, b->path, &keys), ERR_IO);
	assert_log(b, "E", ": not a regular file");
	unlink(b->path);
	assert_int_equal(load(b, "/dev/null", &keys), ERR_IO);
	assert_int_equal(load(b, "/dev/tty", &keys), ERR_IO);
}

static void
a_link_leads_to_the_file(void **state)
{
	struct bench *b = *state;
	char link_path[PATH_CAP];
	struct m6_keys *keys = NULL;

	snprintf(link_path, sizeof(link_path), "%s/link", b->dir);
	write_text(b, GOOD_LINE, 0600);
	assert_int_equal(symlink("keys", link_path), 0);
	assert_int_equal(load(b, link_path, &keys), 0);
	assert_log(b, "", NULL);
	m6_keys_free(keys);
	keys = NULL;
	/* Its own mode means nothing, the file's does. */
	assert_int_equal(chmod(b->path, 0666), 0);
	assert_int_equal(load(b, link_path, &keys), ERR_IO);
	unlink(link_path);
}

/* This process's memory is a regular file of ours whose first octets cannot be read. */
static void
a_failing_read_is_told(void **state)
{
	struct bench *b = *state;
	struct m6_keys *keys = NULL;

	if (access("/proc/self/mem", R_OK) != 0)
		skip();
	assert_int_equal(load(b, "/proc/self/mem", &keys), ERR_IO);
	assert_string_equal(b->log,
	    "E /proc/self/mem: cannot be read: Input/output error\n");
}

/* This one says that it is empty, and is not. */
static void
a_file_that_grows_is_told(void **state)
{
	struct bench *b = *state;
	struct m6_keys *keys = NULL;

	if (access("/proc/self/environ", R_OK) != 0)
		skip();
	assert_int_equal(load(b, "/proc/self/environ", &keys), ERR_IO);
	assert_string_equal(b->log, "E /proc/self/environ: grew while it was read\n");
}

static void
an_unreadable_file_is_told(void **state)
{
	struct bench *b = *state;
	struct m6_keys *keys = NULL;

	const uid_t user = geteuid();
	enum { NOBODY = 65534 };

	write_text(b, GOOD_LINE, 0200);
	/* Root may read everything. */
	if (user == 0)
		assert_int_equal(seteuid(NOBODY), 0);
	assert_int_equal(load(b, b->path, &keys), ERR_IO);
	assert_int_equal(seteuid(user), 0);
	assert_log(b, "E", ": cannot be opened: Permission denied");
}

static void
length_has_a_limit(void **state)
{
	struct bench *b = *state;
	struct m6_keys *keys = NULL;
	char *text = malloc(M6_KEYS_TEXT_MAX + 1);

	assert_non_null(text);
	memset(text, '\n', M6_KEYS_TEXT_MAX + 1);
	memcpy(text, GOOD_LINE, sizeof(GOOD_LINE) - 1);
	write_file(b, text, M6_KEYS_TEXT_MAX + 1, 0600);
	assert_int_equal(load(b, b->path, &keys), ERR_TOOBIG);
	assert_log(b, "E", ": more than 1 MiB or 4096 keys");
	write_file(b, text, M6_KEYS_TEXT_MAX, 0600);
	assert_int_equal(load(b, b->path, &keys), 0);
	assert_int_equal(m6_keys_count(keys), 1);
	m6_keys_free(keys);
	free(text);
}

static void
wrong_lines_are_logged_with_their_place(void **state)
{
	struct bench *b = *state;
	struct m6_keys *keys = NULL;
	char expected[LOG_CAP];

	write_text(b,
	    GOOD_LINE "\nAli-Baba-40 MD5 7\n8 Ali-Baba-40 MD5\n9 MD4 Ali-Baba-40\n",
	    0600);
	assert_int_equal(load(b, b->path, &keys), 0);
	snprintf(expected, sizeof(expected),
	    "W %s:3: does not begin with a key's number, 1 to 65535\n"
	    "W %s:4: key 8: unknown type; known are MD5, SHA1, SHA256, AES128CMAC, and "
	    "OpenSSL's\n"
	    "W %s:5: key 9: this OpenSSL refuses MD4 (FIPS, or a provider that is not "
	    "loaded)\n",
	    b->path, b->path, b->path);
	assert_string_equal(b->log, expected);
	assert_int_equal(m6_keys_count(keys), 1);
	m6_keys_free(keys);
}

/* A log file given by mistake shall not fill another one. */
static void
many_wrong_lines_are_counted(void **state)
{
	static const struct {
		unsigned n_wrong;
		const char *last;
	} rows[] = {
		{ KEYFILE_PROBLEMS_MAX,
		    ":20: does not begin with a key's number, 1 to 65535" },
		{ KEYFILE_PROBLEMS_MAX + 1, ": problems that are not shown: 1" },
		{ 1000, ": problems that are not shown: 980" },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[2048] = "", last[PATH_CAP + 64];
		struct m6_keys *keys = NULL;
		for (unsigned j = 0; j < rows[i].n_wrong; j++)
			memcpy(text + 2 * j, "x\n", 3);
		memcpy(text + 2 * rows[i].n_wrong, GOOD_LINE, sizeof(GOOD_LINE));
		write_text(b, text, 0600);
		assert_int_equal(load(b, b->path, &keys), 0);
		assert_int_equal(b->n_lines,
		    KEYFILE_PROBLEMS_MAX + (rows[i].n_wrong > KEYFILE_PROBLEMS_MAX));
		int n = snprintf(last, sizeof(last), "W %s%s\n", b->path, rows[i].last);
		assert_string_equal(b->log + b->log_len - n, last);
		m6_keys_free(keys);
	}
}

static void
a_file_without_keys_is_told(void **state)
{
	static const char *const texts[] = { "", "# nothing\n" };
	struct bench *b = *state;

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct m6_keys *keys = NULL;
		write_text(b, texts[i], 0600);
		assert_int_equal(load(b, b->path, &keys), 0);
		assert_log(b, "W", ": holds no key");
		assert_int_equal(m6_keys_count(keys), 0);
		m6_keys_free(keys);
	}
}

static void
paths_are_printed_clean(void **state)
{
	struct bench *b = *state;
	struct m6_keys *keys = NULL;
	char path[PATH_CAP];

	assert_int_equal(load(b, "/nowhere/\x1b[31m\n\xff%s", &keys), ERR_NOTFOUND);
	assert_string_equal(b->log,
	    "E /nowhere/?[31m??%s: cannot be opened: No such file or directory\n");
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(load(b, path, &keys), ERR_IO);
	assert_non_null(strstr(b->log, "aaa: cannot be opened: File name too long\n"));
}

static void
nobody_need_listen(void **state)
{
	struct bench *b = *state;
	struct m6_keys *keys = NULL;

	assert_int_equal(keyfile_load(b->path, geteuid(), NULL, &keys), ERR_NOTFOUND);
	write_text(b, "x\n" GOOD_LINE, 0644);
	assert_int_equal(keyfile_load(b->path, geteuid(), NULL, &keys), 0);
	m6_keys_free(keys);
}

/* And what is released on the way holds no secret. */
static void
memory_may_be_out_at_any_time(void **state)
{
	struct bench *b = *state;
	unsigned n = 0;
	bool is_over = false;

	write_text(b, "x\n" GOOD_LINE "8 AES Ali-Baba-40\n" GOOD_LINE, 0600);
	mem_watch_secret(secret_text, sizeof(secret_text) - 1);
	while (!is_over) {
		struct m6_keys *keys = NULL;
		mem_watch_fail(++n);
		int rc = load(b, b->path, &keys);
		is_over = !mem_watch_failed();
		mem_watch_fail(0);
		assert_int_equal(rc, is_over ? 0 : ERR_NOMEM);
		assert_int_equal(strstr(b->log, "out of memory") != NULL, !is_over);
		m6_keys_free(keys);
	}
	assert_true(n > 4 && mem_watch_released() > n);
	assert_int_equal(mem_watch_found(), 0);
	mem_watch_secret(NULL, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_of_our_own_is_read_in_silence,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_mode_decides, set_up, tear_down),
		cmocka_unit_test_setup_teardown(file_of_a_stranger_is_refused, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    files_of_root_and_our_own_are_read_by_a_servant, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_not_there_is_not_found, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(only_regular_files_are_read, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(a_link_leads_to_the_file, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(a_file_that_grows_is_told, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(a_failing_read_is_told, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(an_unreadable_file_is_told, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(length_has_a_limit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(wrong_lines_are_logged_with_their_place,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_wrong_lines_are_counted, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(a_file_without_keys_is_told, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(paths_are_printed_clean, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(nobody_need_listen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(memory_may_be_out_at_any_time, set_up,
		    tear_down),
	};

	/* This machine's policy is not what is tested. */
	setenv("OPENSSL_CONF", "/dev/null", 1);
	mem_watch_openssl();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
