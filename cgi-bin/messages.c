/* messages.c: /api/ai/sessions/:id/messages: the history of a conversation, and
 * its reader's ratings of replies. */

#include "api/etag.h"
#include "api/program.h"
#include "api/shape.h"
#include "repo/history.h"
#include "repo/rating.h"
#include "repo/session.h"

#include <inttypes.h>
#include <string.h>

#define PAGE_DEFAULT 50
#define PAGE_MAX 200
/* The size of a message without parts, metadata and siblings. */
#define MESSAGE_SIZE 160

/* The position of a page and the query member that gives it; without one, it is
 * the newest page. */
struct place {
	const char *name;
	enum err (*read)(struct db *db, struct arena *arena,
		const struct history_range *range, struct history *out);
};

static const struct place places[] = {
	{ "before", history_before },
	{ "after", history_after },
	{ "around", history_around },
};

static enum err
read_place(struct request *rq, uint64_t *id, const struct place **out)
{
	const char *text;

	*id = 0;
	*out = &places[0];
	for (size_t i = 0; i < LENGTH(places); i++) {
		TRY(request_query(rq, places[i].name, &text));
		if (text == NULL)
			continue;
		if (*id != 0)
			return request_invalid(rq, places[i].name,
				"Give one of \"before\", \"after\" and "
				"\"around\".");
		if (id_parse(span_of(text), id) != OK)
			return request_invalid(rq, places[i].name,
				"\"%s\" is the id of a message.",
				places[i].name);
		*out = &places[i];
	}
	return OK;
}

static enum err
read_range(struct request *rq, struct history_range *out,
	const struct place **place)
{
	int64_t limit;

	out->user_id = rq->user_id;
	TRY(request_id(rq, "id", &out->session_id));
	TRY(request_query_int(rq, "limit", 1, PAGE_MAX, PAGE_DEFAULT, &limit));
	out->limit = (unsigned)limit;
	return read_place(rq, &out->id, place);
}

static void
link_to(const struct request *rq, struct response *rs,
	const struct history_range *range, const char *where, uint64_t id,
	const char *rel)
{
	response_header(rs, "Link",
		"<%s/api/ai/sessions/%" PRIu64 "/messages?%s=%" PRIu64
		"&limit=%u>; rel=\"%s\"",
		rq->app->conf.http.base_path, range->session_id, where, id,
		range->limit, rel);
}

static void
link_pages(const struct request *rq, struct response *rs,
	const struct history_range *range, const struct history *history)
{
	if (history->older)
		link_to(rq, rs, range, "before", history->list[0].id, "prev");
	if (history->newer)
		link_to(rq, rs, range, "after",
			history->list[history->n - 1].id, "next");
}

/* Every change of a message changes its update time, except a rating. */
static bool
is_known(struct request *rq, struct response *rs, const struct history *history)
{
	struct etag etag = { 0 };

	for (unsigned i = 0; i < history->n; i++) {
		const struct history_message *message = &history->list[i];

		etag_add(&etag, message->id);
		etag_add(&etag, (uint64_t)message->update_ms);
		etag_add(&etag, message->parts.len);
		etag_add(&etag, message->metadata.len);
		etag_add_text(&etag, span_of(message->status));
		etag_add_text(&etag, span_of(message->rating));
		etag_add_text(&etag, span_of(message->rating_comment));
		for (unsigned j = 0; j < message->n_siblings; j++)
			etag_add(&etag, message->siblings[j]);
	}
	return etag_matches(&etag, rq, rs);
}

/* The approximate length of the page's text without spliced parts. */
static size_t
history_size(const struct history *history)
{
	size_t size = 64;

	for (unsigned i = 0; i < history->n; i++) {
		const struct history_message *message = &history->list[i];

		size += MESSAGE_SIZE + message->metadata.len +
			(message->parts.len < JSON_SPLICE_MIN
					? message->parts.len
					: 0);
	}
	return size;
}

/* For a page without messages: whether the session exists at all. */
static enum err
check_session(struct request *rq, uint64_t id)
{
	struct session session;

	return session_find(rq->db, rq->arena, rq->user_id, id, &session);
}

/* GET /api/ai/sessions/:id/messages?limit&before|after|around
 * -> 200 [message] | 304 | 400 | 404
 * Oldest first. A page of large messages has fewer than *limit*; only the
 * header Link says whether there are more. */
static enum err
list_messages(struct request *rq, struct response *rs)
{
	const struct place *place;
	struct history_range range;
	struct history history;
	struct json_writer w;

	TRY(read_range(rq, &range, &place));
	TRY(place->read(rq->db, rq->arena, &range, &history));
	if (history.n == 0)
		TRY(check_session(rq, range.session_id));
	if (history.branched)
		TRY(history_siblings(
			rq->db, rq->arena, range.session_id, &history));
	link_pages(rq, rs, &range, &history);
	if (is_known(rq, rs, &history))
		return OK;
	TRY(history_complete(rq->db, rq->arena, range.session_id, &history));
	buf_reserve(&rs->body, history_size(&history));
	w = response_json_spliced(rs, rq->arena, 200);
	json_open(&w, '[');
	for (unsigned i = 0; i < history.n; i++)
		shape_message(&w, &history.list[i]);
	json_close(&w, ']');
	return OK;
}

static enum err
read_rated(struct request *rq, struct rating *out)
{
	*out = (struct rating){ .user_id = rq->user_id };
	TRY(request_id(rq, "id", &out->session_id));
	return request_id(rq, "message", &out->message_id);
}

_Static_assert(ROUTE_FITS(RATING_COMMENT_MAX, ROUTE_SMALL_BODY),
	"a comment that is allowed is let in");

static enum err
read_rating(struct request *rq, struct rating *out)
{
	const struct json *body;

	TRY(read_rated(rq, out));
	TRY(request_json(rq, &body));
	TRY(request_text(rq, "rating", sizeof("down"), &out->word));
	if (strcmp(out->word, "up") != 0 && strcmp(out->word, "down") != 0)
		return request_invalid(
			rq, "rating", "\"rating\" is \"up\" or \"down\".");
	if (json_kind(json_get(body, "comment")) == JSON_ABSENT)
		return OK;
	return request_text(rq, "comment", RATING_COMMENT_MAX, &out->comment);
}

/* PUT /api/ai/sessions/:id/messages/:message/rating {rating, comment?} -> 204 |
 * 400 | 404, also for a reply that is still running. Replaces the previous
 * rating and its comment. */
static enum err
rate_message(struct request *rq, struct response *rs)
{
	struct rating rating;

	TRY(read_rating(rq, &rating));
	TRY(rating_set(rq->db, &rating));
	return response_empty(rs);
}

/* DELETE /api/ai/sessions/:id/messages/:message/rating -> 204 | 400 | 404 */
static enum err
unrate_message(struct request *rq, struct response *rs)
{
	struct rating rating;

	TRY(read_rated(rq, &rating));
	TRY(rating_set(rq->db, &rating));
	return response_empty(rs);
}

static const struct route routes[] = {
	{ "GET", "/api/ai/sessions/:id/messages", list_messages, LOGGED_IN,
		LIMIT_READ, SMALL_BODY },
	{ "PUT", "/api/ai/sessions/:id/messages/:message/rating", rate_message,
		LOGGED_IN, LIMIT_WRITE, SMALL_BODY },
	{ "DELETE", "/api/ai/sessions/:id/messages/:message/rating",
		unrate_message, LOGGED_IN, LIMIT_WRITE, SMALL_BODY },
};

int
main(void)
{
	return program_serve("messages", PROGRAM_READS, routes, LENGTH(routes));
}
