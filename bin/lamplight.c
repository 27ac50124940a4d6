/*
 * lamplight.c: the operator's command. `lamplight --help` lists what it does.
 * Exit status: 0 done, 1 it could not be done (a sentence on standard error
 * says why), 2 it was called in a way that it does not know.
 */

#include "auth/password.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "repo/login.h"
#include "repo/schema.h"
#include "repo/snowflake.h"
#include "repo/user.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define INSTALLED_SQL "/usr/share/lamplight/sql"

struct task {
	struct arena arena;
	struct conf conf;
	struct db *db;
	const char *name; /* the argument, when there is one */
};

struct command {
	const char *words[2]; /* "user", "add" */
	const char *argument; /* its name in the help, or NULL */
	enum err (*run)(struct task *task);
	const char *help;
};

/* ---- migrate */

static void
say_line(void *arg, const char *sentence)
{
	(void)arg;
	puts(sentence);
}

/* LAMPLIGHT_SQL_DIR, else beside the build this binary lies in, else where a
 * package puts it. */
static const char *
sql_dir(struct arena *arena)
{
	const char *given = getenv("LAMPLIGHT_SQL_DIR");
	char self[PATH_MAX], *slash;
	const char *built;
	ssize_t len;

	if (given != NULL && given[0] != '\0')
		return given;
	len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	self[len > 0 ? len : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash == NULL)
		return INSTALLED_SQL;
	*slash = '\0';
	built = arena_printf(arena, "%s/../../../sql", self);
	return access(built, X_OK) == 0 ? built : INSTALLED_SQL;
}

static enum err
migrate(struct task *task)
{
	struct schema_run run = { .db = db_new_patient(&task->conf.db),
		.arena = &task->arena,
		.dir = sql_dir(&task->arena),
		.say = say_line };
	enum err err = schema_migrate(&run);

	db_free(run.db);
	return err;
}

/* ---- check */

static enum err
check(struct task *task)
{
	int64_t now_ms;
	enum err err;

	puts("Configuration: no mistakes found.");
	err = worker_clock(task->db, &now_ms);
	if (err != OK) {
		printf("Database: cannot be used (%s).\n",
			err == ERR_BUSY ? "it does not answer"
					: "it refuses db.user, db.password or "
					  "db.name");
		return err;
	}
	puts("Database: answers.");
	err = schema_check(task->db, "lamplight");
	if (err != OK) {
		puts("Schema: not the one of this release. Run: lamplight "
		     "migrate");
		return err;
	}
	printf("Schema: version %d, as this release needs it.\n",
		SCHEMA_VERSION);
	printf("Model: %s.\n",
		task->conf.llm.base_url[0] != '\0'
			? "llm.base_url is set"
			: "none; set llm.base_url and llm.model");
	return OK;
}

/* ---- user */

/* One line of standard input without its end; ERR_INVALID at its end. */
static enum err
read_secret_line(struct arena *arena, const char *prompt, struct span *out)
{
	struct termios shown, hidden;
	bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
	char line[PASSWORD_MAX + 2], *got;

	if (terminal) {
		fputs(prompt, stderr);
		hidden = shown;
		hidden.c_lflag &= (tcflag_t)~ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	got = fgets(line, sizeof(line), stdin);
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		fputc('\n', stderr);
	}
	if (got == NULL)
		return ERR_INVALID;
	line[strcspn(line, "\r\n")] = '\0';
	*out = (struct span){ arena_str(arena, line, strlen(line)),
		strlen(line) };
	return OK;
}

static enum err
ask_password(struct arena *arena, struct span *out)
{
	struct span again = { NULL, 0 };

	if (read_secret_line(arena, "Password: ", out) != OK ||
		out->len < PASSWORD_MIN || out->len > PASSWORD_MAX) {
		fprintf(stderr, "A password is one line of %d to %d bytes.\n",
			PASSWORD_MIN, PASSWORD_MAX);
		return ERR_INVALID;
	}
	if (!isatty(STDIN_FILENO))
		return OK;
	if (read_secret_line(arena, "Again: ", &again) != OK ||
		!span_equal(*out, again)) {
		fputs("That is not the same password.\n", stderr);
		return ERR_INVALID;
	}
	return OK;
}

static enum err
new_id(struct task *task, uint64_t *out)
{
	struct snowflake *ids;
	enum err err;

	TRY(snowflake_open(&task->conf, "lamplight", &ids));
	err = snowflake_next(ids, 0, out);
	snowflake_close(ids);
	return err;
}

static enum err
check_name(const char *name)
{
	if (user_name_ok(span_of(name)))
		return OK;
	fprintf(stderr,
		"A username is %d to %d of the characters A-Z a-z 0-9 . _ @ "
		"-\n",
		USER_NAME_MIN, USER_NAME_MAX);
	return ERR_INVALID;
}

static enum err
insert_user(struct task *task, const char *hash)
{
	struct user user = { .username = task->name, .password_hash = hash };

	TRY(new_id(task, &user.id));
	return user_insert(task->db, &user, clock_wall_ms());
}

static enum err
user_add(struct task *task)
{
	char hash[PASSWORD_HASH_LEN];
	struct span password;
	enum err err;

	TRY(check_name(task->name));
	TRY(schema_check(task->db, "lamplight"));
	TRY(ask_password(&task->arena, &password));
	TRY(password_hash(password, hash));
	err = insert_user(task, hash);
	if (err == ERR_CONFLICT)
		fputs("This username is taken.\n", stderr);
	else if (err == OK)
		printf("%s can sign in.\n", task->name);
	return err;
}

struct new_password {
	uint64_t user_id;
	const char *hash;
};

static enum err
set_password(struct db *db, void *arg)
{
	const struct new_password *new = arg;

	TRY(user_set_password(db, new->user_id, new->hash, clock_wall_ms()));
	return login_delete_all(db, new->user_id, 0);
}

static enum err
user_password(struct task *task)
{
	char hash[PASSWORD_HASH_LEN];
	struct new_password new;
	struct span password;
	struct user user;
	enum err err;

	TRY(check_name(task->name));
	TRY(schema_check(task->db, "lamplight"));
	err = user_find_name(task->db, &task->arena, task->name, &user);
	if (err == ERR_NOT_FOUND)
		fputs("There is no such user.\n", stderr);
	TRY(err);
	TRY(ask_password(&task->arena, &password));
	TRY(password_hash(password, hash));
	new = (struct new_password){ user.id, hash };
	TRY(db_transaction(task->db, set_password, &new));
	printf("The password of %s is changed; whoever was signed in has to "
	       "sign in again.\n",
		user.username);
	return OK;
}

/* ---- the table, and what is made of it */

static const struct command commands[] = {
	{ { "migrate", NULL }, NULL, migrate,
		"bring the database to the schema of this release" },
	{ { "check", NULL }, NULL, check,
		"look at configuration, database and schema" },
	{ { "user", "add" }, "NAME", user_add,
		"make an account; the password is asked for, or read from "
		"standard input" },
	{ { "user", "password" }, "NAME", user_password,
		"set an account's password in the same way" },
};

static void
print_help(FILE *to)
{
	fputs("Usage: lamplight COMMAND\n\n", to);
	for (size_t i = 0; i < LENGTH(commands); i++) {
		const struct command *c = &commands[i];
		char form[64];

		snprintf(form, sizeof(form), "%s%s%s %s", c->words[0],
			c->words[1] != NULL ? " " : "",
			c->words[1] != NULL ? c->words[1] : "",
			c->argument != NULL ? c->argument : "");
		fprintf(to, "  %-20s %s\n", form, c->help);
	}
	fputs("\nSettings come from the file that LAMPLIGHT_CONF names "
	      "(/etc/lamplight/lamplight.conf)\nand from LAMPLIGHT_<SECTION>_"
	      "<KEY>. The schema comes from LAMPLIGHT_SQL_DIR, else from\n"
	      "where this program was built or installed.\n"
	      "Exit status: 0 done, 1 not done, 2 unknown command.\n",
		to);
}

/* Whether the arguments are this command's. */
static bool
fits(const struct command *command, int argc, char **argv)
{
	int words = command->words[1] != NULL ? 2 : 1;

	if (argc != words + (command->argument != NULL))
		return false;
	for (int i = 0; i < words; i++)
		if (strcmp(argv[i], command->words[i]) != 0)
			return false;
	return true;
}

static enum err
run(const struct command *command, const char *name)
{
	struct task task = { .name = name };
	enum err err = conf_load(&task.arena, &task.conf);

	if (err != OK) {
		fputs("The configuration has a mistake, named above.\n",
			stderr);
	} else {
		db_library_open();
		task.db = db_new(&task.conf.db);
		err = command->run(&task);
		db_free(task.db);
		db_library_close();
	}
	arena_reset(&task.arena);
	if (err == ERR_BUSY)
		fputs("The database does not answer, or is busy. Try again "
		      "later.\n",
			stderr);
	else if (err == ERR_INTERNAL)
		fputs("The database refused it; the line above has its error "
		      "number.\n",
			stderr);
	return err;
}

int
main(int argc, char **argv)
{
	log_open("lamplight", LOG_WARN);
	signal(SIGPIPE, SIG_IGN);
	if (argc == 2 &&
		(strcmp(argv[1], "--help") == 0 ||
			strcmp(argv[1], "help") == 0)) {
		print_help(stdout);
		return 0;
	}
	for (size_t i = 0; i < LENGTH(commands); i++)
		if (fits(&commands[i], argc - 1, argv + 1))
			return run(&commands[i], argv[argc - 1]) != OK;
	print_help(stderr);
	return 2;
}
