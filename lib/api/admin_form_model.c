/* Checks the description of a model (admin_form.h). */

#include "api/admin_form.h"
#include "base/id.h"
#include "llm/wires.h"
#include "wire/takes.h"
#include "json/line.h"
#include "json/utf8.h"

#define TEMPERATURE_MAX 2
#define TEMPERATURE_LEN 32

static enum err
read_id(struct admin_form *form, const struct json *value, uint64_t *out)
{
	if (id_parse(json_text(value), out) != OK)
		return admin_form_bad(form,
			"\"%s\" is an id, a text of digits as the server gave "
			"it.",
			form->field);
	return OK;
}

static enum err
read_provider(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_row *row = arg;

	return read_id(form, value, &row->provider_id);
}

static enum err
read_name(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_row *row = arg;

	return admin_form_line(
		form, value, MODEL_NAME_MAX, &row->upstream_name);
}

static enum err
read_label(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_row *row = arg;

	return admin_form_line(form, value, MODEL_LABEL_MAX, &row->label);
}

static enum err
read_context(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_row *row = arg;

	return admin_form_int(form, value,
		(struct admin_range){ 512, MODEL_TOKENS_MAX, 0, false },
		&row->context_tokens);
}

static enum err
read_takes(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_row *row = arg;
	struct span words = json_text(value);
	struct llm_takes takes = { 0 };

	if (json_kind(value) == JSON_NULL)
		words = span_of("");
	if (words.data == NULL || words.len > MODEL_TAKES_MAX ||
		llm_takes_read(&takes, words, true) != OK)
		return admin_form_bad(form,
			"\"takes\" contains words like images=off. The "
			"comments in lamplight.conf list them (llm.takes).");
	row->takes = arena_span(form->arena, words);
	return OK;
}

static enum err
read_options(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_row *row = arg;

	row->options = (struct span){ NULL, 0 };
	if (json_kind(value) == JSON_NULL ||
		(json_kind(value) == JSON_OBJECT && json_length(value) == 0))
		return OK;
	if (json_kind(value) != JSON_OBJECT)
		return admin_form_bad(
			form, "\"options\" is a JSON object, or null.");
	return admin_form_json(form, value, MODEL_OPTIONS_MAX, &row->options);
}

static enum err
read_temperature(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_row *row = arg;
	double number = json_kind(value) == JSON_INT
		? (double)json_int(value, -1)
		: json_double(value, -1);

	row->temperature = (struct span){ NULL, 0 };
	if (json_kind(value) == JSON_NULL)
		return OK;
	if (!(number >= 0 && number <= TEMPERATURE_MAX))
		return admin_form_bad(form,
			"\"temperature\" is a number from 0 to %d, or null.",
			TEMPERATURE_MAX);
	return admin_form_json(form, value, TEMPERATURE_LEN, &row->temperature);
}

static enum err
read_max_tokens(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_row *row = arg;

	return admin_form_int(form, value,
		(struct admin_range){ 1, MODEL_TOKENS_MAX, 0, false },
		&row->max_tokens);
}

static enum err
read_effort(struct admin_form *form, const struct json *value, void *arg)
{
	static const char *const words[] = { "none", "minimal", "low", "medium",
		"high" };
	struct model_row *row = arg;

	if (json_kind(value) == JSON_NULL) {
		row->effort = NULL;
		return OK;
	}
	for (size_t i = 0; i < LENGTH(words); i++) {
		if (!span_is(json_text(value), words[i]))
			continue;
		row->effort = words[i];
		return OK;
	}
	return admin_form_bad(form,
		"\"effort\" is none, minimal, low, medium or high, or null.");
}

/* ---- prices */

static enum err
read_price(struct admin_form *form, const struct json *value, int64_t *out)
{
	return admin_form_int(form, value,
		(struct admin_range){ 0, MODEL_PRICE_MAX, -1, false }, out);
}

static enum err
read_input(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_prices *prices = arg;

	return read_price(form, value, &prices->input);
}

static enum err
read_cached(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_prices *prices = arg;

	return read_price(form, value, &prices->cached);
}

static enum err
read_output(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_prices *prices = arg;

	return read_price(form, value, &prices->output);
}

static const struct admin_member price_members[] = {
	{ "input", read_input },
	{ "cached", read_cached },
	{ "output", read_output },
};

static enum err
read_prices(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_row *row = arg;
	struct admin_form inner = { .arena = form->arena, .body = value };
	enum err err;

	if (json_kind(value) == JSON_NULL) {
		row->prices = (struct model_prices){ -1, -1, -1 };
		return OK;
	}
	if (json_kind(value) != JSON_OBJECT)
		return admin_form_bad(form,
			"\"prices\" is {\"input\", \"cached\", \"output\"}, or "
			"null.");
	err = admin_form_read(
		&inner, price_members, LENGTH(price_members), &row->prices);
	form->detail = inner.detail;
	return err;
}

/* ---- references, options and the form */

static enum err
read_fallback(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_row *row = arg;

	row->fallback_id = 0;
	return json_kind(value) == JSON_NULL
		? OK
		: read_id(form, value, &row->fallback_id);
}

static enum err
read_position(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_row *row = arg;

	return admin_form_int(form, value,
		(struct admin_range){
			-MODEL_POSITION_MAX, MODEL_POSITION_MAX, 0, true },
		&row->position);
}

static enum err
read_enabled(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_row *row = arg;

	return admin_form_bool(form, value, &row->enabled);
}

static enum err
read_default(struct admin_form *form, const struct json *value, void *arg)
{
	struct model_row *row = arg;

	return admin_form_bool(form, value, &row->is_default);
}

static const struct admin_member members[] = {
	{ "providerId", read_provider },
	{ "upstreamName", read_name },
	{ "label", read_label },
	{ "contextTokens", read_context },
	{ "takes", read_takes },
	{ "options", read_options },
	{ "temperature", read_temperature },
	{ "maxTokens", read_max_tokens },
	{ "effort", read_effort },
	{ "prices", read_prices },
	{ "fallbackId", read_fallback },
	{ "position", read_position },
	{ "enabled", read_enabled },
	{ "isDefault", read_default },
};

struct model_row
admin_form_new_model(uint64_t id)
{
	return (struct model_row){ .id = id,
		.takes = span_of(""),
		.prices = { -1, -1, -1 },
		.enabled = true };
}

/* Refuses options that the wire sets itself. */
static enum err
check_options(
	struct admin_form *form, const char *kind, const struct model_row *row)
{
	const struct json *options;
	const char *const *reserved;
	int64_t number;

	if (row->options.data == NULL || kind == NULL ||
		!wire_find(span_of(kind), &number))
		return OK;
	form->field = "options";
	TRY(json_parse(form->arena, row->options, &options));
	reserved = wire_of(number)->reserved;
	for (size_t i = 0; reserved[i] != NULL; i++) {
		if (json_get(options, reserved[i]) == NULL)
			continue;
		form->about.rule = "reserved";
		form->about.member = reserved[i];
		return admin_form_bad(form,
			"\"options\" cannot contain \"%s\": the server sets "
			"it.",
			reserved[i]);
	}
	form->field = NULL;
	return OK;
}

enum err
admin_form_kind(struct admin_form *form, const char *kind, uint64_t provider_id,
	const struct model_list *models)
{
	for (size_t i = 0; i < models->n; i++) {
		const struct model_row *row = &models->list[i];
		struct admin_form own = { .arena = form->arena };

		if (row->provider_id != provider_id ||
			check_options(&own, kind, row) == OK)
			continue;
		form->field = "kind";
		form->about = own.about;
		form->about.model = row->label;
		return admin_form_bad(form, "Its model \"%.*s\": %s",
			(int)utf8_prefix(span_of(row->label), 40).len,
			row->label,
			own.detail != NULL ? own.detail
					   : "\"options\" cannot be read.");
	}
	return OK;
}

enum err
admin_form_model(
	struct admin_form *form, const char *kind, struct model_row *row)
{
	TRY(admin_form_read(form, members, LENGTH(members), row));
	form->field = row->provider_id == 0 ? "providerId" : "upstreamName";
	if (row->provider_id == 0 || row->upstream_name == NULL)
		return admin_form_bad(form, "\"%s\" is missing.", form->field);
	form->field = NULL;
	if (row->label == NULL)
		row->label = line_cut(form->arena, span_of(row->upstream_name),
			MODEL_LABEL_MAX, MODEL_LABEL_MAX)
				     .data;
	return check_options(form, kind, row);
}
