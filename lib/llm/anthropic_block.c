/* The blocks of an answer, from their start to their end. */

#include "llm/anthropic_answer.h"

#include "base/mem.h"
#include "llm/anthropic_kept.h"
#include "llm/made_id.h"
#include "llm/tool_calls.h"
#include "json/write.h"

#include <stdlib.h>

static bool
is_kind(const struct json *block, const char *word)
{
	return span_is(json_text(json_get(block, "type")), word);
}

/* ---- what is kept */

/* Of the block that ends: its signature, and what came before it. */
static void
put_kept(const struct anthropic_answer *own, const char *key, bool paused,
	struct buf *out)
{
	struct json_writer w = json_writer(out);

	if (own->signature.len + own->blocks.len == 0)
		return;
	json_open(&w, '{');
	if (own->signature.len > 0)
		json_member_text(&w, key, buf_span(&own->signature));
	if (own->blocks.len > 0) {
		json_key(&w, KEPT_BLOCKS);
		json_open(&w, '[');
		json_put_raw(&w, buf_span(&own->blocks));
		json_close(&w, ']');
	}
	if (paused)
		json_member_raw(&w, KEPT_PAUSED, span_of("true"));
	json_close(&w, '}');
}

static void
end_part(struct llm_stream *stream, enum llm_event_type type, const char *key,
	bool paused)
{
	struct anthropic_answer *own = stream->own;
	struct buf kept = BUF_INIT;

	put_kept(own, key, paused, &kept);
	llm_stream_show(stream,
		&(struct llm_event){ .type = type,
			.call = own->call,
			.kept = buf_span(&kept),
			.kept_by = KEPT_ANTHROPIC });
	buf_free(&kept);
	buf_clear(&own->signature);
	buf_clear(&own->blocks);
}

/* ---- calls */

static bool
is_used(const struct anthropic_answer *own, struct span id)
{
	const char *at = buf_str(&own->ids), *end = at + own->ids.len;

	for (; at < end; at += strlen(at) + 1)
		if (span_is(id, at))
			return true;
	return false;
}

static enum err
begin_call(struct llm_stream *stream, const struct json *block)
{
	struct anthropic_answer *own = stream->own;
	const struct json *input = json_get(block, "input");
	struct json_writer w = json_writer(&own->raw);
	struct llm_event event = { .type = LLM_TOOL_START,
		.call = own->n_calls,
		.id = tool_id_bounded(json_text(json_get(block, "id"))),
		.name = tool_name_bounded(json_text(json_get(block, "name"))) };
	char made[MADE_ID_LEN];

	if (event.name.len == 0)
		return ERR_INVALID;
	if (own->n_calls == TOOL_CALLS_MAX)
		return ERR_TOO_BIG;
	if (event.id.len == 0 ||
		memchr(event.id.data, '\0', event.id.len) != NULL ||
		is_used(own, event.id)) {
		made_id(made);
		event.id = span_of(made);
	}
	buf_put_span(&own->ids, event.id);
	buf_putc(&own->ids, '\0');
	own->calls = mem_realloc(
		own->calls, (own->n_calls + 1) * sizeof(*own->calls));
	own->calls[own->n_calls] =
		(struct anthropic_call){ .index = own->index };
	own->call = own->n_calls++;
	stream->called = true;
	llm_stream_show(stream, &event);
	buf_clear(&own->raw);
	if (json_length(input) > 0)
		json_put(&w, input);
	return OK;
}

static void
show_args(struct llm_stream *stream, unsigned call, struct span text)
{
	struct anthropic_answer *own = stream->own;

	if (text.len == 0)
		return;
	own->calls[call].args = true;
	llm_stream_show(stream,
		&(struct llm_event){
			.type = LLM_TOOL_ARGS, .call = call, .text = text });
}

/* Pieces of arguments are told by their block's index; the latest call of it. */
static void
take_args(struct llm_stream *stream, int64_t index, struct span text)
{
	struct anthropic_answer *own = stream->own;

	if (own->kind == ANTHROPIC_OPAQUE && index == own->index) {
		buf_put_span(&own->args, text);
		return;
	}
	for (unsigned i = own->n_calls; i-- > 0;) {
		if (own->calls[i].index != index)
			continue;
		if (!own->calls[i].over)
			show_args(stream, i, text);
		return;
	}
}

static void
end_call(struct llm_stream *stream)
{
	struct anthropic_answer *own = stream->own;

	if (!own->calls[own->call].args)
		show_args(stream, own->call, buf_span(&own->raw));
	own->calls[own->call].over = true;
	end_part(stream, LLM_TOOL_END, KEPT_SIGNATURE, false);
}

/* ---- opaque blocks */

static void
take_results(struct llm_stream *stream, const struct json *block)
{
	struct anthropic_answer *own = stream->own;
	const struct json *list = json_get(block, "content");

	for (size_t i = 0;
		json_kind(list) == JSON_ARRAY && i < json_length(list); i++)
		sources_take(&own->sources, stream,
			json_text(json_get(json_at(list, i), "url")),
			json_text(json_get(json_at(list, i), "title")));
}

/* As it came, with the input that came in pieces. */
static void
end_opaque(struct llm_stream *stream)
{
	struct anthropic_answer *own = stream->own;
	struct buf block = BUF_INIT;
	struct json_writer w = json_writer(&block);
	struct span key = { NULL, 0 }, value = { NULL, 0 };

	json_open(&w, '{');
	while (json_raw_member(buf_span(&own->raw), &key, &value)) {
		json_key_raw(&w, key);
		if (json_raw_is(key, "input") &&
			json_check(buf_span(&own->args), JSON_DEPTH_MAX / 2) ==
				OK)
			json_put_raw(&w, buf_span(&own->args));
		else
			json_put_raw(&w, value);
	}
	json_close(&w, '}');
	if (own->blocks.len > 0)
		buf_putc(&own->blocks, ',');
	buf_put_span(&own->blocks, buf_span(&block));
	buf_free(&block);
}

/* ---- blocks */

/* A call of the provider's own tools, or a result: server_tool_use,
 * web_search_tool_result, ... */
static bool
is_of_provider(struct span type)
{
	static const char *const ends[] = { "tool_use", "tool_result" };

	for (size_t i = 0; i < LENGTH(ends); i++) {
		size_t len = strlen(ends[i]);

		if (type.len > len &&
			memcmp(type.data + type.len - len, ends[i], len) == 0)
			return true;
	}
	return false;
}

static enum anthropic_kind
kind_of(const struct json *block)
{
	static const struct {
		const char *word;
		enum anthropic_kind kind;
	} kinds[] = {
		{ "text", ANTHROPIC_TEXT },
		{ "thinking", ANTHROPIC_THINKING },
		{ "redacted_thinking", ANTHROPIC_REDACTED },
		{ "tool_use", ANTHROPIC_CALL },
	};

	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (is_kind(block, kinds[i].word))
			return kinds[i].kind;
	return is_of_provider(json_text(json_get(block, "type")))
		? ANTHROPIC_OPAQUE
		: ANTHROPIC_NONE;
}

static void
sign(struct anthropic_answer *own, struct span signature)
{
	if (signature.len == 0)
		return;
	buf_clear(&own->signature);
	buf_put_span(&own->signature, signature);
}

enum err
anthropic_begin_block(
	struct llm_stream *stream, int64_t index, const struct json *block)
{
	struct anthropic_answer *own = stream->own;
	struct json_writer w = json_writer(&own->raw);

	anthropic_end_block(stream);
	own->kind = kind_of(block);
	own->index = index;
	buf_clear(&own->raw);
	buf_clear(&own->args);
	if (own->kind == ANTHROPIC_CALL)
		return begin_call(stream, block);
	if (own->kind == ANTHROPIC_TEXT)
		llm_stream_say(
			stream, LLM_TEXT, json_text(json_get(block, "text")));
	if (own->kind == ANTHROPIC_THINKING) {
		llm_stream_say(stream, LLM_REASONING,
			json_text(json_get(block, "thinking")));
		sign(own, json_text(json_get(block, "signature")));
	}
	if (own->kind == ANTHROPIC_REDACTED)
		sign(own, json_text(json_get(block, "data")));
	if (own->kind == ANTHROPIC_OPAQUE) {
		json_put(&w, block);
		take_results(stream, block);
	}
	return OK;
}

void
anthropic_take_delta(
	struct llm_stream *stream, int64_t index, const struct json *delta)
{
	struct anthropic_answer *own = stream->own;
	const struct json *citation = json_get(delta, "citation");

	if (is_kind(delta, "text_delta"))
		llm_stream_say(
			stream, LLM_TEXT, json_text(json_get(delta, "text")));
	else if (is_kind(delta, "thinking_delta"))
		llm_stream_say(stream, LLM_REASONING,
			json_text(json_get(delta, "thinking")));
	else if (is_kind(delta, "signature_delta") &&
		own->kind == ANTHROPIC_THINKING)
		sign(own, json_text(json_get(delta, "signature")));
	else if (is_kind(delta, "input_json_delta"))
		take_args(stream, index,
			json_text(json_get(delta, "partial_json")));
	else if (is_kind(delta, "citations_delta"))
		sources_take(&own->sources, stream,
			json_text(json_get(citation, "url")),
			json_text(json_get(citation, "title")));
}

void
anthropic_end_block(struct llm_stream *stream)
{
	struct anthropic_answer *own = stream->own;
	enum anthropic_kind kind = own->kind;

	own->kind = ANTHROPIC_NONE;
	switch (kind) {
	case ANTHROPIC_NONE:
		break;
	case ANTHROPIC_TEXT:
		end_part(stream, LLM_TEXT_END, KEPT_SIGNATURE, false);
		break;
	case ANTHROPIC_THINKING:
		end_part(stream, LLM_REASONING_END, KEPT_SIGNATURE, false);
		break;
	case ANTHROPIC_REDACTED:
		end_part(stream, LLM_REASONING_END, KEPT_REDACTED, false);
		break;
	case ANTHROPIC_CALL:
		end_call(stream);
		break;
	case ANTHROPIC_OPAQUE:
		end_opaque(stream);
		break;
	}
}

void
anthropic_end_blocks(struct llm_stream *stream, bool paused)
{
	struct anthropic_answer *own = stream->own;

	if (own->blocks.len > 0)
		end_part(stream, LLM_TEXT_END, KEPT_SIGNATURE, paused);
}
