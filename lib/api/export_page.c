#include "api/export_page.h"

#include "api/assistants.h"
#include "api/library.h"
#include "api/shape.h"
#include "base/clock.h"
#include "repo/assistant.h"
#include "repo/budget.h"
#include "repo/export.h"
#include "repo/instructions.h"
#include "repo/login.h"
#include "repo/saved_prompt.h"
#include "repo/session.h"
#include "repo/usage.h"
#include "repo/usage_model.h"
#include "repo/user.h"

#include <string.h>

#define PAGE_MESSAGES 1000
#define PAGE_SESSIONS 100
/* Messages per query. Data beyond the size of a page is read in vain: at most
 * as much as a page (repo/export.c). */
#define READ_MESSAGES 50
/* The size of a line without its texts. */
#define LINE_BYTES 300
#define USAGE_DAYS 3660
#define USAGE_MODELS_MAX 20000
#define LOGINS_MAX 100

/* ---- lines */

static void
begin_line(struct export_page *page, const char *type)
{
	json_open(&page->w, '{');
	json_member_str(&page->w, "type", type);
}

static void
end_line(struct export_page *page)
{
	json_close(&page->w, '}');
	buf_putc(page->w.buf, '\n');
	page->w.comma = false;
}

/* Writes instructions, unless their owner has been deleted meanwhile. */
static enum err
put_instructions(struct export_page *page, enum err err, struct span text)
{
	if (err == OK && text.len > 0)
		json_member_text(&page->w, "instructions", text);
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
put_account(struct export_page *page)
{
	struct span instructions = { NULL, 0 };
	struct budget used;
	struct user user;
	enum err err;

	TRY(user_find(page->db, page->arena, page->user_id, &user));
	TRY(budget_used(
		page->db, page->arena, page->user_id, clock_wall_ms(), &used));
	begin_line(page, "account");
	json_key(&page->w, "account");
	shape_account(&page->w, &user);
	err = instructions_of_user(
		page->db, page->arena, page->user_id, &instructions);
	TRY(put_instructions(page, err, instructions));
	json_member_int(
		&page->w, "sessions", (int64_t)used.of[BUDGET_SESSIONS]);
	end_line(page);
	return OK;
}

static enum err
put_usage(struct export_page *page)
{
	struct usage_days days;

	TRY(usage_list(page->db, page->arena, page->user_id, clock_wall_ms(),
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
put_logins(struct export_page *page)
{
	struct login_list found;

	TRY(login_list(page->db, page->arena, page->user_id, clock_wall_ms(),
		LOGINS_MAX, &found));
	for (unsigned i = 0; i < found.n; i++) {
		begin_line(page, "login");
		json_key(&page->w, "login");
		shape_login(&page->w, &found.list[i], page->login_id);
		end_line(page);
	}
	return OK;
}

static enum err
put_usage_of_models(struct export_page *page)
{
	struct usage_model_days days;

	TRY(usage_model_list(
		page->db, page->arena, page->user_id, USAGE_MODELS_MAX, &days));
	for (size_t i = 0; i < days.n; i++) {
		begin_line(page, "modelUsage");
		json_key(&page->w, "usage");
		shape_usage_model(&page->w, &days.list[i]);
		end_line(page);
	}
	page->len += days.n * LINE_BYTES;
	return OK;
}

/* Only the user's own: others' instructions are not accessible. */
static enum err
put_assistants(struct export_page *page)
{
	struct assistant_list own;

	TRY(assistant_list_own(page->db, page->arena, page->user_id, &own));
	for (size_t i = 0; i < own.n; i++) {
		const struct assistant_text *text = &own.list[i].text;

		begin_line(page, "assistant");
		json_key(&page->w, "assistant");
		json_open(&page->w, '{');
		assistants_put_text(&page->w, text);
		json_close(&page->w, '}');
		end_line(page);
		page->len += LINE_BYTES + text->instructions.len +
			text->tools.len + text->starters.len;
	}
	return OK;
}

static enum err
put_prompts(struct export_page *page)
{
	struct saved_prompt_list own;

	TRY(saved_prompt_list_own(page->db, page->arena, page->user_id, &own));
	for (size_t i = 0; i < own.n; i++) {
		begin_line(page, "prompt");
		json_key(&page->w, "prompt");
		json_open(&page->w, '{');
		library_put_prompt(&page->w, &own.list[i]);
		json_close(&page->w, '}');
		end_line(page);
		page->len += LINE_BYTES + own.list[i].text.len;
	}
	return OK;
}

/* Writes everything that belongs to no session. */
static enum err
put_beginning(struct export_page *page)
{
	TRY(put_account(page));
	TRY(put_usage(page));
	TRY(put_usage_of_models(page));
	TRY(put_logins(page));
	TRY(put_assistants(page));
	return put_prompts(page);
}

/* A client's JSON may contain line ends, but only between tokens: in texts they
 * are escaped. */
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
put_message(struct export_page *page, uint64_t session_id,
	struct history_message *message, const struct export_place *place)
{
	struct arena *arena = page->arena;

	message->parts = in_one_line(arena, message->parts);
	message->metadata = in_one_line(arena, message->metadata);
	begin_line(page, "message");
	json_member_id(&page->w, "sessionId", session_id);
	json_key(&page->w, "parentId");
	if (place->parent_id != 0)
		json_put_id(&page->w, place->parent_id);
	else
		json_put_null(&page->w);
	json_member_bool(&page->w, "shown", place->shown);
	json_key(&page->w, "message");
	shape_message(&page->w, message);
	end_line(page);
}

/* ---- a page */

static bool
is_full(const struct export_page *page)
{
	/* Data that belongs to no session has no cursor, so a page with it must
	 * also contain a session's line, if there is one. */
	return page->cursor.session_id != 0 &&
		(page->len >= EXPORT_PAGE_BYTES ||
			page->messages >= PAGE_MESSAGES);
}

/* Writes some messages of the session after the cursor. */
static enum err
put_some_messages(struct export_page *page)
{
	struct export_run run = { .user_id = page->user_id,
		.session_id = page->cursor.session_id,
		.after = page->cursor.message_id,
		.limit = MIN(PAGE_MESSAGES - page->messages, READ_MESSAGES),
		.len_max = EXPORT_PAGE_BYTES - page->len };

	TRY(export_read(page->db, page->arena, &run));
	for (unsigned i = 0; i < run.history.n; i++)
		put_message(page, run.session_id, &run.history.list[i],
			&run.places[i]);
	if (run.history.n > 0)
		page->cursor.message_id =
			run.history.list[run.history.n - 1].id;
	page->messages += run.history.n;
	page->len += run.len + (size_t)run.history.n * LINE_BYTES;
	page->more = run.history.newer;
	return OK;
}

/* Writes messages while there is room. */
static enum err
put_messages(struct export_page *page)
{
	do
		TRY(put_some_messages(page));
	while (page->more && !is_full(page));
	return OK;
}

static enum err
put_session(struct export_page *page, const struct session *session)
{
	struct span instructions = { NULL, 0 };
	enum err err;

	begin_line(page, "session");
	json_key(&page->w, "session");
	shape_session(&page->w, session);
	err = instructions_of_session(page->db, page->arena, page->user_id,
		session->id, &instructions);
	TRY(put_instructions(page, err, instructions));
	end_line(page);
	page->cursor = (struct export_cursor){ session->id, 0 };
	page->len += LINE_BYTES;
	return is_full(page) ? OK : put_messages(page);
}

/* Writes the sessions after the cursor. If the first message of a session does
 * not fit into the rest of the page, it is written all the same, so that each
 * page makes progress. */
static enum err
put_sessions(struct export_page *page)
{
	struct session_page found;

	TRY(session_after(page->db, page->arena, page->user_id,
		page->cursor.session_id, PAGE_SESSIONS, &found));
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

enum err
export_page_put(struct export_page *page)
{
	if (page->cursor.session_id == 0)
		TRY(put_beginning(page));
	else
		TRY(put_messages(page));
	return page->more ? OK : put_sessions(page);
}
