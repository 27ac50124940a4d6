/*
 * messages.h: writes the turns of a conversation as messages of an
 * OpenAI request: first the system prompt, then alternating user and assistant,
 * beginning and ending with the user. Every call is directly followed by one
 * result, and between a result and the user there is always an assistant
 * message. How each part is converted follows convertToModelMessages and
 * @ai-sdk/openai-compatible 2.x (tests/vectors/req-*).
 */

#ifndef OPENAI_MESSAGES_H
#define OPENAI_MESSAGES_H

#include "wire/kept.h"
#include "wire/sent_call.h"
#include "wire/turns.h"
#include "json/write.h"

#include <stdbool.h>

struct openai_messages {
	struct json_writer *w;
	const struct llm_takes *takes;
	struct kept_owner owner; /* the model that is asked */
	unsigned had; /* bits of abilities that a refusal may be about */
	struct sent_ids ids;

	/* The model's current message, not written yet. */
	struct buf text, reasoning;
	struct buf details; /* items of an array */
	bool results; /* results were written last */
};

/* Writes all messages; *turns* were read with the system prompt in this model's
 * form. */
void openai_put_messages(struct openai_messages *m, const struct turns *turns);

/* ---- call.c: the calls of a step, added to the open message, and their
 * results */
void openai_put_calls(struct openai_messages *m, const struct step *step);

/* ---- messages.c */

/* Opens the message of the calls with the text so far; the caller closes it. */
void openai_open_calls(struct openai_messages *m);

/* ---- user.c */

/* Writes the content and the other members of the message {"role":"user"}. */
void openai_put_said(struct openai_messages *m, const struct turn *turn);

/* ---- passed_on.c */

/* Writes members that a client asked to pass on (such as cache_control) from
 * metadata.openaiCompatible, but never members that we write ourselves. */
bool openai_has_passed_on(const struct json *metadata);
void openai_put_passed_on(struct json_writer *w, const struct json *metadata);

#endif
