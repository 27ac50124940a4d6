/*
 * turns.h: arranges a stored conversation into turns, alternating between user
 * and model, beginning with the user. Whatever the conversation was:
 *
 *	- all system texts, wherever they are, form one prompt
 *	- adjacent messages with one role form one turn; no text is blank
 *	- it contains only answered calls; a step with calls ends the turn
 *	- the last turn is a user's, or has calls whose results follow
 *
 * If that requires words that nobody said, they are a note of ours in square
 * brackets.
 */

#ifndef WIRE_TURNS_H
#define WIRE_TURNS_H

#include "base/arena.h"
#include "base/buf.h"
#include "wire/sent_file.h"
#include "wire/wire.h"

#include <stdbool.h>

/* A step of the model: parts[first, end). Its texts and answered calls are
 * sent, and whatever else the wire finds in it. */
struct step {
	const struct json *parts;
	size_t first, end;
	bool own; /* made by the same model that is asked */
	bool begins; /* it belongs to another reply than the previous step */
	size_t n_calls;
};

struct turn {
	bool model; /* otherwise the user */
	bool made; /* all of it is a note, because something must be said */
	struct said *said;
	size_t n_said;
	struct step *steps;
	size_t n_steps;
	bool calls; /* the last step has calls, whose results follow */
};

/* Finds content for the model in a step that has neither text nor answered
 * calls. */
struct turns_more {
	bool (*has)(const void *arg, const struct step *step);
	const void *arg;
};

struct turns {
	struct buf prompt; /* may be empty */
	/* a system prompt exists, here or as part of the user's text */
	bool prompted;
	struct turn *list;
	size_t n;

	/* private */
	struct arena *arena;
	bool as_calls, told;
	struct turns_more more; /* its *has* is NULL if there is none */
};

/*
 * If not *as_calls*, calls do not end a turn, because they are sent in words
 * (sent_call_words()). *arena* holds the turns; call turns_free() at the end.
 * If *prompt_said*, the system prompt precedes the user's first text as part of
 * it, and *prompt* is empty.
 */
void
turns_read(struct turns *turns, struct arena *arena, const struct llm_ask *ask,
	const struct wire_messages *told, bool as_calls, bool prompt_said);
/* Does the same, with *more*. */
void turns_read_with(struct turns *turns, struct arena *arena,
	const struct llm_ask *ask, const struct wire_messages *told,
	bool as_calls, struct turns_more more);
void turns_free(struct turns *turns);

/* Joins the texts of a step without anything between them, because a continued
 * reply may have stopped in the middle of a word. */
void step_text(const struct step *step, const char *type, struct buf *out);

#endif
