#include "llm/adapt.h"

#include "base/attr.h"

#include <ctype.h>
#include <stdlib.h>

#define WORDS_MAX 3

/* What the words of refusals point at: all of *words* must be there. The first
 * that fits, and was in the request in that way, is it. Of servers: OpenAI,
 * Azure, Mistral, Groq, Cerebras, DeepSeek, Moonshot, Google, Anthropic,
 * OpenRouter, vLLM, llama.cpp, Ollama, LM Studio. */
struct sign {
	enum llm_ability ability;
	unsigned char way; /* that it is changed to */
	const char *words[WORDS_MAX];
};

static const struct sign signs[] = {
	{ TAKES_STREAM_OPTIONS, WAY_OFF, { "stream_options" } },
	{ TAKES_STREAM_OPTIONS, WAY_OFF, { "stream options" } },
	{ TAKES_STREAM_OPTIONS, WAY_OFF, { "include_usage" } },

	{ TAKES_MAX_TOKENS, WAY_COMPLETION, { "max_completion_tokens" } },
	{ TAKES_MAX_TOKENS, WAY_LEFT_OUT, { "max_tokens" } },
	{ TAKES_MAX_TOKENS, WAY_LEFT_OUT, { "max_completion_tokens" } },
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
	{ TAKES_REASONING, WAY_OFF, { "reasoning_content" } },
	{ TAKES_REASONING, WAY_OFF, { "reasoning_details" } },
	{ TAKES_REASONING, WAY_OFF, { "property 'reasoning" } },

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

	/* A type of images, as far as there are some of a rare one. */
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
	/* Our messages do alternate: such a template counts the prompt. */
	{ TAKES_SYSTEM, WAY_USER, { "alternat" } },
	{ TAKES_TOOLS, WAY_OFF, { "alternat" } },
};

/* The content is a list of parts, which this model does not read: without
 * files it is a text. */
static const char *const only_text[] = { "must be a string", "be a string",
	"expected a string", "expected string", "valid string", "multimodal",
	"modalit", "content part", "content type", "content block",
	"must be text", "only text", "text only" };

/* It may be this one file that is refused, not all of its kind. */
static const char *const one_file[] = { "format", "exceed", "too large",
	"too big", "too many", "size", "process", "decod", "download", "fetch",
	"invalid image", "corrupt", "empty", "resolution", "dimension",
	"pixels", "failed to load", "could not", "unable to", "encrypted" };

static const char *const too_long[] = { "context_length", "context length",
	"context window", "context size", "maximum context", "context limit",
	"exceed_context", "too many tokens", "prompt is too long",
	"input is too long", "input token", "input length", "prompt length",
	"token limit", "maximum number of tokens", "maximum prompt",
	"reduce the length", "reduce your prompt", "n_ctx",
	"request_too_large" };

/* Refusals that no other form helps against. */
static const char *const for_good[] = { "content_filter", "content filter",
	"content management", "content policy", "safety", "inappropriate",
	"moderation", "sensitive", "api key", "api_key", "quota", "billing",
	"credit", "balance", "model_not_found", "model not found",
	"does not exist", "not a valid model" };

#define ONE_TYPE TAKES_BIT(TAKES_RARE_IMAGES)
#define FILES                                                        \
	(TAKES_BIT(TAKES_IMAGES) | ONE_TYPE | TAKES_BIT(TAKES_PDF) | \
		TAKES_BIT(TAKES_AUDIO))

static bool
says_one_of(const struct failure *failure, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (failure_says(failure, list[i]))
			return true;
	return false;
}
#define SAYS(failure, list) says_one_of(failure, list, LENGTH(list))

static bool
is_shown(const struct failure *failure, const struct sign *sign)
{
	for (size_t i = 0; i < WORDS_MAX && sign->words[i] != NULL; i++)
		if (!failure_says(failure, sign->words[i]))
			return false;
	return true;
}

bool
adapt_can(const struct failure *failure)
{
	switch (failure->status) {
	case 400:
	case 404:
	case 415:
	case 422:
		return true;
	case 413:
		return true;
	case 500:
	case 501:
		/* llama.cpp's and others' way to say what they do not take. */
		for (size_t i = 0; i < LENGTH(signs); i++)
			if (is_shown(failure, &signs[i]) &&
				(failure_says(failure, "support") ||
					failure_says(failure, "require") ||
					failure_says(failure, "alternat")))
				return true;
		return SAYS(failure, too_long);
	default:
		return false;
	}
}

/* ---- words that point at something */

/* Whether the request can still be changed in that. */
static bool
can_change(const struct llm_asked *asked, const struct llm_takes *takes,
	enum llm_ability ability, unsigned way)
{
	bool had = (asked->had & TAKES_BIT(ability)) != 0;

	/* What is missing was not there. */
	if (ability == TAKES_REASONING && way == WAY_ALWAYS)
		had = true;
	return had && (asked->fixed & TAKES_BIT(ability)) == 0 &&
		!takes->given[ability] && takes->way[ability] != way &&
		!(ability == TAKES_SYSTEM && takes->way[ability] > way) &&
		!(ability == TAKES_MAX_TOKENS && takes->way[ability] > way);
}

static unsigned
turn_off(const struct llm_asked *asked, struct llm_takes *takes, unsigned bits)
{
	unsigned changed = 0;

	for (unsigned i = 0; i < LLM_ABILITY_N; i++) {
		if ((bits & TAKES_BIT(i)) == 0 ||
			!can_change(asked, takes, i, WAY_OFF))
			continue;
		takes->way[i] = WAY_OFF;
		changed |= TAKES_BIT(i);
	}
	return changed;
}

/* The bits of what was changed; 0: the words point at nothing. */
static unsigned
follow_words(const struct llm_asked *asked, const struct failure *failure,
	struct llm_takes *takes)
{
	unsigned changed;

	for (size_t i = 0; i < LENGTH(signs); i++) {
		const struct sign *sign = &signs[i];

		if (!can_change(asked, takes, sign->ability, sign->way) ||
			!is_shown(failure, sign))
			continue;
		takes->way[sign->ability] = sign->way;
		changed = TAKES_BIT(sign->ability);
		/* A model that thinks has no temperature either. */
		if (sign->ability == TAKES_MAX_TOKENS &&
			sign->way == WAY_COMPLETION)
			changed |= turn_off(
				asked, takes, TAKES_BIT(TAKES_TEMPERATURE));
		return changed;
	}
	return SAYS(failure, only_text) ? turn_off(asked, takes, FILES) : 0;
}

/* ---- guesses */

static unsigned
guess(const struct adapt *adapt, const struct llm_asked *asked,
	struct llm_takes *takes)
{
	static const unsigned order[] = { TAKES_BIT(TAKES_STREAM_OPTIONS),
		TAKES_BIT(TAKES_TOOLS), TAKES_BIT(TAKES_REASONING), FILES };
	unsigned changed = 0;

	for (size_t i = 0; i < LENGTH(order) && changed == 0; i++)
		changed = turn_off(asked, takes, order[i]);
	/* The last try is without all that can be left out. */
	if (changed != 0 && adapt->n + 1 == ADAPT_MAX)
		for (size_t i = 0; i < LENGTH(order); i++)
			changed |= turn_off(asked, takes, order[i]);
	return changed;
}

/* ---- a conversation that is too long */

/* The number before or after *words*, e.g. "maximum context length is 8192";
 * 0: none. */
static int64_t
number_after(const char *message, const char *words)
{
	const char *at = strcasestr(message, words);
	int64_t number = 0;

	if (at == NULL)
		return 0;
	at += strlen(words);
	for (size_t i = 0;
		i < 24 && *at != '\0' && !isdigit((unsigned char)*at); i++)
		at++;
	for (; (isdigit((unsigned char)*at) || *at == ',') &&
		number < 1000000000;
		at++)
		if (*at != ',')
			number = number * 10 + (*at - '0');
	return number;
}

static int64_t
stated_limit(const struct failure *failure)
{
	static const char *const before[] = { "context length is",
		"context length of", "context size (", "context size of",
		"context window of", "context window is",
		"context length:", "context limit of", "maximum of", "tokens >",
		"token limit of", "maximum number of tokens allowed (",
		"limit is", "limit of", "n_ctx", "maximum prompt length is",
		"maximum context" };
	int64_t number;

	for (size_t i = 0; i < LENGTH(before); i++) {
		number = number_after(failure->message, before[i]);
		if (number >= 256)
			return number;
	}
	return 0;
}

/*
 * A stated limit that we believed to be under says that our count is wrong:
 * then the words count for more. Without a stated limit a quarter less is
 * tried. False: it cannot be made smaller, as there is but one turn.
 */
static bool
shrink(const struct llm_asked *asked, const struct failure *failure,
	struct llm_takes *takes)
{
	int64_t limit = asked->spare ? stated_limit(failure) : -1;
	int64_t bytes = takes->bytes > 0 ? takes->bytes : 300;

	if (limit < 0)
		return false;
	if (limit > 0 && limit < asked->limit) {
		takes->context_tokens = limit;
		if (asked->tokens > limit)
			return true;
	} else if (limit == 0) {
		takes->context_tokens =
			MIN(asked->limit, asked->tokens) * 3 / 4;
		return takes->context_tokens >= 256;
	}
	takes->bytes = bytes * 2 / 3;
	return takes->bytes >= 50;
}

/* ---- what comes next */

static bool
is_too_long(const struct failure *failure)
{
	return failure->status == 413 || SAYS(failure, too_long);
}

/* A guess after which the refusal is another one was a good one. */
static void
hear(struct adapt *adapt, const struct failure *failure)
{
	uint64_t said = UINT64_C(14695981039346656037) ^
		(uint64_t)failure->status; /* FNV-1a */

	for (const char *at = failure->message; *at != '\0'; at++)
		said = (said ^ (unsigned char)*at) * UINT64_C(1099511628211);
	for (const char *at = failure->param; *at != '\0'; at++)
		said = (said ^ (unsigned char)*at) * UINT64_C(1099511628211);
	if (said != adapt->said)
		adapt->guessed |= adapt->guess;
	adapt->guess = 0;
	adapt->said = said;
}

bool
adapt_next(struct adapt *adapt, const struct llm_asked *asked,
	const struct failure *failure, struct llm_takes *takes)
{
	unsigned changed;

	hear(adapt, failure);
	if (adapt->n == ADAPT_MAX || !adapt_can(failure))
		return false;
	if (is_too_long(failure) && !failure_says(failure, "max_tokens is")) {
		if (!shrink(asked, failure, takes))
			return false;
		adapt->shrunk = true;
		adapt->n++;
		return true;
	}
	changed = follow_words(asked, failure, takes);
	if (changed != 0) {
		if ((changed & FILES & ~ONE_TYPE) == 0 ||
			!SAYS(failure, one_file))
			adapt->told |= changed;
	} else if (failure->status != 404 && failure->status < 500 &&
		!SAYS(failure, for_good)) {
		changed = guess(adapt, asked, takes);
		adapt->guess = changed;
	}
	adapt->n += changed != 0;
	return changed != 0;
}

unsigned
adapt_lessons(const struct adapt *adapt, bool worked)
{
	return adapt->told | adapt->guessed | (worked ? adapt->guess : 0);
}
