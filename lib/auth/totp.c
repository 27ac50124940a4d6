#include "auth/totp_private.h"

#include "auth/token.h"

#include <stdio.h>
#include <string.h>

#define BLOCK 64
#define CODE_MAX 8

/* ---- SHA-1 */

struct sha1 {
	uint32_t h[5];
	uint64_t len; /* bytes so far */
	unsigned char block[BLOCK];
};

static uint32_t
rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

/* The function that round *t* applies (RFC 3174, 5). */
static uint32_t
mix(unsigned t, uint32_t b, uint32_t c, uint32_t d)
{
	if (t < 20)
		return ((b & c) | (~b & d)) + 0x5a827999;
	if (t < 40)
		return (b ^ c ^ d) + 0x6ed9eba1;
	if (t < 60)
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
	return (b ^ c ^ d) + 0xca62c1d6;
}

static void
expand(const unsigned char block[BLOCK], uint32_t w[80])
{
	for (size_t t = 0; t < 16; t++)
		w[t] = (uint32_t)block[4 * t] << 24 |
			(uint32_t)block[4 * t + 1] << 16 |
			(uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
	for (unsigned t = 16; t < 80; t++)
		w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
}

static void
eat_block(struct sha1 *s)
{
	uint32_t w[80], x[5], next;

	expand(s->block, w);
	memcpy(x, s->h, sizeof(x));
	for (unsigned t = 0; t < 80; t++) {
		next = rotate(x[0], 5) + mix(t, x[1], x[2], x[3]) + x[4] + w[t];
		x[4] = x[3];
		x[3] = x[2];
		x[2] = rotate(x[1], 30);
		x[1] = x[0];
		x[0] = next;
	}
	for (unsigned i = 0; i < 5; i++)
		s->h[i] += x[i];
}

static void
eat(struct sha1 *s, const void *data, size_t len)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < len; i++) {
		s->block[s->len++ % BLOCK] = bytes[i];
		if (s->len % BLOCK == 0)
			eat_block(s);
	}
}

static struct sha1
begin(void)
{
	return (struct sha1){ .h = { 0x67452301, 0xefcdab89, 0x98badcfe,
				      0x10325476, 0xc3d2e1f0 } };
}

static void
end(struct sha1 *s, unsigned char out[TOTP_SHA1_LEN])
{
	uint64_t bits = s->len * 8;
	unsigned char length[8];

	eat(s, "\x80", 1);
	while (s->len % BLOCK != BLOCK - sizeof(length))
		eat(s, "", 1);
	for (unsigned i = 0; i < sizeof(length); i++)
		length[i] = (unsigned char)(bits >> (56 - 8 * i));
	eat(s, length, sizeof(length));
	for (unsigned i = 0; i < TOTP_SHA1_LEN; i++)
		out[i] = (unsigned char)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

void
totp_sha1(struct span text, unsigned char out[TOTP_SHA1_LEN])
{
	struct sha1 s = begin();

	eat(&s, text.data, text.len);
	end(&s, out);
}

static void
keyed(const unsigned char key[BLOCK], unsigned char pad, struct span text,
	unsigned char out[TOTP_SHA1_LEN])
{
	struct sha1 s = begin();
	unsigned char block[BLOCK];

	for (unsigned i = 0; i < BLOCK; i++)
		block[i] = key[i] ^ pad;
	eat(&s, block, BLOCK);
	eat(&s, text.data, text.len);
	end(&s, out);
}

void
totp_hmac_sha1(
	struct span key, struct span text, unsigned char out[TOTP_SHA1_LEN])
{
	unsigned char block[BLOCK] = { 0 }, inner[TOTP_SHA1_LEN];

	if (key.len > BLOCK)
		totp_sha1(key, block);
	else if (key.len > 0)
		memcpy(block, key.data, key.len);
	keyed(block, 0x36, text, inner);
	keyed(block, 0x5c, (struct span){ (const char *)inner, TOTP_SHA1_LEN },
		out);
}

/* ---- codes */

void
totp_code(struct span secret, uint64_t step, unsigned digits, char *out)
{
	static const uint32_t powers[] = { 1000000, 10000000, 100000000 };
	unsigned char hash[TOTP_SHA1_LEN];
	char counter[8];
	uint32_t number;
	unsigned at;

	for (unsigned i = 0; i < sizeof(counter); i++)
		counter[i] = (char)(step >> (56 - 8 * i));
	totp_hmac_sha1(secret, (struct span){ counter, sizeof(counter) }, hash);
	/* RFC 4226, 5.3 */
	at = hash[TOTP_SHA1_LEN - 1] & 15;
	number = (uint32_t)(hash[at] & 0x7f) << 24 |
		(uint32_t)hash[at + 1] << 16 | (uint32_t)hash[at + 2] << 8 |
		hash[at + 3];
	snprintf(out, CODE_MAX + 1, "%0*u", (int)digits,
		number % powers[digits - 6]);
}

/* Reads the digits of *code*; returns false if it contains anything else. */
static bool
read_code(struct span code, char out[TOTP_DIGITS + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < code.len; i++) {
		if (code.data[i] == ' ')
			continue;
		if (n == TOTP_DIGITS || code.data[i] < '0' ||
			code.data[i] > '9')
			return false;
		out[n++] = code.data[i];
	}
	out[n] = '\0';
	return n == TOTP_DIGITS;
}

bool
totp_check(struct span secret, struct span code, int64_t now_s,
	uint64_t last_step, uint64_t *step)
{
	char given[TOTP_DIGITS + 1], wanted[CODE_MAX + 1];
	uint64_t now = (uint64_t)now_s / TOTP_STEP_S;
	bool found = false;

	if (!read_code(code, given))
		return false;
	for (uint64_t at = now - 1; at <= now + 1; at++) {
		totp_code(secret, at, TOTP_DIGITS, wanted);
		if (at > last_step &&
			token_equal(span_of(given), span_of(wanted))) {
			*step = at;
			found = true;
		}
	}
	return found;
}

void
base32(const unsigned char *bytes, size_t len, char *out)
{
	static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned bits = 0;
	uint32_t held = 0;

	for (size_t i = 0; i < len; i++) {
		held = held << 8 | bytes[i];
		for (bits += 8; bits >= 5; bits -= 5)
			*out++ = DIGITS[held >> (bits - 5) & 31];
	}
	*out = '\0';
}
