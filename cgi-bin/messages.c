/* messages.c: /api/ai/sessions/:id/messages, the history of a conversation. */

#include "api/app.h"
#include "api/shape.h"
#include "repo/history.h"
#include "repo/session.h"

#include <inttypes.h>

#define PAGE_DEFAULT 50
#define PAGE_MAX 200

/* The id that the page ends before, 0 for the newest page. */
static enum err
read_before(struct request *rq, uint64_t *out)
{
	const char *text;

	*out = 0;
	TRY(request_query(rq, "before", &text));
	if (text != NULL && id_parse(span_of(text), out) != OK)
		return request_invalid(
			rq, "before", "\"before\" is the id of a message.");
	return OK;
}

static void
link_prev(const struct request *rq, struct response *rs, uint64_t session_id,
	uint64_t first_id, int64_t limit)
{
	response_header(rs, "Link",
		"<%s/api/ai/sessions/%" PRIu64 "/messages?before=%" PRIu64
		"&limit=%" PRId64 ">; rel=\"prev\"",
		rq->app->conf.http.base_path, session_id, first_id, limit);
}

/* GET /api/ai/sessions/:id/messages?limit&before -> 200 [message] | 400 | 404
 * Oldest first. A page of large messages has fewer than *limit*; that there
 * are more says Link alone. */
static enum err
list_messages(struct request *rq, struct response *rs)
{
	struct history history;
	struct session session;
	struct json_writer w;
	uint64_t id, before;
	int64_t limit;

	TRY(request_id(rq, "id", &id));
	TRY(request_query_int(rq, "limit", 1, PAGE_MAX, PAGE_DEFAULT, &limit));
	TRY(read_before(rq, &before));
	TRY(session_find(rq->db, rq->arena, rq->user_id, id, &session));
	TRY(history_page(rq->db, rq->arena, rq->user_id, id, before,
		(unsigned)limit, &history));
	if (history.more)
		link_prev(rq, rs, id, history.list[0].id, limit);
	w = response_json(rs, 200);
	json_open(&w, '[');
	for (unsigned i = 0; i < history.n; i++)
		TRY(shape_message(&w, rq->arena, &history.list[i]));
	json_close(&w, ']');
	return OK;
}

static const struct route routes[] = {
	{ "GET", "/api/ai/sessions/:id/messages", list_messages, SIGNED_IN },
};

int
main(void)
{
	return app_serve("messages", APP_READS, routes, LENGTH(routes));
}
