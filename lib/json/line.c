#include "json/line.h"

#include "base/buf.h"
#include "json/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <unictype.h>

static uint32_t
code_point(const char *bytes, size_t len)
{
	static const unsigned char first[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t c = (unsigned char)bytes[0] & first[len];

	for (size_t i = 1; i < len; i++)
		c = c << 6 | ((unsigned char)bytes[i] & 0x3f);
	return c;
}

/* ZWNJ, ZWJ, variation selectors, and Mongolian's selectors. */
static bool
is_joiner(uint32_t c)
{
	return c == 0x200c || c == 0x200d || (c >= 0xfe00 && c <= 0xfe0f) ||
		(c >= 0xe0100 && c <= 0xe01ef) ||
		(c >= 0x180b && c <= 0x180d) || c == 0x180f;
}

static bool
is_unseen(uint32_t c)
{
	return c >= 0x80 &&
		(uc_is_property_default_ignorable_code_point(c) ||
			uc_is_property_bidi_control(c) ||
			(c >= 0xfff9 && c <= 0xfffb));
}

/* Includes the empty Braille cell. */
static bool
is_blank(uint32_t c)
{
	return c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0x2800 ||
		(c >= 0x80 && uc_is_property_white_space(c));
}

/* A joiner needs a character before it. */
static void
put_char(struct buf *out, const char *c, size_t len)
{
	uint32_t point = code_point(c, len);
	bool begins = out->len == 0 || out->data[out->len - 1] == ' ';

	if (is_joiner(point) ? begins : is_unseen(point))
		return;
	if (!is_blank(point))
		buf_append(out, c, len);
	else if (!begins)
		buf_putc(out, ' ');
}

struct span
line_seen(struct arena *arena, struct span text)
{
	struct buf out = BUF_INIT;
	struct span line;

	for (size_t at = 0, len, bad; at < text.len; at += len) {
		len = utf8_char(
			(struct span){ text.data + at, text.len - at }, &bad);
		if (len == 0)
			len = bad;
		else
			put_char(&out, text.data + at, len);
	}
	if (out.len > 0 && out.data[out.len - 1] == ' ')
		out.len--;
	line = arena_span(arena, buf_span(&out));
	buf_free(&out);
	return line;
}

struct span
line_cut(struct arena *arena, struct span line, size_t clusters_max,
	size_t chars_max)
{
	size_t max = clusters_max;
	struct span start = utf8_prefix(line, max);

	/* A cluster can be long, and the ellipsis counts as a character. */
	while (max > 0 && utf8_length(start) >= chars_max)
		start = utf8_prefix(line, --max);
	if (start.len == line.len)
		return arena_span(arena, start);
	while (start.len > 0 && start.data[start.len - 1] == ' ')
		start.len--;
	return span_of(
		arena_printf(arena, "%.*s…", (int)start.len, start.data));
}
