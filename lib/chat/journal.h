/*
 * journal.h: durable before visible. What all live streams have said since
 * the last batch is committed in one transaction by one thread with one
 * connection; only then may it be shown. One batch is in flight at a time, so
 * batches grow by themselves under load.
 *
 * A batch is tried until it is committed: the programs outlive a database
 * restart. It is given up only when the lease it is written under has gone to
 * another process (the streams are that process's to recover) or at the end.
 */

#ifndef CHAT_JOURNAL_H
#define CHAT_JOURNAL_H

#include "base/conf.h"
#include "base/err.h"
#include "base/loop.h"
#include "base/span.h"
#include "repo/snowflake.h"

#include <stdbool.h>
#include <stdint.h>

struct journal;

/* One reply's share of a batch: chunks to keep, or its end. */
struct journal_entry {
	uint64_t session_id, message_id;
	bool is_end;
	uint32_t seq; /* of a row, rising for each reply */
	struct span body; /* of a row: framed chunks */
	const char *status; /* of an end: terminal */
	struct span parts, metadata;
	bool failed; /* set when this entry alone cannot be stored */
	void *owner; /* the caller's */
};

struct journal_batch {
	struct lease lease;
	struct journal_entry *entries;
	size_t n, cap;
	size_t bytes;
	/* OK, ERR_CONFLICT: the lease is lost, ERR_BUSY: given up at the end */
	enum err result;
};

void journal_batch_add(
	struct journal_batch *batch, const struct journal_entry *entry);

/* on_done(arg) is called in the loop's thread when a batch is back. */
MUST_USE enum err journal_open(const struct conf *conf, struct loop *loop,
	void (*on_done)(void *arg), void *arg, struct journal **out);

/* Hands the batch over until on_done; only when none is in flight. */
void journal_submit(struct journal *journal, struct journal_batch *batch);

/* Gives up a batch that does not get through, and ends the thread. */
void journal_close(struct journal *journal);

#endif
