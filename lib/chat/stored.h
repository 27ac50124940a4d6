/*
 * stored.h: replays a stored reply as a stream, for a client that asks for it
 * after its end.
 */

#ifndef CHAT_STORED_H
#define CHAT_STORED_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "repo/message.h"

/*
 * Appends the framed chunks, from `start` to CHUNK_DONE, of a reply in a final
 * state. ERR_INTERNAL if the stored message cannot be read.
 */
MUST_USE enum err stored_replay(
	struct arena *arena, const struct message *message, struct buf *out);

/* Appends only its last chunk, `finish` or `error`, and CHUNK_DONE. */
void
stored_end(struct arena *arena, const struct message *message, struct buf *out);

#endif
