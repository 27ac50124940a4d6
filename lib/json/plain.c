#include "json/plain.h"

#include "base/attr.h"
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

struct span
plain_text(struct arena *arena, struct span parts, const char *type,
	const char *key)
{
	const char *const keys[] = { "type", key };
	struct buf words = BUF_INIT, valid = BUF_INIT;
	struct span part = { NULL, 0 }, picked[LENGTH(keys)], text;

	while (json_raw_next(parts, &part)) {
		json_raw_pick(part, keys, LENGTH(keys), picked);
		if (!json_raw_is(picked[0], type))
			continue;
		append_words(&words, span_of(" "));
		append_words(&words, json_raw_text(arena, picked[1]));
	}
	if (words.len > 0 && words.data[words.len - 1] == ' ')
		words.len--;
	utf8_repair(&valid, buf_span(&words));
	text = arena_span(arena, buf_span(&valid));
	buf_free(&words);
	buf_free(&valid);
	return text;
}
