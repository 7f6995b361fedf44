/* SPDX-License-Identifier: BSD-2-Clause */
/* The socket and its poll handle. */
#include "client/transport.h"

#include <errno.h>
#include <limits.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

struct transport {
	uv_poll_t poll;
	int fd;
	transport_ready_fn *fn;
	void *ctx;
};

/* Of a system call on the socket. */
static int
error_of(int number)
{
	switch (number) {
	case ECONNREFUSED:
		return ERR_REFUSED;
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		return ERR_NOMEM;
	default:
		return ERR_IO;
	}
}

/* The descriptor in *fd_out, or an error. */
static int
open_socket(const struct addr *to, int *fd_out)
{
	struct sockaddr_storage name;
	socklen_t name_len;
	int fd, rc;

	if (addr_to_sockaddr(to, &name, &name_len) != 0)
		return ERR_IO;
	fd = socket(name.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return error_of(errno);
	if (connect(fd, (const struct sockaddr *)&name, name_len) != 0) {
		rc = error_of(errno) == ERR_NOMEM ? ERR_NOMEM : ERR_IO;
		close(fd);
		return rc;
	}
	*fd_out = fd;
	return 0;
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct transport *t = poll->data;

	(void)events;
	/* An error of the handle shows again, with its number, when we receive. libuv
	 * does not look at the handle any more, but a refusal is not the end of the
	 * socket. */
	if (status < 0)
		(void)uv_poll_start(&t->poll, UV_READABLE, on_poll);
	t->fn(t->ctx);
}

static void
on_closed(uv_handle_t *handle)
{
	mem_free(handle->data);
}

int
transport_open(uv_loop_t *loop, const struct addr *to, transport_ready_fn *fn, void *ctx,
    struct transport **out)
{
	struct transport *t = mem_calloc(1, sizeof(*t));
	int rc;

	if (!t)
		return ERR_NOMEM;
	t->fn = fn;
	t->ctx = ctx;
	rc = open_socket(to, &t->fd);
	if (rc != 0)
		goto out_free;
	rc = ERR_NOMEM;
	if (uv_poll_init(loop, &t->poll, t->fd) != 0)
		goto out_close;
	t->poll.data = t;
	if (uv_poll_start(&t->poll, UV_READABLE, on_poll) != 0) {
		transport_close(t);
		return ERR_NOMEM;
	}
	*out = t;
	return 0;
out_close:
	close(t->fd);
out_free:
	mem_free(t);
	return rc;
}

void
transport_make_room(struct transport *t)
{
	const int as_much_as_allowed = INT_MAX / 2;

	/* Without it more is lost, and asked again. */
	(void)setsockopt(t->fd, SOL_SOCKET, SO_RCVBUF, &as_much_as_allowed,
	    sizeof(as_much_as_allowed));
}

void
transport_close(struct transport *t)
{
	if (!t)
		return;
	uv_close((uv_handle_t *)&t->poll, on_closed);
	close(t->fd);
	t->fd = -1;
}

int
transport_send(struct transport *t, const void *bytes, size_t len)
{
	ssize_t n;

	do
		n = send(t->fd, bytes, len, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		return 0;
	return errno == ECONNREFUSED ? ERR_REFUSED : ERR_IO;
}

int
transport_receive(struct transport *t, void *out, size_t cap, size_t *len_out)
{
	ssize_t n;

	do
		n = recv(t->fd, out, cap, 0);
	while (n < 0 && errno == EINTR);
	if (n >= 0) {
		*len_out = (size_t)n;
		return 1;
	}
	if (errno == EAGAIN)
		return 0;
	return errno == ECONNREFUSED ? ERR_REFUSED : ERR_IO;
}

/* --- several at once ---------------------------------------------------------------- */

/* For the first n of the batch, whose lengths are known already. */
static void
make_messages(struct transport_batch *batch, size_t n, struct iovec *pieces,
    struct mmsghdr *messages)
{
	for (size_t i = 0; i < n; i++) {
		pieces[i] = (struct iovec){ batch->bytes[i], batch->lens[i] };
		messages[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &pieces[i],
						    .msg_iovlen = 1 } };
	}
}

int
transport_receive_batch(struct transport *t, struct transport_batch *out)
{
	struct mmsghdr messages[TRANSPORT_BATCH_MAX];
	struct iovec pieces[TRANSPORT_BATCH_MAX];
	int n;

	out->n = 0;
	for (size_t i = 0; i < TRANSPORT_BATCH_MAX; i++)
		out->lens[i] = sizeof(out->bytes[i]);
	make_messages(out, TRANSPORT_BATCH_MAX, pieces, messages);
	do
		n = recvmmsg(t->fd, messages, TRANSPORT_BATCH_MAX, 0, NULL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? 0 : errno == ECONNREFUSED ? ERR_REFUSED : ERR_IO;
	out->n = (size_t)n;
	for (size_t i = 0; i < out->n; i++)
		out->lens[i] = messages[i].msg_len;
	return n > 0;
}

int
transport_send_batch(struct transport *t, struct transport_batch *batch)
{
	struct mmsghdr messages[TRANSPORT_BATCH_MAX];
	struct iovec pieces[TRANSPORT_BATCH_MAX];
	size_t n_done = 0;
	int rc = 0;

	make_messages(batch, batch->n, pieces, messages);
	while (rc != ERR_REFUSED && n_done < batch->n) {
		int n = sendmmsg(t->fd, messages + n_done, (unsigned)(batch->n - n_done),
		    MSG_NOSIGNAL);

		if (n > 0) {
			n_done += (size_t)n;
		} else if (errno != EINTR) {
			/* It is of the first one: the others may have more luck. */
			rc = errno == ECONNREFUSED ? ERR_REFUSED : ERR_IO;
			n_done++;
		}
	}
	batch->n = 0;
	return rc;
}
