/*
 * journal.h: durable before visible. What all live streams have said since
 * the last batch is committed in one transaction by one thread with one
 * connection; only then may it be shown. One batch is in flight at a time, so
 * batches grow by themselves under load.
 *
 * A batch is tried until it is committed: the programs outlive a database
 * restart. Only what the database refuses for ever is not: then each entry is
 * stored by itself, and the one that it refuses is marked. It is given up only when the lease it is written under has gone to
 * another process (the streams are that process's to recover) or at the end.
 *
 * Who owns what: an entry owns its bytes from the moment it is made, the
 * batch owns its entries until journal_batch_clear(). From journal_submit() to
 * on_done the journal's thread reads an entry's bytes and sets *failed*; the
 * loop's thread may read the bytes, too, and is alone to touch *owner*.
 * Nothing that a batch holds belongs to a stream, so a stream may come and go
 * while its entry is out. A message is written as JSON in the journal's thread:
 * one of 2 MB takes 3 to 30 ms, which all streams would wait for.
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

/* One reply's share of a batch: chunks to keep, or its end. */
struct journal_entry {
	uint64_t session_id, message_id;
	bool is_end;
	uint32_t seq; /* of a row, rising for each reply */
	struct buf body; /* of a row: framed chunks */
	struct message_life life; /* of an end: which one */
	const char *status; /* of an end: terminal, static */
	struct parts *said; /* of an end: the message; NULL: it is rebuilt */
	struct buf parts, metadata; /* made of it; empty when it is back */
	bool asks; /* made of it, too: a call waits for a person's approval */
	bool rebuilt; /* an end made of its journal instead (rebuild.h) */
	bool failed; /* set when this entry alone cannot be stored */
	void *owner; /* the caller's; NULL: it does not wait any more */
	struct journal_entry *next; /* of the batch */
};

struct journal_batch {
	struct lease lease;
	struct journal_entry *first, *last;
	size_t n, bytes;
	bool out; /* the journal has it */
	/* OK, ERR_CONFLICT: the lease is lost, ERR_BUSY: given up at the end */
	enum err result;
};

/* An empty entry, for its maker to fill and hand to a batch. */
struct journal_entry *journal_entry_new(void);

/* Takes the entry over, bytes and all; not while the journal has the batch. */
void
journal_batch_add(struct journal_batch *batch, struct journal_entry *entry);

/* Frees all entries; not while the journal has the batch. */
void journal_batch_clear(struct journal_batch *batch);

/* on_done(arg) is called in the loop's thread when a batch is back. *urgent*:
 * its connection goes first (db.h). */
MUST_USE enum err
journal_open(const struct conf *conf, struct loop *loop, bool urgent,
	void (*on_done)(void *arg), void *arg, struct journal **out);

/* Hands the batch, which is not empty, over until on_done or the journal's
 * end; only when none is in flight. */
void journal_submit(struct journal *journal, struct journal_batch *batch);

/* Gives up a batch that does not get through, and ends the thread. */
void journal_close(struct journal *journal);

#endif
