/* GET /api/admin/usage (admin.h). */

#include "api/admin.h"
#include "api/admin_shape.h"
#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define DAYS_DEFAULT 30
#define DAYS_MAX 366
#define ROWS_DEFAULT 50
#define ROWS_MAX 200

/* ---- the query */

static enum err
read_by(struct request *rq, enum usage_by *out)
{
	const char *text;

	*out = USAGE_BY_USER;
	TRY(request_query(rq, "by", &text));
	if (text != NULL && !admin_shape_usage_by(text, out))
		return request_invalid(
			rq, "by", "\"by\" is user, model or day.");
	return OK;
}

/* Reads a day from the query, or uses *otherwise*. */
static enum err
read_day(struct request *rq, const char *name, const char *otherwise,
	const char **out)
{
	TRY(request_query(rq, name, out));
	if (*out == NULL)
		*out = otherwise;
	if (!usage_is_day(*out))
		return request_invalid(rq, name,
			"\"%s\" is a day (UTC) like 2026-11-22.", name);
	return OK;
}

static enum err
read_days(struct request *rq, struct usage_ask *out)
{
	char first[USAGE_DAY_LEN], last[USAGE_DAY_LEN];
	int64_t now_ms = clock_wall_ms();

	usage_write_day(now_ms, last);
	TRY(read_day(
		rq, "to", arena_str(rq->arena, last, strlen(last)), &out->to));
	usage_write_day(
		usage_day_ms(out->to) - (DAYS_DEFAULT - 1) * DAY_MS, first);
	TRY(read_day(rq, "from", arena_str(rq->arena, first, strlen(first)),
		&out->from));
	if (strcmp(out->from, out->to) > 0 ||
		usage_day_ms(out->to) - usage_day_ms(out->from) >=
			DAYS_MAX * DAY_MS)
		return request_invalid(rq, "from",
			"\"from\" is at most %d days before \"to\".",
			DAYS_MAX - 1);
	return OK;
}

/* Reads "next" of the previous page: a day, or the numbers of its last row. */
static enum err
read_place(struct request *rq, struct usage_ask *out)
{
	struct usage_place *after = &out->after;
	const char *text;
	int end = 0;

	*after = USAGE_FIRST;
	TRY(request_query(rq, "after", &text));
	if (text == NULL)
		return OK;
	if (out->by == USAGE_BY_DAY && usage_is_day(text) &&
		strcmp(text, out->from) > 0) {
		out->from = text;
		return OK;
	}
	if (out->by != USAGE_BY_DAY && strlen(text) <= 64 && *text != '-' &&
		strstr(text, "--") == NULL &&
		strspn(text, "0123456789-") == strlen(text) &&
		sscanf(text, "%20" SCNu64 "-%20" SCNu64 "-%20" SCNu64 "%n",
			&after->cost, &after->tokens, &after->id, &end) == 3 &&
		text[end] == '\0')
		return OK;
	return request_invalid(rq, "after",
		"\"after\" must be the value of \"next\" from another page.");
}

/* ---- the answer */

static void
put_next(struct json_writer *w, struct arena *arena,
	const struct usage_ask *ask, const struct usage_sums *sums)
{
	char day[USAGE_DAY_LEN];
	struct usage_place place;

	json_key(w, "next");
	if (sums->n < ask->limit) {
		json_put_null(w);
		return;
	}
	if (ask->by == USAGE_BY_DAY) {
		usage_write_day(
			usage_day_ms(sums->list[sums->n - 1].name) + DAY_MS,
			day);
		json_put_str(w, day);
		return;
	}
	place = usage_place_of(&sums->list[sums->n - 1]);
	json_put_str(w,
		arena_printf(arena, "%" PRIu64 "-%" PRIu64 "-%" PRIu64,
			place.cost, place.tokens, place.id));
}

enum err
admin_usage(struct request *rq, struct response *rs)
{
	struct usage_ask ask = { 0 };
	struct usage_sums sums;
	struct json_writer w;
	int64_t limit;

	TRY(read_by(rq, &ask.by));
	TRY(read_days(rq, &ask));
	TRY(read_place(rq, &ask));
	TRY(request_query_int(rq, "limit", 1, ROWS_MAX, ROWS_DEFAULT, &limit));
	ask.limit = (unsigned)limit;
	TRY(usage_model_sums(rq->db, rq->arena, &ask, &sums));
	w = response_json(rs, 200);
	json_open(&w, '{');
	json_key(&w, "rows");
	json_open(&w, '[');
	for (unsigned i = 0; i < sums.n; i++)
		admin_shape_usage(&w, ask.by, &sums.list[i]);
	json_close(&w, ']');
	put_next(&w, rq->arena, &ask, &sums);
	json_close(&w, '}');
	return OK;
}
