/* SPDX-License-Identifier: BSD-2-Clause */
/* The forms a value can have. Private to cooked. */
#ifndef QUERY_COOKED_FORMS_H
#define QUERY_COOKED_FORMS_H

#include "query/cooked.h"

/* What a value is made of: text[0..len) to out[0..cap). False: it is not what it should
 * be, and out holds it as it is. */
typedef bool cook_fn(const struct cooked *c, const char *text, size_t len, char *out,
    size_t cap);

cook_fn cook_as_is;
cook_fn cook_integer;
cook_fn cook_decimal;
cook_fn cook_leap;
cook_fn cook_reach;
cook_fn cook_mode;
cook_fn cook_address;
cook_fn cook_socket;
cook_fn cook_stamp;
cook_fn cook_calendar;
cook_fn cook_refid;
cook_fn cook_flash;
cook_fn cook_flags;
cook_fn cook_cert;
cook_fn cook_filter;
cook_fn cook_config;
cook_fn cook_authenable;
cook_fn cook_authentic;
cook_fn cook_selection;
cook_fn cook_state;
cook_fn cook_cookies;
cook_fn cook_monitor;
cook_fn cook_kernel;
cook_fn cook_valid;

#endif
