#include "wire/tool_calls_private.h"

#include "base/mem.h"
#include "json/write.h"

#include <stdlib.h>

struct tool_calls *
tool_calls_open(size_t held_max)
{
	struct tool_calls *calls = mem_zalloc(sizeof(*calls));

	calls->held_max = held_max;
	return calls;
}

void
tool_calls_free(struct tool_calls *calls)
{
	if (calls == NULL)
		return;
	for (unsigned i = 0; i < calls->n; i++) {
		buf_free(&calls->calls[i].first_id);
		buf_free(&calls->calls[i].last_id);
		buf_free(&calls->calls[i].name);
	}
	for (unsigned i = 0; i < calls->n_pending; i++) {
		buf_free(&calls->pending[i].id);
		buf_free(&calls->pending[i].name);
		buf_free(&calls->pending[i].arguments);
		buf_free(&calls->pending[i].kept);
	}
	buf_free(&calls->ids);
	free(calls->pending);
	free(calls->calls);
	free(calls);
}

/* ---- limits for ids and names */

struct span
tool_name_bounded(struct span name)
{
	if (name.len <= TOOL_NAME_MAX)
		return name;
	name.len = TOOL_NAME_MAX;
	while (name.len > 0 &&
		((unsigned char)name.data[name.len] & 0xc0) == 0x80)
		name.len--;
	return name;
}

struct span
tool_id_bounded(struct span id)
{
	return id.len <= TOOL_ID_MAX ? id : (struct span){ NULL, 0 };
}

struct span
tool_arguments(const struct json *arguments, struct buf *out)
{
	struct json_writer w = json_writer(out);

	if (json_kind(arguments) <= JSON_NULL ||
		json_kind(arguments) == JSON_TEXT)
		return json_text(arguments);
	json_put(&w, arguments);
	return buf_span(out);
}

/* ---- fragments */

static enum err
count(struct tool_calls *calls, const struct tool_fragment *f, bool arguments)
{
	if (f->kept.len > TOOL_KEPT_MAX)
		return ERR_TOO_BIG;
	if (!arguments && tool_calls_repeats(calls, f))
		return OK;
	/* An id is stored in up to four places. */
	calls->held += 4 * f->id.len + 2 * f->name.len + f->kept.len +
		(arguments ? f->arguments.len : 0);
	return calls->held > calls->held_max ? ERR_TOO_BIG : OK;
}

/* Tracks the calls whose name might still have grown: another call has begun,
 * so it does not. */
static enum err
forward_named(struct tool_calls *calls, int64_t but, const struct tool_out *out)
{
	for (unsigned i = 0; i < calls->n_pending; i++) {
		struct pending *pending = &calls->pending[i];

		if (!pending->forwarded && pending->index != but &&
			pending->name.len > 0)
			TRY(tool_calls_forward(calls, pending, out));
	}
	return OK;
}

/* A new id with a known index, before the second fragment of the name: two
 * calls share the index. */
static bool
is_other(const struct pending *pending, const struct tool_fragment *fragment)
{
	return pending->name.len > 0 && pending->has_id &&
		tool_calls_non_blank(fragment->id).data != NULL &&
		fragment->name.len > 0 &&
		!span_equal(buf_span(&pending->id), fragment->id);
}

enum err
tool_calls_add(struct tool_calls *calls, const struct tool_fragment *fragment,
	void (*on_event)(void *, const struct llm_event *), void *arg)
{
	const struct tool_out out = { on_event, arg };
	struct tool_fragment bounded = *fragment;
	struct pending *pending;

	bounded.id = tool_id_bounded(fragment->id);
	bounded.name = tool_name_bounded(fragment->name);
	TRY(forward_named(calls, bounded.index, &out));
	if (bounded.index == TOOL_INDEX_NONE) {
		TRY(count(calls, &bounded, false));
		return tool_calls_track(calls, bounded, &out);
	}
	pending = tool_calls_pending(calls, bounded.index);
	if (pending == NULL)
		return ERR_TOO_BIG;
	TRY(count(calls, &bounded, !pending->forwarded));
	if (!pending->forwarded && is_other(pending, &bounded))
		TRY(tool_calls_forward(calls, pending, &out));
	if (pending->forwarded)
		return tool_calls_track(calls, bounded, &out);
	return tool_calls_wait(calls, pending, &bounded, &out);
}

/* ---- the end */

static bool
comes_before(const struct call *a, const struct call *b)
{
	return a->first_index < b->first_index;
}

/* Sorts the calls by index: a stable insertion sort, since n is small. */
static void
sort_by_index(const struct tool_calls *calls, unsigned *order)
{
	for (unsigned i = 0; i < calls->n; i++)
		if (calls->calls[i].first_index == TOOL_INDEX_NONE)
			return;
	for (unsigned i = 1; i < calls->n; i++) {
		unsigned moving = order[i], j = i;

		for (; j > 0 &&
			comes_before(&calls->calls[moving],
				&calls->calls[order[j - 1]]);
			j--)
			order[j] = order[j - 1];
		order[j] = moving;
	}
}

/* A call without a name: its fragments may still belong to another call;
 * without arguments they are dropped. */
static enum err
track_nameless(struct tool_calls *calls, const struct tool_out *out)
{
	for (unsigned i = 0; i < calls->n_pending; i++) {
		struct pending *pending = &calls->pending[i];

		if (!pending->forwarded &&
			(pending->name.len > 0 || pending->arguments.len > 0))
			TRY(tool_calls_forward(calls, pending, out));
		else
			calls->nameless =
				calls->nameless || !pending->forwarded;
	}
	return OK;
}

/* If the model meant to call a tool, it is informed that there is no such tool;
 * if the call were dropped, the answer would be empty. */
static enum err
name_nameless(struct tool_calls *calls, const struct tool_out *out)
{
	if (!calls->nameless || calls->n > 0)
		return OK;
	return tool_calls_track(calls,
		(struct tool_fragment){ .index = TOOL_INDEX_NONE,
			.name = span_of(TOOL_NO_NAME) },
		out);
}

enum err
tool_calls_end(struct tool_calls *calls, bool meant,
	void (*on_event)(void *, const struct llm_event *), void *arg)
{
	const struct tool_out out = { on_event, arg };
	struct llm_event event = { .type = LLM_TOOL_END };
	unsigned order[TOOL_CALLS_MAX];

	TRY(track_nameless(calls, &out));
	if (meant)
		TRY(name_nameless(calls, &out));
	for (unsigned i = 0; i < calls->n; i++)
		order[i] = i;
	sort_by_index(calls, order);
	for (unsigned i = 0; i < calls->n; i++) {
		event.call = order[i];
		on_event(arg, &event);
	}
	return OK;
}
