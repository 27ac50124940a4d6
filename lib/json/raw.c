/* Finds the source text of members and items in checked JSON. */

#include "json/raw_private.h"

#include "base/buf.h"
#include "json/scan.h"

#include <stdint.h>

static struct scan
rescan(struct span text)
{
	if (text.data == NULL)
		text = span_of("");
	return (struct scan){ .at = text.data,
		.end = text.data + text.len,
		.depth_left = JSON_DEPTH_MAX,
		.tree_left = SIZE_MAX };
}

/* The value at the cursor without the blanks around it; empty if it is not
 * valid JSON after all. */
static struct span
raw_value(struct scan *s)
{
	const char *start;

	scan_blanks(s);
	start = s->at;
	if (s->at == s->end || scan_bare(s) != OK)
		return (struct span){ NULL, 0 };
	return (struct span){ start, (size_t)(s->at - start) };
}

/* A text is never longer than its source. */
bool
json_raw_spells(struct span raw, const char *word)
{
	size_t len = strlen(word);
	struct buf text = BUF_INIT;
	bool same;

	if (json_raw_kind(raw) != JSON_TEXT || raw.len - 2 < len)
		return false;
	raw = (struct span){ raw.data + 1, raw.len - 2 };
	if (memchr(raw.data, '\\', raw.len) == NULL)
		return raw.len == len && memcmp(raw.data, word, len) == 0;
	scan_unescape(raw, &text);
	same = span_is(buf_span(&text), word);
	buf_free(&text);
	return same;
}

enum json_kind
json_raw_kind(struct span raw)
{
	if (raw.data == NULL || raw.len == 0)
		return JSON_ABSENT;
	switch (raw.data[0]) {
	case 'n':
		return JSON_NULL;
	case 't':
	case 'f':
		return JSON_BOOL;
	case '"':
		return JSON_TEXT;
	case '[':
		return JSON_ARRAY;
	case '{':
		return JSON_OBJECT;
	default:
		return JSON_DOUBLE;
	}
}

struct span
json_raw_text(struct arena *arena, struct span raw)
{
	struct buf text = BUF_INIT;
	struct span copy;

	if (json_raw_kind(raw) != JSON_TEXT)
		return (struct span){ NULL, 0 };
	raw = (struct span){ raw.data + 1, raw.len - 2 };
	if (memchr(raw.data, '\\', raw.len) == NULL)
		return raw;
	scan_unescape(raw, &text);
	copy = arena_span(arena, buf_span(&text));
	buf_free(&text);
	return copy;
}

bool
json_raw_member(struct span object, struct span *key, struct span *value)
{
	struct scan s = rescan(object);

	scan_blanks(&s);
	if (value->data == NULL) {
		if (!scan_take(&s, '{'))
			return false;
	} else {
		s.at = value->data + value->len;
		scan_blanks(&s);
		if (!scan_take(&s, ','))
			return false;
	}
	*key = raw_value(&s);
	scan_blanks(&s);
	if (json_raw_kind(*key) != JSON_TEXT || !scan_take(&s, ':'))
		return false;
	*value = raw_value(&s);
	return value->data != NULL;
}

struct span
json_raw_get(struct span object, const char *key)
{
	struct span name, value = { NULL, 0 };

	while (json_raw_member(object, &name, &value))
		if (json_raw_is(name, key))
			return value;
	return (struct span){ NULL, 0 };
}

void
json_raw_pick(struct span object, const char *const *keys, size_t n,
	struct span *values)
{
	struct span name, value = { NULL, 0 };

	memset(values, 0, n * sizeof(*values));
	while (json_raw_member(object, &name, &value))
		for (size_t i = 0; i < n; i++)
			if (json_raw_is(name, keys[i]))
				values[i] = value;
}

bool
json_raw_next(struct span array, struct span *item)
{
	struct scan s = rescan(array);

	scan_blanks(&s);
	if (item->data == NULL) {
		if (!scan_take(&s, '['))
			return false;
	} else {
		s.at = item->data + item->len;
		scan_blanks(&s);
		if (!scan_take(&s, ','))
			return false;
	}
	*item = raw_value(&s);
	return item->data != NULL;
}

struct span
json_raw_at(struct span array, size_t index)
{
	struct span item = { NULL, 0 };

	for (size_t i = 0; i <= index; i++)
		if (!json_raw_next(array, &item))
			return (struct span){ NULL, 0 };
	return item;
}

size_t
json_raw_length(struct span array)
{
	struct span item = { NULL, 0 };
	size_t n = 0;

	while (json_raw_next(array, &item))
		n++;
	return n;
}
