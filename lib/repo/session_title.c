#include "repo/session_title.h"

#include "repo/search.h"
#include "repo/worker.h"

static const char CLAIM[] =
	"UPDATE session SET title_tries = title_tries - 1, title_until = ?"
	" WHERE id = ? AND user_id = ? AND title_tries > 0"
	" AND (title_until IS NULL OR title_until < ?)";

static const char PUT[] = "UPDATE session SET title = ?, title_tries = 0,"
			  " title_until = NULL"
			  " WHERE id = ? AND title_until = ?";

static const char RELEASE[] = "UPDATE session SET title_until = NULL"
			      " WHERE id = ? AND title_until = ?";

enum err
session_title_claim(struct db *db, uint64_t user_id, uint64_t id,
	int64_t for_ms, int64_t *until_ms, bool *claimed)
{
	int64_t now_ms;
	uint64_t n;

	TRY(worker_clock(db, &now_ms));
	*until_ms = now_ms + for_ms;
	TRY(db_exec_n(db, CLAIM,
		PARAMS(TIME(*until_ms), U64(id), U64(user_id), TIME(now_ms)),
		&n));
	*claimed = n > 0;
	return OK;
}

enum err
session_title_put(
	struct db *db, uint64_t id, int64_t until_ms, struct span title)
{
	uint64_t n;

	TRY(db_exec_n(
		db, PUT, PARAMS(SPAN(title), U64(id), TIME(until_ms)), &n));
	return n > 0 ? search_note(db, id, SEARCH_TITLE) : OK;
}

enum err
session_title_release(struct db *db, uint64_t id, int64_t until_ms)
{
	return db_exec(db, RELEASE, PARAMS(U64(id), TIME(until_ms)));
}
