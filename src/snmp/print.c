/* SPDX-License-Identifier: BSD-2-Clause */
/* An object and its value as a line of text, for people and for --dump. */
#include "snmp/print.h"

#include <string.h>

#include "base/text.h"

static const char *const syntax_names[MIB_SYNTAX_COUNT] = {
	[MIB_INTEGER] = "INTEGER",
	[MIB_UNSIGNED] = "Unsigned32",
	[MIB_COUNTER32] = "Counter32",
	[MIB_COUNTER64] = "Counter64",
	[MIB_TIMETICKS] = "TimeTicks",
	[MIB_OCTETS] = "STRING",
	[MIB_OBJECT_ID] = "OID",
};

/* A line that grows; cut at its capacity. */
struct line {
	char *out;
	size_t cap, len;
};

#define ADD(line, ...) \
	((line)->len += text_format((line)->out + (line)->len, \
	     (line)->cap - (line)->len, __VA_ARGS__))

static void
add_arcs(struct line *line, const mib_subid *ids, size_t len)
{
	for (size_t i = 0; i < len; i++)
		ADD(line, ".%lu", ids[i]);
}

static const struct mib_object *
object_of(const struct mib_module *module, const struct mib_oid *name, size_t *used)
{
	for (size_t g = 0; g < module->n_groups; g++) {
		const struct mib_group *group = module->groups[g];

		if (name->len <= group->root_len ||
		    mib_oid_compare(name->ids, group->root_len, group->root,
			group->root_len) != 0)
			continue;
		for (size_t i = 0; i < group->n_objects; i++) {
			if (group->objects[i].subid != name->ids[group->root_len])
				continue;
			*used = group->root_len + 1;
			return &group->objects[i];
		}
	}
	return NULL;
}

static bool
is_printable(const struct mib_value *value)
{
	const unsigned char *octets = value->octets;

	for (size_t i = 0; i < value->n_octets; i++) {
		if (octets[i] < ' ' || octets[i] > '~')
			return false;
	}
	return true;
}

static void
add_octets(struct line *line, const struct mib_value *value)
{
	const unsigned char *octets = value->octets;

	if (is_printable(value)) {
		ADD(line, "\"%.*s\"", (int)value->n_octets, (const char *)value->octets);
		return;
	}
	ADD(line, "0x");
	for (size_t i = 0; i < value->n_octets; i++)
		ADD(line, "%02x", octets[i]);
}

static void
add_value(struct line *line, const struct mib_value *value)
{
	switch (value->syntax) {
	case MIB_INTEGER:
		ADD(line, "%d", value->i32);
		break;
	case MIB_UNSIGNED:
	case MIB_COUNTER32:
	case MIB_TIMETICKS:
		ADD(line, "%u", value->u32);
		break;
	case MIB_COUNTER64:
		ADD(line, "%llu", (unsigned long long)value->u64);
		break;
	case MIB_OCTETS:
		add_octets(line, value);
		break;
	case MIB_OBJECT_ID:
		add_arcs(line, value->octets, value->n_octets / sizeof(mib_subid));
		break;
	case MIB_SYNTAX_COUNT:
		break;
	}
}

size_t
mib_print(const struct mib_module *module, const struct mib_oid *name,
    const struct mib_value *value, char *out, size_t cap)
{
	struct line line = { out, cap, 0 };
	size_t used = 0;
	const struct mib_object *object = object_of(module, name, &used);

	out[0] = '\0';
	add_arcs(&line, name->ids, name->len);
	if (object != NULL) {
		ADD(&line, " %s", object->label);
		add_arcs(&line, name->ids + used, name->len - used);
	}
	ADD(&line, " = %s: ", syntax_names[value->syntax]);
	add_value(&line, value);
	return line.len;
}
