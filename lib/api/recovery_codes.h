/*
 * recovery_codes.h: recovery codes, each of which can replace a lost second
 * factor once.
 */

#ifndef API_RECOVERY_CODES_H
#define API_RECOVERY_CODES_H

#include "auth/token.h"
#include "base/err.h"
#include "repo/factor.h"

#include <stdint.h>

#define RECOVERY_CODES_N 10
/* "ABCD-EFGH-IJKL-MNOP-QRST-UVWX": 120 bits, so a plain hash is enough. */
#define RECOVERY_CODE_LEN 29

struct recovery_codes {
	char list[RECOVERY_CODES_N][RECOVERY_CODE_LEN + 1];
};

/* The stored hash, which does not depend on how the code is written: it uses
 * only letters and digits, in upper case. */
void recovery_codes_hash(struct arena *arena, uint64_t user_id,
	struct span code, char out[TOKEN_HASH_LEN]);

/* Replaces all codes of the user by new ones. */
MUST_USE enum err recovery_codes_renew(struct db *db, struct arena *arena,
	uint64_t user_id, struct recovery_codes *out);

#endif
