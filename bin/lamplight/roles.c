/* roles.c: appoints and dismisses administrators of the site. */

#include "base/clock.h"
#include "lamplight/commands.h"
#include "repo/user.h"

#include <stdio.h>
#include <string.h>

enum err
user_role(struct task *task)
{
	const char *role = task->rest[0];
	struct user user;
	bool admin;

	if (role == NULL || task->rest[1] != NULL ||
		(strcmp(role, "admin") != 0 && strcmp(role, "user") != 0)) {
		fputs("A role is admin or user: lamplight user role NAME "
		      "admin\n",
			stderr);
		return ERR_INVALID;
	}
	admin = strcmp(role, "admin") == 0;
	TRY(task_user(task, &user));
	TRY(user_set_admin(task->db, user.id, admin, clock_wall_ms()));
	task_audit(admin ? "role_admin" : "role_user", user.id);
	printf(admin ? "%s administers this site.\n"
		     : "%s does not administer this site.\n",
		task->name);
	return OK;
}
