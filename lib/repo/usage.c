#include "repo/usage.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY_MS INT64_C(86400000)

static const char ADD[] =
	"INSERT INTO usage_day"
	" (user_id, day, messages, input_tokens, output_tokens)"
	" VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE"
	" messages = messages + VALUES(messages),"
	" input_tokens = input_tokens + VALUES(input_tokens),"
	" output_tokens = output_tokens + VALUES(output_tokens)";

static const char LIST[] =
	"SELECT CAST(day AS CHAR), messages, input_tokens, output_tokens"
	" FROM usage_day WHERE user_id = ? AND day BETWEEN ? AND ?"
	" ORDER BY day";

static const char DELETE[] = "DELETE FROM usage_day WHERE user_id = ?";

void
usage_write_day(int64_t wall_ms, char out[USAGE_DAY_LEN])
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(out, USAGE_DAY_LEN, "%Y-%m-%d", &tm);
}

int64_t
usage_day_ms(const char *day)
{
	struct tm tm = { 0 };

	if (strptime(day, "%Y-%m-%d", &tm) == NULL)
		return 0;
	return (int64_t)timegm(&tm) * 1000;
}

/* The date must read the same when written again: this excludes a 30th of
 * February and any other form. */
bool
usage_is_day(const char *text)
{
	char again[USAGE_DAY_LEN];

	if (strlen(text) != sizeof(again) - 1)
		return false;
	usage_write_day(usage_day_ms(text), again);
	return strcmp(again, text) == 0 && strcmp(text, "1970-01-01") >= 0;
}

enum err
usage_add(struct db *db, uint64_t user_id, int64_t now_ms,
	const struct usage *usage)
{
	char day[USAGE_DAY_LEN];

	usage_write_day(now_ms, day);
	return db_later(db, ADD,
		PARAMS(U64(user_id), STR(day), U64(usage->messages),
			U64(usage->input_tokens), U64(usage->output_tokens)));
}

static enum err
add_day(struct row *row, void *arg)
{
	struct usage_days *days = arg;
	struct usage *usage = &days->list[days->n++];

	snprintf(usage->day, sizeof(usage->day), "%s", row_str(row));
	usage->messages = row_u64(row);
	usage->input_tokens = row_u64(row);
	usage->output_tokens = row_u64(row);
	return OK;
}

enum err
usage_list(struct db *db, struct arena *arena, uint64_t user_id, int64_t now_ms,
	unsigned days, struct usage_days *out)
{
	char first[USAGE_DAY_LEN], last[USAGE_DAY_LEN];

	usage_write_day(now_ms - (int64_t)(days - 1) * DAY_MS, first);
	usage_write_day(now_ms, last);
	*out = (struct usage_days){ .list = arena_alloc(
					    arena, days * sizeof(*out->list)) };
	return db_each(db, arena, LIST,
		PARAMS(U64(user_id), STR(first), STR(last)), add_day, out);
}

enum err
usage_delete(struct db *db, uint64_t user_id)
{
	return db_exec(db, DELETE, PARAMS(U64(user_id)));
}
