/*
 * model.h: the table `model`: the models of providers, as people choose them.
 * What has been learned about a model is in model_takes.h. A change must name
 * the version of the row on which it is based (setting.h).
 */

#ifndef REPO_MODEL_H
#define REPO_MODEL_H

#include "repo/setting.h"

#include <stdbool.h>

#define MODELS_MAX 500
#define MODEL_NAME_MAX 255 /* characters of upstream_name */
#define MODEL_LABEL_MAX 128 /* characters */
#define MODEL_TAKES_MAX 512 /* bytes */
#define MODEL_OPTIONS_MAX 16384 /* bytes */
#define MODEL_TOKENS_MAX 100000000
#define MODEL_PRICE_MAX INT64_C(1000000000000)
#define MODEL_POSITION_MAX 1000000

struct model_prices { /* -1: unknown */
	int64_t input, cached, output;
};

struct model_row {
	uint64_t id, provider_id;
	const char *upstream_name, *label;
	int64_t context_tokens; /* 0: unknown */
	struct span takes; /* words as in llm.takes; "" for none */
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

/* All models, by position and label. */
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
 * Each function is one transaction. ERR_CONFLICT with a reason in *why*;
 * ERR_NOT_FOUND: the model no longer exists. A change replaces the whole row,
 * if its version is still row->version. Version 0 removes the row whatever its
 * version. A model that becomes the default replaces the previous one; a
 * removed model is no longer anybody's fallback.
 */
MUST_USE enum err model_add(struct db *db, const struct model_row *row,
	int64_t now_ms, enum refusal *why);
MUST_USE enum err model_change(struct db *db, const struct model_row *row,
	int64_t now_ms, enum refusal *why);
MUST_USE enum err
model_remove(struct db *db, uint64_t id, uint32_t version, enum refusal *why);

#endif
