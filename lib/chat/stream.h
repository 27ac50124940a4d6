/*
 * stream.h: one running reply: what the model has said, what of it is
 * durable, what its readers have been shown. It belongs to the loop's thread;
 * streams.h keeps all of them, and life.h says what changes its state.
 *
 *	RUNNING    the model speaks, or its tools run; chunks go
 *	           pending -> sealed -> in flight -> shown
 *	ENDED      all has been said; waits for its last batch to come back
 *	STORING    its final update is in flight; nothing else is
 *	REMOTE     another process runs it; its journal is followed here
 *	GONE       stored, end shown, or let go of; freed at the end of the
 *	           loop's iteration
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
#include "chat/hub_start.h"
#include "chat/journal.h"
#include "llm/event.h"
#include "repo/message.h"

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
	STREAM_GONE,
	STREAM_STATES
};

struct lives;
struct stream;

/* Who waits for a stream's end; embed it. over(waiter, stored) comes once, when
 * the stream is gone: *stored* says whether its end is. */
struct stream_waiter {
	struct stream_waiter *next; /* the stream's */
	void (*over)(struct stream_waiter *waiter, bool stored);
};

/* A stream with what was stored of its reply: one that runs here, RUNNING, or
 * one that another process runs, REMOTE. */
struct stream *stream_open(struct hub_start *start, enum stream_state state);

enum stream_state stream_state(const struct stream *stream);
struct lease stream_lease(const struct stream *stream);
/* Its entry in the batch that is out, or NULL. */
const struct journal_entry *stream_entry(const struct stream *stream);

/* Offset of the end of all that was said. */
uint64_t stream_said(const struct stream *stream);

/* Bytes that wait to be taken. */
size_t stream_waiting(const struct stream *stream);
/* About those that its end is stored with. */
size_t stream_end_size(const struct stream *stream);

/* After something was written to *pending*: seals it when it is long. */
void stream_seal(struct stream *stream);

/* Shows all up to *upto* to every follower who has joined by then. */
void stream_show(struct stream *stream, uint64_t upto);

/* Shows what may be shown before its commit: all but the reply's end. */
void stream_show_early(struct stream *stream);

/* The reader that a stream begins with: gets *preamble*, then all that follows. */
void stream_join_first(
	struct stream *stream, struct follower *follower, struct span preamble);

/* A new reader: gets *preamble*, then the reply so far, then all that follows. */
void stream_join(
	struct stream *stream, struct follower *follower, struct span preamble);

/* The same, when the reply so far is written elsewhere: of about *len* bytes,
 * it is delivered by *order*. False: the reader is gone, nobody waits. */
bool stream_await(struct stream *stream, struct follower *follower,
	struct span preamble, struct follower_order *order, size_t len);

/* The reader's connection is gone: on_gone of its follower. */
void stream_forget(struct stream *stream, struct follower *follower);

/* Writes the reply's end, which waits to be stored then: it is ENDED. */
void stream_end(struct stream *stream, const struct llm_result *result);

/* The database does not take what it says, for ever: nobody is shown it any
 * more, and it is ENDED with what the database has, as an error. */
void stream_refuse(struct stream *stream);

/* Moves the oldest piece into an entry, a row of the journal, which is the
 * caller's to hand on. Not when one is out, nor when nothing waits. */
struct journal_entry *stream_take(struct stream *stream);

/* Moves the message into an entry, its end; it is STORING then. What still waits goes to readers with the end, not to the journal. */
struct journal_entry *stream_take_end(struct stream *stream);

/* What was taken is durable now: it is shown, the entry let go. */
void stream_kept(struct stream *stream);

/* The entry that is out, if any, is not waited for any more. */
void stream_let_go(struct stream *stream);

/* Of a stream that another process runs: framed chunks of its journal, which
 * are shown; and, when it has ended, what is stored and was not in them. */
void stream_show_rows(struct stream *stream, struct span rows);
void stream_show_rest(struct stream *stream, const struct message *message);

/* *stream*, of the same reply, begins here: *remote* shows what the journal
 * holds until then, and hands its readers over. */
void stream_hand_over(struct stream *remote, struct stream *stream);

void stream_wait(struct stream *stream, struct stream_waiter *waiter);

/* A comment to every reader who has heard nothing since *before_ms*. */
void stream_heartbeat(struct stream *stream, int64_t before_ms);

/* Ends every follower's answer, properly or as a broken connection. */
void stream_dismiss(struct stream *stream, bool properly);

/* Frees what it owns. The call has been cancelled or has ended, and no entry
 * is out. */
void stream_free(struct stream *stream);

#endif
