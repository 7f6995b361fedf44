/* SPDX-License-Identifier: BSD-2-Clause */
/* The arguments of configuration directives, from text. */
#include "snmp/config_line.h"

#include <string.h>

#include "base/err.h"
#include "base/scan.h"
#include "base/text.h"

enum { SHOWN_MAX = 40 }; /* octets of a wrong word that a message repeats */

const char config_target_usage[] = "NAME HOST [port N] [context NAME] [interval SECONDS]"
				   " [stale-after INTERVALS] [family ipv4|ipv6]"
				   " [version 1..4]"
				   " [write off|variables|setvar|configure]"
				   " [push off|on] [control-key ID]";

struct word {
	const char *text;
	size_t len;
};

static bool
ends_word(char c)
{
	return c == '\0' || c == ' ' || c == '\t';
}

/* The next word of *line, or false at its end. A word in double quotes may be empty; one
 * with a stray quote keeps it, and no argument may hold any. */
static bool
next_word(const char **line, struct word *out)
{
	const char *at = *line + strspn(*line, " \t");
	size_t len = *at == '"' ? strcspn(at + 1, "\"") : 0;

	if (*at == '\0')
		return false;
	if (*at == '"' && at[1 + len] == '"' && ends_word(at[2 + len])) {
		*out = (struct word){ at + 1, len };
		*line = at + 2 + len;
		return true;
	}
	*out = (struct word){ at, strcspn(at, " \t") };
	*line = at + out->len;
	return true;
}

static int
complain(int err, char why[CONFIG_WHY_MAX], const char *what, const struct word *word,
    const char *expected)
{
	char shown[SHOWN_MAX + 1];

	text_ascii(word->text, word->len, shown, sizeof(shown));
	text_format(why, CONFIG_WHY_MAX, "%s \"%s\" is not valid: expected %s", what,
	    shown, expected);
	return err;
}

static bool
all_in(const struct word *word, const char *allowed)
{
	for (size_t i = 0; i < word->len; i++) {
		if (word->text[i] == '\0' || strchr(allowed, word->text[i]) == NULL)
			return false;
	}
	return true;
}

#define ALPHANUMERIC "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static bool
copy_word(const struct word *word, size_t min, const char *allowed, char *out, size_t cap)
{
	if (word->len < min || word->len >= cap || !all_in(word, allowed))
		return false;
	memcpy(out, word->text, word->len);
	out[word->len] = '\0';
	return true;
}

static bool
number_in(const struct word *word, uint32_t min, uint32_t max, uint32_t *out)
{
	uint32_t n;

	if (scan_u32(word->text, word->len, &n) != 0 || n < min || n > max)
		return false;
	*out = n;
	return true;
}

static bool
set_port(struct target *t, const struct word *word)
{
	uint32_t n;

	if (!number_in(word, 1, UINT16_MAX, &n))
		return false;
	t->port = (uint16_t)n;
	return true;
}

static bool
set_context(struct target *t, const struct word *word)
{
	return copy_word(word, 0, ALPHANUMERIC "-_.:", t->context, sizeof(t->context));
}

static bool
set_interval(struct target *t, const struct word *word)
{
	return number_in(word, TARGET_INTERVAL_MIN_S, TARGET_INTERVAL_MAX_S,
	    &t->interval_s);
}

static bool
set_stale_after(struct target *t, const struct word *word)
{
	return number_in(word, 1, TARGET_STALE_MAX, &t->stale_after);
}

static bool
set_family(struct target *t, const struct word *word)
{
	if (scan_is(word->text, word->len, "ipv4"))
		t->family = TARGET_IPV4_ONLY;
	else if (scan_is(word->text, word->len, "ipv6"))
		t->family = TARGET_IPV6_ONLY;
	else
		return false;
	return true;
}

static bool
set_version(struct target *t, const struct word *word)
{
	uint32_t n;

	if (!number_in(word, 1, 4, &n))
		return false;
	t->version = (uint8_t)n;
	return true;
}

static bool
set_write(struct target *t, const struct word *word)
{
	static const struct {
		const char *word;
		enum target_write write;
	} rows[] = {
		{ "off", TARGET_WRITE_OFF },
		{ "variables", TARGET_WRITE_VARIABLES },
		{ "setvar", TARGET_WRITE_SETVAR },
		{ "configure", TARGET_WRITE_CONFIGURE },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!scan_is(word->text, word->len, rows[i].word))
			continue;
		t->write = rows[i].write;
		return true;
	}
	return false;
}

static bool
set_control_key(struct target *t, const struct word *word)
{
	return number_in(word, 1, TARGET_KEY_MAX, &t->control_key);
}

static bool
set_push(struct target *t, const struct word *word)
{
	t->wants_push = scan_is(word->text, word->len, "on");
	return t->wants_push || scan_is(word->text, word->len, "off");
}

static const struct {
	const char *word;
	bool (*set)(struct target *t, const struct word *value);
	const char *expected;
} options[] = {
	{ "port", set_port, "a port from 1 to 65535" },
	{ "context", set_context, "up to 32 letters, digits or -_.:" },
	{ "interval", set_interval, "seconds from 1 to 3600" },
	{ "stale-after", set_stale_after, "a number of intervals from 1 to 100" },
	{ "family", set_family, "ipv4 or ipv6" },
	{ "version", set_version, "an NTP version from 1 to 4" },
	{ "write", set_write, "off, variables, setvar or configure" },
	{ "push", set_push, "off or on" },
	{ "control-key", set_control_key, "the number of a key from 1 to 65535" },
};

enum { N_OPTIONS = sizeof(options) / sizeof(options[0]) };

static int
apply_option(struct target *t, const struct word *name, const char **line,
    bool *has_context, char why[CONFIG_WHY_MAX])
{
	struct word value;

	for (size_t i = 0; i < N_OPTIONS; i++) {
		if (!scan_is(name->text, name->len, options[i].word))
			continue;
		if (!next_word(line, &value)) {
			text_format(why, CONFIG_WHY_MAX, "%s has no value: expected %s",
			    options[i].word, options[i].expected);
			return ERR_SYNTAX;
		}
		if (!options[i].set(t, &value))
			return complain(ERR_RANGE, why, options[i].word, &value,
			    options[i].expected);
		if (options[i].set == set_context)
			*has_context = true;
		return 0;
	}
	return complain(ERR_SYNTAX, why, "option", name,
	    "port, context, interval, stale-after, family, version, write, push or"
	    " control-key");
}

static int
target_name(const struct word *word, char out[TARGET_NAME_MAX + 1],
    char why[CONFIG_WHY_MAX])
{
	if (copy_word(word, 1, ALPHANUMERIC "-_.", out, TARGET_NAME_MAX + 1))
		return 0;
	return complain(ERR_SYNTAX, why, "name", word, "1 to 32 letters, digits or -_.");
}

static int
name_and_host(const char **line, struct target *out, char why[CONFIG_WHY_MAX])
{
	struct word word;
	int err;

	if (!next_word(line, &word)) {
		text_format(why, CONFIG_WHY_MAX, "name missing: expected %s",
		    config_target_usage);
		return ERR_SYNTAX;
	}
	err = target_name(&word, out->name, why);
	if (err != 0)
		return err;
	if (!next_word(line, &word)) {
		text_format(why, CONFIG_WHY_MAX, "host missing: expected %s",
		    config_target_usage);
		return ERR_SYNTAX;
	}
	if (!copy_word(&word, 1, ALPHANUMERIC "-_.:%", out->host, sizeof(out->host)))
		return complain(ERR_SYNTAX, why, "host", &word,
		    "a host name or an IP address");
	return 0;
}

int
config_line_target(const char *line, struct target *out, bool *has_context_out,
    char why[CONFIG_WHY_MAX])
{
	struct word word;
	int err;

	target_init(out);
	*has_context_out = false;
	err = name_and_host(&line, out, why);
	while (err == 0 && next_word(&line, &word))
		err = apply_option(out, &word, &line, has_context_out, why);
	return err;
}

int
config_line_path(const char *line, char out[CONFIG_PATH_MAX], char why[CONFIG_WHY_MAX])
{
	static const char expected[] = "one file name that begins with /";
	struct word word = { "", 0 }, more;

	if (!next_word(&line, &word) || next_word(&line, &more))
		return complain(ERR_SYNTAX, why, "value", &word, expected);
	if (word.len < 2 || word.text[0] != '/' || word.len >= CONFIG_PATH_MAX)
		return complain(ERR_RANGE, why, "value", &word, expected);
	memcpy(out, word.text, word.len);
	out[word.len] = '\0';
	return 0;
}

int
config_line_number(const char *line, uint32_t min, uint32_t max, uint32_t *out,
    char why[CONFIG_WHY_MAX])
{
	struct word word = { "", 0 };
	struct word more;
	char expected[SHOWN_MAX];

	if (next_word(&line, &word) && !next_word(&line, &more) &&
	    number_in(&word, min, max, out))
		return 0;
	text_format(expected, sizeof(expected), "one number from %u to %u", min, max);
	return complain(ERR_RANGE, why, "value", &word, expected);
}

_Static_assert(MIB_TOPIC_OCTETS == MIB_NOTIF_OCTETS, "all bits are two octets");

/* Two digits for each octet. */
static bool
bits_of(const struct word *word, struct mib_control *out,
    enum mib_set_error (*set)(struct mib_control *c, const uint8_t *octets, size_t n))
{
	uint8_t octets[MIB_NOTIF_OCTETS];
	uint32_t value;

	if (word->len != (size_t)2 * MIB_NOTIF_OCTETS ||
	    scan_hex32(word->text, word->len, &value) != 0)
		return false;
	for (size_t i = 0; i < MIB_NOTIF_OCTETS; i++)
		octets[i] = (uint8_t)(value >> 8 * (MIB_NOTIF_OCTETS - 1 - i));
	return set(out, octets, sizeof(octets)) == MIB_SET_OK;
}

static const char bits_expected[] = "four hexadecimal digits without unknown bits";

/* The words of a stored line behind the name; those that are missing are empty. */
enum { STORED_WORDS_MAX = 6 };

static int
stored_words(const char *line, char name[TARGET_NAME_MAX + 1],
    struct word words[STORED_WORDS_MAX], size_t n_expected, char why[CONFIG_WHY_MAX])
{
	struct word first = { "", 0 };
	size_t n = 0;
	int err;

	(void)next_word(&line, &first);
	err = target_name(&first, name, why);
	if (err != 0)
		return err;
	for (size_t i = 0; i < STORED_WORDS_MAX; i++)
		words[i] = (struct word){ "", 0 };
	while (n <= n_expected && next_word(&line, &words[n]))
		n++;
	if (n > n_expected)
		return complain(ERR_SYNTAX, why, "word", &words[n_expected],
		    "nothing more");
	return 0;
}

int
config_line_control(const char *line, char name[TARGET_NAME_MAX + 1],
    struct mib_control *out, char why[CONFIG_WHY_MAX])
{
	struct word words[STORED_WORDS_MAX];
	int err = stored_words(line, name, words, 2, why);

	if (err != 0)
		return err;
	if (!number_in(&words[0], 0, UINT32_MAX, &out->heartbeat_s))
		return complain(ERR_RANGE, why, "heartbeat interval", &words[0],
		    "seconds from 0 to 4294967295");
	if (!bits_of(&words[1], out, mib_control_set_bits))
		return complain(ERR_SYNTAX, why, "notification bits", &words[1],
		    bits_expected);
	return 0;
}

size_t
config_line_store_control(const char *name, const struct mib_control *c,
    char out[CONFIG_CONTROL_MAX])
{
	return text_format(out, CONFIG_CONTROL_MAX, "%s %u %02x%02x", name,
	    c->heartbeat_s, c->notif_bits[0], c->notif_bits[1]);
}

int
config_line_notices(const char *line, char name[TARGET_NAME_MAX + 1],
    struct mib_control *out, char why[CONFIG_WHY_MAX])
{
	struct ntp_notice_settings *n = &out->notices;
	const struct {
		const char *what;
		uint32_t max;
		uint32_t *value;
		const char *expected;
	} numbers[] = {
		{ "outer limit", UINT32_MAX, &n->offset_outside_us,
		    "microseconds from 0 to 4294967295" },
		{ "inner limit", UINT32_MAX, &n->offset_inside_us,
		    "microseconds from 0 to 4294967295" },
		{ "number of sources", NTP_NOTICE_SOURCES_MAX, &n->sources_min,
		    "a number from 0 to 65535" },
		{ "hold time", NTP_NOTICE_HOLD_MAX_S, &n->hold_s,
		    "seconds from 0 to 3600" },
	};
	enum { N_NUMBERS = sizeof(numbers) / sizeof(numbers[0]) };
	struct word words[STORED_WORDS_MAX];
	int err = stored_words(line, name, words, 1 + N_NUMBERS, why);

	if (err != 0)
		return err;
	if (!bits_of(&words[0], out, mib_control_set_topics))
		return complain(ERR_SYNTAX, why, "switches", &words[0], bits_expected);
	for (size_t i = 0; i < N_NUMBERS; i++)
		if (!number_in(&words[1 + i], 0, numbers[i].max, numbers[i].value))
			return complain(ERR_RANGE, why, numbers[i].what, &words[1 + i],
			    numbers[i].expected);
	return 0;
}

size_t
config_line_store_notices(const char *name, const struct mib_control *c,
    char out[CONFIG_NOTICES_MAX])
{
	const struct ntp_notice_settings *n = &c->notices;
	uint8_t octets[MIB_TOPIC_OCTETS];

	mib_control_topics(c, octets);
	return text_format(out, CONFIG_NOTICES_MAX, "%s %02x%02x %u %u %u %u", name,
	    octets[0], octets[1], n->offset_outside_us, n->offset_inside_us,
	    n->sources_min, n->hold_s);
}
