/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses: parsing, printing, comparing, converting. */
#include "support/check.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/err.h"

static struct addr
parse(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(text, strlen(text), &a), 0);
	return a;
}

static void
good_addresses_print_as_they_were(void **state)
{
	static const struct {
		const char *text;
		enum addr_family family;
		const char *plain, *with_port;
	} rows[] = {
		{ "192.0.2.1", ADDR_IPV4, "192.0.2.1", "192.0.2.1:123" },
		{ "0.0.0.0", ADDR_IPV4, "0.0.0.0", "0.0.0.0:123" },
		{ "255.255.255.255", ADDR_IPV4, "255.255.255.255",
		    "255.255.255.255:123" },
		{ "::", ADDR_IPV6, "::", "[::]:123" },
		{ "2001:DB8:0::1", ADDR_IPV6, "2001:db8::1", "[2001:db8::1]:123" },
		{ "fe80::1%2", ADDR_IPV6, "fe80::1%2", "[fe80::1%2]:123" },
		{ "fe80::1%0", ADDR_IPV6, "fe80::1", "[fe80::1]:123" },
		{ "fe80::1%4294967295", ADDR_IPV6, "fe80::1%4294967295",
		    "[fe80::1%4294967295]:123" },
		{ "fe80::1%nosuchinterface0", ADDR_IPV6, "fe80::1", "[fe80::1]:123" },
		{ "::ffff:192.0.2.1", ADDR_IPV6, "::ffff:192.0.2.1",
		    "[::ffff:192.0.2.1]:123" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255%4294967295", ADDR_IPV6,
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295",
		    "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:123" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct addr a = parse(rows[i].text);
		char out[ADDR_TEXT_MAX];
		assert_int_equal(a.family, rows[i].family);
		assert_int_equal(a.port, 0);
		assert_int_equal(addr_format(&a, false, out, sizeof(out)),
		    strlen(rows[i].plain));
		assert_string_equal(out, rows[i].plain);
		a.port = 123;
		addr_format(&a, true, out, sizeof(out));
		assert_string_equal(out, rows[i].with_port);
	}
}

static void
bad_addresses_are_refused(void **state)
{
	static const char *const texts[] = {
		"",
		" ",
		"1",
		"1.2.3",
		"1.2.3.4.5",
		"256.0.0.1",
		"1.2.3.4 ",
		" 1.2.3.4",
		"01.2.3.4",
		"1.2.3.4:123",
		"1.2.3.4%1",
		"0x7f.1",
		"localhost",
		":",
		":::",
		"1::2::3",
		"12345::",
		"[::1]",
		"::1]:123",
		"fe80::1%",
		"%1",
		"%",
		"fe80::1%4294967296",
		"fe80::1%99999999999999999999",
		"::1/64",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct addr a = { .port = 77 };
		size_t len = strlen(texts[i]);
		if (addr_parse(texts[i], len, &a) != ERR_SYNTAX || a.port != 77)
			fail_msg("'%s' was taken", texts[i]);
	}
}

static void
only_len_bytes_are_read(void **state)
{
	struct addr a;

	(void)state;
	char *text = malloc(9);
	assert_non_null(text);
	memcpy(text, "192.0.2.1", 9);
	assert_int_equal(addr_parse(text, 9, &a), 0);
	assert_int_equal(a.bytes[3], 1);
	free(text);
	assert_int_equal(addr_parse("192.0.2.123", 9, &a), 0);
	assert_int_equal(a.bytes[3], 1);
	assert_int_equal(addr_parse("::1\0", 4, &a), ERR_SYNTAX);
	assert_int_equal(addr_parse("\0::1", 4, &a), ERR_SYNTAX);
}

static void
overlong_text_is_too_big(void **state)
{
	char text[ADDR_TEXT_MAX + 1];
	struct addr a;

	(void)state;
	memset(text, 'e', sizeof(text));
	memcpy(text, "fe80::1%", 8);
	assert_int_equal(addr_parse(text, ADDR_TEXT_MAX - 1, &a), 0);
	assert_int_equal(a.scope, 0);
	assert_int_equal(addr_parse(text, ADDR_TEXT_MAX, &a), ERR_TOOBIG);
	assert_int_equal(addr_parse(text, ADDR_TEXT_MAX + 1, &a), ERR_TOOBIG);
}

/* There is an interface of this name here, and it is not asked for. */
static void
the_name_of_a_zone_is_not_looked_up(void **state)
{
	static const struct {
		const char *text;
		bool is_name;
	} texts[] = { { "fe80::1%lo", true }, { "fe80::1%1x", true },
		{ "fe80::1%1", false }, { "fe80::1", false },
		{ "fe80::1%4294967296", false }, { "192.0.2.1", false }, { "%", true },
		{ "", false } };

	(void)state;
	assert_int_not_equal(if_nametoindex("lo"), 0);
	struct addr a = parse("fe80::1%lo");
	assert_int_equal(a.scope, 0);
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_int_equal(addr_names_zone(texts[i].text, strlen(texts[i].text)),
		    texts[i].is_name);
	/* Only so many bytes are looked at. */
	assert_false(addr_names_zone("fe80::1%lo", 7));
	assert_false(addr_names_zone("fe80::1%2o", 9));
}

static void
no_address_prints_a_dash(void **state)
{
	static const struct addr none = { .family = ADDR_NONE, .port = 123 };
	char out[ADDR_TEXT_MAX];

	(void)state;
	assert_int_equal(addr_format(&none, false, out, sizeof(out)), 1);
	assert_string_equal(out, "-");
	addr_format(&none, true, out, sizeof(out));
	assert_string_equal(out, "-");
}

static void
printing_is_cut_to_its_space(void **state)
{
	char out[6];

	(void)state;
	struct addr a = parse("192.0.2.1");
	assert_int_equal(addr_format(&a, true, out, sizeof(out)), 5);
	assert_string_equal(out, "192.0");
	assert_int_equal(addr_format(&a, true, out, 1), 0);
	assert_string_equal(out, "");
}

static void
equal_means_in_every_part(void **state)
{
	(void)state;
	struct addr a = parse("fe80::1%2"), b = a;
	assert_true(addr_equal(&a, &b));
	b.port = 1;
	assert_false(addr_equal(&a, &b));
	b = parse("fe80::1%3");
	assert_false(addr_equal(&a, &b));
	b = parse("fe80::2%2");
	assert_false(addr_equal(&a, &b));
	a = parse("0.0.0.0");
	b = parse("::");
	assert_false(addr_equal(&a, &b));
	b = a;
	b.bytes[9] = 1;
	assert_true(addr_equal(&a, &b));
	b.bytes[3] = 1;
	assert_false(addr_equal(&a, &b));
}

static void
unspecified_and_refclocks_are_known(void **state)
{
	static const struct {
		const char *text;
		bool is_unspecified;
		int type; /* -1 no reference clock */
	} rows[] = {
		{ "0.0.0.0", true, -1 },
		{ "::", true, -1 },
		{ "0.0.0.1", false, -1 },
		{ "::1", false, -1 },
		{ "127.127.1.0", false, 1 },
		{ "127.127.255.3", false, 255 },
		{ "127.0.0.1", false, -1 },
		{ "126.127.1.0", false, -1 },
		{ "::ffff:127.127.1.0", false, -1 },
		{ "7f7f:100::", false, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct addr a = parse(rows[i].text);
		uint8_t type = 77;
		assert_int_equal(addr_is_unspecified(&a), rows[i].is_unspecified);
		assert_int_equal(addr_is_refclock(&a, &type), rows[i].type >= 0);
		assert_int_equal(addr_is_refclock(&a, NULL), rows[i].type >= 0);
		assert_int_equal(type, rows[i].type >= 0 ? rows[i].type : 77);
	}
	struct addr none = { .family = ADDR_NONE };
	assert_false(addr_is_unspecified(&none));
	assert_false(addr_is_refclock(&none, NULL));
}

static void
the_systems_form_and_back_is_the_same(void **state)
{
	static const char *const texts[] = { "192.0.2.1", "2001:db8::1", "fe80::1%7" };

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct addr a = parse(texts[i]), b;
		struct sockaddr_storage ss;
		socklen_t len = 0;
		a.port = 12345;
		assert_int_equal(addr_to_sockaddr(&a, &ss, &len), 0);
		assert_int_equal(len,
		    a.family == ADDR_IPV4 ? sizeof(struct sockaddr_in)
					  : sizeof(struct sockaddr_in6));
		assert_int_equal(addr_from_sockaddr((const struct sockaddr *)&ss, &b), 0);
		assert_true(addr_equal(&a, &b));
	}
}

static void
the_systems_form_is_in_network_order(void **state)
{
	struct sockaddr_storage ss;
	struct sockaddr_in in4;
	socklen_t len;

	(void)state;
	struct addr a = parse("192.0.2.1");
	a.port = 123;
	assert_int_equal(addr_to_sockaddr(&a, &ss, &len), 0);
	memcpy(&in4, &ss, sizeof(in4));
	assert_int_equal(in4.sin_family, AF_INET);
	assert_int_equal(in4.sin_port, htons(123));
	assert_int_equal(in4.sin_addr.s_addr, htonl(0xc0000201));
}

static void
other_families_are_refused(void **state)
{
	struct addr none = { .family = ADDR_NONE }, out = { .port = 77 };
	struct sockaddr_storage ss = { .ss_family = AF_UNIX };
	socklen_t len = 77;

	(void)state;
	assert_int_equal(addr_from_sockaddr((const struct sockaddr *)&ss, &out),
	    ERR_RANGE);
	assert_int_equal(out.port, 77);
	assert_int_equal(addr_to_sockaddr(&none, &ss, &len), ERR_RANGE);
	assert_int_equal(len, 77);
	assert_int_equal(ss.ss_family, AF_UNIX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_addresses_print_as_they_were),
		cmocka_unit_test(bad_addresses_are_refused),
		cmocka_unit_test(only_len_bytes_are_read),
		cmocka_unit_test(overlong_text_is_too_big),
		cmocka_unit_test(the_name_of_a_zone_is_not_looked_up),
		cmocka_unit_test(no_address_prints_a_dash),
		cmocka_unit_test(printing_is_cut_to_its_space),
		cmocka_unit_test(equal_means_in_every_part),
		cmocka_unit_test(unspecified_and_refclocks_are_known),
		cmocka_unit_test(the_systems_form_and_back_is_the_same),
		cmocka_unit_test(the_systems_form_is_in_network_order),
		cmocka_unit_test(other_families_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
