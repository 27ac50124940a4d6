/*
 * totp.h: one-time codes by time: RFC 6238 with HMAC-SHA-1, steps of 30
 * seconds and 6 digits, which is what the authenticator apps know. A clock may
 * be a step off in either direction (RFC 6238, 5.2). SHA-1 (RFC 3174) is ours:
 * libsodium has none, and its weakness, collisions, is none of an HMAC.
 */

#ifndef AUTH_TOTP_H
#define AUTH_TOTP_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOTP_SECRET_LEN 20 /* bytes (RFC 4226, 4: 160 bits) */
#define TOTP_TEXT_LEN 32 /* the same in base32 */
#define TOTP_DIGITS 6
#define TOTP_STEP_S 30
#define SHA1_LEN 20

/* FIPS 180-4; RFC 2104. */
void sha1(struct span text, unsigned char out[SHA1_LEN]);
void hmac_sha1(struct span key, struct span text, unsigned char out[SHA1_LEN]);

/* The code of a step, with *digits* (6 to 8) and a NUL. */
void totp_code(struct span secret, uint64_t step, unsigned digits, char *out);

/*
 * Whether *code* is the one of now or of a step beside it, but of no step up
 * to *last_step*, so that none is good twice; *step* is whose it is. Blanks in
 * *code* do not count.
 */
bool totp_check(struct span secret, struct span code, int64_t now_s,
	uint64_t last_step, uint64_t *step);

/* RFC 4648 base32 without padding, with its NUL; *len* is a multiple of 5. */
void base32(const unsigned char *bytes, size_t len, char *out);

#endif
