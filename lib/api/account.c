#include "api/account.h"

#include "api/app.h"
#include "api/audit.h"
#include "api/browser.h"
#include "api/failures.h"
#include "api/guard.h"
#include "api/second.h"
#include "auth/common.h"
#include "auth/password.h"
#include "base/clock.h"
#include "repo/invite.h"

#include <inttypes.h>

enum err
account_check_password(struct request *rq, const char *field,
	const char *username, struct span password)
{
	if (!common_password(password) && !common_name(password, username) &&
		!common_name(password, rq->app->conf.http.site_name) &&
		!common_name(password, "lamplight"))
		return OK;
	rq->field = field;
	return request_fail(rq, ERR_INVALID, "password_common",
		"This password is too easy to guess. Choose another one.");
}

/* ---- opening an account */

struct opening {
	const struct user *user;
	struct login login;
	struct span invite; /* hash of the code; absent: none is required */
	int64_t now_ms;
};

static enum err
refuse_invite(struct request *rq)
{
	return request_fail(rq, ERR_FORBIDDEN, "invite_invalid",
		"This invitation has been used or has expired.");
}

/* The hash of the required invitation. */
static enum err
read_invite(struct request *rq, const char *code, struct span *out)
{
	char hash[TOKEN_HASH_LEN];
	enum err err;

	*out = (struct span){ NULL, 0 };
	if (rq->app->conf.auth.registration == CONF_ON)
		return OK;
	if (code == NULL && rq->app->conf.auth.registration == CONF_OFF)
		return request_fail(rq, ERR_FORBIDDEN, "registration_off",
			"Sign-up is turned off on this server.");
	if (code == NULL)
		return request_fail(rq, ERR_FORBIDDEN, "invite_required",
			"You need an invitation to sign up here.");
	token_hash(span_of(code), hash);
	*out = arena_span(rq->arena, (struct span){ hash, sizeof(hash) });
	err = invite_live(rq->db, rq->arena, *out, clock_wall_ms());
	return err == ERR_NOT_FOUND ? refuse_invite(rq) : err;
}

enum err
account_name_taken(struct request *rq)
{
	return request_fail(
		rq, ERR_CONFLICT, "username_taken", "This username is taken.");
}

enum err
account_last_admin(struct request *rq)
{
	return request_fail(rq, ERR_CONFLICT, "last_admin",
		"This is the last administrator. Make somebody else an "
		"administrator first.");
}

enum err
account_may_register(
	struct request *rq, const struct registration *registration)
{
	struct span invite;
	struct user user;
	enum err err;

	TRY(read_invite(rq, registration->invite, &invite));
	TRY(account_check_password(rq, "password", registration->username,
		registration->password));
	err = user_find_name(rq->db, rq->arena, registration->username, &user);
	if (err == OK)
		return account_name_taken(rq);
	return err == ERR_NOT_FOUND ? OK : err;
}

/* ERR_NOT_FOUND: somebody else has used up the invitation. */
static enum err
open_account(struct db *db, void *arg)
{
	const struct opening *opening = arg;

	if (opening->invite.data != NULL)
		TRY(invite_take(db, opening->invite, opening->now_ms));
	TRY(user_insert(db, opening->user, opening->now_ms));
	return login_insert(db, &opening->login);
}

enum err
account_register(struct request *rq, const struct registration *registration,
	struct grant *out)
{
	struct opening opening = { .user = &out->user,
		.now_ms = clock_wall_ms() };
	char hash[PASSWORD_HASH_LEN];
	enum err err;

	TRY(account_may_register(rq, registration));
	out->second = false;
	TRY(read_invite(rq, registration->invite, &opening.invite));
	TRY(password_hash(registration->password, hash));
	out->user = (struct user){ .password_hash = arena_str(
					   rq->arena, hash, strlen(hash)) };
	if (!user_name(rq->arena, span_of(registration->username), &out->user))
		return ERR_INVALID;
	TRY(snowflake_next(rq->app->ids, 0, &out->user.id));
	TRY(entry_prepare(rq, out, &opening.login));
	err = db_transaction(rq->db, open_account, &opening);
	if (err == ERR_NOT_FOUND)
		return refuse_invite(rq);
	if (err == ERR_CONFLICT)
		return account_name_taken(rq);
	TRY(err);
	if (opening.invite.data != NULL)
		audit(rq, "invite_used", "user=%" PRIu64, out->user.id);
	audit(rq, "register", "user=%" PRIu64 " login=%" PRIu64, out->user.id,
		out->login_id);
	return OK;
}

/* ---- logging in */

/* The user of that name; id 0 if there is none. */
static enum err
find_user(struct request *rq, const char *username, struct user *out)
{
	enum err err;

	*out = (struct user){ 0 };
	err = user_find_name(rq->db, rq->arena, username, out);
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err
account_may_login(struct request *rq, const struct credentials *credentials,
	int64_t *wait_ms)
{
	struct failures failures;
	struct user user;

	TRY(find_user(rq, credentials->username, &user));
	failures_of_login(&failures, rq, credentials->username, user.id);
	return failures_look(&failures, rq, wait_ms);
}

static enum err
bad_credentials(struct request *rq)
{
	return request_fail(rq, ERR_DENIED, "bad_credentials",
		"Wrong username or password.");
}

/* Finds the user with this name and password. */
static enum err
check_password(struct request *rq, const struct credentials *credentials,
	struct user *out, int64_t *wait_ms)
{
	struct failures failures;

	TRY(find_user(rq, credentials->username, out));
	failures_of_login(&failures, rq, credentials->username, out->id);
	TRY(failures_take(&failures, rq, wait_ms));
	if (password_verify(out->password_hash, credentials->password))
		return failures_give_back(&failures, rq);
	TRY(failures_keep(&failures, rq));
	audit(rq, "login_failed", "user=%" PRIu64, out->id);
	return bad_credentials(rq);
}

/* What the transaction of a log-in does. */
struct log_in {
	struct request *rq;
	const struct user *user; /* as of the password check */
	const char *new_hash; /* to store; or NULL */
	struct second second;
	struct login login;
	uint64_t ends; /* the browser's previous login, or 0 */
};

/* The password was checked outside the transaction: the user and the hash must
 * not have changed since. */
static enum err
enter(struct db *db, void *arg)
{
	const struct log_in *in = arg;
	struct user now;

	TRY(user_lock(db, in->rq->arena, in->user->id, &now));
	if (now.disable_ms != 0 || now.password_hash == NULL ||
		strcmp(now.password_hash, in->user->password_hash) != 0)
		return ERR_NOT_FOUND;
	TRY(second_use(db, in->rq->arena, &in->second));
	if (in->new_hash != NULL)
		TRY(user_set_password(
			db, now.id, in->new_hash, in->login.create_ms));
	if (in->ends != 0)
		TRY(login_delete(db, in->ends));
	return login_insert(db, &in->login);
}

static enum err
renew_hash(struct request *rq, const struct user *user, struct span password,
	const char **out)
{
	char hash[PASSWORD_HASH_LEN];

	*out = NULL;
	if (!password_outdated(user->password_hash))
		return OK;
	TRY(password_hash(password, hash));
	*out = arena_str(rq->arena, hash, strlen(hash));
	return OK;
}

/* Finds the browser's previous login, which nobody could use any more. */
static enum err
find_former(struct request *rq, uint64_t *id)
{
	const char *token = browser_refresh(rq);
	struct login former;
	enum err err;

	*id = 0;
	if (token == NULL)
		return OK;
	err = entry_find(rq, token, &former);
	if (err == OK)
		*id = former.id;
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
prepare(struct request *rq, const struct credentials *credentials,
	struct grant *out, struct log_in *in, int64_t *wait_ms)
{
	TRY(check_password(rq, credentials, &out->user, wait_ms));
	if (out->user.disable_ms != 0)
		return request_fail(rq, ERR_FORBIDDEN, "account_disabled",
			"This account is disabled. Ask your administrator.");
	TRY(second_check(
		rq, out->user.id, credentials->code, &in->second, wait_ms));
	out->second = in->second.factor_id != 0;
	TRY(renew_hash(rq, &out->user, credentials->password, &in->new_hash));
	TRY(find_former(rq, &in->ends));
	return entry_prepare(rq, out, &in->login);
}

enum err
account_login(struct request *rq, const struct credentials *credentials,
	struct grant *out, int64_t *wait_ms)
{
	struct log_in in = { .rq = rq, .user = &out->user };
	struct failures failures;
	enum err err;

	TRY(prepare(rq, credentials, out, &in, wait_ms));
	err = db_transaction(rq->db, enter, &in);
	err = second_answer(rq, &in.second, err);
	if (err == ERR_NOT_FOUND)
		return bad_credentials(rq);
	TRY(err);
	if (in.ends != 0)
		guard_forget(rq->app->guard, in.ends);
	audit(rq, "login", "user=%" PRIu64 " login=%" PRIu64 " factors=%d",
		out->user.id, out->login_id, in.second.factor_id != 0 ? 2 : 1);
	failures_of_login(&failures, rq, credentials->username, out->user.id);
	return failures_forget(&failures, rq);
}

/* ---- the logged-in user */

enum err
account_is_ours(struct request *rq)
{
	if (rq->login_id == 0)
		return request_fail(rq, ERR_FORBIDDEN, "no_password",
			"This account belongs to the site that you logged in "
			"to. Manage it there.");
	return OK;
}

enum err
account_may_confirm(struct request *rq, int64_t *wait_ms)
{
	struct failures failures;

	TRY(account_is_ours(rq));
	failures_of_confirm(&failures, rq);
	return failures_look(&failures, rq, wait_ms);
}

enum err
account_confirm(struct request *rq, struct span password, struct user *out,
	int64_t *wait_ms)
{
	struct failures failures;

	TRY(account_is_ours(rq));
	failures_of_confirm(&failures, rq);
	TRY(user_find(rq->db, rq->arena, rq->user_id, out));
	TRY(failures_take(&failures, rq, wait_ms));
	if (password_verify(out->password_hash, password))
		return failures_forget(&failures, rq);
	TRY(failures_keep(&failures, rq));
	audit(rq, "password_refused", "user=%" PRIu64, out->id);
	return request_fail(rq, ERR_FORBIDDEN, "wrong_password",
		"This is not your password.");
}
