#include "chat/reply_private.h"

#include "llm/cost.h"
#include "json/write.h"

#include <stdlib.h>

static const char *const status_words[] = {
	[REPLY_COMPLETE] = "complete",
	[REPLY_STOPPED] = "stopped",
	[REPLY_INTERRUPTED] = "interrupted",
	[REPLY_ERROR] = "error",
};

/* People, and later the model, read this about a call that was cut off. */
#define CALL_CUT "The reply ended before this call finished."

#define RECOVERED "{\"status\":\"interrupted\"}"

const char *
reply_status_word(enum reply_status status)
{
	return status_words[status];
}

static enum reply_status
status_of(const struct reply *reply, enum llm_fault fault)
{
	if (fault == LLM_OK)
		return REPLY_COMPLETE;
	if (fault == LLM_STOPPED)
		return REPLY_STOPPED;
	return reply->shown && llm_fault_interrupts(fault) ? REPLY_INTERRUPTED
							   : REPLY_ERROR;
}

static void
put_count(struct json_writer *w, const char *key, int64_t n)
{
	if (n >= 0)
		json_member_int(w, key, n);
}

static void
put_usage(struct json_writer *w, const struct llm_usage *usage)
{
	if (usage->input < 0 && usage->output < 0 && usage->total < 0)
		return;
	json_key(w, "usage");
	json_open(w, '{');
	put_count(w, "inputTokens", usage->input);
	put_count(w, "outputTokens", usage->output);
	put_count(w, "totalTokens", usage->total);
	put_count(w, "cachedInputTokens", usage->cached_input);
	put_count(w, "cacheWriteTokens", usage->cache_write);
	put_count(w, "reasoningTokens", usage->reasoning);
	json_close(w, '}');
}

static void
put_cost(struct json_writer *w, const struct llm_prices *prices,
	const struct llm_usage *usage)
{
	int64_t cost = llm_cost(prices, usage);

	if (cost != LLM_COST_UNKNOWN)
		json_member_int(w, "cost", cost);
}

/* Writes the fault's word, which the page turns into a sentence, now and after
 * a reload. An error from before a continuation becomes null. */
static void
put_error(struct json_writer *w, const struct reply *reply,
	enum reply_status status, enum llm_fault fault)
{
	bool well = status == REPLY_COMPLETE || status == REPLY_STOPPED;

	if (well && !reply->had_error)
		return;
	json_key(w, "error");
	if (well) {
		json_put_null(w);
		return;
	}
	json_open(w, '{');
	json_member_str(w, "code", llm_fault_word(fault));
	json_close(w, '}');
}

static void
put_context(struct json_writer *w, const struct reply *reply,
	const struct llm_result *result)
{
	if (reply->n_left_out == 0)
		return;
	json_key(w, "context");
	json_open(w, '{');
	json_member_int(w, "tokens",
		result->usage.input > 0 ? result->usage.input
					: reply->context_tokens);
	json_member_int(w, "limit", reply->context_limit);
	json_member_int(w, "leftOut", reply->n_left_out);
	json_close(w, '}');
}

static void
put_end_metadata(struct buf *out, const struct reply *reply,
	enum reply_status status, const struct llm_result *result)
{
	struct json_writer w = json_writer(out);

	json_open(&w, '{');
	json_member_str(&w, "status", reply_status_word(status));
	put_error(&w, reply, status, result->fault);
	put_usage(&w, &reply->usage);
	put_cost(&w, &reply->settings->prices, &reply->usage);
	put_context(&w, reply, result);
	if (status == REPLY_COMPLETE && result->finish != LLM_FINISH_NONE)
		json_member_str(
			&w, "finishReason", llm_finish_word(result->finish));
	json_close(&w, '}');
}

enum reply_status
reply_end(struct reply *reply, const struct llm_result *result, struct buf *out)
{
	enum reply_status status = status_of(reply, result->fault);
	bool well = status == REPLY_COMPLETE || status == REPLY_STOPPED;
	struct chunk chunk = { .type = well ? CHUNK_FINISH : CHUNK_METADATA };
	struct buf metadata = BUF_INIT;
	const char *finish = status == REPLY_COMPLETE
		? llm_finish_word(result->finish)
		: NULL;

	reply_end_reasoning(reply, out);
	reply_end_text(reply, out);
	reply_cut_calls(reply, CALL_CUT, out);
	parts_close(reply->parts, CALL_CUT, out);
	reply_count_usage(reply, &result->usage);
	put_end_metadata(&metadata, reply, status, result);
	chunk.metadata = buf_span(&metadata);
	chunk.finish_reason = span_of(finish);
	reply_put(reply, &chunk, out);
	if (!well)
		reply_put(reply,
			&(struct chunk){ .type = CHUNK_ERROR,
				.error_text = span_of(
					llm_fault_sentence(result->fault)) },
			out);
	buf_puts(out, CHUNK_DONE);
	buf_free(&metadata);
	return status;
}

void
reply_recover(struct parts *parts)
{
	parts_close(parts, CALL_CUT, NULL);
	if (parts_merge_metadata(parts, span_of(RECOVERED)) != OK)
		abort();
}
