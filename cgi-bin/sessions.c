/* sessions.c: /api/ai/sessions, the list of a user's conversations;
 * /api/ai/search, the search in them; /api/ai/sessions/export, all of them
 * (api/export.h); /api/ai/config; /api/ai/assistants and prompts
 * (api/assistants.h). */

#include "api/assistants.h"
#include "api/etag.h"
#include "api/export.h"
#include "api/instructions.h"
#include "api/library.h"
#include "api/program.h"
#include "api/session_change.h"
#include "api/shape.h"
#include "api/suggestions.h"
#include "base/log.h"
#include "repo/model.h"
#include "repo/search.h"
#include "repo/session.h"

#include <inttypes.h>
#include <string.h>

#define LIST_DEFAULT 20
#define LIST_MAX 100
#define DELETE_MAX 100
#define QUERY_MAX 200
#define HITS_DEFAULT 20
#define HITS_MAX 50
/* The approximate length of a session as text. */
#define SESSION_SIZE 256

static enum err
reply_session(struct response *rs, const struct session *session)
{
	struct json_writer w = response_json(rs, 200);

	shape_session(&w, session);
	return OK;
}

/* Reads a cursor, which names the last session of the previous page:
 * "<update_ms>-<id>". */
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
			"Take the cursor from the Link header of another page.");
	out->update_ms = (int64_t)update_ms;
	return OK;
}

/* Reads a query member that is "true" or "false"; *given* tells whether it is
 * there. */
static enum err
read_flag(struct request *rq, const char *name, bool *given, bool *out)
{
	const char *text;

	TRY(request_query(rq, name, &text));
	*given = text != NULL;
	*out = *given && strcmp(text, "true") == 0;
	if (*given && !*out && strcmp(text, "false") != 0)
		return request_invalid(
			rq, name, "\"%s\" is true or false.", name);
	return OK;
}

static enum err
read_filter(struct request *rq, struct session_filter *out)
{
	bool given, pinned;

	out->user_id = rq->user_id;
	TRY(read_flag(rq, "archived", &given, &out->archived));
	TRY(read_flag(rq, "pinned", &given, &pinned));
	out->pins = !given ? SESSION_ANY_PIN
			   : (pinned ? SESSION_PINNED : SESSION_NOT_PINNED);
	return OK;
}

static void
link_next(const struct request *rq, struct response *rs,
	const struct session_filter *filter, const struct session *last,
	int64_t limit)
{
	static const char *const pins[] = { [SESSION_ANY_PIN] = "",
		[SESSION_PINNED] = "&pinned=true",
		[SESSION_NOT_PINNED] = "&pinned=false" };

	response_header(rs, "Link",
		"<%s/api/ai/sessions?cursor=%" PRId64 "-%" PRIu64
		"&limit=%" PRId64 "%s%s>; rel=\"next\"",
		rq->app->conf.http.base_path, last->update_ms, last->id, limit,
		filter->archived ? "&archived=true" : "", pins[filter->pins]);
}

static bool
is_known(struct request *rq, struct response *rs,
	const struct session_page *page)
{
	struct etag etag = { 0 };

	for (unsigned i = 0; i < page->n; i++) {
		const struct session *session = &page->list[i];

		etag_add(&etag, session->id);
		etag_add(&etag, (uint64_t)session->update_ms);
		etag_add(&etag,
			(uint64_t)session->asking << 3 |
				(uint64_t)session->pinned << 2 |
				(uint64_t)session->archived << 1 |
				session->streaming);
		etag_add_text(&etag, span_of(session->title));
	}
	return etag_matches(&etag, rq, rs);
}

/* GET /api/ai/sessions?limit&cursor&archived&pinned
 * -> 200 [session], latest first, without archived ones by default | 304 | 400
 */
static enum err
list_sessions(struct request *rq, struct response *rs)
{
	struct session_filter filter;
	struct session_place place;
	struct session_page page;
	struct json_writer w;
	int64_t limit;

	TRY(request_query_int(rq, "limit", 1, LIST_MAX, LIST_DEFAULT, &limit));
	TRY(read_cursor(rq, &place));
	TRY(read_filter(rq, &filter));
	TRY(session_list(
		rq->db, rq->arena, filter, place, (unsigned)limit, &page));
	if (page.more)
		link_next(rq, rs, &filter, &page.list[page.n - 1], limit);
	if (is_known(rq, rs, &page))
		return OK;
	w = response_json(rs, 200);
	buf_reserve(&rs->body, page.n * SESSION_SIZE + 64);
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

/* PATCH /api/ai/sessions/:id {title?, pinned?, archived?, leafId?, model?,
 * options?} -> 200 session | 400 | 404 | 409; changes all of it or nothing */
static enum err
change_session(struct request *rq, struct response *rs)
{
	struct session_change change;
	struct session session;
	uint64_t id;

	TRY(request_id(rq, "id", &id));
	TRY(session_change_read(rq, &change));
	TRY(session_change(rq->db, rq->arena, rq->user_id, id, &change));
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
				"An id is a string of decimal digits as the "
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

static enum err
read_search(struct request *rq, struct span *query, unsigned *limit)
{
	const struct json *body, *json;
	const char *text;
	int64_t n;

	TRY(request_text(rq, "q", QUERY_MAX, &text));
	*query = span_of(text);
	TRY(request_json(rq, &body));
	json = json_get(body, "limit");
	n = json_kind(json) == JSON_ABSENT ? HITS_DEFAULT : json_int(json, 0);
	if (n < 1 || n > HITS_MAX)
		return request_invalid(rq, "limit",
			"\"limit\" is a whole number from 1 to %d.", HITS_MAX);
	*limit = (unsigned)n;
	return OK;
}

static enum err
find(struct request *rq, struct span query, unsigned limit,
	struct search_page *page)
{
	enum err err =
		search_find(rq->db, rq->arena, rq->user_id, query, limit, page);

	if (err == ERR_BUSY && db_timed_out(rq->db))
		return request_fail(rq, err, "search_too_broad",
			"This search takes too long. Use longer words, or "
			"more of them.");
	return err;
}

/* POST /api/ai/search {q, limit?} -> 200 [hit], latest session first | 400 |
 * 503 it takes too long, or other searches are running. It is a POST because
 * servers and browsers store addresses, which should not contain people's
 * words. */
static enum err
search(struct request *rq, struct response *rs)
{
	struct search_page page;
	struct json_writer w;
	struct span query;
	unsigned limit = 0;

	TRY(read_search(rq, &query, &limit));
	TRY(find(rq, query, limit, &page));
	w = response_json(rs, 200);
	json_open(&w, '[');
	for (unsigned i = 0; i < page.n; i++)
		shape_hit(&w, &page.list[i]);
	json_close(&w, ']');
	return OK;
}

/* The label of the default model: the configured model's name, or the first
 * default in the table, or "". */
static enum err
default_model(struct request *rq, const char **out)
{
	struct model_list models;
	const struct model_row *row;

	*out = rq->app->conf.llm.model;
	if (**out != '\0')
		return OK;
	TRY(model_list(rq->db, rq->arena, &models));
	for (size_t i = 0; i < models.n; i++) {
		row = &models.list[i];
		if (row->enabled && (**out == '\0' || row->is_default))
			*out = row->label;
	}
	return OK;
}

/* GET /api/ai/config -> 200 {model, titles, maxBodyBytes, suggestions?};
 * *suggestions* as set by the operator: a list, or lists by language. */
static enum err
get_config(struct request *rq, struct response *rs)
{
	const struct conf *conf = &rq->app->conf;
	struct json_writer w;
	const char *model;

	TRY(default_model(rq, &model));
	w = response_json(rs, 200);
	json_open(&w, '{');
	json_member_str(&w, "model", model);
	json_member_bool(&w, "titles", conf->llm.titles == CONF_ON);
	json_member_int(&w, "maxBodyBytes", conf->http.body_max);
	if (*conf->http.suggestions != '\0')
		json_member_raw(
			&w, "suggestions", span_of(conf->http.suggestions));
	json_close(&w, '}');
	return OK;
}

static const struct route routes[] = {
	{ "GET", "/api/ai/sessions", list_sessions, LOGGED_IN, LIMIT_READ,
		SMALL_BODY },
	{ "DELETE", "/api/ai/sessions", delete_sessions, LOGGED_IN, LIMIT_WRITE,
		SMALL_BODY },
	{ "GET", "/api/ai/sessions/export", export_get, LOGGED_IN, LIMIT_EXPORT,
		SMALL_BODY },
	{ "GET", "/api/ai/sessions/:id", get_session, LOGGED_IN, LIMIT_READ,
		SMALL_BODY },
	{ "PATCH", "/api/ai/sessions/:id", change_session, LOGGED_IN,
		LIMIT_WRITE, SMALL_BODY },
	{ "DELETE", "/api/ai/sessions/:id", delete_session, LOGGED_IN,
		LIMIT_WRITE, SMALL_BODY },
	{ "GET", "/api/ai/sessions/:id/instructions", instructions_get,
		LOGGED_IN, LIMIT_READ, SMALL_BODY },
	{ "PATCH", "/api/ai/sessions/:id/instructions", instructions_set,
		LOGGED_IN, LIMIT_WRITE, TEXT_BODY },
	{ "POST", "/api/ai/search", search, LOGGED_IN, LIMIT_SEARCH,
		SMALL_BODY },
	{ "GET", "/api/ai/config", get_config, LOGGED_IN, LIMIT_READ,
		SMALL_BODY },
	{ "GET", "/api/ai/assistants", assistants_list, LOGGED_IN, LIMIT_READ,
		SMALL_BODY },
	{ "POST", "/api/ai/assistants", assistants_add, LOGGED_IN, LIMIT_WRITE,
		TEXT_BODY },
	{ "GET", "/api/ai/assistants/:id", assistants_get, LOGGED_IN,
		LIMIT_READ, SMALL_BODY },
	{ "PATCH", "/api/ai/assistants/:id", assistants_change, LOGGED_IN,
		LIMIT_WRITE, TEXT_BODY },
	{ "DELETE", "/api/ai/assistants/:id", assistants_remove, LOGGED_IN,
		LIMIT_WRITE, SMALL_BODY },
	{ "GET", "/api/ai/prompts", prompts_list, LOGGED_IN, LIMIT_READ,
		SMALL_BODY },
	{ "POST", "/api/ai/prompts", prompts_add, LOGGED_IN, LIMIT_WRITE,
		LARGE_BODY },
	{ "PATCH", "/api/ai/prompts/:id", prompts_change, LOGGED_IN,
		LIMIT_WRITE, LARGE_BODY },
	{ "DELETE", "/api/ai/prompts/:id", prompts_remove, LOGGED_IN,
		LIMIT_WRITE, SMALL_BODY },
	{ "GET", "/api/ai/library", library_get, LOGGED_IN, LIMIT_EXPORT,
		SMALL_BODY },
	{ "POST", "/api/ai/library", library_add, LOGGED_IN, LIMIT_WRITE,
		LARGE_BODY },
};

static enum err
start(struct app *app)
{
	return suggestions_check(app->conf.http.suggestions);
}

int
main(void)
{
	static const struct program program = { .name = "sessions",
		.needs = PROGRAM_MAKES_IDS,
		.routes = routes,
		.n_routes = LENGTH(routes),
		.start = start };

	return program_run(&program);
}
