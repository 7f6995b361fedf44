/* SPDX-License-Identifier: BSD-2-Clause */
/* getlat PEER COMMUNITY OID COUNT [PEER OID]...: asks for one object COUNT times in a
 * row, or for several in turn, and prints for each how long the answers took: "answered N
 * slowest_us N median_us N p99_us N". */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "support/manager.h"

enum { COUNT_MAX = 100000, ASKED_MAX = 16, TIMEOUT_US = 10 * 1000 * 1000 };

struct asked {
	void *session;
	oid name[MAX_OID_LEN];
	size_t name_len, n_answered;
	int64_t *took_ns;
};

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
ask(struct asked *a)
{
	netsnmp_pdu *request = snmp_pdu_create(SNMP_MSG_GET);
	netsnmp_pdu *response = NULL;
	int64_t start_ns = clock_monotonic_ns();
	int status;

	snmp_add_null_var(request, a->name, a->name_len);
	status = snmp_sess_synch_response(a->session, request, &response);
	if (response != NULL)
		snmp_free_pdu(response);
	if (status == STAT_SUCCESS)
		a->took_ns[a->n_answered++] = clock_monotonic_ns() - start_ns;
}

static void
report(const struct asked *a)
{
	size_t n = a->n_answered;

	if (n == 0) {
		puts("answered 0 slowest_us -1 median_us -1 p99_us -1");
		return;
	}
	qsort(a->took_ns, n, sizeof(*a->took_ns), by_value);
	printf("answered %zu slowest_us %lld median_us %lld p99_us %lld\n", n,
	    (long long)(a->took_ns[n - 1] / NS_PER_US),
	    (long long)(a->took_ns[n / 2] / NS_PER_US),
	    (long long)(a->took_ns[(n * 99 - 1) / 100] / NS_PER_US));
}

/* What is asked for, and with room for how long it takes. */
static int
open_asked(struct asked *a, char *peer, char *community, const char *name, size_t wanted)
{
	a->name_len = MAX_OID_LEN;
	a->session = manager_open(peer, community, TIMEOUT_US, 1);
	a->took_ns = calloc(wanted, sizeof(*a->took_ns));
	return a->session != NULL && a->took_ns != NULL &&
		read_objid(name, a->name, &a->name_len) != 0
	    ? 0
	    : -1;
}

int
main(int argc, char **argv)
{
	struct asked asked[ASKED_MAX] = { 0 };
	size_t wanted, n_asked = 1, n_missing = 0;

	if (argc < 5 || argc % 2 == 0 || (argc - 3) / 2 > ASKED_MAX)
		return 2;
	wanted = strtoul(argv[4], NULL, 10);
	if (wanted == 0 || wanted > COUNT_MAX)
		return 2;
	setenv("MIBS", "", 1);
	init_snmp("getlat");
	if (open_asked(&asked[0], argv[1], argv[2], argv[3], wanted) != 0)
		return 1;
	for (int at = 5; at < argc; at += 2)
		if (open_asked(&asked[n_asked++], argv[at], argv[2], argv[at + 1],
			wanted) != 0)
			return 1;
	for (size_t i = 0; i < wanted; i++)
		for (size_t j = 0; j < n_asked; j++)
			ask(&asked[j]);
	for (size_t j = 0; j < n_asked; j++) {
		report(&asked[j]);
		n_missing += wanted - asked[j].n_answered;
		snmp_sess_close(asked[j].session);
		free(asked[j].took_ns);
	}
	return n_missing == 0 ? 0 : 1;
}
