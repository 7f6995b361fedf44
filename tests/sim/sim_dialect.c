/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the dialects. */
#include "sim/sim_dialect.h"

#include <string.h>

static const struct sim_traits traits[SIM_N_DIALECTS] = {
	/* Source "ntp", one event "clock_sync"; NTPsec 1.2.2 leaves the source at 0. */
	[SIM_NTPORG] = {
		.name = "ntporg",
		.version = "\"ntpd 4.2.8p15@1.3728-o (1)\"",
		.status = 0x0615,
		.names_token = true,
		.forgets_system_events = true,
		.align = M6_MAC_ALIGN_8,
		.missing_value = M6_ERROR_BADFMT,
		.leap_no_number = M6_ERROR_BADFMT,
	},
	[SIM_NTPSEC] = {
		.name = "ntpsec",
		.version = "\"ntpd ntpsec-1.2.2\"",
		.status = 0x0015,
		.is_ntpsec = true,
		.is_readstat_garbled = true,
		.forgets_system_events = true,
		.align = M6_MAC_ALIGN_8,
		.missing_value = M6_ERROR_UNKNOWNVAR,
		.leap_no_number = M6_ERROR_UNSPEC,
	},
	[SIM_NTPSEC_125] = {
		.name = "ntpsec-1.2.5",
		.version = "\"ntpd ntpsec-1.2.5\"",
		.status = 0x0615,
		.is_ntpsec = true,
		.align = M6_MAC_ALIGN_4,
	},
};

const struct sim_traits *
sim_traits(enum sim_dialect dialect)
{
	return &traits[dialect];
}

bool
sim_dialect_parse(const char *text, enum sim_dialect *out)
{
	for (unsigned i = 0; i < SIM_N_DIALECTS; i++) {
		if (strcmp(traits[i].name, text) != 0)
			continue;
		*out = (enum sim_dialect)i;
		return true;
	}
	return false;
}
