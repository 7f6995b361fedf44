/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps from the agent to an SNMP manager: how each can end. */
#include "base/err.h"
#include "probe/check.h"

enum { TARGET_STATE_UP = 2 };

static bool
always(const struct check_facts *f)
{
	(void)f;
	return true;
}

static bool
is_unwanted(const struct check_facts *f)
{
	return f->is_unwanted;
}

static bool
is_elsewhere(const struct check_facts *f)
{
	return !f->is_for_agent;
}

/* --- the socket --------------------------------------------------------------------- */

static bool
connects(const struct check_facts *f)
{
	return f->socket == CHECK_SOCKET_OK;
}

static bool
is_no_path(const struct check_facts *f)
{
	return f->socket == CHECK_SOCKET_NO_PATH;
}

static bool
is_missing(const struct check_facts *f)
{
	return f->socket == CHECK_SOCKET_MISSING;
}

static bool
may_not_enter(const struct check_facts *f)
{
	return f->socket == CHECK_SOCKET_DIRECTORY;
}

static bool
may_not_connect(const struct check_facts *f)
{
	return f->socket == CHECK_SOCKET_DENIED;
}

/* The agent runs as somebody else. */
static bool
is_denied_to_us_alone(const struct check_facts *f)
{
	return (may_not_enter(f) || may_not_connect(f)) && f->is_listed;
}

static bool
is_left_over(const struct check_facts *f)
{
	return f->socket == CHECK_SOCKET_STALE;
}

static bool
is_no_socket(const struct check_facts *f)
{
	return f->socket == CHECK_SOCKET_NONE;
}

static bool
is_busy(const struct check_facts *f)
{
	return f->socket == CHECK_SOCKET_BUSY;
}

/* --- snmpd -------------------------------------------------------------------------- */

static bool
answers(const struct check_facts *f)
{
	return f->snmp_err == 0;
}

static bool
is_silent(const struct check_facts *f)
{
	return f->snmp_err == ERR_TIMEOUT;
}

static bool
is_silent_to_community(const struct check_facts *f)
{
	return is_silent(f) && f->is_community;
}

static bool
has_no_address(const struct check_facts *f)
{
	return f->snmp_err == ERR_SYNTAX;
}

static bool
is_listed(const struct check_facts *f)
{
	return f->is_listed;
}

static bool
answers_unlisted(const struct check_facts *f)
{
	return f->shows_own;
}

static bool
fell_silent(const struct check_facts *f)
{
	return f->list_err != 0;
}

static bool
shows_no_list(const struct check_facts *f)
{
	return f->n_listed == 0;
}

/* --- the view ----------------------------------------------------------------------- */

static bool
broke_off(const struct check_facts *f)
{
	return f->view_err != 0;
}

static bool
hides_both(const struct check_facts *f)
{
	return !f->shows_own && !f->shows_ntpv4;
}

static bool
hides_own(const struct check_facts *f)
{
	return !f->shows_own;
}

static bool
has_no_targets(const struct check_facts *f)
{
	return f->n_targets == 0;
}

static bool
hides_ntpv4(const struct check_facts *f)
{
	return !f->shows_ntpv4 && f->is_default_served;
}

static bool
has_target_in_trouble(const struct check_facts *f)
{
	return f->target[0] != '\0' && f->target_state != TARGET_STATE_UP;
}

static bool
has_target(const struct check_facts *f)
{
	return f->target[0] != '\0';
}

static bool
is_of_all_targets(const struct check_facts *f)
{
	return f->host[0] == '\0';
}

static bool
serves_contexts_only(const struct check_facts *f)
{
	return !f->shows_ntpv4;
}

#define PERMS \
	"in snmpd.conf (modes of socket and directory, owner, group):\n" \
	"agentXPerms 0660 0755 Debian-snmp Debian-snmp\n" \
	"chmod 0755 {directory}: the mode of a directory that exists is not changed\n" \
	"and run ntp-agentxd with that group (-g)"
#define VIEW_NTPV4 "view systemonly included .1.3.6.1.2.1.197"
#define VIEW_OWN   "view systemonly included {enterprise}"
#define VIEW_WHERE \
	"in snmpd.conf, for the view of {who} (Debian's is called systemonly):\n"

static const struct check_row rows[] = {
	/* clang-format off */
	{ CHECK_SOCKET, CHECK_SKIPPED, is_unwanted, "not wanted (agent=no)", NULL, NULL },
	{ CHECK_SOCKET, CHECK_SKIPPED, is_elsewhere,
	    "{host} is not this machine (agentx=PATH or snmp=ADDRESS asks for this)", NULL, NULL },
	{ CHECK_SOCKET, CHECK_SKIPPED, is_no_path, "{socket} is no path: not tried", NULL, NULL },
	{ CHECK_SOCKET, CHECK_OK, connects, "{user} may connect to {socket} ({socket_what})", NULL, NULL },
	{ CHECK_SOCKET, CHECK_FAILED, is_missing, "{socket} does not exist",
	    "snmpd does not run, or is no master agent, or has its socket elsewhere",
	    "in snmpd.conf, then restart snmpd:\n"
	    "master agentx\n"
	    "if agentXSocket names another path there: {socket_word}" },
	{ CHECK_SOCKET, CHECK_WARNING, is_denied_to_us_alone,
	    "{user} may not connect to {socket} ({socket_what})",
	    "only the one who runs this was tried: the agent, as somebody else, is connected",
	    "nothing, or {user_word}" },
	{ CHECK_SOCKET, CHECK_FAILED, may_not_enter,
	    "{user} may not enter {directory} ({socket_what})",
	    "snmpd makes that directory for root alone unless it is told otherwise{tried}", PERMS },
	{ CHECK_SOCKET, CHECK_FAILED, may_not_connect,
	    "{user} may not connect to {socket} ({socket_what})",
	    "snmpd gives its socket to root alone unless it is told otherwise{tried}", PERMS },
	{ CHECK_SOCKET, CHECK_FAILED, is_left_over, "nobody listens on {socket}",
	    "an snmpd that has ended left it behind",
	    "start snmpd" },
	{ CHECK_SOCKET, CHECK_FAILED, is_no_socket, "{socket} is no socket",
	    "something else has been put there",
	    "remove it, or name the right path: {socket_word}" },
	{ CHECK_SOCKET, CHECK_WARNING, is_busy, "{socket} takes no connection at the moment",
	    "snmpd hangs, or has too much to do",
	    "see what snmpd does; restart it if it does nothing" },
	{ CHECK_SOCKET, CHECK_FAILED, always, "{socket}: {socket_errno}",
	    "unknown", "see agentXSocket in snmpd.conf(5)" },

	{ CHECK_SNMP, CHECK_SKIPPED, is_unwanted, "not wanted (agent=no)", NULL, NULL },
	{ CHECK_SNMP, CHECK_SKIPPED, is_elsewhere,
	    "{host} is not this machine (agentx=PATH or snmp=ADDRESS asks for this)", NULL, NULL },
	{ CHECK_SNMP, CHECK_OK, answers, "{snmp_address} answered {who} in {snmp_trip} ms: {snmp_descr}", NULL, NULL },
	{ CHECK_SNMP, CHECK_FAILED, is_silent_to_community, "{snmp_address} does not answer {who}",
	    "snmpd does not run, has another address, or does not know the community, which it tells by silence",
	    "start snmpd; in snmpd.conf: agentAddress, rocommunity; here: {snmp_word}" },
	{ CHECK_SNMP, CHECK_FAILED, is_silent, "{snmp_address} does not answer {who}",
	    "snmpd does not run, or has another address",
	    "start snmpd; in snmpd.conf: agentAddress; here: {snmp_word}" },
	{ CHECK_SNMP, CHECK_FAILED, has_no_address, "{snmp_address}: {snmp_reason}",
	    "it is no address of an agent, or its name has none",
	    "{snmp_word}, an address as in snmpcmd(1): 127.0.0.1:1161, udp6:[::1]:161" },
	{ CHECK_SNMP, CHECK_FAILED, always, "{snmp_address} refuses {who}: {snmp_reason}",
	    "user, passphrases, level or engine do not fit, or the agent has trouble of its own",
	    "see snmp.conf(5) (defSecurityName and the like), and createUser in snmpd.conf(5)" },

	{ CHECK_AGENT, CHECK_OK, is_listed, "snmpd lists it: {agent}", NULL, NULL },
	{ CHECK_AGENT, CHECK_OK, answers_unlisted, "its objects are there, though no list of agents (sysORTable)", NULL, NULL },
	{ CHECK_AGENT, CHECK_FAILED, fell_silent, "snmpd answers no more: {snmp_reason}",
	    "it waits for a subagent that hangs, or has just ended",
	    "see the logs of snmpd and ntp-agentxd" },
	{ CHECK_AGENT, CHECK_WARNING, shows_no_list, "snmpd shows {who} no list of agents (sysORTable)",
	    "the view leaves it out, or snmpd was built without it",
	    "in snmpd.conf: view systemonly included .1.3.6.1.2.1.1" },
	{ CHECK_AGENT, CHECK_FAILED, always, "ntp-agentxd is not among the {listed} entries of snmpd's sysORTable",
	    "ntp-agentxd does not run, or is not connected to this snmpd",
	    "start it; its log says what keeps it from connecting" },

	{ CHECK_VIEW, CHECK_FAILED, broke_off, "snmpd answers no more: {snmp_reason}",
	    "it waits for a subagent that hangs, or has just ended",
	    "see the logs of snmpd and ntp-agentxd" },
	{ CHECK_VIEW, CHECK_FAILED, hides_both, "snmpd hides NTPv4-MIB and NTP-AGENTX-MIB from {who}",
	    "its view does not include them, unless ntp-agentxd was started just now",
	    VIEW_WHERE VIEW_NTPV4 "\n" VIEW_OWN },
	{ CHECK_VIEW, CHECK_FAILED, hides_own, "snmpd hides NTP-AGENTX-MIB from {who}",
	    "its view does not include it, unless ntp-agentxd was started just now",
	    VIEW_WHERE VIEW_OWN },
	{ CHECK_VIEW, CHECK_FAILED, hides_ntpv4, "snmpd hides NTPv4-MIB from {who}",
	    "its view does not include it, unless ntp-agentxd was started just now",
	    VIEW_WHERE VIEW_NTPV4 },
	{ CHECK_VIEW, CHECK_WARNING, has_no_targets, "the agent has no target",
	    "ntp-agentxd.conf names none",
	    "a line \"target NAME HOST\" in ntp-agentxd.conf(5)" },
	{ CHECK_VIEW, CHECK_WARNING, has_target_in_trouble,
	    "shown; target {target} of the agent is {target_state}: {target_error}",
	    "the agent, from where it runs, does not get what it asks for",
	    "see the steps above, run on the agent's machine" },
	{ CHECK_VIEW, CHECK_OK, serves_contexts_only,
	    "NTP-AGENTX-MIB is shown; no target has the default context of NTPv4-MIB", NULL, NULL },
	{ CHECK_VIEW, CHECK_OK, has_target, "both modules are shown; target {target} of the agent is {target_state}", NULL, NULL },
	{ CHECK_VIEW, CHECK_OK, is_of_all_targets, "both modules are shown, and the agent's {targets} targets", NULL, NULL },
	{ CHECK_VIEW, CHECK_OK, always, "both modules are shown; {host} is none of the agent's {targets} targets", NULL, NULL },
	/* clang-format on */
};

const struct check_rows check_agent_rows = { rows, sizeof(rows) / sizeof(rows[0]) };
