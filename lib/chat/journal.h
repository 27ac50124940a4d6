/*
 * journal.h: text is durable before it is visible. One thread with one
 * connection commits, all together, what all live streams have said since the
 * last batch; only then may it be shown. Only one batch is in flight at a time,
 * so batches grow by themselves under load. A batch of rows alone is one
 * statement; one with ends is a transaction. The publisher has two journals,
 * the second for the ends of long replies (publisher.h).
 *
 * The thread repeats a batch until it is committed, so the programs outlive a
 * restart of the database. If the database refuses a batch permanently, the
 * thread stores each entry by itself and marks those that are refused. It gives
 * a batch up only at the end of the process, or when another process has taken
 * over the lease under which it is written; that process then recovers the
 * streams.
 *
 * Ownership: an entry owns its bytes from the moment it is made, and the batch
 * owns its entries until journal_batch_clear(). From journal_submit() to
 * on_done, the journal's thread reads an entry's bytes and sets *failed*; the
 * loop's thread may also read the bytes, and it alone touches *owner*. Nothing
 * in a batch belongs to a stream, so a stream may come and go while its entry
 * is out. The journal's thread writes messages as JSON: a message of 2 MB takes
 * 3 to 30 ms, for which all streams would wait in the loop.
 */

#ifndef CHAT_JOURNAL_H
#define CHAT_JOURNAL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/loop.h"
#include "conf/conf.h"
#include "repo/message.h"
#include "repo/snowflake.h"

#include <stdbool.h>
#include <stdint.h>

struct journal;
struct parts;

/* One reply's part of a batch: chunks to append to the journal, or the end of
 * the reply. */
struct journal_entry {
	uint64_t user_id, session_id, message_id;
	bool is_end;
	uint32_t seq; /* of a row; increases with each row of a reply */
	struct buf body; /* of a row: the framed chunks */
	struct message_life life; /* of an end: the life that ends */
	const char *status; /* of an end: the final status, a static string */
	/* of an end: the message; NULL if the end is rebuilt */
	struct parts *said;
	/* written from *said*; empty again when the batch is back */
	struct buf parts, metadata;
	bool asks; /* also from *said*: a call waits for a person's approval */
	bool rebuilt; /* the end is made from the journal instead (rebuild.h) */
	bool failed; /* set when this entry alone cannot be stored */
	void *owner; /* the caller's; NULL if it no longer waits */
	struct journal_entry *next; /* the batch's list */
};

struct journal_batch {
	struct lease lease;
	struct journal_entry *first, *last;
	size_t n, bytes;
	bool out; /* the journal is working on it */
	/* OK; ERR_CONFLICT if the lease is lost; ERR_BUSY if the batch was
	 * given up at the end */
	enum err result;
};

/* Creates an empty entry, which the caller fills and adds to a batch. */
struct journal_entry *journal_entry_new(void);

/* Takes ownership of the entry and its bytes. Do not call this while the
 * journal is working on the batch. */
void
journal_batch_add(struct journal_batch *batch, struct journal_entry *entry);

/* Frees all entries. Do not call this while the journal is working on the
 * batch. */
void journal_batch_clear(struct journal_batch *batch);

/* on_done(arg) is called in the loop's thread when a batch is back. An *urgent*
 * journal's connection is served first (db.h). */
MUST_USE enum err
journal_open(const struct conf *conf, struct loop *loop, bool urgent,
	void (*on_done)(void *arg), void *arg, struct journal **out);

/* Hands a batch that is not empty to the journal until on_done is called or the
 * journal is closed. Call this only when no batch is in flight. */
void journal_submit(struct journal *journal, struct journal_batch *batch);

/* Gives up a batch that cannot be committed now, and ends the thread. */
void journal_close(struct journal *journal);

#endif
