/* SPDX-License-Identifier: BSD-2-Clause */
/* A decaying score, what was answered and lost with it, and what follows. */
#include "client/pace.h"

enum {
	DECAY_PER_S = 951229, /* exp(-1/20), */
	DECAY_ONE = 1000000,  /* of so many */
	DECAY_S_MAX = 600,    /* nothing is left then */
	SCORE_MAX = 1000 * 1000 * PACE_UNIT,
};

static uint32_t
decayed(uint32_t score, int64_t age_ns)
{
	int64_t age_s = age_ns / NS_PER_S;
	uint64_t left = score;

	if (age_ns <= 0)
		return score;
	if (age_s >= DECAY_S_MAX)
		return 0;
	for (int64_t i = 0; i < age_s; i++)
		left = left * DECAY_PER_S / DECAY_ONE;
	/* Within a second a straight line is near enough. */
	left -= left * (uint64_t)(age_ns % NS_PER_S) / (uint64_t)PACE_DECAY_NS;
	return (uint32_t)left;
}

/* At most so much later the score is down from `from` to `to`: 20 s times the logarithm
 * of x = from / to, which (x - 1/x) / 2 exceeds by no more than a twelfth up to x = 2. */
static int64_t
decay_time_ns(uint32_t from, uint32_t to)
{
	int64_t unit_ns = PACE_DECAY_NS / 2 / PACE_UNIT;
	int64_t x = (int64_t)from * PACE_UNIT / to;

	return unit_ns * (x - (int64_t)PACE_UNIT * PACE_UNIT / x);
}

uint32_t
pace_sent(struct pace *p, int64_t now_ns)
{
	p->score = decayed(p->score, now_ns - p->sent_ns);
	if (p->score < SCORE_MAX)
		p->score += PACE_UNIT;
	p->sent_ns = now_ns;
	return p->score;
}

void
pace_clear(struct pace *p)
{
	p->limit = 0;
	p->ceiling = 0;
	p->n_probes_lost = 0;
	p->n_low = 0;
	p->is_doubted = false;
	p->is_certain = false;
}

bool
pace_is_on(const struct pace *p)
{
	return p->ceiling > 0;
}

static bool
is_proof_old(const struct pace *p, int64_t now_ns)
{
	return now_ns - p->answered_ns > PACE_PROOF_NS;
}

void
pace_answered(struct pace *p, uint32_t score, int64_t now_ns)
{
	if (score >= p->answered || is_proof_old(p, now_ns))
		p->answered = score;
	if (score >= p->answered - p->answered / 8)
		p->answered_ns = now_ns;
	if (!pace_is_on(p))
		return;
	p->is_doubted = true;
	p->n_low -= p->n_low > 0;
	if (score + 2 * PACE_UNIT <= p->ceiling)
		return;
	if (p->ceiling < p->limit)
		p->ceiling += PACE_UNIT / 4;
	else if (now_ns >= p->probe_ns)
		p->ceiling += PACE_UNIT;
	/* A limiter would have been silent long before. */
	if (score > p->limit + p->limit / 2) {
		pace_clear(p);
		p->n_acquitted = 0;
	}
}

/* What was answered lately was no limiter's business, nor was anything that little. */
static uint32_t
innocent_score(const struct pace *p, int64_t now_ns)
{
	uint32_t score = is_proof_old(p, now_ns) ? 0 : p->answered;

	/* The default is known; of others only what was seen, more or less. */
	if (score > PACE_LIMIT_MAX)
		score += score / 4;
	return score > PACE_LIMIT_MIN ? score : PACE_LIMIT_MIN;
}

bool
pace_is_news(const struct pace *p, uint32_t score, int64_t now_ns)
{
	return score > innocent_score(p, now_ns);
}

static void
suspect(struct pace *p, int64_t now_ns)
{
	uint32_t seen = is_proof_old(p, now_ns) ? 0 : p->answered - p->answered / 8;

	p->limit = seen > PACE_LIMIT ? seen : PACE_LIMIT;
	p->ceiling = p->limit;
	p->probe_ns = now_ns;
	p->lost_ns = now_ns;
	p->answered = 0;
}

/* The ceiling was too high, or nothing of all that is true. */
static void
go_back(struct pace *p, uint32_t score, int64_t now_ns)
{
	uint32_t ceiling = score > PACE_BACK ? score - PACE_BACK : 0;

	if (score <= PACE_LIMIT_MIN + PACE_UNIT) {
		p->n_low += PACE_LOW_LOSS;
		if (p->n_low >= (unsigned)PACE_LOW_MAX << p->n_acquitted) {
			pace_clear(p);
			p->n_acquitted += p->n_acquitted < PACE_ACQUITTED_MAX;
			return;
		}
	}
	if (ceiling < p->ceiling)
		p->ceiling = ceiling > PACE_LIMIT_MIN ? ceiling : PACE_LIMIT_MIN;
	/* More than the default was no more than a guess. */
	if (p->limit > p->ceiling && p->limit > PACE_LIMIT)
		p->limit = p->ceiling > PACE_LIMIT ? p->ceiling : PACE_LIMIT;
	p->probe_ns = now_ns + (PACE_PROBE_NS << p->n_probes_lost);
	if (p->n_probes_lost < PACE_PROBES_DOUBLED)
		p->n_probes_lost++;
}

void
pace_lost(struct pace *p, uint32_t score, bool is_in_a_row, int64_t now_ns)
{
	if (!pace_is_on(p)) {
		if (is_in_a_row && pace_is_news(p, score, now_ns))
			suspect(p, now_ns);
		return;
	}
	p->lost_ns = now_ns;
	if (p->is_doubted)
		p->is_certain = true;
	p->is_doubted = false;
	/* Above it nothing else was expected. */
	if (score <= p->ceiling + PACE_UNIT)
		go_back(p, score, now_ns);
}

void
pace_tick(struct pace *p, int64_t now_ns)
{
	if (!pace_is_on(p) || now_ns - p->lost_ns < PACE_KEEP_NS)
		return;
	pace_clear(p);
}

int64_t
pace_next_ns(const struct pace *p, int64_t timeout_ns)
{
	int64_t test_ns = timeout_ns > PACE_TEST_NS ? timeout_ns : PACE_TEST_NS;
	int64_t wait_ns;

	if (p->score + PACE_UNIT <= p->ceiling)
		return 0;
	wait_ns = decay_time_ns(p->score, p->ceiling - PACE_UNIT);
	if (p->is_certain)
		test_ns = PACE_TEST_CERTAIN_NS;
	return p->sent_ns + (wait_ns < test_ns ? wait_ns : test_ns);
}

int64_t
pace_gap_ns(const struct pace *p)
{
	return pace_is_on(p) ? decay_time_ns(p->ceiling, p->ceiling - PACE_UNIT) : 0;
}
