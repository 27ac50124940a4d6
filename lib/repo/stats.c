#include "repo/stats.h"

#include "repo/usage.h"

#include <stdlib.h>

#define DAY_MS INT64_C(86400000)

static const char USERS[] = DB_WITHIN_S(5) " COUNT(*) FROM user";

static const char LOGINS[] =
	DB_WITHIN_S(5) " COUNT(*) FROM login WHERE expire_time > NOW(3)";

static const char USE[] = DB_WITHIN_S(
	5) " COUNT(DISTINCT user_id), SUM(messages), SUM(input_tokens),"
	   " SUM(output_tokens) FROM usage_day WHERE day >= ?";

static const char SIZES[] =
	"SELECT CAST(SUM(data_length + index_length) AS SIGNED),"
	" CAST(SUM(IF(table_name = 'session', table_rows, 0)) AS SIGNED),"
	" CAST(SUM(IF(table_name = 'message', table_rows, 0)) AS SIGNED)"
	" FROM information_schema.tables WHERE table_schema = DATABASE()";

static void
read_sizes(struct row *row, void *arg)
{
	struct stats *out = arg;

	out->bytes = row_i64(row);
	out->sessions = row_i64(row);
	out->messages = row_i64(row);
}

/* SUM returns a decimal, or NULL if there are no rows. */
static int64_t
read_sum(struct row *row)
{
	const char *text = row_str(row);

	return text != NULL ? strtoll(text, NULL, 10) : 0;
}

static void
read_use(struct row *row, void *arg)
{
	struct stats_use *out = arg;

	out->users = row_i64(row);
	out->replies = read_sum(row);
	out->input_tokens = read_sum(row);
	out->output_tokens = read_sum(row);
}

static void
read_count(struct row *row, void *arg)
{
	*(int64_t *)arg = row_i64(row);
}

/* Treats a timeout as an unknown number, not as a failure. */
static enum err
forgive(const struct db *db, enum err err)
{
	return err == ERR_BUSY && db_timed_out(db) ? OK : err;
}

static enum err
count(struct db *db, const char *sql, int64_t *out)
{
	*out = STATS_UNKNOWN;
	return forgive(db, db_one(db, NULL, sql, NO_PARAMS, read_count, out));
}

static enum err
use_since(struct db *db, struct arena *arena, int64_t since_ms,
	struct stats_use *out)
{
	char day[USAGE_DAY_LEN];

	usage_write_day(since_ms, day);
	*out = (struct stats_use){ STATS_UNKNOWN, STATS_UNKNOWN, STATS_UNKNOWN,
		STATS_UNKNOWN };
	return forgive(
		db, db_one(db, arena, USE, PARAMS(STR(day)), read_use, out));
}

enum err
stats_read(
	struct db *db, struct arena *arena, int64_t now_ms, struct stats *out)
{
	TRY(count(db, USERS, &out->users));
	TRY(count(db, LOGINS, &out->logins));
	TRY(db_one(db, arena, SIZES, NO_PARAMS, read_sizes, out));
	TRY(use_since(db, arena, now_ms, &out->today));
	return use_since(db, arena, now_ms - 6 * DAY_MS, &out->week);
}
