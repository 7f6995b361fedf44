/* SPDX-License-Identifier: BSD-2-Clause */
/* The AgentX transport over a local socket, without the library's endless waits. */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/library/snmpUnixDomain.h>

#include "snmp/session_transport.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "snmp/session_frames.h"

enum {
	SEND_PATIENCE_S = 1, /* a hung master costs the event loop no more than this */
	RECEIVE_CHUNK = 16384
};

static const oid local_domain[] = { TRANSPORT_DOMAIN_LOCAL };

/* The library calls the constructor of a transport without any context, and it keeps one
 * AgentX session per process: what the constructor needs cannot live elsewhere. */
static struct {
	struct session_transport_config config;
	int fd; /* of the open connection; meaningful while is_open */
	bool is_open;
	bool is_ending; /* we end the session: it matters no more how */
	int end_error;
	int spare_fd; /* what the next connection needs; -1 while there is one */
} link_state = { .spare_fd = -1 };

/* The library links registered domains into a list it never copies. */
static netsnmp_tdomain local_tdomain;

bool
session_transport_is_open(void)
{
	return link_state.is_open;
}

int
session_transport_end_error(void)
{
	return link_state.end_error;
}

/* The first reason counts: others only follow from it. */
static void
note_end(int error)
{
	if (link_state.end_error == 0)
		link_state.end_error = error;
}

/* A master that hangs up has no answer to our Close, for which the library waits inside a
 * callback that it would then free (5.9.3): the end is the answer. */
static int
end_of_input(netsnmp_transport *t, int error, uint8_t *out, size_t out_cap)
{
	size_t n = 0;

	note_end(error);
	if (link_state.is_ending && out_cap >= SESSION_FRAMES_ANSWER)
		n = session_frames_answer(t->data, out);
	return n > 0 ? (int)n : -1;
}

static int
take_in(netsnmp_transport *t, uint8_t *out, size_t out_cap)
{
	uint8_t in[RECEIVE_CHUNK];
	size_t room = out_cap - SESSION_FRAME_HEADER, out_len;
	ssize_t n;

	do
		n = recv(t->sock, in, room < sizeof(in) ? room : sizeof(in),
		    MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n <= 0)
		return end_of_input(t, n < 0 ? errno : ECONNRESET, out, out_cap);
	if (session_frames_filter(t->data, in, (size_t)n, out, &out_len) != 0) {
		note_end(EPROTO);
		return -1;
	}
	return (int)out_len;
}

/* The library's way to say: nothing yet, but the connection is well. */
static int
on_receive(netsnmp_transport *t, void *out, int out_cap, void **opaque, int *opaque_len)
{
	int n;

	*opaque = NULL;
	*opaque_len = 0;
	if (out_cap <= SESSION_FRAME_HEADER)
		return -1;
	n = take_in(t, out, (size_t)out_cap);
	if (n == 0)
		t->flags |= NETSNMP_TRANSPORT_FLAG_EMPTY_PKT;
	return n;
}

static int
end_of_output(netsnmp_transport *t, int error)
{
	if (error == EPIPE)
		error = ECONNRESET;
	note_end(error == EAGAIN ? ETIMEDOUT : error);
	shutdown(t->sock, SHUT_RDWR);
	return -1;
}

/* How many octets were sent, which is less than all only after an error (errno). */
static size_t
put_out(int fd, const char *bytes, size_t len)
{
	size_t sent = 0;

	while (sent < len) {
		ssize_t n = send(fd, bytes + sent, len - sent, MSG_NOSIGNAL);

		if (n >= 0)
			sent += (size_t)n;
		else if (errno != EINTR)
			break;
	}
	return sent;
}

/* Half a frame spoils the stream: nothing that follows would be understood. And a master
 * that reads nothing until the send times out shall not cost as much again for each
 * frame: an error of whatever kind is the end. The library's type of function. */
static int
on_send(netsnmp_transport *t, const void *frame, int len, void **opaque,
    int *opaque_len) /* NOLINT(readability-non-const-parameter) */
{
	(void)opaque;
	(void)opaque_len;
	if (!session_frames_may_send(t->data, frame, (size_t)len))
		return end_of_output(t, ETIMEDOUT);
	if (put_out(t->sock, frame, (size_t)len) < (size_t)len)
		return end_of_output(t, errno);
	return len;
}

/* Where descriptors are short, whatever waits for one would get the connection's. */
static void
keep_place(void)
{
	if (link_state.spare_fd < 0)
		link_state.spare_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void
give_place(void)
{
	if (link_state.spare_fd >= 0)
		close(link_state.spare_fd);
	link_state.spare_fd = -1;
}

static int
on_close(netsnmp_transport *t)
{
	int fd = t->sock, rc;

	if (fd < 0)
		return -1;
	t->sock = -1;
	if (link_state.is_open && link_state.fd == fd) {
		link_state.is_open = false;
		if (link_state.config.closed != NULL)
			link_state.config.closed(link_state.config.ctx);
	}
	rc = close(fd);
	if (link_state.config.refused != NULL)
		keep_place();
	return rc;
}

/* The library frees the result. */
static char *
on_format(netsnmp_transport *t, const void *opaque, int opaque_len)
{
	(void)opaque;
	(void)opaque_len;
	return mem_strndup(t->remote, (size_t)t->remote_length);
}

/* A hung master's queue of connections fills up, and connect() would then wait for a
 * place in it. */
static int
connect_at_once(const struct sockaddr_un *address)
{
	const struct timeval patience = { .tv_sec = SEND_PATIENCE_S };
	bool blocks = link_state.config.blocks;
	int fd =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | (blocks ? 0 : SOCK_NONBLOCK), 0);

	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	if (!blocks) {
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	}
	return fd;
}

static netsnmp_transport *
make_transport(int fd, const char *path)
{
	netsnmp_transport *t = mem_calloc(1, sizeof(*t));
	struct session_frames *frames = mem_calloc(1, sizeof(*frames));
	char *remote = mem_strdup(path);

	if (t == NULL || frames == NULL || remote == NULL) {
		mem_free(t);
		mem_free(frames);
		mem_free(remote);
		return NULL;
	}
	frames->keep_repeats = link_state.config.keep_repeats;
	*t = (netsnmp_transport){
		.domain = local_domain,
		.domain_length = OID_LENGTH(local_domain),
		.sock = fd,
		.flags = NETSNMP_TRANSPORT_FLAG_STREAM,
		.data = frames,
		.data_length = sizeof(*frames),
		.remote = remote,
		.remote_length = (int)strlen(remote),
		.msgMaxSize = SNMP_MAX_PACKET_LEN,
		.f_recv = on_receive,
		.f_send = on_send,
		.f_close = on_close,
		.f_fmtaddr = on_format,
	};
	return t;
}

static netsnmp_transport *
refuse(const char *path, int error)
{
	if (link_state.config.refused == NULL)
		return NULL;
	keep_place();
	link_state.config.refused(link_state.config.ctx, path, error);
	return NULL;
}

static netsnmp_transport *
on_create(netsnmp_tdomain_spec *spec)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = spec->target;
	netsnmp_transport *t;
	int fd;

	if (path == NULL || *path == '\0')
		path = spec->default_target;
	if ((spec->flags & NETSNMP_TSPEC_LOCAL) != 0 || path == NULL)
		return NULL;
	if (strlen(path) >= sizeof(address.sun_path))
		return refuse(path, ENAMETOOLONG);
	memcpy(address.sun_path, path, strlen(path) + 1);
	give_place();
	fd = connect_at_once(&address);
	if (fd < 0)
		return refuse(path, errno);
	t = make_transport(fd, path);
	if (t == NULL) {
		close(fd);
		return refuse(path, ENOMEM);
	}
	link_state.fd = fd;
	link_state.is_open = true;
	link_state.end_error = 0;
	if (link_state.config.opened != NULL)
		link_state.config.opened(link_state.config.ctx, path);
	return t;
}

int
session_transport_install(const struct session_transport_config *config)
{
	/* The library frees the list of prefixes when it shuts down. */
	const char **prefixes = mem_calloc(2, sizeof(*prefixes));

	if (prefixes == NULL)
		return ERR_NOMEM;
	prefixes[0] = "unix";
	link_state.config = *config;
	link_state.is_ending = false;
	local_tdomain = (netsnmp_tdomain){
		.name = local_domain,
		.name_length = OID_LENGTH(local_domain),
		.prefix = prefixes,
		.f_create_from_tspec = on_create,
	};
	netsnmp_tdomain_register(&local_tdomain);
	return 0;
}

void
session_transport_mute(void)
{
	link_state.config.refused = NULL;
	link_state.config.opened = NULL;
	link_state.config.closed = NULL;
	link_state.is_ending = true;
	give_place();
}
