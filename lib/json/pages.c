#include "json/pages.h"

#include "base/buf.h"
#include "json/utf8.h"

bool
pages_are_text(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
			return false;
	}
	return utf8_valid(text);
}

struct span
pages_trimmed(struct arena *arena, struct span text)
{
	struct buf lines = BUF_INIT;
	struct span copy;

	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] != '\r' || i + 1 == text.len ||
			text.data[i + 1] != '\n')
			buf_putc(&lines, text.data[i]);
	copy = arena_span(arena, buf_span(&lines));
	buf_free(&lines);
	while (copy.len > 0 && strchr(" \n\t", copy.data[copy.len - 1]) &&
		copy.data[copy.len - 1] != '\0')
		copy.len--;
	while (copy.len > 0 && strchr(" \n\t", *copy.data) &&
		*copy.data != '\0') {
		copy.data++;
		copy.len--;
	}
	return copy;
}
