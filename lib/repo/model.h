/*
 * model.h: the table `model`: models of providers, as people pick them. What
 * one has taught is in model_takes.h. Rows are changed by those who have seen
 * their last version (setting.h).
 */

#ifndef REPO_MODEL_H
#define REPO_MODEL_H

#include "repo/setting.h"

#include <stdbool.h>

#define MODELS_MAX 500
#define MODEL_NAME_MAX 255 /* characters, of upstream_name */
#define MODEL_LABEL_MAX 128 /* characters */
#define MODEL_TAKES_MAX 512 /* bytes */
#define MODEL_OPTIONS_MAX 16384 /* bytes */
#define MODEL_TOKENS_MAX 100000000
#define MODEL_PRICE_MAX INT64_C(1000000000000)
#define MODEL_POSITION_MAX 1000000

struct model_prices { /* -1: not known */
	int64_t input, cached, output;
};

struct model_row {
	uint64_t id, provider_id;
	const char *upstream_name, *label;
	int64_t context_tokens; /* 0: not known */
	struct span takes; /* as llm.takes, "" for nothing */
	struct span options; /* as llm.options; absent: none */
	struct span temperature; /* a JSON number; absent: none */
	int64_t max_tokens; /* 0: none */
	const char *effort; /* a word, or NULL */
	struct model_prices prices;
	uint64_t fallback_id; /* 0: none */
	int64_t position;
	bool enabled, is_default;
	uint32_t version;
};

/* All, by position and label. */
struct model_list {
	struct model_row *list;
	size_t n;
};
MUST_USE enum err
model_list(struct db *db, struct arena *arena, struct model_list *out);

/* ERR_NOT_FOUND */
MUST_USE enum err model_find(
	struct db *db, struct arena *arena, uint64_t id, struct model_row *out);

/*
 * Each a transaction. ERR_CONFLICT with a reason in *why*; ERR_NOT_FOUND: it is
 * gone. A change writes all of the row where it has row->version. Version 0 of
 * a removal: whatever it is. One that becomes the default takes that from the
 * model which was; one that is removed is nobody's fallback any more.
 */
MUST_USE enum err model_add(struct db *db, const struct model_row *row,
	int64_t now_ms, enum refusal *why);
MUST_USE enum err model_change(struct db *db, const struct model_row *row,
	int64_t now_ms, enum refusal *why);
MUST_USE enum err
model_remove(struct db *db, uint64_t id, uint32_t version, enum refusal *why);

#endif
