/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpsim: simulated NTP daemons that speak mode 6. Options only. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/rand.h"
#include "base/scan.h"
#include "sim/sim.h"
#include "sim/sim_addr.h"
#include "sim/sim_net.h"
#include "support/recording.h"

enum { EXIT_USAGE = 2, ORDERS_MAX = 256 };

/* An option that is a control command in other words. */
struct order {
	const char *command, *arg;
};

struct options {
	struct sim_options sim;
	struct sim_net_options net;
	const char *recording, *state;
	struct order orders[ORDERS_MAX];
	size_t n_orders;
	uint32_t n_assocs, n_daemons;
};

static const char usage[] =
    "usage: ntpsim [OPTION...]\n"
    "  --dialect NAME           whose answers: ntporg (default), ntpsec, ntpsec-1.2.5\n"
    "  --listen ADDR:PORT       where; port 0: any; may be repeated\n"
    "                           (default 127.0.0.1:0)\n"
    "  --daemons N              be N daemons that differ in what is invented, on the\n"
    "                           addresses from that of --listen on, all on one port\n"
    "  --recording FILE         start as this recorded daemon\n"
    "  --associations N         invent N associations\n"
    "  --state FILE             run the control commands in FILE first\n"
    "  --script FAULTS          misbehave from the start, e.g. \"drop=30,delay=5\"\n"
    "  --keys FILE              know the keys of this file\n"
    "  --trusted ID[,ID...]     trust them; may be repeated\n"
    "  --controlkey ID          the key of writes\n"
    "  --var NAME=VALUE         a variable that can be written; may be repeated\n"
    "  --dvar NAME=VALUE        the same, in the default list\n"
    "  --setvar NAME=VALUE[,default]  a variable that cannot be written\n"
    "  --trap ADDR:PORT         tell events there (ntporg only); may be repeated\n"
    "  --clients N              have heard of N clients\n"
    "  --frozen                 clocks and counters stand still\n"
    "  --seed N                 of association numbers and nonces (default: random);\n"
    "                           that of the first, those of the others follow\n"
    "  --control PATH           Unix stream socket for commands, a line each, to all\n"
    "                           daemons or as \"at FIRST[-LAST] COMMAND\" to some\n"
    "  --port-file PATH         write the ports there when ready: a line per --listen\n"
    "  --until-eof              stop when standard input is closed\n"
    "  --quiet                  print nothing\n";

static bool
take_order(struct options *o, int option, const char *arg)
{
	static const struct {
		int option;
		const char *command;
	} rows[] = {
		{ 'S', "fault" },
		{ 'k', "keys" },
		{ 'T', "trust" },
		{ 'K', "controlkey" },
		{ 'v', "rw" },
		{ 'D', "rw-default" },
		{ 'V', "setvar" },
		{ 'x', "trap" },
		{ 'C', "clients" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].option != option || o->n_orders == ORDERS_MAX)
			continue;
		o->orders[o->n_orders].command = rows[i].command;
		o->orders[o->n_orders++].arg = arg;
		return true;
	}
	return false;
}

/* One option with its argument; false when it is wrong. */
static bool
take_option(struct options *o, int option, const char *arg)
{
	switch (option) {
	case 'd':
		return sim_dialect_parse(arg, &o->sim.dialect);
	case 'l':
		return o->net.n_listen < SIM_LISTEN_MAX &&
		    sim_addr_parse(arg, &o->net.listen[o->net.n_listen++]) == 0;
	case 'r':
		o->recording = arg;
		return true;
	case 'n':
		return scan_u32(arg, strlen(arg), &o->n_assocs) == 0 &&
		    o->n_assocs <= SIM_ASSOCS_MAX;
	case 'N':
		return scan_u32(arg, strlen(arg), &o->n_daemons) == 0 &&
		    o->n_daemons > 0 && o->n_daemons <= SIM_DAEMONS_MAX;
	case 's':
		o->state = arg;
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
		return take_order(o, option, arg);
	}
}

static bool
parse(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "dialect", required_argument, NULL, 'd' },
		{ "listen", required_argument, NULL, 'l' },
		{ "daemons", required_argument, NULL, 'N' },
		{ "recording", required_argument, NULL, 'r' },
		{ "associations", required_argument, NULL, 'n' },
		{ "state", required_argument, NULL, 's' },
		{ "script", required_argument, NULL, 'S' },
		{ "keys", required_argument, NULL, 'k' },
		{ "trusted", required_argument, NULL, 'T' },
		{ "controlkey", required_argument, NULL, 'K' },
		{ "var", required_argument, NULL, 'v' },
		{ "dvar", required_argument, NULL, 'D' },
		{ "setvar", required_argument, NULL, 'V' },
		{ "trap", required_argument, NULL, 'x' },
		{ "clients", required_argument, NULL, 'C' },
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
	if (o->n_daemons > 1 && o->net.n_listen > 1)
		fprintf(stderr, "ntpsim: --daemons and one --listen, not more\n");
	return optind == argc && (o->n_daemons == 1 || o->net.n_listen <= 1);
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
obey(struct sim *s, const struct order *order, int64_t now_ns)
{
	char line[SIM_LINE_MAX], answer[SIM_LINE_MAX];

	snprintf(line, sizeof(line), "%s %s", order->command, order->arg);
	sim_control(s, line, now_ns, answer, sizeof(answer));
	if (strcmp(answer, "ok") != 0)
		fprintf(stderr, "ntpsim: %s: %s\n", line, answer);
	return strcmp(answer, "ok") == 0;
}

static bool
load(struct sim *s, const struct options *o, int64_t start_ns)
{
	bool is_good = true;

	if (o->recording && !load_recording(s, o->recording))
		return false;
	if (o->n_assocs > 0 && sim_load_synthetic(s, o->n_assocs) != 0) {
		fprintf(stderr, "ntpsim: so many associations do not fit\n");
		return false;
	}
	for (size_t i = 0; is_good && i < o->n_orders; i++)
		is_good = obey(s, &o->orders[i], start_ns);
	if (!is_good)
		return false;
	if (o->state && sim_load_state(s, o->state) != 0) {
		fprintf(stderr, "ntpsim: %s cannot be used\n", o->state);
		return false;
	}
	return true;
}

static bool
load_all(struct sim_many *many, const struct options *o, int64_t start_ns)
{
	bool is_good = true;

	for (size_t i = 0; is_good && i < many->n; i++)
		is_good = load(many->items[i], o, start_ns);
	return is_good;
}

int
main(int argc, char **argv)
{
	struct options o = { .n_daemons = 1 };
	int64_t start_ns = clock_wall_ns();
	struct sim_many many;
	int status = EXIT_FAILURE;

	o.sim.seed = rand_kernel(NULL);
	if (!parse(&o, argc, argv)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (o.net.n_listen == 0)
		sim_addr_parse("127.0.0.1:0", &o.net.listen[o.net.n_listen++]);
	if (sim_many_init(&many, o.n_daemons, &o.sim, start_ns) != 0)
		return EXIT_FAILURE;
	if (load_all(&many, &o, start_ns) && sim_net_run(&many, &o.net, start_ns) == 0)
		status = EXIT_SUCCESS;
	sim_many_fini(&many);
	return status;
}
