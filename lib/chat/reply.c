#include "chat/reply.h"

#include "base/mem.h"
#include "chat/reply_private.h"
#include "wire/made_id.h"
#include "wire/tools.h"
#include "json/write.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define TOO_LARGE "The arguments of this call are too large."

struct reply *
reply_open(const struct llm_settings *settings)
{
	struct reply *reply = mem_zalloc(sizeof(*reply));

	reply->settings = settings;
	reply->parts = parts_open();
	reply->usage = (struct llm_usage)LLM_USAGE_NONE;
	return reply;
}

/* The call numbers start from 0 again in every answer. */
static void
forget_calls(struct reply *reply)
{
	for (unsigned i = 0; i < reply->n_calls; i++) {
		buf_free(&reply->calls[i].id);
		buf_free(&reply->calls[i].name);
		buf_free(&reply->calls[i].kept);
	}
	free(reply->calls);
	reply->calls = NULL;
	reply->n_calls = 0;
}

void
reply_free(struct reply *reply)
{
	if (reply == NULL)
		return;
	forget_calls(reply);
	parts_free(reply->parts);
	buf_free(&reply->kept);
	free(reply->blocks);
	free(reply->instead_of);
	free(reply);
}

struct parts *
reply_parts(struct reply *reply)
{
	return reply->parts;
}

void
reply_continue(struct reply *reply, struct parts *parts)
{
	parts_free(reply->parts);
	reply->parts = parts;
}

struct parts *
reply_leave(struct reply *reply)
{
	struct parts *parts = reply->parts;

	reply->parts = NULL;
	return parts;
}

/* Our own chunks always apply to the message. */
void
reply_put(struct reply *reply, const struct chunk *chunk, struct buf *out)
{
	if (parts_add(reply->parts, chunk) != OK)
		abort();
	chunk_write(out, chunk);
}

/* ---- the start */

/* Whether the continued message had ended with a fault. */
static bool
has_error(const struct parts *parts)
{
	struct arena arena = ARENA_INIT;
	struct buf metadata = BUF_INIT;
	const struct json *json;
	bool has;

	parts_write_metadata(parts, &metadata);
	has = json_parse_loose(&arena, buf_span(&metadata), &json) == OK &&
		json_kind(json_get(json, "error")) > JSON_NULL;
	buf_free(&metadata);
	arena_reset(&arena);
	return has;
}

void
reply_put_model(struct json_writer *w, const struct llm_settings *settings)
{
	json_member_str(w, "model", settings->model);
	if (settings->id != NULL)
		json_member_str(w, REPLY_MODEL_ID, settings->id);
}

void
reply_wish(struct reply *reply, enum llm_style style)
{
	reply->style = style;
}

void
reply_start(struct reply *reply, uint64_t message_id, int64_t create_ms,
	struct buf *out)
{
	struct chunk chunk = { .type = CHUNK_START };
	struct buf metadata = BUF_INIT;
	struct json_writer w = json_writer(&metadata);
	char id[BLOCK_ID_LEN];

	json_open(&w, '{');
	json_member_time(&w, "createTime", create_ms);
	reply_put_model(&w, reply->settings);
	if (reply->style != LLM_STYLE_NONE)
		json_member_str(
			&w, LLM_STYLE_MEMBER, llm_style_word(reply->style));
	json_close(&w, '}');
	snprintf(id, sizeof(id), "%" PRIu64, message_id);
	chunk.message_id = span_of(id);
	chunk.metadata = buf_span(&metadata);
	/* The block ids of a continued message go on after its last ones. */
	reply->n_texts = reply->n_thoughts =
		(unsigned)parts_count(reply->parts);
	reply->size_before = parts_size(reply->parts);
	reply->parts_before = parts_count(reply->parts);
	reply->had_error = has_error(reply->parts);
	reply_put(reply, &chunk, out);
	buf_free(&metadata);
}

/* ---- tool calls */

/* Calls are numbered from 0 without gaps. */
static struct reply_call *
call_of(struct reply *reply, const struct llm_event *event)
{
	if (event->call >= reply->n_calls)
		abort();
	return &reply->calls[event->call];
}

static void
on_tool_start(
	struct reply *reply, const struct llm_event *event, struct buf *out)
{
	struct chunk chunk = { .type = CHUNK_TOOL_INPUT_START,
		.tool_name = event->name };
	struct reply_call *call;
	char made[MADE_ID_LEN];

	reply->calls = mem_realloc(
		reply->calls, (reply->n_calls + 1) * sizeof(*reply->calls));
	call = &reply->calls[reply->n_calls++];
	*call = (struct reply_call){ 0 };
	/* Providers count from the start in every step, but clients match an
	 * output to its call by id across all steps. */
	if (parts_has_call(reply->parts, event->id)) {
		made_id(made);
		buf_puts(&call->id, made);
	} else {
		buf_put_span(&call->id, event->id);
	}
	chunk.tool_call_id = buf_span(&call->id);
	buf_put_span(&call->name, event->name);
	reply_put_kept(&call->kept, reply, event);
	reply_put(reply, &chunk, out);
}

/* Arguments are validated in one go in the loop, so their length is limited:
 * further bytes are dropped, and the call fails. */
static void
on_tool_args(
	struct reply *reply, const struct llm_event *event, struct buf *out)
{
	struct chunk chunk = { .type = CHUNK_TOOL_INPUT_DELTA,
		.input_delta = event->text };
	struct reply_call *call = call_of(reply, event);
	size_t so_far;

	chunk.tool_call_id = buf_span(&call->id);
	so_far = parts_arguments(reply->parts, chunk.tool_call_id).len;
	if (call->too_large || so_far + event->text.len > REPLY_ARGUMENTS_MAX) {
		call->too_large = true;
		reply->held += event->text.len;
		return;
	}
	reply_put(reply, &chunk, out);
}

/* Metadata may come with a call's end, with its beginning, or with the step. */
static void
put_call_metadata(struct reply *reply, const struct reply_call *call,
	const struct llm_event *event, struct buf *out)
{
	reply_put_kept(out, reply, event);
	if (out->len == 0)
		buf_put_span(out, buf_span(&call->kept));
	reply_take_kept(reply, out);
}

/* A tool that the chat may not use is treated as unknown. */
static enum err
check_call(const struct reply *reply, const struct chunk *call, struct buf *out)
{
	struct span name = call->tool_name;

	if (!llm_allowed_has(&reply->allowed, reply->settings, name))
		name = span_of("");
	return llm_tool_check(reply->settings, name,
		parts_arguments(reply->parts, call->tool_call_id), out);
}

/* The model wants back what it sent with a call, even if the call has
 * failed. */
static void
fail_call(struct reply *reply, const struct chunk *call, struct span why,
	struct buf *out)
{
	parts_fail_call(reply->parts, call->tool_call_id,
		call->provider_metadata, why, out);
}

static void
on_tool_end(struct reply *reply, const struct llm_event *event, struct buf *out)
{
	struct reply_call *call = call_of(reply, event);
	struct chunk chunk = { .type = CHUNK_TOOL_INPUT_AVAILABLE,
		.tool_call_id = buf_span(&call->id),
		.tool_name = buf_span(&call->name) };
	struct buf input = BUF_INIT, metadata = BUF_INIT;

	call->ended = true;
	put_call_metadata(reply, call, event, &metadata);
	if (metadata.len > 0)
		chunk.provider_metadata = buf_span(&metadata);
	if (call->too_large) {
		fail_call(reply, &chunk, span_of(TOO_LARGE), out);
	} else if (check_call(reply, &chunk, &input) != OK) {
		fail_call(reply, &chunk, buf_span(&input), out);
	} else {
		chunk.input = buf_span(&input);
		reply_put(reply, &chunk, out);
	}
	buf_free(&metadata);
	buf_free(&input);
}

void
reply_cut_calls(struct reply *reply, const char *why, struct buf *out)
{
	for (unsigned i = 0; i < reply->n_calls; i++) {
		struct reply_call *call = &reply->calls[i];
		struct chunk chunk = { .tool_call_id = buf_span(&call->id) };

		if (call->ended)
			continue;
		if (call->kept.len > 0)
			chunk.provider_metadata = buf_span(&call->kept);
		call->ended = true;
		fail_call(reply, &chunk, span_of(why), out);
	}
}

/* ---- sources */

static void
on_source(struct reply *reply, const struct llm_event *event, struct buf *out)
{
	struct chunk chunk = { .type = CHUNK_SOURCE_URL, .url = event->text };
	char id[MADE_ID_LEN];

	made_id(id);
	chunk.source_id = span_of(id);
	if (event->name.len > 0)
		chunk.title = event->name;
	reply->held += event->name.len;
	reply_put(reply, &chunk, out);
}

/* ---- events */

/* Whether *len* more bytes and one more part fit into llm.reply_max. */
static bool
fits(const struct reply *reply, size_t len)
{
	size_t size = parts_size(reply->parts) - reply->size_before;
	size_t n = parts_count(reply->parts) - reply->parts_before;

	return size + reply->held + len <= reply->settings->reply_max &&
		n < REPLY_PARTS_MAX;
}

enum err
reply_event(struct reply *reply, const struct llm_event *event, struct buf *out)
{
	static const struct chunk step = { .type = CHUNK_START_STEP };

	size_t len = event->text.len + event->id.len + event->name.len;

	if (!fits(reply, len + event->kept.len))
		return ERR_TOO_BIG;
	reply->held += event->kept.len;
	reply->shown = reply->shown || len > 0;
	switch (event->type) {
	case LLM_BEGIN:
		forget_calls(reply);
		buf_clear(&reply->kept);
		reply_put(reply, &step, out);
		break;
	case LLM_TEXT:
		reply_on_text(reply, event, out);
		break;
	case LLM_REASONING:
		reply_on_reasoning(reply, event, out);
		break;
	case LLM_REASONING_END:
		reply_on_reasoning_end(reply, event, out);
		break;
	case LLM_TEXT_END:
		reply_on_text_end(reply, event, out);
		break;
	case LLM_SOURCE:
		on_source(reply, event, out);
		break;
	case LLM_KEPT:
		buf_clear(&reply->kept);
		reply_put_kept(&reply->kept, reply, event);
		break;
	case LLM_TOOL_START:
		on_tool_start(reply, event, out);
		break;
	case LLM_TOOL_ARGS:
		on_tool_args(reply, event, out);
		break;
	case LLM_TOOL_END:
		on_tool_end(reply, event, out);
		break;
	}
	return OK;
}
