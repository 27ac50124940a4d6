/* What comes between two answers of the model: tool outputs and approvals. */

#include "base/mem.h"
#include "chat/reply_private.h"
#include "json/write.h"

#include "wire/made_id.h"

static int64_t
sum(int64_t a, int64_t b)
{
	return a < 0 ? b : b < 0 ? a : a + b;
}

void
reply_count_usage(struct reply *reply, const struct llm_usage *usage)
{
	struct llm_usage *all = &reply->usage;

	all->input = sum(all->input, usage->input);
	all->output = sum(all->output, usage->output);
	all->total = sum(all->total, usage->total);
	all->cached_input = sum(all->cached_input, usage->cached_input);
	all->cache_write = sum(all->cache_write, usage->cache_write);
	all->reasoning = sum(all->reasoning, usage->reasoning);
}

void
reply_note_asked(struct reply *reply, const struct llm_asked *asked)
{
	reply->allowed = asked->allowed;
	reply->context_tokens = asked->tokens;
	reply->context_limit = asked->limit;
	reply->n_left_out = asked->n_left_out;
}

void
reply_end_step(struct reply *reply, struct buf *out)
{
	static const struct chunk end = { .type = CHUNK_FINISH_STEP };

	reply_put(reply, &end, out);
}

enum err
reply_tool_output(struct reply *reply, struct span call_id, struct span output,
	bool failed, struct buf *out)
{
	struct chunk chunk = { .type = failed ? CHUNK_TOOL_OUTPUT_ERROR
					      : CHUNK_TOOL_OUTPUT_AVAILABLE,
		.tool_call_id = call_id };

	if (parts_size(reply->parts) - reply->size_before + output.len >
		reply->settings->reply_max)
		return ERR_TOO_BIG;
	if (failed)
		chunk.error_text = output;
	else
		chunk.output = output;
	reply_put(reply, &chunk, out);
	return OK;
}

void
reply_ask_approval(struct reply *reply, struct span call_id, struct buf *out)
{
	struct chunk chunk = { .type = CHUNK_TOOL_APPROVAL_REQUEST,
		.tool_call_id = call_id };
	char id[MADE_ID_LEN];

	made_id(id);
	chunk.approval_id = span_of(id);
	reply_put(reply, &chunk, out);
}

void
reply_tool_denied(struct reply *reply, struct span call_id, struct buf *out)
{
	const struct chunk chunk = { .type = CHUNK_TOOL_OUTPUT_DENIED,
		.tool_call_id = call_id };

	reply_put(reply, &chunk, out);
}

void
reply_ask_instead(struct reply *reply, const struct llm_settings *settings,
	struct buf *out)
{
	struct chunk chunk = { .type = CHUNK_METADATA };
	struct buf metadata = BUF_INIT;
	struct json_writer w = json_writer(&metadata);

	if (reply->instead_of == NULL)
		reply->instead_of = mem_str(
			reply->settings->id != NULL ? reply->settings->id : "");
	json_open(&w, '{');
	reply_put_model(&w, settings);
	json_member_str(&w, "fallbackFor", reply->instead_of);
	json_close(&w, '}');
	chunk.metadata = buf_span(&metadata);
	reply_put(reply, &chunk, out);
	buf_free(&metadata);
	reply->settings = settings;
}
