#include "wire/loose.h"

#include "json/json.h"

#include <ctype.h>
#include <string.h>

/* Whether a backslash here begins an escape. */
static size_t
escape_len(const char *at, const char *end)
{
	if (end - at < 2)
		return 0;
	if (at[1] != 'u')
		return strchr("\"\\/bfnrt", at[1]) != NULL && at[1] != '\0' ? 2
									    : 0;
	for (int i = 2; i < 6; i++)
		if (end - at <= i || !isxdigit((unsigned char)at[i]))
			return 0;
	return 6;
}

static void
put_control(struct buf *out, char c)
{
	static const char digits[] = "0123456789abcdef";
	const char escape[] = { '\\', 'u', '0', '0', digits[c >> 4],
		digits[c & 0xf] };

	buf_append(out, escape, sizeof(escape));
}

/* Copies a string from its opening quote to its closing quote; returns what
 * follows. */
static const char *
put_text(struct buf *out, const char *at, const char *end)
{
	size_t len;

	buf_putc(out, *at++);
	while (at < end && *at != '"') {
		len = *at == '\\' ? escape_len(at, end) : 1;
		if (len == 0)
			buf_putc(out, '\\'); /* it is meant literally */
		len = len == 0 ? 1 : len;
		if ((unsigned char)*at < ' ')
			put_control(out, *at);
		else
			buf_append(out, at, len);
		at += len;
	}
	if (at < end)
		buf_putc(out, *at++);
	return at;
}

/* Copies a number or a word, up to a character that cannot be part of one. */
static const char *
put_word(struct buf *out, const char *at, const char *end)
{
	const char *from = at;
	struct span word;

	while (at < end &&
		(isalnum((unsigned char)*at) || *at == '+' || *at == '-' ||
			*at == '.' || *at == '_'))
		at++;
	word = (struct span){ from, (size_t)(at - from) };
	if (word.len == 0)
		buf_putc(out, *at++); /* any other character */
	else if (span_is(word, "True"))
		buf_puts(out, "true");
	else if (span_is(word, "False"))
		buf_puts(out, "false");
	else if (json_check(word, 1) == OK)
		buf_put_span(out, word);
	else
		buf_puts(out, "null");
	return at;
}

static void
drop_comma(struct buf *out)
{
	size_t len = out->len;

	while (len > 0 && json_is_blank(out->data[len - 1]))
		len--;
	if (len > 0 && out->data[len - 1] == ',')
		out->len = len - 1;
}

void
loose_repair(struct buf *out, struct span text)
{
	const char *at = text.data, *end = at + text.len;
	unsigned depth = 0;

	while (at < end) {
		char c = *at;

		if (c == '"') {
			at = put_text(out, at, end);
		} else if (c == '{' || c == '[') {
			depth++;
			buf_putc(out, *at++);
		} else if (c == '}' || c == ']') {
			drop_comma(out);
			buf_putc(out, *at++);
			if (depth <= 1)
				return;
			depth--;
		} else if (json_is_blank(c) || c == ',' || c == ':') {
			buf_putc(out, *at++);
		} else {
			at = put_word(out, at, end);
		}
	}
}
