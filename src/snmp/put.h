/* SPDX-License-Identifier: BSD-2-Clause */
/* What getters write into a value, in the forms that MIB modules share. */
#ifndef SNMP_PUT_H
#define SNMP_PUT_H

#include "model/peer.h"
#include "snmp/engine.h"

/* Octets of a DisplayString, Utf8String or SnmpAdminString. */
enum { MIB_TEXT_MAX = 255 };

/* All return true, to end a getter with. */

/* Borrows. */
bool mib_put_octets(struct mib_value *out, const void *octets, size_t len);
/* Borrows text that is valid UTF-8; cuts it, in scratch, when it is too long. */
bool mib_put_text(struct mib_value *out, const char *text, size_t len);
/* Nanoseconds as text in milliseconds: "-0.032", or "-0.032 ms". */
bool mib_put_ms(struct mib_value *out, int64_t ns);
bool mib_put_ms_unit(struct mib_value *out, int64_t ns);
/* DateAndTime (RFC 2579) in UTC, to the tenth of a second. */
bool mib_put_date(struct mib_value *out, int64_t unix_ns);
/* BITS of `n` octets: bit number i, counted from the left, is bit 2^i of `bits`. */
bool mib_put_bits(struct mib_value *out, uint32_t bits, size_t n);
/* InetAddressType and InetAddress (RFC 4001); false when it is none. */
bool mib_put_inet_type(struct mib_value *out, const struct addr *a);
bool mib_put_inet(struct mib_value *out, const struct addr *a);
/* What an operator calls an association; false when nothing is known. */
bool mib_put_peer_name(struct mib_value *out, const struct ntp_peer *peer);
/* A count modulo 2^32. */
bool mib_put_counter32(struct mib_value *out, uint64_t count);

#endif
