#include "gemini/answer.h"

#include "base/attr.h"
#include "base/mem.h"
#include "gemini/delta.h"
#include "wire/count.h"
#include "wire/event_error.h"

#include <stdio.h>

/* ---- the finish reason */

/* Logs a refusal, because the provider sends no error of its own. */
static void
note(struct llm_stream *stream, const char *what, struct span word,
	struct span said)
{
	struct failure *failure = stream->failure;

	if (failure == NULL)
		failure = stream->failure = mem_zalloc(sizeof(*failure));
	snprintf(failure->message, sizeof(failure->message), "%s %.*s%s%.*s",
		what, (int)MIN(word.len, FAILURE_CODE_LEN), word.data,
		said.len > 0 ? ": " : "",
		(int)MIN(said.len, FAILURE_MESSAGE_LEN),
		said.len > 0 ? said.data : "");
}

static const struct {
	const char *word;
	enum llm_finish finish;
	enum llm_fault fault;
} finishes[] = {
	{ "STOP", LLM_FINISH_STOP, LLM_OK },
	{ "MAX_TOKENS", LLM_FINISH_LENGTH, LLM_OK },
	{ "CONTINUATION", LLM_FINISH_LENGTH, LLM_OK },
	{ "SAFETY", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "RECITATION", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "BLOCKLIST", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "PROHIBITED_CONTENT", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "SPII", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "MODEL_ARMOR", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "IMAGE_SAFETY", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "IMAGE_PROHIBITED_CONTENT", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "IMAGE_RECITATION", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "MALFORMED_FUNCTION_CALL", LLM_FINISH_OTHER, LLM_ERROR },
	{ "UNEXPECTED_TOOL_CALL", LLM_FINISH_OTHER, LLM_ERROR },
	{ "TOO_MANY_TOOL_CALLS", LLM_FINISH_OTHER, LLM_ERROR },
	{ "MISSING_THOUGHT_SIGNATURE", LLM_FINISH_OTHER, LLM_ERROR },
	{ "MALFORMED_RESPONSE", LLM_FINISH_OTHER, LLM_ERROR },
};

/* The last reason counts: some models send STOP in every event. */
static void
take_finish(struct llm_stream *stream, const struct json *candidate)
{
	struct span word = json_text(json_get(candidate, "finishReason"));

	if (word.len == 0)
		return;
	stream->result.finish = LLM_FINISH_OTHER;
	stream->gave_up = LLM_OK;
	for (size_t i = 0; i < LENGTH(finishes); i++)
		if (span_is(word, finishes[i].word)) {
			stream->result.finish = finishes[i].finish;
			stream->gave_up = finishes[i].fault;
		}
	if (stream->gave_up != LLM_OK)
		note(stream, "finishReason", word,
			json_text(json_get(candidate, "finishMessage")));
}

/* The prompt was refused; an unspecified reason is no refusal. */
static void
take_feedback(struct llm_stream *stream, const struct json *feedback)
{
	struct gemini_answer *own = stream->own;
	struct span reason = json_text(json_get(feedback, "blockReason"));

	if (own->blocked || reason.len == 0 ||
		span_is(reason, "BLOCK_REASON_UNSPECIFIED") ||
		span_is(reason, "BLOCKED_REASON_UNSPECIFIED"))
		return;
	own->blocked = true;
	note(stream, "promptFeedback.blockReason", reason,
		json_text(json_get(feedback, "blockReasonMessage")));
}

/* ---- usage: each event has the totals so far */

static void
set_count(int64_t *out, int64_t count)
{
	if (llm_believed(count) >= 0)
		*out = count;
}

static void
count(struct llm_usage *usage, const struct gemini_counts *counts)
{
	int64_t words = llm_believed(counts->words);

	set_count(&usage->input, counts->prompt);
	set_count(&usage->total, counts->total);
	set_count(&usage->cached_input, counts->cached);
	set_count(&usage->reasoning, counts->thoughts);
	if (words >= 0 || llm_believed(counts->thoughts) >= 0)
		usage->output = MAX(words, 0) + MAX(usage->reasoning, 0);
}

static int64_t
count_of(const struct json *usage, const char *key)
{
	return llm_count(json_get(usage, key), -1);
}

static void
take_usage(struct llm_usage *usage, const struct json *said)
{
	const struct gemini_counts counts = {
		.prompt = count_of(said, "promptTokenCount"),
		.words = count_of(said, "candidatesTokenCount"),
		.thoughts = count_of(said, "thoughtsTokenCount"),
		.cached = count_of(said, "cachedContentTokenCount"),
		.total = count_of(said, "totalTokenCount"),
	};

	count(usage, &counts);
}

/* ---- sources */

static void
take_sources(struct llm_stream *stream, const struct json *list,
	const char *const *places, size_t n)
{
	struct gemini_answer *own = stream->own;

	for (size_t i = 0;
		json_kind(list) == JSON_ARRAY && i < json_length(list); i++)
		for (size_t j = 0; j < n; j++) {
			const struct json *item = json_at(list, i);

			if (*places[j] != '\0')
				item = json_get(item, places[j]);
			sources_take(&own->sources, stream,
				json_text(json_get(item, "uri")),
				json_text(json_get(item, "title")));
		}
}

/* The pages that the model has searched or quotes. */
static void
take_grounds(struct llm_stream *stream, const struct json *candidate)
{
	static const char *const chunks[] = { "web", "retrievedContext",
		"maps" };
	static const char *const quotes[] = { "" };
	const struct json *grounds = json_get(candidate, "groundingMetadata");
	const struct json *quoted = json_get(candidate, "citationMetadata");

	take_sources(stream, json_get(grounds, "groundingChunks"), chunks,
		LENGTH(chunks));
	take_sources(stream, json_get(quoted, "citationSources"), quotes,
		LENGTH(quotes));
	take_sources(
		stream, json_get(quoted, "citations"), quotes, LENGTH(quotes));
}

/* ---- events */

/* The candidate with index 0, which is the default. Another index is followed
 * only until index 0 appears. */
static const struct json *
candidate_of(struct gemini_answer *own, const struct json *event)
{
	const struct json *list = json_get(event, "candidates");

	for (size_t i = 0;
		json_kind(list) == JSON_ARRAY && i < json_length(list); i++) {
		const struct json *candidate = json_at(list, i);

		if (json_kind(candidate) != JSON_OBJECT ||
			json_int(json_get(candidate, "index"), 0) != 0)
			continue;
		own->zero_seen = true;
		return candidate;
	}
	return own->zero_seen || json_kind(json_at(list, 0)) != JSON_OBJECT
		? NULL
		: json_at(list, 0);
}

bool
gemini_is_error(const struct json *event, bool *maybe)
{
	*maybe = json_kind(json_get(event, "candidates")) <= JSON_NULL &&
		event_error_may_be(event);
	return event_error_is(event);
}

static bool
is_ours(const struct json *event)
{
	static const char *const keys[] = { "candidates", "usageMetadata",
		"promptFeedback" };

	for (size_t i = 0; i < LENGTH(keys); i++)
		if (json_kind(json_get(event, keys[i])) > JSON_NULL)
			return true;
	return false;
}

enum err
gemini_take(struct llm_stream *stream, const struct json *event)
{
	struct gemini_answer *own = stream->own;
	const struct json *candidate;

	/* Without alt=sse, which a gateway may drop, the whole answer is one
	 * list. */
	if (json_kind(event) == JSON_ARRAY) {
		for (size_t i = 0; i < json_length(event); i++)
			if (json_kind(json_at(event, i)) == JSON_OBJECT)
				TRY(gemini_take(stream, json_at(event, i)));
		return OK;
	}
	stream->understood = stream->understood || is_ours(event);
	take_usage(&stream->result.usage, json_get(event, "usageMetadata"));
	take_feedback(stream, json_get(event, "promptFeedback"));
	candidate = candidate_of(own, event);
	if (own->blocked || candidate == NULL)
		return OK;
	take_finish(stream, candidate);
	take_grounds(stream, candidate);
	return gemini_take_content(stream, json_get(candidate, "content"));
}

bool
gemini_take_short(struct llm_stream *stream, struct span data)
{
	struct gemini_answer *own = stream->own;
	const struct span unsigned_ = { NULL, 0 };
	struct buf unescaped = BUF_INIT;
	struct gemini_delta delta;
	bool taken =
		!own->blocked && gemini_delta_read(data, &unescaped, &delta);

	if (taken) {
		stream->understood = own->zero_seen = true;
		count(&stream->result.usage, &delta.counts);
		taken = gemini_say(stream,
				delta.thought ? GEMINI_THOUGHT : GEMINI_TEXT,
				delta.text, unsigned_) == OK;
	}
	buf_free(&unescaped);
	return taken;
}

/* ---- the end */

void
gemini_take_end(struct llm_stream *stream)
{
	const struct gemini_answer *own = stream->own;

	if (own->blocked)
		stream->gave_up = LLM_FILTERED;
	if (stream->result.finish == LLM_FINISH_STOP && stream->called)
		stream->result.finish = LLM_FINISH_TOOL_CALLS;
}

enum err
gemini_end_parts(struct llm_stream *stream)
{
	struct gemini_answer *own = stream->own;

	gemini_end_block(stream);
	return llm_stream_end_parts(stream, own->calls);
}

void
gemini_answer_free(void *arg)
{
	struct gemini_answer *own = arg;

	sources_free(&own->sources);
	tool_calls_free(own->calls);
	buf_free(&own->signature);
}
