#include "api/me.h"

#include "api/account.h"
#include "api/app.h"
#include "api/browser.h"
#include "api/form.h"
#include "api/later.h"
#include "api/limit.h"
#include "api/profile.h"
#include "api/second.h"
#include "api/shape.h"
#include "auth/password.h"
#include "auth/totp.h"
#include "base/clock.h"
#include "repo/usage.h"

#include <ctype.h>

#define DAYS_DEFAULT 30
#define DAYS_MAX 366

/* ---- handlers that need no password */

enum err
me_get(struct request *rq, struct response *rs)
{
	struct json_writer w;
	struct user user;

	TRY(user_find(rq->db, rq->arena, rq->user_id, &user));
	w = response_json(rs, 200);
	shape_account(&w, &user);
	return OK;
}

enum err
me_usage(struct request *rq, struct response *rs)
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

enum err
me_limits(struct request *rq, struct response *rs)
{
	int64_t now_ms = clock_wall_ms();
	struct json_writer w;
	struct budget used;

	TRY(budget_used(rq->db, rq->arena, rq->user_id, now_ms, &used));
	w = response_json(rs, 200);
	limit_shape(&w, limit_of(rq), &used, now_ms);
	return OK;
}

/* The login has ended: deletes its cookie and the data that we keep in the
 * browser. */
static enum err
answer_logged_out(struct request *rq, struct response *rs)
{
	browser_set_refresh(rq, rs, "", 0);
	response_header(rs, "Clear-Site-Data", "\"cache\"");
	return response_empty(rs);
}

enum err
me_log_out_everywhere(struct request *rq, struct response *rs)
{
	struct span code;
	int64_t wait_ms = 0;
	enum err err;

	TRY(form_own_code(rq, &code));
	err = profile_logout_all(rq, code, &wait_ms);
	TRY(form_wait(rs, err, wait_ms));
	return answer_logged_out(rq, rs);
}

enum err
me_logins(struct request *rq, struct response *rs)
{
	struct login_list found;
	struct json_writer w;

	TRY(profile_logins(rq, &found));
	w = response_json(rs, 200);
	json_open(&w, '[');
	for (unsigned i = 0; i < found.n; i++)
		shape_login(&w, &found.list[i], rq->login_id);
	json_close(&w, ']');
	return OK;
}

enum err
me_end_login(struct request *rq, struct response *rs)
{
	struct span code;
	int64_t wait_ms = 0;
	uint64_t id;
	enum err err;

	TRY(request_id(rq, "id", &id));
	TRY(form_own_code(rq, &code));
	err = profile_end_login(rq, id, code, &wait_ms);
	TRY(form_wait(rs, err, wait_ms));
	return response_empty(rs);
}

enum err
me_factors(struct request *rq, struct response *rs)
{
	struct second_state state;
	struct json_writer w;

	TRY(account_is_ours(rq));
	TRY(second_state(rq, &state));
	w = response_json(rs, 200);
	json_open(&w, '{');
	json_member_bool(&w, "totp", state.totp);
	json_member_int(&w, "recoveryCodes", (int64_t)state.recovery_codes);
	json_close(&w, '}');
	return OK;
}

/* ---- handlers that need the password: the first half of each checks, the
 * second half hashes */

/* Reads the password, and checks that another attempt is allowed. */
static enum err
look_at_password(struct request *rq, struct response *rs, struct span *password)
{
	int64_t wait_ms = 0;
	enum err err;

	TRY(form_password(rq, "password", 1, password));
	err = account_may_confirm(rq, &wait_ms);
	return form_wait(rs, err, wait_ms);
}

static enum err
check_own_password(struct request *rq, struct response *rs)
{
	struct span password;
	int64_t wait_ms = 0;
	struct user user;
	enum err err;

	TRY(form_password(rq, "password", 1, &password));
	err = account_confirm(rq, password, &user, &wait_ms);
	return form_wait(rs, err, wait_ms);
}

static enum err
delete_now(struct request *rq, struct response *rs)
{
	struct span password, code;
	int64_t wait_ms = 0;
	enum err err;

	TRY(form_password(rq, "password", 1, &password));
	TRY(form_own_code(rq, &code));
	err = profile_delete(rq, password, code, &wait_ms);
	TRY(form_wait(rs, err, wait_ms));
	return answer_logged_out(rq, rs);
}

enum err
me_delete(struct request *rq, struct response *rs)
{
	struct span password, code;

	TRY(look_at_password(rq, rs, &password));
	TRY(form_own_code(rq, &code));
	return later_run(rq, rs, delete_now);
}

static enum err
set_password_now(struct request *rq, struct response *rs)
{
	struct span password, new_password, code;
	struct grant grant;
	int64_t wait_ms = 0;
	enum err err;

	TRY(form_password(rq, "password", 1, &password));
	TRY(form_password(rq, "newPassword", PASSWORD_MIN, &new_password));
	TRY(form_own_code(rq, &code));
	err = profile_set_password(
		rq, password, new_password, code, &grant, &wait_ms);
	TRY(form_wait(rs, err, wait_ms));
	return form_grant(rq, rs, 200, &grant);
}

enum err
me_set_password(struct request *rq, struct response *rs)
{
	struct span password, new_password, code;

	TRY(look_at_password(rq, rs, &password));
	TRY(form_password(rq, "newPassword", PASSWORD_MIN, &new_password));
	TRY(form_own_code(rq, &code));
	return later_run(rq, rs, set_password_now);
}

/* ---- the second factor */

/* Escapes a segment of a URI (RFC 3986). */
static const char *
escaped(struct arena *arena, const char *text)
{
	struct buf out = BUF_INIT;
	const char *copy;

	for (const char *c = text; *c != '\0'; c++)
		if (isalnum((unsigned char)*c) || strchr("-._~@", *c) != NULL)
			buf_putc(&out, *c);
		else
			buf_printf(&out, "%%%02X", (unsigned char)*c);
	copy = arena_str(arena, buf_str(&out), out.len);
	buf_free(&out);
	return copy;
}

/* Key URI format: github.com/google/google-authenticator/wiki/Key-Uri-Format.
 * Apps display the names of the site and the user. */
static const char *
otpauth(struct request *rq, const char *username, const char *secret)
{
	const char *site = escaped(rq->arena, rq->app->conf.http.site_name);

	return arena_printf(rq->arena,
		"otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&"
		"digits=%d&period=%d",
		site, escaped(rq->arena, username), secret, site, TOTP_DIGITS,
		TOTP_STEP_S);
}

static enum err
enrol_now(struct request *rq, struct response *rs)
{
	char secret[TOTP_TEXT_LEN + 1];
	struct json_writer w;
	struct user user;

	TRY(check_own_password(rq, rs));
	TRY(user_find(rq->db, rq->arena, rq->user_id, &user));
	TRY(second_enrol(rq, secret));
	w = response_json(rs, 201);
	json_open(&w, '{');
	json_member_str(&w, "secret", secret);
	json_member_str(&w, "uri", otpauth(rq, user.username, secret));
	json_close(&w, '}');
	return OK;
}

enum err
me_enrol_totp(struct request *rq, struct response *rs)
{
	struct span password;

	TRY(look_at_password(rq, rs, &password));
	return later_run(rq, rs, enrol_now);
}

static enum err
answer_codes(struct response *rs, const struct recovery_codes *codes)
{
	struct json_writer w = response_json(rs, 200);

	json_open(&w, '{');
	json_key(&w, "recoveryCodes");
	json_open(&w, '[');
	for (unsigned i = 0; i < RECOVERY_CODES_N; i++)
		json_put_str(&w, codes->list[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	return OK;
}

enum err
me_confirm_totp(struct request *rq, struct response *rs)
{
	struct recovery_codes codes;
	struct span code;
	int64_t wait_ms = 0;
	enum err err;

	TRY(account_is_ours(rq));
	TRY(form_code(rq, &code));
	err = second_confirm(rq, code, &codes, &wait_ms);
	TRY(form_wait(rs, err, wait_ms));
	return answer_codes(rs, &codes);
}

static enum err
disable_now(struct request *rq, struct response *rs)
{
	struct span code;
	int64_t wait_ms = 0;
	enum err err;

	TRY(check_own_password(rq, rs));
	TRY(form_code(rq, &code));
	err = second_disable(rq, code, &wait_ms);
	TRY(form_wait(rs, err, wait_ms));
	return response_empty(rs);
}

enum err
me_disable_totp(struct request *rq, struct response *rs)
{
	struct span password, code;

	TRY(look_at_password(rq, rs, &password));
	TRY(form_code(rq, &code));
	return later_run(rq, rs, disable_now);
}

static enum err
renew_codes_now(struct request *rq, struct response *rs)
{
	struct recovery_codes codes;
	struct span code;
	int64_t wait_ms = 0;
	enum err err;

	TRY(check_own_password(rq, rs));
	TRY(form_code(rq, &code));
	err = second_renew_codes(rq, code, &codes, &wait_ms);
	TRY(form_wait(rs, err, wait_ms));
	return answer_codes(rs, &codes);
}

enum err
me_renew_codes(struct request *rq, struct response *rs)
{
	struct span password, code;

	TRY(look_at_password(rq, rs, &password));
	TRY(form_code(rq, &code));
	return later_run(rq, rs, renew_codes_now);
}
