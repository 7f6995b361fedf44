/* SPDX-License-Identifier: BSD-2-Clause */
/* getlat PEER COMMUNITY OID COUNT: asks for one object COUNT times in a row and prints
 * how long the answers took: "answered N slowest_us N median_us N". */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

enum { COUNT_MAX = 100000, TIMEOUT_US = 10 * 1000 * 1000 };

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static netsnmp_session *
open_session(char *peer, char *community)
{
	netsnmp_session want;

	snmp_sess_init(&want);
	want.version = SNMP_VERSION_2c;
	want.peername = peer;
	want.community = (u_char *)community;
	want.community_len = strlen(community);
	want.retries = 0;
	want.timeout = TIMEOUT_US;
	return snmp_open(&want);
}

/* How long one GET took, or -1 when it was not answered. */
static int64_t
ask(netsnmp_session *session, const oid *name, size_t name_len)
{
	netsnmp_pdu *request = snmp_pdu_create(SNMP_MSG_GET);
	netsnmp_pdu *response = NULL;
	int64_t start_ns = clock_monotonic_ns();
	int status;

	snmp_add_null_var(request, name, name_len);
	status = snmp_synch_response(session, request, &response);
	if (response != NULL)
		snmp_free_pdu(response);
	return status == STAT_SUCCESS ? clock_monotonic_ns() - start_ns : -1;
}

int
main(int argc, char **argv)
{
	int64_t *took_ns;
	oid name[MAX_OID_LEN];
	size_t name_len = MAX_OID_LEN;
	netsnmp_session *session;
	size_t wanted, answered = 0;

	if (argc != 5)
		return 2;
	wanted = strtoul(argv[4], NULL, 10);
	if (wanted == 0 || wanted > COUNT_MAX)
		return 2;
	setenv("MIBS", "", 1);
	init_snmp("getlat");
	took_ns = calloc(wanted, sizeof(*took_ns));
	session = open_session(argv[1], argv[2]);
	if (took_ns == NULL || session == NULL ||
	    read_objid(argv[3], name, &name_len) == 0)
		return 1;
	for (size_t i = 0; i < wanted; i++) {
		int64_t ns = ask(session, name, name_len);

		if (ns >= 0)
			took_ns[answered++] = ns;
	}
	qsort(took_ns, answered, sizeof(*took_ns), by_value);
	printf("answered %zu slowest_us %lld median_us %lld\n", answered,
	    answered > 0 ? (long long)(took_ns[answered - 1] / NS_PER_US) : -1,
	    answered > 0 ? (long long)(took_ns[answered / 2] / NS_PER_US) : -1);
	snmp_close(session);
	free(took_ns);
	return answered == wanted ? 0 : 1;
}
