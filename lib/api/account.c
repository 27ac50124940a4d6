#include "api/account.h"

#include "api/app.h"
#include "api/guard.h"
#include "auth/password.h"
#include "base/clock.h"
#include "base/log.h"
#include "repo/login.h"
#include "repo/throttle.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>

#define MINUTE_MS INT64_C(60000)

/*
 * A few tries for one account from one address; many more for an account
 * from everywhere, so that nobody can lock somebody else out easily, and for
 * an address with all its accounts.
 */
enum bucket { BUCKET_PAIR, BUCKET_ACCOUNT, BUCKET_ADDRESS, BUCKET_N };

static const struct {
	unsigned limit;
	int64_t window_ms;
} limits[BUCKET_N] = {
	[BUCKET_PAIR] = { 10, 15 * MINUTE_MS },
	[BUCKET_ACCOUNT] = { 100, 60 * MINUTE_MS },
	[BUCKET_ADDRESS] = { 200, 15 * MINUTE_MS },
};

struct buckets {
	char hash[BUCKET_N][TOKEN_HASH_LEN];
};

static const char *
address(const struct request *rq)
{
	const char *text = request_param(rq, "REMOTE_ADDR");

	return text != NULL ? text : "-";
}

/* An IPv6 customer has 2^64 addresses, so they count as one. */
static const char *
network(const struct request *rq)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr in6;

	if (inet_pton(AF_INET6, address(rq), &in6) != 1 ||
		IN6_IS_ADDR_V4MAPPED(&in6))
		return address(rq);
	memset(in6.s6_addr + 8, 0, 8);
	inet_ntop(AF_INET6, &in6, text, sizeof(text));
	return arena_str(rq->arena, text, strlen(text));
}

static const char *
lower(struct arena *arena, const char *text)
{
	char *copy = arena_str(arena, text, strlen(text));

	for (char *c = copy; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

static struct buckets
name_buckets(const struct request *rq, const char *username)
{
	const char *user = lower(rq->arena, username);
	const char *net = network(rq);
	const char *const names[BUCKET_N] = {
		arena_printf(rq->arena, "pair %s %s", user, net),
		arena_printf(rq->arena, "account %s", user),
		arena_printf(rq->arena, "address %s", net),
	};
	struct buckets buckets = { 0 };

	for (int i = 0; i < BUCKET_N; i++)
		token_hash(span_of(names[i]), buckets.hash[i]);
	return buckets;
}

static struct span
bucket_name(const struct buckets *buckets, enum bucket bucket)
{
	return (struct span){ buckets->hash[bucket], TOKEN_HASH_LEN };
}

static enum err
count_try(struct request *rq, const struct buckets *buckets, int64_t now_ms,
	int64_t *wait_ms)
{
	enum err err = OK;

	for (unsigned i = 0; i < BUCKET_N && err == OK; i++) {
		struct throttle throttle = { bucket_name(buckets, i),
			limits[i].limit, limits[i].window_ms };

		err = throttle_try(
			rq->db, rq->arena, &throttle, now_ms, wait_ms);
	}
	if (err == ERR_THROTTLED)
		log_warn("login_throttled", "address=%s", address(rq));
	return err;
}

static enum err
uncount_try(struct request *rq, const struct buckets *buckets, int64_t now_ms)
{
	TRY(throttle_clear(rq->db, bucket_name(buckets, BUCKET_PAIR)));
	TRY(throttle_undo(rq->db, bucket_name(buckets, BUCKET_ACCOUNT)));
	TRY(throttle_undo(rq->db, bucket_name(buckets, BUCKET_ADDRESS)));
	return throttle_sweep(rq->db, now_ms);
}

/* ---- */

/* The row of a new login, and its first refresh token. */
struct fresh_login {
	const struct user *user; /* to be inserted too, or NULL */
	struct login row;
	char hash[TOKEN_HASH_LEN];
	int64_t now_ms;
};

static enum err
make_login(struct request *rq, uint64_t user_id, struct grant *grant,
	struct fresh_login *login)
{
	int64_t now_ms = clock_wall_ms();

	login->now_ms = now_ms;
	login->user = NULL;
	login->row = (struct login){ .user_id = user_id,
		.rotate_ms = now_ms,
		.expire_ms = now_ms + rq->app->conf.auth.refresh_ttl_s * 1000 };
	TRY(snowflake_next(rq->app->ids, 0, &login->row.id));
	token_new(grant->refresh);
	token_hash(span_of(grant->refresh), login->hash);
	grant->login_id = login->row.id;
	return OK;
}

static enum err
insert_login(struct db *db, void *arg)
{
	const struct fresh_login *login = arg;
	struct span hash = { login->hash, TOKEN_HASH_LEN };

	if (login->user != NULL)
		TRY(user_insert(db, login->user, login->now_ms));
	return login_insert(db, &login->row, hash);
}

enum err
account_register(struct request *rq, const char *username, struct span password,
	struct grant *out)
{
	char hash[PASSWORD_HASH_LEN];
	struct fresh_login login;
	enum err err;

	if (rq->app->conf.auth.registration != CONF_ON)
		return request_fail(rq, ERR_FORBIDDEN, "registration_off",
			"New accounts are not made here.");
	TRY(password_hash(password, hash));
	out->user = (struct user){ .username = username,
		.password_hash = arena_str(rq->arena, hash, strlen(hash)) };
	TRY(snowflake_next(rq->app->ids, 0, &out->user.id));
	TRY(make_login(rq, out->user.id, out, &login));
	login.user = &out->user;
	err = db_transaction(rq->db, insert_login, &login);
	if (err == ERR_CONFLICT)
		return request_fail(rq, ERR_CONFLICT, "username_taken",
			"Somebody else has this username already.");
	TRY(err);
	log_info("register", "user=%" PRIu64 " login=%" PRIu64 " address=%s",
		out->user.id, out->login_id, address(rq));
	return OK;
}

/* The user whose name and password these are. */
static enum err
check_password(struct request *rq, const char *username, struct span password,
	struct user *out)
{
	enum err err = ERR_NOT_FOUND;

	*out = (struct user){ 0 };
	if (user_name_ok(span_of(username)))
		err = user_find_name(rq->db, rq->arena, username, out);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	if (password_verify(out->password_hash, password))
		return OK;
	log_warn("login_failed", "user=%" PRIu64 " address=%s", out->id,
		address(rq));
	return request_fail(rq, ERR_DENIED, "bad_credentials",
		"The username or the password is wrong.");
}

static enum err
renew_password(struct request *rq, const struct user *user,
	struct span password, int64_t now_ms)
{
	char hash[PASSWORD_HASH_LEN];

	if (!password_outdated(user->password_hash))
		return OK;
	TRY(password_hash(password, hash));
	return user_set_password(rq->db, user->id, hash, now_ms);
}

enum err
account_login(struct request *rq, const char *username, struct span password,
	struct grant *out, int64_t *wait_ms)
{
	int64_t now_ms = clock_wall_ms();
	struct buckets buckets = name_buckets(rq, username);
	struct fresh_login login;

	TRY(count_try(rq, &buckets, now_ms, wait_ms));
	TRY(check_password(rq, username, password, &out->user));
	TRY(uncount_try(rq, &buckets, now_ms));
	TRY(renew_password(rq, &out->user, password, now_ms));
	TRY(make_login(rq, out->user.id, out, &login));
	TRY(db_transaction(rq->db, insert_login, &login));
	log_info("login", "user=%" PRIu64 " login=%" PRIu64 " address=%s",
		out->user.id, out->login_id, address(rq));
	return login_sweep(rq->db, now_ms);
}

/* ---- */

enum err
account_is_ours(struct request *rq)
{
	if (rq->login_id == 0)
		return request_fail(rq, ERR_FORBIDDEN, "no_password",
			"This account belongs to the site that you signed in "
			"to, and is looked after there.");
	return OK;
}

enum err
account_confirm(struct request *rq, struct span password, int64_t *wait_ms)
{
	int64_t now_ms = clock_wall_ms();
	struct buckets buckets;
	struct user user;

	TRY(account_is_ours(rq));
	TRY(user_find(rq->db, rq->arena, rq->user_id, &user));
	buckets = name_buckets(rq, user.username);
	TRY(count_try(rq, &buckets, now_ms, wait_ms));
	if (password_verify(user.password_hash, password))
		return uncount_try(rq, &buckets, now_ms);
	log_warn("password_refused", "user=%" PRIu64 " address=%s", user.id,
		address(rq));
	return request_fail(rq, ERR_FORBIDDEN, "wrong_password",
		"This is not the password of your account.");
}

/* ---- */

static enum err
end_login(struct request *rq, const struct login *login, const char *event)
{
	TRY(login_delete(rq->db, login->id));
	guard_forget(rq->app->guard, login->id);
	log_info(event, "user=%" PRIu64 " login=%" PRIu64 " address=%s",
		login->user_id, login->id, address(rq));
	return OK;
}

/* The token has been exchanged before: just now by another tab, or it was
 * copied, and nobody can say whose hands the newer one is in. */
static enum err
refresh_again(
	struct request *rq, struct span hash, int64_t now_ms, struct login *out)
{
	TRY(login_find_previous(rq->db, rq->arena, hash, now_ms, out));
	if (now_ms - out->rotate_ms <= LOGIN_GRACE_MS)
		return OK;
	TRY(end_login(rq, out, "refresh_token_stolen"));
	return ERR_DENIED;
}

static enum err
rotate(struct request *rq, const char *token, struct grant *out,
	struct login *login)
{
	int64_t now_ms = clock_wall_ms();
	char hash[TOKEN_HASH_LEN], next[TOKEN_HASH_LEN];
	struct span hash_span = { hash, TOKEN_HASH_LEN };
	enum err err;

	token_hash(span_of(token), hash);
	token_new(out->refresh);
	token_hash(span_of(out->refresh), next);
	login->rotate_ms = now_ms;
	login->expire_ms = now_ms + rq->app->conf.auth.refresh_ttl_s * 1000;
	err = login_rotate(rq->db, rq->arena, hash_span,
		(struct span){ next, TOKEN_HASH_LEN }, login);
	if (err != ERR_NOT_FOUND)
		return err;
	out->refresh[0] = '\0';
	return refresh_again(rq, hash_span, now_ms, login);
}

enum err
account_refresh(struct request *rq, const char *token, struct grant *out)
{
	struct login login;
	enum err err = rotate(rq, token, out, &login);

	if (err == OK) {
		out->login_id = login.id;
		err = user_find(rq->db, rq->arena, login.user_id, &out->user);
	}
	return err == ERR_NOT_FOUND ? ERR_DENIED : err;
}

enum err
account_logout(struct request *rq, const char *token)
{
	char hash[TOKEN_HASH_LEN];
	struct login login;
	enum err err;

	token_hash(span_of(token), hash);
	err = login_find(rq->db, rq->arena,
		(struct span){ hash, TOKEN_HASH_LEN }, &login);
	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	return end_login(rq, &login, "logout");
}
