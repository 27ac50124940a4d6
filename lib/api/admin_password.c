/* POST /api/admin/users/:id/password (admin.h). */

#include "api/account.h"
#include "api/admin.h"
#include "api/app.h"
#include "api/audit.h"
#include "api/form.h"
#include "api/guard.h"
#include "api/later.h"
#include "auth/password.h"
#include "base/clock.h"
#include "repo/login.h"
#include "repo/user.h"

#include <inttypes.h>

/* Reads the user and the new password. */
static enum err
read_new(struct request *rq, struct user *user, struct span *password)
{
	uint64_t id;

	TRY(request_id(rq, "id", &id));
	TRY(form_password(rq, "password", PASSWORD_MIN, password));
	if (id == rq->user_id)
		return request_fail(rq, ERR_CONFLICT, "own_account",
			"Change your own password on your account page.");
	TRY(user_find(rq->db, rq->arena, id, user));
	if (user->username == NULL)
		return request_fail(rq, ERR_CONFLICT, "site_user",
			"This user logs in through your site and has no "
			"password here.");
	return account_check_password(
		rq, "password", user->username, *password);
}

struct new_password {
	struct arena *arena;
	uint64_t user_id;
	const char *hash;
};

/* Keeps the second factor: the password alone must not let anybody in. */
static enum err
store(struct db *db, void *arg)
{
	const struct new_password *new = arg;
	struct user user;

	TRY(user_lock(db, new->arena, new->user_id, &user));
	TRY(user_set_password(db, user.id, new->hash, clock_wall_ms()));
	return login_delete_all(db, user.id);
}

static enum err
set_now(struct request *rq, struct response *rs)
{
	struct new_password new = { .arena = rq->arena };
	char hash[PASSWORD_HASH_LEN];
	struct span password;
	struct user user = { 0 };

	/* Check again, because the request may have waited in the queue. */
	TRY(guard_admin(rq->app->guard, rq));
	TRY(read_new(rq, &user, &password));
	TRY(password_hash(password, hash));
	new.user_id = user.id;
	new.hash = hash;
	TRY(db_transaction(rq->db, store, &new));
	audit(rq, "account_password_set", "user=%" PRIu64 " account=%" PRIu64,
		rq->user_id, user.id);
	return response_empty(rs);
}

enum err
admin_set_password(struct request *rq, struct response *rs)
{
	struct span password;
	struct user user;

	TRY(read_new(rq, &user, &password));
	return later_run(rq, rs, set_now);
}
