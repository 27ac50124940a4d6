/*
 * commands.h: what the operator's command can do, each in a function: it says
 * what it did on standard output, or why not on standard error.
 *
 * A user is named by the username, or by what a site's tokens call them. What
 * was done to an account, and by which user of this machine, goes to syslog
 * (LOG_AUTHPRIV).
 */

#ifndef LAMPLIGHT_COMMANDS_H
#define LAMPLIGHT_COMMANDS_H

#include "auth/secret.h"
#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "db/db.h"

struct task {
	struct arena arena;
	struct conf conf;
	struct db *db;
	const char *name; /* the argument, when there is one */
	char **rest; /* what follows it, up to NULL, where options may */
	bool explained; /* why it could not be done was said */
};

/* accounts.c: made, listed, invited, given another password */
enum err user_add(struct task *task);
enum err user_password(struct task *task);
enum err user_list_all(struct task *task);
enum err user_invite(struct task *task);

/* providers.c, models.c: where models are, and which people may pick */
enum err provider_add_one(struct task *task);
enum err provider_list_all(struct task *task);
enum err provider_set(struct task *task);
enum err provider_remove_one(struct task *task);
enum err provider_test(struct task *task);
enum err model_add_one(struct task *task);
enum err model_list_all(struct task *task);
enum err model_set(struct task *task);
enum err model_remove_one(struct task *task);
enum err model_test(struct task *task);

/* access.c: taken away and given back */
enum err user_log_out(struct task *task);
enum err user_disable(struct task *task);
enum err user_enable(struct task *task);
enum err user_no_factor(struct task *task);
enum err user_delete_all(struct task *task);
enum err user_allow(struct task *task);

/* lamplight.c: what is set for a key */
enum err print_given(struct task *task);

/* check.c: whether the programs can work with settings; and with all else */
enum err check_programs(struct task *task);
enum err check_settings(struct task *task);
enum err check(struct task *task);

/* limits.c: what single users may take */
enum err limit_set(struct task *task);
enum err limit_list(struct task *task);
enum err limit_remove(struct task *task);

/* export.c, import.c: all that is somebody's, out and in */
enum err export_user(struct task *task);
enum err import_files(struct task *task);

/* roles.c: who administers the site */
enum err user_role(struct task *task);

/* keys.c */
enum err rotate_secret(struct task *task);
enum err accept_secret(struct task *task);
/* Whether the secret file is the one that something was sealed with; says so
 * where it is not. Without one, and nothing sealed, there are no keys in *ring*,
 * and none is made. */
enum err check_secret(struct task *task, struct secret_ring *ring);
/* Says which file the keys of providers were sealed with, when it is another. */
enum err check_keys(struct task *task);

/* reload.c: the programs that run are replaced, when they can work. */
enum err reload(struct task *task);

/* ---- for these files */

struct user;

/* The user of task->name; says so when there is none. */
enum err task_user(struct task *task, struct user *out);

/* keys.c: the keys of the secret file; says why it cannot be used. */
enum err task_ring(struct task *task, struct secret_ring *out);

/* A line of the audit log: task_audit("account_disabled", id). And of what is
 * no user's: task_audit_of("provider_added", "provider", id). */
void task_audit(const char *what, uint64_t user_id);
void task_audit_of(const char *what, const char *noun, uint64_t id);

/* With the path, and why. */
#define TASK_SECRET_REFUSED \
	"The secret file %s (auth.secret_file) cannot be used: %s."

#define TASK_MISTAKE "The configuration cannot be used, for the reason above.\n"

/* What the server is found to be, as server_check() says it. */
void task_say_finding(void *arg, bool fatal, const char *sentence);

/* An id for a new row. */
enum err task_new_id(struct task *task, uint64_t *out);

#endif
