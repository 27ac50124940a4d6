/*
 * request.h: a stored conversation as the body of a request to the model, in
 * the form of the wire that is set up (wire.h). Whatever the conversation was,
 * what is written has one shape that every server takes (turns.h), and what
 * this model does not take is written otherwise or left out (takes.h).
 *
 * A file that cannot be passed on (an archive, a video, a broken data: URL, an
 * image for a model that takes none) is replaced by a line of text that names
 * it, so that one file cannot lock a conversation for ever. Remote images
 * (http, https) are passed on by address and never fetched.
 */

#ifndef LLM_REQUEST_H
#define LLM_REQUEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "llm/ask.h"
#include "llm/takes.h"

/* Parses and measures, once. ERR_INTERNAL (logged) when the parts do not
 * parse. */
MUST_USE enum err llm_message_read(struct arena *arena,
	const struct llm_takes *takes, struct llm_message *message);

/*
 * Appends the body to *body*. Messages come oldest first; those for which
 * there is no room stay out (context.h). *arena* is scratch; messages are
 * read when they have not been. ERR_INTERNAL when stored parts do not parse.
 */
MUST_USE enum err llm_request(struct arena *arena, const struct llm_ask *ask,
	struct llm_message *messages, size_t n, struct buf *body,
	struct llm_asked *asked);

#endif
