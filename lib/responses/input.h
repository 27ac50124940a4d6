/*
 * input.h: writes the turns of a conversation as `instructions` and
 * the items of `input` of a Responses request: messages, calls, and, after all
 * calls of a step, their results; a reasoning item precedes what it produced.
 *
 * A reasoning item without the item that followed it is refused, and the others
 * of that turn may be, too. So either all reasoning of a turn (everything
 * between two user messages) goes back, or none.
 */

#ifndef RESPONSES_INPUT_H
#define RESPONSES_INPUT_H

#include "base/buf.h"
#include "responses/kept.h"
#include "wire/kept.h"
#include "wire/sent_call.h"
#include "wire/turns.h"
#include "json/write.h"

#include <stdbool.h>

struct responses_input {
	struct json_writer *w;
	const struct llm_takes *takes;
	struct kept_owner owner; /* the model that is asked */
	bool calls; /* calls are sent as calls, not in words */
	unsigned had; /* bits of abilities that a refusal may be about */
	struct sent_ids ids;

	/* private */
	struct buf text; /* the model's message, not written yet */
	struct span phase; /* of *text* */
	bool reasoning; /* the reasoning of this turn goes back */
	bool results; /* results were written last */
};

/* Writes the members; *turns* were read with the system prompt in this model's
 * form. */
void responses_put_input(struct responses_input *in, const struct turns *turns);

/* ---- user.c: the content of a user message */
void responses_put_said(struct responses_input *in, const struct turn *turn);

/* ---- reasoning.c */

/* Whether the reasoning of turns[at...], up to the next user turn, can go
 * back. */
bool responses_is_whole(
	const struct responses_input *in, const struct turns *turns, size_t at);

/* Writes the reasoning item that begins with that part, if it can go back;
 * returns the index of the part after it. */
size_t responses_put_reasoning(
	struct responses_input *in, const struct step *step, size_t part);

#endif
