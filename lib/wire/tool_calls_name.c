#include "wire/tool_calls_private.h"

#include "base/mem.h"

struct pending *
tool_calls_pending(struct tool_calls *calls, int64_t index)
{
	for (unsigned i = 0; i < calls->n_pending; i++)
		if (calls->pending[i].index == index)
			return &calls->pending[i];
	if (calls->n_pending == TOOL_CALLS_MAX)
		return NULL;
	calls->pending = mem_realloc(calls->pending,
		(calls->n_pending + 1) * sizeof(*calls->pending));
	calls->pending[calls->n_pending] = (struct pending){ .index = index };
	return &calls->pending[calls->n_pending++];
}

static void
keep_first(struct buf *buf, struct span text)
{
	if (buf->len == 0 && text.data != NULL)
		buf_put_span(buf, text);
}

static struct span
kept(const struct buf *buf)
{
	return buf->len > 0 ? buf_span(buf) : (struct span){ NULL, 0 };
}

static void
cut(struct buf *name)
{
	if (name->len == 0)
		return;
	name->len = tool_name_bounded(buf_span(name)).len;
	name->data[name->len] = '\0';
}

/* Joins pieces of a name; a repetition or a longer name replaces it. */
static void
take_name(struct buf *name, struct span text)
{
	struct span known = buf_span(name);

	if (text.len >= known.len &&
		(known.len == 0 ||
			memcmp(text.data, known.data, known.len) == 0))
		buf_clear(name);
	if (text.len > 0)
		buf_put_span(name, text);
	cut(name);
}

enum err
tool_calls_forward(struct tool_calls *calls, struct pending *pending,
	const struct tool_out *out)
{
	struct tool_fragment whole = { .index = pending->index,
		.id = kept(&pending->id),
		.name = kept(&pending->name),
		.arguments = buf_span(&pending->arguments),
		.kept = kept(&pending->kept),
		.kept_by = pending->kept_by };
	enum err err = tool_calls_track(calls, whole, out);

	pending->forwarded = true;
	buf_free(&pending->arguments);
	return err;
}

/* Whether the name is complete: the next fragment does not extend it. */
static bool
is_ready(const struct pending *pending, const struct tool_fragment *fragment)
{
	return pending->name.len > 0 &&
		(fragment->name.len == 0 || pending->arguments.len > 0);
}

enum err
tool_calls_wait(struct tool_calls *calls, struct pending *pending,
	const struct tool_fragment *fragment, const struct tool_out *out)
{
	bool was_named = pending->name.len > 0;

	if (!pending->has_id && fragment->id.data != NULL) {
		pending->has_id = true;
		buf_put_span(&pending->id, fragment->id);
	}
	if (pending->kept.len == 0)
		pending->kept_by = fragment->kept_by;
	keep_first(&pending->kept, fragment->kept);
	take_name(&pending->name, fragment->name);
	if (!was_named || fragment->name.len > 0)
		buf_put_span(&pending->arguments, fragment->arguments);
	if (!is_ready(pending, fragment))
		return OK;
	TRY(tool_calls_forward(calls, pending, out));
	return was_named && fragment->name.len == 0
		? tool_calls_track(calls, *fragment, out)
		: OK;
}
