#include "api/library.h"

#include "api/admin.h"
#include "api/app.h"
#include "api/assistants.h"
#include "api/session_change.h"
#include "base/clock.h"
#include "repo/saved.h"

#define VERSION 1
/* Names that are tried for a prompt. */
#define NUMBERS_MAX 99

/* ---- out */

enum err
library_get(struct request *rq, struct response *rs)
{
	struct saved_prompt_list prompts;
	struct assistant_list all;
	struct json_writer w;

	TRY(assistant_list_own(rq->db, rq->arena, rq->user_id, &all));
	TRY(saved_prompt_list_own(rq->db, rq->arena, rq->user_id, &prompts));
	w = response_json(rs, 200);
	json_open(&w, '{');
	json_member_str(&w, "lamplight", "library");
	json_member_int(&w, "version", VERSION);
	json_key(&w, "assistants");
	json_open(&w, '[');
	for (size_t i = 0; i < all.n; i++) {
		json_open(&w, '{');
		assistants_put_text(&w, &all.list[i].text);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_key(&w, "prompts");
	json_open(&w, '[');
	for (size_t i = 0; i < prompts.n; i++) {
		json_open(&w, '{');
		json_member_str(&w, "name", prompts.list[i].name);
		json_member_text(&w, "text", prompts.list[i].text);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	return OK;
}

/* ---- in: read */

struct file {
	struct assistant *assistants;
	struct saved_prompt *prompts;
	size_t n_assistants, n_prompts;
};

static enum err
refuse_item(struct request *rq, const char *list, size_t i,
	const struct admin_form *form)
{
	return request_invalid(rq, list, "%s, item %zu: %s", list, i + 1,
		form->detail != NULL ? form->detail : "it is no object.");
}

/* One of another site's is the default here. */
static enum err
keep_model(struct request *rq, struct assistant_form *form)
{
	enum err err = form->says_model
		? session_model_find(rq, form->text.model_id)
		: OK;

	if (err != ERR_NOT_FOUND)
		return err;
	form->text.model_id = 0;
	return OK;
}

static enum err
read_assistant(struct request *rq, const struct json *item, size_t i,
	struct assistant *out)
{
	struct assistant_form form = assistant_form(rq->arena, item);

	if (json_kind(item) != JSON_OBJECT || assistant_form_new(&form) != OK)
		return refuse_item(rq, "assistants", i, &form.form);
	TRY(keep_model(rq, &form));
	*out = (struct assistant){ .owner_id = rq->user_id, .text = form.text };
	return snowflake_next(rq->app->ids, 0, &out->id);
}

static enum err
read_prompt(struct request *rq, const struct json *item, size_t i,
	struct saved_prompt *out)
{
	struct prompt_form form = prompt_form(rq->arena, item);

	if (json_kind(item) != JSON_OBJECT || prompt_form_new(&form) != OK)
		return refuse_item(rq, "prompts", i, &form.form);
	*out = (struct saved_prompt){
		.owner_id = rq->user_id, .name = form.name, .text = form.text
	};
	return snowflake_next(rq->app->ids, 0, &out->id);
}

static enum err
check_file(struct request *rq, const struct json *body)
{
	const struct json *assistants = json_get(body, "assistants");
	const struct json *prompts = json_get(body, "prompts");

	if (!span_is(json_text(json_get(body, "lamplight")), "library") ||
		json_int(json_get(body, "version"), 0) != VERSION)
		return request_invalid(rq, "lamplight",
			"This is no file of assistants and prompts that this "
			"version reads.");
	if ((assistants != NULL && json_kind(assistants) != JSON_ARRAY) ||
		json_length(assistants) > ASSISTANTS_MAX)
		return request_invalid(rq, "assistants",
			"\"assistants\" is a list of at most %d.",
			ASSISTANTS_MAX);
	if ((prompts != NULL && json_kind(prompts) != JSON_ARRAY) ||
		json_length(prompts) > SAVED_PROMPTS_MAX)
		return request_invalid(rq, "prompts",
			"\"prompts\" is a list of at most %d.",
			SAVED_PROMPTS_MAX);
	return OK;
}

static enum err
read_file(struct request *rq, const struct json *body, struct file *out)
{
	const struct json *assistants = json_get(body, "assistants");
	const struct json *prompts = json_get(body, "prompts");

	TRY(check_file(rq, body));
	out->n_assistants = json_length(assistants);
	out->n_prompts = json_length(prompts);
	out->assistants = arena_alloc(
		rq->arena, (out->n_assistants + 1) * sizeof(*out->assistants));
	out->prompts = arena_alloc(
		rq->arena, (out->n_prompts + 1) * sizeof(*out->prompts));
	for (size_t i = 0; i < out->n_assistants; i++)
		TRY(read_assistant(
			rq, json_at(assistants, i), i, &out->assistants[i]));
	for (size_t i = 0; i < out->n_prompts; i++)
		TRY(read_prompt(rq, json_at(prompts, i), i, &out->prompts[i]));
	return OK;
}

/* ---- in: write, in a transaction */

struct import {
	struct arena *arena;
	uint64_t user_id;
	const struct file *file;
	struct assistant_list own;
	struct saved_prompt_list own_prompts;
	int64_t now_ms, added, skipped;
	enum refusal why;
};

static bool
same_text(const struct assistant_text *a, const struct assistant_text *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->icon, b->icon) == 0 &&
		strcmp(a->description, b->description) == 0 &&
		a->model_id == b->model_id &&
		span_equal(a->instructions, b->instructions) &&
		span_equal(a->options, b->options) &&
		(a->tools.data == NULL) == (b->tools.data == NULL) &&
		span_equal(a->tools, b->tools) &&
		span_equal(a->starters, b->starters);
}

static enum err
put_assistant(struct db *db, struct import *in, const struct assistant *row)
{
	for (size_t i = 0; i < in->own.n; i++)
		if (same_text(&in->own.list[i].text, &row->text)) {
			in->skipped++;
			return OK;
		}
	TRY(assistant_insert(db, row, in->now_ms, &in->why));
	in->own.list[in->own.n++] = *row;
	in->added++;
	return OK;
}

static const struct saved_prompt *
find_prompt(const struct import *in, const char *name)
{
	for (size_t i = 0; i < in->own_prompts.n; i++)
		if (strcmp(in->own_prompts.list[i].name, name) == 0)
			return &in->own_prompts.list[i];
	return NULL;
}

static const char *
numbered(struct arena *arena, const char *name, int n)
{
	return n == 1 ? name
		      : arena_printf(arena, "%.*s-%d",
				SAVED_PROMPT_NAME_MAX - 3, name, n);
}

static enum err
put_prompt(struct db *db, struct import *in, const struct saved_prompt *given)
{
	const struct saved_prompt *there;
	struct saved_prompt row = *given;

	for (int n = 1; n <= NUMBERS_MAX; n++) {
		row.name = numbered(in->arena, given->name, n);
		there = find_prompt(in, row.name);
		if (there == NULL)
			break;
		if (!span_equal(there->text, row.text))
			continue;
		in->skipped++;
		return OK;
	}
	TRY(saved_prompt_insert(db, &row, in->now_ms, &in->why));
	in->own_prompts.list[in->own_prompts.n++] = row;
	in->added++;
	return OK;
}

/* The owner's row first: so two imports at once take turns. */
static enum err
import(struct db *db, void *arg)
{
	struct import *in = arg;
	const struct file *file = in->file;

	in->added = in->skipped = 0;
	in->why = REFUSED_NOT;
	TRY(saved_lock_owner(db, in->arena, in->user_id));
	TRY(assistant_list_own(db, in->arena, in->user_id, &in->own));
	TRY(saved_prompt_list_own(
		db, in->arena, in->user_id, &in->own_prompts));
	for (size_t i = 0; i < file->n_assistants; i++)
		TRY(put_assistant(db, in, &file->assistants[i]));
	for (size_t i = 0; i < file->n_prompts; i++)
		TRY(put_prompt(db, in, &file->prompts[i]));
	return saved_check_room(db, in->user_id, &in->why);
}

enum err
library_add(struct request *rq, struct response *rs)
{
	struct import in = { .arena = rq->arena,
		.user_id = rq->user_id,
		.now_ms = clock_wall_ms() };
	const struct json *body;
	struct json_writer w;
	struct file file;
	enum err err;

	if (rq->body.len > LIBRARY_FILE_MAX)
		return ERR_TOO_BIG;
	TRY(request_json(rq, &body));
	TRY(read_file(rq, body, &file));
	in.file = &file;
	err = db_transaction(rq->db, import, &in);
	TRY(admin_refuse(rq, err, in.why));
	w = response_json(rs, 200);
	json_open(&w, '{');
	json_member_int(&w, "added", in.added);
	json_member_int(&w, "skipped", in.skipped);
	json_close(&w, '}');
	return OK;
}
