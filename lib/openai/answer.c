#include "openai/answer.h"

#include "base/buf.h"
#include "openai/chunk.h"
#include "openai/delta.h"
#include "wire/count.h"
#include "wire/event_error.h"
#include "wire/kept.h"
#include "json/write.h"

/* The number of the single call in the legacy `function_call`. */
#define LEGACY_INDEX 0

/* ---- text */

static void
put_thought(void *arg, bool reasoning, struct span text)
{
	llm_stream_say(arg, reasoning ? LLM_REASONING : LLM_TEXT, text);
}

static void
take_text(struct llm_stream *stream, struct span text)
{
	struct openai_answer *own = stream->own;
	const struct think_out out = { put_thought, stream };

	if (text.len > 0)
		think_feed(&own->think, text, &out);
}

void
openai_take_end(struct llm_stream *stream)
{
	struct openai_answer *own = stream->own;
	const struct think_out out = { put_thought, stream };

	think_flush(&own->think, &out);
}

/* A list contains alternating texts and thoughts. */
static void
take_content(struct llm_stream *stream, const struct json *content)
{
	bool list = json_kind(content) == JSON_ARRAY;
	size_t n = list ? json_length(content) : 1;
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		const struct json *part = list ? json_at(content, i) : content;

		buf_clear(&text);
		openai_put_content(&text, part, true);
		llm_stream_say(stream, LLM_REASONING, buf_span(&text));
		buf_clear(&text);
		openai_put_content(&text, part, false);
		take_text(stream, buf_span(&text));
	}
	buf_free(&text);
}

/* If both are present, the details repeat the reasoning. */
static void
take_reasoning(struct llm_stream *stream, const struct json *delta)
{
	struct openai_answer *own = stream->own;
	const struct json *details = json_get(delta, "reasoning_details");
	const struct json *reasoning = openai_reasoning(delta);
	struct buf text = BUF_INIT;

	details_add(&own->details, details);
	stream->news = stream->news || json_length(details) > 0;
	if (reasoning == NULL) {
		details_text(details, &text);
	} else {
		openai_put_content(&text, reasoning, false);
		if (text.len == 0)
			openai_put_content(&text, reasoning, true);
	}
	llm_stream_say(stream, LLM_REASONING, buf_span(&text));
	buf_free(&text);
}

/* Takes what a model sends in place of content: a refusal, or a transcript of
 * speech. */
static void
take_instead(struct llm_stream *stream, const struct json *delta)
{
	struct span refusal = json_text(json_get(delta, "refusal"));

	stream->refused = stream->refused || refusal.len > 0;
	take_text(stream, refusal);
	take_text(stream,
		json_text(json_get(json_get(delta, "audio"), "transcript")));
}

/* ---- tool calls */

/* Gemini's thought signature, or absent. */
static struct span
kept_signature(const struct json *call, struct buf *out)
{
	struct span signature = openai_signature(call);
	struct json_writer w = json_writer(out);

	if (signature.len == 0)
		return (struct span){ NULL, 0 };
	json_open(&w, '{');
	json_member_text(&w, KEPT_THOUGHT_SIGNATURE, signature);
	json_close(&w, '}');
	return buf_span(out);
}

static enum err
take_tool_call(struct llm_stream *stream, const struct json *call,
	const struct json *function, int64_t index)
{
	struct openai_answer *own = stream->own;
	struct buf text = BUF_INIT, kept = BUF_INIT;
	struct tool_fragment fragment = {
		.index = index >= 0 ? index : TOOL_INDEX_NONE,
		.id = json_text(json_get(call, "id")),
		.name = json_text(json_get(function, "name")),
		.arguments =
			tool_arguments(json_get(function, "arguments"), &text),
		.kept = kept_signature(call, &kept),
		.kept_by = KEPT_GOOGLE,
	};
	enum err err;

	if (own->calls == NULL)
		own->calls = tool_calls_open(stream->held_max);
	stream->called = true;
	stream->news =
		stream->news || fragment.name.len + fragment.arguments.len > 0;
	err = tool_calls_add(own->calls, &fragment, llm_stream_show, stream);
	buf_free(&text);
	buf_free(&kept);
	return err;
}

static bool
is_fragment(const struct json *call, const struct json *function)
{
	return json_text(json_get(call, "id")).len > 0 ||
		json_kind(json_get(function, "name")) == JSON_TEXT ||
		json_kind(json_get(function, "arguments")) > JSON_NULL;
}

static enum err
take_call(struct llm_stream *stream, const struct json *call)
{
	const struct json *function = json_get(call, "function");

	/* Some servers put name and arguments into the call itself. */
	if (json_kind(function) != JSON_OBJECT)
		function = call;
	if (!is_fragment(call, function))
		return OK;
	openai_take_end(stream);
	llm_stream_emit(stream, LLM_REASONING_END);
	return take_tool_call(stream, call, function, openai_index(call));
}

static enum err
take_tool_calls(struct llm_stream *stream, const struct json *delta)
{
	const struct json *list = json_get(delta, "tool_calls");
	const struct json *legacy = json_get(delta, "function_call");

	if (json_kind(list) == JSON_OBJECT)
		return take_call(stream, list);
	for (size_t i = 0; i < json_length(list); i++)
		TRY(take_call(stream, json_at(list, i)));
	if (json_length(list) > 0 || !is_fragment(NULL, legacy))
		return OK;
	openai_take_end(stream);
	llm_stream_emit(stream, LLM_REASONING_END);
	return take_tool_call(stream, NULL, legacy, LEGACY_INDEX);
}

/* ---- sources */

/* A list of strings or of objects, which may have the source under
 * url_citation. */
static void
take_list(struct llm_stream *stream, const struct json *list)
{
	struct openai_answer *own = stream->own;
	struct span url;

	if (json_kind(list) != JSON_ARRAY)
		return;
	for (size_t i = 0; i < json_length(list); i++) {
		const struct json *item = json_at(list, i);

		if (json_kind(json_get(item, "url_citation")) == JSON_OBJECT)
			item = json_get(item, "url_citation");
		url = json_kind(item) == JSON_TEXT
			? json_text(item)
			: json_text(json_get(item, "url"));
		sources_take(&own->sources, stream, url,
			json_text(json_get(item, "title")));
	}
}

/*
 * OpenAI's and OpenRouter's `annotations` of type url_citation, and
 * Perplexity's `citations` and `search_results`, which every chunk repeats.
 * Those with titles are taken first.
 */
static void
take_sources(struct llm_stream *stream, const struct json *chunk,
	const struct json *delta)
{
	take_list(stream, json_get(delta, "annotations"));
	take_list(stream, json_get(chunk, "search_results"));
	take_list(stream, json_get(chunk, "citations"));
}

/* ---- chunks */

/* An event with choices is an answer, whatever else it contains. */
bool
openai_is_error(const struct json *event, bool *maybe)
{
	*maybe = json_kind(json_get(event, "choices")) <= JSON_NULL &&
		event_error_may_be(event);
	return event_error_is(event);
}

static enum err
take_delta(struct llm_stream *stream, const struct json *delta)
{
	struct span text = json_text(json_get(delta, "content"));

	take_reasoning(stream, delta);
	take_content(stream, json_get(delta, "content"));
	if (text.len == 0)
		take_instead(stream, delta);
	return take_tool_calls(stream, delta);
}

enum err
openai_take(struct llm_stream *stream, const struct json *chunk)
{
	struct openai_answer *own = stream->own;
	const struct json *choice = openai_choice(chunk, &own->zero_seen);
	const struct json *delta = openai_delta_of(choice);
	bool is_delta = json_kind(json_get(choice, "delta")) == JSON_OBJECT;
	enum err err;

	llm_usage_take(&stream->result.usage, chunk);
	openai_take_finish(&stream->result.finish, &stream->gave_up,
		json_text(json_get(choice, "finish_reason")));
	/* After deltas, a whole message only repeats everything. */
	if (!is_delta && own->by_deltas)
		delta = NULL;
	/* The form of legacy completions. */
	else if (delta == NULL)
		take_text(stream, json_text(json_get(choice, "text")));
	stream->understood = stream->understood || choice != NULL;
	err = take_delta(stream, delta);
	own->by_deltas = own->by_deltas ||
		(is_delta && (stream->said || own->calls != NULL));
	take_sources(stream, chunk, delta);
	if (err == OK && own->details.size > stream->held_max)
		return ERR_TOO_BIG;
	return err;
}

/* False if the event must go the long way. */
bool
openai_take_short(struct llm_stream *stream, struct span data)
{
	struct openai_answer *own = stream->own;
	struct buf unescaped = BUF_INIT;
	struct openai_delta delta;
	bool taken = openai_delta_read(data, &unescaped, &delta);

	if (taken) {
		stream->understood = own->zero_seen = true;
		own->by_deltas = own->by_deltas ||
			delta.content.len + delta.reasoning.len > 0;
		llm_stream_say(stream, LLM_REASONING, delta.reasoning);
		take_text(stream, delta.content);
	}
	buf_free(&unescaped);
	return taken;
}

/* ---- the end */

static void
keep_details(struct llm_stream *stream)
{
	struct openai_answer *own = stream->own;
	struct buf list = BUF_INIT, kept = BUF_INIT;
	struct json_writer w = json_writer(&kept);

	details_write(&own->details, &list);
	json_open(&w, '{');
	json_member_raw(&w, KEPT_REASONING_DETAILS, buf_span(&list));
	json_close(&w, '}');
	if (list.len > 0)
		llm_stream_show(stream,
			&(struct llm_event){ .type = LLM_KEPT,
				.kept_by = KEPT_OPENROUTER,
				.kept = buf_span(&kept) });
	buf_free(&list);
	buf_free(&kept);
}

enum err
openai_end_parts(struct llm_stream *stream)
{
	struct openai_answer *own = stream->own;

	keep_details(stream);
	return llm_stream_end_parts(stream, own->calls);
}

void
openai_answer_free(void *arg)
{
	struct openai_answer *own = arg;

	think_free(&own->think);
	details_free(&own->details);
	sources_free(&own->sources);
	tool_calls_free(own->calls);
}
