#include "repo/throttle.h"

/* Assignments run from left to right, so failures uses the old reset_time. */
static const char COUNT[] =
	"INSERT INTO throttle (bucket, failures, reset_time) VALUES (?, 1, ?)"
	" ON DUPLICATE KEY UPDATE"
	" failures = IF(reset_time <= ?, 1, failures + 1),"
	" reset_time = IF(reset_time <= ?, VALUES(reset_time), reset_time)";

static const char FIRST[] =
	"INSERT IGNORE INTO throttle (bucket, failures, reset_time)"
	" VALUES (?, 1, ?)";

static const char TAKE[] =
	"UPDATE throttle SET failures = IF(reset_time <= ?, 1, failures + 1),"
	" reset_time = IF(reset_time <= ?, ?, reset_time)"
	" WHERE bucket = ? AND (reset_time <= ? OR failures < ?)";

static const char FIND[] =
	"SELECT failures, reset_time FROM throttle WHERE bucket = ?";

static const char UNCOUNT[] = "UPDATE throttle SET failures = failures - 1"
			      " WHERE bucket = ? AND failures > 0";

static const char CLEAR[] = "DELETE FROM throttle WHERE bucket = ?";

static const char SWEEP[] =
	"DELETE FROM throttle WHERE reset_time <= ? LIMIT 1000";

struct count {
	uint64_t failures;
	int64_t reset_ms;
};

static void
read_count(struct row *row, void *out)
{
	struct count *count = out;

	count->failures = row_u64(row);
	count->reset_ms = row_time(row);
}

enum err
throttle_look(struct db *db, struct arena *arena,
	const struct throttle *throttle, int64_t now_ms, int64_t *wait_ms)
{
	struct count count;
	enum err err = db_one(db, arena, FIND, PARAMS(SPAN(throttle->bucket)),
		read_count, &count);

	if (err == ERR_NOT_FOUND)
		return OK;
	TRY(err);
	*wait_ms = count.reset_ms - now_ms;
	return *wait_ms > 0 && count.failures >= throttle->limit ? ERR_THROTTLED
								 : OK;
}

enum err
throttle_count(struct db *db, const struct throttle *throttle, int64_t now_ms)
{
	return db_exec(db, COUNT,
		PARAMS(SPAN(throttle->bucket),
			TIME(now_ms + throttle->window_ms), TIME(now_ms),
			TIME(now_ms)));
}

enum err
throttle_take(struct db *db, const struct throttle *throttle, int64_t now_ms)
{
	int64_t reset_ms = now_ms + throttle->window_ms;
	uint64_t n;

	TRY(db_exec_n(
		db, FIRST, PARAMS(SPAN(throttle->bucket), TIME(reset_ms)), &n));
	if (n > 0)
		return OK;
	TRY(db_exec_n(db, TAKE,
		PARAMS(TIME(now_ms), TIME(now_ms), TIME(reset_ms),
			SPAN(throttle->bucket), TIME(now_ms),
			U64(throttle->limit)),
		&n));
	return n > 0 ? OK : ERR_THROTTLED;
}

enum err
throttle_uncount(struct db *db, struct span bucket)
{
	return db_exec(db, UNCOUNT, PARAMS(SPAN(bucket)));
}

enum err
throttle_clear(struct db *db, struct span bucket)
{
	return db_exec(db, CLEAR, PARAMS(SPAN(bucket)));
}

enum err
throttle_sweep(struct db *db, int64_t now_ms, uint64_t *n)
{
	return db_exec_n(db, SWEEP, PARAMS(TIME(now_ms)), n);
}
