/*
 * anthropic_messages.h: the turns of a conversation as messages of an
 * Anthropic request, by turns of `user` and `assistant`: the results of calls
 * stand before what the person says next, thoughts go back with their
 * signatures to who made them, and nothing of a message is blank. The last
 * blocks of the last two messages of people are marked for the cache: the
 * first mark is where the request before has written one.
 */

#ifndef LLM_ANTHROPIC_MESSAGES_H
#define LLM_ANTHROPIC_MESSAGES_H

#include "llm/kept.h"
#include "llm/sent_call.h"
#include "llm/turns.h"
#include "json/write.h"

#include <stdbool.h>

struct anthropic_messages {
	struct json_writer *w;
	struct llm_takes takes; /* as far as this wire does */
	struct kept_owner owner; /* that is asked */
	unsigned had; /* what a refusal may be about: bits of abilities */
	struct sent_ids ids;
	/* Blocks that wait: thoughts for one that follows them, calls for the
	 * end of what is said with them. */
	struct buf thoughts, calls;
	size_t n_user, left; /* messages of people; not yet written */
	/* The model's turns from the one that is written to the next words of
	 * a person; *open*: there are none. */
	const struct turn *turn, *end;
	bool open;
};

/* Reads the turns; one that was cut off by a pause ends with the model's. */
void anthropic_read(struct anthropic_messages *m, struct turns *turns,
	struct arena *arena, const struct llm_ask *ask,
	const struct wire_told *told, bool as_calls);

/* Whether the model is in the middle of calling tools, and began without a
 * thought that it could be told: then it may not go on to think. */
bool anthropic_thoughtless(
	const struct anthropic_messages *m, const struct turns *turns);

/* The member "messages". */
void
anthropic_put_messages(struct anthropic_messages *m, const struct turns *turns);

/* {"type":"ephemeral"} as a member of the open object, where this model takes
 * marks. */
void anthropic_put_mark(struct anthropic_messages *m);

/* ---- anthropic_user.c */

/* One block; *mark*: it is marked. */
void anthropic_put_said(
	struct anthropic_messages *m, const struct said *said, bool mark);

/* ---- anthropic_step.c */

/* The state of a part that this model has kept, or NULL. */
const struct json *anthropic_kept(const struct kept_owner *owner,
	const struct step *step, const struct json *part);

/* Whether a step has opaque blocks; the last part of it says that it paused;
 * its first block is a thought. */
bool anthropic_has_blocks(const void *owner, const struct step *step);
bool
anthropic_has_paused(const struct kept_owner *owner, const struct step *step);
bool anthropic_begins_with_thought(
	const struct kept_owner *owner, const struct step *step);

/* Whether it has the result of that call of the provider's own tools. */
bool anthropic_has_result(const struct kept_owner *owner,
	const struct step *step, struct span id);

/* Unless it is blank. */
void anthropic_put_text(struct anthropic_messages *m, struct span text);

/* The blocks of a step; calls as blocks, or in words. */
void anthropic_put_step(
	struct anthropic_messages *m, const struct step *step, bool calls);

/* The results of its calls; ids from number *id* on. *mark*: the last one. */
void anthropic_put_results(struct anthropic_messages *m,
	const struct step *step, size_t id, bool mark);

#endif
