/*
 * password.h: argon2id by libsodium, with OWASP's parameters (19 MiB, two
 * passes, one lane). A hash names its own parameters, so raising the constants
 * in password.c leaves old hashes valid until the next log-in renews them.
 */

#ifndef AUTH_PASSWORD_H
#define AUTH_PASSWORD_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>

#define PASSWORD_MIN 8 /* characters (code points) */
#define PASSWORD_MAX 1024 /* bytes */
#define PASSWORD_HASH_LEN 128

/* A hash with its NUL. ERR_BUSY: no memory for it right now (logged). */
MUST_USE enum err
password_hash(struct span password, char out[PASSWORD_HASH_LEN]);

/* Whether *password* is the one behind *hash*. Without a hash (NULL: there is
 * no such user) it is false after the same work. */
bool password_verify(const char *hash, struct span password);

/* Whether the hash was made with other parameters than today's; of NULL it
 * is asked about the one that stands in for a missing one. */
bool password_outdated(const char *hash);

#endif
