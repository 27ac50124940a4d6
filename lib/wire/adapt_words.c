#include "wire/adapt_words.h"

#include "base/attr.h"

static const struct adapt_sign signs[] = {
	{ TAKES_CACHE, WAY_OFF, { "cache_control" } },
	{ TAKES_EFFORT, WAY_OFF, { "reasoning_effort" } },
	{ TAKES_EFFORT, WAY_OFF, { "reasoning.effort" } },
	{ TAKES_EFFORT, WAY_OFF, { "reasoning effort" } },
	{ TAKES_EFFORT, WAY_OFF, { "budget_tokens" } },
	{ TAKES_EFFORT, WAY_OFF, { "thinking.type" } },
	{ TAKES_EFFORT, WAY_OFF, { "thinking", "budget" } },
	{ TAKES_EFFORT, WAY_OFF, { "thinking", "not support" } },
	{ TAKES_EFFORT, WAY_OFF, { "thinkingBudget" } },
	{ TAKES_STREAM_OPTIONS, WAY_OFF, { "stream_options" } },
	{ TAKES_STREAM_OPTIONS, WAY_OFF, { "stream options" } },
	{ TAKES_STREAM_OPTIONS, WAY_OFF, { "include_usage" } },

	{ TAKES_MAX_TOKENS, WAY_COMPLETION, { "max_completion_tokens" } },
	{ TAKES_MAX_TOKENS, WAY_LEFT_OUT, { "max_tokens" } },
	{ TAKES_MAX_TOKENS, WAY_LEFT_OUT, { "max_completion_tokens" } },
	{ TAKES_MAX_TOKENS, WAY_LEFT_OUT, { "max_output_tokens" } },
	{ TAKES_TEMPERATURE, WAY_OFF, { "temperature" } },

	{ TAKES_CALL_IDS, WAY_SHORT, { "tool call id" } },
	{ TAKES_CALL_IDS, WAY_SHORT, { "tool_call_id", "length" } },
	{ TAKES_CALL_IDS, WAY_SHORT, { "tool_call_id", "pattern" } },
	{ TAKES_CALL_IDS, WAY_SHORT, { "tool_calls", "id", "too long" } },
	{ TAKES_CALL_IDS, WAY_SHORT, { "tool_use.id" } },
	{ TAKES_PARALLEL_CALLS, WAY_OFF, { "single tool-call" } },
	{ TAKES_PARALLEL_CALLS, WAY_OFF, { "single tool call" } },
	{ TAKES_PARALLEL_CALLS, WAY_OFF, { "parallel tool" } },
	{ TAKES_PARALLEL_CALLS, WAY_OFF, { "multiple tool calls" } },

	{ TAKES_TOOLS, WAY_OFF, { "tool choice requires" } },
	{ TAKES_TOOLS, WAY_OFF, { "tool-call-parser" } },
	{ TAKES_TOOL_CHOICE, WAY_OFF, { "tool_choice" } },
	{ TAKES_TOOL_CHOICE, WAY_OFF, { "toolchoice" } },

	{ TAKES_REASONING, WAY_ALWAYS, { "reasoning_content", "missing" } },
	{ TAKES_REASONING, WAY_ALWAYS, { "reasoning_content", "passed back" } },
	{ TAKES_REASONING, WAY_ALWAYS, { "reasoning_content", "required" } },
	{ TAKES_REASONING, WAY_ALWAYS, { "thought_signature", "missing" } },
	{ TAKES_REASONING, WAY_OFF, { "reasoning_content" } },
	{ TAKES_REASONING, WAY_OFF, { "reasoning_details" } },
	{ TAKES_REASONING, WAY_OFF, { "thinking", "signature" } },
	{ TAKES_REASONING, WAY_OFF, { "thinking` block" } },
	{ TAKES_REASONING, WAY_OFF, { "redacted_thinking" } },
	{ TAKES_REASONING, WAY_OFF, { "property 'reasoning" } },
	{ TAKES_REASONING, WAY_OFF, { "thinking_config" } },
	{ TAKES_REASONING, WAY_OFF, { "thinkingConfig" } },
	{ TAKES_REASONING, WAY_OFF, { "include_thoughts" } },
	{ TAKES_REASONING, WAY_OFF, { "thinking", "not enabled" } },
	{ TAKES_REASONING, WAY_OFF, { "thinking", "not support" } },
	{ TAKES_REASONING, WAY_OFF, { "encrypted content" } },
	{ TAKES_REASONING, WAY_OFF, { "encrypted_content" } },
	{ TAKES_REASONING, WAY_OFF, { "of type 'reasoning'" } },
	{ TAKES_REASONING, WAY_OFF, { "reasoning.effort" } },
	{ TAKES_REASONING, WAY_OFF, { "reasoning.summary" } },

	{ TAKES_TOOLS, WAY_OFF, { "support tool" } },
	{ TAKES_TOOLS, WAY_OFF, { "support the tool" } },
	{ TAKES_TOOLS, WAY_OFF, { "tool use" } },
	{ TAKES_TOOLS, WAY_OFF, { "tool_use" } },
	{ TAKES_TOOLS, WAY_OFF, { "tool call", "support" } },
	{ TAKES_TOOLS, WAY_OFF, { "function call", "support" } },
	{ TAKES_TOOLS, WAY_OFF, { "function call", "enabled" } },
	{ TAKES_TOOLS, WAY_OFF, { "functions", "support" } },
	{ TAKES_TOOLS, WAY_OFF, { "tools" } },
	{ TAKES_TOOLS, WAY_OFF, { "role", "tool" } },

	/* Refuses an image type, if the request has an image of a rare type. */
	{ TAKES_RARE_IMAGES, WAY_OFF, { "image", "format" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "image", "process" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "image", "pars" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "image", "decod" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "image", "identify" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "image", "load" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "image", "open" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "image type" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "image/", "jpeg" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "invalid image" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "unsupported image" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "media type" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "media_type" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "mime" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "heic" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "heif" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "avif" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "svg" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "tiff" } },
	{ TAKES_IMAGES, WAY_OFF, { "image" } },
	{ TAKES_IMAGES, WAY_OFF, { "vision" } },
	{ TAKES_IMAGES, WAY_OFF, { "mmproj" } },
	{ TAKES_RARE_IMAGES, WAY_OFF, { "image" } },
	{ TAKES_PDF, WAY_OFF, { "pdf" } },
	{ TAKES_PDF, WAY_OFF, { "file_data" } },
	{ TAKES_PDF, WAY_OFF, { "'file'" } },
	{ TAKES_PDF, WAY_OFF, { "`file`" } },
	{ TAKES_PDF, WAY_OFF, { "\"file\"" } },
	{ TAKES_PDF, WAY_OFF, { "file input" } },
	{ TAKES_PDF, WAY_OFF, { "document" } },
	{ TAKES_AUDIO, WAY_OFF, { "audio" } },

	{ TAKES_SYSTEM, WAY_USER, { "developer", "not enabled" } },
	{ TAKES_SYSTEM, WAY_DEVELOPER, { "system", "use 'developer'" } },
	{ TAKES_SYSTEM, WAY_DEVELOPER, { "'system'", "not support" } },
	{ TAKES_SYSTEM, WAY_USER, { "'developer'", "not support" } },
	{ TAKES_SYSTEM, WAY_USER, { "system role" } },
	{ TAKES_SYSTEM, WAY_USER, { "system message" } },
	{ TAKES_SYSTEM, WAY_USER, { "system prompt" } },
	{ TAKES_SYSTEM, WAY_USER, { "system instruction" } },
	{ TAKES_SYSTEM, WAY_USER, { "role", "system" } },
	{ TAKES_SYSTEM, WAY_USER, { "role", "developer" } },
	/* Our messages do alternate; a template that complains counts the
	 * system prompt as a message. */
	{ TAKES_SYSTEM, WAY_USER, { "alternat" } },
	{ TAKES_TOOLS, WAY_OFF, { "alternat" } },
};

static const char *const only_text[] = { "must be a string", "be a string",
	"expected a string", "expected string", "valid string", "multimodal",
	"modalit", "content part", "content type", "content block",
	"must be text", "only text", "text only", NULL };

static const char *const one_file[] = { "format", "exceed", "too large",
	"too big", "too many", "size", "process", "decod", "download", "fetch",
	"invalid image", "corrupt", "empty", "resolution", "dimension",
	"pixels", "failed to load", "could not", "unable to", "encrypted",
	NULL };

static const char *const too_long[] = { "context_length", "context length",
	"context window", "context size", "maximum context", "context limit",
	"exceed_context", "too many tokens", "prompt is too long",
	"input is too long", "input token", "input length", "prompt length",
	"token limit", "maximum number of tokens", "maximum prompt",
	"reduce the length", "reduce your prompt", "n_ctx", "request_too_large",
	NULL };

static const char *const for_good[] = { "content_filter", "content filter",
	"content management", "content policy", "safety", "inappropriate",
	"moderation", "sensitive", "api key", "api_key", "quota", "billing",
	"credit", "balance", "model_not_found", "model not found",
	"does not exist", "not a valid model", NULL };

static const char *const one_thought[] = { "thinking` block", "signature",
	"redacted_thinking", "invalid_encrypted_content",
	"could not be verified", "of type 'reasoning'", NULL };

const struct adapt_sign *
adapt_sign(size_t i)
{
	return i < LENGTH(signs) ? &signs[i] : NULL;
}

bool
adapt_is_shown(const struct failure *failure, const struct adapt_sign *sign)
{
	for (size_t i = 0; i < ADAPT_WORDS_MAX && sign->words[i] != NULL; i++)
		if (!failure_says(failure, sign->words[i]))
			return false;
	return true;
}

bool
adapt_says(const struct failure *failure, enum adapt_topic topic)
{
	static const char *const *const topics[] = {
		[ADAPT_ONLY_TEXT] = only_text,
		[ADAPT_ONE_FILE] = one_file,
		[ADAPT_ONE_THOUGHT] = one_thought,
		[ADAPT_TOO_LONG] = too_long,
		[ADAPT_FOR_GOOD] = for_good,
	};

	for (const char *const *words = topics[topic]; *words != NULL; words++)
		if (failure_says(failure, *words))
			return true;
	return false;
}
