/*
 * ask.h: what a model is asked, and what the request was like.
 */

#ifndef LLM_ASK_H
#define LLM_ASK_H

#include "base/span.h"
#include "llm/allowed.h"
#include "llm/settings.h"
#include "llm/style.h"
#include "llm/takes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;

enum llm_role { LLM_SYSTEM, LLM_USER, LLM_ASSISTANT };

/* What of a message the model pays for (context.h). */
struct llm_size {
	size_t words; /* bytes */
	int64_t files; /* tokens */
};

struct llm_message {
	enum llm_role role;
	struct span parts; /* JSON array of UI message parts, as stored */
	bool own; /* from the very model that is asked */

	/* llm_message_read() fills these in: */
	const struct json *json; /* *parts*, parsed */
	struct llm_size size;
	/* Of its files only the names are told: there is no room for them. */
	bool without_files;
};

/* What is asked for. */
struct llm_ask {
	const struct llm_settings *settings;
	struct llm_takes takes;
	enum llm_style style; /* of this answer alone */
	bool last; /* no more calls: it shall answer in words */
	unsigned n_older; /* messages before the first, which were not read */
};

/* What a request was like: for its refusal, and for people. */
struct llm_asked {
	struct llm_takes takes;
	bool last;
	unsigned had; /* bits of abilities that a refusal may be about */
	unsigned fixed; /* and of those that cannot be done otherwise */
	size_t words; /* bytes; files not counted */
	bool files;
	int64_t tokens, limit; /* by our estimate; of the model */
	unsigned n_left_out; /* messages that stay out, or their files */
	bool spare; /* more can stay out: there is an earlier turn */
	struct llm_allowed allowed; /* tools that it may call; who asks knows */
};

#endif
