/*
 * secret.h: the keys that sign our tokens, seal secrets and mark cookies. They
 * live in a file that is made when it is first needed; processes that start at
 * the same time agree on one key. There is no built-in key.
 *
 * The file's first line is the key in use. The lines below are keys of before,
 * each as "<unix seconds>:<key>" with the moment it was retired; they still
 * check what they have signed (see secret_verifies()) and open what they have
 * sealed. A file of any other form is one key, all of it.
 *
 * secret_load() also starts libsodium: a program calls it before anything
 * else of this floor.
 */

#ifndef AUTH_SECRET_H
#define AUTH_SECRET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

#define SECRET_MIN 32 /* bytes */
#define SECRET_MAX 4096 /* bytes of the file */
#define SECRET_KEYS_MAX 8
#define SECRET_KID_LEN 11
#define SECRET_DERIVED_LEN 32

struct secret_key {
	struct span secret;
	char kid[SECRET_KID_LEN + 1]; /* its public name */
	int64_t retired_s; /* unix seconds; 0: in use */
};

struct secret_ring {
	struct secret_key keys[SECRET_KEYS_MAX]; /* the one in use first */
	unsigned n; /* at least 1 */
	const char *refused; /* why, after ERR_INVALID: "it is ..."; or NULL */
};

/*
 * The keys of *path*, in *arena*. A missing file is made with mode 0600 and 256
 * random bits; root makes it for the owner of its folder. ERR_INVALID with
 * out->refused: it cannot be read or made, others than its owner may read it,
 * or a key has fewer bytes than SECRET_MIN
 * or the file more than SECRET_MAX.
 */
MUST_USE enum err
secret_load(struct arena *arena, const char *path, struct secret_ring *out);

/*
 * Nobody else on this host rotates *path* until the caller closes *held*, or
 * ends: of two who rotate at once, each would drop the other's key, and all
 * that was sealed with it meanwhile. The lock is on the folder: the file itself
 * is replaced. ERR_INVALID with why in *refused*: it is held already.
 */
MUST_USE enum err secret_hold(
	struct arena *arena, const char *path, int *held, const char **refused);

/*
 * Puts a new key in front; the one that was in use is retired at *now_s*.
 * Keys that were retired before *keep_s* are dropped, and so is the oldest
 * when there would be more than SECRET_KEYS_MAX. The file is replaced whole.
 * ERR_INVALID with why in *refused*. To be called while the file is held.
 */
MUST_USE enum err secret_rotate(struct arena *arena, const char *path,
	int64_t now_s, int64_t keep_s, const char **refused);

/* Whether tokens that live for *ttl_s* may still be signed by this key. */
bool
secret_verifies(const struct secret_key *key, int64_t now_s, int64_t ttl_s);

/* The key of this kid, or NULL. */
const struct secret_key *
secret_find(const struct secret_ring *ring, struct span kid);

/* A key for one purpose, which *context* names in 8 characters: it tells
 * nothing of the secret, nor of the keys for other purposes. */
void secret_derive(const struct secret_key *key, const char *context,
	unsigned char out[SECRET_DERIVED_LEN]);

#endif
