/*
 * seal.h: secrets that lie in the database: XChaCha20-Poly1305 under a key
 * that is derived from the secret file, bound to whose and what they are (the
 * associated data), so that a row that is copied elsewhere cannot be opened
 * there. A sealed secret names its key: it is opened after a rotation, too.
 *
 *	version (1 byte: 1) | kid (8 bytes) | nonce (24) | text and tag (16)
 */

#ifndef AUTH_SEAL_H
#define AUTH_SEAL_H

#include "auth/secret.h"

#define SEAL_OVERHEAD (1 + 8 + 24 + 16)

/* *text* under the key in use, in *arena*. *about* as "totp <user id>". */
struct span seal(const struct secret_ring *ring, struct arena *arena,
	const char *about, struct span text);

/* The text again. ERR_INTERNAL: its key is gone, or it is not what was sealed
 * about that; the caller knows what it was, and says or logs it. */
MUST_USE enum err seal_open(const struct secret_ring *ring, struct arena *arena,
	const char *about, struct span sealed, struct span *out);

/* Whether it was sealed under the key in use. */
bool seal_is_current(const struct secret_ring *ring, struct span sealed);

#endif
