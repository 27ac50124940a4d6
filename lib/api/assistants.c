#include "api/assistants.h"

#include "api/admin.h"
#include "api/admin_setting.h"
#include "api/app.h"
#include "api/etag.h"
#include "api/publish.h"
#include "api/session_change.h"
#include "base/clock.h"

/* ---- as JSON */

static void
put_or_null(struct json_writer *w, const char *key, struct span json)
{
	json_member_raw(w, key, json.data != NULL ? json : span_of("null"));
}

void
assistants_put_text(struct json_writer *w, const struct assistant_text *text)
{
	json_member_str(w, "name", text->name);
	json_member_str(w, "icon", text->icon);
	json_member_str(w, "description", text->description);
	json_key(w, "modelId");
	if (text->model_id != 0)
		json_put_id(w, text->model_id);
	else
		json_put_null(w);
	put_or_null(w, "options", text->options);
	put_or_null(w, "tools", text->tools);
	json_member_raw(w, "starters",
		text->starters.data != NULL ? text->starters : span_of("[]"));
	if (text->instructions.data != NULL)
		json_member_text(w, "instructions", text->instructions);
}

static void
put_rest(struct json_writer *w, const struct assistant *row, bool mine)
{
	json_member_id(w, "id", row->id);
	json_member_bool(w, "mine", mine);
	json_member_bool(w, "published", row->published);
	json_member_int(w, "version", row->version);
	json_member_time(w, "updateTime", row->update_ms);
}

/* Answers with one assistant, including the instructions for its owner. */
static enum err
reply(struct request *rq, struct response *rs, int status, uint64_t id)
{
	struct assistant row;
	struct json_writer w;
	bool mine;

	TRY(assistant_find(rq->db, rq->arena, rq->user_id, id, &row));
	mine = row.owner_id == rq->user_id;
	if (mine && row.text.instructions.data == NULL)
		row.text.instructions = span_of("");
	w = response_json(rs, status);
	json_open(&w, '{');
	put_rest(&w, &row, mine);
	assistants_put_text(&w, &row.text);
	json_close(&w, '}');
	return OK;
}

/* ---- reading */

void
assistants_reply_tagged(
	struct request *rq, struct response *rs, struct buf *text)
{
	struct etag etag = { 0 };
	struct json_writer w;

	etag_add_text(&etag, buf_span(text));
	if (!etag_matches(&etag, rq, rs)) {
		w = response_json(rs, 200);
		json_put_raw(&w, buf_span(text));
	}
	buf_free(text);
}

/* Writes the site's default assistant, if everybody may see it. */
static void
put_default(
	struct json_writer *w, const struct assistant_list *all, uint64_t id)
{
	json_key(w, "defaultId");
	for (size_t i = 0; i < all->n; i++) {
		if (all->list[i].id != id || !all->list[i].published)
			continue;
		json_put_id(w, id);
		return;
	}
	json_put_null(w);
}

enum err
assistants_list(struct request *rq, struct response *rs)
{
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);
	struct assistant_list all;
	uint64_t default_id;

	TRY(assistant_list(rq->db, rq->arena, rq->user_id, &all));
	TRY(admin_setting_assistant(rq->db, rq->arena, &default_id));
	json_open(&w, '{');
	json_key(&w, "assistants");
	json_open(&w, '[');
	for (size_t i = 0; i < all.n; i++) {
		json_open(&w, '{');
		put_rest(&w, &all.list[i], all.list[i].owner_id == rq->user_id);
		assistants_put_text(&w, &all.list[i].text);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	put_default(&w, &all, default_id);
	json_close(&w, '}');
	assistants_reply_tagged(rq, rs, &text);
	return OK;
}

enum err
assistants_get(struct request *rq, struct response *rs)
{
	uint64_t id;

	TRY(request_id(rq, "id", &id));
	return reply(rq, rs, 200, id);
}

/* ---- writing */

/* ERR_CONFLICT (model_unknown) if the form names a model that is not available.
 * Passes on errors of the database. */
static enum err
check_model(struct request *rq, const struct assistant_form *form)
{
	enum err err = form->says_model
		? session_model_find(rq, form->text.model_id)
		: OK;

	return err == ERR_NOT_FOUND
		? request_fail(rq, ERR_CONFLICT, err_code(ERR_NO_MODEL),
			  err_detail(ERR_NO_MODEL))
		: err;
}

static enum err
begin(struct request *rq, struct assistant_form *out)
{
	const struct json *body;

	TRY(request_json(rq, &body));
	*out = assistant_form(rq->arena, body);
	return OK;
}

enum err
assistants_add(struct request *rq, struct response *rs)
{
	struct assistant row = { .owner_id = rq->user_id };
	struct assistant_form form;
	enum refusal why;
	enum err err;

	TRY(begin(rq, &form));
	TRY(admin_answer(rq, assistant_form_new(&form), &form.form));
	TRY(publish_not_yet(rq, form.published));
	TRY(check_model(rq, &form));
	row.text = form.text;
	TRY(snowflake_next(rq->app->ids, 0, &row.id));
	err = assistant_add(rq->db, &row, clock_wall_ms(), &why);
	TRY(admin_refuse(rq, err, why));
	return reply(rq, rs, 201, row.id);
}

static enum err
change_it(struct request *rq, const struct assistant *row,
	const struct assistant_form *form, bool withdraws)
{
	struct assistant_change change = { .user_id = rq->user_id,
		.id = row->id,
		.version = row->version,
		.text = form->says_text ? &form->text : NULL,
		.published = form->published };
	enum refusal why;
	enum err err = withdraws
		? assistant_withdraw(rq->db, row->id, row->version, &why)
		: assistant_change(rq->db, &change, clock_wall_ms(), &why);

	TRY(admin_refuse(rq, err, why));
	if (form->published != NULL && *form->published != row->published)
		publish_audit(rq, "assistant", row->id, *form->published);
	return OK;
}

/* The answer after withdrawing another user's assistant, which the client can
 * no longer see. */
static enum err
reply_withdrawn(struct response *rs, const struct assistant *row)
{
	struct json_writer w = response_json(rs, 200);
	struct assistant now = *row;

	now.published = false;
	json_open(&w, '{');
	put_rest(&w, &now, false);
	assistants_put_text(&w, &now.text);
	json_close(&w, '}');
	return OK;
}

enum err
assistants_change(struct request *rq, struct response *rs)
{
	struct assistant_form form;
	struct publish_wish wish;
	struct assistant row;
	bool withdraws;
	uint64_t id;

	TRY(request_id(rq, "id", &id));
	TRY(begin(rq, &form));
	TRY(assistant_find(rq->db, rq->arena, rq->user_id, id, &row));
	form.text = row.text;
	TRY(admin_answer(rq, assistant_form_read(&form), &form.form));
	wish = (struct publish_wish){ row.owner_id == rq->user_id,
		form.says_text, form.published, row.published };
	TRY(publish_may(rq, &wish, &withdraws));
	TRY(admin_version(rq, row.version));
	TRY(check_model(rq, &form));
	TRY(change_it(rq, &row, &form, withdraws));
	return withdraws ? reply_withdrawn(rs, &row) : reply(rq, rs, 200, id);
}

enum err
assistants_remove(struct request *rq, struct response *rs)
{
	struct assistant row;
	uint64_t id;

	TRY(request_id(rq, "id", &id));
	TRY(assistant_find(rq->db, rq->arena, rq->user_id, id, &row));
	if (row.owner_id != rq->user_id)
		return publish_not_yours(rq);
	TRY(assistant_remove(rq->db, rq->user_id, id, clock_wall_ms()));
	return response_empty(rs);
}
