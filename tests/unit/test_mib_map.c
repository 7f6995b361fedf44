/* SPDX-License-Identifier: BSD-2-Clause */
/* doc/mib-map is what the rows say: each object, where it is from, and what becomes of
 * it. With MIB_MAP_WRITE set in the environment, it is written anew. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "snmp/agentx_mib.h"
#include "snmp/mib_form.h"
#include "snmp/ntpv4_mib.h"

enum { MAP_MAX = 256 * 1024, LINE_LEN_MAX = 256 };

struct map {
	char text[MAP_MAX];
	size_t len;
};

static void
add_line(struct map *m, const char *object, const char *from, const char *becomes)
{
	char line[LINE_LEN_MAX];
	size_t len =
	    text_format(line, sizeof(line), "%-38s %-34s %s", object, from, becomes);

	while (len > 0 && line[len - 1] == ' ')
		len--;
	m->len += text_format(m->text + m->len, sizeof(m->text) - m->len, "%.*s\n",
	    (int)len, line);
}

static void
add_object(struct map *m, const struct mib_object *o)
{
	const struct mib_source *source = o->source;
	char from[LINE_LEN_MAX];

	if (!source)
		fail_msg("%s does not say where it is from", o->label);
	if (!source->form) {
		add_line(m, o->label, source->words, o->write ? "read-write" : "");
		return;
	}
	text_format(from, sizeof(from), "%s: %s", source->table->what,
	    source->table->rows[source->var].name);
	add_line(m, o->label, from, source->form->words);
}

static void
add_module(struct map *m, const struct mib_module *module)
{
	for (size_t i = 0; i < module->n_groups; i++) {
		const struct mib_group *g = module->groups[i];

		m->len += text_format(m->text + m->len, sizeof(m->text) - m->len,
		    "\n%s %s\n\n", module->name, g->name);
		for (size_t k = 0; k < g->n_objects; k++)
			add_object(m, &g->objects[k]);
	}
}

static struct map *
draw(void)
{
	struct map *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	m->len = text_format(m->text, sizeof(m->text), "%s",
	    "Each object, the variable of the daemon (or what else) it is from, and the\n"
	    "conversion. Printed from the rows of the code by "
	    "tests/unit/test_mib_map.c.\n");
	add_module(m, &ntpv4_mib);
	add_module(m, &agentx_mib);
	return m;
}

static void
map_is_what_the_rows_say(void **state)
{
	static char there[MAP_MAX];
	const char *srcdir = getenv("srcdir");
	struct map *m = draw();
	char path[4096];
	size_t n;
	FILE *f;

	(void)state;
	text_format(path, sizeof(path), "%s/doc/mib-map", srcdir ? srcdir : ".");
	if (getenv("MIB_MAP_WRITE")) {
		f = fopen(path, "w");
		assert_non_null(f);
		assert_int_equal(fwrite(m->text, 1, m->len, f), m->len);
		assert_int_equal(fclose(f), 0);
	}
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(there, 1, sizeof(there), f);
	fclose(f);
	if (n != m->len || memcmp(there, m->text, n) != 0)
		fail_msg("doc/mib-map is not what the rows say: run this test with "
			 "MIB_MAP_WRITE=1");
	free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_is_what_the_rows_say),
	};

	return cmocka_run_group_tests_name("MIB map", tests, NULL, NULL);
}
