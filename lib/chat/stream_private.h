/* stream_private.h: for stream*.c, streams.c (its place in the set) and
 * life*.c (its state, and who is notified). */

#ifndef CHAT_STREAM_PRIVATE_H
#define CHAT_STREAM_PRIVATE_H

#include "base/list.h"
#include "chat/reply.h"
#include "chat/steps.h"
#include "chat/stream.h"

/* Whole chunks on their way into the journal. */
struct stream_piece {
	struct stream_piece *next;
	struct buf bytes;
};

/* Where it is in streams.h; streams.c's. */
struct stream_place {
	struct list all;
	struct list dirty; /* those that have something for the journal */
	struct stream *next_in_slot; /* the index by message id */
	size_t counted; /* of sealed and pending, in the set's sum */
};

struct stream {
	uint64_t user_id, session_id, message_id;
	struct lease lease;
	struct trace trace; /* that began it, for the log */
	int64_t began_ms; /* of this life of the reply */
	enum stream_state state;
	struct llm_model *model; /* held; NULL: REMOTE */
	struct reply *reply;
	enum reply_status status; /* once ended */
	bool untitled; /* its session may still be given a title */
	bool refused; /* its end is made of what the database has */

	struct journal_entry *entry; /* in the batch that is out; the batch's */
	struct stream_piece *sealed, **sealed_end; /* said before *pending* */
	size_t sealed_len;
	struct buf pending; /* said last; written to */
	uint64_t durable, shown;
	uint64_t
		end_at; /* where the reply's end begins: never shown before its commit */
	uint32_t seq; /* of the next journal row */

	struct rates_hold hold; /* given back with the stream */
	struct follower *followers;
	struct stream_waiter *waiters; /* for its end */
	struct stream_place place;

	/* life.c's: */
	struct lives *lives;
	struct steps *steps; /* what it waits for; NULL: REMOTE */
	bool spoke; /* the model has said something */
};

/* What waits for the journal is not kept. */
void stream_drop_waiting(struct stream *stream);

#endif
