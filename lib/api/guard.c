#include "api/guard.h"

#include "api/app.h"
#include "api/recent.h"
#include "auth/jwt.h"
#include "auth/secret.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "repo/login.h"
#include "repo/user.h"
#include "json/utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <strings.h>

#define OUR_NAME "lamplight" /* iss and aud of our own tokens */
#define ID_TEXT_LEN 24

struct guard {
	struct arena arena;
	const struct auth_conf *conf;
	struct jwt_policy own, site;
	struct recent *recent;
};

/* Without a site secret the site's policy lets nothing pass. */
static enum err
open_site(struct guard *guard)
{
	const struct auth_conf *conf = guard->conf;
	const char *secret;

	TRY(conf_secret(&guard->arena, conf->site_secret,
		conf->site_secret_file, &secret));
	guard->site = (struct jwt_policy){ .secret = span_of(secret),
		.issuer = conf->site_issuer,
		.audience = conf->site_audience };
	if (secret[0] != '\0' && strlen(secret) < JWT_SECRET_MIN) {
		log_error("conf_invalid",
			"key=auth.site_secret reason=\"it is shorter than %d "
			"bytes\"",
			JWT_SECRET_MIN);
		return ERR_INVALID;
	}
	return OK;
}

static enum err
open_keys(struct guard *guard)
{
	guard->own = (struct jwt_policy){
		.issuer = OUR_NAME, .audience = OUR_NAME, .dated = true
	};
	TRY(secret_load(
		&guard->arena, guard->conf->secret_file, &guard->own.secret));
	return open_site(guard);
}

enum err
guard_open(const struct auth_conf *conf, struct guard **out)
{
	struct guard *guard = mem_zalloc(sizeof(*guard));
	enum err err;

	guard->conf = conf;
	guard->recent = recent_new();
	err = open_keys(guard);
	if (err == OK)
		*out = guard;
	else
		guard_close(guard);
	return err;
}

void
guard_close(struct guard *guard)
{
	recent_free(guard->recent);
	arena_reset(&guard->arena);
	free(guard);
}

/* "Bearer" and one blank; what follows is judged by jwt_check(). */
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

static const char *
login_key(struct arena *arena, uint64_t login_id)
{
	return arena_printf(arena, "login %" PRIu64, login_id);
}

/* Our own token: its login must be there, and be the user's. */
static enum err
own_user(struct guard *guard, struct request *rq, const struct json *claims)
{
	int64_t asked_ms = clock_mono_ms();
	const char *key;
	uint64_t user_id, login_id, owner;
	enum err err;

	if (id_parse(json_text(json_get(claims, "sub")), &user_id) != OK ||
		id_parse(json_text(json_get(claims, "sid")), &login_id) != OK)
		return ERR_DENIED;
	key = login_key(rq->arena, login_id);
	if (!recent_get(guard->recent, key, asked_ms, &owner)) {
		err = login_live(
			rq->db, rq->arena, login_id, user_id, clock_wall_ms());
		if (err != OK)
			return err == ERR_NOT_FOUND ? ERR_DENIED : err;
		recent_put(guard->recent, key, asked_ms, user_id);
	} else if (owner != user_id) {
		return ERR_DENIED;
	}
	rq->user_id = user_id;
	rq->login_id = login_id;
	return OK;
}

/* The claim that holds the user: a text, or a whole number in decimal. */
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

static enum err
find_or_make(struct request *rq, struct span subject)
{
	uint64_t new_id;
	enum err err =
		user_find_subject(rq->db, rq->arena, subject, &rq->user_id);

	if (err != ERR_NOT_FOUND)
		return err;
	rq->user_id = 0;
	if (rq->app->ids == NULL)
		return OK;
	TRY(snowflake_next(rq->app->ids, 0, &new_id));
	TRY(user_of_subject(rq->db, rq->arena, subject, new_id, clock_wall_ms(),
		&rq->user_id));
	log_info("site_user", "user=%" PRIu64, rq->user_id);
	return OK;
}

static enum err
site_user(struct guard *guard, struct request *rq, const struct json *claims)
{
	int64_t asked_ms = clock_mono_ms();
	struct span subject;
	const char *key;

	if (!read_subject(rq->arena, json_get(claims, guard->conf->site_claim),
		    &subject))
		return ERR_DENIED;
	rq->login_id = 0;
	key = arena_printf(rq->arena, "subject %s", subject.data);
	if (recent_get(guard->recent, key, asked_ms, &rq->user_id))
		return OK;
	TRY(find_or_make(rq, subject));
	if (rq->user_id != 0)
		recent_put(guard->recent, key, asked_ms, rq->user_id);
	return OK;
}

enum err
guard_user(struct guard *guard, struct request *rq)
{
	int64_t now_s = clock_wall_ms() / 1000;
	const struct json *claims;
	struct span token;

	if (!bearer(request_header(rq, "Authorization"), &token))
		return ERR_DENIED;
	if (jwt_check(&guard->own, rq->arena, token, now_s, &claims) == OK)
		return own_user(guard, rq, claims);
	TRY(jwt_check(&guard->site, rq->arena, token, now_s, &claims));
	return site_user(guard, rq, claims);
}

enum err
guard_signed(struct guard *guard, struct request *rq)
{
	int64_t now_s = clock_wall_ms() / 1000;
	const struct json *claims;
	struct span token;

	if (!bearer(request_header(rq, "Authorization"), &token))
		return ERR_DENIED;
	if (jwt_check(&guard->own, rq->arena, token, now_s, &claims) == OK)
		return OK;
	return jwt_check(&guard->site, rq->arena, token, now_s, &claims);
}

enum err
guard_token(struct guard *guard, struct request *rq, uint64_t user_id,
	uint64_t login_id, const char **out)
{
	int64_t now_s = clock_wall_ms() / 1000;
	const char *claims = arena_printf(rq->arena,
		"{\"iss\":\"" OUR_NAME "\",\"aud\":\"" OUR_NAME "\","
		"\"sub\":\"%" PRIu64 "\",\"sid\":\"%" PRIu64 "\","
		"\"iat\":%" PRId64 ",\"nbf\":%" PRId64 ",\"exp\":%" PRId64 "}",
		user_id, login_id, now_s, now_s,
		now_s + guard->conf->access_ttl_s);

	return jwt_sign(&guard->own, rq->arena, claims, out);
}

void
guard_forget(struct guard *guard, uint64_t login_id)
{
	struct arena arena = ARENA_INIT;

	recent_drop(guard->recent, login_key(&arena, login_id));
	arena_reset(&arena);
}
