#include "api/guard.h"

#include "api/app.h"
#include "api/audit.h"
#include "api/recent.h"
#include "auth/jwt.h"
#include "auth/keyring.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "repo/ended.h"
#include "repo/login.h"
#include "repo/user.h"
#include "repo/user_limit.h"
#include "json/utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <strings.h>

#define OUR_NAME "lamplight" /* iss and aud of our own tokens */

struct guard {
	struct arena arena;
	const struct auth_conf *conf;
	struct keyring *keyring;
	struct jwt_policy site;
	struct recent *recent;
};

/* Without a site secret the site's policy accepts nothing. A site may sign
 * other tokens with its secret, so a token must be meant for us (audience) or
 * have a certain type. */
static enum err
open_site(struct guard *guard)
{
	const struct auth_conf *conf = guard->conf;
	const char *secret;

	TRY(conf_secret(&guard->arena, conf->site_secret,
		conf->site_secret_file, &secret));
	guard->site = (struct jwt_policy){ .secret = span_of(secret),
		.issuer = conf->site_issuer,
		.audience = conf->site_audience,
		.typ = conf->site_typ,
		.life_max_s = conf->site_max_s };
	if (secret[0] == '\0')
		return OK;
	if (strlen(secret) < JWT_SECRET_MIN)
		return conf_refuse(
			"auth.site_secret", "it is shorter than 32 bytes");
	if (conf->site_audience[0] == '\0' && conf->site_typ[0] == '\0')
		return conf_refuse("auth.site_audience",
			"with auth.site_secret, auth.site_audience or "
			"auth.site_typ must be set: else any token that the "
			"site has signed, for whatever purpose, logs in");
	return OK;
}

enum err
guard_open(const struct auth_conf *conf, struct guard **out)
{
	struct guard *guard = mem_zalloc(sizeof(*guard));
	enum err err;

	guard->conf = conf;
	guard->recent = recent_new();
	err = keyring_open(conf->secret_file, &guard->keyring);
	if (err == OK)
		err = open_site(guard);
	if (err == OK)
		*out = guard;
	else
		guard_close(guard);
	return err;
}

void
guard_close(struct guard *guard)
{
	if (guard->keyring != NULL)
		keyring_close(guard->keyring);
	recent_free(guard->recent);
	arena_reset(&guard->arena);
	free(guard);
}

/* Expects "Bearer" and one blank; jwt_check() judges the rest. */
static bool
bearer(const char *header, struct span *token)
{
	static const char SCHEME[] = "Bearer ";
	size_t len = sizeof(SCHEME) - 1;

	if (header == NULL || strncasecmp(header, SCHEME, len) != 0)
		return false;
	*token = span_of(header + len);
	return true;
}

/* Checks a token of ours: its login must exist and belong to the user. */
static enum err
own_user(struct guard *guard, struct request *rq, const struct json *claims)
{
	uint64_t user_id, login_id;
	struct login_live live = { 0 };
	enum err err;

	if (id_parse(json_text(json_get(claims, "sub")), &user_id) != OK ||
		id_parse(json_text(json_get(claims, "sid")), &login_id) != OK)
		return ERR_DENIED;
	err = login_live(
		rq->db, rq->arena, login_id, user_id, clock_wall_ms(), &live);
	if (err != OK)
		return err == ERR_NOT_FOUND ? ERR_DENIED : err;
	live.second |= guard->conf->second_factor == CONF_OPTIONAL;
	rq->user_id = user_id;
	rq->login_id = login_id;
	rq->is_admin = live.admin;
	rq->limits = live.limits;
	rq->enrolling = !live.second;
	return OK;
}

/* Reads the claim with the user: a text, or a whole number in decimal. */
static bool
read_subject(struct arena *arena, const struct json *claim, struct span *out)
{
	*out = json_text(claim);
	if (json_kind(claim) == JSON_INT)
		*out = span_of(
			arena_printf(arena, "%" PRId64, json_int(claim, 0)));
	return out->len > 0 && out->len <= USER_SUBJECT_MAX &&
		utf8_valid(*out) && memchr(out->data, '\0', out->len) == NULL;
}

/* Whether a token issued at *iat_s* is not older than *valid_from_ms*; -1: the
 * token has no issue time. */
static bool
issued_since(int64_t iat_s, int64_t valid_from_ms)
{
	return valid_from_ms == 0 || iat_s * 1000 >= valid_from_ms;
}

/* A subject without a user so far. */
struct arrival {
	struct arena *arena;
	struct span subject;
	int64_t iat_s;
	uint64_t id;
	int64_t valid_from_ms; /* 0: no user of that subject was deleted */
	struct user user;
};

/* A deleted user may return only if the operator allows it, and only with a
 * newer token. */
static enum err
may_arrive(struct db *db, struct arrival *a)
{
	struct ended ended;
	enum err err = ended_find(db, a->arena, a->subject, &ended);

	a->valid_from_ms = 0;
	if (err == ERR_NOT_FOUND)
		return OK;
	TRY(err);
	a->valid_from_ms = ended.valid_from_ms;
	return ended.allowed && issued_since(a->iat_s, ended.valid_from_ms)
		? OK
		: ERR_DENIED;
}

/* Checks again after inserting the row: another transaction that deletes the
 * user has either committed, or waits for this one. */
static enum err
arrive(struct db *db, void *arg)
{
	struct arrival *a = arg;
	int64_t now_ms = clock_wall_ms();

	TRY(user_of_subject(db, a->arena, a->subject, a->id, now_ms, &a->user));
	TRY(may_arrive(db, a));
	if (a->valid_from_ms == 0)
		return OK;
	a->user.valid_from_ms = a->valid_from_ms;
	return user_set_valid_from(db, a->user.id, a->valid_from_ms, now_ms);
}

/* The user of *subject*; its id is 0 in a program that creates none. */
static enum err
find_or_make(struct request *rq, struct span subject, int64_t iat_s,
	struct user *out)
{
	struct arrival a = {
		.arena = rq->arena, .subject = subject, .iat_s = iat_s
	};
	enum err err = user_find_subject(rq->db, rq->arena, subject, out);

	if (err != ERR_NOT_FOUND)
		return err;
	*out = (struct user){ 0 };
	TRY(may_arrive(rq->db, &a));
	if (rq->app->ids == NULL)
		return OK;
	TRY(snowflake_next(rq->app->ids, 0, &a.id));
	TRY(db_transaction(rq->db, arrive, &a));
	*out = a.user;
	audit(rq, "site_user", "user=%" PRIu64, out->id);
	return OK;
}

static enum err
site_user(struct guard *guard, struct request *rq, const struct json *claims)
{
	int64_t iat_s = json_int(json_get(claims, "iat"), -1);
	struct span subject;
	struct user user;

	if (!read_subject(rq->arena, json_get(claims, guard->conf->site_claim),
		    &subject))
		return ERR_DENIED;
	TRY(find_or_make(rq, subject, iat_s, &user));
	if (user.disable_ms != 0 || !issued_since(iat_s, user.valid_from_ms))
		return ERR_DENIED;
	rq->login_id = 0;
	rq->user_id = user.id;
	rq->is_admin = user.is_admin;
	return user_limit_find(rq->db, rq->arena, user.id, &rq->limits);
}

/* ---- checking tokens */

static struct jwt_policy
own_policy(const struct secret_key *key)
{
	return (struct jwt_policy){ .secret = key->secret,
		.kid = key->kid,
		.issuer = OUR_NAME,
		.audience = OUR_NAME,
		.dated = true };
}

/* Checks a token of ours, signed with a key of *ring*. */
static enum err
check_own(struct guard *guard, struct request *rq, struct span token,
	const struct secret_ring *ring, const struct json **claims)
{
	int64_t now_s = clock_wall_ms() / 1000;
	struct jwt_policy policy;

	for (unsigned i = 0; i < ring->n; i++) {
		policy = own_policy(&ring->keys[i]);
		if (secret_verifies(
			    &ring->keys[i], now_s, guard->conf->access_ttl_s) &&
			jwt_check(&policy, rq->arena, token, now_s, claims) ==
				OK)
			return OK;
	}
	return ERR_DENIED;
}

/* Checks everything about a token, by computation and in the database. */
static enum err
check(struct guard *guard, struct request *rq, struct span token,
	const struct secret_ring *ring, const struct json **claims)
{
	if (check_own(guard, rq, token, ring, claims) == OK)
		return own_user(guard, rq, *claims);
	if (jwt_check(&guard->site, rq->arena, token, clock_wall_ms() / 1000,
		    claims) == OK)
		return site_user(guard, rq, *claims);
	/* Another program may have a newer key. */
	if (!keyring_changed(guard->keyring, ring))
		return ERR_DENIED;
	TRY(check_own(guard, rq, token, keyring_now(guard->keyring), claims));
	return own_user(guard, rq, *claims);
}

static bool
was_good(struct guard *guard, struct request *rq, struct span token,
	const struct secret_ring *ring)
{
	struct recent_user user;

	if (!recent_get(
		    guard->recent, rq->arena, token, clock_mono_ms(), &user) ||
		user.ring != ring || user.end_s <= clock_wall_ms() / 1000)
		return false;
	rq->user_id = user.user_id;
	rq->login_id = user.login_id;
	rq->limits = user.limits;
	return true;
}

enum err
guard_user(struct guard *guard, struct request *rq)
{
	const struct secret_ring *ring = keyring_now(guard->keyring);
	int64_t asked_ms = clock_mono_ms();
	const struct json *claims;
	struct recent_user user;
	struct span token;

	if (!bearer(request_header(rq, "Authorization"), &token))
		return ERR_DENIED;
	if (was_good(guard, rq, token, ring))
		return OK;
	TRY(check(guard, rq, token, ring, &claims));
	user = (struct recent_user){ rq->user_id, rq->login_id,
		json_int(json_get(claims, "exp"), 0), ring, rq->limits };
	/* Do not remember a login without its required second factor, so that
	 * showing it takes effect at once. */
	if (rq->user_id != 0 && !rq->enrolling)
		recent_put(guard->recent, token, asked_ms, &user);
	return OK;
}

/* Does not use remembered results: it queries the database. */
enum err
guard_admin(struct guard *guard, struct request *rq)
{
	const struct json *claims;
	struct span token;

	rq->is_admin = false;
	if (!bearer(request_header(rq, "Authorization"), &token))
		return ERR_DENIED;
	TRY(check(guard, rq, token, keyring_now(guard->keyring), &claims));
	return rq->is_admin
		? OK
		: request_fail(rq, ERR_FORBIDDEN, "admin_only",
			  "Only administrators of this site may do that.");
}

enum err
guard_signed(struct guard *guard, struct request *rq)
{
	const struct secret_ring *ring = keyring_now(guard->keyring);
	const struct json *claims;
	struct span token;

	if (!bearer(request_header(rq, "Authorization"), &token))
		return ERR_DENIED;
	if (check_own(guard, rq, token, ring, &claims) == OK ||
		jwt_check(&guard->site, rq->arena, token,
			clock_wall_ms() / 1000, &claims) == OK)
		return OK;
	if (!keyring_changed(guard->keyring, ring))
		return ERR_DENIED;
	return check_own(
		guard, rq, token, keyring_now(guard->keyring), &claims);
}

enum err
guard_token(struct guard *guard, struct request *rq, uint64_t user_id,
	uint64_t login_id, const char **out)
{
	const struct jwt_policy policy =
		own_policy(&keyring_now(guard->keyring)->keys[0]);
	int64_t now_s = clock_wall_ms() / 1000;
	const char *claims = arena_printf(rq->arena,
		"{\"iss\":\"" OUR_NAME "\",\"aud\":\"" OUR_NAME "\","
		"\"sub\":\"%" PRIu64 "\",\"sid\":\"%" PRIu64 "\","
		"\"iat\":%" PRId64 ",\"nbf\":%" PRId64 ",\"exp\":%" PRId64 "}",
		user_id, login_id, now_s, now_s,
		now_s + guard->conf->access_ttl_s);

	return jwt_sign(&policy, rq->arena, claims, out);
}

const struct secret_ring *
guard_secrets(struct guard *guard)
{
	return keyring_now(guard->keyring);
}

const char *
guard_secrets_refused(struct guard *guard)
{
	return keyring_refused(guard->keyring);
}

void
guard_forget(struct guard *guard, uint64_t login_id)
{
	recent_drop(guard->recent, login_id);
}
