/*
 * delta.h: the table `message_delta`, the journal of running replies. A body
 * is the run of framed UI message chunks that one batch added to one reply.
 */

#ifndef REPO_DELTA_H
#define REPO_DELTA_H

#include "db/bulk.h"
#include "db/db.h"
#include "repo/worker.h"

#include <stdbool.h>

/*
 * Collects rows; delta_insert() writes them in one statement. The first row
 * holds the fence of *lease* (worker_guard()), so that the statement needs no
 * transaction: while the lease is held it writes all rows, else none, which is
 * ERR_INVALID. Insertion of a row that is there already is ERR_CONFLICT: the
 * batch was committed before.
 */
void delta_begin(struct bulk *bulk);
void delta_add(struct bulk *bulk, struct lease lease, uint64_t message_id,
	uint32_t seq, struct span body);
MUST_USE enum err delta_insert(struct bulk *bulk, struct db *db);

/*
 * The same for *n* rows as a prepared statement, which costs the server a third
 * less; ERR_INVALID, too, when there is none for so many: up to DELTA_FEW any
 * number, then multiples of DELTA_STEP up to DELTA_PREPARED_MAX. Their texts are
 * kept in *texts*, which begins as zeros and outlives the connections of *db*.
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
	char *of[DELTA_PREPARED_MAX + 1]; /* by the number of rows */
};

MUST_USE enum err
delta_insert_prepared(struct delta_texts *texts, struct db *db,
	struct lease lease, const struct delta_row rows[], size_t n);
void delta_texts_free(struct delta_texts *texts);

/* Calls each(body, arg) for a reply's rows with seq >= *from* in order. An
 * error of *each* ends it. */
MUST_USE enum err delta_each(struct db *db, struct arena *arena,
	uint64_t message_id, uint32_t from,
	enum err (*each)(uint32_t seq, struct span body, void *arg), void *arg);

/* Where who follows a reply is: rows from *from* on of the life that began then
 * (message.h). Who takes a reply over writes on; another life begins anew. */
struct delta_place {
	uint64_t session_id, message_id;
	int64_t began_ms;
	uint32_t from;
};

/*
 * Whether a reply is *running* in that life and, while it is, its rows as by
 * delta_each(), both of one moment. ERR_NOT_FOUND: there is no such message.
 */
MUST_USE enum err delta_follow(struct db *db, struct arena *arena,
	const struct delta_place *place, bool *running,
	enum err (*each)(uint32_t seq, struct span body, void *arg), void *arg);

/* All of a reply that has no other life now: the caller's transaction holds its
 * row, or its session's. */
MUST_USE enum err delta_delete(struct db *db, uint64_t message_id);
/* The same of one that nobody holds: nothing, while it streams. */
MUST_USE enum err delta_delete_orphans(struct db *db, uint64_t message_id);

/* Up to *max* replies that have journal rows and do not run, into *ids*: their
 * sessions were deleted while they ran. */
MUST_USE enum err
delta_orphans(struct db *db, uint64_t *ids, size_t max, size_t *n);

#endif
