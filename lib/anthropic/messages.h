/*
 * messages.h: writes the turns of a conversation as messages of an
 * Anthropic request, with alternating `user` and `assistant`. Tool results
 * precede what the user says next, thoughts go back with their signatures to
 * the model that made them, and no text is blank. The last blocks of the last
 * two user messages are marked for the cache: the first mark is where the
 * previous request has written an entry.
 */

#ifndef ANTHROPIC_MESSAGES_H
#define ANTHROPIC_MESSAGES_H

#include "wire/kept.h"
#include "wire/sent_call.h"
#include "wire/turns.h"
#include "json/write.h"

#include <stdbool.h>

struct anthropic_messages {
	struct json_writer *w;
	struct llm_takes takes; /* limited to what this wire supports */
	struct kept_owner owner; /* the model that is asked */
	unsigned had; /* bits of abilities that a refusal may be about */
	struct sent_ids ids;
	/* Delayed blocks: thoughts wait for a block that follows them, calls
	 * for the end of the text with them. */
	struct buf thoughts, calls;
	size_t n_user, left; /* user messages: all, and those not written yet */
	/* The model's turns from the current one to the next user text; *open*
	 * if there is no such text. */
	const struct turn *turn, *end;
	bool open;
};

/* Reads the turns. If the model has paused, the last turn is the model's. */
void anthropic_read(struct anthropic_messages *m, struct turns *turns,
	struct arena *arena, const struct llm_ask *ask,
	const struct wire_messages *told, bool as_calls);

/* Whether the model is in the middle of calling tools and began without a
 * thought that can be sent back. It must not use thinking in that case. */
bool anthropic_thoughtless(
	const struct anthropic_messages *m, const struct turns *turns);

/* Writes the member "messages". */
void
anthropic_put_messages(struct anthropic_messages *m, const struct turns *turns);

/* Adds {"type":"ephemeral"} to the open object, if this model supports cache
 * marks. */
void anthropic_put_mark(struct anthropic_messages *m);

/* ---- user.c */

/* Writes one block, with a cache mark if *mark*. */
void anthropic_put_said(
	struct anthropic_messages *m, const struct said *said, bool mark);

/* ---- step.c */

/* Whether a step has opaque blocks; whether its last part says that the model
 * paused; whether its first block is a thought. */
bool anthropic_has_blocks(const void *owner, const struct step *step);
bool
anthropic_has_paused(const struct kept_owner *owner, const struct step *step);
bool anthropic_begins_with_thought(
	const struct kept_owner *owner, const struct step *step);

/* Writes the text, unless it is blank. */
void anthropic_put_text(struct anthropic_messages *m, struct span text);

/* Writes the blocks of a step, with calls as blocks or in words. */
void anthropic_put_step(
	struct anthropic_messages *m, const struct step *step, bool calls);

/* Writes the results of the step's calls; their ids begin at number *id*. If
 * *mark*, the last one has a cache mark. */
void anthropic_put_results(struct anthropic_messages *m,
	const struct step *step, size_t id, bool mark);

#endif
