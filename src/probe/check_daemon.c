/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps from a name to a daemon that lets itself be written to: how each can end. */
#include <string.h>

#include "base/err.h"
#include "mode6/packet.h"
#include "model/vars.h"
#include "model/write.h"
#include "probe/check.h"

enum { LEAP_ALARM = 3, STRATUM_UNSYNCED = 16 };

static bool
always(const struct check_facts *f)
{
	(void)f;
	return true;
}

/* --- name, time service, mode 6 ----------------------------------------------------- */

static bool
has_no_address(const struct check_facts *f)
{
	return f->name_err != 0;
}

static bool
gives_time(const struct check_facts *f)
{
	return f->time_err == 0 && f->time.kiss == TIME_KISS_NONE &&
	    f->time.leap != LEAP_ALARM && f->time.stratum < STRATUM_UNSYNCED;
}

static bool
kisses_rate(const struct check_facts *f)
{
	return f->time_err == 0 && f->time.kiss == TIME_KISS_RATE;
}

static bool
kisses_deny(const struct check_facts *f)
{
	return f->time_err == 0 && f->time.kiss == TIME_KISS_DENY;
}

static bool
answers_time(const struct check_facts *f)
{
	return f->time_err == 0;
}

static bool
refuses_time(const struct check_facts *f)
{
	return f->time_err == ERR_REFUSED;
}

static bool
answers_strangely(const struct check_facts *f)
{
	return f->n_strange > 0;
}

static bool
answers_control(const struct check_facts *f)
{
	return f->control_err == 0;
}

static bool
fell_silent(const struct check_facts *f)
{
	return f->control_err == 0 && f->system_err == ERR_TIMEOUT;
}

static bool
was_asked_again(const struct check_facts *f)
{
	return f->control_err == 0 && (f->n_again > 0 || f->is_rate_limited);
}

static bool
refuses_control(const struct check_facts *f)
{
	return f->control_err == ERR_REFUSED;
}

static bool
denies_control(const struct check_facts *f)
{
	return f->control_err == ERR_DAEMON;
}

static bool
answers_in_part(const struct check_facts *f)
{
	return f->control_err == ERR_TRUNCATED;
}

static bool
is_silent(const struct check_facts *f)
{
	return f->control_err == ERR_TIMEOUT;
}

static bool
is_silent_but_there(const struct check_facts *f)
{
	return is_silent(f) && answers_time(f);
}

static bool
is_silent_after_rate(const struct check_facts *f)
{
	return is_silent(f) && kisses_rate(f);
}

static bool
is_silent_after_deny(const struct check_facts *f)
{
	return is_silent(f) && kisses_deny(f);
}

/* --- the daemon --------------------------------------------------------------------- */

static bool
denies_variables(const struct check_facts *f)
{
	return f->system_err == ERR_DAEMON;
}

static bool
lost_variables(const struct check_facts *f)
{
	return f->system_err != 0;
}

static bool
hides_version(const struct check_facts *f)
{
	return f->version[0] == '\0';
}

static bool
is_of_unknown_kind(const struct check_facts *f)
{
	return f->kinds == NTP_KIND_ANY;
}

static bool
is_before_428(const struct check_facts *f)
{
	return (f->kinds & (NTP_KIND_OLD | NTP_KIND_426)) != 0;
}

static bool
is_before_123(const struct check_facts *f)
{
	return (f->kinds & NTP_KIND_SEC122) != 0;
}

static bool
is_ntpsec(const struct check_facts *f)
{
	return f->kinds == NTP_KIND_SEC;
}

static bool
is_synchronised(const struct check_facts *f)
{
	return f->has_leap && f->has_stratum && f->leap != LEAP_ALARM &&
	    f->stratum < STRATUM_UNSYNCED;
}

static bool
has_peer(const struct check_facts *f)
{
	return is_synchronised(f) && f->peer[0] != '\0';
}

static bool
does_not_say(const struct check_facts *f)
{
	return !f->has_leap || !f->has_stratum;
}

static bool
has_no_assocs(const struct check_facts *f)
{
	return f->n_assocs == 0;
}

static bool
reaches_nobody(const struct check_facts *f)
{
	return f->n_reachable == 0;
}

/* --- writing ------------------------------------------------------------------------ */

static bool
has_no_key(const struct check_facts *f)
{
	return !f->has_key_file && !f->is_typed && f->key_id == 0;
}

static bool
has_an_id_only(const struct check_facts *f)
{
	return !f->has_key_file && !f->is_typed;
}

static bool
key_file_is_missing(const struct check_facts *f)
{
	return f->has_key_file && f->key_file_err == ERR_NOTFOUND;
}

static bool
key_file_is_refused(const struct check_facts *f)
{
	return f->has_key_file && f->key_file_err != 0;
}

static bool
key_is_ambiguous(const struct check_facts *f)
{
	return !f->has_key && f->key_id == 0 && f->n_keys > 0;
}

static bool
key_is_spoilt(const struct check_facts *f)
{
	return !f->has_key && f->key_problem[0] != '\0';
}

static bool
key_is_missing(const struct check_facts *f)
{
	return !f->has_key;
}

static bool
key_file_is_doubtful(const struct check_facts *f)
{
	return f->key_problem[0] != '\0';
}

static bool
key_is_typed(const struct check_facts *f)
{
	return f->is_typed;
}

/* A refusal is signed as well, if the key was taken. */
static bool
is_signed(const struct check_signed *s)
{
	return s->err == 0 || (s->err == ERR_DAEMON && s->mac == M6_MAC_VALID);
}

static bool
takes_key(const struct check_facts *f)
{
	return is_signed(&f->writevar);
}

static bool
finds_code_wrong(const struct check_facts *f)
{
	return f->writevar.err == ERR_DAEMON && f->writevar.mac == M6_MAC_NAK;
}

static bool
answers_unsigned(const struct check_facts *f)
{
	return f->writevar.err == ERR_DAEMON;
}

static bool
answers_with_another_code(const struct check_facts *f)
{
	return f->writevar.is_strange;
}

static bool
has_code(const struct check_signed *s, enum m6_error code)
{
	return s->err == ERR_DAEMON && s->daemon_error == code;
}

static bool
has_no_writevar(const struct check_facts *f)
{
	return has_code(&f->writevar, M6_ERROR_BADOP);
}

static enum ntp_write_result
said_of_configure(const struct check_facts *f)
{
	if (f->configure.err != 0)
		return NTP_WRITE_NONE;
	return ntp_write_configured(f->configure.text, strlen(f->configure.text));
}

static bool
configures(const struct check_facts *f)
{
	return said_of_configure(f) == NTP_WRITE_DONE;
}

static bool
is_prohibited(const struct check_facts *f)
{
	return said_of_configure(f) == NTP_WRITE_PROHIBITED;
}

static bool
writes_both(const struct check_facts *f)
{
	return f->writevar.err == 0 && configures(f);
}

static bool
configures_only(const struct check_facts *f)
{
	return has_no_writevar(f) && configures(f);
}

static bool
writes_variables_only(const struct check_facts *f)
{
	return f->writevar.err == 0 && is_prohibited(f);
}

static bool
is_not_control_key(const struct check_facts *f)
{
	return has_code(&f->writevar, M6_ERROR_PERMISSION) ||
	    has_code(&f->configure, M6_ERROR_PERMISSION);
}

static bool
denies_configure(const struct check_facts *f)
{
	return f->configure.err == ERR_DAEMON;
}

static bool
answers_otherwise(const struct check_facts *f)
{
	return f->configure.err == 0;
}

#define SPEAK "the daemon speaks no mode 6 (chronyd, OpenNTPD)"
#define RESTRICT_US \
	"in ntp.conf, a line for the host that asks, without \"noquery\":\n" \
	"restrict 127.0.0.1\n" \
	"restrict ::1"
#define RESTRICT_LIMITED \
	"in ntp.conf, a line for the host that asks, without \"limited\" and \"kod\":\n" \
	"restrict 127.0.0.1\n" \
	"restrict ::1\n" \
	"and wait half a minute: each question prolongs the silence"
#define SAME_KEY \
	"the same line for key {key} (id, type, secret) in both key files, and in " \
	"ntp.conf:\n" \
	"trustedkey {key}"

static const struct check_row rows[] = {
	/* clang-format off */
	{ CHECK_NAME, CHECK_FAILED, has_no_address, "{reason}",
	    "a wrong name, a resolver that does not answer, or no way there by that family of addresses",
	    "correct the name, or try an address; {family_word} a family" },
	{ CHECK_NAME, CHECK_OK, always, "{addresses}", NULL, NULL },

	{ CHECK_TIME, CHECK_OK, gives_time,
	    "answered in {time_trip} ms: stratum {time_stratum}, reference {time_refid}",
	    NULL, NULL },
	{ CHECK_TIME, CHECK_WARNING, kisses_rate, "answered with the kiss code RATE",
	    "a \"restrict\" line with \"limited kod\", and this host has asked too often",
	    RESTRICT_LIMITED },
	{ CHECK_TIME, CHECK_WARNING, kisses_deny, "answered with the kiss code {time_refid}",
	    "a \"restrict\" line with \"kod\" denies time to this host",
	    "in ntp.conf, a \"restrict\" line for this host without \"noserve\" and \"notrust\"" },
	{ CHECK_TIME, CHECK_WARNING, answers_time,
	    "answered in {time_trip} ms: not synchronised (stratum {time_stratum}, {time_refid}, {time_leap})",
	    "the daemon has just been started, or has no source that it trusts",
	    "see the step \"synchronised\"" },
	{ CHECK_TIME, CHECK_FAILED, refuses_time, "nobody listens on UDP port {port} of {addresses}",
	    "no NTP daemon runs there, or it has another port or network namespace",
	    "start it, or name the port as in host:port" },
	{ CHECK_TIME, CHECK_WARNING, answers_strangely,
	    "{strange} datagrams came that do not answer our request",
	    "something else has that port, or somebody forges answers",
	    "see who has the port there (ss -lunp), and what is on the way" },
	{ CHECK_TIME, CHECK_WARNING, answers_control, "no answer, though mode 6 is answered",
	    "\"restrict ... noserve\", \"limited\", or a firewall that knows the modes",
	    "nothing, if it is not meant to serve time: monitoring needs mode 6 alone" },
	{ CHECK_TIME, CHECK_FAILED, always, "no answer from {addresses}",
	    "the host is down, or a firewall, \"restrict ... ignore\" or \"interface ignore\" is in the way",
	    "open UDP port {port} on the way and at the host; {family_word} a family" },

	{ CHECK_CONTROL, CHECK_FAILED, fell_silent, "answered at first, then fell silent",
	    "a \"restrict\" line with \"limited\", which is NTPsec's default for hosts that have no line of their own",
	    RESTRICT_LIMITED },
	{ CHECK_CONTROL, CHECK_WARNING, was_asked_again,
	    "answered, {associations} associations, but {again} requests had to be repeated",
	    "datagrams are lost, or a \"restrict\" line with \"limited\" holds answers back",
	    RESTRICT_LIMITED },
	{ CHECK_CONTROL, CHECK_OK, answers_control,
	    "answered in {control_trip} ms, {associations} associations", NULL, NULL },
	{ CHECK_CONTROL, CHECK_FAILED, refuses_control, "nobody listens on UDP port {port} of {address}",
	    "no NTP daemon runs there, or it has another port or network namespace",
	    "start it, or name the port as in host:port" },
	{ CHECK_CONTROL, CHECK_FAILED, denies_control, "refused: {control_code}",
	    "the daemon does not tell its associations to this host",
	    RESTRICT_US },
	{ CHECK_CONTROL, CHECK_FAILED, answers_in_part, "the answer came in part only",
	    "fragments of it are lost: a firewall, or a rate limit",
	    RESTRICT_LIMITED },
	{ CHECK_CONTROL, CHECK_FAILED, is_silent_after_rate, "no answer: the daemon limits our rate",
	    "a \"restrict\" line with \"limited\", and this host has asked too often",
	    RESTRICT_LIMITED },
	{ CHECK_CONTROL, CHECK_FAILED, is_silent_after_deny, "no answer, and time is denied too",
	    "a \"restrict\" line denies both to this host",
	    RESTRICT_US },
	{ CHECK_CONTROL, CHECK_FAILED, is_silent_but_there, "no answer, though time requests are answered",
	    "\"restrict ... noquery\", which is NTPsec's default without any line; or " SPEAK,
	    RESTRICT_US "\nwith chronyd or OpenNTPD: run ntpd in its place, or look at it by its own tools" },
	{ CHECK_CONTROL, CHECK_FAILED, is_silent, "no answer from {address}",
	    "the host is down, or a firewall or \"restrict ... ignore\" is in the way",
	    "open UDP port {port} on the way and at the host; {family_word} a family" },
	{ CHECK_CONTROL, CHECK_FAILED, always, "no answer that makes sense: {control_error}",
	    "something else has that port, or " SPEAK,
	    "see who has the port there (ss -lunp)" },

	{ CHECK_DAEMON, CHECK_FAILED, denies_variables, "its variables cannot be read: {system_code}",
	    "it is no ntpd, or one that keeps them to itself",
	    "see what \"ntp-query -c rv\" says" },
	{ CHECK_DAEMON, CHECK_FAILED, lost_variables, "its variables could not be read: {system_error}",
	    "datagrams are lost, or something else answers there",
	    "see what \"ntp-query -c rv\" says" },
	{ CHECK_DAEMON, CHECK_WARNING, hides_version, "it does not say which version it is",
	    "the variable \"version\" is empty or unknown there",
	    "nothing: what depends on the version is found out by trial" },
	{ CHECK_DAEMON, CHECK_WARNING, is_of_unknown_kind, "{version}: neither of ntp.org nor of NTPsec",
	    "another daemon, or one with a version of its own",
	    "nothing: what depends on the version is found out by trial" },
	{ CHECK_DAEMON, CHECK_WARNING, is_before_428, "{version}",
	    "versions before 4.2.8 have holes that are known and attacked, and lack variables",
	    "install ntpd 4.2.8p15 or later, or NTPsec" },
	{ CHECK_DAEMON, CHECK_WARNING, is_before_123, "{version}",
	    "up to 1.2.2, NTPsec sends unwritten memory among the samples of associations (filtdelay and the like)",
	    "install NTPsec 1.2.3 or later; ntp-agentxd reads those by themselves until then" },
	{ CHECK_DAEMON, CHECK_OK, is_ntpsec, "{version} (without writevar)", NULL, NULL },
	{ CHECK_DAEMON, CHECK_OK, always, "{version}", NULL, NULL },

	{ CHECK_SYNC, CHECK_OK, has_peer,
	    "stratum {stratum}, system peer {peer}; {usable} of {associations} associations are used", NULL, NULL },
	{ CHECK_SYNC, CHECK_OK, is_synchronised,
	    "stratum {stratum}, without a system peer; {usable} of {associations} associations are used", NULL, NULL },
	{ CHECK_SYNC, CHECK_WARNING, does_not_say, "it does not say",
	    "leap or stratum is missing among its variables",
	    "see what \"ntp-query -c rv\" says" },
	{ CHECK_SYNC, CHECK_WARNING, has_no_assocs, "no: there is no association",
	    "ntp.conf names no server, pool or reference clock, or none of the names has an address",
	    "add \"pool\" or \"server\" lines to ntp.conf" },
	{ CHECK_SYNC, CHECK_WARNING, reaches_nobody, "no: none of {associations} associations is reachable",
	    "the daemon has just been started, or its servers do not answer it: a firewall, or wrong names",
	    "see \"ntp-query -p\": reach 0 means that nothing came back" },
	{ CHECK_SYNC, CHECK_WARNING, always, "no: none of {reachable} reachable associations is chosen",
	    "the daemon has just been started, or its servers disagree, or are not synchronised themselves",
	    "wait some minutes, then see \"ntp-query -p\" and \"ntp-query -c as\"" },

	{ CHECK_KEY, CHECK_SKIPPED, has_no_key, "no key was given ({key_word})", NULL, NULL },
	{ CHECK_KEY, CHECK_FAILED, has_an_id_only, "key {key} without its secret",
	    "no key file was named, and no secret typed",
	    "name the file with -k" },
	{ CHECK_KEY, CHECK_FAILED, key_file_is_missing, "{key_file}: there is no such file",
	    "another path is meant, or a directory on it may not be entered",
	    "see \"keys\" in the daemon's ntp.conf" },
	{ CHECK_KEY, CHECK_FAILED, key_file_is_refused, "{key_problem}",
	    "a file that others can write to proves nothing, and one that we cannot read neither",
	    "let it belong to root or to the user who asks, with mode 0600" },
	{ CHECK_KEY, CHECK_FAILED, key_is_ambiguous, "{key_file} holds {keys} keys, and none was chosen",
	    "the id of the key was not given",
	    "say keyid ID before: the one behind \"controlkey\" in ntp.conf" },
	{ CHECK_KEY, CHECK_FAILED, key_is_spoilt, "{key_file} holds no key {key} that can be used",
	    "its line is missing or wrong: {key_problem}",
	    "a line \"{key} SHA256 SECRET\" there, the same as in the daemon's file" },
	{ CHECK_KEY, CHECK_FAILED, key_is_missing, "{key_file} holds no key {key}",
	    "another id is meant, or another file",
	    "a line \"{key} SHA256 SECRET\" there, the same as in the daemon's file" },
	{ CHECK_KEY, CHECK_WARNING, key_file_is_doubtful, "{key_problem}",
	    "who reads a control key can reconfigure the daemon; a wrong line is left out",
	    "mode 0600, and correct the line" },
	{ CHECK_KEY, CHECK_OK, key_is_typed, "key {key} ({key_type}), as it was typed", NULL, NULL },
	{ CHECK_KEY, CHECK_OK, always, "key {key} ({key_type}) of {key_file}", NULL, NULL },

	{ CHECK_MAC, CHECK_OK, takes_key, "a signed request was answered with a valid signature", NULL, NULL },
	{ CHECK_MAC, CHECK_FAILED, finds_code_wrong, "the daemon finds our signature wrong (crypto-NAK)",
	    "it has key {key} with another secret, or of another type", SAME_KEY },
	{ CHECK_MAC, CHECK_FAILED, answers_unsigned, "the daemon does not take the key: {writevar_code}, without a signature",
	    "it does not know key {key}, does not trust it, or has another secret or type for it", SAME_KEY },
	{ CHECK_MAC, CHECK_FAILED, answers_with_another_code, "answers came with a wrong signature, or none",
	    "the daemon has another secret for key {key}, or somebody forges answers", SAME_KEY },
	{ CHECK_MAC, CHECK_FAILED, always, "no answer to a signed request: {writevar_error}",
	    "datagrams are lost, or the daemon limits the rate of this host", RESTRICT_LIMITED },

	{ CHECK_WRITE, CHECK_OK, writes_both, "writevar and configure are possible", NULL, NULL },
	{ CHECK_WRITE, CHECK_OK, configures_only, "configure is possible; this daemon has no writevar", NULL, NULL },
	{ CHECK_WRITE, CHECK_FAILED, is_not_control_key, "the daemon takes key {key}, but not for writing",
	    "it is not its control key; in ntpd of ntp.org perhaps \"disable auth\"",
	    "in ntp.conf: controlkey {key}" },
	{ CHECK_WRITE, CHECK_WARNING, writes_variables_only, "writevar is possible, configure is prohibited",
	    "a \"restrict ... nomodify\" line",
	    "in ntp.conf, a \"restrict\" line for the host that asks, without \"nomodify\"" },
	{ CHECK_WRITE, CHECK_FAILED, is_prohibited, "configure is prohibited, and this daemon has no writevar",
	    "a \"restrict ... nomodify\" line",
	    "in ntp.conf, a \"restrict\" line for the host that asks, without \"nomodify\"" },
	{ CHECK_WRITE, CHECK_FAILED, denies_configure, "configure is refused: {configure_code}",
	    "unknown", "see the daemon's log" },
	{ CHECK_WRITE, CHECK_FAILED, answers_otherwise, "a comment is no configuration there: {configure_text}",
	    "a daemon with a grammar of its own", "see the daemon's log" },
	{ CHECK_WRITE, CHECK_FAILED, always, "no answer to a configure command: {configure_error}",
	    "datagrams are lost, or (ntp.org) a trap took the answer", "try again; see the daemon's log" },
	/* clang-format on */
};

const struct check_rows check_daemon_rows = { rows, sizeof(rows) / sizeof(rows[0]) };
