/*
 * takes.h: what a model takes of a request. OpenAI-compatible servers agree on
 * the address and on plain text; each of them refuses something else. What
 * the configuration says (llm.takes) holds; the rest is taken for granted
 * until a refusal teaches otherwise (adapt.h).
 *
 * In words, as in the configuration, the database and the log: one
 * "<ability>=<way>" after another with a blank between them.
 */

#ifndef LLM_TAKES_H
#define LLM_TAKES_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum llm_ability {
	TAKES_STREAM_OPTIONS,
	TAKES_TOOLS, /* off: earlier calls are told in words */
	TAKES_TOOL_CHOICE, /* off: the member is never sent */
	TAKES_PARALLEL_CALLS, /* off: each call of a step is a message */
	TAKES_CALL_IDS, /* enum: own, or short ones for all calls */
	TAKES_REASONING, /* of earlier answers */
	TAKES_IMAGES, /* off: a line of text in place of the file, */
	TAKES_RARE_IMAGES, /* neither PNG, JPEG, GIF nor WebP; also here */
	TAKES_PDF, /* also here */
	TAKES_AUDIO, /* and here */
	TAKES_SYSTEM, /* the role of the prompt */
	TAKES_MAX_TOKENS, /* what the member is called */
	TAKES_TEMPERATURE,
	TAKES_CACHE, /* marks of what is worth a cache (Anthropic) */
	TAKES_EFFORT, /* how much it shall think (effort.h) */
	LLM_ABILITY_N,
};

/* How it is done. 0 is how it is done until more is known. */
enum {
	WAY_ON = 0,
	WAY_OFF = 1,
	WAY_ALWAYS = 2, /* reasoning: a blank one where there is none */
	WAY_SHORT = 1, /* call ids: nine letters and digits */
	WAY_DEVELOPER = 1, /* system: by the role developer */
	WAY_USER = 2, /* system: before the first words of the user */
	WAY_COMPLETION = 1, /* max_tokens: as max_completion_tokens */
	WAY_LEFT_OUT = 2, /* max_tokens: not at all, or few */
};

struct llm_takes {
	unsigned char way[LLM_ABILITY_N];
	bool given[LLM_ABILITY_N]; /* by the configuration: not to be changed */
	int64_t context_tokens; /* what a refusal has taught, 0: nothing */
	int64_t bytes; /* of words that make 100 tokens; 0: not known */
};

#define TAKES_BIT(ability) (1u << (ability))

/* Reads words into *takes*; all or, with ERR_INVALID, nothing. */
MUST_USE enum err
llm_takes_read(struct llm_takes *takes, struct span words, bool given);

/* Appends the words for what was not given and is not as it is at first. */
void llm_takes_write(const struct llm_takes *takes, struct buf *out);

/* A sentence for the log about one ability as it is now ("asked without
 * tools"). */
const char *
llm_takes_sentence(const struct llm_takes *takes, enum llm_ability ability);

#endif
