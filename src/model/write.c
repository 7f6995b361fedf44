/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts of results, what the protocol carries, and the names that daemons keep for
 * themselves. */
#include "model/write.h"

#include <string.h>

#include "base/scan.h"
#include "model/system.h"

const char *
ntp_write_text(enum ntp_write_result result)
{
	static const char *const texts[] = {
		[NTP_WRITE_NONE] = "nothing was tried",
		[NTP_WRITE_DONE] = "done",
		[NTP_WRITE_UNCHANGED] = "it was so already",
		[NTP_WRITE_RESTORED] = "restored",
		[NTP_WRITE_NOT_RESTORED] = "not restored",
		[NTP_WRITE_NOT_ALLOWED] = "not allowed by the configuration",
		[NTP_WRITE_NO_KEY] = "no control key",
		[NTP_WRITE_NOT_CARRIED] = "the protocol cannot carry it",
		[NTP_WRITE_KEY_REFUSED] = "the daemon refuses the key",
		[NTP_WRITE_PERMISSION] = "permission denied by the daemon",
		[NTP_WRITE_BAD_FORMAT] = "bad format",
		[NTP_WRITE_UNSUPPORTED] = "the daemon has no such operation",
		[NTP_WRITE_NO_ASSOCIATION] = "no such association",
		[NTP_WRITE_NO_VARIABLE] = "no such variable",
		[NTP_WRITE_BAD_VALUE] = "bad value",
		[NTP_WRITE_RESTRICTED] = "restricted",
		[NTP_WRITE_UNSPECIFIED] = "unspecified error",
		[NTP_WRITE_PROHIBITED] = "prohibited by \"restrict ... nomodify\"",
		[NTP_WRITE_SYNTAX] = "the command was not understood",
		[NTP_WRITE_NOT_STORED] = "said to be done, but not stored",
		[NTP_WRITE_DIFFERS] = "read back as something else",
		[NTP_WRITE_NO_REPLY] = "no answer: the effect is unknown",
		[NTP_WRITE_UNREACHABLE] = "nobody listens there",
		[NTP_WRITE_ABORTED] = "another part failed first",
		[NTP_WRITE_NO_MEMORY] = "out of memory",
	};

	_Static_assert(sizeof(texts) / sizeof(texts[0]) == NTP_WRITE_RESULT_COUNT,
	    "a text per result");
	if ((unsigned)result >= NTP_WRITE_RESULT_COUNT)
		return "unknown result";
	return texts[result];
}

/* --- what is carried ---------------------------------------------------------------- */

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

bool
ntp_write_carries_name(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_name_char(name[i]))
			return false;
	return len > 0 && len <= NTP_WRITE_NAME_MAX;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Daemons cut blanks off, or refuse them, at the ends. */
static bool
has_blank_end(const char *text, size_t len)
{
	return len > 0 && (is_blank(text[0]) || is_blank(text[len - 1]));
}

bool
ntp_write_carries_value(const void *value, size_t len)
{
	const char *text = value;

	if (len > NTP_WRITE_VALUE_MAX || has_blank_end(text, len))
		return false;
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~' || text[i] == ',' || text[i] == '"')
			return false;
	return true;
}

bool
ntp_write_carries_command(const void *command, size_t len)
{
	const char *text = command;

	if (len == 0 || len > NTP_WRITE_COMMAND_MAX || has_blank_end(text, len))
		return false;
	for (size_t i = 0; i < len; i++)
		if ((text[i] < ' ' && text[i] != '\t') || text[i] > '~')
			return false;
	return true;
}

/* --- names of the daemons' own ------------------------------------------------------ */

/* Beside the rows of ntp_system_vars: what ntp.org from 2005 to 4.2.8p15 and NTPsec up to
 * 1.2.5 know, and the variables they preset. */
static const char *const names[] = {
	"authcmacdecrypts",
	"authcmacencrypts",
	"authcmacfails",
	"authdecrypts",
	"authdelay",
	"authdigestdecrypts",
	"authdigestencrypts",
	"authdigestfails",
	"authencrypts",
	"authfreek",
	"authkexpired",
	"authkeys",
	"authklookups",
	"authknotfound",
	"authkuncached",
	"authreset",
	"bcastdelay",
	"cert",
	"clk_wander_threshold",
	"daemon_version",
	"digest",
	"flags",
	"free_rbuf",
	"fuzz",
	"host",
	"hostkey",
	"hostname",
	"ident",
	"io_dropped",
	"io_goodwakeups",
	"io_ignored",
	"io_pkt_reads",
	"io_received",
	"io_ref_reads",
	"io_sendfailed",
	"io_wakeups",
	"jitter",
	"kesterr",
	"kfreq",
	"kfreqtol",
	"kmaxerr",
	"koffset",
	"kppscalibdur",
	"kppscaliberrs",
	"kppscalibs",
	"kppsfreq",
	"kppsjitexc",
	"kppsjitter",
	"kppsstab",
	"kppsstbexc",
	"kprecis",
	"kstflags",
	"ktimeconst",
	"leapseconds",
	"leapsmearinterval",
	"leapsmearoffset",
	"lockclock",
	"mru_deepest",
	"mru_depth",
	"mru_enabled",
	"mru_exists",
	"mru_hashslots",
	"mru_maxage",
	"mru_maxdepth",
	"mru_maxmem",
	"mru_mem",
	"mru_minage",
	"mru_mindepth",
	"mru_new",
	"mru_none",
	"mru_oldest_age",
	"mru_recyclefull",
	"mru_recycleold",
	"noise",
	"peeradr",
	"peermode",
	"poll",
	"rbuf_lowater",
	"refresh",
	"rootdispersion",
	"rootdist",
	"savedconfig",
	"settimeofday",
	"signature",
	"stability",
	"state",
	"sys_var_list",
	"tick",
	"timer_overruns",
	"timer_xmts",
	"timerstats_reset",
	"total_rbuf",
	"until",
	"update",
	"used_rbuf",
};

/* Families of counters that every release adds to. */
static const char *const prefixes[] = { "mssntp_", "nts_", "ss_" };

static bool
is_listed(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return true;
	return false;
}

static bool
is_of_a_family(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t prefix_len = strlen(prefixes[i]);

		if (len > prefix_len && memcmp(name, prefixes[i], prefix_len) == 0)
			return true;
	}
	return false;
}

static bool
contains(const char *text, size_t len, const char *words)
{
	size_t words_len = strlen(words);

	for (size_t i = 0; i + words_len <= len; i++)
		if (memcmp(text + i, words, words_len) == 0)
			return true;
	return false;
}

enum ntp_write_result
ntp_write_configured(const char *text, size_t len)
{
	static const char success[] = "Config Succeeded";

	text = scan_trim(text, &len);
	if (len >= sizeof(success) - 1 && memcmp(text, success, sizeof(success) - 1) == 0)
		return NTP_WRITE_DONE;
	return contains(text, len, "nomodify") ? NTP_WRITE_PROHIBITED : NTP_WRITE_SYNTAX;
}

bool
ntp_write_is_builtin(const char *name, size_t len)
{
	return ntp_vars_find(&ntp_system_vars, name, len) >= 0 || is_listed(name, len) ||
	    is_of_a_family(name, len);
}
