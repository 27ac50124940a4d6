/*
 * stream.h: one running reply: what the model has said, what of it is
 * durable, what its readers have been shown. It belongs to the loop's thread;
 * hub.h keeps all of them.
 *
 *	RUNNING    the model speaks, or its tools run; chunks go
 *	           pending -> in flight -> shown
 *	ENDED      all has been said; waits for its last batch to come back
 *	STORING    its final update is in flight; nothing else is
 *	(gone)     stored, end shown, freed
 *	REMOTE     another process runs it; its journal is followed here
 *
 * Offsets count the bytes of framed chunks since the stream began here:
 * shown <= durable + in flight + pending = said. Except while the database is
 * away, shown <= durable.
 */

#ifndef CHAT_STREAM_H
#define CHAT_STREAM_H

#include "chat/follower.h"
#include "chat/journal.h"
#include "chat/reply.h"
#include "llm/client.h"

#include <stdbool.h>
#include <stdint.h>

enum stream_state {
	STREAM_RUNNING,
	STREAM_ENDED,
	STREAM_STORING,
	STREAM_REMOTE,
};

struct stream {
	uint64_t user_id, session_id, message_id;
	struct lease lease;
	enum stream_state state;
	struct reply *reply;
	struct llm_call *call; /* NULL once it has ended */
	struct hub_job *jobs; /* what it waits for between two calls */
	unsigned n_steps; /* calls so far */
	enum llm_finish finish; /* of the last one */
	enum reply_status status; /* once ended */

	struct buf inflight; /* in the batch that is being committed */
	struct buf pending; /* said since */
	uint64_t durable, shown;
	uint64_t
		end_at; /* where the reply's end begins: never shown before its commit */
	uint32_t seq; /* of the next journal row */
	struct buf parts, metadata; /* what is being stored */

	struct rates_hold hold; /* given back with the stream */
	struct rates *rates; /* that count its calls of tools, or NULL */
	struct follower *followers;
	struct hub *hub;
	struct stream *prev, *next; /* all streams */
	struct stream *next_in_slot; /* the index by message id */
	struct stream *next_dirty;
	bool dirty; /* has something for the journal */
	struct hub_ask *waiting; /* for its end */
	struct hub_begin *latecomers; /* who follow by the database then */
};

/* Offset of the end of all that was said. */
uint64_t stream_said(const struct stream *stream);

/* Shows all up to *upto* to every follower who has joined by then. */
void stream_show(struct stream *stream, uint64_t upto);

/* A new reader: gets *hello*, then the reply so far, then all that follows. */
void stream_join(
	struct stream *stream, struct follower *follower, struct span hello);

/* The reader's connection is gone: on_gone of its follower. */
void stream_forget(struct stream *stream, struct follower *follower);

/* Moves what is pending into flight, at most *max* bytes of whole chunks. */
struct span stream_take(struct stream *stream, size_t max);

/* What was in flight is durable now. */
void stream_kept(struct stream *stream);

/* A comment to every reader who has heard nothing since *before_ms*. */
void stream_heartbeat(struct stream *stream, int64_t before_ms);

/* Ends every follower's answer, properly or as a broken connection. */
void stream_dismiss(struct stream *stream, bool properly);

/* Frees what it owns. The call has been cancelled or has ended. */
void stream_free(struct stream *stream);

#endif
