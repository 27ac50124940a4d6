/*
 * secret.h: the key that signs our tokens. It lives in a file that is made
 * when it is first needed; processes that start at the same time agree on
 * one key. There is no built-in key.
 *
 * secret_load() also starts libsodium: a program calls it before anything
 * else of this floor.
 */

#ifndef AUTH_SECRET_H
#define AUTH_SECRET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

#define SECRET_MIN 32 /* bytes */
#define SECRET_MAX 4096 /* bytes */

/*
 * The content of *path* without the newline at its end, in *arena*. A missing
 * file is made with mode 0600 and 256 random bits. ERR_INVALID after a logged
 * sentence: it cannot be read or made, others than its owner may read it, or
 * it holds fewer bytes than SECRET_MIN or more than SECRET_MAX.
 */
MUST_USE enum err
secret_load(struct arena *arena, const char *path, struct span *out);

#endif
