/* SPDX-License-Identifier: BSD-2-Clause */
/* Two subtrees of one agent, walked in turn, several times.
 *
 *	walker ROUNDS MODE PEER COMMUNITY ROOT-A ROOT-B
 *
 * MODE: "next" walks with GETNEXT, "bulk=N" with GETBULK and N repetitions, "get=N" asks
 * for N objects of the tree one by one. Prints a JSON object with the objects of either
 * in a second, in the best and in the median round, and the ratio of A to B. */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/scan.h"
#include "support/manager.h"

enum { ROUNDS_MAX = 1000, TIMEOUT_US = 10 * 1000 * 1000, SAMPLE_BULK = 50 };

struct name {
	oid arcs[MAX_OID_LEN];
	size_t len;
};

struct side {
	struct name root;
	struct name *names; /* what "get" asks for */
	size_t n_names, n_objects;
	int64_t took_ns[ROUNDS_MAX];
};

static void *session;

static void
fail(const char *what)
{
	fprintf(stderr, "walker: %s\n", what);
	exit(1);
}

static netsnmp_pdu *
ask(int command, long repetitions, const struct name *name)
{
	netsnmp_pdu *request = snmp_pdu_create(command), *response;

	if (command == SNMP_MSG_GETBULK) {
		request->non_repeaters = 0;
		request->max_repetitions = repetitions;
	}
	snmp_add_null_var(request, name->arcs, name->len);
	if (snmp_sess_synch_response(session, request, &response) != STAT_SUCCESS ||
	    response->errstat != SNMP_ERR_NOERROR)
		fail("no answer");
	return response;
}

/* How many varbinds of a response are below the root; *at is the last one. Fewer than
 * there are: the walk has ended. */
static size_t
take(const struct side *s, const netsnmp_pdu *response, struct name *at, size_t *n_all)
{
	size_t n = 0;

	*n_all = 0;
	for (const netsnmp_variable_list *var = response->variables; var != NULL;
	     var = var->next_variable) {
		++*n_all;
		if (*n_all != n + 1 || var->type == SNMP_ENDOFMIBVIEW ||
		    var->name_length < s->root.len ||
		    memcmp(var->name, s->root.arcs, s->root.len * sizeof(oid)) != 0)
			continue;
		memcpy(at->arcs, var->name, var->name_length * sizeof(oid));
		at->len = var->name_length;
		n++;
	}
	return n;
}

static void
walk(struct side *s, int command, long repetitions)
{
	struct name at = s->root;
	size_t n, n_all;

	s->n_objects = 0;
	do {
		netsnmp_pdu *response = ask(command, repetitions, &at);

		n = take(s, response, &at, &n_all);
		snmp_free_pdu(response);
		s->n_objects += n;
	} while (n > 0 && n == n_all);
}

/* `wanted` names, spread over the tree. */
static void
collect(struct side *s, size_t wanted)
{
	struct name at = s->root;
	size_t n, n_all, step, seen = 0;

	walk(s, SNMP_MSG_GETBULK, SAMPLE_BULK);
	step = s->n_objects / wanted + 1;
	s->names = calloc(wanted, sizeof(*s->names));
	do {
		netsnmp_pdu *response = ask(SNMP_MSG_GETNEXT, 0, &at);

		n = take(s, response, &at, &n_all);
		snmp_free_pdu(response);
		if (n > 0 && seen++ % step == 0 && s->n_names < wanted)
			s->names[s->n_names++] = at;
	} while (n > 0);
}

static void
get_all(struct side *s)
{
	for (size_t i = 0; i < s->n_names; i++)
		snmp_free_pdu(ask(SNMP_MSG_GET, 0, &s->names[i]));
	s->n_objects = s->n_names;
}

static void
run(struct side *s, const char *mode, uint32_t n, size_t round)
{
	int64_t begun_ns = clock_monotonic_ns();

	if (mode[0] == 'g')
		get_all(s);
	else if (mode[0] == 'b')
		walk(s, SNMP_MSG_GETBULK, n);
	else
		walk(s, SNMP_MSG_GETNEXT, 0);
	s->took_ns[round] = clock_monotonic_ns() - begun_ns;
}

static int
compare(const void *a, const void *b)
{
	const int64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static double
rate(const struct side *s, size_t round)
{
	return (double)s->n_objects * NS_PER_S / (double)s->took_ns[round];
}

static void
report(struct side *a, struct side *b, size_t n)
{
	qsort(a->took_ns, n, sizeof(a->took_ns[0]), compare);
	qsort(b->took_ns, n, sizeof(b->took_ns[0]), compare);
	printf("{\"objects\": %zu, \"a_best_per_s\": %.0f, \"b_best_per_s\": %.0f, "
	       "\"a_median_per_s\": %.0f, \"b_median_per_s\": %.0f, "
	       "\"ratio_best\": %.3f, \"ratio_median\": %.3f}\n",
	    a->n_objects, rate(a, 0), rate(b, 0), rate(a, n / 2), rate(b, n / 2),
	    rate(a, 0) / rate(b, 0), rate(a, n / 2) / rate(b, n / 2));
}

int
main(int argc, char **argv)
{
	static struct side a, b;
	const char *number = argc == 7 ? strchr(argv[2], '=') : NULL;
	uint32_t rounds, n = 1;

	if (argc != 7 || scan_u32(argv[1], strlen(argv[1]), &rounds) != 0 ||
	    rounds == 0 || rounds > ROUNDS_MAX ||
	    (number && (scan_u32(number + 1, strlen(number + 1), &n) != 0 || n == 0))) {
		fputs("usage: walker ROUNDS MODE PEER COMMUNITY ROOT-A ROOT-B\n", stderr);
		return 2;
	}
	setenv("MIBS", "", 1);
	init_snmp("walker");
	session = manager_open(argv[3], argv[4], TIMEOUT_US, 0);
	if (session == NULL)
		fail("no session");
	a.root.len = b.root.len = MAX_OID_LEN;
	if (read_objid(argv[5], a.root.arcs, &a.root.len) == 0 ||
	    read_objid(argv[6], b.root.arcs, &b.root.len) == 0)
		fail("no object");
	if (argv[2][0] == 'g') {
		collect(&a, n);
		collect(&b, n);
	}
	for (size_t i = 0; i < rounds; i++) {
		run(&a, argv[2], n, i);
		run(&b, argv[2], n, i);
	}
	if (a.n_objects != b.n_objects)
		fail("the trees are not alike");
	report(&a, &b, rounds);
	return 0;
}
