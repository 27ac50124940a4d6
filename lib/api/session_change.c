#include "api/session_change.h"

#include "api/app.h"
#include "base/id.h"
#include "chat/models.h"
#include "llm/choice.h"
#include "repo/model.h"
#include "repo/provider.h"
#include "json/json.h"
#include "json/write.h"

/* Reads a boolean member of the body; NULL if it is missing. */
static enum err
read_switch(struct request *rq, const struct json *body, const char *key,
	const bool **out)
{
	const struct json *json = json_get(body, key);
	bool value = json_boolean(json, false);

	*out = NULL;
	if (json_kind(json) == JSON_ABSENT)
		return OK;
	if (json_kind(json) != JSON_BOOL)
		return request_invalid(
			rq, key, "\"%s\" is true or false.", key);
	*out = arena_dup(rq->arena, &value, sizeof(value));
	return OK;
}

static enum err
read_leaf(struct request *rq, const struct json *body, uint64_t *out)
{
	const struct json *json = json_get(body, "leafId");

	*out = 0;
	if (json_kind(json) == JSON_ABSENT)
		return OK;
	if (id_parse(json_text(json), out) != OK)
		return request_invalid(rq, "leafId",
			"\"leafId\" is the id of a message, as a text.");
	return OK;
}

/* ---- the model and its options */

enum err
session_options_read(struct request *rq, struct span json, struct span *out)
{
	struct llm_choice choice;
	struct llm_choice_fault fault;

	if (llm_choice_read(rq->arena, json, &choice, &fault) != OK) {
		rq->about.member = fault.member;
		return request_invalid(rq, "options", "%s", fault.sentence);
	}
	*out = llm_choice_write(rq->arena, &choice);
	return OK;
}

enum err
session_model_find(struct request *rq, uint64_t id)
{
	struct provider_row provider;
	struct model_row model;

	if (id == 0)
		return *rq->app->conf.llm.model != '\0' ? OK : ERR_NOT_FOUND;
	TRY(model_find(rq->db, rq->arena, id, &model));
	TRY(provider_find(rq->db, rq->arena, model.provider_id, &provider));
	return model.enabled && provider.enabled ? OK : ERR_NOT_FOUND;
}

/* Null means the default. */
static enum err
read_model(struct request *rq, const struct json *body, const uint64_t **out)
{
	const struct json *json = json_get(body, "model");
	uint64_t id = 0;
	enum err err = OK;

	if (json_kind(json) == JSON_ABSENT)
		return OK;
	if (json_kind(json) == JSON_TEXT) {
		id = models_id(json_text(json));
		err = session_model_find(rq, id);
	} else if (json_kind(json) != JSON_NULL) {
		return request_invalid(rq, "model",
			"\"model\" is the id of a model, as a text, or null.");
	}
	if (err == ERR_NOT_FOUND)
		return ERR_NO_MODEL;
	*out = arena_dup(rq->arena, &id, sizeof(id));
	return err;
}

/* Null, like an empty object, means that nothing is chosen. */
static enum err
read_options(
	struct request *rq, const struct json *body, const struct span **out)
{
	const struct json *json = json_get(body, "options");
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);
	struct span options, copy;

	if (json_kind(json) == JSON_ABSENT)
		return OK;
	json_put(&w, json);
	copy = arena_span(rq->arena, buf_span(&text));
	buf_free(&text);
	TRY(session_options_read(rq, copy, &options));
	*out = arena_dup(rq->arena, &options, sizeof(options));
	return OK;
}

/* ---- the body */

enum err
session_change_read(struct request *rq, struct session_change *out)
{
	const struct json *body;

	*out = (struct session_change){ 0 };
	TRY(request_json(rq, &body));
	TRY(read_switch(rq, body, "pinned", &out->pinned));
	TRY(read_switch(rq, body, "archived", &out->archived));
	TRY(read_leaf(rq, body, &out->leaf_id));
	TRY(read_model(rq, body, &out->model_id));
	TRY(read_options(rq, body, &out->options));
	if (json_kind(json_get(body, "title")) != JSON_ABSENT)
		return request_line(
			rq, "title", SESSION_TITLE_MAX, &out->title);
	if (out->pinned == NULL && out->archived == NULL && out->leaf_id == 0 &&
		out->model_id == NULL && out->options == NULL)
		return request_invalid(rq, "title",
			"Give \"title\", \"pinned\", \"archived\", \"leafId\", "
			"\"model\" or \"options\".");
	return OK;
}
