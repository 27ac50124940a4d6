/* access.c: revoking access: ends logins, disables and deletes users. */

#include "base/clock.h"
#include "lamplight/commands.h"
#include "repo/ended.h"
#include "repo/erase.h"
#include "repo/factor.h"
#include "repo/login.h"
#include "repo/schema.h"
#include "repo/stop_request.h"
#include "repo/user.h"

#include <inttypes.h>
#include <stdio.h>
#include <syslog.h>
#include <unistd.h>

enum err
task_user(struct task *task, struct user *out)
{
	struct span name = span_of(task->name);
	enum err err;

	TRY(schema_check(task->db, "lamplight"));
	err = user_find_name(task->db, &task->arena, task->name, out);
	if (err == ERR_NOT_FOUND)
		err = user_find_subject(task->db, &task->arena, name, out);
	if (err == ERR_NOT_FOUND)
		fputs("There is no such user.\n", stderr);
	return err;
}

void
task_audit(const char *what, uint64_t user_id)
{
	task_audit_of(what, "user", user_id);
}

void
task_audit_of(const char *what, const char *noun, uint64_t id)
{
	syslog(LOG_INFO, "event=audit what=%s %s=%" PRIu64 " by_uid=%u", what,
		noun, id, (unsigned)getuid());
}

struct change {
	struct arena *arena;
	struct user user;
	bool disable;
};

/* Locks the row, so that no login in progress survives. */
static enum err
shut_out(struct db *db, void *arg)
{
	const struct change *change = arg;
	int64_t now_ms = clock_wall_ms();
	struct user now;

	TRY(user_lock(db, change->arena, change->user.id, &now));
	if (change->disable && now.disable_ms == 0)
		TRY(user_set_disabled(db, now.id, now_ms, now_ms));
	if (change->disable)
		TRY(stop_request_put_all(db, now.id));
	TRY(user_set_valid_from(db, now.id, now_ms, now_ms));
	return login_delete_all(db, now.id);
}

enum err
user_log_out(struct task *task)
{
	struct change change = { .arena = &task->arena };

	TRY(task_user(task, &change.user));
	TRY(db_transaction(task->db, shut_out, &change));
	task_audit("logout_all", change.user.id);
	printf("All logins of %s end within a second.\n", task->name);
	return OK;
}

enum err
user_disable(struct task *task)
{
	struct change change = { .arena = &task->arena, .disable = true };

	TRY(task_user(task, &change.user));
	TRY(db_transaction(task->db, shut_out, &change));
	task_audit("account_disabled", change.user.id);
	printf("%s cannot log in any more, and all logins end within a "
	       "second.\n",
		task->name);
	return OK;
}

enum err
user_enable(struct task *task)
{
	struct user user;

	TRY(task_user(task, &user));
	TRY(user_set_disabled(task->db, user.id, 0, clock_wall_ms()));
	task_audit("account_enabled", user.id);
	printf("%s can log in.\n", task->name);
	return OK;
}

static enum err
take_factors(struct db *db, void *arg)
{
	const struct change *change = arg;
	struct user now;

	TRY(user_lock(db, change->arena, change->user.id, &now));
	TRY(factor_delete_all(db, now.id));
	return login_forget_second(db, now.id);
}

enum err
user_no_factor(struct task *task)
{
	struct change change = { .arena = &task->arena };

	TRY(task_user(task, &change.user));
	TRY(db_transaction(task->db, take_factors, &change));
	task_audit("factor_off", change.user.id);
	printf("%s now logs in with the password only%s.\n", task->name,
		task->conf.auth.second_factor == CONF_REQUIRED
			? ", and then has to set up a new second factor"
			: "");
	return OK;
}

/* Revoke access first, so that nothing is added after the deletion. */
enum err
user_delete_all(struct task *task)
{
	struct change change = { .arena = &task->arena, .disable = true };

	TRY(task_user(task, &change.user));
	TRY(db_transaction(task->db, shut_out, &change));
	TRY(erase_user(task->db, &task->arena, change.user.id));
	TRY(erase_rest(task->db, change.user.id, ERASE_TO_THE_END));
	task_audit("account_deleted", change.user.id);
	printf("%s and all their data are deleted.\n", task->name);
	if (change.user.username == NULL)
		printf("This is a user of your site's own logins. Tokens for "
		       "this user are refused from now on. To allow a new, "
		       "empty account: lamplight user allow %s\n",
			task->name);
	return OK;
}

enum err
user_allow(struct task *task)
{
	enum err err;

	TRY(schema_check(task->db, "lamplight"));
	err = ended_allow(task->db, span_of(task->name));
	if (err == ERR_NOT_FOUND)
		fputs("No user with this subject was deleted.\n", stderr);
	TRY(err);
	task_audit("account_allowed", 0);
	printf("The site's next token for %s creates a new, empty account.\n",
		task->name);
	return OK;
}
