/* SPDX-License-Identifier: BSD-2-Clause */
/* A line from the terminal, key by key: an interrupt ends the question, not the program,
 * and cannot leave the terminal without its echo. */
#include "query/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/err.h"

enum {
	KEY_INTERRUPT = 0x03,
	KEY_END = 0x04,
	KEY_BACKSPACE = 0x08,
	KEY_KILL_LINE = 0x15,
	KEY_DELETE = 0x7f,
	FIRST_PRINTABLE = 0x20,
};

struct line {
	int fd;
	bool is_shown;
	char *out;
	size_t len, cap;
	bool is_too_long;
};

static void
show(const struct line *l, const char *text)
{
	/* Whether the prompt can be seen is not for us to mend. */
	if (write(l->fd, text, strlen(text)) < 0)
		return;
}

static void
drop_one(struct line *l)
{
	if (l->len == 0)
		return;
	l->len--;
	if (l->is_shown)
		show(l, "\b \b");
}

static void
take(struct line *l, char c)
{
	const char text[] = { c, '\0' };

	if (l->len + 1 >= l->cap) {
		l->is_too_long = true;
		return;
	}
	l->out[l->len++] = c;
	if (l->is_shown)
		show(l, text);
}

/* One key; true when the line has ended, with *err. */
static bool
press(struct line *l, unsigned char key, int *err)
{
	switch (key) {
	case '\r':
	case '\n':
		*err = l->is_too_long ? ERR_TOOBIG : 0;
		return true;
	case KEY_INTERRUPT:
	case KEY_END:
		*err = ERR_CANCELLED;
		return true;
	case KEY_BACKSPACE:
	case KEY_DELETE:
		drop_one(l);
		return false;
	case KEY_KILL_LINE:
		while (l->len > 0)
			drop_one(l);
		l->is_too_long = false;
		return false;
	default:
		if (key >= FIRST_PRINTABLE)
			take(l, (char)key);
		return false;
	}
}

static int
read_line(struct line *l)
{
	unsigned char key;
	int err = ERR_CANCELLED;

	for (;;) {
		ssize_t n = read(l->fd, &key, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || press(l, key, &err))
			break;
	}
	l->out[l->len] = '\0';
	return err;
}

int
terminal_ask(const char *prompt, bool is_shown, char *out, size_t cap)
{
	struct line l = { .is_shown = is_shown, .out = out, .cap = cap };
	struct termios old, keys;
	int err;

	out[0] = '\0';
	if (!isatty(STDIN_FILENO))
		return ERR_NOTFOUND;
	l.fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (l.fd < 0)
		return ERR_NOTFOUND;
	if (tcgetattr(l.fd, &old) != 0) {
		close(l.fd);
		return ERR_NOTFOUND;
	}
	keys = old;
	keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	keys.c_cc[VMIN] = 1;
	keys.c_cc[VTIME] = 0;
	(void)tcsetattr(l.fd, TCSADRAIN, &keys);
	show(&l, prompt);
	err = read_line(&l);
	show(&l, "\r\n");
	(void)tcsetattr(l.fd, TCSADRAIN, &old);
	close(l.fd);
	return err;
}
