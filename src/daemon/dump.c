/* SPDX-License-Identifier: BSD-2-Clause */
/* --dump: every object of every target once, without SNMP. */
#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"
#include "daemon/app.h"
#include "daemon/loop.h"
#include "daemon/process.h"
#include "daemon/startup.h"
#include "daemon/targets.h"
#include "snmp/agentx_mib.h"
#include "snmp/ntpv4_mib.h"
#include "snmp/print.h"

/* Looked at so often, and for longer than a target takes to be given up. */
enum { DUMP_TICK_MS = 50, DUMP_TICKS = 20 * 1000 / DUMP_TICK_MS };

static void
print_module(const struct mib_module *module, const struct mib_view *view)
{
	struct mib_oid name = { .len = 0 };
	struct mib_oid found;
	struct mib_value value;
	char line[MIB_LINE_MAX];

	while (mib_next(module, view, name.ids, name.len, false, &found, &value) ==
	    MIB_FOUND) {
		mib_print(module, &found, &value, line, sizeof(line));
		puts(line);
		name = found;
	}
}

static void
print_target(const struct targets *ts, size_t i)
{
	const struct target *target = targets_at(ts, i);
	struct mib_view view;

	targets_view(ts, i, &view);
	printf("# target %s %s port %u: %s\n", target->name, target->host, target->port,
	    target_state_text(view.snapshot->state));
	print_module(&ntpv4_mib, &view);
}

static void
print_whole(struct targets *ts)
{
	struct mib_view view;

	targets_whole(ts, &view);
	printf("# all targets\n");
	print_module(&agentx_mib, &view);
}

static void
on_tick(uv_timer_t *timer)
{
	(*(unsigned *)timer->data)++;
}

static int
wait_for_all(uv_loop_t *uv, const struct targets *ts)
{
	uv_timer_t timer;
	unsigned ticks = 0;

	if (uv_timer_init(uv, &timer) != 0)
		return EXIT_RUNTIME;
	timer.data = &ticks;
	uv_timer_start(&timer, on_tick, DUMP_TICK_MS, DUMP_TICK_MS);
	while (ticks < DUMP_TICKS && !targets_all_known(ts))
		uv_run(uv, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(uv, UV_RUN_NOWAIT);
	return targets_up(ts) == targets_count(ts) ? EXIT_OK : EXIT_UNANSWERED;
}

static int
dump(const struct options *o, const struct agent_config *config,
    const struct m6_keys *keys, const struct logger *log)
{
	struct loop *loop;
	struct targets *ts;
	int code = EXIT_RUNTIME;

	if (startup_become(o, log) != 0)
		return EXIT_RUNTIME;
	loop = loop_new();
	ts = loop == NULL ? NULL : targets_new(loop_uv(loop), log);
	process_allow_targets(config->n_targets, log);
	if (ts != NULL &&
	    targets_apply(ts, config->targets, config->n_targets, clock_monotonic_ns()) ==
		0) {
		targets_allow_writes(ts, keys);
		code = wait_for_all(loop_uv(loop), ts);
		for (size_t i = 0; i < targets_count(ts); i++)
			print_target(ts, i);
		print_whole(ts);
	}
	targets_free(ts);
	loop_free(loop);
	return code;
}

int
app_dump(const struct options *o)
{
	return startup_offline(o, dump);
}
