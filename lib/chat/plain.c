#include "chat/plain.h"

#include "base/buf.h"
#include "json/json.h"
#include "json/utf8.h"

static bool
is_blank(unsigned char c)
{
	return c <= ' ' || c == 0x7f;
}

static void
append_words(struct buf *buf, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!is_blank((unsigned char)text.data[i]))
			buf_putc(buf, text.data[i]);
		else if (buf->len > 0 && buf->data[buf->len - 1] != ' ')
			buf_putc(buf, ' ');
	}
}

/* A text member of a part that is not parsed as a whole: the part may be a
 * file of many megabytes. */
static struct span
text_member(struct arena *arena, struct span part, const char *key)
{
	struct span raw = json_raw_get(part, key);
	const struct json *json;

	if (raw.data == NULL || json_parse(arena, raw, &json) != OK)
		return (struct span){ NULL, 0 };
	return json_text(json);
}

struct span
plain_text(struct arena *arena, struct span parts, const char *type,
	const char *key)
{
	struct buf words = BUF_INIT, valid = BUF_INIT;
	struct span part = { NULL, 0 }, text;

	while (json_raw_next(parts, &part)) {
		if (!span_is(text_member(arena, part, "type"), type))
			continue;
		append_words(&words, span_of(" "));
		append_words(&words, text_member(arena, part, key));
	}
	if (words.len > 0 && words.data[words.len - 1] == ' ')
		words.len--;
	utf8_repair(&valid, buf_span(&words));
	text = arena_span(arena, buf_span(&valid));
	buf_free(&words);
	buf_free(&valid);
	return text;
}
