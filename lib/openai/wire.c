#include "openai/wire.h"

#include "openai/answer.h"
#include "openai/request.h"

/* These members would change the form of the answer. */
static const char *const reserved[] = { "messages", "stream", "n", NULL };
static const char *const not_for_titles[] = { "max_tokens",
	"max_completion_tokens", "tools", "tool_choice", "parallel_tool_calls",
	"response_format", NULL };

static void
put_path(struct buf *url, const char *model)
{
	(void)model;
	buf_puts(url, "/chat/completions");
}

const struct wire wire_openai = {
	.word = "openai",
	.base_url = "",
	.put_path = put_path,
	.models_path = "/models",
	.put_headers = wire_put_bearer,
	.reserved = reserved,
	.not_for_titles = not_for_titles,
	.write = openai_write,
	.own_size = sizeof(struct openai_answer),
	.free_own = openai_answer_free,
	.take_short = openai_take_short,
	.is_error = openai_is_error,
	.take = openai_take,
	.take_end = openai_take_end,
	.end_parts = openai_end_parts,
};
