/* SPDX-License-Identifier: BSD-2-Clause */
/* The filter of system calls, each call tried in a process of its own: what is refused,
 * what is deadly, and that what the program needs still goes. */
#include "support/check.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/sandbox.h"

enum { PAGE = 4096, UNFILTERED = 200, CHILD_S = 20, NETLINK_KOBJECT_UEVENT_NUMBER = 15 };

/* How a process ended: the errno of its call, 0 when it went well; or killed by the
 * filter. */
#define DEAD (-1)

static int
result(long rc)
{
	return rc < 0 ? errno : 0;
}

/* --- what is not allowed ------------------------------------------------------------ */

static int
try_execve(void)
{
	char name[] = "true";
	char *argv[] = { name, NULL };
	char *envp[] = { NULL };

	return result(execve("/bin/true", argv, envp));
}

static int
try_fork(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid == 0)
		_exit(0);
	return result(pid);
}

static int
try_ptrace(void)
{
	return result(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int
try_look_into_another(void)
{
	return result(syscall(SYS_process_vm_readv, getppid(), NULL, 0L, NULL, 0L, 0L));
}

static int
try_setuid(void)
{
	return result(syscall(SYS_setuid, getuid()));
}

static int
try_kill(void)
{
	return result(kill(getppid(), 0));
}

/* With no mode: it would only read. */
static int
try_clock(void)
{
	struct timex t = { 0 };

	return result(adjtimex(&t));
}

static int
try_signal_to_another(void)
{
	return result(syscall(SYS_tgkill, getppid(), getppid(), 0));
}

static int
try_packet_socket(void)
{
	return result(socket(AF_PACKET, SOCK_DGRAM, 0));
}

static int
try_vsock_socket(void)
{
	return result(socket(AF_VSOCK, SOCK_STREAM, 0));
}

static int
try_other_netlink(void)
{
	return result(socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT_NUMBER));
}

static int
try_listen(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd < 0 ? UNFILTERED : result(listen(fd, 1));
}

static int
try_code_on_the_heap(void)
{
	void *at =
	    mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return result(at == MAP_FAILED ? -1 : 0);
}

static int
try_making_data_code(void)
{
	void *at =
	    mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? UNFILTERED
				: result(mprotect(at, PAGE, PROT_READ | PROT_EXEC));
}

static int
try_writable_code(void)
{
	int fd = open("/bin/true", O_RDONLY);
	void *at =
	    mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE, fd, 0);

	return result(at == MAP_FAILED ? -1 : 0);
}

static int
try_dumpable(void)
{
	return result(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int
try_limit_of_another(void)
{
	struct rlimit limit;

	return result(prlimit(getppid(), RLIMIT_NOFILE, NULL, &limit));
}

static int
try_memfd(void)
{
	return result(syscall(SYS_memfd_create, "", 0));
}

/* --- what is needed ----------------------------------------------------------------- */

static void *
look_up(void *family)
{
	struct addrinfo *list = NULL;
	struct addrinfo hints = { .ai_family = *(int *)family };
	int rc = getaddrinfo("localhost", "123", &hints, &list);

	if (rc == 0)
		freeaddrinfo(list);
	return rc == 0 ? NULL : family;
}

static int
need_names_in_threads(void)
{
	pthread_t thread;
	int family = AF_UNSPEC;
	void *failed = &family;

	if (pthread_create(&thread, NULL, look_up, &family) != 0 ||
	    pthread_join(thread, &failed) != 0)
		return UNFILTERED;
	return failed == NULL ? 0 : UNFILTERED;
}

/* The resolver, when the name is not in the file of hosts: whatever it finds. */
static int
need_name_servers(void)
{
	struct addrinfo *list = NULL;

	if (getaddrinfo("no-such-host.invalid", NULL, NULL, &list) == 0)
		freeaddrinfo(list);
	return 0;
}

static int
need_zones(void)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	struct addrinfo *list = NULL;
	int got = UNFILTERED;

	if (getaddrinfo("fe80::1%lo", NULL, &hints, &list) != 0)
		return got;
	if (((const struct sockaddr_in6 *)(const void *)list->ai_addr)->sin6_scope_id !=
	    0)
		got = 0;
	freeaddrinfo(list);
	return got;
}

static int
need_code_of_files(void)
{
	int fd = open("/bin/true", O_RDONLY);
	void *at = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	return result(fd < 0 || at == MAP_FAILED ? -1 : 0);
}

static int
need_files(void)
{
	char old[] = "/tmp/test_sandbox.XXXXXX";
	char new[sizeof(old) + 4];
	int fd = mkstemp(old);
	FILE *f;

	snprintf(new, sizeof(new), "%s.new", old);
	if (fd < 0 || fsync(fd) != 0 || close(fd) != 0 || rename(old, new) != 0)
		return errno;
	f = fopen(new, "a");
	if (f == NULL || fputs("line\n", f) < 0 || fclose(f) != 0)
		return errno;
	return result(unlink(new));
}

static int
need_memory(void)
{
	char *p = malloc(64 * PAGE);
	char *larger = p == NULL ? NULL : realloc(p, 4096 * PAGE);

	if (larger == NULL)
		return errno;
	memset(larger, 1, 4096 * PAGE);
	free(larger);
	return 0;
}

static int
need_sockets(void)
{
	static const int wanted[] = { AF_INET, AF_INET6, AF_UNIX, AF_NETLINK };

	for (size_t i = 0; i < COUNT(wanted); i++) {
		/* Whether the machine has the family is not the filter's. */
		int fd = socket(wanted[i], SOCK_DGRAM | SOCK_CLOEXEC, 0);

		if (fd < 0 && wanted[i] != AF_INET6)
			return errno;
		close(fd);
	}
	return 0;
}

static int
need_higher_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return errno;
	return result(setrlimit(RLIMIT_NOFILE, &limit));
}

static const struct {
	const char *what;
	int (*attempt)(void);
	int on, strict;
} cases[] = {
	{ "execve", try_execve, DEAD, DEAD },
	{ "a process", try_fork, ENOSYS, DEAD },
	{ "ptrace", try_ptrace, DEAD, DEAD },
	{ "memory of others", try_look_into_another, DEAD, DEAD },
	{ "setuid", try_setuid, DEAD, DEAD },
	{ "kill", try_kill, DEAD, DEAD },
	{ "the clock", try_clock, DEAD, DEAD },
	{ "signals to others", try_signal_to_another, ENOSYS, DEAD },
	{ "AF_PACKET", try_packet_socket, EAFNOSUPPORT, EAFNOSUPPORT },
	{ "AF_VSOCK", try_vsock_socket, EAFNOSUPPORT, EAFNOSUPPORT },
	{ "other netlink", try_other_netlink, EAFNOSUPPORT, EAFNOSUPPORT },
	{ "listen", try_listen, EPERM, EPERM },
	{ "anonymous code", try_code_on_the_heap, ENOSYS, DEAD },
	{ "data made code", try_making_data_code, ENOSYS, DEAD },
	{ "writable code", try_writable_code, ENOSYS, DEAD },
	{ "dumpable", try_dumpable, ENOSYS, DEAD },
	{ "limits of others", try_limit_of_another, ENOSYS, DEAD },
	{ "memfd_create", try_memfd, ENOSYS, DEAD },
	{ "names in threads", need_names_in_threads, 0, 0 },
	{ "name servers", need_name_servers, 0, 0 },
	{ "zones by name", need_zones, 0, 0 },
	{ "code of files", need_code_of_files, 0, 0 },
	{ "files", need_files, 0, 0 },
	{ "memory", need_memory, 0, 0 },
	{ "sockets", need_sockets, 0, 0 },
	{ "a higher limit", need_higher_limit, 0, 0 },
};

/* Runs it under the filter; the exit code is its result. */
static int
outcome_of(int (*attempt)(void), enum sandbox_mode mode)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		const struct rlimit none = { 0, 0 };

		setrlimit(RLIMIT_CORE, &none);
		alarm(CHILD_S);
		_exit(sandbox_enter(mode, NULL) == 0 ? attempt() : UNFILTERED + 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? DEAD : UNFILTERED + WTERMSIG(status);
	return WEXITSTATUS(status);
}

static void
check_all(enum sandbox_mode mode)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < COUNT(cases); i++) {
		int wanted = mode == SANDBOX_ON ? cases[i].on : cases[i].strict;
		int got = outcome_of(cases[i].attempt, mode);

		if (got == wanted)
			continue;
		wrong++;
		print_error("%s: %d, expected %d\n", cases[i].what, got, wanted);
	}
	assert_int_equal(wrong, 0);
}

static void
refuses_or_kills(void **state)
{
	(void)state;
	check_all(SANDBOX_ON);
}

static void
kills_for_anything_when_strict(void **state)
{
	(void)state;
	check_all(SANDBOX_STRICT);
}

/* Without the filter these would be possible here: the cases above show something. */
static void
lets_everything_when_off(void **state)
{
	(void)state;
	assert_int_equal(outcome_of(try_fork, SANDBOX_OFF), 0);
	assert_int_equal(outcome_of(try_memfd, SANDBOX_OFF), 0);
	assert_int_equal(outcome_of(try_making_data_code, SANDBOX_OFF), 0);
	assert_int_equal(outcome_of(try_dumpable, SANDBOX_OFF), 0);
	assert_int_equal(outcome_of(try_listen, SANDBOX_OFF), 0);
}

static int go[2];

static void *
wait_and_try(void *ctx)
{
	char c;

	if (read(go[0], &c, 1) == 1)
		*(int *)ctx = try_packet_socket();
	return NULL;
}

static int
try_in_an_older_thread(void)
{
	pthread_t thread;
	int got = UNFILTERED;

	if (pipe(go) != 0 || pthread_create(&thread, NULL, wait_and_try, &got) != 0 ||
	    sandbox_enter(SANDBOX_ON, NULL) != 0 || write(go[1], "", 1) != 1 ||
	    pthread_join(thread, NULL) != 0)
		return UNFILTERED;
	return got;
}

static void
holds_for_threads_that_are_there_already(void **state)
{
	(void)state;
	assert_int_equal(outcome_of(try_in_an_older_thread, SANDBOX_OFF), EAFNOSUPPORT);
}

/* --- a kernel that will not --------------------------------------------------------- */

enum { FILTER_REFUSED = EACCES, SAYS_SO = 1, GOES_ON = 2, GIVES_UP = 4 };

static int said;

static void
look_for_reason(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	if (level == LOG_LEVEL_ERROR && strstr(line, strerror(FILTER_REFUSED)) != NULL &&
	    strstr(line, "--filter off") != NULL)
		said |= SAYS_SO;
}

/* From now on no further filter can be set, whichever way it is tried. */
static bool
forbid_filters(void)
{
	const struct scmp_arg_cmp by_prctl[] = { { 0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0 } };
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	return filter != NULL &&
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(FILTER_REFUSED), SCMP_SYS(seccomp),
		0) == 0 &&
	    seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(FILTER_REFUSED),
		SCMP_SYS(prctl), 1, by_prctl) == 0 &&
	    seccomp_load(filter) == 0;
}

static int
enter_refused(enum sandbox_mode mode)
{
	const struct logger log = { look_for_reason, NULL };

	if (!forbid_filters())
		return UNFILTERED;
	said |= sandbox_enter(mode, &log) == 0 ? GOES_ON : GIVES_UP;
	/* Nothing is in force by halves. */
	return try_memfd() == 0 ? said : UNFILTERED;
}

static int
enter_on(void)
{
	return enter_refused(SANDBOX_ON);
}

static int
enter_strict(void)
{
	return enter_refused(SANDBOX_STRICT);
}

static int
enter_off(void)
{
	return enter_refused(SANDBOX_OFF);
}

/* Whoever wants the filter is not run without: the reason is said, and the way out. */
static void
filter_that_the_kernel_refuses_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(outcome_of(enter_on, SANDBOX_OFF), SAYS_SO | GIVES_UP);
	assert_int_equal(outcome_of(enter_strict, SANDBOX_OFF), SAYS_SO | GIVES_UP);
	assert_int_equal(outcome_of(enter_off, SANDBOX_OFF), GOES_ON);
}

static void
knows_its_words(void **state)
{
	enum sandbox_mode mode = SANDBOX_OFF;

	(void)state;
	assert_true(sandbox_mode_of(NULL, &mode));
	assert_int_equal(mode, SANDBOX_ON);
	assert_true(sandbox_mode_of("off", &mode));
	assert_int_equal(mode, SANDBOX_OFF);
	assert_true(sandbox_mode_of("strict", &mode));
	assert_int_equal(mode, SANDBOX_STRICT);
	assert_false(sandbox_mode_of("yes", &mode));
	assert_false(sandbox_mode_of("", &mode));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_or_kills),
		cmocka_unit_test(kills_for_anything_when_strict),
		cmocka_unit_test(lets_everything_when_off),
		cmocka_unit_test(holds_for_threads_that_are_there_already),
		cmocka_unit_test(filter_that_the_kernel_refuses_is_an_error),
		cmocka_unit_test(knows_its_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
