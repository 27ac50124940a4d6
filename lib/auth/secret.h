/*
 * secret.h: the keys that sign our tokens, seal secrets and mark cookies. They
 * live in a file that is created when first needed; processes that start at the
 * same time agree on one key. There is no built-in key.
 *
 * The file's first line is the current key. The lines below are previous keys,
 * each as "<unix seconds>:<key>" with the moment of its retirement; they still
 * verify what they have signed (see secret_verifies()) and open what they have
 * sealed. A file in any other form is a single key.
 *
 * secret_load() also starts libsodium: a program calls it before anything else
 * on this floor.
 */

#ifndef AUTH_SECRET_H
#define AUTH_SECRET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

#define SECRET_MIN 32 /* shortest key, in bytes */
#define SECRET_MAX 4096 /* largest file, in bytes */
#define SECRET_KEYS_MAX 8
#define SECRET_KID_LEN 11
#define SECRET_DERIVED_LEN 32

struct secret_key {
	struct span secret;
	char kid[SECRET_KID_LEN + 1]; /* the key's public name */
	int64_t retired_s; /* unix seconds; 0: current */
};

struct secret_ring {
	/* The current key comes first. */
	struct secret_key keys[SECRET_KEYS_MAX];
	unsigned n; /* at least 1 */
	const char *refused; /* after ERR_INVALID: "it is ..."; or NULL */
};

/*
 * Reads the keys of *path* into *arena*. Creates a missing file with mode 0600
 * and 256 random bits; root creates it for the owner of its folder.
 * ERR_INVALID, with out->refused, if the file cannot be read or created, if
 * others than its owner may read it, if a key is shorter than SECRET_MIN bytes,
 * or if the file is larger than SECRET_MAX bytes.
 */
MUST_USE enum err
secret_load(struct arena *arena, const char *path, struct secret_ring *out);

/*
 * Keeps other processes on this host from rotating *path* until the caller
 * closes *held* or ends: of two simultaneous rotations, each would drop the
 * other's key and everything sealed with it meanwhile. The lock is on the
 * folder, because the file itself is replaced. ERR_INVALID, with the reason in
 * *refused*, if another process holds it.
 */
MUST_USE enum err secret_hold(
	struct arena *arena, const char *path, int *held, const char **refused);

/*
 * Adds a new current key; the previous one is retired at *now_s*. Drops keys
 * that were retired before *keep_s*, and the oldest if there would be more than
 * SECRET_KEYS_MAX. Replaces the file whole. ERR_INVALID, with the reason in
 * *refused*. Call it while holding the file.
 */
MUST_USE enum err secret_rotate(struct arena *arena, const char *path,
	int64_t now_s, int64_t keep_s, const char **refused);

/* Whether this key still verifies tokens that live for *ttl_s*. */
bool
secret_verifies(const struct secret_key *key, int64_t now_s, int64_t ttl_s);

/* Derives a key for one purpose, which *context* names in 8 characters. It
 * reveals nothing about the secret or about the keys for other purposes. */
void secret_derive(const struct secret_key *key, const char *context,
	unsigned char out[SECRET_DERIVED_LEN]);

#endif
