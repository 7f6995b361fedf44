/* SPDX-License-Identifier: BSD-2-Clause */
/* A picture of the host, as the agent has them, from what ntp-query reads. */
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "mode6/packet.h"
#include "query/watch.h"

/* The uptime tells of restarts; who does not know it is asked for what it shows by
 * itself. */
#define SYSTEM_NAMES "version,ss_uptime,leap,stratum,peer,offset"

static enum target_state
state_of(int err)
{
	switch (err) {
	case ERR_REFUSED:
		return TARGET_REFUSED;
	case ERR_TIMEOUT:
		return TARGET_SILENT;
	case ERR_DAEMON:
		return TARGET_DENIED;
	default:
		return TARGET_BADANSWERS;
	}
}

static void
take_system(struct ntp_system *s, const struct talk_ask *ask)
{
	struct m6_varlist list = m6_varlist_start(ask->payload, ask->payload_len);
	struct m6_var var;

	s->status = ask->status;
	s->has_status = true;
	while (m6_varlist_next(&list, &var))
		(void)ntp_vars_apply(&ntp_system_vars, s, var.name, var.name_len,
		    var.value, var.value_len);
	ntp_system_correct(s, ntp_system_kinds(s));
}

static int
read_system(struct query *q, struct ntp_system *out)
{
	struct talk_ask ask = {
		.op = M6_OP_READVAR,
		.data = SYSTEM_NAMES,
		.len = sizeof(SYSTEM_NAMES) - 1,
	};
	int err = query_ask(q, &ask, 1);

	if (err == 0 && ask.err == ERR_DAEMON &&
	    ask.daemon_error == M6_ERROR_UNKNOWNVAR) {
		ask = (struct talk_ask){ .op = M6_OP_READVAR };
		err = query_ask(q, &ask, 1);
	}
	if (err == 0)
		err = ask.err != 0 ? query_failed(q, &ask) : 0;
	if (err == 0)
		take_system(out, &ask);
	talk_forget(&ask, 1);
	return err;
}

static int
read_all(struct query *q, struct watch_round *out)
{
	struct ntp_system *system = mem_calloc(1, sizeof(*system));
	struct peers all = { .items = NULL };
	int err = system ? read_system(q, system) : ERR_NOMEM;

	if (err == 0)
		err = peers_read(q, true, &all);
	if (err == 0)
		out->picture = snapshot_new(TARGET_UP, all.n);
	if (err == 0 && !out->picture)
		err = ERR_NOMEM;
	if (err == 0) {
		peers_look_up(q, &all);
		snapshot_give_system(out->picture, system);
		system = NULL;
		if (all.n > 0)
			memcpy(out->picture->peers, all.items,
			    all.n * sizeof(*all.items));
		out->picture->has_peers = true;
		out->has_clock = all.has_clock;
		out->clock = all.clock;
	}
	peers_free(&all);
	mem_free(system);
	return err;
}

void
watch_read(struct query *q, struct watch_round *out)
{
	int64_t begun_ns = clock_monotonic_ns();

	*out = (struct watch_round){ .picture = NULL };
	q->is_quiet = true;
	out->err = read_all(q, out);
	q->is_quiet = false;
	if (out->err != 0 && out->err != ERR_CANCELLED && out->err != ERR_NOMEM)
		out->picture = snapshot_new(state_of(out->err), 0);
	if (out->picture)
		out->picture->taken_ns = out->picture->read_ns = begun_ns;
	else if (out->err != ERR_CANCELLED)
		out->err = ERR_NOMEM;
}

void
watch_round_clear(struct watch_round *r)
{
	r->picture = snapshot_unref(r->picture);
}

void
watch_time(int64_t wall_ns, char out[WATCH_TIME_MAX])
{
	cooked_date(wall_ns / NS_PER_S, out, WATCH_TIME_MAX);
}

void
watch_name(const struct query *q, const struct snapshot *s, uint16_t id,
    char out[PEERS_NAME_MAX])
{
	const struct ntp_peer *p = id == 0 ? NULL : snapshot_peer(s, id);

	if (id == 0)
		text_format(out, PEERS_NAME_MAX, "-");
	else if (!p || peers_name(q, p, q->wants_names, out) == 0)
		text_format(out, PEERS_NAME_MAX, "%u", id);
}
