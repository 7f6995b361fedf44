/* SPDX-License-Identifier: BSD-2-Clause */
/* Builds the notifications of NTPv4-MIB from rows, by way of the getters behind GET. */
#include "snmp/notify.h"

#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/text.h"
#include "snmp/notify_text.h"
#include "snmp/put.h"

#define MODULE_ROOT  1, 3, 6, 1, 2, 1, 197
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { MESSAGE_MAX = MIB_TEXT_MAX + 1, DATE_MAX = 32 };

static const mib_subid notifications_root[] = { MODULE_ROOT, 0 };

const struct notify_row notify_rows[MIB_NOTIF_END - 1] = {
	{ MIB_NOTIF_MODE_CHANGE, "ntpEntNotifModeChange", { "ntpEntStatusCurrentMode" } },
	{ MIB_NOTIF_STRATUM_CHANGE, "ntpEntNotifStratumChange",
	    { "ntpEntStatusDateTime", "ntpEntStatusStratum", "ntpEntNotifMessage" } },
	{ MIB_NOTIF_SYSPEER_CHANGED, "ntpEntNotifSyspeerChanged",
	    { "ntpEntStatusDateTime", "ntpEntStatusActiveRefSourceId",
		"ntpEntNotifMessage" } },
	{ MIB_NOTIF_ADD_ASSOCIATION, "ntpEntNotifAddAssociation",
	    { "ntpEntStatusDateTime", "ntpAssocName", "ntpEntNotifMessage" } },
	{ MIB_NOTIF_REMOVE_ASSOCIATION, "ntpEntNotifRemoveAssociation",
	    { "ntpEntStatusDateTime", "ntpAssocName", "ntpEntNotifMessage" } },
	{ MIB_NOTIF_CONFIG_CHANGED, "ntpEntNotifConfigChanged",
	    { "ntpEntStatusDateTime", "ntpEntNotifMessage" } },
	{ MIB_NOTIF_LEAP_SECOND_ANNOUNCED, "ntpEntNotifLeapSecondAnnounced",
	    { "ntpEntStatusDateTime", "ntpEntNotifMessage" } },
	{ MIB_NOTIF_HEARTBEAT, "ntpEntNotifHeartbeat",
	    { "ntpEntStatusDateTime", "ntpEntStatusCurrentMode",
		"ntpEntHeartbeatInterval", "ntpEntNotifMessage" } },
};

/* One notification in the making. */
struct event {
	const struct notify_source *from;
	const struct ntp_peer *peer; /* the row of ntpAssociationTable; NULL: none */
	char message[MESSAGE_MAX];
};

/* --- objects ------------------------------------------------------------------------ */

/* Accessible for notifications only: in no module that answers GET. */
static bool
get_message(const struct mib_cell *cell, struct mib_value *out)
{
	const struct event *event = cell->row;

	return mib_put_octets(out, event->message, strlen(event->message));
}

static const struct mib_object message_objects[] = {
	{ 1, "ntpEntNotifMessage", MIB_OCTETS, get_message, NULL, NULL },
};
static const mib_subid message_root[] = { MODULE_ROOT, 1, 5 };
static const struct mib_group message_group = { "ntpEntNotifObjects", message_root,
	COUNT(message_root), message_objects, COUNT(message_objects), NULL };

static bool
find_in_group(const struct mib_group *g, const char *label, struct notify_object *out)
{
	for (size_t i = 0; i < g->n_objects; i++) {
		if (strcmp(g->objects[i].label, label) != 0)
			continue;
		*out = (struct notify_object){ g, &g->objects[i] };
		return true;
	}
	return false;
}

static bool
find_object(const struct mib_module *module, const char *label, struct notify_object *out)
{
	for (size_t i = 0; i < module->n_groups; i++)
		if (find_in_group(module->groups[i], label, out))
			return true;
	return find_in_group(&message_group, label, out);
}

int
notifier_init(struct notifier *n, const struct mib_module *module,
    const struct notify_port *port)
{
	*n = (struct notifier){ .port = *port };
	for (size_t i = 0; i < COUNT(notify_rows); i++) {
		const struct notify_row *row = &notify_rows[i];

		for (size_t k = 0; k < NOTIFY_OBJECTS_MAX && row->objects[k]; k++)
			if (!find_object(module, row->objects[k],
				&n->objects[row->which][k]))
				return ERR_NOTFOUND;
	}
	return 0;
}

/* The row a getter is to look at: the message and associations that are gone are not in
 * the view. */
static const void *
row_of(const struct notify_object *o, const struct event *event)
{
	if (o->group == &message_group)
		return event;
	return o->group->rows ? event->peer : NULL;
}

static int
fill_varbind(const struct notify_object *o, const struct event *event,
    struct session_varbind *out)
{
	const struct mib_group *g = o->group;
	struct mib_cell cell = { &event->from->view, row_of(o, event), 0, o->object };

	memcpy(out->name.ids, g->root, g->root_len * sizeof(g->root[0]));
	out->name.ids[g->root_len] = o->object->subid;
	out->name.ids[g->root_len + 1] = g->rows ? event->peer->id : 0;
	out->name.len = g->root_len + 2;
	out->value.syntax = o->object->syntax;
	if (o->object->get(&cell, &out->value))
		return 0;
	if (out->value.syntax != MIB_OCTETS)
		return ERR_NOTFOUND;
	(void)mib_put_octets(&out->value, "", 0);
	return 0;
}

static int
send_event(const struct notifier *n, enum mib_notif which, const struct event *event)
{
	struct session_varbind varbinds[NOTIFY_OBJECTS_MAX];
	struct mib_oid trap = { .len = COUNT(notifications_root) + 1 };
	size_t used = 0;

	memcpy(trap.ids, notifications_root, sizeof(notifications_root));
	trap.ids[COUNT(notifications_root)] = (mib_subid)which;
	for (; used < NOTIFY_OBJECTS_MAX && n->objects[which][used].object; used++) {
		int err = fill_varbind(&n->objects[which][used], event, &varbinds[used]);

		if (err != 0)
			return err;
	}
	return n->port.send(n->port.ctx, event->from->context, &trap, varbinds, used);
}

/* --- messages ----------------------------------------------------------------------- */

static void
print_peer(const struct ntp_peer *p, int32_t id, char *out, size_t cap)
{
	char name[NOTIFY_NAME_MAX];

	if (!p || ntp_peer_name(p, name, sizeof(name)) == 0)
		name[0] = '\0';
	notify_print_peer(name, id, out, cap);
}

static void
say_stratum(struct event *e, const struct ntp_change *c)
{
	text_format(e->message, sizeof(e->message), "%s: stratum changed from %d to %d",
	    e->from->target, (int)c->from, (int)c->to);
}

static void
say_system_peer(struct event *e, const struct ntp_change *c)
{
	char from[NOTIFY_PEER_MAX], to[NOTIFY_PEER_MAX], what[MESSAGE_MAX];

	print_peer(c->former, c->from, from, sizeof(from));
	print_peer(c->peer, c->to, to, sizeof(to));
	notify_print_system_peer(from, to, what, sizeof(what));
	text_format(e->message, sizeof(e->message), "%s: %s", e->from->target, what);
}

static void
say_added(struct event *e, const struct ntp_change *c)
{
	char name[NOTIFY_PEER_MAX];

	e->peer = c->peer;
	print_peer(c->peer, c->peer->id, name, sizeof(name));
	text_format(e->message, sizeof(e->message), "%s: association added: %s",
	    e->from->target, name);
}

static void
say_removed(struct event *e, const struct ntp_change *c)
{
	char name[NOTIFY_PEER_MAX];

	e->peer = c->former;
	print_peer(c->former, c->former->id, name, sizeof(name));
	text_format(e->message, sizeof(e->message), "%s: association removed: %s",
	    e->from->target, name);
}

/* "1 removed: 192.0.2.1 (4711)", or the first of several. */
static void
print_number(uint32_t n, const char *what, const struct ntp_peer *first, char *out,
    size_t cap)
{
	char name[NOTIFY_NAME_MAX];

	if (!first)
		text_format(out, cap, "%u %s", (unsigned)n, what);
	else {
		print_peer(first, first->id, name, sizeof(name));
		text_format(out, cap, "%u %s: %s%s", (unsigned)n, what, name,
		    n > 1 ? " and others" : "");
	}
}

static void
say_config(struct event *e, const struct ntp_change *c)
{
	char added[NOTIFY_NAME_MAX + 32], removed[NOTIFY_NAME_MAX + 32];

	print_number(c->n_added, "added", c->peer, added, sizeof(added));
	print_number(c->n_removed, "removed", c->former, removed, sizeof(removed));
	text_format(e->message, sizeof(e->message),
	    "%s: configured associations changed: %s; %s", e->from->target, added,
	    removed);
}

/* The day that is a second longer or shorter ends when the leap second is over. */
static void
print_leap_day(const struct snapshot *s, char *out, size_t cap)
{
	struct ntp_leap leap;
	struct tm day;
	time_t last;

	out[0] = '\0';
	if (!snapshot_leap(s, &leap))
		return;
	last = (time_t)(leap.unix_s - 1);
	if (gmtime_r(&last, &day))
		text_format(out, cap, " at the end of %04d-%02d-%02d UTC",
		    day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

static void
say_leap(struct event *e, const struct ntp_change *c)
{
	char day[DATE_MAX + 32];

	if (c->to == 0) {
		text_format(e->message, sizeof(e->message),
		    "%s: a leap second was announced, and withdrawn again",
		    e->from->target);
		return;
	}
	print_leap_day(e->from->view.snapshot, day, sizeof(day));
	text_format(e->message, sizeof(e->message),
	    "%s: leap second announced: a second will be %s%s", e->from->target,
	    c->to > 0 ? "inserted" : "left out", day);
}

/* --- changes and heartbeats --------------------------------------------------------- */

static const struct {
	enum mib_notif which;
	void (*say)(struct event *e, const struct ntp_change *c); /* NULL: no message */
} kinds[NTP_CHANGE_KINDS] = {
	[NTP_CHANGE_MODE] = { MIB_NOTIF_MODE_CHANGE, NULL },
	[NTP_CHANGE_STRATUM] = { MIB_NOTIF_STRATUM_CHANGE, say_stratum },
	[NTP_CHANGE_SYSPEER] = { MIB_NOTIF_SYSPEER_CHANGED, say_system_peer },
	[NTP_CHANGE_ADDED] = { MIB_NOTIF_ADD_ASSOCIATION, say_added },
	[NTP_CHANGE_REMOVED] = { MIB_NOTIF_REMOVE_ASSOCIATION, say_removed },
	[NTP_CHANGE_CONFIG] = { MIB_NOTIF_CONFIG_CHANGED, say_config },
	[NTP_CHANGE_LEAP] = { MIB_NOTIF_LEAP_SECOND_ANNOUNCED, say_leap },
};

enum mib_notif
notify_of_change(enum ntp_change_kind kind)
{
	return kinds[kind].which;
}

int
notify_change(const struct notifier *n, const struct notify_source *from,
    const struct ntp_change *change)
{
	struct event event = { .from = from };

	if (kinds[change->kind].say)
		kinds[change->kind].say(&event, change);
	return send_event(n, kinds[change->kind].which, &event);
}

int
notify_heartbeat(const struct notifier *n, const struct notify_source *from)
{
	struct event event = { .from = from };

	text_format(event.message, sizeof(event.message), "%s: alive, %s", from->target,
	    notify_mode_text((int32_t)snapshot_mode(from->view.snapshot)));
	return send_event(n, MIB_NOTIF_HEARTBEAT, &event);
}
