#include "gemini/wire.h"

#include "gemini/answer.h"
#include "gemini/kept.h"
#include "gemini/request.h"

#include <ctype.h>

/* We write these members from the conversation. */
static const char *const reserved[] = { "contents", "systemInstruction",
	"system_instruction", "model", NULL };
static const char *const not_for_titles[] = { "tools", "toolConfig",
	"tool_config", "cachedContent", NULL };

/* A name with a slash already has its collection: "tunedModels/x". */
static void
put_path(struct buf *url, const char *model)
{
	buf_puts(url, strchr(model, '/') != NULL ? "/" : "/models/");
	for (const char *at = model; *at != '\0'; at++)
		if (isalnum((unsigned char)*at) ||
			strchr("-._~/@", *at) != NULL)
			buf_putc(url, *at);
		else
			buf_printf(url, "%%%02X", (unsigned)(unsigned char)*at);
	buf_puts(url, ":streamGenerateContent?alt=sse");
}

static void
put_headers(const struct wire_headers *headers, const struct llm_conf *conf,
	const char *key)
{
	(void)conf;
	wire_add_key(headers, "x-goog-api-key: ", key);
}

const struct wire wire_gemini = {
	.word = GEMINI_KIND,
	.base_url = "https://generativelanguage.googleapis.com/v1beta",
	.put_path = put_path,
	.models_path = "/models?pageSize=1000",
	.models_after = "&pageToken=",
	.models_next = "nextPageToken",
	.put_headers = put_headers,
	.reserved = reserved,
	.not_for_titles = not_for_titles,
	.fixed = TAKES_BIT(TAKES_STREAM_OPTIONS) |
		TAKES_BIT(TAKES_PARALLEL_CALLS) | TAKES_BIT(TAKES_CALL_IDS) |
		TAKES_BIT(TAKES_MAX_TOKENS),
	.write = gemini_write,
	.own_size = sizeof(struct gemini_answer),
	.free_own = gemini_answer_free,
	.take_short = gemini_take_short,
	.is_error = gemini_is_error,
	.take = gemini_take,
	.take_end = gemini_take_end,
	.end_parts = gemini_end_parts,
};
