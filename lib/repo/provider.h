/*
 * provider.h: the table `provider`: the addresses of model providers and their
 * keys. A change must name the version of the row on which it is based
 * (setting.h).
 */

#ifndef REPO_PROVIDER_H
#define REPO_PROVIDER_H

#include "repo/setting.h"

#include <stdbool.h>

#define PROVIDERS_MAX 100
#define PROVIDER_NAME_MAX 64 /* characters */
#define PROVIDER_URL_MAX 2048 /* bytes */
#define PROVIDER_KEY_MAX 4096 /* bytes */
#define PROVIDER_HEADERS_MAX 8192 /* bytes, as JSON */
#define PROVIDER_PROXY_MAX 512 /* bytes */

struct provider_row {
	uint64_t id;
	const char *name;
	const char *kind; /* a word of llm.kind: wire_find() */
	const char *base_url; /* "": the default address of this kind */
	/* Sealed values (repo/provider_seal.h); absent: none. */
	struct span key_sealed, headers_sealed;
	const char *key_tail; /* last letters of the key; "" for none */
	const char *proxy; /* NULL: use llm.proxy; "": no proxy */
	bool enabled;
	uint32_t version;
};

/* All providers, by name. *list* may be NULL if there are none. */
struct provider_list {
	struct provider_row *list;
	size_t n;
};
MUST_USE enum err
provider_list(struct db *db, struct arena *arena, struct provider_list *out);

/* ERR_NOT_FOUND */
MUST_USE enum err provider_find(struct db *db, struct arena *arena, uint64_t id,
	struct provider_row *out);
MUST_USE enum err provider_find_name(struct db *db, struct arena *arena,
	const char *name, struct provider_row *out);

/*
 * Each function is one transaction. ERR_CONFLICT with a reason in *why*;
 * ERR_NOT_FOUND: the provider no longer exists. A change replaces the whole
 * row, if its version is still row->version. Version 0 removes the row whatever
 * its version.
 */
MUST_USE enum err provider_add(struct db *db, const struct provider_row *row,
	int64_t now_ms, enum refusal *why);
MUST_USE enum err provider_change(struct db *db, const struct provider_row *row,
	int64_t now_ms, enum refusal *why);
MUST_USE enum err provider_remove(
	struct db *db, uint64_t id, uint32_t version, enum refusal *why);

/* Replaces the sealed values of *was* by those of *row*, the same secrets under
 * another key; does nothing if the row has changed meanwhile. Call it in a
 * transaction that has raised the epoch. */
MUST_USE enum err provider_reseal(struct db *db, const struct provider_row *was,
	const struct provider_row *row);

#endif
