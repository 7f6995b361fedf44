/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps what managers set over restarts, the way Net-SNMP keeps its own state. */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "snmp/config_line.h"
#include "snmp/persist.h"
#include "snmp/persist_check.h"

#define CONTROL_TOKEN "ntpTargetControl"
#define NOTICES_TOKEN "ntpTargetNotices"

enum {
	PERSIST_BLOCK = 4096, /* the library opens the file anew for each piece */
	PERSIST_AGAIN_S = 30  /* after it could not be stored */
};

static const char *const tokens[] = { CONTROL_TOKEN, NOTICES_TOKEN, NULL };

struct stored {
	struct stored *next;
	char target[TARGET_NAME_MAX + 1];
	struct mib_control control;
	bool is_set;  /* by a manager, now or once */
	bool is_used; /* a pointer to it was handed out */
};

/* Net-SNMP calls the reader of a line and the writer of the file without a context of
 * ours, and would free one that it was given; so what they work on has to be here. */
static struct {
	struct stored *first;
	size_t count;
	const char *app_name;
	struct persist_sum sum; /* of what is being stored */
	bool is_missing;        /* in the file, for want of room */
	int64_t again_ns;
} kept;

static struct stored *
find(const char *target)
{
	struct stored *s = kept.first;

	while (s != NULL && strcmp(s->target, target) != 0)
		s = s->next;
	return s;
}

static struct stored *
find_or_add(const char *target)
{
	struct stored *s = find(target);

	if (s != NULL)
		return s;
	s = mem_calloc(1, sizeof(*s));
	if (s == NULL)
		return NULL;
	text_format(s->target, sizeof(s->target), "%s", target);
	mib_control_init(&s->control);
	s->next = kept.first;
	kept.first = s;
	kept.count++;
	return s;
}

/* The reader of one kind of line; it leaves what other lines tell. */
typedef int line_fn(const char *line, char name[TARGET_NAME_MAX + 1],
    struct mib_control *out, char why[CONFIG_WHY_MAX]);

/* What is in use is never older than the file. */
static void
read_line(line_fn *read, char *line)
{
	char target[TARGET_NAME_MAX + 1];
	struct mib_control control;
	char why[CONFIG_WHY_MAX];
	struct stored *s;

	mib_control_init(&control);
	if (read(line, target, &control, why) != 0) {
		netsnmp_config_error("%s", why);
		return;
	}
	s = find(target);
	if (s != NULL && s->is_used)
		return;
	if (s == NULL && kept.count >= PERSIST_MAX) {
		netsnmp_config_error("more than %d targets", PERSIST_MAX);
		return;
	}
	s = find_or_add(target);
	if (s == NULL) {
		netsnmp_config_error("%s", err_text(ERR_NOMEM));
		return;
	}
	/* Once more, since another line may have told the rest. */
	(void)read(line, target, &s->control, why);
	s->is_set = true;
}

static void
read_control(const char *token, char *line)
{
	(void)token;
	read_line(config_line_control, line);
}

static void
read_notices(const char *token, char *line)
{
	(void)token;
	read_line(config_line_notices, line);
}

/* The lines of one target; returns their length. */
static size_t
put_lines(const struct stored *s, char *out, size_t cap)
{
	char control[CONFIG_CONTROL_MAX], notices[CONFIG_NOTICES_MAX];

	config_line_store_control(s->target, &s->control, control);
	config_line_store_notices(s->target, &s->control, notices);
	return text_format(out, cap, CONTROL_TOKEN " %s\n" NOTICES_TOKEN " %s", control,
	    notices);
}

static bool
is_frozen(void)
{
	return netsnmp_ds_get_boolean(NETSNMP_DS_LIBRARY_ID,
		   NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE) != 0;
}

static void
store_block(const char *block)
{
	persist_sum_text(&kept.sum, tokens, block, strlen(block));
	read_config_store(kept.app_name, block);
}

static int
write_lines(int major, int minor, void *serverarg, void *clientarg)
{
	enum { LINES_MAX = 2 * (CONFIG_CONTROL_MAX + CONFIG_NOTICES_MAX) };
	char block[PERSIST_BLOCK];
	size_t used = 0;

	(void)major;
	(void)minor;
	(void)serverarg;
	(void)clientarg;
	kept.sum = (struct persist_sum){ 0 };
	for (const struct stored *s = kept.first; s != NULL; s = s->next) {
		if (!s->is_set)
			continue;
		if (used > 0)
			block[used++] = '\n';
		used += put_lines(s, block + used, sizeof(block) - used);
		if (sizeof(block) - used > LINES_MAX)
			continue;
		store_block(block);
		used = 0;
	}
	if (used > 0)
		store_block(block);
	return SNMPERR_SUCCESS;
}

/* The last of those that store. The library removes the old file after this, whatever
 * became of the new one. */
static int
check_lines(int major, int minor, void *serverarg, void *clientarg)
{
	const char *directory = get_persistent_directory();
	bool was_missing = kept.is_missing;

	(void)major;
	(void)minor;
	(void)serverarg;
	(void)clientarg;
	if (is_frozen())
		return SNMPERR_SUCCESS;
	read_config_store(kept.app_name, PERSIST_END);
	kept.is_missing = persist_check(directory, kept.app_name, tokens, &kept.sum) != 0;
	kept.again_ns = clock_monotonic_ns() + PERSIST_AGAIN_S * NS_PER_S;
	if (kept.is_missing && !was_missing)
		snmp_log(LOG_ERR,
		    "%s/%s.conf: cannot be stored whole; what was there before is kept, "
		    "what "
		    "managers set is tried again each %d s\n",
		    directory, kept.app_name, PERSIST_AGAIN_S);
	if (!kept.is_missing && was_missing)
		snmp_log(LOG_NOTICE, "%s/%s.conf: stored\n", directory, kept.app_name);
	return SNMPERR_SUCCESS;
}

void
persist_register(const char *name)
{
	kept.app_name = name;
	register_config_handler(name, CONTROL_TOKEN, read_control, NULL, NULL);
	register_config_handler(name, NOTICES_TOKEN, read_notices, NULL, NULL);
	snmp_register_callback(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_STORE_DATA,
	    write_lines, NULL);
	netsnmp_register_callback(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_STORE_DATA,
	    check_lines, NULL, NETSNMP_CALLBACK_LOWEST_PRIORITY);
}

int64_t
persist_round(int64_t now_ns)
{
	if (!kept.is_missing)
		return CLOCK_NEVER;
	if (now_ns < kept.again_ns)
		return kept.again_ns - now_ns;
	kept.again_ns = now_ns + PERSIST_AGAIN_S * NS_PER_S;
	snmp_store_needed(NULL);
	return 0;
}

struct mib_control *
persist_control(const char *target)
{
	struct stored *s = find_or_add(target);

	if (s == NULL)
		return NULL;
	s->is_used = true;
	return &s->control;
}

void
persist_changed(const struct mib_control *control)
{
	for (struct stored *s = kept.first; s != NULL; s = s->next)
		if (&s->control == control)
			s->is_set = true;
	snmp_store_needed(NULL);
}

bool
persist_has_values(void)
{
	const struct stored *s = kept.first;

	while (s != NULL && !s->is_set)
		s = s->next;
	return s != NULL;
}

/* The library asks one of these before it moves the old file away, and the other, by its
 * name another one, before it writes. */
void
persist_freeze(void)
{
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID,
	    NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID,
	    NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD, 1);
}

void
persist_free(void)
{
	while (kept.first != NULL) {
		struct stored *s = kept.first;

		kept.first = s->next;
		mem_free(s);
	}
	kept.count = 0;
	kept.is_missing = false;
}

size_t
persist_files(const char *name, char *out, size_t cap)
{
	const char *directory = get_persistent_directory();
	char path[PERSIST_PATH_MAX];
	size_t used = 0;

	out[0] = '\0';
	for (int i = 0; i <= PERSIST_BACKUPS; i++) {
		persist_backup_path(directory, name, i, path);
		if (access(path, R_OK) != 0)
			break;
		used += text_format(out + used, cap - used, "%s,", path);
	}
	text_format(path, sizeof(path), "%s/%s.conf", directory, name);
	if (access(path, R_OK) == 0)
		used += text_format(out + used, cap - used, "%s", path);
	return used;
}

/* NAME.conf, or NAME.0.conf to NAME.10.conf: what the library itself calls its files. */
static bool
is_stored_name(const char *base, size_t len)
{
	size_t name_len = strlen(kept.app_name);

	if (len <= name_len || strncmp(base, kept.app_name, name_len) != 0)
		return false;
	base += name_len;
	len -= name_len;
	if (len > 1 && base[0] == '.' && base[1] >= '0' && base[1] <= '9') {
		size_t digits = strspn(base + 1, "0123456789");

		base += 1 + digits;
		len -= 1 + digits;
	}
	return len == strlen(".conf") && strncmp(base, ".conf", len) == 0;
}

bool
persist_holds(const char *path, size_t len)
{
	const char *directory = get_persistent_directory();
	size_t directory_len = strlen(directory);
	size_t path_len = len;

	while (len > 0 && path[len - 1] != '/')
		len--;
	if (kept.app_name == NULL || !is_stored_name(path + len, path_len - len))
		return false;
	while (len > 1 && path[len - 1] == '/')
		len--;
	while (directory_len > 1 && directory[directory_len - 1] == '/')
		directory_len--;
	return len == directory_len && strncmp(path, directory, len) == 0;
}
