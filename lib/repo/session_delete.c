/* Deletes sessions: at once for people, bit by bit in the tables. */

#include "repo/erase.h"
#include "repo/message.h"
#include "repo/search_index.h"
#include "repo/session.h"
#include "repo/stop_request.h"

#include <stdlib.h>

/* How many rows the deleting transaction deletes itself; erase.h deletes the
 * rest. */
#define ROWS_AT_ONCE 500

static const char DELETE[] = "DELETE FROM session WHERE id = ?";

static const char DELETE_MESSAGE[] =
	"DELETE FROM message WHERE session_id = ? AND id = ?";

static const char DELETE_DELTAS[] =
	"DELETE FROM message_delta WHERE message_id = ?"
	" ORDER BY message_id, seq LIMIT 500";

static const char DELETE_NOTES[] =
	"DELETE FROM search_pending WHERE session_id = ?"
	" ORDER BY session_id, message_id LIMIT ?";

static const char DELETE_MESSAGES[] = "DELETE FROM message WHERE session_id = ?"
				      " ORDER BY session_id, id LIMIT ?";

/* Stops the model, because nobody will read the reply. Deletes the message
 * before its journal, in the same order as a reply's own last update. */
static enum err
drop_running(struct db *db, uint64_t session_id, const struct message *running)
{
	struct lease lease = { running->worker_id, running->worker_epoch };
	uint64_t n;

	TRY(db_exec(
		db, DELETE_MESSAGE, PARAMS(U64(session_id), U64(running->id))));
	do
		TRY(db_exec_n(db, DELETE_DELTAS, PARAMS(U64(running->id)), &n));
	while (n > 0);
	return stop_request_put(db, running->id, lease);
}

/* *done* becomes false if there may be more rows. */
static enum err
delete_some(struct db *db, const char *sql, uint64_t session_id, uint64_t *rows,
	bool *done)
{
	uint64_t n = 0;

	if (*rows > 0)
		TRY(db_exec_n(
			db, sql, PARAMS(U64(session_id), U64(*rows)), &n));
	*rows -= n;
	*done = *rows > 0;
	return OK;
}

enum err
session_erase(struct db *db, uint64_t user_id, uint64_t id, uint64_t *rows,
	bool *done)
{
	TRY(delete_some(db, DELETE_MESSAGES, id, rows, done));
	if (*done)
		TRY(delete_some(db, DELETE_NOTES, id, rows, done));
	return *done ? index_forget_recent(db, user_id, id) : OK;
}

/* From the commit on, readers find nothing: all reads go through the session's
 * row, and the row of a running reply is deleted at once. */
enum err
session_drop(struct db *db, struct arena *arena, uint64_t user_id, uint64_t id,
	uint64_t *rows)
{
	struct message running;
	bool done, in_segments;
	enum err err = message_streaming(db, arena, id, &running);

	if (err == OK)
		err = drop_running(db, id, &running);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	TRY(session_erase(db, user_id, id, rows, &done));
	TRY(index_has_places(db, id, &in_segments));
	if (!done || in_segments)
		TRY(erase_note(db, user_id, id));
	return db_exec(db, DELETE, PARAMS(U64(id)));
}

struct deletion {
	struct arena *arena;
	uint64_t user_id;
	const uint64_t *ids;
	unsigned n;
};

static enum err
delete_listed(struct db *db, void *arg)
{
	const struct deletion *deletion = arg;
	uint64_t rows = ROWS_AT_ONCE;

	for (unsigned i = 0; i < deletion->n; i++)
		TRY(session_lock(db, deletion->arena, deletion->user_id,
			deletion->ids[i]));
	for (unsigned i = 0; i < deletion->n; i++)
		TRY(session_drop(db, deletion->arena, deletion->user_id,
			deletion->ids[i], &rows));
	return OK;
}

static int
compare_ids(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

enum err
session_delete(struct db *db, struct arena *arena, uint64_t user_id,
	uint64_t *ids, unsigned n)
{
	struct deletion deletion = { arena, user_id, ids, n };

	/* A fixed order makes two deletions wait for each other instead of
	 * deadlocking. */
	qsort(ids, n, sizeof(*ids), compare_ids);
	return db_transaction(db, delete_listed, &deletion);
}
