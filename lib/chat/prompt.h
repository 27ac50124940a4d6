/*
 * prompt.h: what the model is asked: the stored path up to the reply and
 * the reply so far, as a request. Used for the first step of a reply, for the
 * next ones, and for the same step in another form.
 *
 * The path is read newest first, and no further than there is room for
 * (llm/context.h), however long the history is.
 */

#ifndef CHAT_PROMPT_H
#define CHAT_PROMPT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "db/db.h"
#include "llm/event.h"
#include "llm/request.h"

struct prompt_ask {
	uint64_t session_id, reply_id;
	struct span question; /* the path: one message's parts; or read it */
	struct span parts; /* of the reply so far; "[]" or absent: none */
	struct span metadata; /* of the reply, as stored; or absent */
	const struct llm_takes *takes; /* how to ask; NULL: as is known */
	const char *site_name; /* for who names it (variables.h) */
	unsigned steps_max; /* of a reply; the next one has no calls */
	bool *untitled; /* set: whether a title may be asked for; or NULL */
};

/*
 * Appends the request to *body* and says in *asked* what it is like. ERR_BUSY.
 * ERR_CONFLICT: the model has had its last step and called tools again.
 * ERR_INTERNAL: stored parts cannot be read.
 */
MUST_USE enum err prompt_write(struct db *db, struct arena *arena,
	const struct llm_settings *settings, const struct prompt_ask *ask,
	struct buf *body, struct llm_asked *asked);

/* How a reply ends that could not be asked for. */
enum llm_fault prompt_fault(enum err err);

#endif
