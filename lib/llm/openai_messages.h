/*
 * openai_messages.h: the turns of a conversation as messages of an OpenAI
 * request: the prompt first, then a person and the model by turns, the person
 * first and last; every call has one result right behind it, and the model has
 * a word between a result and a person. What becomes of each part follows
 * convertToModelMessages and @ai-sdk/openai-compatible 2.x
 * (tests/vectors/req-*).
 */

#ifndef LLM_OPENAI_MESSAGES_H
#define LLM_OPENAI_MESSAGES_H

#include "llm/kept.h"
#include "llm/sent_call.h"
#include "llm/turns.h"
#include "json/write.h"

#include <stdbool.h>

struct openai_messages {
	struct json_writer *w;
	const struct llm_takes *takes;
	struct kept_owner owner; /* that is asked */
	unsigned had; /* what a refusal may be about: bits of abilities */
	struct sent_ids ids;

	/* The model's open message; not written yet. */
	struct buf text, reasoning;
	struct buf details; /* items of an array */
	bool results; /* were written last */
};

/* All of them; *turns* were read with the prompt as this model takes it. */
void openai_put_messages(struct openai_messages *m, const struct turns *turns);

/* ---- openai_call.c: the calls of a step behind what is open, and their
 * results */
void openai_put_calls(struct openai_messages *m, const struct step *step);

/* ---- openai_messages.c */

/* Opens the message of calls, with what is open; the caller closes it. */
void openai_open_calls(struct openai_messages *m);

/* ---- openai_user.c */

/* The content and what else is in the message {"role":"user"}. */
void openai_put_said(struct openai_messages *m, const struct turn *turn);

/* ---- openai_passed_on.c */

/* Members that a client asked to be passed on (cache_control and the like):
 * metadata.openaiCompatible, but never those that we write ourselves. */
bool openai_has_passed_on(const struct json *metadata);
void openai_put_passed_on(struct json_writer *w, const struct json *metadata);

#endif
