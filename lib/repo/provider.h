/*
 * provider.h: the table `provider`: where models are, and the key to them.
 * Rows are changed by those who have seen their last version (setting.h).
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
	const char *base_url; /* "": where this kind is */
	/* What is sealed (repo/provider_seal.h); absent: none. */
	struct span key_sealed, headers_sealed;
	const char *key_tail; /* the key's last letters, "" for none */
	const char *proxy; /* NULL: as llm.proxy says; "": none */
	bool enabled;
	uint32_t version;
};

/* All, by name. *list* may be NULL when there is none. */
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
 * Each a transaction. ERR_CONFLICT with a reason in *why*; ERR_NOT_FOUND: it is
 * gone. A change writes all of the row where it has row->version. Version 0 of
 * a removal: whatever it is.
 */
MUST_USE enum err provider_add(struct db *db, const struct provider_row *row,
	int64_t now_ms, enum refusal *why);
MUST_USE enum err provider_change(struct db *db, const struct provider_row *row,
	int64_t now_ms, enum refusal *why);
MUST_USE enum err provider_remove(
	struct db *db, uint64_t id, uint32_t version, enum refusal *why);

/* Puts *row's* sealed values in the place of those that *was* has, which say
 * the same under another key; nothing where they have changed meanwhile. In a
 * transaction that has raised the epoch. */
MUST_USE enum err provider_reseal(struct db *db, const struct provider_row *was,
	const struct provider_row *row);

#endif
