/* limits.c: limits of single users, which override the general ones. */

#include "base/clock.h"
#include "base/log.h"
#include "conf/own_limits.h"
#include "lamplight/commands.h"
#include "repo/schema.h"
#include "repo/user.h"
#include "repo/user_limit.h"
#include "json/write.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define USERS_AT_ONCE 500

static enum err
wrong(const char *sentence)
{
	fprintf(stderr, "%s\n", sentence);
	return ERR_INVALID;
}

enum err
limit_set(struct task *task)
{
	const char *key = task->rest[0], *value, *takes;
	struct user user;
	enum err err;

	if (key == NULL || task->rest[1] == NULL || task->rest[2] != NULL)
		return wrong("After the user there are a key and one value: "
			     "lamplight limit set ada chat \"user 5/min\"");
	value = task->rest[1];
	takes = own_limits_refusal(key, value);
	if (takes != NULL) {
		fprintf(stderr, "%s takes %s.\n",
			own_limits_is_key(key) ? key : "A limit's key", takes);
		return ERR_INVALID;
	}
	TRY(task_user(task, &user));
	err = user_limit_set(task->db, user.id, key, value, clock_wall_ms());
	if (err == ERR_TOO_BIG)
		return wrong("That is too much for one user.");
	TRY(err);
	task_audit("limit_set", user.id);
	printf("%s has %s = %s, within a second.\n", task->name, key, value);
	return OK;
}

enum err
limit_remove(struct task *task)
{
	const char *key = task->rest[0];
	struct user user;
	enum err err;

	if (key != NULL && task->rest[1] != NULL)
		return wrong("After the user, only a key is possible.");
	if (key != NULL && !own_limits_is_key(key))
		return wrong("There is no such limit.");
	TRY(task_user(task, &user));
	err = user_limit_set(task->db, user.id, key, NULL, clock_wall_ms());
	if (err == ERR_NOT_FOUND)
		fputs("This user has no such limit.\n", stderr);
	TRY(err);
	task_audit("limit_removed", user.id);
	printf("The general limits apply to %s again within a second.\n",
		task->name);
	return OK;
}

/* ---- limit list */

/* Calls *put* with the key and value of each line; modifies *lines*. */
static void
each_line(char *lines, void (*put)(void *arg, const char *key, char *value),
	void *arg)
{
	char *rest = NULL, *equals;

	for (char *line = strtok_r(lines, "\n", &rest); line != NULL;
		line = strtok_r(NULL, "\n", &rest)) {
		equals = strchr(line, '=');
		if (equals == NULL)
			continue;
		*equals = '\0';
		put(arg, line, equals + 1);
	}
}

static void
put_words(void *arg, const char *key, char *value)
{
	printf("%s  %s = %s\n", (const char *)arg, key, value);
}

static void
put_member(void *arg, const char *key, char *value)
{
	json_key_span(arg, span_of(key));
	json_put_str(arg, value);
}

static void
print_one(struct arena *arena, const struct user_limit *one, bool json)
{
	char *lines = arena_str(arena, one->limits, strlen(one->limits));
	char shown[4 * USER_SUBJECT_MAX + 8];
	struct buf out = BUF_INIT;
	struct json_writer w = json_writer(&out);

	if (!json) {
		log_escape(shown, sizeof(shown), one->name, strlen(one->name));
		each_line(lines, put_words, shown);
		return;
	}
	json_open(&w, '{');
	json_member_id(&w, "id", one->user_id);
	json_member_str(&w, "user", one->name);
	json_key(&w, "limits");
	json_open(&w, '{');
	each_line(lines, put_member, &w);
	json_close(&w, '}');
	json_close(&w, '}');
	puts(buf_str(&out));
	buf_free(&out);
}

static enum err
list_one(struct task *task, bool json)
{
	struct user_limit one = { .name = task->name };
	struct user user;

	TRY(task_user(task, &user));
	one.user_id = user.id;
	TRY(user_limit_find(task->db, &task->arena, user.id, &one.limits));
	if (one.limits == NULL)
		one.limits = "";
	print_one(&task->arena, &one, json);
	return OK;
}

static enum err
list_all(struct task *task, bool json)
{
	struct arena arena = ARENA_INIT;
	struct user_limit_list found = { NULL, USERS_AT_ONCE };
	uint64_t after_id = 0;
	enum err err = schema_check(task->db, "lamplight");

	while (err == OK && found.n == USERS_AT_ONCE) {
		arena_reset(&arena);
		err = user_limit_list(
			task->db, &arena, after_id, USERS_AT_ONCE, &found);
		for (unsigned i = 0; err == OK && i < found.n; i++) {
			print_one(&arena, &found.list[i], json);
			after_id = found.list[i].user_id;
		}
	}
	arena_reset(&arena);
	return err;
}

enum err
limit_list(struct task *task)
{
	bool json = false;

	for (char **rest = task->rest; *rest != NULL; rest++) {
		if (strcmp(*rest, "--json") == 0 && !json)
			json = true;
		else if (task->name == NULL && **rest != '-')
			task->name = *rest;
		else
			return wrong("There may be a user's name and --json.");
	}
	return task->name != NULL ? list_one(task, json) : list_all(task, json);
}
