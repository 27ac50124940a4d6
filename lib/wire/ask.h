/* ask.h: what a model is asked, and a description of the request. */

#ifndef WIRE_ASK_H
#define WIRE_ASK_H

#include "base/span.h"
#include "wire/allowed.h"
#include "wire/settings.h"
#include "wire/style.h"
#include "wire/takes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;

enum llm_role { LLM_SYSTEM, LLM_USER, LLM_ASSISTANT };

/* The size of a message as the model bills it (llm/context.h). */
struct llm_size {
	size_t words; /* bytes */
	int64_t files; /* tokens */
};

struct llm_message {
	enum llm_role role;
	struct span parts; /* a JSON array of UI message parts, as stored */
	bool own; /* made by the same model that is asked */

	/* llm_message_read() fills these in: */
	const struct json *json; /* *parts* after parsing */
	struct llm_size size;
	/* There is no room for its files; only their names are sent. */
	bool without_files;
};

/* Describes the request to make. */
struct llm_ask {
	const struct llm_settings *settings;
	struct llm_takes takes;
	enum llm_style style; /* for this answer only */
	bool last; /* no more tool calls: the model must answer in words */
	/* messages before the first one, which were not read */
	unsigned n_older;
};

/* Describes a request that was made, for handling its refusal, and for
 * people. */
struct llm_asked {
	struct llm_takes takes;
	bool last;
	unsigned had; /* bits of abilities that a refusal may be about */
	unsigned fixed; /* bits of those that have no other form */
	size_t words; /* bytes, without files */
	bool files;
	int64_t tokens, limit; /* our estimate; the model's limit */
	/* messages that were left out, or sent without their files */
	unsigned n_left_out;
	bool spare; /* there is an earlier turn that can still be left out */
	/* the tools that it may call; filled in by the caller */
	struct llm_allowed allowed;
};

#endif
