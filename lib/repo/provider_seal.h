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

/* What the row holds, in *arena*. ERR_INTERNAL (logged): it was sealed with a
 * key that the secret file does not have, or is not this row's. */
MUST_USE enum err
provider_open(const struct secret_ring *ring, struct arena *arena,
	const struct provider_row *row, struct provider_secrets *out);

/* Puts them into the row, which has its id, and the key's last letters. */
void provider_seal(const struct secret_ring *ring, struct arena *arena,
	const struct provider_secrets *secrets, struct provider_row *row);

#endif
