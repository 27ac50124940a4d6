/*
 * seal.h: encrypts secrets stored in the database: XChaCha20-Poly1305 under a
 * key derived from the secret file. The associated data bind a secret to its
 * owner and purpose, so that it cannot be opened after being copied to another
 * row. A sealed secret names its key, so it can be opened after a rotation,
 * too.
 *
 *	version (1 byte: 1) | kid (8 bytes) | nonce (24) | text and tag (16)
 */

#ifndef AUTH_SEAL_H
#define AUTH_SEAL_H

#include "auth/secret.h"

#define SEAL_OVERHEAD (1 + 8 + 24 + 16)

/* Seals *text* under the current key, in *arena*. *about* is, for example,
 * "totp <user id>". */
struct span seal(const struct secret_ring *ring, struct arena *arena,
	const char *about, struct span text);

/* Opens a sealed secret. ERR_INTERNAL if its key no longer exists, or if it was
 * not sealed with this *about*; not logged, because only the caller knows what
 * the secret was. */
MUST_USE enum err seal_open(const struct secret_ring *ring, struct arena *arena,
	const char *about, struct span sealed, struct span *out);

/* Whether the secret was sealed under the current key. */
bool seal_is_current(const struct secret_ring *ring, struct span sealed);

#endif
