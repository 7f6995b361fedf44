/* SPDX-License-Identifier: BSD-2-Clause */
/* What befalls writes: the faults that are not about answers. */
#include "sim/sim_fault.h"

#define WRITE_FAULTS (UINT32_MAX << SIM_WRITE_DROP)
_Static_assert((int)SIM_N_FAULTS <= 32, "a bit per fault");

bool
sim_rule_is_about_writes(const struct sim_rule *rule)
{
	return (rule->faults & WRITE_FAULTS) != 0;
}

struct sim_write_fault
sim_faults_write(struct sim_faults *faults)
{
	struct sim_write_fault write = { 0, NULL };

	for (size_t i = 0; i < faults->n_rules; i++) {
		struct sim_rule *rule = &faults->rules[i];

		if (!sim_rule_is_about_writes(rule) || !sim_rule_befalls(rule))
			continue;
		write.faults |= rule->faults & WRITE_FAULTS;
		if (rule->faults & UINT32_C(1) << SIM_WRITE_OTHER)
			write.other = rule->other;
	}
	return write;
}

bool
sim_write_has(const struct sim_write_fault *write, enum sim_fault fault)
{
	return (write->faults >> fault & 1) != 0;
}

enum sim_fault
sim_faults_die(struct sim_faults *faults, uint64_t n)
{
	for (size_t i = 0; i < faults->n_rules; i++) {
		struct sim_rule *rule = &faults->rules[i];
		uint64_t before = rule->done;

		rule->done += n;
		if (before < rule->lethal && rule->done >= rule->lethal)
			return rule->faults & UINT32_C(1) << SIM_WRITE_DIE
			    ? SIM_WRITE_DIE
			    : SIM_WRITE_DIE_ANSWERED;
	}
	return SIM_N_FAULTS;
}
