#include "repo/usage_model.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

static const char ADD[] =
	"INSERT INTO usage_model (day, user_id, model_id, name, replies,"
	" input_tokens, cached_tokens, output_tokens, cost)"
	" VALUES (?, ?, ?, LEFT(?, 255), ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE"
	" name = VALUES(name), replies = replies + VALUES(replies),"
	" input_tokens = input_tokens + VALUES(input_tokens),"
	" cached_tokens = cached_tokens + VALUES(cached_tokens),"
	" output_tokens = output_tokens + VALUES(output_tokens),"
	" cost = IF(VALUES(cost) IS NULL, cost,"
	" COALESCE(cost, 0) + VALUES(cost))";

static const char LIST[] =
	"SELECT CAST(day AS CHAR), model_id, name, replies, input_tokens,"
	" cached_tokens, output_tokens, cost IS NOT NULL, cost"
	" FROM usage_model WHERE user_id = ?"
	" ORDER BY day DESC, model_id DESC LIMIT ?";

static const char DELETE[] = "DELETE FROM usage_model WHERE user_id = ?";

#define SUM(column) "CAST(SUM(" column ") AS UNSIGNED) AS " column

/* In the order in which read_sum() takes them. */
#define SUMS                                                          \
	SUM("replies")                                                \
	", " SUM("input_tokens") ", " SUM("cached_tokens") ", " SUM(  \
		"output_tokens") ", " SUM("cost") " FROM usage_model" \
						  " WHERE day BETWEEN ? AND ?"
#define COLUMNS                                       \
	"s.replies, s.input_tokens, s.cached_tokens," \
	" s.output_tokens, s.cost IS NOT NULL, s.cost"
#define TOKENS "input_tokens + output_tokens"

/* In descending order. A sum without known costs counts as 0. */
#define MOST_OF(id)                                                         \
	SUMS " GROUP BY " id " HAVING (COALESCE(SUM(cost), 0), SUM(" TOKENS \
	     "), " id ") < (?, ?, ?) ORDER BY COALESCE(SUM(cost), 0) DESC," \
	     " SUM(" TOKENS ") DESC, " id " DESC LIMIT ?"
#define MOST_FIRST(id)                                          \
	" ORDER BY COALESCE(s.cost, 0) DESC, s.input_tokens + " \
	"s.output_tokens DESC, s." id " DESC"

static const char BY_USER[] =
	"SELECT s.user_id, COALESCE(u.username, u.subject), " COLUMNS
	" FROM (SELECT user_id, " MOST_OF(
		"user_id") ") s LEFT JOIN user u ON u.id = s.user_id" MOST_FIRST("user_id");

static const char BY_MODEL[] =
	"SELECT s.model_id, COALESCE(m.label, s.name), " COLUMNS
	" FROM (SELECT model_id, MAX(name) AS name, " MOST_OF(
		"model_id") ") s LEFT JOIN model m ON m.id = s.model_id" MOST_FIRST("model_id");

static const char BY_DAY[] =
	"SELECT 0, CAST(s.day AS CHAR), " COLUMNS " FROM (SELECT day, " SUMS
	" GROUP BY day ORDER BY day LIMIT ?) s ORDER BY s.day";

/* ---- counting */

enum err
usage_model_add(struct db *db, uint64_t user_id, int64_t now_ms,
	const struct usage_model *used)
{
	char day[USAGE_DAY_LEN];

	usage_write_day(now_ms, day);
	return db_later(db, ADD,
		PARAMS(STR(day), U64(user_id), U64(used->model_id),
			used->name.data != NULL ? SPAN(used->name) : STR(""),
			U64(used->replies), U64(used->input_tokens),
			U64(used->cached_tokens), U64(used->output_tokens),
			used->cost >= 0 ? I64(used->cost) : NULL_PARAM));
}

enum err
usage_model_delete(struct db *db, uint64_t user_id)
{
	return db_exec(db, DELETE, PARAMS(U64(user_id)));
}

/* ---- the usage of one user */

static void
read_used(struct row *row, struct usage_model *used)
{
	bool known;

	used->replies = row_u64(row);
	used->input_tokens = row_u64(row);
	used->cached_tokens = row_u64(row);
	used->output_tokens = row_u64(row);
	known = row_u64(row) != 0;
	used->cost = row_i64(row);
	if (!known)
		used->cost = USAGE_COST_UNKNOWN;
}

struct listing {
	struct usage_model_day *list;
	size_t n, cap;
};

static enum err
add_day(struct row *row, void *arg)
{
	struct listing *listing = arg;
	struct usage_model_day *day;

	if (listing->n == listing->cap) {
		listing->cap = MAX(2 * listing->cap, (size_t)64);
		listing->list = mem_realloc(
			listing->list, listing->cap * sizeof(*listing->list));
	}
	day = &listing->list[listing->n++];
	*day = (struct usage_model_day){ 0 };
	snprintf(day->day, sizeof(day->day), "%s", row_str(row));
	day->used.model_id = row_u64(row);
	day->used.name = row_span(row);
	read_used(row, &day->used);
	return OK;
}

enum err
usage_model_list(struct db *db, struct arena *arena, uint64_t user_id,
	size_t limit, struct usage_model_days *out)
{
	struct listing listing = { 0 };
	enum err err = db_each(db, arena, LIST,
		PARAMS(U64(user_id), U64(limit)), add_day, &listing);

	out->n = listing.n;
	out->list = arena_alloc(arena, (listing.n + 1) * sizeof(*out->list));
	for (size_t i = 0; i < listing.n; i++)
		out->list[listing.n - 1 - i] = listing.list[i];
	free(listing.list);
	return err;
}

/* ---- sums, for administrators */

static enum err
add_sum(struct row *row, void *arg)
{
	struct usage_sums *sums = arg;
	struct usage_sum *sum = &sums->list[sums->n++];

	sum->id = row_u64(row);
	sum->name = row_str(row);
	read_used(row, &sum->used);
	return OK;
}

enum err
usage_model_sums(struct db *db, struct arena *arena,
	const struct usage_ask *ask, struct usage_sums *out)
{
	const struct usage_place *after = &ask->after;

	*out = (struct usage_sums){ .list = arena_alloc(arena,
					    ask->limit * sizeof(*out->list)) };
	if (ask->by == USAGE_BY_DAY)
		return db_each(db, arena, BY_DAY,
			PARAMS(STR(ask->from), STR(ask->to), U64(ask->limit)),
			add_sum, out);
	return db_each(db, arena, ask->by == USAGE_BY_USER ? BY_USER : BY_MODEL,
		PARAMS(STR(ask->from), STR(ask->to), U64(after->cost),
			U64(after->tokens), U64(after->id), U64(ask->limit)),
		add_sum, out);
}

struct usage_place
usage_place_of(const struct usage_sum *sum)
{
	const struct usage_model *used = &sum->used;

	return (struct usage_place){ (uint64_t)MAX(used->cost, INT64_C(0)),
		used->input_tokens + used->output_tokens, sum->id };
}
