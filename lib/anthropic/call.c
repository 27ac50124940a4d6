/* The tool calls of an answer. */

#include "anthropic/answer.h"

#include "wire/made_id.h"
#include "wire/tool_calls.h"
#include "json/write.h"

static bool
is_used(const struct anthropic_answer *own, struct span id)
{
	const char *at = buf_str(&own->ids), *end = at + own->ids.len;

	for (; at < end; at += strlen(at) + 1)
		if (span_is(id, at))
			return true;
	return false;
}

enum err
anthropic_begin_call(struct llm_stream *stream, struct anthropic_block *block,
	const struct json *json)
{
	struct anthropic_answer *own = stream->own;
	const struct json *input = json_get(json, "input");
	struct json_writer w = json_writer(&block->raw);
	struct llm_event event = { .type = LLM_TOOL_START,
		.call = own->n_calls,
		.id = tool_id_bounded(json_text(json_get(json, "id"))),
		.name = tool_name_bounded(json_text(json_get(json, "name"))) };
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
	block->call = own->n_calls++;
	stream->called = true;
	llm_stream_show(stream, &event);
	if (json_kind(input) == JSON_TEXT)
		buf_put_span(&block->raw, json_text(input));
	else if (json_length(input) > 0)
		json_put(&w, input);
	return OK;
}

void
anthropic_show_args(struct llm_stream *stream, struct anthropic_block *block,
	struct span text)
{
	if (text.len == 0)
		return;
	block->args = true;
	llm_stream_show(stream,
		&(struct llm_event){ .type = LLM_TOOL_ARGS,
			.call = block->call,
			.text = text });
}
