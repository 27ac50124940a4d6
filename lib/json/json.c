#include "json/json.h"

#include "base/buf.h"
#include "json/scan.h"

#include <json-c/json.h>
#include <pthread.h>
#include <stdlib.h>

/* json-c represents null by a NULL pointer, which here means absent. */
static char null_value;
#define NULL_VALUE ((const struct json *)(const void *)&null_value)

static struct json_object *
object(const struct json *json)
{
	if (json == NULL || json == NULL_VALUE)
		return NULL;
	return (struct json_object *)(uintptr_t)json;
}

static const struct json *
wrap(struct json_object *obj)
{
	return obj != NULL ? (const struct json *)(const void *)obj
			   : NULL_VALUE;
}

static bool
is_surrogate_escape(const char *at, const char *end, unsigned first)
{
	return end - at >= 6 && at[0] == '\\' && at[1] == 'u' &&
		(scan_hex4(at + 2) & 0xfc00) == first;
}

/* Copies one escape; a lone surrogate becomes its three bytes, because json-c
 * would replace it. Returns the position after it. */
static const char *
copy_escape(struct buf *out, const char *at, const char *end)
{
	size_t len = 2;
	unsigned unit;

	if (is_surrogate_escape(at, end, 0xd800) &&
		is_surrogate_escape(at + 6, end, 0xdc00)) {
		len = 12;
	} else if (is_surrogate_escape(at, end, 0xd800) ||
		is_surrogate_escape(at, end, 0xdc00)) {
		unit = scan_hex4(at + 2);
		buf_putc(out, (char)0xed);
		buf_putc(out, (char)(0x80 | ((unit >> 6) & 0x3f)));
		buf_putc(out, (char)(0x80 | (unit & 0x3f)));
		return at + 6;
	}
	buf_append(out, at, len);
	return at + len;
}

/* json-c clamps integers beyond 64 bits, so long ones become doubles. */
static const char *
copy_number(struct buf *out, const char *at, const char *end)
{
	const char *start = at;
	bool integer = true;

	while (at < end && strchr("+-.0123456789eE", *at) != NULL) {
		integer = integer && strchr("+.eE", *at) == NULL;
		at++;
	}
	buf_append(out, start, (size_t)(at - start));
	if (integer && at - start > 18)
		buf_puts(out, "e0");
	return at;
}

static const char *
copy_quoted(struct buf *out, const char *at, const char *end)
{
	const char *start = at++;

	while (*at != '"') {
		if (*at != '\\') {
			at++;
			continue;
		}
		buf_append(out, start, (size_t)(at - start));
		at = start = copy_escape(out, at, end);
	}
	at++;
	buf_append(out, start, (size_t)(at - start));
	return at;
}

/* Rewrites checked text where json-c would lose information. */
static void
adapt(struct buf *out, struct span text)
{
	const char *at = text.data, *end = text.data + text.len;

	while (at < end) {
		if (*at == '"')
			at = copy_quoted(out, at, end);
		else if (*at == '-' || (*at >= '0' && *at <= '9'))
			at = copy_number(out, at, end);
		else
			buf_putc(out, *at++);
	}
}

/* Whether adapt() could change anything: a \uD... escape or 18 digits in a
 * row. */
static bool
needs_adapting(struct span text)
{
	unsigned digits = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		digits = c >= '0' && c <= '9' ? digits + 1 : 0;
		if (digits >= 18)
			return true;
		if (c == '\\' && text.len - i > 2 && text.data[i + 1] == 'u' &&
			(text.data[i + 2] | 0x20) == 'd')
			return true;
	}
	return false;
}

static void
put_object(void *obj)
{
	json_object_put(obj);
}

/* One tokener per thread: creating one costs more than parsing most texts. */
static pthread_key_t tokener_key;

static void
free_tokener(void *tok)
{
	json_tokener_free(tok);
}

static void
make_tokener_key(void)
{
	if (pthread_key_create(&tokener_key, free_tokener) != 0)
		abort();
}

static struct json_tokener *
tokener(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct json_tokener *own;

	pthread_once(&once, make_tokener_key);
	own = pthread_getspecific(tokener_key);
	if (own == NULL) {
		own = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
		if (own == NULL || pthread_setspecific(tokener_key, own) != 0)
			abort();
	}
	json_tokener_reset(own);
	return own;
}

/* *text* has been checked. */
static enum err
parse(struct arena *arena, struct span text, const struct json **out)
{
	struct json_tokener *tok = tokener();
	struct buf adapted = BUF_INIT;
	struct json_object *obj;

	if (text.len >= INT32_MAX / 2)
		return ERR_TOO_BIG;
	if (needs_adapting(text)) {
		adapt(&adapted, text);
		text = buf_span(&adapted);
	}
	obj = json_tokener_parse_ex(tok, text.data, (int)text.len);
	/* A bare number could continue: it ends only with a NUL, which the text
	 * lacks. */
	if (obj == NULL && json_tokener_get_error(tok) == json_tokener_continue)
		obj = json_tokener_parse_ex(tok, "", 1);
	buf_free(&adapted);
	if (obj == NULL && json_tokener_get_error(tok) != json_tokener_success)
		return ERR_INVALID;
	if (obj != NULL)
		arena_defer(arena, put_object, obj);
	*out = wrap(obj);
	return OK;
}

enum err
json_parse_within(struct arena *arena, struct span text, size_t tree_max,
	const struct json **out)
{
	TRY(json_check_tree(text, tree_max, false));
	return parse(arena, text, out);
}

enum err
json_parse_loose(struct arena *arena, struct span text, const struct json **out)
{
	return json_parse_within(arena, text, JSON_TREE_SMALL, out);
}

enum err
json_parse(struct arena *arena, struct span text, const struct json **out)
{
	TRY(json_check_tree(text, JSON_TREE_MAX, true));
	return parse(arena, text, out);
}

enum err
json_parse_own(struct arena *arena, struct span text, const struct json **out)
{
	TRY(json_check_tree(text, SIZE_MAX, true));
	return parse(arena, text, out);
}

enum json_kind
json_kind(const struct json *json)
{
	if (json == NULL)
		return JSON_ABSENT;
	switch (json_object_get_type(object(json))) {
	case json_type_null:
		return JSON_NULL;
	case json_type_boolean:
		return JSON_BOOL;
	case json_type_int:
		return JSON_INT;
	case json_type_double:
		return JSON_DOUBLE;
	case json_type_string:
		return JSON_TEXT;
	case json_type_array:
		return JSON_ARRAY;
	case json_type_object:
		return JSON_OBJECT;
	}
	abort();
}

const struct json *
json_get(const struct json *json, const char *key)
{
	struct json_object *value;

	if (json_kind(json) != JSON_OBJECT ||
		!json_object_object_get_ex(object(json), key, &value))
		return NULL;
	return wrap(value);
}

const struct json *
json_at(const struct json *json, size_t index)
{
	if (json_kind(json) != JSON_ARRAY || index >= json_length(json))
		return NULL;
	return wrap(json_object_array_get_idx(object(json), index));
}

size_t
json_length(const struct json *json)
{
	if (json_kind(json) == JSON_ARRAY)
		return json_object_array_length(object(json));
	if (json_kind(json) == JSON_OBJECT)
		return (size_t)json_object_object_length(object(json));
	return 0;
}

bool
json_next(const struct json *json, size_t *at, struct span *key,
	const struct json **value)
{
	struct lh_entry *entry;

	if (json_kind(json) != JSON_OBJECT || *at == SIZE_MAX)
		return false;
	entry = *at == 0 ? json_object_get_object(object(json))->head
			 : (struct lh_entry *)*at;
	if (entry == NULL)
		return false;
	*key = span_of(entry->k);
	*value = wrap((struct json_object *)(uintptr_t)entry->v);
	*at = entry->next != NULL ? (size_t)entry->next : SIZE_MAX;
	return true;
}

struct span
json_text(const struct json *json)
{
	if (json_kind(json) != JSON_TEXT)
		return (struct span){ NULL, 0 };
	return (struct span){ json_object_get_string(object(json)),
		(size_t)json_object_get_string_len(object(json)) };
}

const char *
json_str(const struct json *json)
{
	struct span text = json_text(json);

	if (text.data == NULL || memchr(text.data, '\0', text.len) != NULL)
		return NULL;
	return text.data;
}

int64_t
json_int(const struct json *json, int64_t otherwise)
{
	return json_kind(json) == JSON_INT ? json_object_get_int64(object(json))
					   : otherwise;
}

double
json_double(const struct json *json, double otherwise)
{
	enum json_kind type = json_kind(json);

	return type == JSON_INT || type == JSON_DOUBLE
		? json_object_get_double(object(json))
		: otherwise;
}

bool
json_boolean(const struct json *json, bool otherwise)
{
	return json_kind(json) == JSON_BOOL
		? json_object_get_boolean(object(json)) != 0
		: otherwise;
}
