#include "api/library_put.h"

#include "api/assistant_form.h"
#include "base/clock.h"
#include "repo/model.h"
#include "repo/provider.h"
#include "repo/saved.h"

#include <string.h>

/* The highest number appended to a prompt's name. */
#define NUMBERS_MAX 99

const char *
library_item_name(const struct library_item *item)
{
	return item->is_prompt ? item->prompt.name : item->assistant.text.name;
}

/* ---- reading */

static enum err
find_model(struct library_put *put, uint64_t id)
{
	struct provider_row provider;
	struct model_row model;

	TRY(model_find(put->db, put->arena, id, &model));
	TRY(provider_find(put->db, put->arena, model.provider_id, &provider));
	return model.enabled && provider.enabled ? OK : ERR_NOT_FOUND;
}

/* A model from another site becomes the default here. */
static enum err
keep_model(struct library_put *put, struct library_item *item)
{
	uint64_t *id = &item->assistant.text.model_id;
	enum err err = *id != 0 ? find_model(put, *id) : OK;

	if (err != ERR_NOT_FOUND)
		return err;
	*id = 0;
	item->model_lost = true;
	return OK;
}

static enum err
refuse(struct library_put *put, const struct admin_form *form)
{
	put->detail = form->detail;
	return ERR_INVALID;
}

static enum err
read_assistant(struct library_put *put, const struct json *json,
	struct library_item *out)
{
	struct assistant_form form = assistant_form(put->arena, json);

	if (assistant_form_new(&form) != OK)
		return refuse(put, &form.form);
	out->assistant = (struct assistant){ .owner_id = put->user_id,
		.text = form.text };
	TRY(keep_model(put, out));
	return snowflake_next(put->ids, 0, &out->assistant.id);
}

static enum err
read_prompt(struct library_put *put, const struct json *json,
	struct library_item *out)
{
	struct prompt_form form = prompt_form(put->arena, json);

	if (prompt_form_new(&form) != OK)
		return refuse(put, &form.form);
	out->prompt = (struct saved_prompt){
		.owner_id = put->user_id, .name = form.name, .text = form.text
	};
	return snowflake_next(put->ids, 0, &out->prompt.id);
}

enum err
library_read(struct library_put *put, const struct json *json, bool is_prompt,
	struct library_item *out)
{
	*out = (struct library_item){ .is_prompt = is_prompt };
	if (json_kind(json) != JSON_OBJECT) {
		put->detail = "it is no object.";
		return ERR_INVALID;
	}
	return is_prompt ? read_prompt(put, json, out)
			 : read_assistant(put, json, out);
}

/* ---- writing, in a transaction */

struct own {
	struct library_put *put;
	struct assistant_list assistants;
	struct saved_prompt_list prompts;
	int64_t now_ms;
};

static bool
same_or_none(struct span a, struct span b)
{
	return a.data == NULL || b.data == NULL ? a.data == b.data
						: span_equal(a, b);
}

static bool
same_text(const struct assistant_text *a, const struct assistant_text *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->icon, b->icon) == 0 &&
		strcmp(a->description, b->description) == 0 &&
		a->model_id == b->model_id &&
		span_equal(a->instructions, b->instructions) &&
		span_equal(a->options, b->options) &&
		same_or_none(a->tools, b->tools) &&
		span_equal(a->starters, b->starters);
}

static enum err
put_assistant(struct db *db, struct own *own, struct library_item *item)
{
	const struct assistant *row = &item->assistant;

	for (size_t i = 0; i < own->assistants.n; i++)
		if (same_text(&own->assistants.list[i].text, &row->text))
			return OK;
	TRY(assistant_insert(db, row, own->now_ms, &own->put->why));
	own->assistants.list[own->assistants.n++] = *row;
	item->added = true;
	return OK;
}

static const struct saved_prompt *
find_prompt(const struct own *own, const char *name)
{
	for (size_t i = 0; i < own->prompts.n; i++)
		if (strcmp(own->prompts.list[i].name, name) == 0)
			return &own->prompts.list[i];
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
put_prompt(struct db *db, struct own *own, struct library_item *item)
{
	struct saved_prompt row = item->prompt;
	const struct saved_prompt *there;

	for (int n = 1; n <= NUMBERS_MAX; n++) {
		row.name = numbered(own->put->arena, item->prompt.name, n);
		item->as = row.name;
		there = find_prompt(own, row.name);
		if (there == NULL)
			break;
		if (span_equal(there->text, row.text))
			return OK;
	}
	TRY(saved_prompt_insert(db, &row, own->now_ms, &own->put->why));
	own->prompts.list[own->prompts.n++] = row;
	item->added = true;
	return OK;
}

/* Locks the owner's row first, so that simultaneous imports take turns. */
static enum err
put_all(struct db *db, void *arg)
{
	struct own *own = arg;
	struct library_put *put = own->put;

	put->why = REFUSED_NOT;
	TRY(saved_lock_owner(db, put->arena, put->user_id));
	TRY(assistant_list_own(db, put->arena, put->user_id, &own->assistants));
	TRY(saved_prompt_list_own(db, put->arena, put->user_id, &own->prompts));
	for (size_t i = 0; i < put->n; i++) {
		struct library_item *item = &put->items[i];

		item->added = false;
		TRY(item->is_prompt ? put_prompt(db, own, item)
				    : put_assistant(db, own, item));
	}
	return saved_check_room(db, put->user_id, &put->why);
}

enum err
library_put(struct library_put *put)
{
	struct own own = { .put = put, .now_ms = clock_wall_ms() };

	return db_transaction(put->db, put_all, &own);
}
