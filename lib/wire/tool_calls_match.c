#include "wire/tool_calls_private.h"

#include "json/json.h"

/* Blank counts as absent here. */
struct span
tool_calls_non_blank(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!json_is_blank(text.data[i]))
			return text;
	return (struct span){ NULL, 0 };
}

struct filter {
	struct span id, name; /* absent matches any */
	int64_t index; /* TOOL_INDEX_NONE matches any */
	bool unfinished; /* matches only incomplete arguments */
	bool empty_too; /* also matches {} */
};

static bool
has_index(const struct call *call, int64_t index)
{
	return call->first_index == index || call->last_index == index;
}

bool
tool_call_has_id(const struct call *call, struct span id)
{
	return span_equal(buf_span(&call->first_id), id) ||
		span_equal(buf_span(&call->last_id), id);
}

static bool
fits(const struct call *call, const struct filter *filter)
{
	return (filter->index == TOOL_INDEX_NONE ||
		       has_index(call, filter->index)) &&
		(filter->id.data == NULL ||
			tool_call_has_id(call, filter->id)) &&
		(filter->name.data == NULL ||
			span_equal(buf_span(&call->name), filter->name)) &&
		(!filter->unfinished || call->arguments.state != SHAPE_WHOLE ||
			(filter->empty_too && call->empty));
}

/* The only match; CALL_NEW if there is none, CALL_AMBIGUOUS if there are
 * several. */
static int
only(const struct tool_calls *calls, const struct filter *filter)
{
	int found = CALL_NEW;

	for (unsigned i = 0; i < calls->n; i++) {
		if (!fits(&calls->calls[i], filter))
			continue;
		if (found != CALL_NEW)
			return CALL_AMBIGUOUS;
		found = (int)i;
	}
	return found;
}

static bool
any(const struct tool_calls *calls, const struct filter *filter)
{
	return only(calls, filter) != CALL_NEW;
}

bool
tool_calls_repeats(
	const struct tool_calls *calls, const struct tool_fragment *f)
{
	const struct filter filter = { .id = tool_calls_non_blank(f->id),
		.name = tool_calls_non_blank(f->name),
		.index = f->index };

	return filter.id.data != NULL && !shape_begins(f->arguments) &&
		any(calls, &filter);
}

/* Whether an identical call already exists. */
static bool
is_repeated(const struct tool_calls *calls, const struct tool_fragment *f)
{
	uint64_t hash = span_hash_more(0, f->arguments);

	for (unsigned i = 0; i < calls->n; i++) {
		const struct call *call = &calls->calls[i];

		if (tool_call_has_id(call, f->id) &&
			span_equal(buf_span(&call->name), f->name) &&
			call->arguments.state == SHAPE_WHOLE && !call->empty &&
			call->hash == hash)
			return true;
	}
	return false;
}

/* Places a fragment whose id is known. */
static int
find_by_id(const struct tool_calls *calls, const struct tool_fragment *f,
	struct filter filter)
{
	bool indexed = f->index != TOOL_INDEX_NONE;
	int found;

	if (f->name.data != NULL && is_repeated(calls, f))
		return CALL_AMBIGUOUS;
	filter.empty_too = true;
	found = only(calls, &filter);
	if (found != CALL_NEW || f->name.data != NULL || !indexed)
		return found;
	/* The id is known, but with another index. */
	if (any(calls, &(struct filter){ .index = f->index }))
		return CALL_AMBIGUOUS;
	return only(calls,
		&(struct filter){ .id = f->id, .index = TOOL_INDEX_NONE });
}

/* A name together with the start of an object or array may be a new call. */
int
tool_calls_match(const struct tool_calls *calls, const struct tool_fragment *f)
{
	bool starts = f->name.data != NULL && shape_begins(f->arguments);
	/* A new id with only a name also begins a call. */
	bool announces = f->name.data != NULL && f->arguments.len == 0;
	bool indexed = f->index != TOOL_INDEX_NONE;
	struct filter filter = { f->id, f->name, f->index, starts, false };
	struct filter by_id = { .id = f->id, .index = TOOL_INDEX_NONE };
	struct filter by_index = { .index = f->index, .name = f->name };

	if (f->id.data != NULL && any(calls, &by_id))
		return find_by_id(calls, f, filter);
	if (f->id.data != NULL)
		return indexed && !starts && !announces ? only(calls, &by_index)
							: CALL_NEW;
	by_index.unfinished = starts;
	if (indexed && any(calls, &(struct filter){ .index = f->index }))
		return only(calls, &by_index);
	if (f->name.data != NULL)
		return CALL_NEW;
	return only(calls, &(struct filter){ .index = TOOL_INDEX_NONE });
}
