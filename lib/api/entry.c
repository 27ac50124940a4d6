#include "api/entry.h"

#include "api/app.h"
#include "api/audit.h"
#include "api/browser.h"
#include "api/guard.h"
#include "auth/refresh.h"
#include "base/clock.h"

#include <inttypes.h>

static struct span
hash_span(struct request *rq, const char hash[TOKEN_HASH_LEN])
{
	return arena_span(rq->arena, (struct span){ hash, TOKEN_HASH_LEN });
}

/* When a token issued now will expire. */
static int64_t
expiry(const struct request *rq, int64_t create_ms, int64_t now_ms)
{
	const struct auth_conf *conf = &rq->app->conf.auth;

	return MIN(now_ms + conf->refresh_ttl_s * 1000,
		create_ms + conf->login_max_s * 1000);
}

enum err
entry_prepare(struct request *rq, struct grant *grant, struct login *out)
{
	int64_t now_ms = clock_wall_ms();
	struct refresh parts;

	*out = (struct login){ .user_id = grant->user.id,
		.rotate_ms = now_ms,
		.create_ms = now_ms,
		.expire_ms = expiry(rq, now_ms, now_ms),
		.second_ms = grant->second ? now_ms : 0,
		.agent = browser_agent(rq, LOGIN_AGENT_MAX) };
	TRY(snowflake_next(rq->app->ids, 0, &out->id));
	refresh_new(out->id, grant->refresh);
	if (!refresh_read(grant->refresh, &parts))
		return ERR_INTERNAL;
	out->hash = hash_span(rq, parts.hash);
	out->family = hash_span(rq, parts.family_hash);
	grant->login_id = out->id;
	grant->expire_ms = out->expire_ms;
	return OK;
}

/* ---- recognising tokens */

/* A token that predates families is recognised only by its hash. */
static bool
is_of(const struct refresh *parts, const struct login *login)
{
	struct span family = { parts->family_hash, TOKEN_HASH_LEN };

	return parts->login_id == 0 || token_equal(family, login->family);
}

static enum err
find(struct request *rq, const struct refresh *parts, struct login *out)
{
	if (parts->login_id == 0)
		return login_find_hash(rq->db, rq->arena,
			(struct span){ parts->hash, TOKEN_HASH_LEN }, out);
	TRY(login_find(rq->db, rq->arena, parts->login_id, out));
	return is_of(parts, out) ? OK : ERR_NOT_FOUND;
}

enum err
entry_find(struct request *rq, const char *token, struct login *out)
{
	struct refresh parts;

	return refresh_read(token, &parts) ? find(rq, &parts, out)
					   : ERR_NOT_FOUND;
}

/* ---- renewing */

enum verdict { OVER, CURRENT, AGAIN, COPY };

struct renewal {
	struct request *rq;
	const char *token;
	struct refresh parts, next;
	struct login login;
	enum verdict verdict;
	struct grant *grant;
};

static enum verdict
judge(const struct renewal *r, int64_t now_ms)
{
	const struct login *login = &r->login;
	struct span hash = { r->parts.hash, TOKEN_HASH_LEN };

	if (r->grant->user.disable_ms != 0 || now_ms >= login->expire_ms ||
		now_ms >= expiry(r->rq, login->create_ms, now_ms))
		return OVER;
	if (token_equal(hash, login->hash))
		return CURRENT;
	if (token_equal(hash, login->previous) &&
		now_ms - login->rotate_ms <= LOGIN_GRACE_MS)
		return AGAIN;
	return is_of(&r->parts, login) ? COPY : OVER;
}

static enum err
rotate(struct db *db, struct renewal *r, int64_t now_ms)
{
	struct login *login = &r->login;

	login->hash = hash_span(r->rq, r->next.hash);
	login->family = hash_span(r->rq, r->next.family_hash);
	login->rotate_ms = now_ms;
	login->expire_ms = expiry(r->rq, login->create_ms, now_ms);
	return login_rotate(db, login);
}

/* A token exchanged a moment ago yields the same next one again, unless our key
 * has changed since. */
static void
give_again(struct renewal *r)
{
	struct span next = { r->next.hash, TOKEN_HASH_LEN };

	if (!token_equal(next, r->login.hash))
		r->grant->refresh[0] = '\0';
}

static enum err
renew(struct db *db, void *arg)
{
	struct renewal *r = arg;
	int64_t now_ms = clock_wall_ms();

	TRY(user_lock(db, r->rq->arena, r->login.user_id, &r->grant->user));
	TRY(login_lock(db, r->rq->arena, r->login.id, &r->login));
	r->verdict = judge(r, now_ms);
	switch (r->verdict) {
	case CURRENT:
		return rotate(db, r, now_ms);
	case AGAIN:
		give_again(r);
		return OK;
	case COPY:
		return login_delete(db, r->login.id);
	case OVER:
		break;
	}
	return ERR_DENIED;
}

static enum err
prepare(struct renewal *r)
{
	struct grant *grant = r->grant;

	if (!refresh_read(r->token, &r->parts))
		return ERR_DENIED;
	TRY(find(r->rq, &r->parts, &r->login));
	refresh_next(&guard_secrets(r->rq->app->guard)->keys[0], r->login.id,
		r->token, grant->refresh);
	return refresh_read(grant->refresh, &r->next) ? OK : ERR_INTERNAL;
}

enum err
entry_renew(struct request *rq, const char *token, struct grant *out)
{
	struct renewal r = { .rq = rq, .token = token, .grant = out };
	enum err err = prepare(&r);

	if (err == OK)
		err = db_transaction(rq->db, renew, &r);
	if (err != OK)
		return err == ERR_NOT_FOUND ? ERR_DENIED : err;
	out->login_id = r.login.id;
	out->expire_ms = r.login.expire_ms;
	out->second = r.login.second_ms != 0;
	if (r.verdict != COPY)
		return OK;
	guard_forget(rq->app->guard, r.login.id);
	audit(rq, "login_stolen", "user=%" PRIu64 " login=%" PRIu64,
		r.login.user_id, r.login.id);
	return ERR_DENIED;
}

/* ---- ending */

enum err
entry_end(struct request *rq, const char *token)
{
	struct login login;
	enum err err = entry_find(rq, token, &login);

	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	TRY(login_delete(rq->db, login.id));
	guard_forget(rq->app->guard, login.id);
	audit(rq, "logout", "user=%" PRIu64 " login=%" PRIu64, login.user_id,
		login.id);
	return OK;
}
