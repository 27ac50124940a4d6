/*
 * budget.h: what a user may use up: messages to the model and tokens a day
 * (UTC), bytes and sessions stored. Messages are counted in the table
 * `send_day` by the transaction that stores one, which holds the row: many
 * sends at once pass one by one, and one that is rolled back was none. Tokens
 * are known when a reply has ended (`usage_day`): replies that run when the
 * last token is used up still end, and what a crash cut off is not counted.
 */

#ifndef REPO_BUDGET_H
#define REPO_BUDGET_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

/* A message counts at least so much: its row. */
#define BUDGET_ROW_BYTES 512

enum budget_kind {
	BUDGET_MESSAGES,
	BUDGET_TOKENS,
	BUDGET_BYTES,
	BUDGET_SESSIONS,
	BUDGET_N,
};

/* As its key of [limits], but for the bytes: "day_messages". */
const char *budget_word(enum budget_kind kind);

/* So much, used or at most; a bound of 0 is none. */
struct budget {
	uint64_t of[BUDGET_N];
};

/* What a send adds. */
struct budget_send {
	uint64_t user_id;
	bool new_session;
	uint64_t bytes;
	int64_t now_ms;
};

/*
 * In the transaction of a send: counts it. ERR_THROTTLED: the day's are used
 * up; ERR_FORBIDDEN: there is no room; *which* it was.
 */
MUST_USE enum err
budget_take(struct db *db, struct arena *arena, const struct budget_send *send,
	const struct budget *max, enum budget_kind *which);

/* What a user has used of each; messages only where they are counted. */
MUST_USE enum err budget_used(struct db *db, struct arena *arena,
	uint64_t user_id, int64_t now_ms, struct budget *out);

/* Until the next day begins. */
int64_t budget_wait_ms(int64_t now_ms);

/* All that is counted of a user. */
MUST_USE enum err budget_delete(struct db *db, uint64_t user_id);

#endif
