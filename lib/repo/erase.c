#include "repo/erase.h"

#include "base/clock.h"
#include "repo/assistant.h"
#include "repo/budget.h"
#include "repo/ended.h"
#include "repo/factor.h"
#include "repo/login.h"
#include "repo/saved_prompt.h"
#include "repo/search_index.h"
#include "repo/session.h"
#include "repo/usage_model.h"
#include "repo/user.h"
#include "repo/user_limit.h"

/* Approximately what one transaction deletes. */
#define ROWS_AT_ONCE 200
#define SESSIONS_AT_ONCE 10

static const char NOTE[] =
	"INSERT IGNORE INTO erasure (user_id, session_id) VALUES (?, ?)";

static const char DONE[] =
	"DELETE FROM erasure WHERE user_id = ? AND session_id = ?";

static const char ANY[] = "SELECT 1 FROM erasure LIMIT 1";

/* The rests of sessions come before their user's data. */
static const char NEXT[] = "SELECT user_id, session_id FROM erasure"
			   " ORDER BY user_id DESC, session_id DESC LIMIT 1"
			   " FOR UPDATE SKIP LOCKED";

static const char NEXT_OF_USER[] =
	"SELECT user_id, session_id FROM erasure WHERE user_id = ?"
	" ORDER BY session_id DESC LIMIT 1 FOR UPDATE";

enum err
erase_note(struct db *db, uint64_t user_id, uint64_t session_id)
{
	return db_exec(db, NOTE, PARAMS(U64(user_id), U64(session_id)));
}

/* ---- the account */

struct erasure {
	struct arena *arena;
	uint64_t user_id;
};

static enum err
drop_own(struct db *db, uint64_t user_id)
{
	TRY(login_delete_all(db, user_id));
	TRY(factor_delete_all(db, user_id));
	TRY(usage_delete(db, user_id));
	TRY(usage_model_delete(db, user_id));
	TRY(assistant_erase(db, user_id));
	TRY(saved_prompt_erase(db, user_id));
	TRY(user_limit_delete(db, user_id));
	return budget_delete(db, user_id);
}

/* A log-in in progress waits for the row and then finds it deleted. */
static enum err
drop_account(struct db *db, void *arg)
{
	const struct erasure *e = arg;
	struct user user;
	enum err err = user_lock(db, e->arena, e->user_id, &user);

	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	TRY(drop_own(db, e->user_id));
	TRY(erase_note(db, e->user_id, ERASE_ALL));
	if (user.subject != NULL)
		TRY(ended_put(db, span_of(user.subject), clock_wall_ms()));
	return user_delete(db, e->user_id);
}

enum err
erase_user(struct db *db, struct arena *arena, uint64_t user_id)
{
	struct erasure erasure = { arena, user_id };

	return db_transaction(db, drop_account, &erasure);
}

/* ---- the remaining rows */

struct noted {
	uint64_t user_id, session_id; /* user_id 0: of any user */
	struct arena *arena;
};

static void
read_noted(struct row *row, void *out)
{
	struct noted *noted = out;

	noted->user_id = row_u64(row);
	noted->session_id = row_u64(row);
}

/* Deletes the session's rows, then its entries in one segment of the index. */
static enum err
erase_of_session(struct db *db, const struct noted *noted, bool *done)
{
	uint64_t rows = ROWS_AT_ONCE;
	enum err err;

	TRY(session_erase(db, noted->user_id, noted->session_id, &rows, done));
	if (!*done)
		return OK;
	err = index_forget_place(db, noted->arena, noted->session_id);
	*done = err == ERR_NOT_FOUND;
	return *done ? OK : err;
}

/* The user's index has been deleted already. */
static enum err
erase_sessions(struct db *db, const struct noted *noted, size_t *n)
{
	uint64_t ids[SESSIONS_AT_ONCE], rows = ROWS_AT_ONCE;
	struct arena *arena = noted->arena;

	TRY(session_ids(db, noted->user_id, ids, SESSIONS_AT_ONCE, n));
	for (size_t i = 0; i < *n; i++) {
		enum err err = session_lock(db, arena, noted->user_id, ids[i]);

		if (err == OK)
			err = index_drop_places(db, ids[i]);
		if (err == OK)
			err = session_drop(
				db, arena, noted->user_id, ids[i], &rows);
		if (err != OK && err != ERR_NOT_FOUND) /* deleted meanwhile */
			return err;
	}
	return OK;
}

/* The index first: then no session has to be removed from its segments. Usage
 * goes last, because a reply that ended after the account may have added
 * some. */
static enum err
erase_of_user(struct db *db, const struct noted *noted, bool *done)
{
	size_t n_sessions = 0;
	uint64_t n;

	*done = false;
	TRY(index_erase(db, noted->user_id, ROWS_AT_ONCE, &n));
	if (n > 0)
		return OK;
	TRY(erase_sessions(db, noted, &n_sessions));
	if (n_sessions > 0)
		return OK;
	*done = true;
	return drop_own(db, noted->user_id);
}

static enum err
erase_noted(struct db *db, void *arg)
{
	struct noted *noted = arg;
	bool done;

	if (noted->user_id == 0)
		TRY(db_one(db, NULL, NEXT, NO_PARAMS, read_noted, noted));
	else
		TRY(db_one(db, NULL, NEXT_OF_USER, PARAMS(U64(noted->user_id)),
			read_noted, noted));
	TRY(noted->session_id != ERASE_ALL ? erase_of_session(db, noted, &done)
					   : erase_of_user(db, noted, &done));
	if (!done)
		return OK;
	return db_exec(
		db, DONE, PARAMS(U64(noted->user_id), U64(noted->session_id)));
}

static enum err
erase_once(struct db *db, uint64_t user_id)
{
	struct arena arena = ARENA_INIT;
	struct noted noted = { .user_id = user_id, .arena = &arena };
	enum err err = db_transaction(db, erase_noted, &noted);

	arena_reset(&arena);
	return err;
}

/* Called every second, so it takes no transaction unless there is a note. */
enum err
erase_some(struct db *db)
{
	uint64_t one;

	TRY(db_one(db, NULL, ANY, NO_PARAMS, row_read_u64, &one));
	return erase_once(db, 0);
}

enum err
erase_rest(struct db *db, uint64_t user_id, uint64_t times)
{
	enum err err = OK;

	for (uint64_t i = 0; i < times && err == OK; i++)
		err = erase_once(db, user_id);
	return err == ERR_NOT_FOUND ? OK : err;
}
