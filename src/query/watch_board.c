/* SPDX-License-Identifier: BSD-2-Clause */
/* The billboard, live: in place on a screen, one below the other elsewhere. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "query/billboard.h"
#include "query/watch.h"

enum {
	HEAD_MAX = 1024,
	GONE_MAX = 1024, /* octets of the names of those that went */
	/* What goes with a name, and what may have to follow them all. */
	GONE_ROOM = sizeof(",  (65535)") + sizeof(", and 65535 more"),
};

/* --- what there is to show ---------------------------------------------------------- */

static void append(char *text, size_t cap, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
append(char *text, size_t cap, const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text + used, cap - used, format, args);
	va_end(args);
}

/* Returns where a second line may begin. */
static size_t
head_of(const struct watch_board *b, const struct query *q, char out[HEAD_MAX])
{
	char now[WATCH_TIME_MAX], since[WATCH_TIME_MAX];
	char peer[PEERS_NAME_MAX], offset[40];
	size_t begin;

	watch_time(b->shown_ns, now);
	begin = text_format(out, HEAD_MAX, "%s %s: ", now, q->host);
	if (b->is_silent) {
		watch_time(b->heard_ns, since);
		text_format(out, HEAD_MAX, "%s %s since %s", now, q->error, since);
		return 0;
	}
	const struct ntp_system *s = b->picture->system;
	if (ntp_system_has(s, NTP_SYS_STRATUM))
		append(out, HEAD_MAX, "stratum %u, ", s->stratum);
	if (ntp_system_has(s, NTP_SYS_LEAP))
		append(out, HEAD_MAX, "%s, ", m6_leap_text(s->leap));
	watch_name(q, b->picture, s->peer, peer);
	append(out, HEAD_MAX, "system peer %s", peer);
	if (ntp_system_has(s, NTP_SYS_OFFSET)) {
		ntp_ms_format_unit(s->offset_ns, offset, sizeof(offset));
		append(out, HEAD_MAX, ", offset %s", offset);
	}
	return begin;
}

/* Whoever was shown and is not there any more. */
static bool
has_gone(const struct ntp_peer *p, const struct snapshot *after)
{
	const struct ntp_peer *now = snapshot_peer(after, p->id);

	return peers_is_shown(p->status, false) &&
	    (!now || !peers_is_shown(now->status, false));
}

static char *
list_gone(const struct query *q, const struct snapshot *before,
    const struct snapshot *after)
{
	char text[GONE_MAX] = "", name[PEERS_NAME_MAX];
	size_t n = 0, n_named = 0;

	for (size_t i = 0; before && i < before->n_peers; i++) {
		if (!has_gone(&before->peers[i], after))
			continue;
		n++;
		watch_name(q, before, before->peers[i].id, name);
		if (strlen(text) + strlen(name) + GONE_ROOM > sizeof(text))
			continue;
		append(text, sizeof(text), "%s%s (%u)", n_named++ > 0 ? ", " : "", name,
		    before->peers[i].id);
	}
	if (n > n_named)
		append(text, sizeof(text), ", and %zu more", n - n_named);
	return n > 0 ? mem_strdup(text) : NULL;
}

/* The reading becomes the one that is shown. */
static int
take(struct watch_board *b, const struct query *q, const struct watch_round *r)
{
	struct peers view = { .items = r->picture->peers,
		.n = r->picture->n_peers,
		.has_clock = r->has_clock,
		.clock = r->clock };
	struct table *t = billboard_new(q, &view, 0);

	if (!t || (b->table && !table_compare(t, b->table, BILLBOARD_KEY))) {
		table_free(t);
		return ERR_NOMEM;
	}
	b->gone = list_gone(q, b->picture, r->picture);
	table_free(b->table);
	b->table = t;
	snapshot_ref(r->picture);
	snapshot_unref(b->picture);
	b->picture = r->picture;
	return 0;
}

/* --- on a screen -------------------------------------------------------------------- */

static void
draw_line(struct out *o, size_t columns, bool is_marked, const char *text)
{
	char line[2 * HEAD_MAX];
	size_t len = out_escape(text, strlen(text), line,
	    columns < sizeof(line) ? columns + 1 : sizeof(line));

	if (is_marked)
		out_control(o, OUT_MARK);
	out_piece(o, line, len);
	if (is_marked)
		out_control(o, OUT_PLAIN);
	out_control(o, OUT_END_LINE);
}

/* How many rows had no room, and who went. */
static void
draw_foot(const struct watch_board *b, struct out *o, size_t columns, size_t n_left_out)
{
	char foot[GONE_MAX + 64] = "";

	if (n_left_out > 0)
		append(foot, sizeof(foot), "%zu more%s", n_left_out, b->gone ? "; " : "");
	if (b->gone)
		append(foot, sizeof(foot), "gone: %s", b->gone);
	if (foot[0] != '\0')
		draw_line(o, columns, false, foot);
}

/* In two lines when one is too short. Returns how many. */
static size_t
draw_head(const struct watch_board *b, struct query *q, size_t columns)
{
	char head[HEAD_MAX];
	size_t begin = head_of(b, q, head);

	if (begin == 0 || strlen(head) <= columns) {
		draw_line(&q->out, columns, b->is_silent, head);
		return 1;
	}
	head[begin - 1] = '\0';
	draw_line(&q->out, columns, false, head);
	draw_line(&q->out, columns, false, head + begin);
	return 2;
}

/* Lines that are left for a table, of which the last one is wanted for what is below it
 * when there is something, or when not all fits. */
static size_t
room_for(const struct watch_board *b, size_t n_free)
{
	bool has_foot = b->gone || (b->table && table_rows(b->table) + 1 > n_free);

	return n_free > 0 && has_foot ? n_free - 1 : n_free;
}

static void
draw(struct watch_board *b, struct query *q)
{
	struct table_screen room;
	size_t n_left_out = 0, n_used;

	out_screen_size(&q->out, &room.rows, &room.columns);
	out_control(&q->out, b->is_drawn ? OUT_HOME : OUT_CLEAR);
	b->is_drawn = true;
	n_used = draw_head(b, q, room.columns) + 1; /* and where the cursor rests */
	room.rows = room_for(b, room.rows > n_used ? room.rows - n_used : 0);
	if (b->table)
		n_left_out = table_draw(b->table, &q->out, &room);
	draw_foot(b, &q->out, room.columns, n_left_out);
	out_control(&q->out, OUT_END_SCREEN);
}

void
watch_board_again(struct watch_board *b, struct query *q)
{
	b->is_drawn = false;
	if (out_is_screen(&q->out) && !q->out.is_json)
		draw(b, q);
}

/* --- elsewhere ---------------------------------------------------------------------- */

static void
print(const struct watch_board *b, struct query *q)
{
	static const struct table_screen none;
	char head[HEAD_MAX];

	(void)head_of(b, q, head);
	out_line(&q->out, "%s", head);
	if (b->is_silent)
		return;
	(void)table_draw(b->table, &q->out, &none);
	if (b->gone)
		out_line(&q->out, "gone: %s", b->gone);
}

static void
print_json_system(const struct watch_board *b, struct query *q)
{
	const struct ntp_system *s = b->picture->system;
	char text[PEERS_NAME_MAX];

	out_open(&q->out, "system", '{');
	if (ntp_system_has(s, NTP_SYS_STRATUM))
		out_number(&q->out, "stratum", s->stratum);
	if (ntp_system_has(s, NTP_SYS_LEAP))
		out_string_z(&q->out, "leap", m6_leap_text(s->leap));
	if (ntp_system_has(s, NTP_SYS_PEER))
		out_number(&q->out, "peer", s->peer);
	if (ntp_system_has(s, NTP_SYS_OFFSET))
		out_decimal(&q->out, "offset_ms", text,
		    ntp_ms_format(s->offset_ns, text, sizeof(text)));
	out_close(&q->out, '}');
}

static void
print_json(const struct watch_board *b, struct query *q, const struct snapshot *before)
{
	char time[WATCH_TIME_MAX];

	watch_time(b->shown_ns, time);
	out_open(&q->out, NULL, '{');
	out_string_z(&q->out, "host", q->host);
	out_string_z(&q->out, "command", "watch");
	out_string_z(&q->out, "time", time);
	if (b->is_silent) {
		watch_time(b->heard_ns, time);
		out_string_z(&q->out, "error", q->error);
		out_string_z(&q->out, "since", time);
	} else {
		print_json_system(b, q);
		table_print(b->table, &q->out, "peers");
		out_open(&q->out, "gone", '[');
		for (size_t i = 0; before && i < before->n_peers; i++)
			if (has_gone(&before->peers[i], b->picture))
				out_number(&q->out, NULL, before->peers[i].id);
		out_close(&q->out, ']');
	}
	out_close(&q->out, '}');
}

/* --- both --------------------------------------------------------------------------- */

int
watch_board_show(struct watch_board *b, struct query *q, const struct watch_round *r,
    int64_t wall_ns)
{
	struct snapshot *before = b->picture ? snapshot_ref(b->picture) : NULL;
	int err = 0;

	b->shown_ns = wall_ns;
	b->is_silent = r->picture->state != TARGET_UP;
	if (!b->is_silent || b->heard_ns == 0)
		b->heard_ns = wall_ns;
	mem_free(b->gone);
	b->gone = NULL;
	if (!b->is_silent)
		err = take(b, q, r);
	else if (b->table && !table_compare(b->table, b->table, BILLBOARD_KEY))
		err = ERR_NOMEM;
	if (err == 0 && q->out.is_json)
		print_json(b, q, before);
	else if (err == 0 && out_is_screen(&q->out))
		draw(b, q);
	else if (err == 0)
		print(b, q);
	snapshot_unref(before);
	return err;
}

void
watch_board_clear(struct watch_board *b)
{
	table_free(b->table);
	snapshot_unref(b->picture);
	mem_free(b->gone);
	*b = (struct watch_board){ .table = NULL };
}
