/* SPDX-License-Identifier: BSD-2-Clause */
/* The conditions, a row each, gravest first. */
#include "model/health.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum { TEXT_MAX = 96, LEAP_ALARM = 3, SELECTION_FALSETICK = 1, SELECTION_USABLE = 4 };

/* What of it is said, and how grave it is; HEALTH_OK: the condition does not hold. */
typedef enum health_level condition_fn(const struct snapshot *s, char out[TEXT_MAX]);

static bool
has(const struct snapshot *s, enum ntp_system_var var)
{
	return ntp_system_has(s->system, var);
}

static size_t
count_selected(const struct snapshot *s, uint8_t from, uint8_t to)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_peers; i++)
		n += s->peers[i].selection >= from && s->peers[i].selection <= to;
	return n;
}

uint32_t
health_usable_sources(const struct snapshot *s)
{
	return (uint32_t)count_selected(s, SELECTION_USABLE, UINT8_MAX);
}

static enum health_level
does_not_answer(const struct snapshot *s, char out[TEXT_MAX])
{
	if (s->state == TARGET_UP)
		return HEALTH_OK;
	text_format(out, TEXT_MAX, "%s",
	    s->state == TARGET_UNKNOWN ? "nothing heard yet"
				       : target_state_text(s->state));
	return s->state == TARGET_UNKNOWN ? HEALTH_UNKNOWN : HEALTH_CRITICAL;
}

static enum health_level
is_not_synchronised(const struct snapshot *s, char out[TEXT_MAX])
{
	bool is_young =
	    has(s, NTP_SYS_SS_UPTIME) && s->system->ss_uptime_s < HEALTH_STARTING_S;

	if (snapshot_is_synchronised(s))
		return HEALTH_OK;
	text_format(out, TEXT_MAX, "not synchronized%s",
	    is_young ? " (started a short time ago)" : "");
	return is_young ? HEALTH_WARNING : HEALTH_CRITICAL;
}

static enum health_level
clock_is_stale(const struct snapshot *s, char out[TEXT_MAX])
{
	uint64_t age_s, limit_s;

	if (!has(s, NTP_SYS_TC) || s->system->tc > 17 || !health_clock_age(s, &age_s))
		return HEALTH_OK;
	limit_s = (UINT64_C(1) << s->system->tc) * HEALTH_STALE_POLLS;
	if (age_s <= limit_s)
		return HEALTH_OK;
	text_format(out, TEXT_MAX, "last clock update %llu s ago",
	    (unsigned long long)age_s);
	return age_s > HEALTH_STALE_CRITICAL_S && age_s > 2 * limit_s ? HEALTH_CRITICAL
								      : HEALTH_WARNING;
}

static enum health_level
offset_is_large(const struct snapshot *s, char out[TEXT_MAX])
{
	int64_t magnitude_ns = s->system->offset_ns;
	size_t len;

	if (magnitude_ns < 0)
		magnitude_ns = -magnitude_ns;
	if (!has(s, NTP_SYS_OFFSET) || magnitude_ns < HEALTH_OFFSET_WARNING_NS)
		return HEALTH_OK;
	len = text_format(out, TEXT_MAX, "offset ");
	ntp_ms_format_unit(s->system->offset_ns, out + len, TEXT_MAX - len);
	return magnitude_ns < HEALTH_OFFSET_CRITICAL_NS ? HEALTH_WARNING
							: HEALTH_CRITICAL;
}

static enum health_level
sources_are_few(const struct snapshot *s, char out[TEXT_MAX])
{
	size_t configured = snapshot_configured_count(s),
	       usable = health_usable_sources(s);

	if (!s->has_peers || configured < HEALTH_SOURCES_FEW || usable != 1)
		return HEALTH_OK;
	text_format(out, TEXT_MAX, "1 usable source of %zu", configured);
	return HEALTH_WARNING;
}

static enum health_level
source_is_false(const struct snapshot *s, char out[TEXT_MAX])
{
	size_t n = count_selected(s, SELECTION_FALSETICK, SELECTION_FALSETICK);

	if (n == 0)
		return HEALTH_OK;
	text_format(out, TEXT_MAX, "%zu falseticker%s", n, n == 1 ? "" : "s");
	return HEALTH_WARNING;
}

static enum health_level
leap_file_is_expired(const struct snapshot *s, char out[TEXT_MAX])
{
	if (!has(s, NTP_SYS_EXPIRE) || s->system->expire_s <= 0 ||
	    s->system->expire_s > s->taken_wall_ns / NS_PER_S)
		return HEALTH_OK;
	text_format(out, TEXT_MAX, "leap second file expired");
	return HEALTH_WARNING;
}

static condition_fn *const conditions[] = {
	is_not_synchronised,
	clock_is_stale,
	offset_is_large,
	sources_are_few,
	source_is_false,
	leap_file_is_expired,
};

/* Graver reasons go in front. */
static void
add_reason(struct health *h, enum health_level level, const char *text)
{
	char before[sizeof(h->reason)];
	bool is_graver = level > h->level;

	memcpy(before, h->reason, sizeof(before));
	h->reason_len =
	    text_format(h->reason, sizeof(h->reason), "%s%s%s", is_graver ? text : before,
		before[0] == '\0' ? "" : "; ", is_graver ? before : text);
	if (is_graver)
		h->level = level;
}

void
health_of(const struct snapshot *s, struct health *out)
{
	char text[TEXT_MAX];
	enum health_level level;

	*out = (struct health){ .level = HEALTH_OK };
	level = does_not_answer(s, text);
	if (level != HEALTH_OK) {
		add_reason(out, level, text);
		return;
	}
	out->usable_sources = health_usable_sources(s);
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
		level = conditions[i](s, text);
		if (level != HEALTH_OK)
			add_reason(out, level, text);
	}
}

bool
health_clock_age(const struct snapshot *s, uint64_t *seconds_out)
{
	int64_t clock_ns, updated_ns;

	if (!has(s, NTP_SYS_CLOCK) || !has(s, NTP_SYS_REFTIME) ||
	    ntp_stamp_is_zero(&s->system->reftime))
		return false;
	clock_ns = ntp_stamp_to_unix_ns(&s->system->clock, s->taken_wall_ns);
	updated_ns = ntp_stamp_to_unix_ns(&s->system->reftime, clock_ns);
	if (updated_ns > clock_ns)
		return false;
	*seconds_out = (uint64_t)(clock_ns - updated_ns) / NS_PER_S;
	return true;
}
