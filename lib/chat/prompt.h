/*
 * prompt.h: writes the request to the model from the stored path up to the
 * reply and from the reply so far. It is used for the first step of a reply,
 * for later steps, and for the same step in another form.
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
#include "llm/request.h"
#include "wire/event.h"

struct prompt_ask {
	uint64_t session_id, reply_id;
	/* the parts of the path's only message; absent: read the path */
	struct span question;
	/* of the reply so far; "[]" or absent if there are none */
	struct span parts;
	struct span metadata; /* of the reply, as stored; may be absent */
	/* how to ask; NULL: as far as is known */
	const struct llm_takes *takes;
	const char *site_name; /* for instructions that name it (variables.h) */
	/* steps of a reply; the request after them has no calls */
	unsigned steps_max;
	/* set to whether a title may be asked for; may be NULL */
	bool *untitled;
};

/*
 * Appends the request to *body* and describes it in *asked*. ERR_BUSY.
 * ERR_CONFLICT if the model has used its last step and called tools again.
 * ERR_INTERNAL if stored parts cannot be read.
 */
MUST_USE enum err prompt_write(struct db *db, struct arena *arena,
	const struct llm_settings *settings, const struct prompt_ask *ask,
	struct buf *body, struct llm_asked *asked);

/* The fault that a reply ends with if its request could not be written. */
enum llm_fault prompt_fault(enum err err);

#endif
