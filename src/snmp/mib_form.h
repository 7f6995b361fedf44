/* SPDX-License-Identifier: BSD-2-Clause */
/* From the field of a variable to the value of an object: the conversions, a row each. An
 * object that shows a variable as it is needs no getter of its own. */
#ifndef SNMP_MIB_FORM_H
#define SNMP_MIB_FORM_H

#include "model/vars.h"
#include "snmp/engine.h"

struct mib_form {
	const char *words;  /* for doc/mib-map: "ms -> us" */
	ntp_parse_fn *from; /* the parser of the fields it takes */
	enum mib_syntax syntax;
	/* False: the field has a value that the object cannot show. */
	bool (*put)(const void *field, struct mib_value *out);
};

/* Where an object's value is from. */
struct mib_source {
	/* A variable, by table and row, and what becomes of it; form NULL: see words. */
	const struct mib_form *form;
	const struct ntp_var_table *table;
	uint16_t var;
	const char
	    *words; /* of an object with a getter of its own: "status word, bit 4" */
};

/* The value of a row made with MIB_VAR, from a variable of `object`, which the source's
 * table describes. False when the daemon did not give it. */
bool mib_form_get(const struct mib_source *source, const void *object,
    struct mib_value *out);

/* Milliseconds and ppm have become whole numbers long before (model/vars.h): nothing is
 * lost but what the unit of the object leaves out, rounded half away from zero. What does
 * not fit 32 bits is the nearest number that does. */
extern const struct mib_form mib_form_us;   /* ms -> Integer32, microseconds */
extern const struct mib_form mib_form_usu;  /* the same, never negative: Gauge32 */
extern const struct mib_form mib_form_ns;   /* ms -> Integer32, nanoseconds */
extern const struct mib_form mib_form_nsu;  /* the same, never negative: Gauge32 */
extern const struct mib_form mib_form_ppb;  /* ppm -> Integer32, 10^-9 */
extern const struct mib_form mib_form_ppbu; /* the same, never negative: Gauge32 */

extern const struct mib_form mib_form_u8, mib_form_u16, mib_form_u32; /* -> Gauge32 */
extern const struct mib_form mib_form_i8, mib_form_i32;               /* -> Integer32 */
extern const struct mib_form mib_form_gauge;   /* a 64-bit number -> Gauge32 */
extern const struct mib_form mib_form_counter; /* a 64-bit number -> Counter64 */
extern const struct mib_form mib_form_ticks;   /* seconds -> TimeTicks */
extern const struct mib_form mib_form_spent;   /* seconds -> Counter64, microseconds */
extern const struct mib_form mib_form_span;    /* the same -> Gauge32 */
extern const struct mib_form mib_form_wholeu;  /* a whole number -> Gauge32 */
extern const struct mib_form mib_form_tally;   /* the same -> Counter64 */
extern const struct mib_form mib_form_nonzero; /* a number -> Gauge32; 0 is unknown */
extern const struct mib_form mib_form_whole;   /* a number -> Integer32 */
extern const struct mib_form mib_form_leap, mib_form_mode;  /* -> enumeration */
extern const struct mib_form mib_form_text, mib_form_label; /* -> SnmpAdminString */
extern const struct mib_form mib_form_word;
extern const struct mib_form mib_form_socket; /* -> the same; 0.0.0.0 is nobody */
extern const struct mib_form mib_form_day, mib_form_date; /* a date -> DateAndTime */
extern const struct mib_form mib_form_kstatus;  /* the kernel's status -> BITS */
extern const struct mib_form mib_form_autokey;  /* Autokey's flags -> BITS */
extern const struct mib_form mib_form_upper;    /* their upper 16 bits -> Gauge32 */
extern const struct mib_form mib_form_line;     /* -> SnmpAdminString */
extern const struct mib_form mib_form_natural;  /* -> Gauge32; -1 is none */
extern const struct mib_form mib_form_i64;      /* -> Integer32 */
extern const struct mib_form mib_form_milli;    /* 10^-3 -> Gauge32 */
extern const struct mib_form mib_form_shakes;   /* a peer's Autokey flags -> BITS */
extern const struct mib_form mib_form_switches; /* a clock's flags -> BITS */
extern const struct mib_form mib_form_poll;     /* -> Gauge32; 99 is unknown */
extern const struct mib_form mib_form_port;     /* -> Gauge32; 0 is none */
extern const struct mib_form mib_form_reach;    /* 0..255 -> Gauge32 */
extern const struct mib_form mib_form_ones;     /* 0..255 -> how many bits */
extern const struct mib_form mib_form_inettype; /* -> InetAddressType */
extern const struct mib_form mib_form_inet;     /* -> InetAddress */

/* The syntaxes once more, as constants for the rows. */
enum {
	MIB_SYNTAX_OF_us = MIB_INTEGER,
	MIB_SYNTAX_OF_usu = MIB_UNSIGNED,
	MIB_SYNTAX_OF_ns = MIB_INTEGER,
	MIB_SYNTAX_OF_nsu = MIB_UNSIGNED,
	MIB_SYNTAX_OF_ppb = MIB_INTEGER,
	MIB_SYNTAX_OF_ppbu = MIB_UNSIGNED,
	MIB_SYNTAX_OF_u8 = MIB_UNSIGNED,
	MIB_SYNTAX_OF_u16 = MIB_UNSIGNED,
	MIB_SYNTAX_OF_u32 = MIB_UNSIGNED,
	MIB_SYNTAX_OF_i8 = MIB_INTEGER,
	MIB_SYNTAX_OF_i32 = MIB_INTEGER,
	MIB_SYNTAX_OF_gauge = MIB_UNSIGNED,
	MIB_SYNTAX_OF_counter = MIB_COUNTER64,
	MIB_SYNTAX_OF_ticks = MIB_TIMETICKS,
	MIB_SYNTAX_OF_spent = MIB_COUNTER64,
	MIB_SYNTAX_OF_span = MIB_UNSIGNED,
	MIB_SYNTAX_OF_wholeu = MIB_UNSIGNED,
	MIB_SYNTAX_OF_tally = MIB_COUNTER64,
	MIB_SYNTAX_OF_nonzero = MIB_UNSIGNED,
	MIB_SYNTAX_OF_whole = MIB_INTEGER,
	MIB_SYNTAX_OF_leap = MIB_INTEGER,
	MIB_SYNTAX_OF_mode = MIB_INTEGER,
	MIB_SYNTAX_OF_line = MIB_OCTETS,
	MIB_SYNTAX_OF_natural = MIB_UNSIGNED,
	MIB_SYNTAX_OF_i64 = MIB_INTEGER,
	MIB_SYNTAX_OF_milli = MIB_UNSIGNED,
	MIB_SYNTAX_OF_shakes = MIB_OCTETS,
	MIB_SYNTAX_OF_switches = MIB_OCTETS,
	MIB_SYNTAX_OF_poll = MIB_UNSIGNED,
	MIB_SYNTAX_OF_port = MIB_UNSIGNED,
	MIB_SYNTAX_OF_reach = MIB_UNSIGNED,
	MIB_SYNTAX_OF_ones = MIB_UNSIGNED,
	MIB_SYNTAX_OF_inettype = MIB_INTEGER,
	MIB_SYNTAX_OF_inet = MIB_OCTETS,
	MIB_SYNTAX_OF_text = MIB_OCTETS,
	MIB_SYNTAX_OF_label = MIB_OCTETS,
	MIB_SYNTAX_OF_word = MIB_OCTETS,
	MIB_SYNTAX_OF_socket = MIB_OCTETS,
	MIB_SYNTAX_OF_day = MIB_OCTETS,
	MIB_SYNTAX_OF_date = MIB_OCTETS,
	MIB_SYNTAX_OF_kstatus = MIB_OCTETS,
	MIB_SYNTAX_OF_autokey = MIB_OCTETS,
	MIB_SYNTAX_OF_upper = MIB_UNSIGNED,
};

/* A row of an object that shows a variable as it is: row `var` of `table`, brought to
 * that form. `get` is the getter of the objects of its MIB table. */
#define MIB_VAR(subid, label, form, get, table, var) \
	{ \
		(subid), (label), (enum mib_syntax)MIB_SYNTAX_OF_##form, (get), NULL, \
		    &(const struct mib_source) \
		{ \
			&mib_form_##form, &(table), (var), NULL \
		} \
	}
/* A row of an object with a getter of its own; `words` say where its value is from. */
#define MIB_OWN(subid, label, syntax, get, write, words) \
	{ \
		(subid), (label), (syntax), (get), (write), &(const struct mib_source) \
		{ \
			NULL, NULL, 0, (words) \
		} \
	}

#endif
