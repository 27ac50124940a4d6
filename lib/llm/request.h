/*
 * request.h: writes a stored conversation as the body of a request to the
 * model, in the form of the model's wire (wire/wire.h). Whatever the
 * conversation was, the request has a shape that every server accepts
 * (wire/turns.h), and what this model does not accept is written in another
 * form or left out (wire/takes.h).
 *
 * A file that cannot be passed on (an archive, a video, a broken data: URL, an
 * image for a model without vision) is replaced by a line of text that names
 * it, so that one file cannot block a conversation forever. Remote images
 * (http, https) are passed on by address and never fetched.
 */

#ifndef LLM_REQUEST_H
#define LLM_REQUEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "wire/ask.h"
#include "wire/takes.h"

/* Parses and measures a message, once. ERR_INTERNAL (logged) if the parts
 * cannot be parsed. */
MUST_USE enum err llm_message_read(struct arena *arena,
	const struct llm_takes *takes, struct llm_message *message);

/*
 * Appends the request to *body*. Messages are in order, oldest first; those for
 * which there is no room are left out (context.h). *arena* is for temporary
 * data; messages that have not been read yet are read. ERR_INTERNAL if stored
 * parts cannot be parsed.
 */
MUST_USE enum err llm_request(struct arena *arena, const struct llm_ask *ask,
	struct llm_message *messages, size_t n, struct buf *body,
	struct llm_asked *asked);

#endif
