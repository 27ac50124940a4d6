/* The title of a session: the beginning of its first message. */

#include "chat/turn.h"
#include "repo/session.h"
#include "json/json.h"
#include "json/utf8.h"

static const char UNTITLED[] = "New session";

static bool
is_blank(unsigned char c)
{
	return c <= ' ' || c == 0x7f;
}

/* Appends with every run of blanks and control characters as one blank. */
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

static void
append_part(struct buf *buf, const struct json *part, const char *type,
	const char *key)
{
	struct span text = json_text(json_get(part, key));

	if (!span_is(json_text(json_get(part, "type")), type) || text.len == 0)
		return;
	if (buf->len > 0 && buf->data[buf->len - 1] != ' ')
		buf_putc(buf, ' ');
	append_words(buf, text);
}

static void
append_parts(struct buf *buf, const struct json *parts, const char *type,
	const char *key)
{
	for (size_t i = 0; i < json_length(parts); i++)
		append_part(buf, json_at(parts, i), type, key);
}

struct span
turn_title(struct arena *arena, struct span parts)
{
	const struct json *json;
	struct buf words = BUF_INIT, valid = BUF_INIT;
	size_t max = TURN_TITLE_GRAPHEMES;
	struct span title;

	if (json_parse(arena, parts, &json) != OK)
		return span_of(UNTITLED);
	append_parts(&words, json, "text", "text");
	if (words.len == 0)
		append_parts(&words, json, "file", "filename");
	while (words.len > 0 && words.data[words.len - 1] == ' ')
		words.len--;
	utf8_repair(&valid, buf_span(&words));
	title = utf8_prefix(buf_span(&valid), max);
	/* A cluster can be long: the column holds 255 characters. */
	while (max > 0 && utf8_length(title) >= SESSION_TITLE_MAX)
		title = utf8_prefix(title, --max);
	if (title.len == 0)
		title = span_of(UNTITLED);
	else if (title.len < valid.len)
		title = span_of(arena_printf(
			arena, "%.*s…", (int)title.len, title.data));
	else
		title = arena_span(arena, title);
	buf_free(&words);
	buf_free(&valid);
	return title;
}
