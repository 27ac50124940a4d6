#include "api/profile.h"

#include "api/account.h"
#include "api/app.h"
#include "api/guard.h"
#include "auth/password.h"
#include "base/clock.h"
#include "base/log.h"
#include "repo/budget.h"
#include "repo/login.h"
#include "repo/session.h"
#include "repo/usage.h"

#include <inttypes.h>

/* What one transaction deletes. */
#define SESSIONS_AT_ONCE 10

struct new_password {
	uint64_t user_id, login_id;
	char hash[PASSWORD_HASH_LEN];
};

static enum err
store_password(struct db *db, void *arg)
{
	const struct new_password *new = arg;

	TRY(user_set_password(db, new->user_id, new->hash, clock_wall_ms()));
	return login_delete_all(db, new->user_id, new->login_id);
}

enum err
profile_set_password(struct request *rq, struct span password,
	struct span new_password, int64_t *wait_ms)
{
	struct new_password new = { rq->user_id, rq->login_id, "" };

	TRY(account_confirm(rq, password, wait_ms));
	TRY(password_hash(new_password, new.hash));
	TRY(db_transaction(rq->db, store_password, &new));
	log_info("password_changed", "user=%" PRIu64 " login=%" PRIu64,
		rq->user_id, rq->login_id);
	return OK;
}

static enum err
end_logins(struct request *rq, const char *event)
{
	TRY(login_delete_all(rq->db, rq->user_id, 0));
	guard_forget(rq->app->guard, rq->login_id);
	log_info(event, "user=%" PRIu64 " login=%" PRIu64, rq->user_id,
		rq->login_id);
	return OK;
}

enum err
profile_logout_all(struct request *rq)
{
	TRY(account_is_ours(rq));
	return end_logins(rq, "logout_all");
}

static enum err
delete_sessions(struct request *rq)
{
	uint64_t ids[SESSIONS_AT_ONCE];
	unsigned n;
	enum err err;

	for (;;) {
		TRY(session_ids(rq->db, rq->arena, rq->user_id, ids,
			SESSIONS_AT_ONCE, &n));
		if (n == 0)
			return OK;
		err = session_delete(rq->db, rq->arena, rq->user_id, ids, n);
		if (err != OK && err != ERR_NOT_FOUND) /* deleted meanwhile */
			return err;
	}
}

/* A send that was let in before the logins ended can make a session after all
 * have been deleted: hence a second look. */
enum err
profile_delete(struct request *rq, struct span password, int64_t *wait_ms)
{
	TRY(account_confirm(rq, password, wait_ms));
	TRY(end_logins(rq, "account_delete"));
	TRY(delete_sessions(rq));
	TRY(usage_delete(rq->db, rq->user_id));
	TRY(budget_delete(rq->db, rq->user_id));
	TRY(user_delete(rq->db, rq->user_id));
	TRY(delete_sessions(rq));
	log_info("account_deleted", "user=%" PRIu64, rq->user_id);
	return OK;
}
