/* The title of a session: the beginning of its first message. */

#include "chat/turn.h"

#include "repo/session.h"
#include "json/line.h"
#include "json/plain.h"

/* At most this much of a text is examined; it may have megabytes. */
#define READ_MAX ((size_t)16 << 10)

static const char UNTITLED[] = "New session";

static struct span
line_of(struct arena *arena, struct span parts, const char *type,
	const char *key)
{
	return line_seen(arena, plain_text(arena, parts, type, key, READ_MAX));
}

struct span
turn_title(struct arena *arena, struct span parts)
{
	struct span words = line_of(arena, parts, "text", "text");

	if (words.len == 0)
		words = line_of(arena, parts, "file", "filename");
	if (words.len == 0)
		return span_of(UNTITLED);
	return line_cut(arena, words, TURN_TITLE_GRAPHEMES, SESSION_TITLE_MAX);
}
