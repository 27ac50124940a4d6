/*
 * totp.h: time-based one-time codes: RFC 6238 with HMAC-SHA-1, steps of 30
 * seconds and 6 digits, as authenticator apps expect. The user's clock may be
 * off by one step in either direction (RFC 6238, 5.2). We implement SHA-1 (RFC
 * 3174) ourselves because libsodium lacks it; its weakness, collisions, does
 * not affect HMAC.
 */

#ifndef AUTH_TOTP_H
#define AUTH_TOTP_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOTP_SECRET_LEN 20 /* bytes (RFC 4226, 4: 160 bits) */
#define TOTP_TEXT_LEN 32 /* its length in base32 */
#define TOTP_DIGITS 6
#define TOTP_STEP_S 30
#define TOTP_SHA1_LEN 20

/*
 * Whether *code* belongs to the current step or to one next to it. Steps up to
 * *last_step* do not count, so no code works twice; *step* receives the matched
 * step. Blanks in *code* are ignored.
 */
bool totp_check(struct span secret, struct span code, int64_t now_s,
	uint64_t last_step, uint64_t *step);

/* Writes RFC 4648 base32 without padding, with a terminating NUL; *len* must be
 * a multiple of 5. */
void base32(const unsigned char *bytes, size_t len, char *out);

#endif
