#include "wire/tool_calls_private.h"

#include "base/mem.h"
#include "wire/made_id.h"

static void
follow(struct call *call, struct span arguments)
{
	bool first = call->arguments.state == SHAPE_UNKNOWN;

	call->hash = span_hash_more(call->hash, arguments);
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

/* The provider's id if it is new, otherwise a generated one; remembered in
 * calls->ids. */
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
	const struct tool_out *out)
{
	struct llm_event event = { .type = LLM_TOOL_START,
		.call = calls->n,
		.name = f->name,
		.kept = f->kept,
		.kept_by = f->kept_by };
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
	out->on_event(out->arg, &event);
	event.type = LLM_TOOL_ARGS;
	event.text = f->arguments;
	if (event.text.len > 0)
		out->on_event(out->arg, &event);
	return OK;
}

static void
continue_call(struct tool_calls *calls, unsigned i,
	const struct tool_fragment *f, const struct tool_out *out)
{
	struct llm_event event = {
		.type = LLM_TOOL_ARGS, .call = i, .text = f->arguments
	};
	struct call *call = &calls->calls[i];

	if (f->id.data != NULL && !tool_call_has_id(call, f->id)) {
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
	out->on_event(out->arg, &event);
}

enum err
tool_calls_track(struct tool_calls *calls, struct tool_fragment f,
	const struct tool_out *out)
{
	bool blank_name = f.name.data != NULL &&
		tool_calls_non_blank(f.name).data == NULL;
	int found;

	f.id = tool_calls_non_blank(f.id);
	f.name = tool_calls_non_blank(f.name);
	found = tool_calls_match(calls, &f);
	if (found >= 0)
		continue_call(calls, (unsigned)found, &f, out);
	else if (found == CALL_NEW && !blank_name)
		return start_call(calls, &f, out);
	calls->nameless = calls->nameless || blank_name;
	return OK;
}
