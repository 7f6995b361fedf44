/* SPDX-License-Identifier: BSD-2-Clause */
/* Where secrets of a key file are in memory: in nothing that a core would hold. The
 * secret is made in one process and looked for in another, against a text that it is only
 * one half of, so that the test itself does not hold it. */
#include "support/check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/keyfile.h"
#include "mode6/auth.h"
#include "mode6/packet.h"

enum {
	SECRET_LEN = 20,
	LINE_CAP = 256,
	PATH_CAP = 256,
	NAME_CAP = 16,
	CORE_CHUNK = 1 << 16,
	FOUND = 10,
	ABSENT = 11,
	BROKEN = 12,
};

/* Shared with the other processes; the secret is mask ^ other. */
static struct halves {
	uint8_t mask[SECRET_LEN], other[SECRET_LEN];
} * halves;

static char directory[] = "/tmp/test_secrets.XXXXXX";
static char path[PATH_CAP];

static bool
is_here(const uint8_t *at)
{
	for (size_t i = 0; i < SECRET_LEN; i++) {
		if ((at[i] ^ halves->mask[i]) != halves->other[i])
			return false;
	}
	return true;
}

static bool
is_in(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i + SECRET_LEN <= len; i++) {
		if (is_here(bytes + i))
			return true;
	}
	return false;
}

/* In a process that ends at once. Hexadecimal, so that all its characters are allowed. */
static void
write_key_file(bool unused)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t random[SECRET_LEN];
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	(void)unused;

	if (getrandom(random, sizeof(random), 0) != sizeof(random) ||
	    getrandom(halves->mask, sizeof(halves->mask), 0) != sizeof(halves->mask) ||
	    write(fd, "1 SHA256 ", 9) != 9)
		_exit(BROKEN);
	for (size_t i = 0; i < SECRET_LEN; i++) {
		char c = digits[random[i] & 15];

		halves->other[i] = (uint8_t)c ^ halves->mask[i];
		if (write(fd, &c, 1) != 1)
			_exit(BROKEN);
	}
	_exit(write(fd, "\n", 1) == 1 ? 0 : BROKEN);
}

/* Whether it is in a mapping that a core would hold. */
static int
search_memory(void)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	char line[LINE_CAP], access[NAME_CAP] = "";
	unsigned long from = 0, to = 0;

	if (f == NULL)
		return BROKEN;
	while (fgets(line, sizeof(line), f) != NULL) {
		unsigned long a, b;

		if (sscanf(line, "%lx-%lx %15s", &a, &b, access) == 3 &&
		    strchr(line, '-') < strchr(line, ' ')) {
			from = a;
			to = b;
			if (strstr(line, "[v") != NULL) /* the kernel's own */
				to = from;
			if (access[0] != 'r')
				to = from;
		}
		if (strncmp(line, "VmFlags:", 8) != 0 || strstr(line, " dd") != NULL)
			continue;
		/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
		if (is_in((const uint8_t *)from, to - from))
			return FOUND;
	}
	fclose(f);
	return ABSENT;
}

static struct m6_keys *
load_and_sign(bool is_guarded)
{
	uint8_t datagram[M6_DATAGRAM_MAX] = { 0 };
	size_t len = M6_HEADER_LEN;
	struct m6_keys *keys = NULL;

	if (is_guarded)
		m6_secrets_guard();
	if (keyfile_load(path, geteuid(), NULL, &keys) != 0 ||
	    m6_mac_append(m6_keys_only(keys), M6_MAC_ALIGN_8, datagram, sizeof(datagram),
		&len) != 0)
		_exit(BROKEN);
	return keys;
}

static int
child(void (*run)(bool), bool is_guarded)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		run(is_guarded);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void
run_search(bool is_guarded)
{
	struct m6_keys *keys = load_and_sign(is_guarded);
	int verdict = search_memory();

	m6_keys_free(keys);
	_exit(verdict);
}

static void
run_search_after_free(bool is_guarded)
{
	m6_keys_free(load_and_sign(is_guarded));
	_exit(search_memory());
}

static void
run_abort(bool is_guarded)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

	(void)load_and_sign(is_guarded);
	if (chdir(directory) != 0 || setrlimit(RLIMIT_CORE, &all) != 0)
		_exit(BROKEN);
	signal(SIGABRT, SIG_DFL);
	abort();
}

static void
finds_it_where_it_is_not_guarded(void **state)
{
	(void)state;
	assert_int_equal(child(run_search, false), FOUND);
}

static void
guards_it_in_use(void **state)
{
	(void)state;
	assert_int_equal(child(run_search, true), ABSENT);
}

static void
wipes_it_in_any_case(void **state)
{
	(void)state;
	assert_int_equal(child(run_search_after_free, false), ABSENT);
	assert_int_equal(child(run_search_after_free, true), ABSENT);
}

/* False where cores go to a program or to another directory. */
static bool
cores_stay_here(void)
{
	char pattern[LINE_CAP] = "";
	FILE *f = fopen("/proc/sys/kernel/core_pattern", "r");

	if (f == NULL)
		return false;
	if (fgets(pattern, sizeof(pattern), f) == NULL)
		pattern[0] = '\0';
	fclose(f);
	return strcmp(pattern, "core\n") == 0;
}

/* Wipes what it has read: the next process is a copy of this one. */
static int
search_core(const char *name)
{
	static uint8_t chunk[SECRET_LEN + CORE_CHUNK];
	int fd = open(name, O_RDONLY), verdict = ABSENT;
	size_t kept = 0;
	ssize_t n;

	if (fd < 0)
		return BROKEN;
	while (verdict == ABSENT && (n = read(fd, chunk + kept, CORE_CHUNK)) > 0) {
		size_t len = kept + (size_t)n;

		if (is_in(chunk, len))
			verdict = FOUND;
		kept = len < SECRET_LEN ? len : SECRET_LEN - 1;
		memmove(chunk, chunk + len - kept, kept);
	}
	close(fd);
	m6_cleanse(chunk, sizeof(chunk));
	return verdict;
}

static int
in_core(bool is_guarded)
{
	char name[PATH_CAP];
	int found = BROKEN;

	assert_int_equal(child(run_abort, is_guarded), -SIGABRT);
	/* By kernel.core_uses_pid there is a number behind it. */
	snprintf(name, sizeof(name), "cd %s && mv core* the-core", directory);
	if (system(name) == 0) {
		snprintf(name, sizeof(name), "%s/the-core", directory);
		found = search_core(name);
		unlink(name);
	}
	return found;
}

static void
leaves_it_out_of_a_core(void **state)
{
	(void)state;
	if (!cores_stay_here()) {
		print_message("cores are not written to the working directory here\n");
		return;
	}
	assert_int_equal(in_core(false), FOUND);
	assert_int_equal(in_core(true), ABSENT);
}

static int
set_up(void **state)
{
	(void)state;
	halves = mmap(NULL, sizeof(*halves), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (halves == MAP_FAILED || mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/keys", directory);
	return child(write_key_file, false) == 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_it_where_it_is_not_guarded),
		cmocka_unit_test(guards_it_in_use),
		cmocka_unit_test(wipes_it_in_any_case),
		cmocka_unit_test(leaves_it_out_of_a_core),
	};

#ifdef ALLOWS_TRACING
	/* AddressSanitizer maps more than can be searched, and keeps what was freed. */
	(void)tests;
	(void)set_up;
	(void)tear_down;
	puts("no search: this program's memory is that of a sanitizer");
	return 0;
#else
	return cmocka_run_group_tests(tests, set_up, tear_down);
#endif
}
