/* The blocks of an answer, from start to end. */

#include "anthropic/answer.h"

#include "anthropic/kept.h"
#include "base/mem.h"
#include "json/write.h"

#include <stdlib.h>

static bool
is_kind(const struct json *block, const char *word)
{
	return span_is(json_text(json_get(block, "type")), word);
}

/* ---- open blocks */

/* Finds the latest block with that index, because some servers give all blocks
 * the same one. */
static struct anthropic_block *
find(const struct anthropic_answer *own, int64_t index)
{
	for (unsigned i = own->n_open; i-- > 0;)
		if (own->open[i].index == index)
			return &own->open[i];
	return NULL;
}

static void
free_block(struct anthropic_block *block)
{
	buf_free(&block->raw);
	buf_free(&block->pieces);
	buf_free(&block->signature);
}

void
anthropic_free_open(struct anthropic_answer *own)
{
	for (unsigned i = 0; i < own->n_open; i++)
		free_block(&own->open[i]);
	free(own->open);
}

size_t
anthropic_held(const struct anthropic_answer *own)
{
	size_t held = own->blocks.len + own->ids.len;

	for (unsigned i = 0; i < own->n_open; i++)
		held += own->open[i].raw.len + own->open[i].pieces.len +
			own->open[i].signature.len;
	return held;
}

/* ---- opaque state */

/* Writes the state of the block that ends: its signature, if any, and the
 * opaque blocks before it. */
static void
put_kept(const struct anthropic_answer *own, const char *key,
	struct span signature, bool paused, struct buf *out)
{
	struct json_writer w = json_writer(out);

	if (signature.len + own->blocks.len == 0)
		return;
	json_open(&w, '{');
	if (signature.len > 0)
		json_member_text(&w, key, signature);
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
end_part(struct llm_stream *stream, const struct anthropic_block *block,
	enum llm_event_type type, const char *key)
{
	struct anthropic_answer *own = stream->own;
	struct buf kept = BUF_INIT;

	put_kept(own, key, buf_span(&block->signature), false, &kept);
	llm_stream_show(stream,
		&(struct llm_event){ .type = type,
			.call = block->call,
			.block = block->number,
			.kept = buf_span(&kept),
			.kept_by = KEPT_ANTHROPIC });
	buf_free(&kept);
	buf_clear(&own->blocks);
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

/* Keeps the block as it arrived, with the input from its deltas. */
static void
end_opaque(struct llm_stream *stream, const struct anthropic_block *block)
{
	struct anthropic_answer *own = stream->own;
	struct span pieces = buf_span(&block->pieces);
	bool whole = json_check(pieces, JSON_DEPTH_MAX / 2) == OK;
	struct span key = { NULL, 0 }, value = { NULL, 0 };
	struct buf out = BUF_INIT;
	struct json_writer w = json_writer(&out);

	json_open(&w, '{');
	while (json_raw_member(buf_span(&block->raw), &key, &value)) {
		json_key_raw(&w, key);
		json_put_raw(&w,
			json_raw_is(key, "input") && whole ? pieces : value);
	}
	json_close(&w, '}');
	if (own->blocks.len > 0)
		buf_putc(&own->blocks, ',');
	buf_put_span(&own->blocks, buf_span(&out));
	buf_free(&out);
}

/* ---- blocks */

/* A call of the provider's own tools, or its result: server_tool_use,
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
sign(struct anthropic_block *block, struct span signature)
{
	if (signature.len == 0)
		return;
	buf_clear(&block->signature);
	buf_put_span(&block->signature, signature);
}

static void
stop(struct llm_stream *stream, struct anthropic_block *at)
{
	struct anthropic_answer *own = stream->own;
	struct anthropic_block block = *at;
	size_t after = own->n_open - (size_t)(at - own->open) - 1;

	memmove(at, at + 1, after * sizeof(*at));
	own->n_open--;
	if (block.kind == ANTHROPIC_CALL && !block.args)
		anthropic_show_args(stream, &block, buf_span(&block.raw));
	switch (block.kind) {
	case ANTHROPIC_NONE:
		break;
	case ANTHROPIC_TEXT:
		end_part(stream, &block, LLM_TEXT_END, KEPT_SIGNATURE);
		break;
	case ANTHROPIC_THINKING:
		end_part(stream, &block, LLM_REASONING_END, KEPT_SIGNATURE);
		break;
	case ANTHROPIC_REDACTED:
		end_part(stream, &block, LLM_REASONING_END, KEPT_REDACTED);
		break;
	case ANTHROPIC_CALL:
		end_part(stream, &block, LLM_TOOL_END, KEPT_SIGNATURE);
		break;
	case ANTHROPIC_OPAQUE:
		end_opaque(stream, &block);
		break;
	}
	free_block(&block);
}

void
anthropic_stop_block(struct llm_stream *stream, int64_t index)
{
	struct anthropic_answer *own = stream->own;
	struct anthropic_block *block = find(own, index);

	if (block == NULL && own->n_open == 1)
		block = own->open;
	if (block != NULL)
		stop(stream, block);
}

void
anthropic_stop_all(struct llm_stream *stream)
{
	struct anthropic_answer *own = stream->own;

	while (own->n_open > 0)
		stop(stream, own->open);
}

/* Only one block per index is open at a time. */
static struct anthropic_block *
new_block(struct llm_stream *stream, int64_t index, enum anthropic_kind kind)
{
	struct anthropic_answer *own = stream->own;
	struct anthropic_block *block = find(own, index);

	if (block != NULL)
		stop(stream, block);
	if (own->n_open == ANTHROPIC_OPEN_MAX)
		stop(stream, own->open);
	own->open =
		mem_realloc(own->open, (own->n_open + 1) * sizeof(*own->open));
	block = &own->open[own->n_open++];
	*block = (struct anthropic_block){
		.kind = kind, .index = index, .number = ++own->n_blocks
	};
	return block;
}

enum err
anthropic_begin_block(
	struct llm_stream *stream, int64_t index, const struct json *json)
{
	struct anthropic_block *block = new_block(stream, index, kind_of(json));
	struct json_writer w = json_writer(&block->raw);

	if (block->kind == ANTHROPIC_CALL)
		return anthropic_begin_call(stream, block, json);
	if (block->kind == ANTHROPIC_TEXT)
		llm_stream_say_in(stream, block->number, LLM_TEXT,
			json_text(json_get(json, "text")));
	if (block->kind == ANTHROPIC_THINKING) {
		llm_stream_say_in(stream, block->number, LLM_REASONING,
			json_text(json_get(json, "thinking")));
		sign(block, json_text(json_get(json, "signature")));
	}
	if (block->kind == ANTHROPIC_REDACTED)
		sign(block, json_text(json_get(json, "data")));
	if (block->kind == ANTHROPIC_OPAQUE) {
		json_put(&w, json);
		take_results(stream, json);
	}
	return OK;
}

/* Text without a block start is shown all the same. */
void
anthropic_say(struct llm_stream *stream, int64_t index,
	enum llm_event_type type, struct span text)
{
	enum anthropic_kind kind =
		type == LLM_TEXT ? ANTHROPIC_TEXT : ANTHROPIC_THINKING;
	struct anthropic_block *block = find(stream->own, index);

	if (text.len == 0)
		return;
	if (block == NULL || block->kind != kind)
		block = new_block(stream, index, kind);
	llm_stream_say_in(stream, block->number, type, text);
}

static void
take_input(struct llm_stream *stream, struct anthropic_block *block,
	struct span text)
{
	if (block != NULL && block->kind == ANTHROPIC_CALL)
		anthropic_show_args(stream, block, text);
	else if (block != NULL && block->kind == ANTHROPIC_OPAQUE)
		buf_put_span(&block->pieces, text);
}

/* Whether the delta contains something that is not shown. */
static bool
is_held(const struct json *delta)
{
	return json_text(json_get(delta, "signature")).len > 0 ||
		json_text(json_get(delta, "partial_json")).len > 0;
}

void
anthropic_take_delta(
	struct llm_stream *stream, int64_t index, const struct json *delta)
{
	struct anthropic_answer *own = stream->own;
	struct anthropic_block *block = find(own, index);
	const struct json *citation = json_get(delta, "citation");

	stream->news = stream->news || is_held(delta);
	if (is_kind(delta, "text_delta"))
		anthropic_say(stream, index, LLM_TEXT,
			json_text(json_get(delta, "text")));
	else if (is_kind(delta, "thinking_delta"))
		anthropic_say(stream, index, LLM_REASONING,
			json_text(json_get(delta, "thinking")));
	else if (is_kind(delta, "signature_delta") && block != NULL &&
		block->kind == ANTHROPIC_THINKING)
		sign(block, json_text(json_get(delta, "signature")));
	else if (is_kind(delta, "input_json_delta"))
		take_input(stream, block,
			json_text(json_get(delta, "partial_json")));
	else if (is_kind(delta, "citations_delta"))
		sources_take(&own->sources, stream,
			json_text(json_get(citation, "url")),
			json_text(json_get(citation, "title")));
}

/* The remaining opaque blocks get a part of their own. */
void
anthropic_end_blocks(struct llm_stream *stream, bool paused)
{
	struct anthropic_answer *own = stream->own;
	struct buf kept = BUF_INIT;

	if (own->blocks.len == 0)
		return;
	put_kept(own, KEPT_SIGNATURE, (struct span){ NULL, 0 }, paused, &kept);
	llm_stream_show(stream,
		&(struct llm_event){ .type = LLM_TEXT_END,
			.kept = buf_span(&kept),
			.kept_by = KEPT_ANTHROPIC });
	buf_free(&kept);
	buf_clear(&own->blocks);
}
