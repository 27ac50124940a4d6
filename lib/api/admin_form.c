#include "api/admin_form.h"

#include "json/line.h"
#include "json/utf8.h"
#include "json/write.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum err
admin_form_bad(struct admin_form *form, const char *format, ...)
{
	char detail[256];
	va_list args;

	va_start(args, format);
	vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	form->detail = arena_str(form->arena, detail, strlen(detail));
	return ERR_INVALID;
}

static const struct admin_member *
member_of(const struct admin_member *members, size_t n, struct span key)
{
	for (size_t i = 0; i < n; i++)
		if (span_is(key, members[i].key))
			return &members[i];
	return NULL;
}

enum err
admin_form_read(struct admin_form *form, const struct admin_member *members,
	size_t n, void *arg)
{
	const struct admin_member *member;
	const struct json *value;
	struct span key;
	size_t at = 0;

	while (json_next(form->body, &at, &key, &value)) {
		if (span_is(key, "version"))
			continue;
		member = member_of(members, n, key);
		form->field = member != NULL ? member->key : NULL;
		if (member == NULL)
			return admin_form_bad(form, "Unknown member: \"%.*s\".",
				(int)utf8_prefix(key, 64).len, key.data);
		TRY(member->read(form, value, arg));
	}
	form->field = NULL;
	return OK;
}

enum err
admin_form_line(struct admin_form *form, const struct json *value, size_t max,
	const char **out)
{
	struct span text = json_text(value), line = { NULL, 0 };

	if (text.len > 0 && text.len <= max * JSON_CHAR_MAX && utf8_valid(text))
		line = line_seen(form->arena, text);
	if (line.len == 0 || utf8_length(line) > max)
		return admin_form_bad(form,
			"\"%s\" is a text of 1 to %zu visible characters.",
			form->field, max);
	*out = arena_str(form->arena, line.data, line.len);
	return OK;
}

enum err
admin_form_bool(struct admin_form *form, const struct json *value, bool *out)
{
	if (json_kind(value) != JSON_BOOL)
		return admin_form_bad(
			form, "\"%s\" is true or false.", form->field);
	*out = json_boolean(value, false);
	return OK;
}

enum err
admin_form_int(struct admin_form *form, const struct json *value,
	struct admin_range range, int64_t *out)
{
	int64_t number = json_int(value, INT64_MIN);

	if (json_kind(value) == JSON_NULL && !range.required) {
		*out = range.otherwise;
		return OK;
	}
	if (json_kind(value) != JSON_INT || number < range.min ||
		number > range.max)
		return admin_form_bad(form,
			"\"%s\" is a whole number from %" PRId64 " to %" PRId64
			"%s.",
			form->field, range.min, range.max,
			range.required ? "" : ", or null");
	*out = number;
	return OK;
}

enum err
admin_form_json(struct admin_form *form, const struct json *value, size_t max,
	struct span *out)
{
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);
	bool fits;

	json_put(&w, value);
	fits = text.len <= max;
	if (fits)
		*out = arena_span(form->arena, buf_span(&text));
	buf_free(&text);
	return fits ? OK
		    : admin_form_bad(form, "\"%s\" has at most %zu bytes.",
			      form->field, max);
}

/* ---- why a change was refused */

static const struct {
	const char *code, *sentence;
} refusals[] = {
	[REFUSED_NOT] = { "conflict", "Try again." },
	[REFUSED_CHANGED] = { "changed_elsewhere",
		"Somebody else has changed this meanwhile. Check it again "
		"before you change it." },
	[REFUSED_NAME] = { "name_taken", "This name is already taken." },
	[REFUSED_IN_USE] = { "in_use",
		"This provider has models. Remove them first." },
	[REFUSED_TOO_MANY] = { "too_many",
		"The maximum number is reached. Remove some first." },
	[REFUSED_PROVIDER] = { "provider_unknown",
		"There is no such provider." },
	[REFUSED_FALLBACK] = { "fallback_unknown",
		"The fallback model does not exist, or is this model itself." },
	[REFUSED_FULL] = { "library_full",
		"Your assistants and prompts use all their storage. Remove "
		"some first." },
};

const char *
admin_form_code(enum refusal why)
{
	return refusals[why].code;
}

const char *
admin_form_sentence(enum refusal why)
{
	return refusals[why].sentence;
}
