/* SPDX-License-Identifier: BSD-2-Clause */
/* Invented values: what a variable is when neither a recording nor a command set it. */
#ifndef SIM_FILL_H
#define SIM_FILL_H

#include "sim/sim_vars.h"

/* The row's text; "a|b" is a for ntp.org and b for NTPsec. */
sim_fill_fn sim_fill_text;
/* The row's text has six decimals; ntp.org prints three of them. */
sim_fill_fn sim_fill_micro;
/* The row's text is the name of another variable with the same value. */
sim_fill_fn sim_fill_twin;
/* "a|b": a with a system peer, b without. */
sim_fill_fn sim_fill_if_synced;
sim_fill_fn sim_fill_names; /* of all variables of this kind */
sim_fill_fn sim_fill_version;

sim_fill_fn sim_fill_clock;
sim_fill_fn sim_fill_system_stratum;
sim_fill_fn sim_fill_system_refid;
sim_fill_fn sim_fill_system_reftime;
sim_fill_fn sim_fill_rootdist;
sim_fill_fn sim_fill_syspeer;
sim_fill_fn sim_fill_syspeer_address;
sim_fill_fn sim_fill_syspeer_mode;

/* "a|b": a when the association is reachable, b when not. */
sim_fill_fn sim_fill_if_reachable;
/* A number that differs between associations, with six decimals: the row's text is
 * "base step modulus" in units of a millionth; zero when not reachable. */
sim_fill_fn sim_fill_spread;
/* The same of the system: between daemons. */
sim_fill_fn sim_fill_system_spread;
sim_fill_fn sim_fill_peer_address;
sim_fill_fn sim_fill_peer_stratum;
sim_fill_fn sim_fill_peer_refid;
sim_fill_fn sim_fill_peer_stamp;
/* One bit of the status word, the row's text is its mask in decimal; "-" in front
 * inverts. */
sim_fill_fn sim_fill_status_bit;
sim_fill_fn sim_fill_selection;
sim_fill_fn sim_fill_filter; /* the row's text tells which of the three arrays */

/* "0x%08x.%08x" of a time since 1970. */
void sim_fill_stamp(int64_t ns, struct sim_text *out);

#endif
