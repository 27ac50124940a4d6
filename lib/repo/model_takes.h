/*
 * model_takes.h: the table `model_takes`: what has been learned about a model.
 */

#ifndef REPO_MODEL_TAKES_H
#define REPO_MODEL_TAKES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdint.h>

struct model_takes {
	struct span key; /* identifies the row; any length */
	const char *name;
	struct span takes; /* words (wire/takes.h) */
	int64_t context_tokens, bytes_100; /* 0: unknown */
	/* Servers change, so a refused feature is tried again some day: after
	 * this time only bytes_100 of the row is used. 0: never expires. */
	int64_t forget_ms;
};

/* What is known at *now_ms*; *out* keeps its key and name. If nothing is known,
 * it returns OK with takes "" and numbers 0. */
MUST_USE enum err model_takes_find(struct db *db, struct arena *arena,
	int64_t now_ms, struct model_takes *out);

/* The same in a transaction that will write the row; waits for others that
 * do. */
MUST_USE enum err model_takes_lock(struct db *db, struct arena *arena,
	int64_t now_ms, struct model_takes *out);

MUST_USE enum err
model_takes_put(struct db *db, int64_t now_ms, const struct model_takes *model);

#endif
