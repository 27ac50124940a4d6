/*
 * usage_model.h: the table `usage_model`: a user's usage of a model per day
 * (UTC), and its cost. One row per user, model and day, however many requests
 * there are.
 */

#ifndef REPO_USAGE_MODEL_H
#define REPO_USAGE_MODEL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"
#include "repo/usage.h"

#include <stddef.h>
#include <stdint.h>

#define USAGE_COST_UNKNOWN (-1)

struct usage_model {
	uint64_t model_id; /* 0: the model of the settings */
	/* The provider's name for it, valid UTF-8; stored cut to 255
	 * characters. */
	struct span name;
	uint64_t replies;
	uint64_t input_tokens, cached_tokens, output_tokens;
	int64_t cost; /* in millionths, or USAGE_COST_UNKNOWN */
};

/* Adds to the day of *now_ms*, in a transaction of the caller. */
MUST_USE enum err usage_model_add(struct db *db, uint64_t user_id,
	int64_t now_ms, const struct usage_model *used);

/* The usage of one model by one user on one day. */
struct usage_model_day {
	char day[USAGE_DAY_LEN];
	struct usage_model used;
};
struct usage_model_days {
	struct usage_model_day *list;
	size_t n;
};

/* The user's latest *limit* entries, oldest first, in *arena*. */
MUST_USE enum err usage_model_list(struct db *db, struct arena *arena,
	uint64_t user_id, size_t limit, struct usage_model_days *out);

/* Deletes all rows of a user. */
MUST_USE enum err usage_model_delete(struct db *db, uint64_t user_id);

/* ---- sums, for administrators */

enum usage_by { USAGE_BY_USER, USAGE_BY_MODEL, USAGE_BY_DAY, USAGE_BY_N };

/* The start of a page of users or models: after the entry with these
 * numbers. */
struct usage_place {
	uint64_t cost, tokens, id;
};
#define USAGE_FIRST ((struct usage_place){ INT64_MAX, INT64_MAX, UINT64_MAX })

struct usage_ask {
	enum usage_by by;
	const char *from, *to; /* days, both inclusive */
	/* By day, *from* is the start of the page instead. */
	struct usage_place after;
	unsigned limit;
};

struct usage_sum {
	uint64_t id; /* id of the user or model */
	/* The user's name, NULL if the account was deleted; the model's label;
	 * or the day. */
	const char *name;
	struct usage_model used; /* without id and name */
};

struct usage_sums {
	struct usage_sum *list;
	unsigned n;
};

/* Users and models in descending order of cost, then of tokens; days in
 * ascending order. At most *limit* entries, in *arena*. */
MUST_USE enum err usage_model_sums(struct db *db, struct arena *arena,
	const struct usage_ask *ask, struct usage_sums *out);

/* The place after which the next page begins. */
struct usage_place usage_place_of(const struct usage_sum *sum);

#endif
