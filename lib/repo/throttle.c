#include "repo/throttle.h"

/* Assignments run from left to right: failures looks at the old reset_time. */
static const char COUNT[] =
	"INSERT INTO throttle (bucket, failures, reset_time) VALUES (?, 1, ?)"
	" ON DUPLICATE KEY UPDATE"
	" failures = IF(reset_time <= ?, 1, failures + 1),"
	" reset_time = IF(reset_time <= ?, VALUES(reset_time), reset_time)";

static const char FIND[] =
	"SELECT failures, reset_time FROM throttle WHERE bucket = ?";

static const char UNDO[] = "UPDATE throttle SET failures = failures - 1"
			   " WHERE bucket = ? AND failures > 0";

static const char CLEAR[] = "DELETE FROM throttle WHERE bucket = ?";

static const char SWEEP[] =
	"DELETE FROM throttle WHERE reset_time <= ? LIMIT 100";

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
throttle_try(struct db *db, struct arena *arena,
	const struct throttle *throttle, int64_t now_ms, int64_t *wait_ms)
{
	struct count count;
	enum err err;

	TRY(db_exec(db, COUNT,
		PARAMS(SPAN(throttle->bucket),
			TIME(now_ms + throttle->window_ms), TIME(now_ms),
			TIME(now_ms))));
	err = db_one(db, arena, FIND, PARAMS(SPAN(throttle->bucket)),
		read_count, &count);
	if (err == ERR_NOT_FOUND) /* cleared in between */
		return OK;
	TRY(err);
	*wait_ms = count.reset_ms - now_ms;
	return count.failures > throttle->limit ? ERR_THROTTLED : OK;
}

enum err
throttle_undo(struct db *db, struct span bucket)
{
	return db_exec(db, UNDO, PARAMS(SPAN(bucket)));
}

enum err
throttle_clear(struct db *db, struct span bucket)
{
	return db_exec(db, CLEAR, PARAMS(SPAN(bucket)));
}

enum err
throttle_sweep(struct db *db, int64_t now_ms)
{
	return db_exec(db, SWEEP, PARAMS(TIME(now_ms)));
}
