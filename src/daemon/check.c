/* SPDX-License-Identifier: BSD-2-Clause */
/* --check: the way from each target to an SNMP manager, step by step. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "daemon/app.h"
#include "daemon/startup.h"
#include "probe/check_ask.h"
#include "snmp/runtime.h"

static const struct check_caller caller = {
	.program = APP_NAME,
	.family_word = "the target's option \"family\" chooses",
	.key_word = "the target's option \"control-key\"",
	.socket_word = "the same line in ntp-agentxd.conf, or -x PATH",
	.snmp_word = "--snmp ADDRESS --community NAME",
	.tried = "",
	.user_word = "name the user of ntp-agentxd with -u",
};

struct score {
	unsigned n, n_failed;
};

static void
print_line(void *ctx, const char *text)
{
	char shown[CHECK_LINE_MAX];

	(void)ctx;
	text_ascii(text, strlen(text), shown, sizeof(shown));
	puts(shown);
}

/* The steps from..to of what is known. */
static void
report(const struct check_facts *f, enum check_id from, enum check_id to,
    struct score *score)
{
	struct check_step steps[CHECK_STEPS];

	check_judge(f, steps);
	for (int id = (int)from; id <= (int)to; id++) {
		check_show((enum check_id)id, &steps[id], print_line, NULL);
		score->n++;
		score->n_failed += steps[id].result == CHECK_FAILED;
	}
	(void)fflush(stdout);
}

static void
put_host(const struct target *t, char out[CHECK_HOST_MAX + 1])
{
	bool is_ipv6 = strchr(t->host, ':') != NULL;

	text_format(out, CHECK_HOST_MAX + 1, is_ipv6 ? "[%s]:%u" : "%s:%u", t->host,
	    t->port);
}

static void
check_target(const struct target *t, const struct agent_config *config,
    const struct m6_keys *keys, struct check_facts *f, struct score *score)
{
	char host[CHECK_HOST_MAX + 1];
	bool has_key = t->control_key != 0 && config->keyfile[0] != '\0';
	const struct check_options options = {
		.caller = &caller,
		.host = host,
		.family = t->family,
		.version = t->version,
		.key_file = has_key ? config->keyfile : NULL,
		.keys = has_key ? keys : NULL,
		.key_id = t->control_key,
	};

	put_host(t, host);
	printf("target %s (%s)\n", t->name, host);
	(void)fflush(stdout);
	check_ask_nothing(&options, f);
	check_ask_daemon(&options, f);
	report(f, CHECK_NAME, CHECK_WRITE, score);
}

/* `f`: of the only target, or of nothing when there are several. */
static void
check_agent(const struct options *o, struct check_facts *f, struct score *score)
{
	const struct check_options options = {
		.caller = &caller,
		.agentx = o->agentx_socket ? o->agentx_socket : runtime_agentx_socket(),
		.snmp = o->snmp,
		.community = o->community,
	};

	puts("agent");
	(void)fflush(stdout);
	f->is_for_agent = true;
	check_ask_agent(&options, f);
	report(f, CHECK_SOCKET, CHECK_VIEW, score);
}

/* With --master there is no snmpd on the way. */
static int
check(const struct options *o, const struct agent_config *config,
    const struct m6_keys *keys, const struct logger *log)
{
	const struct check_options none = { .caller = &caller, .host = "" };
	struct score score = { 0 };
	struct check_facts f;

	if (startup_become(o, log) != 0)
		return EXIT_RUNTIME;
	for (size_t i = 0; i < config->n_targets; i++)
		check_target(&config->targets[i], config, keys, &f, &score);
	if (config->n_targets != 1)
		check_ask_nothing(&none, &f);
	if (o->master == NULL)
		check_agent(o, &f, &score);
	printf("%u of %u steps failed\n", score.n_failed, score.n);
	return score.n_failed == 0 ? EXIT_OK : EXIT_CHECK;
}

int
app_check(const struct options *o)
{
	return startup_offline(o, check);
}
