#include "repo/erase.h"

#include "repo/budget.h"
#include "repo/factor.h"
#include "repo/login.h"
#include "repo/session.h"
#include "repo/usage.h"
#include "repo/user.h"

/* What one transaction deletes. */
#define SESSIONS_AT_ONCE 10

static enum err
erase_sessions(struct db *db, struct arena *arena, uint64_t user_id)
{
	uint64_t ids[SESSIONS_AT_ONCE];
	unsigned n;
	enum err err;

	for (;;) {
		TRY(session_ids(db, arena, user_id, ids, SESSIONS_AT_ONCE, &n));
		if (n == 0)
			return OK;
		err = session_delete(db, arena, user_id, ids, n);
		if (err != OK && err != ERR_NOT_FOUND) /* deleted meanwhile */
			return err;
	}
}

struct erasure {
	struct arena *arena;
	uint64_t user_id;
};

/* A log-in in flight waits for the row, and finds it gone. */
static enum err
erase_account(struct db *db, void *arg)
{
	const struct erasure *e = arg;
	struct user user;
	enum err err = user_lock(db, e->arena, e->user_id, &user);

	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	TRY(login_delete_all(db, e->user_id));
	TRY(factor_delete_all(db, e->user_id));
	TRY(usage_delete(db, e->user_id));
	TRY(budget_delete(db, e->user_id));
	return user_delete(db, e->user_id);
}

/* A send that was let in before the logins ended can make a session after all
 * have been deleted: hence a second look. */
enum err
erase_user(struct db *db, struct arena *arena, uint64_t user_id)
{
	struct erasure erasure = { arena, user_id };

	TRY(erase_sessions(db, arena, user_id));
	TRY(db_transaction(db, erase_account, &erasure));
	return erase_sessions(db, arena, user_id);
}
