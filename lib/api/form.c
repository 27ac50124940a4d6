#include "api/form.h"

#include "api/app.h"
#include "api/browser.h"
#include "api/guard.h"
#include "api/second.h"
#include "api/shape.h"
#include "auth/mark.h"
#include "auth/password.h"
#include "base/clock.h"
#include "http/route.h"
#include "json/name.h"

#include "json/utf8.h"
#include <inttypes.h>

enum err
form_username(struct request *rq, const char **out)
{
	struct span name, key;
	const struct name_fault *fault;

	TRY(request_text(rq, "username", NAME_BYTES_MAX, out));
	fault = name_fault(rq->arena, span_of(*out), &name, &key);
	if (fault == NULL) {
		*out = name.data;
		return OK;
	}
	rq->about.rule = fault->rule;
	return request_invalid(rq, "username", "%s", fault->sentence);
}

/* The largest body is a change with two passwords and a code. A password's
 * limit is in bytes, and a one-byte character takes at most half of
 * JSON_CHAR_MAX in JSON. */
_Static_assert(
	ROUTE_FITS((2 * PASSWORD_MAX + CODE_TEXT_MAX) / 2, ROUTE_SMALL_BODY),
	"a form that is allowed is let in");

/* A password is a sequence of bytes: any character is allowed, blanks and
 * control characters included. */
enum err
form_password(struct request *rq, const char *key, size_t min, struct span *out)
{
	const struct json *body;

	TRY(request_json(rq, &body));
	*out = json_text(json_get(body, key));
	if (out->data == NULL || utf8_length(*out) < min ||
		out->len > PASSWORD_MAX)
		return request_invalid(rq, key,
			"A password needs at least %zu characters and can have "
			"at most %d bytes.",
			min, PASSWORD_MAX);
	return OK;
}

enum err
form_optional(struct request *rq, const char *key, struct span *out)
{
	const struct json *body, *member;

	TRY(request_json(rq, &body));
	member = json_get(body, key);
	*out = json_text(member);
	if (json_kind(member) > JSON_NULL && out->data == NULL)
		return request_invalid(
			rq, key, "\"%s\" must be a string.", key);
	if (out->len > CODE_TEXT_MAX ||
		(out->len > 0 && memchr(out->data, '\0', out->len) != NULL))
		return request_invalid(rq, key,
			"\"%s\" has at most %d bytes, and no NUL.", key,
			CODE_TEXT_MAX);
	if (out->len == 0)
		*out = (struct span){ NULL, 0 };
	return OK;
}

enum err
form_code(struct request *rq, struct span *out)
{
	TRY(form_optional(rq, "code", out));
	if (out->data == NULL)
		return request_invalid(rq, "code",
			"\"code\" is the code that the second factor shows.");
	return OK;
}

enum err
form_own_code(struct request *rq, struct span *out)
{
	*out = (struct span){ NULL, 0 };
	return rq->body.len > 0 ? form_optional(rq, "code", out) : OK;
}

enum err
form_wait(struct response *rs, enum err err, int64_t wait_ms)
{
	if (err == ERR_THROTTLED)
		rs->retry_s = (wait_ms + 999) / 1000;
	return err;
}

/* One key for each of our signing keys, so that data in browsers survives a
 * rotation. */
static void
member_storage_keys(struct json_writer *w, struct request *rq, uint64_t user_id)
{
	const struct secret_ring *ring = guard_secrets(rq->app->guard);
	const char *about = arena_printf(rq->arena, "%" PRIu64, user_id);
	char key[TOKEN_LEN + 1];

	json_key(w, "storageKeys");
	json_open(w, '[');
	for (unsigned i = 0; i < ring->n; i++) {
		mark_text(&ring->keys[i], "storage ", about, key);
		json_put_str(w, key);
	}
	json_close(w, ']');
}

enum err
form_grant(struct request *rq, struct response *rs, int status,
	const struct grant *grant)
{
	int64_t left_ms = grant->expire_ms - clock_wall_ms();
	struct json_writer w;
	const char *token;

	TRY(guard_token(
		rq->app->guard, rq, grant->user.id, grant->login_id, &token));
	if (grant->refresh[0] != '\0')
		browser_set_refresh(
			rq, rs, grant->refresh, MAX(1, (left_ms + 999) / 1000));
	browser_set_device(rq, rs, grant->user.id);
	w = response_json(rs, status);
	json_open(&w, '{');
	json_member_str(&w, "accessToken", token);
	json_member_int(&w, "expiresIn", rq->app->conf.auth.access_ttl_s);
	json_key(&w, "user");
	shape_user(&w, &grant->user);
	if (rq->app->conf.auth.second_factor == CONF_REQUIRED &&
		!grant->second) {
		json_member_bool(&w, "secondFactorRequired", true);
	} else {
		member_storage_keys(&w, rq, grant->user.id);
	}
	json_close(&w, '}');
	return OK;
}
