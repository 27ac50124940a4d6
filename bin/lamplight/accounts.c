/* accounts.c: creates, lists and invites users, and sets passwords. */

#include "auth/common.h"
#include "auth/password.h"
#include "auth/token.h"
#include "base/clock.h"
#include "base/log.h"
#include "lamplight/commands.h"
#include "lamplight/hidden.h"
#include "repo/invite.h"
#include "repo/login.h"
#include "repo/schema.h"
#include "repo/snowflake.h"
#include "repo/user.h"
#include "json/name.h"
#include "json/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define INVITE_DAYS 7
#define DAY_MS INT64_C(86400000)
#define USERS_AT_ONCE 500

/* ---- passwords */

/* Reads one line of standard input without its end; ERR_INVALID at the end of
 * input. */
static enum err
read_secret_line(struct arena *arena, const char *prompt, struct span *out)
{
	bool is_hidden;
	char line[PASSWORD_MAX + 2], *got;

	if (isatty(STDIN_FILENO))
		fputs(prompt, stderr);
	is_hidden = hidden_begin();
	got = fgets(line, sizeof(line), stdin);
	if (is_hidden)
		hidden_end();
	if (got == NULL)
		return ERR_INVALID;
	line[strcspn(line, "\r\n")] = '\0';
	*out = (struct span){ arena_str(arena, line, strlen(line)),
		strlen(line) };
	return OK;
}

static enum err
check_common(struct task *task, struct span password)
{
	if (!common_password(password) && !common_name(password, task->name) &&
		!common_name(password, task->conf.http.site_name) &&
		!common_name(password, "lamplight"))
		return OK;
	fputs("This password is too easy to guess.\n", stderr);
	return ERR_INVALID;
}

static enum err
ask_password(struct task *task, struct span *out)
{
	struct span again = { NULL, 0 };

	if (read_secret_line(&task->arena, "Password: ", out) != OK ||
		!utf8_valid(*out) || utf8_length(*out) < PASSWORD_MIN ||
		out->len > PASSWORD_MAX) {
		fprintf(stderr,
			"A password is one line of UTF-8 of at least %d "
			"characters, and at most %d bytes.\n",
			PASSWORD_MIN, PASSWORD_MAX);
		return ERR_INVALID;
	}
	TRY(check_common(task, *out));
	if (!isatty(STDIN_FILENO))
		return OK;
	if (read_secret_line(&task->arena, "Again: ", &again) != OK ||
		!span_equal(*out, again)) {
		fputs("The two passwords differ.\n", stderr);
		return ERR_INVALID;
	}
	return OK;
}

/* ---- user add, user password */

enum err
task_new_id(struct task *task, uint64_t *out)
{
	struct snowflake *ids;
	enum err err;

	TRY(snowflake_open(&task->conf, "lamplight", &ids));
	err = snowflake_next(ids, 0, out);
	snowflake_close(ids);
	return err;
}

static enum err
read_name(struct task *task, struct user *user)
{
	struct span name;
	const struct name_fault *fault = name_fault(
		&task->arena, span_of(task->name), &name, &user->username_key);

	if (fault != NULL) {
		fprintf(stderr, "%s\n", fault->sentence);
		return ERR_INVALID;
	}
	user->username = name.data;
	return OK;
}

static enum err
insert_user(struct task *task, struct user *user)
{
	TRY(task_new_id(task, &user->id));
	return user_insert(task->db, user, clock_wall_ms());
}

/* Accepts --admin, or nothing. */
static enum err
read_admin(struct task *task, struct user *user)
{
	user->is_admin =
		task->rest[0] != NULL && strcmp(task->rest[0], "--admin") == 0;
	if (task->rest[user->is_admin ? 1 : 0] == NULL)
		return OK;
	fputs("After the name, only --admin is possible.\n", stderr);
	return ERR_INVALID;
}

enum err
user_add(struct task *task)
{
	char hash[PASSWORD_HASH_LEN];
	struct user user = { .password_hash = hash };
	struct span password;
	enum err err;

	TRY(read_admin(task, &user));
	TRY(read_name(task, &user));
	TRY(schema_check(task->db, "lamplight"));
	TRY(ask_password(task, &password));
	TRY(password_hash(password, hash));
	err = insert_user(task, &user);
	if (err == ERR_CONFLICT)
		fputs("This username is taken.\n", stderr);
	TRY(err);
	task_audit("register", user.id);
	printf("%s can log in%s.\n", user.username,
		user.is_admin ? ", and administers this site" : "");
	return OK;
}

struct new_password {
	struct arena *arena;
	uint64_t user_id;
	const char *hash;
};

static enum err
set_password(struct db *db, void *arg)
{
	const struct new_password *new = arg;
	struct user user;

	TRY(user_lock(db, new->arena, new->user_id, &user));
	TRY(user_set_password(db, new->user_id, new->hash, clock_wall_ms()));
	return login_delete_all(db, new->user_id);
}

enum err
user_password(struct task *task)
{
	char hash[PASSWORD_HASH_LEN];
	struct new_password new;
	struct span password;
	struct user user;

	TRY(read_name(task, &user));
	TRY(task_user(task, &user));
	if (user.username == NULL) {
		fputs("This user logs in through your site and has no password "
		      "here.\n",
			stderr);
		return ERR_INVALID;
	}
	TRY(ask_password(task, &password));
	TRY(password_hash(password, hash));
	new = (struct new_password){ &task->arena, user.id, hash };
	TRY(db_transaction(task->db, set_password, &new));
	task_audit("password_changed", user.id);
	printf("The password of %s is changed, and all their logins have "
	       "ended.\n",
		user.username);
	return OK;
}

/* ---- user list */

static void
print_user(const struct user *user)
{
	char since[CLOCK_ISO_LEN], shown[4 * USER_SUBJECT_MAX + 8];
	const char *name =
		user->username != NULL ? user->username : user->subject;

	/* Names in site tokens may have been chosen by the site's users. */
	log_escape(shown, sizeof(shown), name, strlen(name));
	clock_iso(user->create_ms, since);
	printf("%" PRIu64 "  %.10s  %-8s  %-9s  %s%s%s\n", user->id, since,
		user->disable_ms != 0 ? "disabled" : "open",
		user->has_second                 ? "factor"
			: user->username != NULL ? "no factor"
						 : "-",
		shown, user->username != NULL ? "" : "  (the site's)",
		user->is_admin ? "  (administrator)" : "");
}

enum err
user_list_all(struct task *task)
{
	struct arena arena = ARENA_INIT;
	struct user_list users = { NULL, USERS_AT_ONCE };
	uint64_t after_id = 0;
	enum err err = schema_check(task->db, "lamplight");

	while (err == OK && users.n == USERS_AT_ONCE) {
		arena_reset(&arena);
		err = user_list(
			task->db, &arena, after_id, USERS_AT_ONCE, &users);
		for (unsigned i = 0; err == OK && i < users.n; i++) {
			print_user(&users.list[i]);
			after_id = users.list[i].id;
		}
	}
	arena_reset(&arena);
	return err;
}

/* ---- user invite */

enum err
user_invite(struct task *task)
{
	char code[TOKEN_LEN + 1], hash[TOKEN_HASH_LEN];
	int64_t now_ms = clock_wall_ms();

	TRY(schema_check(task->db, "lamplight"));
	token_new(code);
	token_hash(span_of(code), hash);
	TRY(invite_insert(task->db, (struct span){ hash, sizeof(hash) }, now_ms,
		now_ms + INVITE_DAYS * DAY_MS));
	task_audit("invite_made", 0);
	printf("Code: %s\nLink: https://<your site>%s/#invite=%s\n"
	       "It opens one account, within %d days.\n",
		code, task->conf.http.base_path, code, INVITE_DAYS);
	return OK;
}
