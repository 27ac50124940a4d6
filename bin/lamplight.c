/*
 * lamplight.c: the operator's command. `lamplight --help` lists its commands.
 * Exit status: 0 success, 1 failure (with the reason on standard error);
 * lamplight(1) names the commands that have others.
 */

#include "base/log.h"
#include "lamplight/command.h"
#include "lamplight/commands.h"
#include "lamplight/operate.h"
#include "lamplight/setup.h"
#include "repo/schema.h"
#include "repo/server.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <syslog.h>
#include <unistd.h>

#ifndef LAMPLIGHT_VERSION /* set by the Makefile */
#define LAMPLIGHT_VERSION "unknown"
#endif
#define INSTALLED_SQL "/usr/share/lamplight/sql"

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

/* Prints one precise sentence; if another handle failed, a second check shows
 * the reason. */
static void
say_why_busy(struct task *task)
{
	const char *reason = db_reason(task->db);

	if (reason == NULL)
		reason = server_trouble(task->db, &task->arena, "lamplight");
	if (reason == NULL)
		reason = "The database does not answer, or is busy. Try again "
			 "later.";
	fprintf(stderr, "%s\n", reason);
}

static void
say_why(struct task *task, enum err err)
{
	if (err == ERR_BUSY && !task->explained)
		say_why_busy(task);
	else if (err == ERR_INTERNAL && db_reason(task->db) != NULL)
		fputs("The database refused it; the line above has its error "
		      "number.\n",
			stderr);
	else if (err == ERR_INTERNAL)
		fputs("It failed; the line above says why.\n", stderr);
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
	/* If another migration is running, that was reported already. */
	if (err == ERR_BUSY && db_reason(run.db) != NULL)
		fprintf(stderr, "%s\n", db_reason(run.db));
	task->explained = err == ERR_BUSY;
	db_free(run.db);
	return err;
}

/* ---- conf */

enum err
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

/* ---- running a command */

/* *behind*: the arguments after the command's words. */
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
		say_why(&task, err);
		db_free(task.db);
		db_library_close();
	}
	arena_reset(&task.arena);
	return err;
}

static bool
is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static bool
begins_with_help(int argc, char **argv)
{
	return argc > 1 && (is_help(argv[1]) || strcmp(argv[1], "help") == 0);
}

/* For unknown arguments: shows the usage of the command that was probably
 * meant. */
static int
refuse(int argc, char **argv)
{
	if (argc < 2)
		command_help(stderr);
	else if (!command_help_of(stderr, argc - 1, argv + 1))
		fprintf(stderr,
			"There is no command \"%s\".\n"
			"Usage: lamplight COMMAND; lamplight --help lists "
			"them all.\n",
			argv[1]);
	return 2;
}

/* Shows the help for the words before or after "--help". */
static int
help(int argc, char **argv)
{
	bool first = begins_with_help(argc, argv);

	if (argc == 2)
		command_help(stdout);
	else if (!command_help_of(
			 stdout, argc - 2, first ? argv + 2 : argv + 1))
		return refuse(argc - first, argv + first);
	return 0;
}

/* Reports failure if the output could not be written: a full disk, a closed
 * pipe. */
static int
said(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "Its output could not be written: %s.\n",
		strerror(errno));
	return status != 0 ? status : 1;
}

static int
carry_out(int argc, char **argv)
{
	const struct command *command;
	char **behind;
	int status;

	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("lamplight " LAMPLIGHT_VERSION);
		return 0;
	}
	if (begins_with_help(argc, argv) ||
		(argc > 1 && is_help(argv[argc - 1])))
		return help(argc, argv);
	if (operate_run(argc - 1, argv + 1, &status))
		return status == 2 ? refuse(argc, argv) : status;
	if (argc > 1 && strcmp(argv[1], "setup") == 0)
		return setup_run(argv + 2) != OK;
	command = command_find(argc - 1, argv + 1, &behind);
	if (command == NULL)
		return refuse(argc, argv);
	return run(command, behind) != OK;
}

int
main(int argc, char **argv)
{
	prctl(PR_SET_DUMPABLE, 0); /* memory holds passwords and keys */
	log_open("lamplight", LOG_WARN);
	openlog("lamplight", LOG_PID, LOG_AUTHPRIV);
	signal(SIGPIPE, SIG_IGN);
	return said(carry_out(argc, argv));
}
