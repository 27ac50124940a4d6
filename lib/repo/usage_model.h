/*
 * usage_model.h: the table `usage_model`: what a user has used of a model on a
 * day (UTC), and what it has cost. A row for each of these, whatever is asked.
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
	uint64_t model_id; /* 0: the one of the settings */
	struct span
		name; /* what its provider calls it; valid UTF-8, cut here */
	uint64_t replies;
	uint64_t input_tokens, cached_tokens, output_tokens;
	int64_t cost; /* in millionths, or USAGE_COST_UNKNOWN */
};

/* Adds to the day of *now_ms*, in a transaction. */
MUST_USE enum err usage_model_add(struct db *db, uint64_t user_id,
	int64_t now_ms, const struct usage_model *used);

/* What the user has used of which model on which day. */
struct usage_model_day {
	char day[USAGE_DAY_LEN];
	struct usage_model used;
};
struct usage_model_days {
	struct usage_model_day *list;
	size_t n;
};

/* The user's latest *limit* of these, oldest first, in *arena*. */
MUST_USE enum err usage_model_list(struct db *db, struct arena *arena,
	uint64_t user_id, size_t limit, struct usage_model_days *out);

/* All of a user's. */
MUST_USE enum err usage_model_delete(struct db *db, uint64_t user_id);

/* ---- sums, for administrators */

enum usage_by { USAGE_BY_USER, USAGE_BY_MODEL, USAGE_BY_DAY, USAGE_BY_N };

/* Where a page of users or models begins: behind these numbers. */
struct usage_place {
	uint64_t cost, tokens, id;
};
#define USAGE_FIRST ((struct usage_place){ INT64_MAX, INT64_MAX, UINT64_MAX })

struct usage_ask {
	enum usage_by by;
	const char *from, *to; /* days, both included */
	struct usage_place after; /* but where it is by day: that is *from* */
	unsigned limit;
};

struct usage_sum {
	uint64_t id; /* of the user, or the model */
	/* The user's name, NULL when the account is gone; what people call the
	 * model; the day. */
	const char *name;
	struct usage_model used; /* without id and name */
};

struct usage_sums {
	struct usage_sum *list;
	unsigned n;
};

/* Of users and models those that cost most first, then those that read and
 * wrote most; of days the first. *limit* at most, in *arena*. */
MUST_USE enum err usage_model_sums(struct db *db, struct arena *arena,
	const struct usage_ask *ask, struct usage_sums *out);

/* Behind which the next page begins. */
struct usage_place usage_place_of(const struct usage_sum *sum);

#endif
