/* sessions.c: /api/ai/sessions, the list of a user's conversations. */

#include "api/app.h"
#include "api/shape.h"
#include "base/log.h"
#include "repo/session.h"

#include <inttypes.h>
#include <string.h>

#define LIST_DEFAULT 20
#define LIST_MAX 100
#define DELETE_MAX 100

static enum err
reply_session(struct response *rs, const struct session *session)
{
	struct json_writer w = response_json(rs, 200);

	shape_session(&w, session);
	return OK;
}

/* A cursor is the last session of the page before: "<update_ms>-<id>". */
static enum err
read_cursor(struct request *rq, struct session_place *out)
{
	const char *text, *dash;
	uint64_t update_ms;

	*out = SESSION_LIST_START;
	TRY(request_query(rq, "cursor", &text));
	if (text == NULL)
		return OK;
	dash = strchrnul(text, '-');
	if (*dash != '-' || id_parse(span_of(dash + 1), &out->id) != OK ||
		id_parse((struct span){ text, (size_t)(dash - text) },
			&update_ms) != OK ||
		update_ms > (uint64_t)out->update_ms)
		return request_invalid(rq, "cursor",
			"A cursor comes from the Link of another page.");
	out->update_ms = (int64_t)update_ms;
	return OK;
}

static void
link_next(const struct request *rq, struct response *rs,
	const struct session *last, int64_t limit)
{
	response_header(rs, "Link",
		"<%s/api/ai/sessions?cursor=%" PRId64 "-%" PRIu64
		"&limit=%" PRId64 ">; rel=\"next\"",
		rq->app->conf.http.base_path, last->update_ms, last->id, limit);
}

/* GET /api/ai/sessions?limit&cursor -> 200 [session], latest first | 400 */
static enum err
list_sessions(struct request *rq, struct response *rs)
{
	struct session_place place;
	struct session_page page;
	struct json_writer w;
	int64_t limit;

	TRY(request_query_int(rq, "limit", 1, LIST_MAX, LIST_DEFAULT, &limit));
	TRY(read_cursor(rq, &place));
	TRY(session_list(
		rq->db, rq->arena, rq->user_id, place, (unsigned)limit, &page));
	if (page.more)
		link_next(rq, rs, &page.list[page.n - 1], limit);
	w = response_json(rs, 200);
	json_open(&w, '[');
	for (unsigned i = 0; i < page.n; i++)
		shape_session(&w, &page.list[i]);
	json_close(&w, ']');
	return OK;
}

/* GET /api/ai/sessions/:id -> 200 session | 400 | 404 */
static enum err
get_session(struct request *rq, struct response *rs)
{
	struct session session;
	uint64_t id;

	TRY(request_id(rq, "id", &id));
	TRY(session_find(rq->db, rq->arena, rq->user_id, id, &session));
	return reply_session(rs, &session);
}

/* PATCH /api/ai/sessions/:id {"title"} -> 200 session | 400 | 404 */
static enum err
rename_session(struct request *rq, struct response *rs)
{
	struct session session;
	const char *title;
	uint64_t id;

	TRY(request_id(rq, "id", &id));
	TRY(request_text(rq, "title", SESSION_TITLE_MAX, &title));
	TRY(session_rename(rq->db, rq->user_id, id, title));
	TRY(session_find(rq->db, rq->arena, rq->user_id, id, &session));
	return reply_session(rs, &session);
}

static enum err
delete_and_tell(
	struct request *rq, struct response *rs, uint64_t *ids, unsigned n)
{
	TRY(session_delete(rq->db, rq->arena, rq->user_id, ids, n));
	for (unsigned i = 0; i < n; i++)
		log_info("session_deleted", "user=%" PRIu64 " session=%" PRIu64,
			rq->user_id, ids[i]);
	return response_empty(rs);
}

/* DELETE /api/ai/sessions/:id -> 204 | 400 | 404 */
static enum err
delete_session(struct request *rq, struct response *rs)
{
	uint64_t id;

	TRY(request_id(rq, "id", &id));
	return delete_and_tell(rq, rs, &id, 1);
}

static enum err
read_ids(struct request *rq, uint64_t ids[DELETE_MAX], unsigned *n)
{
	const struct json *body, *list;

	TRY(request_json(rq, &body));
	list = json_get(body, "sessionIds");
	if (json_kind(list) != JSON_ARRAY || json_length(list) == 0 ||
		json_length(list) > DELETE_MAX)
		return request_invalid(rq, "sessionIds",
			"\"sessionIds\" is an array of 1 to %d ids.",
			DELETE_MAX);
	for (; *n < json_length(list); ++*n)
		if (id_parse(json_text(json_at(list, *n)), &ids[*n]) != OK)
			return request_invalid(rq, "sessionIds",
				"An id is a text of decimal digits as the "
				"server gave it.");
	return OK;
}

/* DELETE /api/ai/sessions {"sessionIds"} -> 204 | 400 | 404, all or none */
static enum err
delete_sessions(struct request *rq, struct response *rs)
{
	uint64_t ids[DELETE_MAX];
	unsigned n = 0;

	TRY(read_ids(rq, ids, &n));
	return delete_and_tell(rq, rs, ids, n);
}

static const struct route routes[] = {
	{ "GET", "/api/ai/sessions", list_sessions, SIGNED_IN },
	{ "DELETE", "/api/ai/sessions", delete_sessions, SIGNED_IN },
	{ "GET", "/api/ai/sessions/:id", get_session, SIGNED_IN },
	{ "PATCH", "/api/ai/sessions/:id", rename_session, SIGNED_IN },
	{ "DELETE", "/api/ai/sessions/:id", delete_session, SIGNED_IN },
};

int
main(void)
{
	return app_serve("sessions", APP_READS, routes, LENGTH(routes));
}
