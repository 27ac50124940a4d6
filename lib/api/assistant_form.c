#include "api/assistant_form.h"

#include "chat/models.h"
#include "llm/choice.h"
#include "repo/instructions.h"
#include "json/line.h"
#include "json/pages.h"
#include "json/utf8.h"
#include "json/write.h"

/* ---- shared by both */

/* Reads a line of 0 to *max* characters; null becomes "". */
static enum err
read_line_or_none(struct admin_form *form, const struct json *value, size_t max,
	const char **out)
{
	struct span text = json_text(value), line = { NULL, 0 };

	*out = "";
	if (json_kind(value) == JSON_NULL || (text.data && text.len == 0))
		return OK;
	if (text.data != NULL && text.len <= max * JSON_CHAR_MAX &&
		utf8_valid(text))
		line = line_seen(form->arena, text);
	if (line.data == NULL || utf8_length(line) > max)
		return admin_form_bad(form,
			"\"%s\" is a text of at most %zu characters.",
			form->field, max);
	*out = arena_str(form->arena, line.data, line.len);
	return OK;
}

/* Reads a text of 0 to *max* characters. */
static enum err
read_pages(struct admin_form *form, const struct json *value, size_t max,
	struct span *out)
{
	struct span text = pages_trimmed(form->arena, json_text(value));

	if (json_kind(value) != JSON_TEXT || !pages_are_text(text) ||
		utf8_length(text) > max)
		return admin_form_bad(form,
			"\"%s\" is a text of at most %zu characters.",
			form->field, max);
	*out = text;
	return OK;
}

static enum err
read_switch(struct admin_form *form, const struct json *value, const bool **out)
{
	bool given = false;

	TRY(admin_form_bool(form, value, &given));
	*out = arena_dup(form->arena, &given, sizeof(given));
	return OK;
}

static enum err
pass_over(struct admin_form *form, const struct json *value, void *arg)
{
	(void)form;
	(void)value;
	(void)arg;
	return OK;
}

/* ---- an assistant */

static struct assistant_text *
text_of(void *arg)
{
	struct assistant_form *form = arg;

	form->says_text = true;
	return &form->text;
}

static enum err
read_name(struct admin_form *form, const struct json *value, void *arg)
{
	return admin_form_line(
		form, value, ASSISTANT_NAME_MAX, &text_of(arg)->name);
}

/* An icon is a single sign, as people see it. */
static enum err
read_icon(struct admin_form *form, const struct json *value, void *arg)
{
	struct assistant_text *text = text_of(arg);
	struct span icon;

	TRY(read_line_or_none(form, value, ASSISTANT_ICON_MAX, &text->icon));
	icon = span_of(text->icon);
	return utf8_prefix(icon, 1).len == icon.len
		? OK
		: admin_form_bad(form, "\"icon\" is one emoji, or empty.");
}

static enum err
read_description(struct admin_form *form, const struct json *value, void *arg)
{
	return read_line_or_none(form, value, ASSISTANT_DESCRIPTION_MAX,
		&text_of(arg)->description);
}

static enum err
read_model(struct admin_form *form, const struct json *value, void *arg)
{
	struct assistant_text *text = text_of(arg);
	struct assistant_form *said = arg;

	text->model_id = 0;
	if (json_kind(value) == JSON_NULL)
		return OK;
	if (json_kind(value) != JSON_TEXT)
		return admin_form_bad(form,
			"\"modelId\" is the id of a model, as a text, or "
			"null.");
	said->says_model = true;
	text->model_id = models_id(json_text(value));
	return OK;
}

static enum err
read_instructions(struct admin_form *form, const struct json *value, void *arg)
{
	struct assistant_text *text = text_of(arg);

	text->instructions = (struct span){ NULL, 0 };
	if (json_kind(value) == JSON_NULL)
		return OK;
	TRY(read_pages(form, value, INSTRUCTIONS_MAX, &text->instructions));
	if (text->instructions.len == 0)
		text->instructions = (struct span){ NULL, 0 };
	return OK;
}

static enum err
read_options(struct admin_form *form, const struct json *value, void *arg)
{
	struct assistant_text *text = text_of(arg);
	struct span json = { NULL, 0 };
	struct llm_choice choice;
	struct llm_choice_fault fault;

	TRY(admin_form_json(form, value, LLM_CHOICE_MAX, &json));
	if (llm_choice_read(form->arena, json, &choice, &fault) != OK) {
		form->about.member = fault.member;
		return admin_form_bad(form, "%s", fault.sentence);
	}
	text->options = llm_choice_write(form->arena, &choice);
	return OK;
}

/* ---- the lists of an assistant */

struct texts {
	size_t n_max, len_max;
	const char *what;
};

/* Reads a JSON list of lines; *out* is absent for null. */
static enum err
read_texts(struct admin_form *form, const struct json *value,
	const struct texts *texts, struct span *out)
{
	struct buf list = BUF_INIT;
	struct json_writer w = json_writer(&list);
	size_t n = json_length(value);
	const char *line = NULL;
	enum err err = OK;

	*out = (struct span){ NULL, 0 };
	if (json_kind(value) == JSON_NULL)
		return OK;
	if (json_kind(value) != JSON_ARRAY || n > texts->n_max)
		return admin_form_bad(form,
			"\"%s\" is a list of at most %zu %s.", form->field,
			texts->n_max, texts->what);
	json_open(&w, '[');
	for (size_t i = 0; err == OK && i < n; i++) {
		err = admin_form_line(
			form, json_at(value, i), texts->len_max, &line);
		if (err == OK)
			json_put_str(&w, line);
	}
	json_close(&w, ']');
	if (err == OK)
		*out = arena_span(form->arena, buf_span(&list));
	buf_free(&list);
	return err;
}

static enum err
read_tools(struct admin_form *form, const struct json *value, void *arg)
{
	static const struct texts names = { ASSISTANT_TOOLS_MAX,
		ASSISTANT_TOOL_MAX, "names of tools, or null for all" };

	return read_texts(form, value, &names, &text_of(arg)->tools);
}

static enum err
read_starters(struct admin_form *form, const struct json *value, void *arg)
{
	static const struct texts questions = { ASSISTANT_STARTERS_MAX,
		ASSISTANT_STARTER_MAX, "texts" };
	struct assistant_text *text = text_of(arg);

	TRY(read_texts(form, value, &questions, &text->starters));
	if (json_length(value) == 0)
		text->starters = (struct span){ NULL, 0 };
	return OK;
}

static enum err
read_published(struct admin_form *form, const struct json *value, void *arg)
{
	return read_switch(
		form, value, &((struct assistant_form *)arg)->published);
}

static const struct admin_member members[] = {
	{ "name", read_name },
	{ "icon", read_icon },
	{ "description", read_description },
	{ "modelId", read_model },
	{ "instructions", read_instructions },
	{ "options", read_options },
	{ "tools", read_tools },
	{ "starters", read_starters },
	{ "published", read_published },
	{ "id", pass_over },
	{ "mine", pass_over },
	{ "updateTime", pass_over },
};

struct assistant_form
assistant_form(struct arena *arena, const struct json *body)
{
	return (struct assistant_form){ .form = { .arena = arena,
						.body = body },
		.text = { .icon = "", .description = "" } };
}

enum err
assistant_form_read(struct assistant_form *form)
{
	return admin_form_read(&form->form, members, LENGTH(members), form);
}

enum err
assistant_form_new(struct assistant_form *form)
{
	TRY(assistant_form_read(form));
	form->form.field = "name";
	return form->text.name != NULL
		? OK
		: admin_form_bad(&form->form, "\"name\" is missing.");
}

/* ---- a prompt */

static bool
is_name(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-')
			return false;
	}
	return text.len > 0 && text.len <= SAVED_PROMPT_NAME_MAX;
}

static enum err
read_prompt_name(struct admin_form *form, const struct json *value, void *arg)
{
	struct prompt_form *said = arg;
	struct span text = json_text(value);

	if (!is_name(text))
		return admin_form_bad(form,
			"\"name\" has 1 to %d of the letters a to z, digits "
			"and \"-\".",
			SAVED_PROMPT_NAME_MAX);
	said->name = arena_str(form->arena, text.data, text.len);
	return OK;
}

static enum err
read_prompt_text(struct admin_form *form, const struct json *value, void *arg)
{
	struct prompt_form *said = arg;

	TRY(read_pages(form, value, SAVED_PROMPT_TEXT_MAX, &said->text));
	return said->text.len > 0
		? OK
		: admin_form_bad(form, "\"text\" must be the prompt's text.");
}

static enum err
read_prompt_published(
	struct admin_form *form, const struct json *value, void *arg)
{
	return read_switch(
		form, value, &((struct prompt_form *)arg)->published);
}

static const struct admin_member prompt_members[] = {
	{ "name", read_prompt_name },
	{ "text", read_prompt_text },
	{ "published", read_prompt_published },
	{ "id", pass_over },
	{ "mine", pass_over },
};

struct prompt_form
prompt_form(struct arena *arena, const struct json *body)
{
	return (struct prompt_form){ .form = { .arena = arena, .body = body } };
}

enum err
prompt_form_read(struct prompt_form *form)
{
	return admin_form_read(
		&form->form, prompt_members, LENGTH(prompt_members), form);
}

enum err
prompt_form_new(struct prompt_form *form)
{
	TRY(prompt_form_read(form));
	form->form.field = form->name == NULL ? "name" : "text";
	return form->name != NULL && form->text.data != NULL
		? OK
		: admin_form_bad(
			  &form->form, "\"%s\" is missing.", form->form.field);
}
