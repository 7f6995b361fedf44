/* SPDX-License-Identifier: BSD-2-Clause */
/* How regularly somebody polls. */
#include "sim/sim_gaps.h"

#include "base/clock.h"
#include "base/text.h"
#include "mode6/packet.h"

enum { MODE_MASK = 7, MODE_CONTROL = 6, OP_OCTET = 1, ASSOC_AT = 6 };

void
sim_gaps_start(struct sim_gaps *g, int64_t now_ns)
{
	*g = (struct sim_gaps){ .last_ns = INT64_MIN };
	sim_gaps_reset(g, now_ns);
}

void
sim_gaps_reset(struct sim_gaps *g, int64_t now_ns)
{
	*g = (struct sim_gaps){
		.from_ns = now_ns,
		.last_ns = g->last_ns,
		.least_ns = INT64_MAX,
	};
}

/* A request for the list: an opcode without any flag, of association 0. */
static bool
is_beginning(const uint8_t *at, size_t len)
{
	return len >= M6_HEADER_LEN && (at[0] & MODE_MASK) == MODE_CONTROL &&
	    at[OP_OCTET] == M6_OP_READSTAT && at[ASSOC_AT] == 0 && at[ASSOC_AT + 1] == 0;
}

void
sim_gaps_saw(struct sim_gaps *g, const void *bytes, size_t len, int64_t now_ns)
{
	int64_t gap_ns;

	if (!is_beginning(bytes, len))
		return;
	if (g->last_ns != INT64_MIN) {
		gap_ns = now_ns - g->last_ns;
		if (gap_ns < SIM_GAPS_SAME_NS) {
			g->repetitions++;
			return;
		}
		g->least_ns = gap_ns < g->least_ns ? gap_ns : g->least_ns;
		g->most_ns = gap_ns > g->most_ns ? gap_ns : g->most_ns;
	}
	g->last_ns = now_ns;
	g->cycles++;
}

void
sim_gaps_add(struct sim_gaps_total *total, const struct sim_gaps *g, size_t number,
    int64_t now_ns)
{
	bool is_first = total->daemons++ == 0;
	int64_t idle_ns = now_ns - (g->last_ns == INT64_MIN ? g->from_ns : g->last_ns);

	if (is_first || g->cycles < total->cycles_min)
		total->cycles_min = g->cycles;
	if (is_first || g->least_ns < total->least_ns)
		total->least_ns = g->least_ns;
	if (is_first || g->most_ns > total->most_ns) {
		total->most_ns = g->most_ns;
		total->most_at = number;
	}
	if (is_first || idle_ns > total->idle_ns) {
		total->idle_ns = idle_ns;
		total->idle_at = number;
	}
	total->repetitions += g->repetitions;
}

static long long
to_ms(int64_t ns)
{
	return (long long)((ns + NS_PER_MS / 2) / NS_PER_MS);
}

void
sim_gaps_format(const struct sim_gaps_total *total, char *out, size_t cap)
{
	size_t at = text_format(out, cap, " daemons=%zu cycles=%llu repeated=%llu",
	    total->daemons, (unsigned long long)total->cycles_min,
	    (unsigned long long)total->repetitions);

	if (total->most_ns == 0)
		at += text_format(out + at, cap - at, " least_ms=- most_ms=- most_at=-");
	else
		at += text_format(out + at, cap - at,
		    " least_ms=%lld most_ms=%lld most_at=%zu", to_ms(total->least_ns),
		    to_ms(total->most_ns), total->most_at);
	text_format(out + at, cap - at, " idle_ms=%lld idle_at=%zu",
	    to_ms(total->idle_ns), total->idle_at);
}
