/* Imports assistants and prompts: lines of a full export, or the file in which
 * the page exports only them. Each is stored separately. */

#include "api/admin_form.h"
#include "api/library_put.h"
#include "lamplight/import.h"

/* The name of the item, if it has one, whatever its kind. */
static struct span
name_in(struct import_chat *texts, struct span item)
{
	struct span name = json_raw_get(item, "name");

	return json_raw_kind(name) == JSON_TEXT ? import_text(texts, name)
						: (struct span){ NULL, 0 };
}

/* Reports a refusal and continues; any other error ends the import. */
static enum err
settle(struct library_put *put, enum err err, struct import_saved *saved)
{
	if (err == OK) {
		saved->result =
			put->items[0].added ? IMPORT_DONE : IMPORT_THERE;
		return OK;
	}
	saved->result = IMPORT_REFUSED;
	saved->detail = put->why != REFUSED_NOT ? admin_form_sentence(put->why)
						: put->detail;
	if (err == ERR_DENIED)
		return ERR_NOT_FOUND;
	return (err == ERR_INVALID || err == ERR_CONFLICT) &&
			saved->detail != NULL
		? OK
		: err;
}

static enum err
put_item(const struct import_store *to, struct arena *arena, struct span raw,
	struct import_saved *saved)
{
	struct library_item item;
	struct library_put put = { .db = to->db,
		.arena = arena,
		.ids = to->ids,
		.user_id = to->user_id,
		.items = &item,
		.n = 1 };
	const struct json *json;
	enum err err = json_parse(arena, raw, &json);

	if (err != OK) {
		put.detail = "it is nested too deep, or too large.";
		return settle(&put, ERR_INVALID, saved);
	}
	err = library_read(&put, json, saved->is_prompt, &item);
	if (err == OK)
		err = library_put(&put);
	return settle(&put, err, saved);
}

static enum err
take_item(const struct import_store *to, struct span raw, bool is_prompt,
	struct import_report *said)
{
	struct import_chat texts = { 0 };
	struct import_saved saved = { .is_prompt = is_prompt,
		.name = name_in(&texts, raw) };
	enum err err = put_item(to, &texts.arena, raw, &saved);

	if (err == OK)
		import_say_saved(said, &saved);
	import_chat_free(&texts);
	return err;
}

static enum err
take_list(const struct import_store *to, struct span list, bool are_prompts,
	struct import_report *said)
{
	struct span item = { NULL, 0 };

	while (json_raw_kind(list) == JSON_ARRAY && json_raw_next(list, &item))
		TRY(take_item(to, item, are_prompts, said));
	return OK;
}

/* Other programs also have lines of type "assistant", which are messages. */
static bool
is_line_of(struct span value, const char *type)
{
	return import_is_line(value, type) &&
		json_raw_kind(json_raw_get(value, type)) == JSON_OBJECT;
}

enum err
import_saved(const struct import_store *to, struct span value,
	struct import_report *said, bool *taken)
{
	*taken = true;
	if (is_line_of(value, "assistant"))
		return take_item(
			to, json_raw_get(value, "assistant"), false, said);
	if (is_line_of(value, "prompt"))
		return take_item(to, json_raw_get(value, "prompt"), true, said);
	*taken = json_raw_is(json_raw_get(value, "lamplight"), "library");
	if (!*taken)
		return OK;
	TRY(take_list(to, json_raw_get(value, "assistants"), false, said));
	return take_list(to, json_raw_get(value, "prompts"), true, said);
}
