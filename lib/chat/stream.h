/*
 * stream.h: one running reply: what the model has said, what of it is
 * durable, what its readers have been shown. It belongs to the loop's thread;
 * hub.h keeps all of them.
 *
 *	RUNNING    the model speaks, or its tools run; chunks go
 *	           pending -> sealed -> in flight -> shown
 *	ENDED      all has been said; waits for its last batch to come back
 *	STORING    its final update is in flight; nothing else is
 *	(gone)     stored, end shown, freed
 *	REMOTE     another process runs it; its journal is followed here
 *
 * Offsets count the bytes of framed chunks since the stream began here:
 * shown <= durable + in flight + sealed + pending = said. Except while the
 * database is away, shown <= durable.
 *
 * Bytes have one owner at a time. What has been said is the stream's: it is
 * written into *pending* and sealed in pieces of a journal row's size.
 * stream_take() moves one piece into a journal entry, which is the batch's from
 * then on and only looked at from here, through *entry*, until stream_kept()
 * or stream_let_go(). A stream with an entry out cannot be taken from again:
 * that aborts.
 */

#ifndef CHAT_STREAM_H
#define CHAT_STREAM_H

#include "chat/follower.h"
#include "chat/journal.h"
#include "chat/reply.h"
#include "llm/adapt.h"
#include "llm/client.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of a journal row; one write may take it further. With its escapes it is far
 * below the smallest max_allowed_packet that servers come with, 1 MB. */
#define STREAM_PIECE_MAX ((size_t)256 << 10)

enum stream_state {
	STREAM_RUNNING,
	STREAM_ENDED,
	STREAM_STORING,
	STREAM_REMOTE,
};

/* Whole chunks on their way into the journal. */
struct stream_piece {
	struct stream_piece *next;
	struct buf bytes;
};

/* The step that is being asked for; hub_adapt.c. */
struct hub_asking {
	struct llm_asked asked; /* the latest form of it */
	struct adapt adapt; /* the forms that were refused */
	unsigned attempts; /* the client's, with these */
};

struct stream {
	uint64_t user_id, session_id, message_id;
	struct lease lease;
	enum stream_state state;
	struct reply *reply;
	struct llm_call *call; /* NULL once it has ended */
	struct hub_job *jobs; /* what it waits for between two calls */
	struct hub_asking asking; /* how the model was asked */
	enum llm_finish finish; /* of the last one */
	enum reply_status status; /* once ended */
	bool spoke; /* the model has said something */
	bool refused; /* its end is made of what the database has */

	struct journal_entry *entry; /* in the batch that is out; the batch's */
	struct stream_piece *sealed, **sealed_end; /* said before *pending* */
	size_t sealed_len;
	struct buf pending; /* said last; written to */
	size_t counted; /* of sealed and pending, in the hub's sum */
	uint64_t durable, shown;
	uint64_t
		end_at; /* where the reply's end begins: never shown before its commit */
	uint32_t seq; /* of the next journal row */

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

/* An empty stream of the hub, RUNNING. */
struct stream *stream_new(struct hub *hub, const struct llm_settings *settings);

/* Offset of the end of all that was said. */
uint64_t stream_said(const struct stream *stream);

/* Bytes that wait to be taken. */
size_t stream_waiting(const struct stream *stream);

/* After something was written to *pending*: seals it when it is long. */
void stream_seal(struct stream *stream);

/* Shows all up to *upto* to every follower who has joined by then. */
void stream_show(struct stream *stream, uint64_t upto);

/* A new reader: gets *hello*, then the reply so far, then all that follows. */
void stream_join(
	struct stream *stream, struct follower *follower, struct span hello);

/* The reader's connection is gone: on_gone of its follower. */
void stream_forget(struct stream *stream, struct follower *follower);

/* Moves the oldest piece into an entry, a row of the journal, which is the
 * caller's to hand on. Not when one is out, nor when nothing waits. */
struct journal_entry *stream_take(struct stream *stream);

/* Writes the reply as it is to be stored into an entry, its end; it is STORING
 * then. What still waits goes to readers with the end, not to the journal. */
struct journal_entry *stream_take_end(struct stream *stream);

/* What was taken is durable now: it is shown, the entry let go. */
void stream_kept(struct stream *stream);

/* What has not become durable never will: nobody is shown it any more. */
void stream_discard(struct stream *stream);

/* The entry that is out, if any, is not waited for any more. */
void stream_let_go(struct stream *stream);

/* Shows all that was said; nothing of it goes to the journal (a stream that
 * another process runs). */
void stream_show_all(struct stream *stream);

/* A comment to every reader who has heard nothing since *before_ms*. */
void stream_heartbeat(struct stream *stream, int64_t before_ms);

/* Ends every follower's answer, properly or as a broken connection. */
void stream_dismiss(struct stream *stream, bool properly);

/* Frees what it owns. The call has been cancelled or has ended, and no entry
 * is out. */
void stream_free(struct stream *stream);

#endif
