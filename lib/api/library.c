#include "api/library.h"

#include "api/admin.h"
#include "api/app.h"
#include "api/assistants.h"
#include "api/library_put.h"

#define VERSION 1

/* ---- exporting */

void
library_put_prompt(struct json_writer *w, const struct saved_prompt *prompt)
{
	json_member_str(w, "name", prompt->name);
	json_member_text(w, "text", prompt->text);
}

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
		library_put_prompt(&w, &prompts.list[i]);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	return OK;
}

/* ---- importing */

static enum err
refuse_item(struct request *rq, const char *list, size_t i, const char *detail)
{
	rq->about.item = i + 1;
	rq->about.detail = detail;
	return request_invalid(
		rq, list, "%s, item %zu: %s", list, i + 1, detail);
}

static enum err
check_file(struct request *rq, const struct json *body)
{
	const struct json *assistants = json_get(body, "assistants");
	const struct json *prompts = json_get(body, "prompts");

	if (!span_is(json_text(json_get(body, "lamplight")), "library") ||
		json_int(json_get(body, "version"), 0) != VERSION)
		return request_invalid(rq, "lamplight",
			"This file contains no assistants and prompts that "
			"this version can read.");
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
read_list(struct request *rq, const struct json *body, const char *name,
	bool are_prompts, struct library_put *put)
{
	const struct json *list = json_get(body, name);
	size_t n = json_length(list);
	enum err err;

	for (size_t i = 0; i < n; i++) {
		put->detail = NULL;
		err = library_read(put, json_at(list, i), are_prompts,
			&put->items[put->n]);
		if (err == ERR_INVALID && put->detail != NULL)
			return refuse_item(rq, name, i, put->detail);
		TRY(err);
		put->n++;
	}
	return OK;
}

static enum err
read_file(struct request *rq, const struct json *body, struct library_put *put)
{
	size_t n = json_length(json_get(body, "assistants")) +
		json_length(json_get(body, "prompts"));

	TRY(check_file(rq, body));
	put->items = arena_alloc(rq->arena, (n + 1) * sizeof(*put->items));
	TRY(read_list(rq, body, "assistants", false, put));
	return read_list(rq, body, "prompts", true, put);
}

static void
put_item(struct json_writer *w, const struct library_item *item)
{
	json_open(w, '{');
	json_member_str(w, "kind", item->is_prompt ? "prompt" : "assistant");
	json_member_str(w, "name", library_item_name(item));
	json_member_bool(w, "added", item->added);
	if (item->is_prompt)
		json_member_str(w, "as", item->as);
	if (item->model_lost) {
		json_member_bool(w, "modelLost", true);
	}
	json_close(w, '}');
}

static void
reply_added(struct response *rs, const struct library_put *put)
{
	struct json_writer w = response_json(rs, 200);
	int64_t added = 0;

	for (size_t i = 0; i < put->n; i++)
		added += put->items[i].added;
	json_open(&w, '{');
	json_member_int(&w, "added", added);
	json_member_int(&w, "skipped", (int64_t)put->n - added);
	json_key(&w, "items");
	json_open(&w, '[');
	for (size_t i = 0; i < put->n; i++)
		put_item(&w, &put->items[i]);
	json_close(&w, ']');
	json_close(&w, '}');
}

enum err
library_add(struct request *rq, struct response *rs)
{
	struct library_put put = { .db = rq->db,
		.arena = rq->arena,
		.ids = rq->app->ids,
		.user_id = rq->user_id };
	const struct json *body;
	enum err err;

	if (rq->body.len > LIBRARY_FILE_MAX)
		return ERR_TOO_BIG;
	TRY(request_json(rq, &body));
	TRY(read_file(rq, body, &put));
	err = library_put(&put);
	TRY(admin_refuse(rq, err, put.why));
	reply_added(rs, &put);
	return OK;
}
