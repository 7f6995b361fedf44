/* SPDX-License-Identifier: BSD-2-Clause */
/* What a manager may set, and what is refused in which words. */
#include "support/check.h"

#include <string.h>

#include "snmp/control.h"

static void
defaults_notify_everything_but_heartbeats(void **state)
{
	struct mib_control c;

	(void)state;
	memset(&c, 0xff, sizeof(c));
	mib_control_init(&c);
	assert_int_equal(c.heartbeat_s, 60);
	assert_int_equal(c.notif_bits[0], 0x7f);
	assert_int_equal(c.notif_bits[1], 0x00);
	for (int which = MIB_NOTIF_MODE_CHANGE; which < MIB_NOTIF_END; which++)
		assert_int_equal(mib_control_enables(&c, (enum mib_notif)which),
		    which != MIB_NOTIF_HEARTBEAT);
}

static const struct {
	const char *octets;
	size_t len;
	enum mib_set_error error;
	uint8_t bits[2]; /* afterwards; they were 0x12 0x80 */
} settings[] = {
	{ "", 0, MIB_SET_OK, { 0x00, 0x00 } },
	{ "\x00", 1, MIB_SET_OK, { 0x00, 0x00 } },
	{ "\x40", 1, MIB_SET_OK, { 0x40, 0x00 } },
	{ "\x7f", 1, MIB_SET_OK, { 0x7f, 0x00 } },
	{ "\x01\x80", 2, MIB_SET_OK, { 0x01, 0x80 } },
	{ "\x7f\x80", 2, MIB_SET_OK, { 0x7f, 0x80 } },
	{ "\x00\x00", 2, MIB_SET_OK, { 0x00, 0x00 } },
	{ "\x80", 1, MIB_SET_WRONG_VALUE, { 0x12, 0x80 } },
	{ "\xff\x80", 2, MIB_SET_WRONG_VALUE, { 0x12, 0x80 } },
	{ "\x7f\x40", 2, MIB_SET_WRONG_VALUE, { 0x12, 0x80 } },
	{ "\x00\x01", 2, MIB_SET_WRONG_VALUE, { 0x12, 0x80 } },
	{ "\x7f\xff", 2, MIB_SET_WRONG_VALUE, { 0x12, 0x80 } },
	{ "\x7f\x80\x00", 3, MIB_SET_WRONG_LENGTH, { 0x12, 0x80 } },
	{ "\xff\xff\xff", 3, MIB_SET_WRONG_LENGTH, { 0x12, 0x80 } },
};

static void
bits_are_taken_or_left_as_they_were(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(settings); i++) {
		struct mib_control c = { .heartbeat_s = 7, .notif_bits = { 0x12, 0x80 } };
		enum mib_set_error error = mib_control_set_bits(&c,
		    (const uint8_t *)settings[i].octets, settings[i].len);

		if (error != settings[i].error ||
		    memcmp(c.notif_bits, settings[i].bits, sizeof(c.notif_bits)) != 0)
			fail_msg("row %zu: error %d, bits %02x%02x", i, (int)error,
			    c.notif_bits[0], c.notif_bits[1]);
		assert_int_equal(c.heartbeat_s, 7);
	}
}

static void
each_bit_enables_its_notification_alone(void **state)
{
	(void)state;
	for (int set = MIB_NOTIF_MODE_CHANGE; set < MIB_NOTIF_END; set++) {
		uint8_t octets[2] = { 0, 0 };
		struct mib_control c = { .heartbeat_s = 0, .notif_bits = { 0, 0 } };

		octets[set / 8] = (uint8_t)(0x80 >> set % 8);
		assert_int_equal(mib_control_set_bits(&c, octets, sizeof(octets)),
		    MIB_SET_OK);
		for (int asked = MIB_NOTIF_MODE_CHANGE; asked < MIB_NOTIF_END; asked++)
			assert_int_equal(mib_control_enables(&c, (enum mib_notif)asked),
			    asked == set);
	}
}

static void
every_topic_is_on_by_default(void **state)
{
	struct mib_control c;
	uint8_t octets[MIB_TOPIC_OCTETS];

	(void)state;
	mib_control_init(&c);
	mib_control_topics(&c, octets);
	assert_int_equal(octets[0], 0xff);
	assert_int_equal(octets[1], 0xf8);
	assert_int_equal(c.notices.offset_outside_us, 50000);
	assert_int_equal(c.notices.offset_inside_us, 40000);
	assert_int_equal(c.notices.sources_min, 1);
	assert_int_equal(c.notices.hold_s, 60);
}

static void
each_topic_has_its_bit(void **state)
{
	struct mib_control c = { .heartbeat_s = 7 };
	uint8_t back[MIB_TOPIC_OCTETS];

	(void)state;
	for (unsigned i = 0; i < NTP_TOPIC_COUNT; i++) {
		uint8_t octets[MIB_TOPIC_OCTETS] = { 0, 0 };

		octets[i / 8] = (uint8_t)(0x80 >> i % 8);
		assert_int_equal(mib_control_set_topics(&c, octets, 2), MIB_SET_OK);
		assert_int_equal(c.notices.topics, 1U << i);
		mib_control_topics(&c, back);
		assert_memory_equal(back, octets, sizeof(back));
	}
	assert_int_equal(c.heartbeat_s, 7);
}

static void
unknown_topics_are_refused(void **state)
{
	static const struct {
		const char *octets;
		size_t len;
		enum mib_set_error error;
		uint32_t topics; /* afterwards; they were 5 */
	} rows[] = {
		{ "", 0, MIB_SET_OK, 0 },
		{ "\x80", 1, MIB_SET_OK, 1 },
		{ "\xff\xf8", 2, MIB_SET_OK, 0x1fff },
		{ "\x00\x04", 2, MIB_SET_WRONG_VALUE, 5 },
		{ "\xff\xff", 2, MIB_SET_WRONG_VALUE, 5 },
		{ "\x00\x00\x00", 3, MIB_SET_WRONG_LENGTH, 5 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mib_control c = { .notices = { .topics = 5 } };
		enum mib_set_error error = mib_control_set_topics(&c,
		    (const uint8_t *)rows[i].octets, rows[i].len);

		if (error != rows[i].error || c.notices.topics != rows[i].topics)
			fail_msg("row %zu: error %d, topics %x", i, (int)error,
			    (unsigned)c.notices.topics);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_notify_everything_but_heartbeats),
		cmocka_unit_test(bits_are_taken_or_left_as_they_were),
		cmocka_unit_test(each_bit_enables_its_notification_alone),
		cmocka_unit_test(every_topic_is_on_by_default),
		cmocka_unit_test(each_topic_has_its_bit),
		cmocka_unit_test(unknown_topics_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
