/*
 * budget.h: a user's budgets: messages to the model and tokens per day (UTC),
 * stored bytes and sessions. The transaction that stores a message also counts
 * it in the table `send_day`, whose row it locks, and near the end of the other
 * two budgets it locks the user's row: simultaneous sends therefore pass one by
 * one, and one that is rolled back does not count. Tokens are known
 * only when a reply has ended (`usage_day`): replies that are running when the
 * last token is used still finish, and replies cut off by a crash are not
 * counted.
 */

#ifndef REPO_BUDGET_H
#define REPO_BUDGET_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

/* The least that a message counts, because its row takes space. */
#define BUDGET_ROW_BYTES 512

enum budget_kind {
	BUDGET_MESSAGES,
	BUDGET_TOKENS,
	BUDGET_BYTES,
	BUDGET_SESSIONS,
	BUDGET_N,
};

/* The budget's key in [limits], "day_messages"; not so for the bytes. */
const char *budget_word(enum budget_kind kind);

/* Amounts used, or limits; a limit of 0 means no limit. */
struct budget {
	uint64_t of[BUDGET_N];
};

/* What one send adds. */
struct budget_send {
	uint64_t user_id;
	bool new_session;
	uint64_t bytes;
	int64_t now_ms;
};

/* Whether there is so much room that the send need not be counted: a daily
 * budget has to be, and of the others a process may give away a 64th before it
 * looks again (budget_private.h). Needs no transaction. */
MUST_USE enum err budget_is_ample(struct db *db, struct arena *arena,
	const struct budget_send *send, const struct budget *max, bool *out);

/*
 * Counts a send, in its transaction. ERR_THROTTLED: a daily budget is used up;
 * ERR_FORBIDDEN: the storage is full; *which* names the budget.
 */
MUST_USE enum err
budget_take(struct db *db, struct arena *arena, const struct budget_send *send,
	const struct budget *max, enum budget_kind *which);

/* How much of each budget a user has used; messages only if they are
 * counted. */
MUST_USE enum err budget_used(struct db *db, struct arena *arena,
	uint64_t user_id, int64_t now_ms, struct budget *out);

/* Time until the next day begins. */
int64_t budget_wait_ms(int64_t now_ms);

/* Deletes everything counted for a user. */
MUST_USE enum err budget_delete(struct db *db, uint64_t user_id);

#endif
