/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpsim: a simulated NTP daemon that speaks mode 6. Options only. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/rand.h"
#include "base/scan.h"
#include "sim/sim.h"
#include "sim/sim_net.h"
#include "support/recording.h"

enum { EXIT_USAGE = 2 };

struct options {
	struct sim_options sim;
	struct sim_net_options net;
	const char *recording, *state, *script;
	uint32_t n_assocs;
};

static const char usage[] =
    "usage: ntpsim [OPTION...]\n"
    "  --dialect NAME           whose answers: ntporg (default), ntpsec, ntpsec-1.2.5\n"
    "  --listen ADDR:PORT       where; port 0: any; may be repeated\n"
    "                           (default 127.0.0.1:0)\n"
    "  --recording FILE         start as this recorded daemon\n"
    "  --associations N         invent N associations\n"
    "  --state FILE             run the control commands in FILE first\n"
    "  --script FAULTS          misbehave from the start, e.g. \"drop=30,delay=5\"\n"
    "  --frozen                 clocks and counters stand still\n"
    "  --seed N                 of association numbers and nonces (default: random)\n"
    "  --control PATH           Unix stream socket for commands, a line each\n"
    "  --port-file PATH         write the ports there when ready\n"
    "  --until-eof              stop when standard input is closed\n"
    "  --quiet                  print nothing\n";

/* One option with its argument; false when it is wrong. */
static bool
take_option(struct options *o, int option, const char *arg)
{
	switch (option) {
	case 'd':
		return sim_dialect_parse(arg, &o->sim.dialect);
	case 'l':
		return o->net.n_listen < SIM_LISTEN_MAX &&
		    sim_net_parse(arg, &o->net.listen[o->net.n_listen++]) == 0;
	case 'r':
		o->recording = arg;
		return true;
	case 'n':
		return scan_u32(arg, strlen(arg), &o->n_assocs) == 0 &&
		    o->n_assocs <= SIM_ASSOCS_MAX;
	case 's':
		o->state = arg;
		return true;
	case 'S':
		o->script = arg;
		return true;
	case 'f':
		o->sim.is_frozen = true;
		return true;
	case 'e':
		return scan_u32(arg, strlen(arg), &o->sim.seed) == 0;
	case 'c':
		o->net.control_path = arg;
		return true;
	case 'p':
		o->net.port_file = arg;
		return true;
	case 'u':
		o->net.is_until_eof = true;
		return true;
	case 'q':
		o->net.is_quiet = true;
		return true;
	default:
		return false;
	}
}

static bool
parse(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "dialect", required_argument, NULL, 'd' },
		{ "listen", required_argument, NULL, 'l' },
		{ "recording", required_argument, NULL, 'r' },
		{ "associations", required_argument, NULL, 'n' },
		{ "state", required_argument, NULL, 's' },
		{ "script", required_argument, NULL, 'S' },
		{ "frozen", no_argument, NULL, 'f' },
		{ "seed", required_argument, NULL, 'e' },
		{ "control", required_argument, NULL, 'c' },
		{ "port-file", required_argument, NULL, 'p' },
		{ "until-eof", no_argument, NULL, 'u' },
		{ "quiet", no_argument, NULL, 'q' },
		{ NULL, 0, NULL, 0 },
	};
	int option, index = -1;

	while ((option = getopt_long(argc, argv, "", longs, &index)) != -1) {
		if (option == '?')
			return false;
		if (!take_option(o, option, optarg)) {
			fprintf(stderr, "ntpsim: --%s: \"%s\" is not valid\n",
			    longs[index].name, optarg ? optarg : "");
			return false;
		}
	}
	if (optind != argc)
		fprintf(stderr, "ntpsim: \"%s\" is no option\n", argv[optind]);
	return optind == argc;
}

static bool
load_recording(struct sim *s, const char *path)
{
	struct recording *rec = recording_load(path);
	int rc;

	if (!rec)
		return false;
	rc = sim_load_recording(s, rec);
	recording_free(rec);
	if (rc != 0)
		fprintf(stderr, "ntpsim: %s cannot be used\n", path);
	return rc == 0;
}

static bool
load(struct sim *s, const struct options *o, int64_t start_ns)
{
	char line[SIM_LINE_MAX], answer[SIM_LINE_MAX];

	if (o->recording && !load_recording(s, o->recording))
		return false;
	if (o->n_assocs > 0 && sim_load_synthetic(s, o->n_assocs) != 0) {
		fprintf(stderr, "ntpsim: so many associations do not fit\n");
		return false;
	}
	if (o->state && sim_load_state(s, o->state) != 0) {
		fprintf(stderr, "ntpsim: %s cannot be used\n", o->state);
		return false;
	}
	if (!o->script)
		return true;
	snprintf(line, sizeof(line), "fault %s", o->script);
	sim_control(s, line, start_ns, answer, sizeof(answer));
	if (strcmp(answer, "ok") != 0)
		fprintf(stderr, "ntpsim: --script: %s\n", answer);
	return strcmp(answer, "ok") == 0;
}

int
main(int argc, char **argv)
{
	struct options o = { .n_assocs = 0 };
	int64_t start_ns = clock_wall_ns();
	struct sim *s;
	int status = EXIT_FAILURE;

	o.sim.seed = rand_kernel(NULL);
	if (!parse(&o, argc, argv)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (o.net.n_listen == 0)
		sim_net_parse("127.0.0.1:0", &o.net.listen[o.net.n_listen++]);
	s = sim_new(&o.sim, start_ns);
	if (s && load(s, &o, start_ns) && sim_net_run(s, &o.net, start_ns) == 0)
		status = EXIT_SUCCESS;
	sim_free(s);
	return status;
}
