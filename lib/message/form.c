#include "message/form.h"

#include <string.h>
#include <strings.h>

/* Any file is longer than this; the paths that people write are shorter. */
#define BASE64_MIN 64

static bool
is_block_state(struct span value)
{
	return json_raw_is(value, "streaming") || json_raw_is(value, "done");
}

static bool
is_metadata(struct span value)
{
	struct span key, inner = { NULL, 0 };

	if (json_raw_kind(value) != JSON_OBJECT)
		return false;
	while (json_raw_member(value, &key, &inner))
		if (json_raw_kind(inner) != JSON_OBJECT)
			return false;
	return true;
}

bool
form_absent(struct span value)
{
	return value.data == NULL || json_raw_kind(value) == JSON_NULL;
}

static bool
is_text_or_absent(struct span value)
{
	return form_absent(value) || json_raw_kind(value) == JSON_TEXT;
}

static bool
is_approval(struct span value, enum form form)
{
	enum { ID, APPROVED, REASON, SIGNATURE, N };
	static const char *const keys[N] = { "id", "approved", "reason",
		"signature" };
	struct span picked[N];
	bool given, yes;

	json_raw_pick(value, keys, N, picked);
	given = json_raw_kind(picked[APPROVED]) == JSON_BOOL;
	yes = span_is(picked[APPROVED], "true");
	if (json_raw_kind(picked[ID]) != JSON_TEXT ||
		!is_text_or_absent(picked[REASON]) ||
		!is_text_or_absent(picked[SIGNATURE]))
		return false;
	if (form == FORM_APPROVAL_ASKED)
		return form_absent(picked[APPROVED]) &&
			form_absent(picked[REASON]);
	return given && (form != FORM_APPROVAL_YES || yes) &&
		(form != FORM_APPROVAL_NO || !yes);
}

/* Plain base64 has no scheme. "/uploads/a.png" has none either, but only the
 * page that wrote it could fetch it. */
static bool
is_base64(struct span text)
{
	if (text.len < BASE64_MIN)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxy"
			   "z0123456789+/-_=",
			    text.data[i]) == NULL)
			return false;
	return true;
}

/* See RFC 3986, 3.1. "blob:" addresses refer to memory of a browser. */
static bool
has_scheme(struct span url)
{
	size_t n = 0;

	while (n < url.len && url.data[n] != '\0' &&
		strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		       "0123456789+-.",
			url.data[n]) != NULL)
		n++;
	return n > 1 && n < url.len && url.data[n] == ':' &&
		(n != 4 || strncasecmp(url.data, "blob", 4) != 0);
}

/* The address is examined unescaped: no scheme contains escapes. */
static bool
is_file_url(struct span raw)
{
	struct span text;

	if (json_raw_kind(raw) != JSON_TEXT)
		return false;
	text = (struct span){ raw.data + 1, raw.len - 2 };
	return has_scheme(text) || is_base64(text);
}

static const char *const sentences[] = {
	[FORM_ANY] = "is required",
	[FORM_TEXT] = "must be a string",
	[FORM_FLAG] = "must be true or false",
	[FORM_BLOCK_STATE] = "must be \"streaming\" or \"done\"",
	[FORM_OBJECT] = "must be an object",
	[FORM_METADATA] = "must be an object of objects",
	[FORM_APPROVAL_ASKED] = "must be an approval that is not answered",
	[FORM_APPROVAL_GIVEN] = "must be an answered approval",
	[FORM_APPROVAL_YES] = "must be an approval that was given",
	[FORM_APPROVAL_NO] = "must be an approval that was refused",
	[FORM_FILE_URL] = ("must be a data: or https: address that everybody "
			   "can read, not one of a page or a path"),
};

bool
form_holds(enum form form, struct span value)
{
	switch (form) {
	case FORM_ANY:
		return true;
	case FORM_TEXT:
		return json_raw_kind(value) == JSON_TEXT;
	case FORM_FLAG:
		return json_raw_kind(value) == JSON_BOOL;
	case FORM_BLOCK_STATE:
		return is_block_state(value);
	case FORM_OBJECT:
		return json_raw_kind(value) == JSON_OBJECT;
	case FORM_METADATA:
		return is_metadata(value);
	case FORM_APPROVAL_ASKED:
	case FORM_APPROVAL_GIVEN:
	case FORM_APPROVAL_YES:
	case FORM_APPROVAL_NO:
		return is_approval(value, form);
	case FORM_FILE_URL:
		return is_file_url(value);
	}
	return false;
}

const char *
form_sentence(enum form form)
{
	return sentences[form];
}
