/* SPDX-License-Identifier: BSD-2-Clause */
/* Adds up counters over their resets. */
#include "model/totals.h"

#include <string.h>

/* Age and uptime may come in two answers, asked again and again for some seconds. */
enum { TOTAL_SLACK_S = 20 };

/* Age must grow by the time that went by, which the daemon's uptime tells. */
static bool
was_reset(const struct ntp_total *t, uint64_t value, uint64_t age_s, uint64_t uptime_s)
{
	if (value < t->last || age_s < t->last_age_s)
		return true;
	if (t->last_uptime_s == 0 || uptime_s <= t->last_uptime_s)
		return false;
	return uptime_s - t->last_uptime_s > age_s - t->last_age_s + TOTAL_SLACK_S;
}

uint64_t
ntp_total_add(struct ntp_total *t, uint64_t value, uint64_t age_s, uint64_t uptime_s)
{
	if (t->is_started && was_reset(t, value, age_s, uptime_s))
		t->base += t->last;
	t->is_started = true;
	t->last = value;
	t->last_age_s = age_s;
	t->last_uptime_s = uptime_s;
	return t->base + value;
}

/* Where a total comes from. */
struct source {
	enum ntp_system_var running; /* total already; NTP_SYS_VAR_COUNT: there is none */
	enum ntp_system_var recent, age; /* since a reset, and since when */
};

/* Of daemons of both families, and of ntp.org alone. */
#define BOTH(x) [NTP_TOTAL_##x] = { NTP_SYS_SS_##x##_R, NTP_SYS_SS_##x, NTP_SYS_SS_RESET }
#define NTPORG(x) \
	[NTP_TOTAL_##x] = { NTP_SYS_VAR_COUNT, NTP_SYS_SS_##x, NTP_SYS_SS_RESET }

static const struct source sources[] = {
	BOTH(RECEIVED),
	BOTH(THISVER),
	BOTH(OLDVER),
	BOTH(BADFORMAT),
	BOTH(BADAUTH),
	BOTH(DECLINED),
	BOTH(RESTRICTED),
	BOTH(LIMITED),
	BOTH(KODSENT),
	BOTH(PROCESSED),
	NTPORG(LAMPORT),
	NTPORG(TSROUNDING),
	[NTP_TOTAL_SENT] = { NTP_SYS_VAR_COUNT, NTP_SYS_IO_SENT, NTP_SYS_IOSTATS_RESET },
};

_Static_assert(sizeof(sources) / sizeof(sources[0]) == NTP_TOTAL_COUNT,
    "each total has a source");

/* The value of a row of type uint64_t; false when it was not read. */
static bool
get_u64(const struct ntp_system *s, enum ntp_system_var var, uint64_t *out)
{
	if (var == NTP_SYS_VAR_COUNT || !ntp_system_has(s, var))
		return false;
	memcpy(out, (const char *)s + ntp_system_vars.rows[var].offset, sizeof(*out));
	return true;
}

/* The total of one counter; false when its source is absent. */
static bool
update_one(struct ntp_total *t, const struct source *from, const struct ntp_system *s,
    bool has_running, uint64_t *out)
{
	uint64_t value, age_s, uptime_s = 0;

	if (get_u64(s, from->running, out))
		return true;
	/* What the other total would be is another number: better none for a while. */
	if (has_running && from->running != NTP_SYS_VAR_COUNT)
		return false;
	if (!get_u64(s, from->recent, &value) || !get_u64(s, from->age, &age_s))
		return false;
	(void)get_u64(s, NTP_SYS_SS_UPTIME, &uptime_s);
	*out = ntp_total_add(t, value, age_s, uptime_s);
	return true;
}

/* Does this daemon count totals itself? */
static bool
has_running_totals(const struct ntp_system *s)
{
	bool has = ntp_system_family(s) == NTP_FAMILY_NTPSEC;

	for (size_t i = 0; i < NTP_TOTAL_COUNT && !has; i++)
		has = sources[i].running != NTP_SYS_VAR_COUNT &&
		    ntp_system_has(s, sources[i].running);
	return has;
}

bool
ntp_total_get(const struct ntp_total_values *v, enum ntp_total_kind kind, uint64_t *out)
{
	*out = v->counts[kind];
	return (v->seen >> kind & 1) != 0;
}

void
ntp_totals_update(struct ntp_totals *t, const struct ntp_system *s,
    struct ntp_total_values *out)
{
	struct ntp_total_values v = { 0 };
	uint64_t badformat, badauth, declined;

	t->has_running = t->has_running || has_running_totals(s);
	/* Each takes its reading, also when another one is absent. */
	for (size_t i = 0; i < NTP_TOTAL_COUNT; i++)
		if (update_one(&t->parts[i], &sources[i], s, t->has_running,
			&v.counts[i]))
			v.seen |= UINT32_C(1) << i;
	v.has_in_packets = ntp_total_get(&v, NTP_TOTAL_RECEIVED, &v.in_packets);
	v.has_out_packets = ntp_total_get(&v, NTP_TOTAL_SENT, &v.out_packets);
	v.has_protocol_errors = ntp_total_get(&v, NTP_TOTAL_BADFORMAT, &badformat) &&
	    ntp_total_get(&v, NTP_TOTAL_BADAUTH, &badauth) &&
	    ntp_total_get(&v, NTP_TOTAL_DECLINED, &declined);
	if (v.has_protocol_errors)
		v.protocol_errors = badformat + badauth + declined;
	*out = v;
}
