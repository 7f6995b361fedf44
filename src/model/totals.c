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

enum { RECEIVED, BADFORMAT, BADAUTH, DECLINED, SENT };

static const struct source sources[] = {
	[RECEIVED] = { NTP_SYS_SS_RECEIVED_R, NTP_SYS_SS_RECEIVED, NTP_SYS_SS_RESET },
	[BADFORMAT] = { NTP_SYS_SS_BADFORMAT_R, NTP_SYS_SS_BADFORMAT, NTP_SYS_SS_RESET },
	[BADAUTH] = { NTP_SYS_SS_BADAUTH_R, NTP_SYS_SS_BADAUTH, NTP_SYS_SS_RESET },
	[DECLINED] = { NTP_SYS_SS_DECLINED_R, NTP_SYS_SS_DECLINED, NTP_SYS_SS_RESET },
	[SENT] = { NTP_SYS_VAR_COUNT, NTP_SYS_IO_SENT, NTP_SYS_IOSTATS_RESET },
};

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
	return ntp_system_family(s) == NTP_FAMILY_NTPSEC ||
	    ntp_system_has(s, NTP_SYS_SS_RECEIVED_R) ||
	    ntp_system_has(s, NTP_SYS_SS_BADFORMAT_R) ||
	    ntp_system_has(s, NTP_SYS_SS_BADAUTH_R) ||
	    ntp_system_has(s, NTP_SYS_SS_DECLINED_R);
}

void
ntp_totals_update(struct ntp_totals *t, const struct ntp_system *s,
    struct ntp_total_values *out)
{
	struct ntp_total_values v = { 0 };
	uint64_t badformat = 0, badauth = 0, declined = 0;
	bool has_badformat, has_badauth, has_declined, has_running;

	t->has_running = t->has_running || has_running_totals(s);
	has_running = t->has_running;
	v.has_in_packets =
	    update_one(&t->received, &sources[RECEIVED], s, has_running, &v.in_packets);
	v.has_out_packets =
	    update_one(&t->sent, &sources[SENT], s, has_running, &v.out_packets);
	/* Each takes its reading, also when another one is absent. */
	has_badformat =
	    update_one(&t->badformat, &sources[BADFORMAT], s, has_running, &badformat);
	has_badauth =
	    update_one(&t->badauth, &sources[BADAUTH], s, has_running, &badauth);
	has_declined =
	    update_one(&t->declined, &sources[DECLINED], s, has_running, &declined);
	if (has_badformat && has_badauth && has_declined) {
		v.has_protocol_errors = true;
		v.protocol_errors = badformat + badauth + declined;
	}
	*out = v;
}
