#include "repo/search_snippet.h"

#include "base/attr.h"
#include "json/words.h"

#include <string.h>

#define SNIPPET_CHARS 160
/* Characters shown before the word. */
#define BEFORE_CHARS 60
/* How far a snippet may move so that it does not begin or end within a word. */
#define SNIPPET_SLACK 24

static bool
is_inside(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t
go_back(struct span text, size_t at, unsigned chars)
{
	while (at > 0 && chars > 0) {
		at--;
		chars -= !is_inside(text.data[at]);
	}
	return at;
}

/* Removes a partial word at the front. */
static struct span
trim_front(struct span text)
{
	const char *blank =
		memchr(text.data, ' ', MIN(text.len, (size_t)SNIPPET_SLACK));
	size_t skip = blank != NULL ? (size_t)(blank - text.data) + 1 : 0;

	return (struct span){ text.data + skip, text.len - skip };
}

/* At most SNIPPET_CHARS characters; ends between words if possible. */
static struct span
trim_end(struct span text)
{
	size_t len = 0, chars = 0, back;

	for (; len < text.len; len++) {
		chars += !is_inside(text.data[len]);
		if (chars > SNIPPET_CHARS)
			break;
	}
	for (back = len; len < text.len && back + SNIPPET_SLACK > len; back--)
		if (text.data[back] == ' ')
			return (struct span){ text.data, back };
	return (struct span){ text.data, len };
}

struct span
search_snippet(struct arena *arena, struct span text, struct span word)
{
	size_t place = words_find(text, word), from;
	struct span shown, kept;

	if (place == text.len)
		place = words_find_inside(text, word);
	from = place < text.len ? go_back(text, place, BEFORE_CHARS) : 0;
	shown = (struct span){ text.data + from, text.len - from };
	if (from > 0)
		shown = trim_front(shown);
	kept = trim_end(shown);
	return span_of(arena_printf(arena, "%s%.*s%s",
		from > 0 ? "\xe2\x80\xa6" : "", (int)kept.len, kept.data,
		kept.len < shown.len ? "\xe2\x80\xa6" : ""));
}
