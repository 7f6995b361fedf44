/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps SNMP transactions on the moment they began with. */
#include "snmp/pins.h"

#include "snmp/fleet.h"

static bool
is_over(const struct pin *pin, int64_t now_ns)
{
	return now_ns - pin->since_ns > PINS_AGE_MAX_NS;
}

static void
drop(struct pin *pin)
{
	pin->snapshot = snapshot_unref(pin->snapshot);
	pin->fleet = fleet_unref(pin->fleet);
}

static void
show(const struct pin *pin, struct mib_view *out)
{
	out->snapshot = pin->snapshot;
	out->agent = &pin->agent;
	out->fleet = pin->fleet;
}

bool
pins_find(struct pins *p, const struct pin_key *key, int64_t now_ns, struct mib_view *out)
{
	for (size_t i = 0; i < PINS_MAX; i++) {
		struct pin *pin = &p->ring[i];

		if (!pin->snapshot || pin->key.transaction != key->transaction ||
		    pin->key.session != key->session || is_over(pin, now_ns))
			continue;
		show(pin, out);
		return true;
	}
	return false;
}

void
pins_add(struct pins *p, const struct pin_key *key, int64_t now_ns,
    const struct mib_view *view, struct mib_view *out)
{
	struct pin *pin = &p->ring[p->next];

	pins_expire(p, now_ns);
	drop(pin);
	p->next = (p->next + 1) % PINS_MAX;
	pin->key = *key;
	pin->since_ns = now_ns;
	/* Counting references is the one change that what is immutable allows. */
	pin->snapshot = snapshot_ref((struct snapshot *)(uintptr_t)view->snapshot);
	if (view->fleet)
		pin->fleet = fleet_ref((struct fleet *)(uintptr_t)view->fleet);
	pin->agent = *view->agent;
	show(pin, out);
}

void
pins_expire(struct pins *p, int64_t now_ns)
{
	for (size_t i = 0; i < PINS_MAX; i++)
		if (p->ring[i].snapshot && is_over(&p->ring[i], now_ns))
			drop(&p->ring[i]);
}

void
pins_clear(struct pins *p)
{
	for (size_t i = 0; i < PINS_MAX; i++)
		drop(&p->ring[i]);
}
