/*
 * turns.h: a stored conversation as turns, of a person and the model
 * alternately, the person first. Whatever the conversation was:
 *
 *	- all that is said as the system, wherever it is, is one prompt
 *	- neighbours of one role are one turn; nothing in a turn is blank
 *	- only answered calls are in it; a step with calls ends the model's turn
 *	- the last turn is a person's, or has calls whose results follow
 *
 * Where that takes words which nobody said, they are a note of ours in square
 * brackets.
 */

#ifndef LLM_TURNS_H
#define LLM_TURNS_H

#include "base/arena.h"
#include "base/buf.h"
#include "llm/sent_file.h"
#include "llm/wire.h"

#include <stdbool.h>

/* A step of the model: parts[first, end). Its texts and answered calls are told,
 * and what else the wire finds in it. */
struct step {
	const struct json *parts;
	size_t first, end;
	bool own; /* of the very model that is asked */
	bool begins; /* another reply than the step before */
	size_t n_calls;
};

struct turn {
	bool model; /* else a person */
	bool made; /* all of it is a note, because something must be said */
	struct said *said;
	size_t n_said;
	struct step *steps;
	size_t n_steps;
	bool calls; /* the last step has calls, and their results follow */
};

/* Whether there is something for the model in a step that has neither words nor
 * answered calls. */
struct turns_more {
	bool (*has)(const void *arg, const struct step *step);
	const void *arg;
};

struct turns {
	struct buf prompt; /* may be empty */
	bool prompted; /* there is one, in it or among what is said */
	struct turn *list;
	size_t n;

	/* private */
	struct arena *arena;
	bool as_calls, told;
	struct turns_more more; /* has: NULL for none */
};

/*
 * *as_calls*: else calls end no turn, because they are told in words
 * (sent_call_words()). *arena* keeps the turns; turns_free() is due.
 * *prompt_said*: the prompt goes before the first words of the person, as
 * something said; then it is no prompt.
 */
void
turns_read(struct turns *turns, struct arena *arena, const struct llm_ask *ask,
	const struct wire_told *told, bool as_calls, bool prompt_said);
/* The same, with *more*. */
void turns_read_with(struct turns *turns, struct arena *arena,
	const struct llm_ask *ask, const struct wire_told *told, bool as_calls,
	struct turns_more more);
void turns_free(struct turns *turns);

/* The texts of a step, joined: a reply that went on where it had ended may
 * have been in the middle of a word, so nothing goes between them. */
void step_text(const struct step *step, const char *type, struct buf *out);

#endif
