/* SPDX-License-Identifier: BSD-2-Clause */
/* The notifications of NTPv4-MIB as rows: which objects each one carries. Knows nothing
 * of Net-SNMP. */
#ifndef SNMP_NOTIFY_H
#define SNMP_NOTIFY_H

#include <stddef.h>
#include <stdint.h>

#include "model/diff.h"
#include "snmp/control.h"
#include "snmp/engine.h"
#include "snmp/session.h"

enum { NOTIFY_OBJECTS_MAX = 4 };

struct notify_row {
	enum mib_notif which; /* last arc, and the bit of ntpEntNotifBits */
	const char *label;    /* exactly as in the MIB module */
	const char *objects[NOTIFY_OBJECTS_MAX]; /* their labels in order; NULL ends */
};
/* Row i is number i + 1. */
extern const struct notify_row notify_rows[MIB_NOTIF_END - 1];

/* Takes a notification that is ready to go; session_notify() does. */
struct notify_port {
	int (*send)(void *ctx, const char *context, const struct mib_oid *trap,
	    const struct session_varbind *varbinds, size_t n_varbinds);
	void *ctx;
};

/* Whom a notification is about, and the moment its values are from. */
struct notify_source {
	const char *target;
	const char *context;
	struct mib_view view;
};

/* What the labels stand for. Fields are private. */
struct notifier {
	struct notify_port port;
	struct notify_object {
		const struct mib_group *group;
		const struct mib_object *object;
	} objects[MIB_NOTIF_END][NOTIFY_OBJECTS_MAX];
};

/* 0, or ERR_NOTFOUND when a row names an object that `module` does not have. */
int notifier_init(struct notifier *n, const struct mib_module *module,
    const struct notify_port *port);

/* The notification that tells of such a change. */
enum mib_notif notify_of_change(enum ntp_change_kind kind);

/* Hands a notification to the port, without asking whether it is enabled: exactly its
 * objects, in order, with the values that GET has. An object of octets that has no value
 * now is sent empty. 0, or what the port returned; ERR_NOTFOUND when another object has
 * no value. */
int notify_change(const struct notifier *n, const struct notify_source *from,
    const struct ntp_change *change);
int notify_heartbeat(const struct notifier *n, const struct notify_source *from);

#endif
