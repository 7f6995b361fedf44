/* SPDX-License-Identifier: BSD-2-Clause */
/* simsay SOCKET COMMAND...: gives ntpsim one command after the other and prints its
 * answers; succeeds when all of them begin with "ok", and stops at the first that does
 * not. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MAX = 4096 };

static bool
say(int fd, const char *command)
{
	char answer[ANSWER_MAX] = "";
	size_t len = 0;
	ssize_t got;

	if (dprintf(fd, "%s\n", command) < 0)
		return false;
	while (len < sizeof(answer) - 1 && strchr(answer, '\n') == NULL &&
	    (got = read(fd, answer + len, sizeof(answer) - 1 - len)) > 0)
		len += (size_t)got;
	fputs(answer, stdout);
	return strncmp(answer, "ok", 2) == 0;
}

int
main(int argc, char **argv)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd;

	if (argc < 3 || strlen(argv[1]) >= sizeof(to.sun_path))
		return 2;
	memcpy(to.sun_path, argv[1], strlen(argv[1]));
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		perror(argv[1]);
		return 1;
	}
	for (int i = 2; i < argc; i++)
		if (!say(fd, argv[i]))
			return 1;
	return 0;
}
