/* auth.c: /api/auth/..., /api/me... and /api/config: registering, logging in,
 * refreshing, logging out, the user's own account (api/me.h), and what the page
 * requests first; also /api/privacy and /api/openapi.json. */

#include "api/account.h"
#include "api/browser.h"
#include "api/form.h"
#include "api/guard.h"
#include "api/instructions.h"
#include "api/later.h"
#include "api/me.h"
#include "api/openapi.h"
#include "api/privacy.h"
#include "api/program.h"
#include "auth/password.h"
#include "base/log.h"
#include "repo/sealing.h"
#include "json/name.h"

/* ---- registering and logging in: the first half of each handler checks, the
 * second half hashes (api/later.h) */

static enum err
read_registration(struct request *rq, struct registration *out)
{
	struct span invite;

	TRY(form_username(rq, &out->username));
	TRY(form_password(rq, "password", PASSWORD_MIN, &out->password));
	TRY(form_optional(rq, "invite", &invite));
	out->invite = invite.data;
	return OK;
}

static enum err
register_now(struct request *rq, struct response *rs)
{
	struct registration registration;
	struct grant grant;

	TRY(read_registration(rq, &registration));
	TRY(account_register(rq, &registration, &grant));
	return form_grant(rq, rs, 201, &grant);
}

/*
 * POST /api/auth/register {username, password, invite?} -> 201 {accessToken,
 * expiresIn, user, storageKeys} and the cookies | 400 (code password_common:
 * attackers try it first, or it is little more than the name) | 403
 * registration_off, invite_required, invite_invalid, cross_site | 409
 * username_taken | 429, 503 with Retry-After: the queue is full
 */
static enum err
register_user(struct request *rq, struct response *rs)
{
	struct registration registration;

	TRY(browser_check_origin(rq));
	TRY(read_registration(rq, &registration));
	TRY(account_may_register(rq, &registration));
	return later_run(rq, rs, register_now);
}

static enum err
read_credentials(struct request *rq, struct credentials *out)
{
	TRY(request_text(rq, "username", NAME_BYTES_MAX, &out->username));
	TRY(form_password(rq, "password", 1, &out->password));
	return form_optional(rq, "code", &out->code);
}

static enum err
log_in_now(struct request *rq, struct response *rs)
{
	struct credentials credentials;
	struct grant grant;
	int64_t wait_ms = 0;
	enum err err;

	TRY(read_credentials(rq, &credentials));
	err = account_login(rq, &credentials, &grant, &wait_ms);
	TRY(form_wait(rs, err, wait_ms));
	return form_grant(rq, rs, 200, &grant);
}

/*
 * POST /api/auth/login {username, password, code?} -> 200 {accessToken,
 * expiresIn, user} and the cookies | 400 | 401 bad_credentials | 401
 * otp_required: the password is right; ask for the code and send all three |
 * 401 otp_wrong: the code is wrong or was used | 403 account_disabled,
 * cross_site | 429 with Retry-After: too many failures, or the network's share
 * of the queue is full | 503 with Retry-After: the queue is full
 *
 * *code* has six digits, or is a recovery code.
 */
static enum err
log_in(struct request *rq, struct response *rs)
{
	struct credentials credentials;
	int64_t wait_ms = 0;
	enum err err;

	TRY(browser_check_origin(rq));
	TRY(read_credentials(rq, &credentials));
	err = account_may_login(rq, &credentials, &wait_ms);
	TRY(form_wait(rs, err, wait_ms));
	return later_run(rq, rs, log_in_now);
}

/* ---- refreshing, logging out, and what the page needs to know */

/* POST /api/auth/refresh, with the cookie -> 200 {accessToken, expiresIn,
 * user} and the next cookie | 401 | 403 cross_site */
static enum err
refresh(struct request *rq, struct response *rs)
{
	const char *token = browser_refresh(rq);
	struct grant grant;
	enum err err;

	TRY(browser_check_origin(rq));
	if (token == NULL)
		return ERR_DENIED;
	err = entry_renew(rq, token, &grant);
	if (err == ERR_DENIED)
		browser_set_refresh(rq, rs, "", 0);
	TRY(err);
	return form_grant(rq, rs, 200, &grant);
}

/* POST /api/auth/logout, with the cookie -> 204 | 403 cross_site
 * Clears the browser's caches of this site, because nothing of the API may
 * remain in them. Its storage stays: it contains text that was typed but not
 * sent. */
static enum err
log_out(struct request *rq, struct response *rs)
{
	const char *token = browser_refresh(rq);

	TRY(browser_check_origin(rq));
	if (token != NULL)
		TRY(entry_end(rq, token));
	browser_set_refresh(rq, rs, "", 0);
	response_header(rs, "Clear-Site-Data", "\"cache\"");
	return response_empty(rs);
}

/*
 * GET /api/config -> 200 {siteName, registration, languages, privacy,
 * temporaryHours}, for anybody. temporaryHours: how long temporary chats are
 * kept; 0: there are none. privacy: whether there is a text (api/privacy.h).
 * registration: "on"; "invite": with an invitation code; "off": only with a
 * link to <page>#invite=CODE, which the operator provides.
 */
static enum err
get_config(struct request *rq, struct response *rs)
{
	static const char *const registration[] = { "off", "on", "invite" };
	static const char *const languages[] = { "en", "de", "es", "fr",
		"pt-BR", "ja", "zh-CN" };
	const struct conf *conf = &rq->app->conf;
	struct json_writer w = response_json(rs, 200);

	json_open(&w, '{');
	json_member_str(&w, "siteName", conf->http.site_name);
	json_member_str(
		&w, "registration", registration[conf->auth.registration]);
	json_key(&w, "languages");
	json_open(&w, '[');
	for (size_t i = 0; i < LENGTH(languages); i++)
		json_put_str(&w, languages[i]);
	json_close(&w, ']');
	json_member_bool(&w, "privacy", rq->app->privacy.len > 0);
	json_member_int(&w, "temporaryHours", conf->chat.temporary_hours);
	json_close(&w, '}');
	return OK;
}

static const struct route routes[] = {
	{ "GET", "/api/config", get_config, ANYONE, LIMIT_READ, SMALL_BODY },
	{ "GET", "/api/openapi.json", openapi_get, ANYONE, LIMIT_READ,
		SMALL_BODY },
	{ "GET", "/api/privacy", privacy_get, ANYONE, LIMIT_READ, SMALL_BODY },
	{ "POST", "/api/auth/register", register_user, ANYONE, LIMIT_REGISTER,
		SMALL_BODY },
	{ "POST", "/api/auth/login", log_in, ANYONE, LIMIT_LOGIN, SMALL_BODY },
	{ "POST", "/api/auth/refresh", refresh, ANYONE, LIMIT_REFRESH,
		SMALL_BODY },
	{ "POST", "/api/auth/logout", log_out, ANYONE, LIMIT_REFRESH,
		SMALL_BODY },
	{ "GET", "/api/me", me_get, LOGGED_IN, LIMIT_READ, SMALL_BODY },
	{ "DELETE", "/api/me", me_delete, LOGGED_IN, LIMIT_ACCOUNT,
		SMALL_BODY },
	{ "GET", "/api/me/usage", me_usage, LOGGED_IN, LIMIT_READ, SMALL_BODY },
	{ "POST", "/api/me/password", me_set_password, LOGGED_IN, LIMIT_ACCOUNT,
		SMALL_BODY },
	{ "GET", "/api/me/limits", me_limits, LOGGED_IN, LIMIT_READ,
		SMALL_BODY },
	{ "GET", "/api/me/instructions", instructions_get_mine, LOGGED_IN,
		LIMIT_READ, SMALL_BODY },
	{ "PATCH", "/api/me/instructions", instructions_set_mine, LOGGED_IN,
		LIMIT_WRITE, TEXT_BODY },
	{ "POST", "/api/me/logout-all", me_log_out_everywhere, LOGGED_IN,
		LIMIT_ACCOUNT, SMALL_BODY },
	{ "GET", "/api/me/logins", me_logins, LOGGED_IN, LIMIT_READ,
		SMALL_BODY },
	{ "DELETE", "/api/me/logins/:id", me_end_login, LOGGED_IN,
		LIMIT_ACCOUNT, SMALL_BODY },
	{ "GET", "/api/me/factors", me_factors, ENROLLING, LIMIT_READ,
		SMALL_BODY },
	{ "POST", "/api/me/totp", me_enrol_totp, ENROLLING, LIMIT_ACCOUNT,
		SMALL_BODY },
	{ "DELETE", "/api/me/totp", me_disable_totp, LOGGED_IN, LIMIT_ACCOUNT,
		SMALL_BODY },
	{ "POST", "/api/me/totp/confirm", me_confirm_totp, ENROLLING,
		LIMIT_ACCOUNT, SMALL_BODY },
	{ "POST", "/api/me/recovery-codes", me_renew_codes, LOGGED_IN,
		LIMIT_ACCOUNT, SMALL_BODY },
};

/* If the file was missing at the start, it has just been created. */
static void
look_at_secret(struct app *app)
{
	struct db *db = db_new(&app->conf.db);

	if (sealing_check(db, &app->arena, guard_secrets(app->guard)) ==
		ERR_CONFLICT)
		log_error("secret_wrong", "reason=\"" SEALING_WRONG "\"");
	db_free(db);
}

static enum err
start(struct app *app)
{
	look_at_secret(app);
	TRY(privacy_load(&app->arena, &app->conf.http, &app->privacy));
	app->later = later_open(app);
	return OK;
}

static void
stop(struct app *app)
{
	later_close(app->later);
}

int
main(void)
{
	static const struct program program = { .name = "auth",
		.needs = PROGRAM_MAKES_IDS,
		.routes = routes,
		.n_routes = LENGTH(routes),
		.hands_over = true,
		.start = start,
		.stop = stop };

	return program_run(&program);
}
