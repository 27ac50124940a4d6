/* /api/ai/prompts (assistants.h). */

#include "api/admin.h"
#include "api/app.h"
#include "api/assistants.h"
#include "api/publish.h"
#include "base/clock.h"

static void
put_prompt(struct json_writer *w, const struct saved_prompt *row, bool mine)
{
	json_open(w, '{');
	json_member_id(w, "id", row->id);
	json_member_str(w, "name", row->name);
	json_member_text(w, "text", row->text);
	json_member_bool(w, "mine", mine);
	json_member_bool(w, "published", row->published);
	json_member_int(w, "version", row->version);
	json_close(w, '}');
}

static enum err
reply(const struct request *rq, struct response *rs, int status,
	const struct saved_prompt *row)
{
	struct json_writer w = response_json(rs, status);

	put_prompt(&w, row, row->owner_id == rq->user_id);
	return OK;
}

enum err
prompts_list(struct request *rq, struct response *rs)
{
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);
	struct saved_prompt_list all;

	TRY(saved_prompt_list(rq->db, rq->arena, rq->user_id, &all));
	json_open(&w, '{');
	json_key(&w, "prompts");
	json_open(&w, '[');
	for (size_t i = 0; i < all.n; i++)
		put_prompt(
			&w, &all.list[i], all.list[i].owner_id == rq->user_id);
	json_close(&w, ']');
	json_close(&w, '}');
	assistants_reply_tagged(rq, rs, &text);
	return OK;
}

static enum err
begin(struct request *rq, struct prompt_form *out)
{
	const struct json *body;

	TRY(request_json(rq, &body));
	*out = prompt_form(rq->arena, body);
	return OK;
}

enum err
prompts_add(struct request *rq, struct response *rs)
{
	struct saved_prompt row = { .owner_id = rq->user_id, .version = 1 };
	struct prompt_form form;
	enum refusal why;
	enum err err;

	TRY(begin(rq, &form));
	TRY(admin_answer(rq, prompt_form_new(&form), &form.form));
	TRY(publish_not_yet(rq, form.published));
	row.name = form.name;
	row.text = form.text;
	TRY(snowflake_next(rq->app->ids, 0, &row.id));
	err = saved_prompt_add(rq->db, &row, clock_wall_ms(), &why);
	TRY(admin_refuse(rq, err, why));
	return reply(rq, rs, 201, &row);
}

static enum err
change_it(struct request *rq, struct saved_prompt *row,
	const struct prompt_form *form, bool withdraws)
{
	int64_t now_ms = clock_wall_ms();
	bool before = row->published;
	enum refusal why;
	enum err err;

	if (form->name != NULL)
		row->name = form->name;
	if (form->text.data != NULL)
		row->text = form->text;
	if (form->published != NULL)
		row->published = *form->published;
	err = withdraws ? saved_prompt_withdraw(
				  rq->db, row->id, row->version, now_ms, &why)
			: saved_prompt_change(rq->db, row, now_ms, &why);
	TRY(admin_refuse(rq, err, why));
	row->version++;
	if (row->published != before)
		publish_audit(rq, "prompt", row->id, row->published);
	return OK;
}

enum err
prompts_change(struct request *rq, struct response *rs)
{
	struct publish_wish wish;
	struct prompt_form form;
	struct saved_prompt row;
	bool withdraws;
	uint64_t id;

	TRY(request_id(rq, "id", &id));
	TRY(begin(rq, &form));
	TRY(saved_prompt_find(rq->db, rq->arena, rq->user_id, id, &row));
	TRY(admin_answer(rq, prompt_form_read(&form), &form.form));
	wish = (struct publish_wish){ row.owner_id == rq->user_id,
		form.name != NULL || form.text.data != NULL, form.published,
		row.published };
	TRY(publish_may(rq, &wish, &withdraws));
	TRY(admin_version(rq, row.version));
	TRY(change_it(rq, &row, &form, withdraws));
	return reply(rq, rs, 200, &row);
}

enum err
prompts_remove(struct request *rq, struct response *rs)
{
	struct saved_prompt row;
	uint64_t id;

	TRY(request_id(rq, "id", &id));
	TRY(saved_prompt_find(rq->db, rq->arena, rq->user_id, id, &row));
	if (row.owner_id != rq->user_id)
		return publish_not_yours(rq);
	TRY(saved_prompt_remove(rq->db, rq->user_id, id));
	return response_empty(rs);
}
