/*
 * gemini_contents.h: the turns of a conversation as contents of a Gemini
 * request: user and model by turns. The results of a turn's calls are one
 * user's content right behind it, in the order of the calls; signatures and
 * thoughts go back to the very model that made them, in the parts that they
 * came in (gemini_kept.h).
 */

#ifndef LLM_GEMINI_CONTENTS_H
#define LLM_GEMINI_CONTENTS_H

#include "llm/kept.h"
#include "llm/turns.h"
#include "json/write.h"

#include <stdbool.h>

struct gemini_contents {
	struct json_writer *w;
	const struct llm_takes *takes;
	struct kept_owner owner; /* that is asked */
	unsigned had; /* what a refusal may be about: bits of abilities */

	struct buf
		text; /* of the model, without a signature; not written yet */
	bool results; /* were written last */
	bool is_signed; /* a call of this step */
};

/* The member "contents". */
void gemini_put_contents(struct gemini_contents *g, const struct turns *turns);

/* ---- gemini_call.c */

/* The part of an answered call; those of a step's results. */
void
gemini_put_call(struct gemini_contents *g, const struct json *part, bool own);
void gemini_put_results(struct gemini_contents *g, const struct step *step);

/* The member "thoughtSignature" from what is kept in *metadata*; false: there
 * is none. */
bool gemini_put_signature(
	struct gemini_contents *g, const struct json *metadata, bool own);

#endif
