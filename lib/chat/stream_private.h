/* stream_private.h: shared by stream*.c, streams.c (place in the set) and
 * life*.c (state, waiters). */

#ifndef CHAT_STREAM_PRIVATE_H
#define CHAT_STREAM_PRIVATE_H

#include "base/list.h"
#include "chat/reply.h"
#include "chat/steps.h"
#include "chat/stream.h"

/* Whole chunks that wait for the journal. */
struct stream_piece {
	struct stream_piece *next;
	struct buf bytes;
};

/* The stream's place in the set; private to streams.c. */
struct stream_place {
	struct list all;
	struct list dirty; /* streams with something for the journal */
	/* the chain of the hash index by message id */
	struct stream *next_in_slot;
	size_t counted; /* bytes of *sealed* and *pending* in the set's sum */
};

struct stream {
	uint64_t user_id, session_id, message_id;
	struct lease lease;
	struct trace trace; /* the request that began it, for the log */
	int64_t began_ms; /* when this life of the reply began */
	enum stream_state state;
	struct llm_model *model; /* held; NULL if REMOTE */
	struct reply *reply;
	enum reply_status status; /* valid once ended */
	bool untitled; /* the session may still be given a title */
	bool refused; /* its end is made of what the database has */

	/* in the batch that is out, which owns it */
	struct journal_entry *entry;
	struct stream_piece *sealed, **sealed_end; /* older than *pending* */
	size_t sealed_len;
	struct buf pending; /* the newest text, still written to */
	uint64_t durable, shown;
	/* offset of the reply's end, which is never shown before its commit */
	uint64_t end_at;
	uint32_t seq; /* number of the next journal row */

	struct rates_hold hold; /* released with the stream */
	struct follower *followers;
	struct stream_waiter *waiters; /* for its end */
	struct stream_place place;

	/* these belong to life.c: */
	struct lives *lives;
	struct steps *steps; /* what the stream waits for; NULL if REMOTE */
	bool spoke; /* the model has said something */
};

/* Drops what waits for the journal. */
void stream_drop_waiting(struct stream *stream);

#endif
