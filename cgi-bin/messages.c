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

static enum err
read_range(struct request *rq, struct message_range *out)
{
	int64_t limit;

	TRY(request_id(rq, "id", &out->session_id));
	TRY(request_query_int(rq, "limit", 1, PAGE_MAX, PAGE_DEFAULT, &limit));
	out->limit = (unsigned)limit;
	return read_before(rq, &out->before);
}

static void
link_prev(const struct request *rq, struct response *rs,
	const struct message_range *range, uint64_t first_id)
{
	response_header(rs, "Link",
		"<%s/api/ai/sessions/%" PRIu64 "/messages?before=%" PRIu64
		"&limit=%u>; rel=\"prev\"",
		rq->app->conf.http.base_path, range->session_id, first_id,
		range->limit);
}

/* GET /api/ai/sessions/:id/messages?limit&before -> 200 [message] | 400 | 404
 * Oldest first. A page of large messages has fewer than *limit*; that there
 * are more says Link alone. */
static enum err
list_messages(struct request *rq, struct response *rs)
{
	struct message_range range;
	struct history history;
	struct session session;
	struct json_writer w;

	TRY(read_range(rq, &range));
	TRY(session_find(
		rq->db, rq->arena, rq->user_id, range.session_id, &session));
	TRY(history_page(rq->db, rq->arena, rq->user_id, &range, &history));
	if (session.branched)
		TRY(history_siblings(
			rq->db, rq->arena, range.session_id, &history));
	if (history.more)
		link_prev(rq, rs, &range, history.list[0].id);
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
