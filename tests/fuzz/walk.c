/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking both modules. */
#include "fuzz/walk.h"

#include <string.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "snmp/agentx_agent.h"
#include "snmp/agentx_mib.h"
#include "snmp/ntpv4_mib.h"
#include "snmp/print.h"
#include "support/fleet_fixture.h"

/* One in so many is got, too. */
enum { SAMPLE = 5 };

static void
check_get(const struct mib_module *module, const struct mib_view *view,
    const struct mib_oid *name, const struct mib_value *next)
{
	struct mib_instance instance;
	struct mib_value value;

	FUZZ_REQUIRE(mib_instance_of(module, name->ids, name->len, &instance));
	FUZZ_REQUIRE(mib_get(module, view, name->ids, name->len, &value) == MIB_FOUND);
	FUZZ_REQUIRE(
	    value.syntax == instance.object->syntax && value.syntax == next->syntax);
	if (value.syntax != MIB_OCTETS && value.syntax != MIB_OBJECT_ID)
		return;
	FUZZ_REQUIRE(value.n_octets == next->n_octets);
	FUZZ_REQUIRE(value.n_octets == 0 ||
	    memcmp(value.octets, next->octets, value.n_octets) == 0);
}

static void
walk(const struct mib_module *module, const struct mib_view *view, bool prints)
{
	struct mib_oid at = { { 0 }, 0 }, found;
	char line[MIB_LINE_MAX];
	struct mib_value value;
	unsigned n = 0;

	while (
	    mib_next(module, view, at.ids, at.len, false, &found, &value) == MIB_FOUND) {
		FUZZ_REQUIRE(mib_oid_compare(at.ids, at.len, found.ids, found.len) < 0);
		FUZZ_REQUIRE(found.len <= MIB_OID_MAX);
		if (n++ % SAMPLE == 0)
			check_get(module, view, &found, &value);
		if (prints)
			mib_print(module, &found, &value, line, sizeof(line));
		at = found;
	}
}

void
fuzz_walk(struct snapshot *s, bool prints)
{
	static const struct snapshot nothing = { .refs = 1 };
	static const struct agentx_agent identity = { .version = "" };
	static const struct mib_agent agent = { .identity = &identity };
	struct fleet_target *t = fixture_fleet_target("t", s, NULL, 0);
	struct fleet *f = fleet_new(&t, 1);

	FUZZ_REQUIRE(f != NULL);
	walk(&ntpv4_mib, &(struct mib_view){ s, &agent, NULL }, prints);
	walk(&agentx_mib, &(struct mib_view){ &nothing, &agent, f }, prints);
	fleet_target_unref(t);
	fleet_unref(f);
}
