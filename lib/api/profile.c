#include "api/profile.h"

#include "api/account.h"
#include "api/app.h"
#include "api/audit.h"
#include "api/guard.h"
#include "api/second.h"
#include "auth/password.h"
#include "base/clock.h"
#include "repo/erase.h"
#include "repo/user.h"

#include <inttypes.h>

/* The steps that the request itself performs, about a thousand messages; the
 * rest is deleted in the background. */
#define ERASE_STEPS 20

/* A change by the logged-in user, in one transaction. */
struct change {
	struct request *rq;
	struct second second;
	union {
		const struct new_password *password;
		uint64_t login_id;
	} to;
	bool missing; /* there is no such login */
};

/* Locks the user and the login, and uses up the code. ERR_NOT_FOUND: the
 * current login has ended meanwhile. */
static enum err
begin(struct db *db, const struct change *c, struct user *user)
{
	struct request *rq = c->rq;
	struct login login;

	TRY(user_lock(db, rq->arena, rq->user_id, user));
	TRY(login_lock(db, rq->arena, rq->login_id, &login));
	return second_use(db, rq->arena, &c->second);
}

static enum err
change(struct change *c, enum err (*body)(struct db *, void *))
{
	enum err err = db_transaction(c->rq->db, body, c);

	err = second_answer_own(c->rq, &c->second, err);
	return err == ERR_NOT_FOUND && !c->missing ? ERR_DENIED : err;
}

/* ---- changing the password */

struct new_password {
	const struct user *user; /* as of the password check */
	const char *hash;
	struct login login; /* replaces all others */
};

static enum err
store_password(struct db *db, void *arg)
{
	const struct change *c = arg;
	const struct new_password *new = c->to.password;
	struct user now;

	TRY(begin(db, c, &now));
	if (strcmp(now.password_hash, new->user->password_hash) != 0)
		return ERR_NOT_FOUND;
	TRY(user_set_password(db, now.id, new->hash, new->login.create_ms));
	TRY(login_delete_all(db, now.id));
	return login_insert(db, &new->login);
}

enum err
profile_set_password(struct request *rq, struct span password,
	struct span new_password, struct span code, struct grant *out,
	int64_t *wait_ms)
{
	struct new_password new = { .user = &out->user };
	struct change c = { .rq = rq, .to.password = &new };
	char hash[PASSWORD_HASH_LEN];

	TRY(account_confirm(rq, password, &out->user, wait_ms));
	TRY(account_check_password(
		rq, "newPassword", out->user.username, new_password));
	TRY(second_check_own(rq, code, &c.second, wait_ms));
	TRY(password_hash(new_password, hash));
	new.hash = hash;
	out->second = c.second.factor_id != 0;
	TRY(entry_prepare(rq, out, &new.login));
	TRY(change(&c, store_password));
	guard_forget(rq->app->guard, rq->login_id);
	audit(rq, "password_changed", "user=%" PRIu64 " login=%" PRIu64,
		rq->user_id, out->login_id);
	return OK;
}

/* ---- logins */

static enum err
end_all(struct db *db, void *arg)
{
	const struct change *c = arg;
	struct user user;

	TRY(begin(db, c, &user));
	return login_delete_all(db, user.id);
}

enum err
profile_logout_all(struct request *rq, struct span code, int64_t *wait_ms)
{
	struct change c = { .rq = rq };

	TRY(account_is_ours(rq));
	TRY(second_check_own(rq, code, &c.second, wait_ms));
	TRY(change(&c, end_all));
	guard_forget(rq->app->guard, rq->login_id);
	audit(rq, "logout_all", "user=%" PRIu64 " login=%" PRIu64, rq->user_id,
		rq->login_id);
	return OK;
}

enum err
profile_logins(struct request *rq, struct login_list *out)
{
	TRY(account_is_ours(rq));
	return login_list(rq->db, rq->arena, rq->user_id, clock_wall_ms(),
		PROFILE_LOGINS_MAX, out);
}

static enum err
end_one(struct db *db, void *arg)
{
	struct change *c = arg;
	struct user user;
	enum err err;

	TRY(begin(db, c, &user));
	err = login_delete_own(db, user.id, c->to.login_id);
	c->missing = err == ERR_NOT_FOUND;
	return err;
}

/* Ending the current login is the same as logging out. */
static enum err
end_login(struct request *rq, uint64_t id, struct span code, int64_t *wait_ms)
{
	struct change c = { .rq = rq, .to.login_id = id };

	if (id == rq->login_id)
		return login_delete_own(rq->db, rq->user_id, id);
	TRY(second_check_own(rq, code, &c.second, wait_ms));
	return change(&c, end_one);
}

enum err
profile_end_login(
	struct request *rq, uint64_t id, struct span code, int64_t *wait_ms)
{
	TRY(account_is_ours(rq));
	TRY(end_login(rq, id, code, wait_ms));
	guard_forget(rq->app->guard, id);
	audit(rq, "login_ended", "user=%" PRIu64 " login=%" PRIu64, rq->user_id,
		id);
	return OK;
}

/* ---- deleting the account */

static enum err
check_last_admin(struct request *rq, const struct user *user)
{
	uint64_t others;

	if (!user->is_admin)
		return OK;
	TRY(user_count_admins(rq->db, user->id, &others));
	return others > 0 ? OK : account_last_admin(rq);
}

enum err
profile_delete(struct request *rq, struct span password, struct span code,
	int64_t *wait_ms)
{
	struct user user;

	TRY(account_confirm(rq, password, &user, wait_ms));
	TRY(check_last_admin(rq, &user));
	TRY(profile_logout_all(rq, code, wait_ms));
	TRY(erase_user(rq->db, rq->arena, rq->user_id));
	TRY(erase_rest(rq->db, rq->user_id, ERASE_STEPS));
	audit(rq, "account_deleted", "user=%" PRIu64, rq->user_id);
	return OK;
}
