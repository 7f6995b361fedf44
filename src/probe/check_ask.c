/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks the NTP daemon, as little as it takes: those that limit rates count each request.
 */
#include "probe/check_ask.h"

#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"
#include "client/keyfile.h"
#include "mode6/packet.h"
#include "mode6/status.h"
#include "mode6/varlist.h"
#include "model/system.h"
#include "probe/talk.h"
#include "probe/time_ask.h"

#define TIME_SILENCE_NS    (2500 * NS_PER_MS)
#define CONTROL_SILENCE_NS (3 * NS_PER_S)

enum { SELECTION_CANDIDATE = 4, SELECTION_BACKUP = 5 };

static void
put(char out[CHECK_WORD_MAX], const char *text, size_t len)
{
	text_format(out, CHECK_WORD_MAX, "%.*s", (int)len, text);
}

void
check_ask_nothing(const struct check_options *options, struct check_facts *out)
{
	*out = (struct check_facts){
		.port = M6_PORT,
		.name_err = CHECK_NOT_ASKED,
		.time_err = CHECK_NOT_ASKED,
		.control_err = CHECK_NOT_ASKED,
		.system_err = CHECK_NOT_ASKED,
		.writevar = { .err = CHECK_NOT_ASKED },
		.configure = { .err = CHECK_NOT_ASKED },
		.socket_err = CHECK_NOT_ASKED,
		.snmp_err = CHECK_NOT_ASKED,
		.list_err = CHECK_NOT_ASKED,
		.view_err = CHECK_NOT_ASKED,
		.is_unwanted = options->wants_no_agent,
		.is_for_agent = options->is_for_agent || options->agentx ||
		    options->snmp || options->community,
		.caller = options->caller,
	};
	text_format(out->host, sizeof(out->host), "%s", options->host);
}

void
check_ask_cut_off(struct check_facts *f)
{
	int *const fates[] = { &f->name_err, &f->time_err, &f->control_err,
		&f->system_err, &f->writevar.err, &f->configure.err, &f->socket_err,
		&f->snmp_err, &f->list_err, &f->view_err };

	for (size_t i = 0; i < sizeof(fates) / sizeof(fates[0]); i++)
		if (*fates[i] == CHECK_NOT_ASKED)
			*fates[i] = ERR_CANCELLED;
}

/* --- the host ----------------------------------------------------------------------- */

static bool
is_loopback(const struct addr *a)
{
	enum { LOOPBACK_NET = 127 };
	static const uint8_t loopback[16] = { [15] = 1 };

	return a->family == ADDR_IPV4 ? a->bytes[0] == LOOPBACK_NET
				      : memcmp(a->bytes, loopback, sizeof(loopback)) == 0;
}

/* One of this machine's own? */
static bool
is_here(const struct addr *a)
{
	uv_interface_address_t *own;
	bool is_own = is_loopback(a);
	int n;

	if (is_own || uv_interface_addresses(&own, &n) != 0)
		return is_own;
	for (int i = 0; i < n && !is_own; i++) {
		struct addr b;

		is_own = addr_from_sockaddr((const struct sockaddr *)&own[i].address,
			     &b) == 0 &&
		    a->family == b.family &&
		    memcmp(a->bytes, b.bytes, sizeof(a->bytes)) == 0;
	}
	uv_free_interface_addresses(own, n);
	return is_own;
}

static void
take_addresses(const struct talk *t, struct check_facts *f)
{
	size_t n, used = 0;
	const struct addr *addrs = talk_addresses(t, &n);

	for (size_t i = 0; i < n; i++) {
		char text[ADDR_TEXT_MAX];

		addr_format(&addrs[i], false, text, sizeof(text));
		used += text_format(f->addresses + used, CHECK_WORD_MAX - used, "%s%s",
		    i > 0 ? ", " : "", text);
		f->is_for_agent |= is_here(&addrs[i]);
	}
}

static void
take_address(const struct talk *t, struct check_facts *f)
{
	addr_format(talk_address(t), false, f->address, CHECK_WORD_MAX);
}

/* NULL: the facts say why. */
static struct talk *
open_talk(const struct check_options *o, struct check_facts *f)
{
	const struct talk_options options = {
		.family = o->family,
		.version = o->version,
		.silence_ns = o->silence_ns > 0 ? o->silence_ns : CONTROL_SILENCE_NS,
		.wants_interrupt = o->wants_interrupt,
	};
	char name[TARGET_HOST_MAX + 1], reason[TALK_REASON_MAX] = "no host";
	struct talk *t = NULL;

	f->name_err = talk_split(f->host, name, &f->port);
	if (f->name_err == 0)
		f->name_err = talk_open(&options, name, f->port, &t, reason);
	if (f->name_err != 0)
		put(f->name_reason, reason, strlen(reason));
	else
		take_addresses(t, f);
	return t;
}

/* --- its time service --------------------------------------------------------------- */

/* False: there was an interrupt. */
static bool
ask_for_time(const struct check_options *o, struct talk *t, struct check_facts *f)
{
	const struct time_ask_options options = {
		.silence_ns = o->silence_ns > 0 ? o->silence_ns : TIME_SILENCE_NS,
		.wants_interrupt = o->wants_interrupt,
	};
	struct time_ask ask;
	size_t n;
	const struct addr *addrs = talk_addresses(t, &n);

	time_ask(addrs, n, &options, &ask);
	f->time_err = ask.err;
	f->n_strange = ask.n_strange;
	f->time_trip_ns = ask.round_trip_ns;
	f->time = ask.answer;
	/* Where the time service is, the daemon is. */
	if (ask.err == 0)
		(void)talk_choose(t, ask.at);
	return ask.err != ERR_CANCELLED;
}

/* --- control messages --------------------------------------------------------------- */

static void
note_repeats(const struct talk *t, struct check_facts *f)
{
	struct m6_client_stats stats;

	talk_stats(t, &stats);
	f->n_again = stats.retransmits;
	f->is_rate_limited = stats.is_rate_limited;
	if (f->control_trip_ns == 0)
		f->control_trip_ns = stats.srtt_ns;
}

/* The id of the system peer, or 0. */
static uint16_t
take_assocs(const struct talk_ask *ask, struct check_facts *f)
{
	int n = m6_assoc_count(ask->payload_len);
	uint16_t peer = 0;

	for (int i = 0; i < n; i++) {
		struct m6_assoc a = m6_assoc_at(ask->payload, (size_t)i);
		struct m6_peer_status status = m6_peer_status(a.status);

		f->n_reachable += status.is_reachable;
		f->n_usable += status.selection >= SELECTION_CANDIDATE &&
		    status.selection != SELECTION_BACKUP;
		if (status.selection >= M6_SELECTION_SYSPEER)
			peer = a.id;
	}
	if (n < 0)
		f->control_err = ERR_PROTOCOL;
	f->n_assocs = n < 0 ? 0 : (unsigned)n;
	return peer;
}

static uint16_t
ask_for_assocs(struct talk *t, struct check_facts *f)
{
	struct talk_ask ask = { .op = M6_OP_READSTAT };
	uint16_t peer = 0;

	talk_ask(t, &ask, 1);
	f->control_err = ask.err;
	f->control_code = ask.daemon_error;
	if (ask.err == 0)
		peer = take_assocs(&ask, f);
	take_address(t, f);
	note_repeats(t, f);
	talk_forget(&ask, 1);
	return peer;
}

static void
take_system(const struct talk_ask *ask, struct check_facts *f)
{
	struct ntp_system *s = mem_calloc(1, sizeof(*s));
	struct m6_varlist list = m6_varlist_start(ask->payload, ask->payload_len);
	struct m6_var var;

	if (!s) {
		f->system_err = ERR_NOMEM;
		return;
	}
	while (m6_varlist_next(&list, &var))
		(void)ntp_vars_apply(&ntp_system_vars, s, var.name, var.name_len,
		    var.value, var.value_len);
	if (ntp_system_has(s, NTP_SYS_VERSION))
		put(f->version, (const char *)s->version.bytes, s->version.len);
	f->kinds = ntp_system_kinds(s);
	f->has_leap = ntp_system_has(s, NTP_SYS_LEAP);
	f->has_stratum = ntp_system_has(s, NTP_SYS_STRATUM);
	f->leap = s->leap;
	f->stratum = s->stratum;
	mem_free(s);
}

/* Who does not know one of the names gives nothing: asked for all, he gives what he has.
 */
static void
ask_for_system(struct talk *t, struct check_facts *f)
{
	static const char *const names[] = { "version,leap,stratum", "" };
	size_t i = 0;
	struct talk_ask ask;

	do {
		ask = (struct talk_ask){
			.op = M6_OP_READVAR,
			.data = names[i],
			.len = strlen(names[i]),
		};
		talk_ask(t, &ask, 1);
		i++;
	} while (ask.err == ERR_DAEMON && ask.daemon_error == M6_ERROR_UNKNOWNVAR &&
	    i < sizeof(names) / sizeof(names[0]));
	f->system_err = ask.err;
	f->system_code = ask.daemon_error;
	if (ask.err == 0)
		take_system(&ask, f);
	note_repeats(t, f);
	talk_forget(&ask, 1);
}

/* By its address; by its id when it does not tell. 0, or the error. */
static int
ask_for_peer(struct talk *t, uint16_t id, struct check_facts *f)
{
	static const char name[] = "srcadr";
	struct talk_ask ask = {
		.op = M6_OP_READVAR,
		.assoc = id,
		.data = name,
		.len = sizeof(name) - 1,
	};
	struct m6_varlist list;
	struct m6_var var;

	text_format(f->peer, CHECK_WORD_MAX, "%u", id);
	talk_ask(t, &ask, 1);
	if (ask.err == 0) {
		list = m6_varlist_start(ask.payload, ask.payload_len);
		while (m6_varlist_next(&list, &var))
			if (scan_is(var.name, var.name_len, name) && var.value_len > 0)
				put(f->peer, var.value, var.value_len);
	}
	talk_forget(&ask, 1);
	return ask.err;
}

/* --- writing ------------------------------------------------------------------------ */

static void
on_log(void *ctx, enum log_level level, const char *line)
{
	struct check_facts *f = ctx;

	(void)level;
	put(f->key_problem, line, strlen(line));
}

/* NULL: there is none, and the facts say why. Nobody is asked for what is missing. */
static const struct m6_key *
find_key(const struct check_options *o, struct check_facts *f, struct m6_keys **file)
{
	const struct logger log = { on_log, f };
	const struct m6_keys *keys = o->keys;
	const struct m6_key *key;

	f->key_id = o->key_id;
	f->has_key_file = o->key_file != NULL;
	f->is_typed = keys && !f->has_key_file;
	if (f->has_key_file)
		put(f->key_file, o->key_file, strlen(o->key_file));
	if (f->has_key_file && !keys) {
		f->key_file_err = keyfile_load(o->key_file, geteuid(), &log, file);
		f->n_keys = (unsigned)(*file ? m6_keys_count(*file) : 0);
		keys = *file;
	}
	key = f->key_id == 0 ? m6_keys_only(keys) : m6_keys_find(keys, f->key_id);
	f->has_key = key != NULL;
	if (key) {
		f->key_id = m6_key_id(key);
		put(f->key_type, m6_key_type(key), strlen(m6_key_type(key)));
	}
	return key;
}

/* Once: what is lost may have been done. Blanks in front, so that all daemons look for
 * the code at the same place. */
static void
ask_signed(struct talk *t, uint8_t op, const char *text, const struct m6_key *key,
    struct check_signed *out)
{
	char data[CHECK_WORD_MAX];
	size_t len = strlen(text), n_blanks = m6_mac_filler(len);
	struct talk_ask ask = {
		.op = op,
		.data = data,
		.len = n_blanks + len,
		.key = key,
		.is_once = true,
	};
	struct m6_client_stats before, after;

	text_format(data, sizeof(data), "%*s%s", (int)n_blanks, "", text);
	talk_stats(t, &before);
	talk_ask(t, &ask, 1);
	talk_stats(t, &after);
	out->err = ask.err;
	out->daemon_error = ask.daemon_error;
	out->mac = ask.mac;
	out->is_strange = after.bad_macs != before.bad_macs;
	if (ask.err == 0) {
		size_t text_len = ask.payload_len;
		const char *said = scan_trim(ask.payload, &text_len);

		put(out->text, said, text_len);
	}
	talk_forget(&ask, 1);
}

/* Nothing is changed: no variable is written, and a comment configured. The daemon logs
 * the latter. */
static void
try_to_write(struct talk *t, const struct m6_key *key, struct check_facts *f)
{
	char comment[CHECK_WORD_MAX];

	text_format(comment, sizeof(comment), "# %s check", f->caller->program);
	ask_signed(t, M6_OP_WRITEVAR, "", key, &f->writevar);
	if (f->writevar.err == 0 ||
	    (f->writevar.err == ERR_DAEMON && f->writevar.mac == M6_MAC_VALID &&
		f->writevar.daemon_error != M6_ERROR_PERMISSION))
		ask_signed(t, M6_OP_CONFIGURE, comment, key, &f->configure);
}

/* --- all of it ---------------------------------------------------------------------- */

static void
ask_host(const struct check_options *o, struct talk *t, const struct m6_key *key,
    struct check_facts *f)
{
	uint16_t peer;

	if (!ask_for_time(o, t, f))
		return;
	peer = ask_for_assocs(t, f);
	if (f->control_err != 0)
		return;
	ask_for_system(t, f);
	if (f->system_err == ERR_CANCELLED || f->system_err == ERR_TIMEOUT)
		return;
	if (peer != 0 && ask_for_peer(t, peer, f) == ERR_CANCELLED)
		f->writevar.err = ERR_CANCELLED;
	else if (key)
		try_to_write(t, key, f);
}

static bool
was_interrupted(const struct check_facts *f)
{
	const int fates[] = { f->name_err, f->time_err, f->control_err, f->system_err,
		f->writevar.err, f->configure.err };

	for (size_t i = 0; i < sizeof(fates) / sizeof(fates[0]); i++)
		if (fates[i] == ERR_CANCELLED)
			return true;
	return false;
}

void
check_ask_daemon(const struct check_options *o, struct check_facts *f)
{
	struct m6_keys *file = NULL;
	const struct m6_key *key = find_key(o, f, &file);
	struct talk *t = open_talk(o, f);

	if (t)
		ask_host(o, t, key, f);
	if (was_interrupted(f))
		check_ask_cut_off(f);
	talk_close(t);
	m6_keys_free(file);
}
