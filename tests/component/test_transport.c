/* SPDX-License-Identifier: BSD-2-Clause */
/* A socket whose system calls are interrupted, take a part of what they are given, or
 * fail: what has gone out then, and what the caller is told. */
#include "support/check.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "client/transport.h"
#include "support/link_bench.h"

enum { N = 5, STEPS_MAX = 8 };

/* What the next calls are to do, in order: fail with that number, or take that many
 * datagrams at most. Whoever is not told does all there is to do. */
struct step {
	int error;
	unsigned at_most;
};

static struct {
	struct step steps[STEPS_MAX];
	size_t n_steps, next;
	unsigned calls;
} kernel;

static const struct step *
next_step(void)
{
	static const struct step all = { 0, UINT_MAX };

	kernel.calls++;
	return kernel.next < kernel.n_steps ? &kernel.steps[kernel.next++] : &all;
}

static void
will(const struct step *steps, size_t n)
{
	memset(&kernel, 0, sizeof(kernel));
	memcpy(kernel.steps, steps, n * sizeof(steps[0]));
	kernel.n_steps = n;
}

#define WILL(...) \
	will((const struct step[]){ __VA_ARGS__ }, \
	    COUNT(((const struct step[]){ __VA_ARGS__ })))

static bool
fails(const struct step *step)
{
	if (step->error == 0)
		return false;
	errno = step->error;
	return true;
}

int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags);
int __real_sendmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags);
int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags,
    struct timespec *timeout);
int __real_recvmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags,
    struct timespec *timeout);
ssize_t __wrap_send(int fd, const void *bytes, size_t len, int flags);
ssize_t __real_send(int fd, const void *bytes, size_t len, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t len, int flags);
ssize_t __real_recv(int fd, void *bytes, size_t len, int flags);
int __wrap_socket(int family, int type, int protocol);
int __real_socket(int family, int type, int protocol);
int __wrap_connect(int fd, const struct sockaddr *to, socklen_t len);
int __real_connect(int fd, const struct sockaddr *to, socklen_t len);

int
__wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags)
{
	const struct step *step = next_step();

	if (fails(step))
		return -1;
	return __real_sendmmsg(fd, messages, n < step->at_most ? n : step->at_most,
	    flags);
}

int
__wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags,
    struct timespec *timeout)
{
	return fails(next_step()) ? -1 : __real_recvmmsg(fd, messages, n, flags, timeout);
}

ssize_t
__wrap_send(int fd, const void *bytes, size_t len, int flags)
{
	return fails(next_step()) ? -1 : __real_send(fd, bytes, len, flags);
}

ssize_t
__wrap_recv(int fd, void *bytes, size_t len, int flags)
{
	return fails(next_step()) ? -1 : __real_recv(fd, bytes, len, flags);
}

int
__wrap_socket(int family, int type, int protocol)
{
	return fails(next_step()) ? -1 : __real_socket(family, type, protocol);
}

int
__wrap_connect(int fd, const struct sockaddr *to, socklen_t len)
{
	return fails(next_step()) ? -1 : __real_connect(fd, to, len);
}

/* --- the other side ----------------------------------------------------------------- */

static struct {
	struct link_bench *b;
	struct transport *t;
	struct transport_batch batch;
} side;

static int
try_open(struct transport **out)
{
	struct addr to;

	assert_int_equal(addr_parse("127.0.0.1", 9, &to), 0);
	to.port = side.b->server.port;
	return transport_open(&side.b->loop, &to, NULL, NULL, out);
}

static int
begin(void **state)
{
	(void)state;
	WILL({ 0, UINT_MAX });
	memset(&side, 0, sizeof(side));
	side.b = link_bench_start();
	assert_int_equal(try_open(&side.t), 0);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	WILL({ 0, UINT_MAX });
	transport_close(side.t);
	link_bench_stop(side.b);
	return 0;
}

/* Datagrams "0", "1", ... */
static void
fill_batch(void)
{
	for (size_t i = 0; i < N; i++) {
		side.batch.bytes[i][0] = (uint8_t)('0' + i);
		side.batch.lens[i] = 1;
	}
	side.batch.n = N;
}

/* Exactly these arrived, in that order. */
static void
assert_arrived(const char *wanted)
{
	char got[N + 1] = "", byte;
	size_t n = 0;

	while (n < N && __real_recv(side.b->server.fd, &byte, 1, MSG_DONTWAIT) == 1)
		got[n++] = byte;
	assert_string_equal(got, wanted);
}

static void
assert_sends(int wanted, const char *arrived, unsigned calls)
{
	fill_batch();
	assert_int_equal(transport_send_batch(side.t, &side.batch), wanted);
	assert_int_equal(side.batch.n, 0);
	assert_int_equal(kernel.calls, calls);
	assert_arrived(arrived);
}

/* --- batches out -------------------------------------------------------------------- */

static void
interruption_loses_nothing(void **state)
{
	(void)state;
	WILL({ EINTR, 0 }, { EINTR, 0 });
	assert_sends(0, "01234", 3);
	WILL({ 0, 2 }, { EINTR, 0 }, { 0, 1 }, { EINTR, 0 });
	assert_sends(0, "01234", 5);
}

static void
what_is_taken_in_parts_goes_out_in_order(void **state)
{
	(void)state;
	WILL({ 0, 1 }, { 0, 3 });
	assert_sends(0, "01234", 3);
	WILL({ 0, 1 }, { 0, 1 }, { 0, 1 }, { 0, 1 }, { 0, 1 });
	assert_sends(0, "01234", 5);
}

/* No room in the socket: that one is lost, as on the way, and will be asked again. */
static void
no_room_costs_the_one_that_has_none(void **state)
{
	static const int errors[] = { EAGAIN, ENOBUFS, EPERM, ENETUNREACH };

	(void)state;
	for (size_t i = 0; i < COUNT(errors); i++) {
		WILL({ errors[i], 0 });
		assert_sends(ERR_IO, "1234", 2);
		WILL({ 0, 2 }, { errors[i], 0 });
		assert_sends(ERR_IO, "0134", 3);
		WILL({ 0, 4 }, { EINTR, 0 }, { errors[i], 0 });
		assert_sends(ERR_IO, "0123", 3);
	}
}

static void
no_room_for_any_ends(void **state)
{
	(void)state;
	WILL({ EAGAIN, 0 }, { EAGAIN, 0 }, { EAGAIN, 0 }, { EAGAIN, 0 }, { EAGAIN, 0 });
	assert_sends(ERR_IO, "", N);
}

static void
refusal_in_the_middle_ends_the_batch(void **state)
{
	(void)state;
	WILL({ 0, 2 }, { ECONNREFUSED, 0 });
	assert_sends(ERR_REFUSED, "01", 2);
	/* It is told, also behind another failure. */
	WILL({ EAGAIN, 0 }, { 0, 1 }, { ECONNREFUSED, 0 });
	assert_sends(ERR_REFUSED, "1", 3);
	WILL({ 0, UINT_MAX });
	assert_sends(0, "01234", 1);
}

/* --- batches in --------------------------------------------------------------------- */

static void
server_says(const char *bytes)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char byte;

	assert_int_equal(transport_send(side.t, "x", 1), 0);
	assert_int_equal(
	    recvfrom(side.b->server.fd, &byte, 1, 0, (struct sockaddr *)&from, &len), 1);
	for (; *bytes != '\0'; bytes++)
		assert_int_equal(
		    sendto(side.b->server.fd, bytes, 1, 0, (struct sockaddr *)&from, len),
		    1);
}

static void
interruption_while_receiving_loses_nothing(void **state)
{
	(void)state;
	server_says("abc");
	WILL({ EINTR, 0 }, { EINTR, 0 });
	assert_int_equal(transport_receive_batch(side.t, &side.batch), 1);
	assert_int_equal(kernel.calls, 3);
	assert_int_equal(side.batch.n, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(side.batch.bytes[i][0], "abc"[i]);
	WILL({ EINTR, 0 });
	assert_int_equal(transport_receive_batch(side.t, &side.batch), 0);
	assert_int_equal(side.batch.n, 0);
}

static void
failure_of_receiving_leaves_what_waits(void **state)
{
	(void)state;
	server_says("a");
	WILL({ EAGAIN, 0 }, { ECONNREFUSED, 0 }, { ENOMEM, 0 });
	assert_int_equal(transport_receive_batch(side.t, &side.batch), 0);
	assert_int_equal(transport_receive_batch(side.t, &side.batch), ERR_REFUSED);
	assert_int_equal(transport_receive_batch(side.t, &side.batch), ERR_IO);
	assert_int_equal(side.batch.n, 0);
	assert_int_equal(transport_receive_batch(side.t, &side.batch), 1);
	assert_int_equal(side.batch.n, 1);
}

/* --- one ---------------------------------------------------------------------------- */

static void
one_is_sent_after_an_interruption(void **state)
{
	(void)state;
	WILL({ EINTR, 0 }, { EINTR, 0 });
	assert_int_equal(transport_send(side.t, "y", 1), 0);
	assert_arrived("y");
	WILL({ EAGAIN, 0 }, { ECONNREFUSED, 0 });
	assert_int_equal(transport_send(side.t, "y", 1), ERR_IO);
	assert_int_equal(transport_send(side.t, "y", 1), ERR_REFUSED);
	assert_arrived("");
}

static void
one_is_received_after_an_interruption(void **state)
{
	char bytes[8];
	size_t len = 0;

	(void)state;
	server_says("a");
	WILL({ EINTR, 0 }, { EAGAIN, 0 }, { ECONNREFUSED, 0 }, { EIO, 0 });
	assert_int_equal(transport_receive(side.t, bytes, sizeof(bytes), &len), 0);
	assert_int_equal(transport_receive(side.t, bytes, sizeof(bytes), &len),
	    ERR_REFUSED);
	assert_int_equal(transport_receive(side.t, bytes, sizeof(bytes), &len), ERR_IO);
	assert_int_equal(len, 0);
	assert_int_equal(transport_receive(side.t, bytes, sizeof(bytes), &len), 1);
	assert_int_equal(len, 1);
	assert_int_equal(bytes[0], 'a');
}

/* --- opening ------------------------------------------------------------------------ */

static int
lowest_free_descriptor(void)
{
	int fd = dup(0);

	assert_true(fd >= 0);
	close(fd);
	return fd;
}

/* What is out is told from what there is no way to, and no descriptor is left. */
static void
socket_that_cannot_be_opened_is_told(void **state)
{
	static const struct {
		struct step steps[2];
		int wanted;
	} cases[] = {
		{ { { EMFILE, 0 } }, ERR_NOMEM },
		{ { { ENFILE, 0 } }, ERR_NOMEM },
		{ { { ENOBUFS, 0 } }, ERR_NOMEM },
		{ { { ENOMEM, 0 } }, ERR_NOMEM },
		{ { { EAFNOSUPPORT, 0 } }, ERR_IO },
		{ { { 0, 0 }, { ENETUNREACH, 0 } }, ERR_IO },
		{ { { 0, 0 }, { ECONNREFUSED, 0 } }, ERR_IO },
		{ { { 0, 0 }, { ENOBUFS, 0 } }, ERR_NOMEM },
	};
	int before = lowest_free_descriptor();

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct transport *t = NULL;

		will(cases[i].steps, COUNT(cases[i].steps));
		assert_int_equal(try_open(&t), cases[i].wanted);
		assert_null(t);
		assert_int_equal(lowest_free_descriptor(), before);
	}
}

#define SCENARIO(function) cmocka_unit_test_setup_teardown(function, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENARIO(interruption_loses_nothing),
		SCENARIO(what_is_taken_in_parts_goes_out_in_order),
		SCENARIO(no_room_costs_the_one_that_has_none),
		SCENARIO(no_room_for_any_ends),
		SCENARIO(refusal_in_the_middle_ends_the_batch),
		SCENARIO(interruption_while_receiving_loses_nothing),
		SCENARIO(failure_of_receiving_leaves_what_waits),
		SCENARIO(one_is_sent_after_an_interruption),
		SCENARIO(one_is_received_after_an_interruption),
		SCENARIO(socket_that_cannot_be_opened_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
