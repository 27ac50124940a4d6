/* The title of a session: the beginning of its first message. */

#include "chat/turn.h"

#include "repo/session.h"
#include "json/plain.h"
#include "json/utf8.h"

static const char UNTITLED[] = "New session";

struct span
turn_title(struct arena *arena, struct span parts)
{
	struct span words = plain_text(arena, parts, "text", "text"), title;
	size_t max = TURN_TITLE_GRAPHEMES;

	if (words.len == 0)
		words = plain_text(arena, parts, "file", "filename");
	title = utf8_prefix(words, max);
	/* A cluster can be long: the column holds 255 characters. */
	while (max > 0 && utf8_length(title) >= SESSION_TITLE_MAX)
		title = utf8_prefix(title, --max);
	if (title.len == 0)
		return span_of(UNTITLED);
	if (title.len == words.len)
		return words;
	return span_of(
		arena_printf(arena, "%.*s…", (int)title.len, title.data));
}
