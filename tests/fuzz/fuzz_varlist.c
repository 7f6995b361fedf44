/* SPDX-License-Identifier: BSD-2-Clause */
/* A payload of variables: every item lies within it, items do not go back, and names that
 * can be joined come back out of the list. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "mode6/varlist.h"
#include "model/raw.h"

static void
check_item(const char *payload, size_t len, const struct m6_var *v, const char *after)
{
	const char *end = payload + len;

	FUZZ_REQUIRE(v->name >= after && v->name_len > 0 && v->name_len <= M6_NAME_MAX);
	FUZZ_REQUIRE(v->name + v->name_len <= end);
	if (!v->value) {
		FUZZ_REQUIRE(v->value_len == 0 && !v->is_quoted);
		return;
	}
	FUZZ_REQUIRE(v->value > v->name && v->value_len <= M6_VALUE_MAX);
	FUZZ_REQUIRE(v->value + v->value_len <= end);
	FUZZ_REQUIRE(!v->is_quoted ||
	    (memchr(v->value, '\n', v->value_len) == NULL && v->value[-1] == '"'));
}

static bool
is_plain(const struct m6_var *v)
{
	for (size_t i = 0; i < v->name_len; i++) {
		char c = v->name[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'))
			return false;
	}
	return true;
}

/* Joined to the list of a request when it is a name, and only then. */
static void
check_name(const struct m6_var *v)
{
	char name[M6_NAME_MAX + 1], list[M6_NAME_MAX + 8];
	const char *const names[] = { "x", name };
	size_t n;

	memcpy(name, v->name, v->name_len);
	name[v->name_len] = '\0';
	int rc = m6_varlist_join(names, 2, list, sizeof(list), &n);

	FUZZ_REQUIRE((rc == 0) == is_plain(v));
	if (rc != 0)
		return;
	FUZZ_REQUIRE(n == v->name_len + 2);
	FUZZ_REQUIRE(
	    memcmp(list, "x,", 2) == 0 && memcmp(list + 2, v->name, v->name_len) == 0);
}

/* The text that is kept of them: ascending, each once, with the value that came first. */
static void
check_raw(struct ntp_raw_maker *maker)
{
	struct ntp_raw *raw = ntp_raw_make(maker);

	FUZZ_REQUIRE(raw != NULL);
	for (size_t i = 0; i < ntp_raw_count(raw); i++) {
		struct ntp_raw_item item = ntp_raw_at(raw, i), found;

		FUZZ_REQUIRE(ntp_raw_find(raw, item.name, item.name_len, &found));
		FUZZ_REQUIRE(
		    found.value == item.value && found.value_len == item.value_len);
		FUZZ_REQUIRE(ntp_raw_from(raw, item.name, item.name_len) == i);
		if (i == 0)
			continue;
		struct ntp_raw_item before = ntp_raw_at(raw, i - 1);
		FUZZ_REQUIRE(ntp_raw_compare(before.name, before.name_len, item.name,
				 item.name_len) < 0);
	}
	ntp_raw_unref(raw);
}

static void
walk(const char *payload, size_t len, struct m6_varlist list, unsigned max)
{
	struct ntp_raw_maker maker = { 0 };
	const char *after = payload;
	struct m6_var v;
	unsigned n = 0;

	while (m6_varlist_next(&list, &v)) {
		FUZZ_REQUIRE(++n <= max);
		check_item(payload, len, &v, after);
		check_name(&v);
		after = v.value ? v.value + v.value_len : v.name + v.name_len;
		ntp_raw_add(&maker, (n & 1) != 0 ? NTP_RAW_CLOCK_PREFIX : "",
		    &(struct ntp_raw_item){ v.name, v.value, v.name_len, v.value_len,
			-1 });
	}
	check_raw(&maker);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const char *payload = (const char *)bytes;
	int n = m6_assoc_count(len);

	walk(payload, len, m6_varlist_start(payload, len), M6_ITEMS_MAX);
	walk(payload, len, m6_varlist_start_long(payload, len), M6_ITEMS_LONG_MAX);
	for (int i = 0; i < n; i++)
		(void)m6_assoc_at(payload, (size_t)i);
	return 0;
}
