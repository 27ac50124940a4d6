#include "wire/think.h"

#include "base/attr.h"
#include "json/json.h"

/* Used by DeepSeek, Qwen and most others; Gemma; Seed; Magistral; Kimi. */
static const struct {
	struct span open, close;
} tags[] = {
#define TAG(open, close)                         \
	{                                        \
		{ open, sizeof(open) - 1 },      \
		{                                \
			close, sizeof(close) - 1 \
		}                                \
	}
	TAG("<think>", "</think>"),
	TAG("<thinking>", "</thinking>"),
	TAG("<thought>", "</thought>"),
	TAG("<seed:think>", "</seed:think>"),
	TAG("[THINK]", "[/THINK]"),
	TAG("\xe2\x97\x81think\xe2\x96\xb7", "\xe2\x97\x81/think\xe2\x96\xb7"),
};

static size_t
blanks(struct span text)
{
	size_t n = 0;

	while (n < text.len && json_is_blank(text.data[n]))
		n++;
	return n;
}

static void
give(const struct think_out *out, bool reasoning, struct span text)
{
	if (text.len > 0)
		out->put(out->arg, reasoning, text);
}

static void
hold(struct think *think, struct span text)
{
	buf_clear(&think->held);
	buf_put_span(&think->held, text);
}

/* Whether *text* begins with *tag*, or *tag* with *text*. */
static bool
begins(struct span text, struct span tag, bool *whole)
{
	size_t len = MIN(text.len, tag.len);

	*whole = text.len >= tag.len;
	return memcmp(text.data, tag.data, len) == 0;
}

/* Returns what follows an opening tag; or holds what may become one; or it is
 * plain text. */
static struct span
at_begin(struct think *think, struct span text, const struct think_out *out)
{
	struct span rest = span_from(text, blanks(text));
	bool whole, may_be = rest.len == 0;

	for (unsigned i = 0; i < LENGTH(tags) && rest.len > 0; i++) {
		if (!begins(rest, tags[i].open, &whole))
			continue;
		may_be = true;
		if (!whole)
			continue;
		think->tag = i;
		think->state = THINK_LEAD;
		return span_from(rest, tags[i].open.len);
	}
	if (may_be && text.len <= THINK_HELD_MAX) {
		hold(think, text);
	} else {
		think->state = THINK_OVER;
		give(out, false, (struct span){ text.data, think->carried });
		give(out, false, span_from(text, think->carried));
	}
	return span_from(text, text.len);
}

/* Finds the closing tag, or the blanks and the partial tag at the end of
 * *text*. */
static size_t
end_of_thought(const struct think *think, struct span text, bool *closed)
{
	struct span close = tags[think->tag].close;
	const char *at = memmem(text.data, text.len, close.data, close.len);
	size_t len = at != NULL ? (size_t)(at - text.data) : text.len;
	size_t tail;
	bool whole;

	*closed = at != NULL;
	for (tail = MIN(close.len - 1, len); at == NULL && tail > 0; tail--)
		if (begins(span_from(text, len - tail), close, &whole))
			break;
	if (at == NULL)
		len -= tail;
	while (len > 0 && json_is_blank(text.data[len - 1]))
		len--;
	return len;
}

static struct span
inside(struct think *think, struct span text, const struct think_out *out)
{
	bool closed;
	size_t len = end_of_thought(think, text, &closed);
	struct span close = tags[think->tag].close;
	const char *at;

	/* Endless blanks need not be held. */
	if (!closed && text.len - len > THINK_HELD_MAX)
		len = text.len - THINK_HELD_MAX / 2;
	give(out, true, (struct span){ text.data, len });
	if (!closed) {
		hold(think, span_from(text, len));
		return span_from(text, text.len);
	}
	at = memmem(text.data, text.len, close.data, close.len);
	think->state = THINK_TRAIL;
	return span_from(text, (size_t)(at - text.data) + close.len);
}

static struct span
step(struct think *think, struct span text, const struct think_out *out)
{
	switch (think->state) {
	case THINK_BEGIN:
		return at_begin(think, text, out);
	case THINK_LEAD:
	case THINK_TRAIL:
		text = span_from(text, blanks(text));
		if (text.len > 0)
			think->state = think->state == THINK_LEAD ? THINK_INSIDE
								  : THINK_OVER;
		return text;
	case THINK_INSIDE:
		return inside(think, text, out);
	case THINK_OVER:
		give(out, false, text);
		return span_from(text, text.len);
	}
	return text;
}

void
think_feed(struct think *think, struct span text, const struct think_out *out)
{
	struct buf joined = BUF_INIT;

	if (think->state == THINK_OVER) {
		give(out, false, text);
		return;
	}
	think->carried = think->held.len;
	if (think->held.len > 0) {
		buf_move(&joined, &think->held);
		buf_put_span(&joined, text);
		text = buf_span(&joined);
	}
	while (text.len > 0)
		text = step(think, text, out);
	buf_free(&joined);
}

/* Blanks held at the end of a thought are dropped. */
void
think_flush(struct think *think, const struct think_out *out)
{
	struct span held = buf_span(&think->held);
	bool reasoning = think->state == THINK_INSIDE;

	if (!reasoning || blanks(held) < held.len)
		give(out, reasoning, held);
	if (think->state == THINK_BEGIN && held.len > 0)
		think->state = THINK_OVER;
	buf_clear(&think->held);
}

void
think_free(struct think *think)
{
	buf_free(&think->held);
}
