/*
 * delta.h: the table `message_delta`, the journal of running replies. A body is
 * the sequence of framed UI message chunks that one batch added to one reply.
 */

#ifndef REPO_DELTA_H
#define REPO_DELTA_H

#include "db/bulk.h"
#include "db/db.h"
#include "repo/worker.h"

#include <stdbool.h>

/*
 * Collects rows, which delta_insert() writes in one statement. The first row
 * carries the fence of *lease* (worker_guard()), so the statement needs no
 * transaction: if the lease is held it writes all rows, otherwise none, and
 * returns ERR_INVALID. Inserting a row again returns ERR_CONFLICT: the batch
 * was committed before.
 */
void delta_begin(struct bulk *bulk);
void delta_add(struct bulk *bulk, struct lease lease, uint64_t message_id,
	uint32_t seq, struct span body);
MUST_USE enum err delta_insert(struct bulk *bulk, struct db *db);

/*
 * The same for *n* rows as a prepared statement, which costs the server a third
 * less. Statements exist for any number of rows up to DELTA_FEW, then for
 * multiples of DELTA_STEP up to DELTA_PREPARED_MAX; other numbers also return
 * ERR_INVALID. *texts* keeps the statements' texts: zero it first, and let it
 * outlive the connections of *db*.
 */
#define DELTA_FEW 32
#define DELTA_STEP 16
#define DELTA_PREPARED_MAX 128

struct delta_row {
	uint64_t message_id;
	uint32_t seq;
	struct span body;
};

struct delta_texts {
	char *of[DELTA_PREPARED_MAX + 1]; /* indexed by the number of rows */
};

MUST_USE enum err
delta_insert_prepared(struct delta_texts *texts, struct db *db,
	struct lease lease, const struct delta_row rows[], size_t n);
void delta_texts_free(struct delta_texts *texts);

/* Calls each(seq, body, arg) in order for a reply's rows with seq >= *from*. An
 * error of *each* stops it. */
MUST_USE enum err delta_each(struct db *db, struct arena *arena,
	uint64_t message_id, uint32_t from,
	enum err (*each)(uint32_t seq, struct span body, void *arg), void *arg);

/* The position of a follower of a reply: the rows from *from* on, of the life
 * that began then (message.h). A worker that takes the reply over continues the
 * rows; another life starts a new sequence. */
struct delta_place {
	uint64_t session_id, message_id;
	int64_t began_ms;
	uint32_t from;
};

/*
 * Whether a reply is *running* in that life and, if so, its rows as by
 * delta_each(), both at the same moment. ERR_NOT_FOUND: there is no such
 * message.
 */
MUST_USE enum err delta_follow(struct db *db, struct arena *arena,
	const struct delta_place *place, bool *running,
	enum err (*each)(uint32_t seq, struct span body, void *arg), void *arg);

/* Deletes all rows of a reply whose life has ended; the caller's transaction
 * holds the row of the reply or of its session. */
MUST_USE enum err delta_delete(struct db *db, uint64_t message_id);
/* The same for a reply that nobody has locked; does nothing while it is
 * streaming. */
MUST_USE enum err delta_delete_orphans(struct db *db, uint64_t message_id);

/* Finds up to *max* replies that have journal rows but are not running, because
 * their sessions were deleted meanwhile; writes them to *ids*. */
MUST_USE enum err
delta_orphans(struct db *db, uint64_t *ids, size_t max, size_t *n);

#endif
