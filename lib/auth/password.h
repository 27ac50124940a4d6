/*
 * password.h: argon2id by libsodium, with OWASP's parameters (19 MiB, two
 * passes, one lane). A hash contains its own parameters, so raising the
 * constants in password.c leaves old hashes valid; the next log-in renews them.
 */

#ifndef AUTH_PASSWORD_H
#define AUTH_PASSWORD_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>

#define PASSWORD_MIN 8 /* in characters (code points) */
#define PASSWORD_MAX 1024 /* in bytes */
#define PASSWORD_HASH_LEN 128

/* Writes a hash with its terminating NUL. ERR_BUSY (logged) if there is not
 * enough memory for it at the moment. */
MUST_USE enum err
password_hash(struct span password, char out[PASSWORD_HASH_LEN]);

/* Whether *password* matches *hash*. If *hash* is NULL, because there is no
 * such user, it does the same work and returns false. */
bool password_verify(const char *hash, struct span password);

/* Whether the hash was made with outdated parameters. NULL means the
 * placeholder hash that stands in for a missing one. */
bool password_outdated(const char *hash);

#endif
