/*
 * provider_seal.h: what of a provider is secret: its key, and its headers, as
 * one of them may hold another. It is sealed for its own row (auth/seal.h).
 */

#ifndef REPO_PROVIDER_SEAL_H
#define REPO_PROVIDER_SEAL_H

#include "auth/secret.h"
#include "repo/provider.h"

struct provider_secrets {
	struct span key; /* absent: none */
	struct span headers; /* a JSON object of strings; absent: none */
};

/* What the row holds, in *arena*. ERR_INTERNAL: it was sealed with a key that
 * the secret file does not have, or is not this row's. */
MUST_USE enum err
provider_open(const struct secret_ring *ring, struct arena *arena,
	const struct provider_row *row, struct provider_secrets *out);

/* Of a row that cannot be opened: whether what is given, a *key* and *headers*,
 * takes the place of all that is sealed. */
bool
provider_seal_covers(const struct provider_row *row, bool key, bool headers);

/* Puts them into the row, which has its id, and the key's last letters. */
void provider_seal(const struct secret_ring *ring, struct arena *arena,
	const struct provider_secrets *secrets, struct provider_row *row);

/* Of a provider, where the file is the right one: what was sealed with one that
 * is lost. */
#define PROVIDER_SEAL_LOST                                          \
	"The key or the headers of this provider cannot be opened " \
	"any more. Give both again"

/* All that is sealed, under the key in use, in one transaction. What cannot be
 * opened stays as it is, and lost(arg, name) tells of it. */
MUST_USE enum err provider_seal_anew(struct db *db, struct arena *arena,
	const struct secret_ring *ring,
	void (*lost)(void *arg, const char *name), void *arg);

#endif
