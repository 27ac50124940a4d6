/*
 * lamplight.c: the operator's command. `lamplight --help` lists what it does.
 * Exit status: 0 done, 1 it could not be done (a sentence on standard error
 * says why), 2 it was called in a way that it does not know.
 */

#include "base/log.h"
#include "lamplight/commands.h"
#include "lamplight/operate.h"
#include "lamplight/setup.h"
#include "repo/schema.h"
#include "repo/server.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <syslog.h>
#include <unistd.h>

#define INSTALLED_SQL "/usr/share/lamplight/sql"

struct command {
	const char *words[2]; /* "user", "add" */
	/* Its name in the help, or NULL; and what may follow, or NULL. */
	const char *argument, *rest;
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

void
task_say_finding(void *arg, bool fatal, const char *sentence)
{
	(void)arg;
	printf("%s: %s\n", fatal ? "Error" : "Note", sentence);
}

const char *
place_of(struct arena *arena, const char *installed, const char *source)
{
	char self[PATH_MAX], *slash;
	const char *places[2];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[len > 0 ? len : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash == NULL)
		return NULL;
	*slash = '\0';
	places[0] = arena_printf(
		arena, "%s/../share/lamplight/%s", self, installed);
	places[1] = arena_printf(arena, "%s/../../../%s", self, source);
	for (size_t i = 0; i < LENGTH(places); i++)
		if (access(places[i], R_OK) == 0)
			return places[i];
	return NULL;
}

static const char *
sql_dir(struct arena *arena)
{
	const char *given = getenv("LAMPLIGHT_SQL_DIR");
	const char *beside = place_of(arena, "sql", "sql");

	if (given != NULL && given[0] != '\0')
		return given;
	return beside != NULL ? beside : INSTALLED_SQL;
}

void
task_say_reason(const struct db *db)
{
	if (db_reason(db) != NULL)
		puts(db_reason(db));
}

enum err
migrate(struct task *task)
{
	struct schema_run run = { .db = db_new_patient(&task->conf.db),
		.arena = &task->arena,
		.dir = sql_dir(&task->arena),
		.say = say_line };
	enum err err = server_check(
		run.db, run.arena, SERVER_FOR_TABLES, task_say_finding, NULL);

	if (err == OK)
		err = schema_migrate(&run);
	if (err == OK)
		err = server_check(run.db, run.arena, SERVER_FOR_ALL,
			task_say_finding, NULL);
	if (err == ERR_BUSY)
		task_say_reason(run.db);
	db_free(run.db);
	return err;
}

/* ---- conf */

static enum err
print_given(struct task *task)
{
	const char *given;
	enum err err = conf_given(&task->arena, task->name, &given);

	if (err == ERR_NOT_FOUND)
		fprintf(stderr, "There is no key \"%s\".\n", task->name);
	else if (err == OK)
		puts(given);
	return err;
}

/* ---- the table, and what is made of it */

#define PROVIDER_OPTIONS "[--kind KIND ...]"
#define MODEL_OPTIONS "[--label LABEL ...]"

static const struct command commands[] = {
	{ { "migrate", NULL }, NULL, NULL, migrate,
		"bring the database to the schema of this release" },
	{ { "check", "settings" }, NULL, NULL, check_settings,
		"look for mistakes in the settings, and nowhere else" },
	{ { "conf", NULL }, "KEY", NULL, print_given,
		"what is set for a key (llm.model); nothing: its default" },
	{ { "check", NULL }, NULL, NULL, check,
		"look at configuration, database and schema" },
	{ { "reload", NULL }, NULL, NULL, reload,
		"take a new release or changed settings, without a cut" },
	{ { "user", "list" }, NULL, NULL, user_list_all,
		"every account: id, since when, state, second factor, name" },
	{ { "user", "invite" }, NULL, NULL, user_invite,
		"an invitation that opens one account within a week" },
	{ { "user", "add" }, "NAME", "[--admin]", user_add,
		"make an account; the password is asked for, or read from "
		"standard input" },
	{ { "user", "role" }, "NAME", "admin|user", user_role,
		"who administers this site, in the page" },
	{ { "user", "password" }, "NAME", NULL, user_password,
		"set an account's password in the same way" },
	{ { "user", "passwd" }, "NAME", NULL, user_password, "the same" },
	{ { "user", "logout" }, "NAME", NULL, user_log_out,
		"end all logins of a user, and a site's tokens so far" },
	{ { "user", "disable" }, "NAME", NULL, user_disable,
		"the same, and let the user in no more" },
	{ { "user", "enable" }, "NAME", NULL, user_enable,
		"let the user in again" },
	{ { "user", "no-factor" }, "NAME", NULL, user_no_factor,
		"take the second factor away from who has lost it" },
	{ { "user", "delete" }, "NAME", NULL, user_delete_all,
		"delete a user with all that is theirs, without asking" },
	{ { "user", "allow" }, "NAME", NULL, user_allow,
		"let a deleted user of the site's come back, with nothing" },
	{ { "limit", "set" }, "USER", "KEY VALUE", limit_set,
		"give a user a limit of [limits] in place of what holds for "
		"all" },
	{ { "limit", "list" }, NULL, "[USER] [--json]", limit_list,
		"who has limits of their own, and which" },
	{ { "limit", "remove" }, "USER", "[KEY]", limit_remove,
		"let what holds for all hold again: one, or all" },
	{ { "export", NULL }, "USER", "[--out FILE]", export_user,
		"all that is a user's, as JSON Lines; --all: of everybody" },
	{ { "import", NULL }, "USER", "FILE ... [--json]", import_files,
		"chats from exports of ChatGPT, Claude, Open WebUI, LibreChat, "
		"the AI SDK, or ours" },
	{ { "provider", "list" }, NULL, "[--json]", provider_list_all,
		"where models are: id, kind, state, end of the key, name" },
	{ { "provider", "add" }, "NAME", PROVIDER_OPTIONS, provider_add_one,
		"add one; its key is asked for, or read from standard input" },
	{ { "provider", "set" }, "NAME", PROVIDER_OPTIONS, provider_set,
		"change what is said of it" },
	{ { "provider", "test" }, "NAME", "[--json]", provider_test,
		"ask it for its list of models" },
	{ { "provider", "remove" }, "NAME", NULL, provider_remove_one,
		"remove one that has no models" },
	{ { "model", "list" }, NULL, "[--json]", model_list_all,
		"what people may pick: id, state, default, label, provider" },
	{ { "model", "add" }, "NAME", "--provider NAME " MODEL_OPTIONS,
		model_add_one, "add one by the provider's name for it" },
	{ { "model", "set" }, "NAME", MODEL_OPTIONS, model_set,
		"change what is said of it" },
	{ { "model", "test" }, "NAME", "[--json]", model_test,
		"try it: list, answer, tools, images, reasoning; fills "
		"--takes in" },
	{ { "model", "remove" }, "NAME", NULL, model_remove_one,
		"remove one; chats with it offer another" },
	{ { "secret", "rotate" }, NULL, NULL, rotate_secret,
		"put a new key in use; the old one checks what it has signed" },
	{ { "secret", "accept" }, NULL, NULL, accept_secret,
		"take this secret file for the right one, after its loss" },
};

static void
print_forms(FILE *to)
{
	for (size_t i = 0; i < LENGTH(commands); i++) {
		const struct command *c = &commands[i];
		char form[96];

		snprintf(form, sizeof(form), "%s%s%s%s%s%s%s", c->words[0],
			c->words[1] != NULL ? " " : "",
			c->words[1] != NULL ? c->words[1] : "",
			c->argument != NULL ? " " : "",
			c->argument != NULL ? c->argument : "",
			c->rest != NULL ? " " : "",
			c->rest != NULL ? c->rest : "");
		fprintf(to, strlen(form) > 21 ? "  %s\n%24s" : "  %-21s %s",
			form, "");
		fprintf(to, "%s\n", c->help);
	}
}

static void
print_help(FILE *to)
{
	fputs("Usage: lamplight COMMAND\n\n", to);
	fprintf(to, "  %-21s %s\n", SETUP_FORM, SETUP_HELP);
	print_forms(to);
	operate_help(to);
	fputs("\nOf a provider: --kind openai|responses|anthropic|gemini "
	      "--base-url URL --key --key-file FILE\n--no-key --headers-file "
	      "FILE (JSON) --proxy URL --enabled on|off --name NAME --json\n"
	      "Of a model: --provider NAME --upstream-name NAME --label LABEL "
	      "--context-tokens N --max-tokens N\n--temperature N --effort "
	      "none|minimal|low|medium|high --options JSON --takes WORDS\n"
	      "--price-input 2.50 --price-cached 0.25 --price-output 10 "
	      "--fallback NAME --position N\n--enabled on|off --default "
	      "on|off --json. An empty value takes away what is set.\n",
		to);
	fputs("\nSettings come from the file that LAMPLIGHT_CONF names "
	      "(/etc/lamplight/lamplight.conf)\nand from LAMPLIGHT_<SECTION>_"
	      "<KEY>. The schema comes from LAMPLIGHT_SQL_DIR, else from\n"
	      "where this program was built or installed.\n"
	      "Exit status: 0 done, 1 not done, 2 unknown command; doctor: 1 "
	      "errors, 3 warnings alone.\n",
		to);
}

/* Whether the arguments are this command's. */
static bool
fits(const struct command *command, int argc, char **argv)
{
	int words = command->words[1] != NULL ? 2 : 1;

	words += command->argument != NULL;
	if (argc < words || (argc > words && command->rest == NULL))
		return false;
	words -= command->argument != NULL;
	for (int i = 0; i < words; i++)
		if (strcmp(argv[i], command->words[i]) != 0)
			return false;
	return true;
}

/* *behind* is what stands behind the command's words. */
static enum err
run(const struct command *command, char **behind)
{
	bool named = command->argument != NULL;
	struct task task = { .name = named ? behind[0] : NULL,
		.rest = behind + (named ? 1 : 0) };
	enum err err = conf_load(&task.arena, &task.conf);

	if (err != OK) {
		fputs(TASK_MISTAKE, stderr);
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
	int status;

	prctl(PR_SET_DUMPABLE, 0); /* passwords and keys pass through */
	log_open("lamplight", LOG_WARN);
	openlog("lamplight", LOG_PID, LOG_AUTHPRIV);
	signal(SIGPIPE, SIG_IGN);
	if (argc == 2 &&
		(strcmp(argv[1], "--help") == 0 ||
			strcmp(argv[1], "help") == 0)) {
		print_help(stdout);
		return 0;
	}
	if (operate_run(argc - 1, argv + 1, &status))
		return status;
	if (argc > 1 && strcmp(argv[1], "setup") == 0)
		return setup_run(argv + 2) != OK;
	for (size_t i = 0; i < LENGTH(commands); i++)
		if (fits(&commands[i], argc - 1, argv + 1))
			return run(&commands[i],
				       argv +
					       (commands[i].words[1] != NULL
							       ? 3
							       : 2)) != OK;
	print_help(stderr);
	return 2;
}
