/* totp_private.h: the steps of totp.c, for tests. */

#ifndef AUTH_TOTP_PRIVATE_H
#define AUTH_TOTP_PRIVATE_H

#include "auth/totp.h"

/* FIPS 180-4; RFC 2104. */
void totp_sha1(struct span text, unsigned char out[TOTP_SHA1_LEN]);
void totp_hmac_sha1(
	struct span key, struct span text, unsigned char out[TOTP_SHA1_LEN]);

/* Writes the code of a step, with *digits* digits (6 to 8) and a NUL. */
void totp_code(struct span secret, uint64_t step, unsigned digits, char *out);

#endif
