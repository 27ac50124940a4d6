#include "llm/tool_calls.h"

#include "base/attr.h"
#include "base/buf.h"
#include "base/mem.h"
#include "llm/made_id.h"
#include "llm/shape.h"

#include <stdlib.h>

struct call {
	struct buf first_id, last_id; /* as the provider sent them */
	int64_t first_index, last_index;
	struct buf name;
	struct shape arguments;
	uint64_t hash; /* of the arguments */
	bool empty; /* they are {} so far */
};

/* Fragments of an index whose name has not come yet. */
struct pending {
	int64_t index;
	struct buf id, name, arguments, signature;
	bool has_id;
	bool forwarded; /* the name is whole */
};

struct tool_calls {
	struct call *calls;
	unsigned n;
	struct pending *pending;
	unsigned n_pending;
	struct buf ids; /* those given out, each with a NUL */
	size_t held, held_max; /* bytes of all of it */
};

/* The call a fragment continues; or it starts one, or cannot be placed. */
#define CALL_NEW (-1)
#define CALL_AMBIGUOUS (-2)

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
		buf_free(&calls->pending[i].signature);
	}
	buf_free(&calls->ids);
	free(calls->pending);
	free(calls->calls);
	free(calls);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Absent and blank are the same here. */
static struct span
non_blank(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_blank(text.data[i]))
			return text;
	return (struct span){ NULL, 0 };
}

/* ---- finding the call */

struct filter {
	struct span id, name; /* absent: any */
	int64_t index; /* TOOL_INDEX_NONE: any */
	bool unfinished; /* only arguments that may go on */
	bool empty_too; /* or {} */
};

static bool
has_index(const struct call *call, int64_t index)
{
	return call->first_index == index || call->last_index == index;
}

static bool
has_id(const struct call *call, struct span id)
{
	return span_equal(buf_span(&call->first_id), id) ||
		span_equal(buf_span(&call->last_id), id);
}

static bool
fits(const struct call *call, const struct filter *filter)
{
	return (filter->index == TOOL_INDEX_NONE ||
		       has_index(call, filter->index)) &&
		(filter->id.data == NULL || has_id(call, filter->id)) &&
		(filter->name.data == NULL ||
			span_equal(buf_span(&call->name), filter->name)) &&
		(!filter->unfinished || call->arguments.state != SHAPE_WHOLE ||
			(filter->empty_too && call->empty));
}

/* The one that fits; CALL_NEW when none does, CALL_AMBIGUOUS when several. */
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

/* FNV-1a, over pieces. */
static uint64_t
hash_of(uint64_t hash, struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.data[i]) *
			UINT64_C(1099511628211);
	return hash;
}

/* Whether the call is there already, word for word. */
static bool
is_repeated(const struct tool_calls *calls, const struct tool_fragment *f)
{
	for (unsigned i = 0; i < calls->n; i++) {
		const struct call *call = &calls->calls[i];

		if (has_id(call, f->id) &&
			span_equal(buf_span(&call->name), f->name) &&
			call->arguments.state == SHAPE_WHOLE && !call->empty &&
			call->hash == hash_of(0, f->arguments))
			return true;
	}
	return false;
}

/* A fragment with an id that is known already. */
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
	/* The id is known, but not under this index. */
	if (any(calls, &(struct filter){ .index = f->index }))
		return CALL_AMBIGUOUS;
	return only(calls,
		&(struct filter){ .id = f->id, .index = TOOL_INDEX_NONE });
}

/* A name together with the start of an object or array may be a new call. */
static int
find_call(const struct tool_calls *calls, const struct tool_fragment *f)
{
	bool starts = f->name.data != NULL && shape_begins(f->arguments);
	/* A new id with a name and nothing else begins a call, too. */
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

/* ---- events */

static void
follow(struct call *call, struct span arguments)
{
	bool first = call->arguments.state == SHAPE_UNKNOWN;

	call->hash = hash_of(call->hash, arguments);
	shape_follow(&call->arguments, arguments);
	if (arguments.len > 0)
		call->empty = first && span_is(arguments, "{}");
}

static bool
id_is_used(const struct tool_calls *calls, struct span id)
{
	const char *at = buf_str(&calls->ids);
	const char *end = at + calls->ids.len;

	for (; at < end; at += strlen(at) + 1)
		if (span_is(id, at))
			return true;
	return false;
}

/* The provider's id when it is new, else a made one; kept in calls->ids. */
static struct span
choose_id(struct tool_calls *calls, struct span wire_id, char made[MADE_ID_LEN])
{
	struct span id = wire_id;

	if (id.data == NULL || memchr(id.data, '\0', id.len) != NULL ||
		id_is_used(calls, id)) {
		made_id(made);
		id = span_of(made);
	}
	buf_put_span(&calls->ids, id);
	buf_putc(&calls->ids, '\0');
	return id;
}

static enum err
start_call(struct tool_calls *calls, const struct tool_fragment *f,
	void (*on_event)(void *, const struct llm_event *), void *arg)
{
	struct llm_event event = { .type = LLM_TOOL_START,
		.call = calls->n,
		.name = f->name,
		.signature = f->signature };
	char made[MADE_ID_LEN];
	struct call *call;

	if (f->name.data == NULL)
		return ERR_INVALID;
	if (calls->n == TOOL_CALLS_MAX)
		return ERR_TOO_BIG;
	calls->calls = mem_realloc(
		calls->calls, (calls->n + 1) * sizeof(*calls->calls));
	call = &calls->calls[calls->n++];
	*call = (struct call){ .first_index = f->index,
		.last_index = f->index };
	buf_put_span(&call->first_id, f->id);
	buf_put_span(&call->name, f->name);
	follow(call, f->arguments);

	event.id = choose_id(calls, f->id, made);
	on_event(arg, &event);
	event.type = LLM_TOOL_ARGS;
	event.text = f->arguments;
	if (event.text.len > 0)
		on_event(arg, &event);
	return OK;
}

static void
continue_call(struct tool_calls *calls, unsigned i,
	const struct tool_fragment *f,
	void (*on_event)(void *, const struct llm_event *), void *arg)
{
	struct llm_event event = {
		.type = LLM_TOOL_ARGS, .call = i, .text = f->arguments
	};
	struct call *call = &calls->calls[i];

	if (f->id.data != NULL && !has_id(call, f->id)) {
		buf_clear(&call->last_id);
		buf_put_span(&call->last_id, f->id);
	}
	if (f->index != TOOL_INDEX_NONE) {
		if (call->first_index == TOOL_INDEX_NONE)
			call->first_index = f->index;
		call->last_index = f->index;
	}
	if (f->arguments.data == NULL)
		return;
	follow(call, f->arguments);
	on_event(arg, &event);
}

static enum err
track(struct tool_calls *calls, struct tool_fragment f,
	void (*on_event)(void *, const struct llm_event *), void *arg)
{
	bool blank_name = f.name.data != NULL && non_blank(f.name).data == NULL;
	int found;

	f.id = non_blank(f.id);
	f.name = non_blank(f.name);
	found = find_call(calls, &f);
	if (found >= 0)
		continue_call(calls, (unsigned)found, &f, on_event, arg);
	else if (found == CALL_NEW && !blank_name)
		return start_call(calls, &f, on_event, arg);
	return OK;
}

/* ---- names that come late */

static struct pending *
find_pending(struct tool_calls *calls, int64_t index)
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

/* Pieces of a name are joined; the same again, or a longer one, is one. */
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
}

static enum err
forward(struct tool_calls *calls, struct pending *pending,
	void (*on_event)(void *, const struct llm_event *), void *arg)
{
	struct tool_fragment whole = { .index = pending->index,
		.id = kept(&pending->id),
		.name = kept(&pending->name),
		.arguments = buf_span(&pending->arguments),
		.signature = kept(&pending->signature) };
	enum err err = track(calls, whole, on_event, arg);

	pending->forwarded = true;
	buf_free(&pending->arguments);
	return err;
}

static enum err
count(struct tool_calls *calls, const struct tool_fragment *f, bool arguments)
{
	if (f->id.len > TOOL_ID_MAX || f->name.len > TOOL_NAME_MAX ||
		f->signature.len > TOOL_SIGNATURE_MAX)
		return ERR_TOO_BIG;
	/* Ids are kept in four places at most. */
	calls->held += 4 * f->id.len + 2 * f->name.len + f->signature.len +
		(arguments ? f->arguments.len : 0);
	return calls->held > calls->held_max ? ERR_TOO_BIG : OK;
}

/* Whether the name is whole: the next fragment brings no more of it. */
static bool
is_ready(const struct pending *pending, const struct tool_fragment *fragment)
{
	return pending->name.len > 0 &&
		(fragment->name.len == 0 || pending->arguments.len > 0);
}

static enum err
wait_for_name(struct tool_calls *calls, struct pending *pending,
	const struct tool_fragment *fragment,
	void (*on_event)(void *, const struct llm_event *), void *arg)
{
	bool was_named = pending->name.len > 0;

	if (!pending->has_id && fragment->id.data != NULL) {
		pending->has_id = true;
		buf_put_span(&pending->id, fragment->id);
	}
	keep_first(&pending->signature, fragment->signature);
	take_name(&pending->name, fragment->name);
	if (pending->name.len > TOOL_NAME_MAX)
		return ERR_TOO_BIG;
	if (!was_named || fragment->name.len > 0)
		buf_put_span(&pending->arguments, fragment->arguments);
	if (!is_ready(pending, fragment))
		return OK;
	TRY(forward(calls, pending, on_event, arg));
	return was_named && fragment->name.len == 0
		? track(calls, *fragment, on_event, arg)
		: OK;
}

/* Those whose name could go on do not: another call speaks. */
static enum err
forward_named(struct tool_calls *calls, int64_t but,
	void (*on_event)(void *, const struct llm_event *), void *arg)
{
	for (unsigned i = 0; i < calls->n_pending; i++) {
		struct pending *pending = &calls->pending[i];

		if (!pending->forwarded && pending->index != but &&
			pending->name.len > 0)
			TRY(forward(calls, pending, on_event, arg));
	}
	return OK;
}

/* A new id under a known index, before the name's second fragment: two calls
 * in one place. */
static bool
is_other(const struct pending *pending, const struct tool_fragment *fragment)
{
	return pending->name.len > 0 && pending->has_id &&
		non_blank(fragment->id).data != NULL &&
		fragment->name.len > 0 &&
		!span_equal(buf_span(&pending->id), fragment->id);
}

enum err
tool_calls_add(struct tool_calls *calls, const struct tool_fragment *fragment,
	void (*on_event)(void *, const struct llm_event *), void *arg)
{
	struct pending *pending;

	TRY(forward_named(calls, fragment->index, on_event, arg));
	if (fragment->index == TOOL_INDEX_NONE) {
		TRY(count(calls, fragment, false));
		return track(calls, *fragment, on_event, arg);
	}
	pending = find_pending(calls, fragment->index);
	if (pending == NULL)
		return ERR_TOO_BIG;
	TRY(count(calls, fragment, !pending->forwarded));
	if (!pending->forwarded && is_other(pending, fragment))
		TRY(forward(calls, pending, on_event, arg));
	if (pending->forwarded)
		return track(calls, *fragment, on_event, arg);
	return wait_for_name(calls, pending, fragment, on_event, arg);
}

/* ---- the end */

static bool
comes_before(const struct call *a, const struct call *b)
{
	return a->first_index < b->first_index;
}

/* Which calls come in which order: a stable insertion sort, n is small. */
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

/* A name that never came: the fragments may still be those of another call;
 * without arguments they are nothing. */
static enum err
track_nameless(struct tool_calls *calls,
	void (*on_event)(void *, const struct llm_event *), void *arg)
{
	for (unsigned i = 0; i < calls->n_pending; i++) {
		struct pending *pending = &calls->pending[i];

		if (!pending->forwarded &&
			(pending->name.len > 0 || pending->arguments.len > 0))
			TRY(forward(calls, pending, on_event, arg));
	}
	return OK;
}

enum err
tool_calls_end(struct tool_calls *calls,
	void (*on_event)(void *, const struct llm_event *), void *arg)
{
	struct llm_event event = { .type = LLM_TOOL_END };
	unsigned order[TOOL_CALLS_MAX];

	TRY(track_nameless(calls, on_event, arg));
	for (unsigned i = 0; i < calls->n; i++)
		order[i] = i;
	sort_by_index(calls, order);
	for (unsigned i = 0; i < calls->n; i++) {
		event.call = order[i];
		on_event(arg, &event);
	}
	return OK;
}
