/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of bits, which changed over the years: each name has its eras. */
#include "query/cooked_bits.h"

#include "base/scan.h"
#include "base/text.h"
#include "model/vars.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct bit {
	uint32_t mask;
	const char *old_name, *name; /* up to 4.2.4, and since; NULL: not there */
};

/* The names behind `used` octets of out; false when bits are left without one. */
static bool
names(const struct bit *rows, size_t n_rows, enum m6_era era, uint32_t bits, char *out,
    size_t cap)
{
	size_t used = 0;

	for (size_t i = 0; i < n_rows; i++) {
		const char *name = era == M6_ERA_OLD ? rows[i].old_name : rows[i].name;

		if ((bits & rows[i].mask) == 0 || !name)
			continue;
		used += text_format(out + used, cap - used, " %s", name);
		bits &= ~rows[i].mask;
	}
	if (bits != 0)
		text_format(out + used, cap - used, " 0x%x", bits);
	return bits == 0;
}

/* By the bit's place; NULL where there is none. */
enum { FLASH_BITS = 14 };
static const char *const flash_names[COOKED_N_TESTS][FLASH_BITS] = {
	[COOKED_TESTS_NEW] = { "pkt_dup", "pkt_bogus", "pkt_unsync", "pkt_denied",
	    "pkt_auth", "pkt_stratum", "pkt_header", "pkt_autokey", "pkt_crypto",
	    "peer_stratum", "peer_dist", "peer_loop", "peer_unreach",
	    "pkt_late" /* NTPsec */ },
	[COOKED_TESTS_424] = { "pkt_dup", "pkt_bogus", "pkt_proto", "pkt_denied",
	    "pkt_auth", "pkt_synch", "pkt_dist", "pkt_autokey", "pkt_crypto",
	    "peer_stratum", "peer_dist", "peer_loop", "peer_unfit" },
	[COOKED_TESTS_420] = { "duplicate", "bogus", "unsync", "denied", "auth",
	    "server_sync", "stratum", "root_dist", "peer_dist", "autokey", "proventic",
	    "public_key" },
	[COOKED_TESTS_41] = { "duplicate", "bogus", "unsync", "peer_dist", "auth",
	    "server_sync", "stratum", "root_dist", "not_authentic", "denied", "autokey" },
};

bool
cooked_flash(enum cooked_tests tests, uint32_t bits, char *out, size_t cap)
{
	size_t n = text_format(out, cap, "%02x", bits);

	if (bits == 0)
		n += text_format(out + n, cap - n, " ok");
	for (size_t i = 0; i < FLASH_BITS; i++) {
		const char *name = flash_names[tests][i];

		if ((bits & UINT32_C(1) << i) == 0 || !name)
			continue;
		n += text_format(out + n, cap - n, " %s", name);
		bits &= ~(UINT32_C(1) << i);
	}
	if (bits != 0)
		text_format(out + n, cap - n, " 0x%x", bits);
	return bits == 0;
}

bool
cooked_autokey(enum m6_era era, uint32_t bits, char *out, size_t cap)
{
	static const struct bit rows[] = {
		{ 0x0001, "enab", "enab" },
		{ 0x0002, "tai", "tai" },
		{ 0x0010, "pc", "priv" },
		{ 0x0020, "iff", "iff" },
		{ 0x0040, "gq", "gq" },
		{ 0x0080, "mv", "mv" },
		{ 0x0100, "valid", "cert" },
		{ 0x0200, "vrfy", "vrfy" },
		{ 0x0400, "prov", "prov" },
		{ 0x0800, "agree", "cook" },
		{ 0x1000, "auto", "auto" },
		{ 0x2000, "sign", "sign" },
		{ 0x4000, "leap", "leap" },
	};
	enum { DIGEST_SHIFT = 16, FLAGS = 0xffff };
	size_t n = text_format(out, cap, "0x%x", bits);

	/* The upper half is OpenSSL's number of the digest and signature scheme. */
	if (bits >> DIGEST_SHIFT != 0)
		n += text_format(out + n, cap - n, " nid %u", bits >> DIGEST_SHIFT);
	return names(rows, COUNT_OF(rows), era, bits & FLAGS, out + n, cap - n);
}

bool
cooked_cert(enum m6_era era, uint32_t bits, char *out, size_t cap)
{
	static const struct bit rows[] = {
		{ 0x01, "signed", "trusted" },
		{ 0x02, "trusted", "signed" },
		{ 0x04, "private", "valid" },
		{ 0x08, NULL, "private" },
		{ 0x80, "error", "error" },
	};
	size_t n = text_format(out, cap, "0x%x", bits);

	return names(rows, COUNT_OF(rows), era, bits, out + n, cap - n);
}

bool
cooked_fudge(uint32_t bits, char *out, size_t cap)
{
	static const struct bit rows[] = {
		{ 0x01, "flag1", "flag1" },
		{ 0x02, "flag2", "flag2" },
		{ 0x04, "flag3", "flag3" },
		{ 0x08, "flag4", "flag4" },
	};
	size_t n = text_format(out, cap, "%u", bits);

	return names(rows, COUNT_OF(rows), M6_ERA_NEW, bits, out + n, cap - n);
}

bool
cooked_monitor(uint32_t bits, char *out, size_t cap)
{
	static const struct bit rows[] = {
		{ 0x01, "configuration", "configuration" },
		{ 0x02, "restrictions", "restrictions" },
	};
	size_t n = text_format(out, cap, "0x%x", bits);

	if (bits == 0)
		n += text_format(out + n, cap - n, " nobody");
	return names(rows, COUNT_OF(rows), M6_ERA_NEW, bits, out + n, cap - n);
}

/* As daemons write them that use words. */
bool
cooked_kernel(uint32_t bits, char *out, size_t cap)
{
	size_t n = text_format(out, cap, "0x%x", bits);

	for (unsigned i = 0; ntp_kernel_word(i); i++) {
		if ((bits & UINT32_C(1) << i) == 0)
			continue;
		n += text_format(out + n, cap - n, " %s", ntp_kernel_word(i));
		bits &= ~(UINT32_C(1) << i);
	}
	if (bits != 0)
		text_format(out + n, cap - n, " 0x%x", bits);
	return bits == 0;
}

/* Without "noepeer" those behind it are one bit lower. */
bool
cooked_restrictions(bool has_noepeer, uint32_t bits, char *out, size_t cap)
{
	static const char *const words[] = { "ignore", "noserve", "notrust", "version",
		"nopeer", "noepeer", "limited", "noquery", "nomodify", "notrap", "lptrap",
		"kod", "mssntp", "flake", "nomrulist" };
	enum { NOEPEER = 5 };
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		uint32_t mask = UINT32_C(1) << (i > NOEPEER && !has_noepeer ? i - 1 : i);

		if ((bits & mask) == 0 || (i == NOEPEER && !has_noepeer))
			continue;
		used += text_format(out + used, cap - used, "%s%s", used > 0 ? " " : "",
		    words[i]);
		bits &= ~mask;
	}
	if (bits != 0)
		text_format(out + used, cap - used, "%s0x%x?", used > 0 ? " " : "", bits);
	return bits == 0;
}

const char *
cooked_kiss(const char *code, size_t len)
{
	static const struct {
		const char *code, *text;
	} rows[] = {
		{ "ACST", "waiting for a manycast server" },
		{ "AUTH", "authentication failed" },
		{ "AUTO", "Autokey sequence failed" },
		{ "BCST", "waiting for a broadcast server" },
		{ "CRYP", "cryptographic authentication failed" },
		{ "DENY", "access denied by the server" },
		{ "DNS", "looking up the name" },
		{ "DOWN", "the server is down" },
		{ "DROP", "lost the server" },
		{ "GONE", "the interface is gone" },
		{ "INIT", "nothing received yet" },
		{ "LOOP", "it is synchronised to us" },
		{ "MCST", "waiting for a multicast server" },
		{ "NKEY", "no key" },
		{ "NTS", "exchanging NTS keys" },
		{ "NTSN", "the server refused the NTS cookie" },
		{ "POOL", "waiting for servers of the pool" },
		{ "RATE", "the server says we ask too often" },
		{ "RMOT", "changed from outside" },
		{ "RSTR", "access restricted by the server" },
		{ "STEP", "the clock was stepped" },
		{ "TIME", "timed out" },
		{ "XFAC", "the interface changed" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (scan_is(code, len, rows[i].code))
			return rows[i].text;
	return "";
}
