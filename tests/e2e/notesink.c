/* SPDX-License-Identifier: BSD-2-Clause */
/* Stands in for a service manager: prints what is said to the socket PATH, one line per
 * assignment, each with the milliseconds since the message before. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

enum { MESSAGE_MAX = 4096 };

static long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int
main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char message[MESSAGE_MAX + 1];
	long last_ms = now_ms();
	ssize_t len;
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (argc != 2 || strlen(argv[1]) >= sizeof(address.sun_path))
		return 2;
	memcpy(address.sun_path, argv[1], strlen(argv[1]) + 1);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		return 1;
	while ((len = recv(fd, message, MESSAGE_MAX, 0)) >= 0) {
		long at_ms = now_ms();

		message[len] = '\0';
		for (char *line = strtok(message, "\n"); line != NULL;
		     line = strtok(NULL, "\n"))
			printf("%ld %s\n", at_ms - last_ms, line);
		fflush(stdout);
		last_ms = at_ms;
	}
	return 1;
}
