/* usage.h: the table `usage_day`: a user's usage per day (UTC). */

#ifndef REPO_USAGE_H
#define REPO_USAGE_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

#define USAGE_DAY_LEN sizeof("2026-11-22")

struct usage {
	char day[USAGE_DAY_LEN];
	uint64_t messages; /* replies that have ended */
	uint64_t input_tokens, output_tokens;
};

/* The day (UTC) of a time, as the tables write it. */
void usage_write_day(int64_t wall_ms, char out[USAGE_DAY_LEN]);

/* usage_is_day(): whether *text* is such a day. usage_day_ms(): its first
 * moment. */
bool usage_is_day(const char *text);
int64_t usage_day_ms(const char *day);

/* Adds *usage* to the day of *now_ms*; ignores usage->day. */
MUST_USE enum err usage_add(struct db *db, uint64_t user_id, int64_t now_ms,
	const struct usage *usage);

struct usage_days {
	struct usage *list;
	unsigned n;
};

/* Those of the last *days* days, including today, that have any usage; oldest
 * first, in *arena*. */
MUST_USE enum err
usage_list(struct db *db, struct arena *arena, uint64_t user_id, int64_t now_ms,
	unsigned days, struct usage_days *out);

/* Deletes all rows of a user. */
MUST_USE enum err usage_delete(struct db *db, uint64_t user_id);

#endif
