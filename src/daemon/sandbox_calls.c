/* SPDX-License-Identifier: BSD-2-Clause */
/* Which system calls the program makes from the end of its start on, and why. The kernel
 * compares arguments that are numbers; what a pointer leads to, it does not see. */
#include "daemon/sandbox_calls.h"

#include <errno.h>
#include <linux/sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <termios.h>

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

/* clang-format off */
#define CALL(name, why) { SCMP_SYS(name), 0, { { 0 } }, why }
#define CALL_IF(name, a, why) { SCMP_SYS(name), 1, { a }, why }
#define CALL_IF_BOTH(name, a, b, why) { SCMP_SYS(name), 2, { a, b }, why }
/* Argument `n` is `value`; of argument `n`, the bits of `mask` are `value`. */
#define IS(n, value) { n, SCMP_CMP_EQ, (scmp_datum_t)(value), 0 }
#define BITS(n, mask, value) { n, SCMP_CMP_MASKED_EQ, (scmp_datum_t)(mask), (scmp_datum_t)(value) }

enum { THREAD_FLAGS = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND };

const struct sandbox_call sandbox_allowed[] = {
	/* Waiting, and what wakes us. */
	CALL(epoll_create1, "libuv, when the loop is made anew"),
	CALL(epoll_ctl, "libuv: a socket for each target"),
	CALL(epoll_pwait, "libuv's loop"),
	CALL(epoll_wait, "libuv's loop, older ones"),
	CALL(select, "Net-SNMP's loop"),
	CALL(pselect6, "Net-SNMP's loop, as newer C libraries do it"),
	CALL(poll, "the resolver; libuv's look whether a descriptor is one"),
	CALL(ppoll, "the resolver, as newer C libraries do it"),
	CALL(eventfd2, "libuv: threads wake the loop"),
	CALL(pipe2, "libuv: signals wake the loop"),
	CALL(timerfd_create, "the timer by which libuv wakes Net-SNMP's loop"),
	CALL(timerfd_settime, "the same timer"),
	CALL(nanosleep, "the end: libuv's handles are given time to close"),
	CALL(clock_nanosleep, "the same, as newer C libraries do it"),
	CALL(restart_syscall, "the kernel itself, for a wait that a signal broke"),

	/* The clock is read, where the machine has no vDSO for it; nothing here sets it. */
	CALL(clock_gettime, "the time"),
	CALL(clock_getres, "libuv: which clock is cheap"),
	CALL(gettimeofday, "Net-SNMP's times"),
	CALL(time, "dates in the log"),

	/* Sockets. Which families: sandbox.c. */
	CALL(bind, "the resolver's netlink socket; libuv"),
	CALL(connect, "targets, the master agent, syslog, the service manager, name services"),
	CALL(accept, "--master tcp:, whose socket listens already: there is no listen()"),
	CALL(accept4, "the same"),
	CALL(sendto, "questions, AgentX, syslog"),
	CALL(sendmsg, "the service manager, --master udp:"),
	CALL(sendmmsg, "the resolver asks for both families at once; questions"),
	CALL(recvfrom, "answers, AgentX"),
	CALL(recvmsg, "--master udp:, the resolver's netlink socket"),
	CALL(recvmmsg, "answers"),
	CALL(getsockname, "the resolver sorts addresses; --master"),
	CALL(getpeername, "name services; --master tcp:"),
	CALL(getsockopt, "errors of sockets; who a name service is"),
	CALL(setsockopt, "room for answers, how long to wait for a master that hangs"),
	CALL(shutdown, "a connection to the master agent that is spoilt"),

	/* Files: configuration, keys, what managers set, the log, name services. Which of them
	 * is the user's rights, and AppArmor's. */
	CALL(open, "files, by older C libraries"),
	CALL(openat, "files"),
	CALL(close, "descriptors"),
	CALL(read, "files, timers, pipes, streams"),
	CALL(pread64, "shared objects of name services"),
	CALL(write, "files, pipes"),
	CALL(writev, "the C library's complaints; syslog"),
	CALL(lseek, "files that stdio reads"),
	CALL(fcntl, "non-blocking, close-on-exec, locks of name services"),
	CALL(fstat, "key files, stdio, the library's pipes"),
	CALL(newfstatat, "files, by newer C libraries"),
	CALL(stat, "the configuration: what changed"),
	CALL(lstat, "the configuration"),
	CALL(statx, "files, by the newest C libraries"),
	CALL(statfs, "name services: is there SELinux"),
	CALL(fstatfs, "name services"),
	CALL(access, "which configuration files there are"),
	CALL(faccessat, "the same"),
	CALL(faccessat2, "the same; the socket of the master agent"),
	CALL(readlink, "name services"),
	CALL(readlinkat, "name services"),
	CALL(getcwd, "relative names"),
	CALL(getdents64, "includeDir in the configuration"),
	CALL(mkdir, "the persistent directory, when it is not there"),
	CALL(mkdirat, "the same"),
	CALL(rename, "what managers set is written beside and renamed"),
	CALL(renameat, "the same"),
	CALL(renameat2, "the same"),
	CALL(unlink, "old files of that kind, and the process id file"),
	CALL(unlinkat, "the same"),
	CALL(chmod, "the persistent file is the owner's alone"),
	CALL(fchmod, "the same"),
	CALL(umask, "the same"),
	CALL(fsync, "what managers set"),
	CALL(fdatasync, "the same"),
	CALL(ftruncate, "the same"),
	CALL_IF(ioctl, IS(1, FIONREAD), "the resolver: how long the answer is"),
	CALL_IF(ioctl, IS(1, FIONBIO), "libuv: non-blocking"),
	CALL_IF(ioctl, IS(1, TCGETS), "stdio: is this a terminal"),
	CALL_IF(ioctl, IS(1, SIOCGIFINDEX), "the resolver: the zone of fe80::1%eth0"),
	CALL_IF(ioctl, IS(1, SIOCGIFCONF), "--master: which address a trap of SNMPv1 is from"),
	CALL_IF(ioctl, IS(1, SIOCGIFFLAGS), "the same"),
	CALL_IF(ioctl, IS(1, SIOCGIFADDR), "the same"),

	/* Memory. Code comes from files only, as with the modules of name services, which are
	 * loaded with the first name that needs one; never from pages that were written. */
	CALL(brk, "malloc"),
	CALL_IF(mmap, BITS(2, PROT_EXEC, 0), "malloc, stacks of threads"),
	CALL_IF_BOTH(mmap, BITS(2, PROT_EXEC | PROT_WRITE, PROT_EXEC), BITS(3, MAP_ANONYMOUS, 0), "modules of name services"),
	CALL_IF(mprotect, BITS(2, PROT_EXEC, 0), "malloc, stacks of threads, relocated modules"),
	CALL(munmap, "malloc"),
	CALL(mremap, "large pieces that grow"),
	CALL(madvise, "memory goes back; secrets stay out of cores"),
	CALL(mlock, "secrets stay out of the swap"),
	CALL(mlock2, "the same"),
	CALL(munlock, "the same"),

	/* Threads: libuv's, which look up names. No other process. */
	CALL_IF(clone, BITS(0, THREAD_FLAGS, THREAD_FLAGS), "a thread"),
	CALL(set_robust_list, "a new thread"),
	CALL(rseq, "a new thread"),
	CALL(futex, "locks between threads"),
	CALL(sched_getaffinity, "how many threads are useful"),
	CALL(sched_yield, "malloc's locks"),
	CALL_IF(prctl, IS(0, PR_SET_NAME), "the name of a thread"),
	CALL_IF(prctl, IS(0, PR_SET_VMA), "the name of a piece of memory"),
	CALL_IF(prctl, IS(0, PR_GET_DUMPABLE), "sockets of name services"),
	CALL(exit, "the end of a thread"),
	CALL(exit_group, "the end"),

	/* Signals. To other processes, none. */
	CALL(rt_sigaction, "libuv: which signals are heard"),
	CALL(rt_sigprocmask, "libuv, new threads"),
	CALL(rt_sigreturn, "the end of a handler"),
	CALL(sigaltstack, "handlers, in new threads"),

	/* Who we are, what there is. */
	CALL(getpid, "the log, identifiers of questions to name servers"),
	CALL(gettid, "name services"),
	CALL(getppid, "name services"),
	CALL(getuid, "name services; ~ in paths"),
	CALL(geteuid, "whose the key file may be"),
	CALL(getgid, "name services"),
	CALL(getegid, "name services"),
	CALL(getgroups, "why the master agent's socket does not let us in"),
	CALL(uname, "the name of this machine"),
	CALL(sysinfo, "malloc; qsort"),
	CALL(getrandom, "sequence numbers, keys of OpenSSL"),
	CALL(getrlimit, "stacks of threads"),
	CALL_IF(prlimit64, IS(0, 0), "the limit of open files, which is raised for more targets"),
	CALL(getrusage, "OpenSSL's collection of entropy"),
};
const size_t sandbox_n_allowed = sizeof(sandbox_allowed) / sizeof(sandbox_allowed[0]);

/* Also in the strict mode. */
const struct sandbox_refusal sandbox_refused[] = {
	{ SCMP_SYS(clone3), ENOSYS, "its flags are behind a pointer; clone is taken then" },
	{ SCMP_SYS(io_uring_setup), ENOSYS, "libuv 1.45 and later tries it for files" },
	{ SCMP_SYS(listen), EPERM, "nothing begins to listen" },
};
const size_t sandbox_n_refused = sizeof(sandbox_refused) / sizeof(sandbox_refused[0]);

const int sandbox_deadly[] = {
	/* Other programs, other processes. */
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_getfd),
	SCMP_SYS(kcmp), SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(pidfd_send_signal),
	/* Another identity. */
	SCMP_SYS(setuid), SCMP_SYS(setgid), SCMP_SYS(setreuid), SCMP_SYS(setregid),
	SCMP_SYS(setresuid), SCMP_SYS(setresgid), SCMP_SYS(setfsuid), SCMP_SYS(setfsgid),
	SCMP_SYS(setgroups), SCMP_SYS(capset),
	/* The clock, which is the business of those we ask. */
	SCMP_SYS(clock_settime), SCMP_SYS(settimeofday), SCMP_SYS(adjtimex),
	SCMP_SYS(clock_adjtime),
	/* The machine. */
	SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(chroot),
	SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(init_module), SCMP_SYS(finit_module),
	SCMP_SYS(delete_module), SCMP_SYS(kexec_load), SCMP_SYS(reboot), SCMP_SYS(swapon),
	SCMP_SYS(swapoff), SCMP_SYS(sethostname), SCMP_SYS(setdomainname), SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(keyctl), SCMP_SYS(add_key),
	SCMP_SYS(request_key), SCMP_SYS(personality),
};
const size_t sandbox_n_deadly = sizeof(sandbox_deadly) / sizeof(sandbox_deadly[0]);
/* clang-format on */
