/*
 * stream.h: one running reply: what the model has said, what of it is
 * durable, and what its readers have been shown. It belongs to the loop's
 * thread; streams.h keeps all of them, and life.h changes their state.
 *
 *	RUNNING    the model speaks, or its tools run; chunks go
 *	           pending -> sealed -> in flight -> shown
 *	ENDED      all has been said; it waits for its last batch
 *	STORING    its final update is in flight, and nothing else
 *	REMOTE     another process runs it; its journal is followed here
 *	GONE       its end is stored and shown, or it was abandoned; it is
 *	           freed at the end of the loop's iteration
 *
 * Offsets count the bytes of framed chunks since the stream began here:
 * shown <= durable + in flight + sealed + pending = said. Except while the
 * database is away, shown <= durable.
 *
 * Bytes have one owner at a time. The stream owns what has been said: it is
 * written into *pending*, and sealed in pieces of a journal row's size.
 * stream_take() moves one piece into a journal entry, which the batch owns from
 * then on; the stream only reads it, through *entry*, until stream_kept() or
 * stream_abandon_entry(). Taking from a stream whose entry is out aborts.
 */

#ifndef CHAT_STREAM_H
#define CHAT_STREAM_H

#include "chat/follower.h"
#include "chat/hub_start.h"
#include "chat/journal.h"
#include "repo/message.h"
#include "wire/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The size of a journal row; one write may exceed it. Even with escapes a row
 * is far below 1 MB, the smallest default of max_allowed_packet. */
#define STREAM_PIECE_MAX ((size_t)256 << 10)

enum stream_state {
	STREAM_RUNNING,
	STREAM_ENDED,
	STREAM_STORING,
	STREAM_REMOTE,
	STREAM_GONE,
	STREAM_STATES
};

struct lives;
struct stream;

/* Waits for the end of a stream; embed it in a struct. over(waiter, stored) is
 * called once, when the stream is gone; *stored* says whether its end is
 * stored. */
struct stream_waiter {
	struct stream_waiter *next; /* the stream's list */
	void (*over)(struct stream_waiter *waiter, bool stored);
};

/* Opens a stream with the stored parts of its reply: RUNNING if it runs here,
 * REMOTE if another process runs it. Takes over the model, the parts (*said*)
 * and the hold of *start*, which are empty afterwards; everything else stays
 * the caller's. It cannot fail. */
struct stream *stream_open(struct hub_start *start, enum stream_state state);

enum stream_state stream_state(const struct stream *stream);
struct lease stream_lease(const struct stream *stream);
/* The entry in the batch that is out; NULL if there is none. */
const struct journal_entry *stream_entry(const struct stream *stream);

/* The offset of the end of everything said. */
uint64_t stream_said(const struct stream *stream);

/* The number of bytes that wait for the journal. */
size_t stream_waiting(const struct stream *stream);
/* The approximate number of bytes stored with the end. */
size_t stream_end_size(const struct stream *stream);

/* Seals *pending* if it is long. Call this after writing to it. */
void stream_seal(struct stream *stream);

/* Shows everything up to offset *upto* to each follower that has joined by
 * then. */
void stream_show(struct stream *stream, uint64_t upto);

/* Shows what may be shown before its commit: everything except the end. */
void stream_show_early(struct stream *stream);

/* Adds the stream's first reader, who gets *preamble*, then everything that
 * follows. */
void stream_join_first(
	struct stream *stream, struct follower *follower, struct span preamble);

/* Adds a reader, who gets *preamble*, the reply so far, then everything that
 * follows. */
void stream_join(
	struct stream *stream, struct follower *follower, struct span preamble);

/* Does the same if another thread writes the reply so far, about *len* bytes,
 * which *order* delivers. False if the reader is gone; nobody waits then. */
bool stream_await(struct stream *stream, struct follower *follower,
	struct span preamble, struct follower_order *order, size_t len);

/* Removes a reader whose connection is gone: on_gone of its follower. */
void stream_remove_reader(struct stream *stream, struct follower *follower);

/* Writes the end of the reply, which then waits to be stored: the state is
 * ENDED. */
void stream_end(struct stream *stream, const struct llm_result *result);

/* The database refuses the text permanently. The rest is not shown any more,
 * and the stream is ENDED with an error and with what the database has. */
void stream_refuse(struct stream *stream);

/* Moves the oldest piece into an entry for a journal row, which the caller
 * owns. An entry must not be out already, and something must be waiting. */
struct journal_entry *stream_take(struct stream *stream);

/* Moves the message into an entry for the end; the state is STORING then. Text
 * that still waits is shown with the end, without a journal row. */
struct journal_entry *stream_take_end(struct stream *stream);

/* Call this when the entry is durable: shows its text and lets the entry go. */
void stream_kept(struct stream *stream);

/* Abandons the entry that is out, if any. */
void stream_abandon_entry(struct stream *stream);

/* For a stream of another process: show framed chunks of its journal, and, once
 * it has ended, the rest of the stored message. */
void stream_show_rows(struct stream *stream, struct span rows);
void stream_show_rest(struct stream *stream, const struct message *message);

/* *stream*, of the same reply, begins here: *remote* shows what the journal
 * holds so far and hands its readers over. */
void stream_hand_over(struct stream *remote, struct stream *stream);

void stream_add_waiter(struct stream *stream, struct stream_waiter *waiter);

/* Sends a comment to every reader that has received nothing since
 * *before_ms*. */
void stream_heartbeat(struct stream *stream, int64_t before_ms);

/* Ends every follower's answer, *properly* or as a broken connection does. */
void stream_close_readers(struct stream *stream, bool properly);

/* Frees the stream. Its call must have ended or been cancelled, and no entry
 * may be out. */
void stream_free(struct stream *stream);

#endif
