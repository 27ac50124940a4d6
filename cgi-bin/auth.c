/* auth.c: /api/auth/... and /api/me...: register, log in, refresh, log out, and
 * one's own account. */

#include "api/account.h"
#include "api/app.h"
#include "api/guard.h"
#include "api/limit.h"
#include "api/profile.h"
#include "api/shape.h"
#include "auth/password.h"
#include "base/clock.h"
#include "repo/usage.h"

#include <string.h>
#include <strings.h>

#define COOKIE "lamplight_refresh"
#define DAYS_DEFAULT 30
#define DAYS_MAX 366

/* ---- the refresh cookie: no script reads it, only these routes get it */

static bool
is_secure(const struct request *rq)
{
	int64_t setting = rq->app->conf.auth.cookie_secure;
	const char *https = request_param(rq, "HTTPS");

	if (setting != CONF_AUTO)
		return setting == CONF_ON;
	return https != NULL && strcasecmp(https, "on") == 0;
}

static void
set_cookie(const struct request *rq, struct response *rs, const char *token,
	int64_t max_age_s)
{
	response_header(rs, "Set-Cookie",
		COOKIE "=%s; Path=%s/api/auth; HttpOnly; SameSite=Strict%s;"
		       " Max-Age=%lld",
		token, rq->app->conf.http.base_path,
		is_secure(rq) ? "; Secure" : "", (long long)max_age_s);
}

/* A host without its port: cookies belong to all ports of a host alike, and
 * not every web server passes the port on. */
static struct span
host_name(const char *authority)
{
	const char *bracket = strchr(authority, ']'); /* [::1]:8080 */
	const char *from = bracket != NULL ? bracket : authority;

	return (struct span){ authority,
		(size_t)(from - authority) + strcspn(from, ":") };
}

static bool
same_host(const char *origin, const char *host)
{
	const char *scheme_end = strstr(origin, "://");
	struct span a, b;

	if (scheme_end == NULL || host == NULL)
		return false;
	a = host_name(scheme_end + 3);
	b = host_name(host);
	return a.len == b.len && strncasecmp(a.data, b.data, a.len) == 0;
}

/* Whether the browser says that one of our own pages, or of a listed origin,
 * is asking. Other clients than browsers say nothing. */
static enum err
check_origin(struct request *rq)
{
	const char *site = request_header(rq, "Sec-Fetch-Site");
	const char *origin = request_header(rq, "Origin");
	bool ours;

	if (origin != NULL && app_allows_origin(rq->app, origin))
		return OK;
	if (site != NULL)
		ours = strcmp(site, "same-origin") == 0;
	else
		ours = origin == NULL ||
			same_host(origin, request_header(rq, "Host"));
	if (!ours)
		return request_fail(rq, ERR_FORBIDDEN, "cross_site",
			"This may only be asked for by the page itself.");
	return OK;
}

/* ---- */

/* {accessToken, expiresIn, user}, and the cookie when there is a new one. */
static enum err
reply_grant(struct request *rq, struct response *rs, int status,
	const struct grant *grant)
{
	const struct auth_conf *conf = &rq->app->conf.auth;
	struct json_writer w;
	const char *token;

	TRY(guard_token(
		rq->app->guard, rq, grant->user.id, grant->login_id, &token));
	if (grant->refresh[0] != '\0')
		set_cookie(rq, rs, grant->refresh, conf->refresh_ttl_s);
	w = response_json(rs, status);
	json_open(&w, '{');
	json_member_str(&w, "accessToken", token);
	json_member_int(&w, "expiresIn", conf->access_ttl_s);
	json_key(&w, "user");
	shape_user(&w, &grant->user);
	json_close(&w, '}');
	return OK;
}

/* Passwords are bytes to us: any character, blanks and controls included. */
static enum err
read_password(struct request *rq, const char *key, size_t min, struct span *out)
{
	const struct json *body;

	TRY(request_json(rq, &body));
	*out = json_text(json_get(body, key));
	if (out->data == NULL || out->len < min || out->len > PASSWORD_MAX)
		return request_invalid(rq, key,
			"A password has %zu to %d bytes.", min, PASSWORD_MAX);
	return OK;
}

/* Passes *err* on, and says when to try again. */
static enum err
tell_wait(struct response *rs, enum err err, int64_t wait_ms)
{
	if (err == ERR_THROTTLED)
		response_header(rs, "Retry-After", "%lld",
			(long long)(wait_ms + 999) / 1000);
	return err;
}

/* POST /api/auth/register {username, password} -> 201 grant | 400 | 403 | 409 */
static enum err
register_user(struct request *rq, struct response *rs)
{
	const char *username;
	struct span password;
	struct grant grant;

	TRY(request_text(rq, "username", USER_NAME_MAX, &username));
	TRY(read_password(rq, "password", PASSWORD_MIN, &password));
	if (!user_name_ok(span_of(username)))
		return request_invalid(rq, "username",
			"A username has %d to %d characters: letters, digits "
			"and . _ @ -",
			USER_NAME_MIN, USER_NAME_MAX);
	TRY(account_register(rq, username, password, &grant));
	return reply_grant(rq, rs, 201, &grant);
}

/* POST /api/auth/login {username, password} -> 200 grant | 400 | 401 | 429 */
static enum err
log_in(struct request *rq, struct response *rs)
{
	const char *username;
	struct span password;
	struct grant grant;
	int64_t wait_ms = 0;
	enum err err;

	TRY(request_text(rq, "username", USER_NAME_MAX, &username));
	TRY(read_password(rq, "password", 1, &password));
	err = account_login(rq, username, password, &grant, &wait_ms);
	TRY(tell_wait(rs, err, wait_ms));
	return reply_grant(rq, rs, 200, &grant);
}

/* POST /api/auth/refresh, with the cookie -> 200 grant | 401 | 403 */
static enum err
refresh(struct request *rq, struct response *rs)
{
	const char *token = request_cookie(rq, COOKIE);
	struct grant grant;
	enum err err;

	TRY(check_origin(rq));
	if (token == NULL)
		return ERR_DENIED;
	err = account_refresh(rq, token, &grant);
	if (err == ERR_DENIED)
		set_cookie(rq, rs, "", 0);
	TRY(err);
	return reply_grant(rq, rs, 200, &grant);
}

/* POST /api/auth/logout, with the cookie -> 204 | 403 */
static enum err
log_out(struct request *rq, struct response *rs)
{
	const char *token = request_cookie(rq, COOKIE);

	TRY(check_origin(rq));
	if (token != NULL)
		TRY(account_logout(rq, token));
	set_cookie(rq, rs, "", 0);
	return response_empty(rs);
}

/* GET /api/me -> 200 user | 401 */
static enum err
get_me(struct request *rq, struct response *rs)
{
	struct json_writer w;
	struct user user;

	TRY(user_find(rq->db, rq->arena, rq->user_id, &user));
	w = response_json(rs, 200);
	shape_user(&w, &user);
	return OK;
}

/* GET /api/me/usage?days -> 200 [{date, messages, inputTokens, outputTokens}],
 * days (UTC) without any left out | 400 */
static enum err
get_usage(struct request *rq, struct response *rs)
{
	struct usage_days found;
	struct json_writer w;
	int64_t days;

	TRY(request_query_int(rq, "days", 1, DAYS_MAX, DAYS_DEFAULT, &days));
	TRY(usage_list(rq->db, rq->arena, rq->user_id, clock_wall_ms(),
		(unsigned)days, &found));
	w = response_json(rs, 200);
	json_open(&w, '[');
	for (unsigned i = 0; i < found.n; i++)
		shape_usage(&w, &found.list[i]);
	json_close(&w, ']');
	return OK;
}

/* GET /api/me/limits -> 200 {rules: [{rule, max, periodSeconds}], budgets:
 * [{rule, max, used, left, refillTime?}]}, those of a user that are in force;
 * periodSeconds 0: at once */
static enum err
get_limits(struct request *rq, struct response *rs)
{
	int64_t now_ms = clock_wall_ms();
	struct json_writer w;
	struct budget used;

	TRY(budget_used(rq->db, rq->arena, rq->user_id, now_ms, &used));
	w = response_json(rs, 200);
	limit_shape(&w, &rq->app->conf.limits, &used, now_ms);
	return OK;
}

/* POST /api/me/password {password, newPassword} -> 204 | 400 | 403 | 429 */
static enum err
set_password(struct request *rq, struct response *rs)
{
	struct span password, new_password;
	int64_t wait_ms = 0;
	enum err err;

	TRY(read_password(rq, "password", 1, &password));
	TRY(read_password(rq, "newPassword", PASSWORD_MIN, &new_password));
	err = profile_set_password(rq, password, new_password, &wait_ms);
	TRY(tell_wait(rs, err, wait_ms));
	return response_empty(rs);
}

/* POST /api/me/logout-all -> 204 | 403 */
static enum err
log_out_everywhere(struct request *rq, struct response *rs)
{
	TRY(profile_logout_all(rq));
	set_cookie(rq, rs, "", 0);
	return response_empty(rs);
}

/* DELETE /api/me {password} -> 204 | 400 | 403 | 429 */
static enum err
delete_me(struct request *rq, struct response *rs)
{
	struct span password;
	int64_t wait_ms = 0;
	enum err err;

	TRY(read_password(rq, "password", 1, &password));
	err = profile_delete(rq, password, &wait_ms);
	TRY(tell_wait(rs, err, wait_ms));
	set_cookie(rq, rs, "", 0);
	return response_empty(rs);
}

static const struct route routes[] = {
	{ "POST", "/api/auth/register", register_user, ANYONE, LIMIT_REGISTER,
		SMALL_BODY },
	{ "POST", "/api/auth/login", log_in, ANYONE, LIMIT_LOGIN, SMALL_BODY },
	{ "POST", "/api/auth/refresh", refresh, ANYONE, LIMIT_REFRESH,
		SMALL_BODY },
	{ "POST", "/api/auth/logout", log_out, ANYONE, LIMIT_REFRESH,
		SMALL_BODY },
	{ "GET", "/api/me", get_me, SIGNED_IN, LIMIT_READ, SMALL_BODY },
	{ "DELETE", "/api/me", delete_me, SIGNED_IN, LIMIT_ACCOUNT,
		SMALL_BODY },
	{ "GET", "/api/me/usage", get_usage, SIGNED_IN, LIMIT_READ,
		SMALL_BODY },
	{ "GET", "/api/me/limits", get_limits, SIGNED_IN, LIMIT_READ,
		SMALL_BODY },
	{ "POST", "/api/me/password", set_password, SIGNED_IN, LIMIT_ACCOUNT,
		SMALL_BODY },
	{ "POST", "/api/me/logout-all", log_out_everywhere, SIGNED_IN,
		LIMIT_ACCOUNT, SMALL_BODY },
};

int
main(void)
{
	return app_serve("auth", APP_MAKES_IDS, routes, LENGTH(routes));
}
