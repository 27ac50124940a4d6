#include "repo/invite.h"

static const char INSERT[] =
	"INSERT INTO invite (code_hash, create_time, expire_time)"
	" VALUES (?, ?, ?)";

static const char TAKE[] =
	"DELETE FROM invite WHERE code_hash = ? AND expire_time > ?";

static const char LIVE[] = "SELECT 1 FROM invite"
			   " WHERE code_hash = ? AND expire_time > ?";

static const char SWEEP[] = "DELETE FROM invite WHERE expire_time <= ?";

enum err
invite_insert(
	struct db *db, struct span hash, int64_t now_ms, int64_t expire_ms)
{
	return db_exec(
		db, INSERT, PARAMS(SPAN(hash), TIME(now_ms), TIME(expire_ms)));
}

enum err
invite_take(struct db *db, struct span hash, int64_t now_ms)
{
	uint64_t n = 0;

	TRY(db_exec_n(db, TAKE, PARAMS(SPAN(hash), TIME(now_ms)), &n));
	return n == 1 ? OK : ERR_NOT_FOUND;
}

static void
read_nothing(struct row *row, void *out)
{
	(void)row;
	(void)out;
}

enum err
invite_live(
	struct db *db, struct arena *arena, struct span hash, int64_t now_ms)
{
	return db_one(db, arena, LIVE, PARAMS(SPAN(hash), TIME(now_ms)),
		read_nothing, NULL);
}

enum err
invite_sweep(struct db *db, int64_t now_ms)
{
	return db_exec(db, SWEEP, PARAMS(TIME(now_ms)));
}
