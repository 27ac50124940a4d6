/*
 * commands.h: the commands of the operator, one function each. A function
 * reports what it did on standard output, or why it failed on standard error.
 *
 * A user is named by the username, or by the subject in site tokens. Changes to
 * accounts go to syslog (LOG_AUTHPRIV), with the user of this machine who made
 * them.
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
	const char *name; /* the name argument, if there is one */
	char **rest; /* the arguments after it, up to NULL */
	bool explained; /* the reason of the failure was reported */
};

/* accounts.c: creating, listing, inviting, setting passwords */
enum err user_add(struct task *task);
enum err user_password(struct task *task);
enum err user_list_all(struct task *task);
enum err user_invite(struct task *task);

/* providers.c, models.c: the providers and the models that people may choose */
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

/* access.c: revoking and restoring access */
enum err user_log_out(struct task *task);
enum err user_disable(struct task *task);
enum err user_enable(struct task *task);
enum err user_no_factor(struct task *task);
enum err user_delete_all(struct task *task);
enum err user_allow(struct task *task);

/* lamplight.c: the value set for a key */
enum err print_given(struct task *task);

/* check.c: whether the programs can work with these settings; and with
 * everything else */
enum err check_programs(struct task *task);
enum err check_settings(struct task *task);
enum err check(struct task *task);

/* limits.c: the limits of single users */
enum err limit_set(struct task *task);
enum err limit_list(struct task *task);
enum err limit_remove(struct task *task);

/* export.c, import.c: all data of a user */
enum err export_user(struct task *task);
enum err import_files(struct task *task);

/* roles.c: administrators of the site */
enum err user_role(struct task *task);

/* keys.c */
enum err rotate_secret(struct task *task);
enum err accept_secret(struct task *task);
/* Whether the secret file is the one with which secrets were sealed; reports it
 * if not. If there is no file and nothing is sealed, *ring* has no keys, and no
 * file is created. */
enum err check_secret(struct task *task, struct secret_ring *ring);
/* Reports it if the keys of providers were sealed with another secret file. */
enum err check_keys(struct task *task);

/* reload.c: replaces the running programs, if the new ones can work. */
enum err reload(struct task *task);

/* ---- shared by these files */

struct user;

/* Finds the user task->name; reports it if there is none. */
enum err task_user(struct task *task, struct user *out);

/* keys.c: reads the keys of the secret file; reports why it cannot be used. */
enum err task_ring(struct task *task, struct secret_ring *out);

/* Writes a line of the audit log: task_audit("account_disabled", id). For
 * objects other than users: task_audit_of("provider_added", "provider", id). */
void task_audit(const char *what, uint64_t user_id);
void task_audit_of(const char *what, const char *noun, uint64_t id);

/* Takes the path and the reason. */
#define TASK_SECRET_REFUSED \
	"The secret file %s (auth.secret_file) cannot be used: %s."

#define TASK_MISTAKE "The configuration cannot be used, for the reason above.\n"

/* Prints a finding of server_check(). */
void task_say_finding(void *arg, bool fatal, const char *sentence);

/* Generates an id for a new row. */
enum err task_new_id(struct task *task, uint64_t *out);

#endif
