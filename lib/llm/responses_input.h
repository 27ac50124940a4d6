/*
 * responses_input.h: the turns of a conversation as `instructions` and the
 * items of `input` of a Responses request: messages, calls and, after all
 * calls of a step, their results; a reasoning item before what it produced.
 *
 * A reasoning item without the item that followed it is refused, and so may be
 * the others of that turn. So all of a turn (what the model has done between
 * two things that a person said) go back, or none.
 */

#ifndef LLM_RESPONSES_INPUT_H
#define LLM_RESPONSES_INPUT_H

#include "base/buf.h"
#include "llm/kept.h"
#include "llm/responses_kept.h"
#include "llm/sent_call.h"
#include "llm/turns.h"
#include "json/write.h"

#include <stdbool.h>

struct responses_input {
	struct json_writer *w;
	const struct llm_takes *takes;
	struct kept_owner owner; /* that is asked */
	bool calls; /* as calls, not in words */
	unsigned had; /* what a refusal may be about: bits of abilities */
	struct sent_ids ids;

	/* private */
	struct buf text; /* of the model's message that is not written yet */
	struct span phase; /* of it */
	bool reasoning; /* of this turn goes back */
	bool results; /* were written last */
};

/* The members; *turns* were read with the prompt as this model takes it. */
void responses_put_input(struct responses_input *in, const struct turns *turns);

/* ---- responses_user.c: the content of a person's message */
void responses_put_said(struct responses_input *in, const struct turn *turn);

/* ---- responses_reasoning.c */

/* Whether the reasoning of turns[at...], up to the next of a person, can go
 * back. */
bool responses_is_whole(
	const struct responses_input *in, const struct turns *turns, size_t at);

/* What the model has kept in that part, or NULL. */
const struct json *responses_kept(
	const struct responses_input *in, const struct step *step, size_t part);

/* Writes the reasoning item that begins with that part, unless it is none that
 * can go back; returns where the parts go on. */
size_t responses_put_reasoning(
	struct responses_input *in, const struct step *step, size_t part);

#endif
