#include "api/export.h"

#include "api/app.h"
#include "api/shape.h"
#include "base/clock.h"
#include "repo/budget.h"
#include "repo/export.h"
#include "repo/instructions.h"
#include "repo/login.h"
#include "repo/session.h"
#include "repo/usage.h"
#include "repo/user.h"

#include <inttypes.h>
#include <string.h>

/* Of a page. One message may be larger; it is then alone in it. */
#define PAGE_BYTES ((size_t)2 << 20)
#define PAGE_MESSAGES 1000
#define PAGE_SESSIONS 100
/* At a time. What is beyond the bytes of a page comes from the database in
 * vain: as much as a page at most (repo/export.c). */
#define READ_MESSAGES 50
/* What a line takes besides its texts. */
#define LINE_BYTES 300
#define USAGE_DAYS 3660
#define LOGINS_MAX 100

/* Where a page ends: behind this message of this session. As a cursor
 * "<session>-<message>", or "<session>" before its first. */
struct place {
	uint64_t session_id, message_id; /* 0: before the first */
};

struct page {
	struct request *rq;
	struct json_writer w;
	struct place place;
	size_t len;
	unsigned messages;
	bool more;
};

static enum err
read_cursor(struct request *rq, struct place *out)
{
	const char *text, *dash;

	*out = (struct place){ 0 };
	TRY(request_query(rq, "cursor", &text));
	if (text == NULL)
		return OK;
	dash = strchrnul(text, '-');
	if (id_parse((struct span){ text, (size_t)(dash - text) },
		    &out->session_id) != OK ||
		(*dash == '-' &&
			id_parse(span_of(dash + 1), &out->message_id) != OK))
		return request_invalid(rq, "cursor",
			"A cursor comes from the Link of another page.");
	return OK;
}

/* ---- lines */

static void
begin_line(struct page *page, const char *type)
{
	json_open(&page->w, '{');
	json_member_str(&page->w, "type", type);
}

static void
end_line(struct page *page)
{
	json_close(&page->w, '}');
	buf_putc(page->w.buf, '\n');
	page->w.comma = false;
}

/* Of what may have been deleted meanwhile. */
static enum err
put_instructions(struct page *page, enum err err, struct span text)
{
	if (err == OK && text.len > 0)
		json_member_text(&page->w, "instructions", text);
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
put_account(struct page *page)
{
	struct request *rq = page->rq;
	struct span instructions = { NULL, 0 };
	struct budget used;
	struct user user;
	enum err err;

	TRY(user_find(rq->db, rq->arena, rq->user_id, &user));
	TRY(budget_used(
		rq->db, rq->arena, rq->user_id, clock_wall_ms(), &used));
	begin_line(page, "account");
	json_key(&page->w, "account");
	shape_account(&page->w, &user);
	err = instructions_of_user(
		rq->db, rq->arena, rq->user_id, &instructions);
	TRY(put_instructions(page, err, instructions));
	json_member_int(
		&page->w, "sessions", (int64_t)used.of[BUDGET_SESSIONS]);
	end_line(page);
	return OK;
}

static enum err
put_usage(struct page *page)
{
	struct request *rq = page->rq;
	struct usage_days days;

	TRY(usage_list(rq->db, rq->arena, rq->user_id, clock_wall_ms(),
		USAGE_DAYS, &days));
	for (unsigned i = 0; i < days.n; i++) {
		begin_line(page, "usage");
		json_key(&page->w, "usage");
		shape_usage(&page->w, &days.list[i]);
		end_line(page);
	}
	return OK;
}

static enum err
put_logins(struct page *page)
{
	struct request *rq = page->rq;
	struct login_list found;

	TRY(login_list(rq->db, rq->arena, rq->user_id, clock_wall_ms(),
		LOGINS_MAX, &found));
	for (unsigned i = 0; i < found.n; i++) {
		begin_line(page, "login");
		json_key(&page->w, "login");
		shape_login(&page->w, &found.list[i], rq->login_id);
		end_line(page);
	}
	return OK;
}

/* What a client has sent as it liked may have line ends, between its tokens
 * only: in texts they are escaped. */
static struct span
in_one_line(struct arena *arena, struct span json)
{
	char *copy;

	if (json.len == 0 ||
		(memchr(json.data, '\n', json.len) == NULL &&
			memchr(json.data, '\r', json.len) == NULL))
		return json;
	copy = arena_dup(arena, json.data, json.len);
	for (size_t i = 0; i < json.len; i++)
		if (copy[i] == '\n' || copy[i] == '\r')
			copy[i] = ' ';
	return (struct span){ copy, json.len };
}

static void
put_message(struct page *page, uint64_t session_id,
	struct history_message *message, const struct export_place *place)
{
	struct arena *arena = page->rq->arena;

	message->parts = in_one_line(arena, message->parts);
	message->metadata = in_one_line(arena, message->metadata);
	begin_line(page, "message");
	json_member_id(&page->w, "sessionId", session_id);
	json_key(&page->w, "parentId");
	if (place->parent_id != 0)
		json_put_id(&page->w, place->parent_id);
	else
		json_put_null(&page->w);
	json_key(&page->w, "shown");
	json_put_bool(&page->w, place->shown);
	json_key(&page->w, "message");
	shape_message(&page->w, message);
	end_line(page);
}

/* ---- a page */

static bool
is_full(const struct page *page)
{
	return page->len >= PAGE_BYTES || page->messages >= PAGE_MESSAGES;
}

/* Some messages of the session behind the place. */
static enum err
put_some_messages(struct page *page)
{
	struct request *rq = page->rq;
	struct export_run run = { .user_id = rq->user_id,
		.session_id = page->place.session_id,
		.after = page->place.message_id,
		.limit = MIN(PAGE_MESSAGES - page->messages, READ_MESSAGES),
		.len_max = PAGE_BYTES - page->len };

	TRY(export_read(rq->db, rq->arena, &run));
	for (unsigned i = 0; i < run.history.n; i++)
		put_message(page, run.session_id, &run.history.list[i],
			&run.places[i]);
	if (run.history.n > 0)
		page->place.message_id = run.history.list[run.history.n - 1].id;
	page->messages += run.history.n;
	page->len += run.len + run.history.n * LINE_BYTES;
	page->more = run.history.newer;
	return OK;
}

/* As far as there is room. */
static enum err
put_messages(struct page *page)
{
	do
		TRY(put_some_messages(page));
	while (page->more && !is_full(page));
	return OK;
}

static enum err
put_session(struct page *page, const struct session *session)
{
	struct request *rq = page->rq;
	struct span instructions = { NULL, 0 };
	enum err err;

	begin_line(page, "session");
	json_key(&page->w, "session");
	shape_session(&page->w, session);
	err = instructions_of_session(
		rq->db, rq->arena, rq->user_id, session->id, &instructions);
	TRY(put_instructions(page, err, instructions));
	end_line(page);
	page->place = (struct place){ session->id, 0 };
	page->len += LINE_BYTES;
	return is_full(page) ? OK : put_messages(page);
}

/* The sessions behind the place. One whose first message is too large for what
 * is left of the page has it there all the same: so each page moves on. */
static enum err
put_sessions(struct page *page)
{
	struct request *rq = page->rq;
	struct session_page found;

	TRY(session_after(rq->db, rq->arena, rq->user_id,
		page->place.session_id, PAGE_SESSIONS, &found));
	for (unsigned i = 0; i < found.n; i++) {
		if (page->more || is_full(page)) {
			page->more = true;
			return OK;
		}
		TRY(put_session(page, &found.list[i]));
	}
	page->more |= found.more || is_full(page);
	return OK;
}

static enum err
put_page(struct page *page)
{
	if (page->place.session_id == 0) {
		TRY(put_account(page));
		TRY(put_usage(page));
		TRY(put_logins(page));
	} else {
		TRY(put_messages(page));
	}
	return page->more ? OK : put_sessions(page);
}

static void
link_next(struct request *rq, struct response *rs, const struct place *place)
{
	const char *message = place->message_id == 0
		? ""
		: arena_printf(rq->arena, "-%" PRIu64, place->message_id);

	response_header(rs, "Link",
		"<%s/api/ai/sessions/export?cursor=%" PRIu64
		"%s>; rel=\"next\"",
		rq->app->conf.http.base_path, place->session_id, message);
}

enum err
export_get(struct request *rq, struct response *rs)
{
	struct page page = { .rq = rq };

	TRY(read_cursor(rq, &page.place));
	page.w = response_json_spliced(rs, rq->arena, 200);
	rs->type = "application/x-ndjson";
	TRY(put_page(&page));
	if (page.more)
		link_next(rq, rs, &page.place);
	return OK;
}
