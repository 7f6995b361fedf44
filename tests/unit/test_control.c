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
		struct mib_control c = { 7, { 0x12, 0x80 } };
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
		struct mib_control c = { 0, { 0, 0 } };

		octets[set / 8] = (uint8_t)(0x80 >> set % 8);
		assert_int_equal(mib_control_set_bits(&c, octets, sizeof(octets)),
		    MIB_SET_OK);
		for (int asked = MIB_NOTIF_MODE_CHANGE; asked < MIB_NOTIF_END; asked++)
			assert_int_equal(mib_control_enables(&c, (enum mib_notif)asked),
			    asked == set);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_notify_everything_but_heartbeats),
		cmocka_unit_test(bits_are_taken_or_left_as_they_were),
		cmocka_unit_test(each_bit_enables_its_notification_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
