/* SPDX-License-Identifier: BSD-2-Clause */
/* Parsers of values that are made of several. */
#include "support/check.h"

#include "model/vars.h"

#include <string.h>

#include "base/addr.h"

static void
addresses_with_ports_are_written_whole_or_not_at_all(void **state)
{
	static const struct {
		const char *text, *printed; /* NULL: refused */
	} cases[] = {
		{ "10.91.1.11:123", "10.91.1.11:123" },
		{ "[fd00:99::1]:123", "[fd00:99::1]:123" },
		{ "0.0.0.0:0", "0.0.0.0" },
		{ "10.91.1.11", NULL },
		{ "10.91.1.11:", NULL },
		{ "10.91.1.11:65536", NULL },
		{ ":123", NULL },
		{ "[fd00:99::1:123", NULL },
		{ "[]:123", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct addr addr = { .family = ADDR_NONE, .port = 9 };
		char text[ADDR_TEXT_MAX];

		assert_int_equal(
		    ntp_parse_socket(cases[i].text, strlen(cases[i].text), &addr),
		    cases[i].printed != NULL);
		addr_format(&addr, addr.port != 0, text, sizeof(text));
		if (cases[i].printed)
			assert_string_equal(text, cases[i].printed);
		else
			assert_int_equal(addr.port, 9);
	}
}

static void
filters_are_eight_numbers_or_none(void **state)
{
	static const struct {
		const char *text;
		bool is_ok;
	} cases[] = {
		{ "0.13 0.11 -0.11 0.13 0.16 0.12 0.13 16000.00", true },
		{ "0.13 0.11 -0.11 0.13 0.16 0.12 0.13", false },
		{ "0.13 0.11 -0.11 0.13 0.16 0.12 0.13 0.11 0.11", false },
		{ "O 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00", false },
		{ "0.00 0.\x04 0.14 0.14 0.14 0.13 0.11 0.11", false },
		{ "0.13 0.11 0.11 0.13 0.16 0.12 0.13 0.110", false },
		{ "0.13 0.11 0.11 0.13 0.16 0.12 0.13 1", false },
		{ "0.13 0.11 0.11 0.13 0.16 0.12 0.13 .11", false },
		{ "0.13 0.11 0.11 0.13 0.16 0.12 0.13 9999999.00", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ntp_filter filter, before;

		memset(&filter, 0x5a, sizeof(filter));
		before = filter;
		assert_int_equal(
		    ntp_parse_filter(cases[i].text, strlen(cases[i].text), &filter),
		    cases[i].is_ok);
		if (!cases[i].is_ok) {
			assert_memory_equal(&filter, &before, sizeof(filter));
			continue;
		}
		assert_int_equal(filter.us[0], 130);
		assert_int_equal(filter.us[2], -110);
		assert_int_equal(filter.us[7], 16000000);
	}
}

static bool
add_cert(struct ntp_certs *certs, const char *text)
{
	return ntp_parse_cert(text, strlen(text), certs);
}

static void
certificates_are_collected(void **state)
{
	struct ntp_certs certs = { .n = 0 };

	(void)state;
	assert_false(ntp_parse_until("202711210011", 12, &certs));
	assert_true(add_cert(&certs, "labhost trusted 0x1"));
	assert_true(ntp_parse_until("202711210011", 12, &certs));
	assert_true(add_cert(&certs, "old.example ca.example 0x3 3330720000"));
	assert_int_equal(certs.n, 2);
	assert_memory_equal(certs.items[0].subject.bytes, "labhost", 7);
	assert_memory_equal(certs.items[0].issuer.bytes, "trusted", 7);
	assert_int_equal(certs.items[0].flags, 1);
	assert_int_equal(certs.items[0].until_s, 1826755860);
	assert_int_equal(certs.items[0].made_s, 0);
	assert_int_equal(certs.items[1].made_s, 1121731200);
	assert_int_equal(certs.items[1].until_s, 0);
	for (int i = 0; i < 2 * NTP_CERTS_MAX; i++) {
		assert_true(add_cert(&certs, "a b 0x1"));
		/* The date of one too many is nobody's. */
		assert_int_equal(ntp_parse_until("202711210011", 12, &certs),
		    i < NTP_CERTS_MAX - 2);
	}
	assert_int_equal(certs.n, NTP_CERTS_MAX);
}

static void
date_of_a_malformed_certificate_is_of_none(void **state)
{
	struct ntp_certs certs = { .n = 0 };

	(void)state;
	assert_true(add_cert(&certs, "labhost trusted 0x1"));
	assert_true(ntp_parse_until("202711210011", 12, &certs));
	assert_false(ntp_parse_until("209901010000", 12, &certs));
	assert_false(add_cert(&certs, "lab host trusted 0x1"));
	assert_false(ntp_parse_until("209901010000", 12, &certs));
	assert_int_equal(certs.items[0].until_s, 1826755860);
}

static void
certificates_of_another_shape_are_none(void **state)
{
	static const char *const texts[] = { "", "a", "a b", "a b c", "a b 0x1 x",
		"a b 0x1 3330720000 y", "a b 0x100000000" };
	struct ntp_certs certs = { .n = 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_false(add_cert(&certs, texts[i]));
	assert_int_equal(certs.n, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_with_ports_are_written_whole_or_not_at_all),
		cmocka_unit_test(filters_are_eight_numbers_or_none),
		cmocka_unit_test(certificates_are_collected),
		cmocka_unit_test(date_of_a_malformed_certificate_is_of_none),
		cmocka_unit_test(certificates_of_another_shape_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
