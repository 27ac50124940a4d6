/*
 * stored.h: a stored reply as the stream that it was, for a client that asks
 * for a reply after its end.
 */

#ifndef CHAT_STORED_H
#define CHAT_STORED_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "repo/message.h"

/*
 * Appends the framed chunks from `start` to CHUNK_DONE of a reply in a
 * terminal state. ERR_INTERNAL when what is stored does not read.
 */
MUST_USE enum err stored_replay(
	struct arena *arena, const struct message *message, struct buf *out);

/* Its last chunk alone, `finish` or `error`, and CHUNK_DONE. */
void
stored_end(struct arena *arena, const struct message *message, struct buf *out);

#endif
