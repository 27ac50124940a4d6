/*
 * contents.h: writes the turns of a conversation as contents of a Gemini
 * request, with alternating user and model. The results of a turn's calls form
 * one user content right after it, in the order of the calls. Signatures and
 * thoughts go back only to the model that made them, in the parts that they
 * came in (kept.h).
 */

#ifndef GEMINI_CONTENTS_H
#define GEMINI_CONTENTS_H

#include "wire/kept.h"
#include "wire/turns.h"
#include "json/write.h"

#include <stdbool.h>

struct gemini_contents {
	struct json_writer *w;
	const struct llm_takes *takes;
	struct kept_owner owner; /* the model that is asked */
	unsigned had; /* bits of abilities that a refusal may be about */

	/* the model's text without a signature, not written yet */
	struct buf text;
	bool results; /* results were written last */
	bool is_signed; /* a call of this step has a signature */
};

/* Writes the member "contents". */
void gemini_put_contents(struct gemini_contents *g, const struct turns *turns);

/* ---- call.c */

/* Write the part of an answered call, and those of a step's results. */
void
gemini_put_call(struct gemini_contents *g, const struct json *part, bool own);
void gemini_put_results(struct gemini_contents *g, const struct step *step);

/* Writes the member "thoughtSignature" from the state in *metadata*; false if
 * there is none. */
bool gemini_put_signature(
	struct gemini_contents *g, const struct json *metadata, bool own);

#endif
