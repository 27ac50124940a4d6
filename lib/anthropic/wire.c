#include "anthropic/wire.h"

#include "anthropic/answer.h"
#include "anthropic/request.h"

#include <ctype.h>
#include <string.h>

#define VERSION "anthropic-version: 2023-06-01"
/* Allows thoughts between tool calls if there is a budget for thoughts. */
#define INTERLEAVED "anthropic-beta: interleaved-thinking-2025-05-14"

static const char *const reserved[] = { "messages", "system", "stream", NULL };
static const char *const not_for_titles[] = { "max_tokens", "tools",
	"tool_choice", "thinking", "output_config", "output_format",
	"context_management", "container", "mcp_servers", NULL };

/* Whether the address ends with a version, such as /v1. */
static bool
has_version(const struct buf *url)
{
	size_t len = url->len;

	while (len > 0 && isdigit((unsigned char)url->data[len - 1]))
		len--;
	return len < url->len && len > 1 && url->data[len - 1] == 'v' &&
		url->data[len - 2] == '/';
}

static void
put_path(struct buf *url, const char *model)
{
	(void)model;
	buf_puts(url, has_version(url) ? "/messages" : "/v1/messages");
}

static void
put_headers(const struct wire_headers *headers, const struct llm_conf *conf,
	const char *key)
{
	headers->add(headers->arg, VERSION);
	if (strstr(conf->options, "\"budget_tokens\"") != NULL)
		headers->add(headers->arg, INTERLEAVED);
	wire_add_key(headers, "x-api-key: ", key);
}

const struct wire wire_anthropic = {
	.word = "anthropic",
	.base_url = "https://api.anthropic.com/v1",
	.put_path = put_path,
	.models_path = "/models?limit=1000",
	.models_after = "&after_id=",
	.models_next = "last_id",
	.put_headers = put_headers,
	.reserved = reserved,
	.not_for_titles = not_for_titles,
	.fixed = TAKES_BIT(TAKES_STREAM_OPTIONS) |
		TAKES_BIT(TAKES_PARALLEL_CALLS) | TAKES_BIT(TAKES_RARE_IMAGES) |
		TAKES_BIT(TAKES_AUDIO) | TAKES_BIT(TAKES_SYSTEM),
	.write = anthropic_write,
	.own_size = sizeof(struct anthropic_answer),
	.free_own = anthropic_answer_free,
	.take_short = anthropic_take_short,
	.is_error = anthropic_is_error,
	.take = anthropic_take,
	.take_end = anthropic_take_end,
	.end_parts = anthropic_end_parts,
};
