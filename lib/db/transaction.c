#include "db/conn.h"

#include "base/log.h"

#include <time.h>

#define TRIES_MAX 5

/* Always roll back, after any error: a lock wait that timed out has undone only
 * its own statement, and a commit would keep the rest. */
static void
rollback(struct db *db)
{
	db->in_transaction = false;
	db->lost = false;
	if (db->conn != NULL && db->begun &&
		mysql_rollback(db->conn->mysql) != 0)
		db_drop(db);
}

static enum err
run_once(struct db *db, enum err (*body)(struct db *, void *), void *arg)
{
	enum err err;

	db->retry = false;
	TRY(db_take(db));
	later_begin(db);
	err = body(db, arg);
	if (err == OK && db->lost)
		err = ERR_BUSY;
	db->ending = err == OK;
	if (err == OK)
		err = later_commit(db);
	db->ending = false;
	if (err != OK)
		rollback(db);
	db->in_transaction = false;
	return err;
}

enum err
db_transaction(struct db *db, enum err (*body)(struct db *, void *), void *arg)
{
	enum err err = OK;

	for (int i = 0; i < TRIES_MAX; i++) {
		struct timespec pause = { 0, (1 << i) * 1000000L };

		err = run_once(db, body, arg);
		db_give(db);
		if (err != ERR_BUSY || !db->retry)
			return err;
		nanosleep(&pause, NULL);
	}
	log_warn("db_gave_up", "tries=%d", TRIES_MAX);
	return err;
}
