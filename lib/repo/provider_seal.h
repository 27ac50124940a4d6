/*
 * provider_seal.h: the secrets of a provider: its key, and its headers, which
 * may contain another key. They are sealed for their own row (auth/seal.h).
 */

#ifndef REPO_PROVIDER_SEAL_H
#define REPO_PROVIDER_SEAL_H

#include "auth/secret.h"
#include "repo/provider.h"

struct provider_secrets {
	struct span key; /* absent: none */
	struct span headers; /* a JSON object of strings; absent: none */
};

/* Opens the secrets of the row, in *arena*. ERR_INTERNAL: they were sealed with
 * a key that is not in the secret file, or for another row. */
MUST_USE enum err
provider_open(const struct secret_ring *ring, struct arena *arena,
	const struct provider_row *row, struct provider_secrets *out);

/* For a row that cannot be opened: whether a new *key* and new *headers*, as
 * given, replace everything sealed. */
bool
provider_seal_covers(const struct provider_row *row, bool key, bool headers);

/* Seals the secrets into the row, which must have its id, and stores the key's
 * last letters. */
void provider_seal(const struct secret_ring *ring, struct arena *arena,
	const struct provider_secrets *secrets, struct provider_row *row);

/* The refusal for a provider whose secrets were sealed with a lost file, while
 * the current file is the right one. */
#define PROVIDER_SEAL_LOST                                          \
	"The key or the headers of this provider cannot be opened " \
	"any more. Give both again"

/* Seals all secrets again under the current key, in one transaction. A
 * secret that cannot be opened remains unchanged and is reported by
 * lost(arg, name). */
MUST_USE enum err provider_seal_anew(struct db *db, struct arena *arena,
	const struct secret_ring *ring,
	void (*lost)(void *arg, const char *name), void *arg);

#endif
