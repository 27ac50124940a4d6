/* /api/admin/users (admin.h). */

#include "api/account.h"
#include "api/admin.h"
#include "api/app.h"
#include "api/audit.h"
#include "api/form.h"
#include "api/guard.h"
#include "api/later.h"
#include "api/shape.h"
#include "auth/password.h"
#include "base/clock.h"
#include "repo/login.h"
#include "repo/stop_request.h"
#include "repo/user.h"

#include <inttypes.h>

#define USERS_DEFAULT 50
#define USERS_MAX 200
#define SEARCH_MAX 64 /* bytes */

/* ---- the list */

static void
put_user(struct json_writer *w, const struct user *user)
{
	json_open(w, '{');
	shape_user_members(w, user);
	json_member_str(w, "role", user->is_admin ? "admin" : "user");
	json_member_bool(w, "disabled", user->disable_ms != 0);
	json_member_time(w, "createTime", user->create_ms);
	if (user->last_ms != 0) {
		json_member_time(w, "lastTime", user->last_ms);
	} else {
		json_key(w, "lastTime");
		json_put_null(w);
	}
	json_close(w, '}');
}

static enum err
read_place(struct request *rq, struct span *search, uint64_t *after)
{
	const char *text, *after_text;

	*after = 0;
	TRY(request_query(rq, "search", &text));
	TRY(request_query(rq, "after", &after_text));
	*search = text != NULL ? span_of(text) : span_of("");
	if (search->len > SEARCH_MAX)
		return request_invalid(rq, "search",
			"\"search\" has at most %d bytes.", SEARCH_MAX);
	if (after_text != NULL && id_parse(span_of(after_text), after) != OK)
		return request_invalid(rq, "after",
			"\"after\" is the id in \"next\" of another page.");
	return OK;
}

enum err
admin_users(struct request *rq, struct response *rs)
{
	struct user_list users;
	struct json_writer w;
	struct span search;
	uint64_t after;
	int64_t limit;

	TRY(read_place(rq, &search, &after));
	TRY(request_query_int(
		rq, "limit", 1, USERS_MAX, USERS_DEFAULT, &limit));
	TRY(user_search(
		rq->db, rq->arena, search, after, (unsigned)limit, &users));
	w = response_json(rs, 200);
	json_open(&w, '{');
	json_key(&w, "users");
	json_open(&w, '[');
	for (unsigned i = 0; i < users.n; i++)
		put_user(&w, &users.list[i]);
	json_close(&w, ']');
	json_key(&w, "next");
	if (users.n == limit)
		json_put_id(&w, users.list[users.n - 1].id);
	else
		json_put_null(&w);
	json_close(&w, '}');
	return OK;
}

/* ---- changes */

struct changing {
	struct arena *arena;
	uint64_t id;
	const bool *admin, *disable; /* NULL: unchanged */
	bool last; /* refused: this is the last administrator */
	struct user user; /* the user after the change */
};

static enum err
set_disabled(struct db *db, struct changing *c, int64_t now_ms)
{
	bool is = c->user.disable_ms != 0;

	if (c->disable == NULL || *c->disable == is)
		return OK;
	c->user.disable_ms = *c->disable ? now_ms : 0;
	TRY(user_set_disabled(db, c->id, c->user.disable_ms, now_ms));
	if (!*c->disable)
		return OK;
	TRY(user_set_valid_from(db, c->id, now_ms, now_ms));
	TRY(stop_request_put_all(db, c->id));
	return login_delete_all(db, c->id);
}

/* Locks the epoch's row first: if two administrators demote each other at once,
 * the second one is refused. */
static enum err
change(struct db *db, void *arg)
{
	struct changing *c = arg;
	int64_t now_ms = clock_wall_ms();
	uint64_t others = 0;
	bool is, stays;

	TRY(setting_raise(db));
	TRY(user_lock(db, c->arena, c->id, &c->user));
	is = c->user.is_admin && c->user.disable_ms == 0;
	stays = (c->admin == NULL || *c->admin) &&
		(c->disable == NULL || !*c->disable);
	TRY(user_count_admins(db, c->id, &others));
	c->last = is && !stays && others == 0;
	if (c->last)
		return ERR_CONFLICT;
	if (c->admin != NULL && *c->admin != c->user.is_admin)
		TRY(user_set_admin(db, c->id, *c->admin, now_ms));
	if (c->admin != NULL)
		c->user.is_admin = *c->admin;
	return set_disabled(db, c, now_ms);
}

static enum err
read_role(struct request *rq, const struct json *body, const bool **out)
{
	struct span text = json_text(json_get(body, "role"));
	bool admin = span_is(text, "admin");

	*out = NULL;
	if (json_get(body, "role") == NULL)
		return OK;
	if (!admin && !span_is(text, "user"))
		return request_invalid(
			rq, "role", "\"role\" is \"admin\" or \"user\".");
	*out = arena_dup(rq->arena, &admin, sizeof(admin));
	return OK;
}

static enum err
read_change(struct request *rq, struct changing *out)
{
	const struct json *body, *disabled;
	bool value;

	TRY(request_json(rq, &body));
	TRY(read_role(rq, body, &out->admin));
	disabled = json_get(body, "disabled");
	value = json_boolean(disabled, false);
	if (disabled != NULL && json_kind(disabled) != JSON_BOOL)
		return request_invalid(
			rq, "disabled", "\"disabled\" is true or false.");
	if (disabled != NULL)
		out->disable = arena_dup(rq->arena, &value, sizeof(value));
	if (out->admin == NULL && out->disable == NULL)
		return request_invalid(
			rq, "role", "Give \"role\" or \"disabled\".");
	return OK;
}

enum err
admin_change_user(struct request *rq, struct response *rs)
{
	struct changing changing = { .arena = rq->arena };
	struct json_writer w;
	enum err err;

	TRY(request_id(rq, "id", &changing.id));
	TRY(read_change(rq, &changing));
	err = db_transaction(rq->db, change, &changing);
	if (err == ERR_CONFLICT && changing.last)
		return account_last_admin(rq);
	TRY(err);
	audit(rq, "account_changed",
		"user=%" PRIu64 " account=%" PRIu64 " role=%s disabled=%d",
		rq->user_id, changing.id,
		changing.user.is_admin ? "admin" : "user",
		changing.user.disable_ms != 0);
	w = response_json(rs, 200);
	put_user(&w, &changing.user);
	return OK;
}

/* ---- new users */

static enum err
read_new(struct request *rq, struct user *user, struct span *password)
{
	const struct json *body;
	const char *username;
	const bool *admin;

	*user = (struct user){ 0 };
	TRY(form_username(rq, &username));
	TRY(form_password(rq, "password", PASSWORD_MIN, password));
	TRY(request_json(rq, &body));
	TRY(read_role(rq, body, &admin));
	TRY(account_check_password(rq, "password", username, *password));
	if (!user_name(rq->arena, span_of(username), user))
		return ERR_INVALID;
	user->is_admin = admin != NULL && *admin;
	return OK;
}

static enum err
add_now(struct request *rq, struct response *rs)
{
	char hash[PASSWORD_HASH_LEN];
	struct span password;
	struct json_writer w;
	struct user user;
	enum err err;

	/* Check again, because the request may have waited in the queue. */
	TRY(guard_admin(rq->app->guard, rq));
	TRY(read_new(rq, &user, &password));
	TRY(password_hash(password, hash));
	user.password_hash = hash;
	user.create_ms = clock_wall_ms();
	TRY(snowflake_next(rq->app->ids, 0, &user.id));
	err = user_insert(rq->db, &user, user.create_ms);
	if (err == ERR_CONFLICT)
		return account_name_taken(rq);
	TRY(err);
	audit(rq, "account_added", "user=%" PRIu64 " account=%" PRIu64,
		rq->user_id, user.id);
	w = response_json(rs, 201);
	put_user(&w, &user);
	return OK;
}

enum err
admin_add_user(struct request *rq, struct response *rs)
{
	struct span password;
	struct user user;

	TRY(read_new(rq, &user, &password));
	return later_run(rq, rs, add_now);
}
