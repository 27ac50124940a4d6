/*
 * takes.h: what a model accepts in a request. OpenAI-compatible servers agree
 * on the address and on plain text, but each of them refuses something else.
 * The configuration (llm.takes) has precedence; everything else is assumed to
 * work until a refusal teaches otherwise (adapt.h).
 *
 * In words, as in the configuration, the database and the log, this is a list
 * of "<ability>=<way>", separated by blanks.
 */

#ifndef WIRE_TAKES_H
#define WIRE_TAKES_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum llm_ability {
	TAKES_STREAM_OPTIONS,
	TAKES_TOOLS, /* off: earlier calls are sent in words */
	TAKES_TOOL_CHOICE, /* off: the member is never sent */
	/* off: each call of a step is a message of its own */
	TAKES_PARALLEL_CALLS,
	/* enum: the original ids, or short ones for all calls */
	TAKES_CALL_IDS,
	TAKES_REASONING, /* reasoning of earlier answers */
	TAKES_IMAGES, /* off: a line of text in place of the file, */
	TAKES_RARE_IMAGES, /* the same; neither PNG, JPEG, GIF nor WebP */
	TAKES_PDF, /* the same */
	TAKES_AUDIO, /* the same */
	TAKES_SYSTEM, /* the role of the system prompt */
	TAKES_MAX_TOKENS, /* the name of the member */
	TAKES_TEMPERATURE,
	TAKES_CACHE, /* marks of cacheable blocks (Anthropic) */
	TAKES_EFFORT, /* how much the model should think (effort.h) */
	LLM_ABILITY_N,
};

/* The way in which an ability is used. 0 is the default until more is known. */
enum {
	WAY_ON = 0,
	WAY_OFF = 1,
	WAY_ALWAYS = 2, /* reasoning: an empty one if there is none */
	WAY_SHORT = 1, /* call ids: nine letters and digits */
	WAY_DEVELOPER = 1, /* system: with the role developer */
	WAY_USER = 2, /* system: before the first text of the user */
	WAY_COMPLETION = 1, /* max_tokens: named max_completion_tokens */
	WAY_LEFT_OUT = 2, /* max_tokens: left out, or small */
};

struct llm_takes {
	unsigned char way[LLM_ABILITY_N];
	/* set by the configuration, so never changed */
	bool given[LLM_ABILITY_N];
	int64_t context_tokens; /* learned from a refusal; 0 if unknown */
	int64_t bytes; /* bytes of text per 100 tokens; 0 if unknown */
};

#define TAKES_BIT(ability) (1u << (ability))

/* Reads words into *takes*: all of them, or with ERR_INVALID none. */
MUST_USE enum err
llm_takes_read(struct llm_takes *takes, struct span words, bool given);

/* Appends the words for everything that was not given and is not the
 * default. */
void llm_takes_write(const struct llm_takes *takes, struct buf *out);

/* A sentence for the log about the present state of an ability ("asked without
 * tools"). */
const char *
llm_takes_sentence(const struct llm_takes *takes, enum llm_ability ability);

#endif
