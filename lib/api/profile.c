#include "api/profile.h"

#include "api/account.h"
#include "api/app.h"
#include "api/audit.h"
#include "api/guard.h"
#include "auth/password.h"
#include "base/clock.h"
#include "repo/erase.h"

#include <inttypes.h>

/* What a request deletes of an account, about a thousand messages; the rest
 * is deleted behind it. */
#define ERASE_STEPS 20

/* ---- another password */

struct new_password {
	struct request *rq;
	const struct user *user; /* as the password was checked */
	const char *hash;
	struct login login; /* in place of all others */
};

/* ERR_DENIED: the login that asks has ended meanwhile. */
static enum err
lock_own(struct db *db, struct request *rq, struct user *user)
{
	struct login login;
	enum err err = user_lock(db, rq->arena, rq->user_id, user);

	if (err == OK)
		err = login_lock(db, rq->arena, rq->login_id, &login);
	return err == ERR_NOT_FOUND ? ERR_DENIED : err;
}

static enum err
store_password(struct db *db, void *arg)
{
	const struct new_password *new = arg;
	struct user now;

	TRY(lock_own(db, new->rq, &now));
	if (strcmp(now.password_hash, new->user->password_hash) != 0)
		return ERR_DENIED;
	TRY(user_set_password(db, now.id, new->hash, new->login.create_ms));
	TRY(login_delete_all(db, now.id));
	return login_insert(db, &new->login);
}

enum err
profile_set_password(struct request *rq, struct span password,
	struct span new_password, struct grant *out, int64_t *wait_ms)
{
	struct new_password new = { .rq = rq, .user = &out->user };
	char hash[PASSWORD_HASH_LEN];

	TRY(account_confirm(rq, password, &out->user, wait_ms));
	TRY(account_check_password(
		rq, "newPassword", out->user.username, new_password));
	TRY(password_hash(new_password, hash));
	new.hash = hash;
	TRY(entry_prepare(rq, out, &new.login));
	TRY(db_transaction(rq->db, store_password, &new));
	guard_forget(rq->app->guard, rq->login_id);
	audit(rq, "password_changed", "user=%" PRIu64 " login=%" PRIu64,
		rq->user_id, out->login_id);
	return OK;
}

/* ---- logins */

static enum err
end_all(struct db *db, void *arg)
{
	struct request *rq = arg;
	struct user user;

	TRY(lock_own(db, rq, &user));
	return login_delete_all(db, rq->user_id);
}

static enum err
end_logins(struct request *rq, const char *what)
{
	TRY(db_transaction(rq->db, end_all, rq));
	guard_forget(rq->app->guard, rq->login_id);
	audit(rq, what, "user=%" PRIu64 " login=%" PRIu64, rq->user_id,
		rq->login_id);
	return OK;
}

enum err
profile_logout_all(struct request *rq)
{
	TRY(account_is_ours(rq));
	return end_logins(rq, "logout_all");
}

enum err
profile_logins(struct request *rq, struct login_list *out)
{
	TRY(account_is_ours(rq));
	return login_list(rq->db, rq->arena, rq->user_id, clock_wall_ms(),
		PROFILE_LOGINS_MAX, out);
}

enum err
profile_end_login(struct request *rq, uint64_t id)
{
	TRY(account_is_ours(rq));
	TRY(login_delete_own(rq->db, rq->user_id, id));
	guard_forget(rq->app->guard, id);
	audit(rq, "login_ended", "user=%" PRIu64 " login=%" PRIu64, rq->user_id,
		id);
	return OK;
}

/* ---- the end of it */

enum err
profile_delete(struct request *rq, struct span password, int64_t *wait_ms)
{
	struct user user;

	TRY(account_confirm(rq, password, &user, wait_ms));
	TRY(end_logins(rq, "logout_all"));
	TRY(erase_user(rq->db, rq->arena, rq->user_id));
	TRY(erase_rest(rq->db, rq->user_id, ERASE_STEPS));
	audit(rq, "account_deleted", "user=%" PRIu64, rq->user_id);
	return OK;
}
