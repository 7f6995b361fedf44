/* SPDX-License-Identifier: BSD-2-Clause */
/* libuv nested in Net-SNMP's loop. */
#include "daemon/loop.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "snmp/runtime.h"

/* Closing takes a round or two; a look-up in a dead name service, many seconds. */
enum { END_ROUNDS = 20, END_ROUND_MS = 10 };

struct loop {
	uv_loop_t uv;
	int timer_fd;
	bool is_nested;
	/* A callback has run, and may have started handles that epoll does not know yet.
	 */
	bool owes_turn;
	int64_t armed_ns; /* when timer_fd goes off; CLOCK_NEVER: it has */
};

struct loop *
loop_new(void)
{
	struct loop *l = mem_calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	if (uv_loop_init(&l->uv) != 0) {
		mem_free(l);
		return NULL;
	}
	l->timer_fd = -1;
	l->owes_turn = true;
	l->armed_ns = CLOCK_NEVER;
	return l;
}

/* Input is taken as soon as select() reports it, before the agent's own work, so that a
 * long SNMP request does not age the answers of the daemons. */
static void
on_backend(int fd, void *ctx)
{
	struct loop *l = ctx;

	(void)fd;
	uv_run(&l->uv, UV_RUN_NOWAIT);
	l->owes_turn = true;
}

static void
on_timer(int fd, void *ctx)
{
	struct loop *l = ctx;
	uint64_t expirations;

	l->armed_ns = CLOCK_NEVER;
	/* Only the wake-up matters; the timers themselves are libuv's. */
	while (read(fd, &expirations, sizeof(expirations)) > 0)
		;
}

int
loop_nest(struct loop *l)
{
	int err;

	l->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (l->timer_fd < 0)
		return ERR_IO;
	err = runtime_watch(uv_backend_fd(&l->uv), on_backend, l);
	if (err == 0)
		err = runtime_watch(l->timer_fd, on_timer, l);
	l->is_nested = err == 0;
	return err;
}

static void
close_handle(uv_handle_t *handle, void *ctx)
{
	(void)ctx;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

bool
loop_free(struct loop *l)
{
	if (l == NULL)
		return true;
	if (l->is_nested) {
		runtime_unwatch(uv_backend_fd(&l->uv));
		runtime_unwatch(l->timer_fd);
	}
	uv_walk(&l->uv, close_handle, NULL);
	for (int i = 0; uv_run(&l->uv, UV_RUN_NOWAIT) != 0 && i < END_ROUNDS; i++)
		uv_sleep(END_ROUND_MS);
	if (l->timer_fd >= 0)
		close(l->timer_fd);
	if (uv_loop_close(&l->uv) != 0)
		return false;
	mem_free(l);
	return true;
}

uv_loop_t *
loop_uv(struct loop *l)
{
	return &l->uv;
}

/* A timer that goes off too early is one needless round, and that once; setting it in
 * each round is a system call for each SNMP request. */
static void
arm(struct loop *l, int64_t deadline_ns)
{
	const struct itimerspec when = { .it_value = { .tv_sec = deadline_ns / NS_PER_S,
					     .tv_nsec = deadline_ns % NS_PER_S } };

	if (deadline_ns >= l->armed_ns)
		return;
	l->armed_ns = deadline_ns;
	timerfd_settime(l->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

/* What libuv's descriptor announces is taken by on_backend(); here what is due, and
 * handles that epoll does not know yet. Without either a turn would be a system call for
 * nothing. */
void
loop_turn(struct loop *l)
{
	uv_update_time(&l->uv);
	if (!l->owes_turn && uv_backend_timeout(&l->uv) != 0)
		return;
	l->owes_turn = !l->owes_turn;
	uv_run(&l->uv, UV_RUN_NOWAIT);
}

void
loop_wait(struct loop *l, int64_t max_wait_ns)
{
	int64_t wait_ns = max_wait_ns;
	int timeout_ms = uv_backend_timeout(&l->uv);

	if (timeout_ms >= 0 && timeout_ms * NS_PER_MS < wait_ns)
		wait_ns = timeout_ms * NS_PER_MS;
	if (wait_ns <= 0) {
		runtime_round(false);
		return;
	}
	if (wait_ns != CLOCK_NEVER)
		arm(l, clock_monotonic_ns() + wait_ns);
	runtime_round(true);
}
