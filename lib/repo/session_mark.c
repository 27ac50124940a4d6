/* Keeps the mark `streaming` of a session (enum session_activity), which
 * session.c sets when it inserts a row. No other file changes it. */

#include "repo/session.h"

static const char TOUCH[] = "UPDATE session SET update_time = ?, streaming = ?,"
			    " bytes = GREATEST(bytes + ?, 0) WHERE id = ?";

/* A call can wait for its answer only at the end of the shown path: further up,
 * the conversation continued without it. */
#define MARK                                                                  \
	"CASE WHEN EXISTS (SELECT 1 FROM message r"                           \
	" WHERE r.streaming_session = session.id) THEN ?"                     \
	" WHEN (SELECT m.asks FROM message m WHERE m.session_id = session.id" \
	" AND m.active ORDER BY m.id DESC LIMIT 1) THEN ? ELSE ? END"

static const char SETTLE[] =
	"UPDATE session SET update_time = COALESCE(?, update_time),"
	" streaming = " MARK ", bytes = GREATEST(bytes + ?, 0) WHERE id = ?";

static const char HOLD[] = "SELECT id FROM session WHERE id = ? FOR UPDATE";

static const char TRY_HOLD[] = "SELECT id FROM session WHERE id = ?"
			       " FOR UPDATE SKIP LOCKED";

enum err
session_touch(struct db *db, uint64_t id, int64_t now_ms, int64_t grown)
{
	return db_later(db, TOUCH,
		PARAMS(TIME(now_ms), U64(SESSION_STREAMING), I64(grown),
			U64(id)));
}

enum err
session_settle(struct db *db, uint64_t id, int64_t now_ms, int64_t grown)
{
	return db_later(db, SETTLE,
		PARAMS(now_ms != 0 ? TIME(now_ms) : NULL_PARAM,
			U64(SESSION_STREAMING), U64(SESSION_ASKING),
			U64(SESSION_IDLE), I64(grown), U64(id)));
}

enum err
session_hold(struct db *db, uint64_t id)
{
	return db_later(db, HOLD, PARAMS(U64(id)));
}

enum err
session_try_hold(struct db *db, struct arena *arena, uint64_t id)
{
	uint64_t found, user_id;
	enum err err = db_one(
		db, arena, TRY_HOLD, PARAMS(U64(id)), row_read_u64, &found);

	if (err != ERR_NOT_FOUND)
		return err;
	err = session_owner(db, arena, id, &user_id);
	if (err == OK)
		return ERR_NOT_FOUND;
	return err == ERR_NOT_FOUND ? OK : err;
}
