#include "responses/wire.h"

#include "responses/answer.h"
#include "responses/kept.h"
#include "responses/request.h"

/* These members would change the form of the answer, or the conversation. */
static const char *const reserved[] = { "input", "instructions", "stream",
	"background", "previous_response_id", "conversation", NULL };
static const char *const not_for_titles[] = { "max_output_tokens", "max_tokens",
	"max_completion_tokens", "tools", "tool_choice", "parallel_tool_calls",
	"max_tool_calls", "text", NULL };

static void
put_path(struct buf *url, const char *model)
{
	(void)model;
	buf_puts(url, "/responses");
}

const struct wire wire_responses = {
	.word = RESPONSES_WORD,
	.base_url = "https://api.openai.com/v1",
	.put_path = put_path,
	.models_path = "/models",
	.put_headers = wire_put_bearer,
	.reserved = reserved,
	.not_for_titles = not_for_titles,
	.fixed = TAKES_BIT(TAKES_PARALLEL_CALLS) | TAKES_BIT(TAKES_AUDIO),
	.write = responses_write,
	.own_size = sizeof(struct responses_answer),
	.free_own = responses_answer_free,
	.take_short = responses_take_short,
	.take_large = responses_take_too_large,
	.is_error = responses_is_error,
	.take = responses_take,
	.end_parts = responses_end_parts,
};
