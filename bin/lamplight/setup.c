/* setup.c: the draft of the settings, and the order of the steps. */

#include "lamplight/setup.h"

#include "auth/secret.h"
#include "base/file.h"
#include "base/ini.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* ---- the draft */

enum err
setup_write_draft(struct setup *setup)
{
	return file_replace(&setup->arena, setup->draft, setup->text,
		setup->mode, setup->group);
}

const char *
setup_given(struct setup *setup, const char *key)
{
	const char *given;

	return conf_given(&setup->arena, key, &given) == OK ? given : "";
}

bool
setup_is_secret(struct setup *setup, const char *key)
{
	const char *file = arena_printf(&setup->arena, "%s_file", key);
	const char *given;

	return conf_given(&setup->arena, file, &given) == OK;
}

static enum err
put_line(struct setup *setup, const char *key, const char *value)
{
	const char *dot = strchr(key, '.');
	const char *section = arena_str(
		&setup->arena, key, dot != NULL ? (size_t)(dot - key) : 0);
	const char *given;

	if (dot == NULL || conf_given(&setup->arena, key, &given) != OK) {
		fprintf(stderr, "There is no key \"%s\".\n", key);
		return ERR_INVALID;
	}
	if (strpbrk(value, "\r\n") != NULL) {
		fprintf(stderr, "A value is one line: %s\n", key);
		return ERR_INVALID;
	}
	setup->text =
		ini_set(&setup->arena, setup->text, section, dot + 1, value);
	return setup_write_draft(setup);
}

/* *at_once*: takes effect even if a later step fails. */
static enum err
put_secret(
	struct setup *setup, const char *key, const char *value, bool at_once)
{
	struct setup_secret *secret =
		arena_alloc(&setup->arena, sizeof(*secret));

	*secret = (struct setup_secret){ .next = setup->secrets,
		.key = arena_printf(&setup->arena, "%s_file", key),
		.file = arena_printf(
			&setup->arena, "%s/%s", setup->folder, key) };
	secret->draft = at_once
		? secret->file
		: arena_printf(&setup->arena, "%s.draft", secret->file);
	TRY(file_replace(&setup->arena, secret->draft, span_of(value),
		setup->mode, setup->group));
	setup->secrets = secret;
	setup->secret_given = true;
	return put_line(setup, secret->key, secret->draft);
}

enum err
setup_put(struct setup *setup, const char *key, const char *value)
{
	if (!setup_is_secret(setup, key))
		return put_line(setup, key, value);
	if (*value != '\0')
		return put_secret(setup, key, value, false);
	TRY(put_line(setup, arena_printf(&setup->arena, "%s_file", key), ""));
	return put_line(setup, key, "");
}

enum err
setup_put_made(struct setup *setup, const char *key, const char *value)
{
	return put_secret(setup, key, value, true);
}

/* ---- drafts are installed under their final names */

/* Replaces *file*, or its target if it is a link, and keeps its owner and
 * mode. */
static enum err
become(struct setup *setup, const char *draft, const char *file)
{
	struct span text;

	if (strcmp(draft, file) == 0)
		return OK;
	TRY(file_read(&setup->arena, draft, SETUP_FILE_MAX, &text));
	TRY(file_replace(&setup->arena, file, text, setup->mode, setup->group));
	unlink(draft);
	return OK;
}

/* Installs the settings last: until then, the previous settings name the same
 * files. */
static enum err
finish(struct setup *setup)
{
	for (struct setup_secret *s = setup->secrets; s != NULL; s = s->next)
		TRY(put_line(setup, s->key, s->file));
	for (; setup->secrets != NULL; setup->secrets = setup->secrets->next)
		/* The secret was set twice. */
		if (exists(setup->secrets->draft))
			TRY(become(setup, setup->secrets->draft,
				setup->secrets->file));
	return become(setup, setup->draft, setup->path);
}

static void
forget(const struct setup *setup)
{
	for (struct setup_secret *s = setup->secrets; s != NULL; s = s->next)
		if (s->draft != s->file)
			unlink(s->draft);
	if (setup->draft != NULL)
		unlink(setup->draft);
}

enum err
setup_reload(struct setup *setup)
{
	return conf_load(&setup->arena, &setup->conf);
}

/* ---- the arguments */

/* `llm.api_key=-` prompts for the value, or reads a line of standard input,
 * because other users can see a command line. */
static enum err
take_argument(struct setup *setup, const char *argument)
{
	const char *value = strchr(argument, '=');
	const char *key;

	if (value == NULL) {
		fprintf(stderr,
			"%s: a KEY=VALUE is expected, as "
			"llm.model=name\n",
			argument);
		return ERR_INVALID;
	}
	key = arena_str(&setup->arena, argument, (size_t)(value++ - argument));
	if (setup_is_secret(setup, key) && *value != '\0') {
		if (strcmp(value, "-") != 0) {
			fprintf(stderr,
				"Everybody on this machine can see %s in the "
				"list of processes; give %s=- to have it read "
				"from standard input.\n",
				key, key);
			return ERR_INVALID;
		}
		value = ask_line(&setup->arena,
			arena_printf(&setup->arena, "%s: ", key), true);
		if (*value == '\0') {
			fprintf(stderr,
				"%s=- was given, but standard input is empty: "
				"it must contain one line.\n",
				key);
			return ERR_INVALID;
		}
	}
	return setup_put(setup, key, value);
}

static enum err
fill_in(struct setup *setup, char **arguments)
{
	for (; *arguments != NULL; arguments++)
		TRY(take_argument(setup, *arguments));
	if (setup->asks)
		TRY(ask_settings(setup));
	/* Only root can write to /var/lib. */
	if ((geteuid() != 0 || setup->is_somebodys) &&
		setup_given(setup, "auth.secret_file")[0] == '\0')
		TRY(setup_put(setup, "auth.secret_file",
			arena_printf(
				&setup->arena, "%s/secret", setup->folder)));
	return setup_reload(setup);
}

/* ERR_CONFLICT after reporting that the secret file is missing although
 * something is sealed, or is a different one. */
static enum err
find_secret(struct setup *setup)
{
	struct task task = { .conf = setup->conf,
		.db = db_new(&setup->conf.db) };
	struct secret_ring ring;
	enum err err = check_secret(&task, &ring);

	db_free(task.db);
	arena_reset(&task.arena);
	return err;
}

/* Creates it for the owner of the settings, because a program started by a
 * web server may have no writable folder. Root's programs create a missing
 * folder. */
static enum err
make_secret(struct setup *setup)
{
	const char *path = setup->conf.auth.secret_file;
	char *copy = arena_str(&setup->arena, path, strlen(path));
	struct secret_ring ring;
	enum err err = find_secret(setup);

	setup->secret_wrong = err == ERR_CONFLICT;
	if (err != OK)
		return setup->secret_wrong ? OK : err;
	if (geteuid() == 0 && !exists(dirname(copy)))
		return OK;
	if (secret_load(&setup->arena, path, &ring) == OK)
		return OK;
	fprintf(stderr, TASK_SECRET_REFUSED "\n", path, ring.refused);
	return ERR_INVALID;
}

/* ---- the steps */

static enum err
carry_out(struct setup *setup, char **arguments)
{
	TRY(setup_open(setup));
	TRY(fill_in(setup, arguments));
	TRY(setup_database(setup));
	TRY(setup_tables(setup));
	TRY(make_secret(setup));
	TRY(finish(setup));
	setup->done = true;
	setup_say_next(setup);
	/* The settings are valid, and lamplight secret accept needs them. */
	return setup->secret_wrong ? ERR_CONFLICT : OK;
}

enum err
setup_run(char **arguments)
{
	struct setup setup = { .group = (gid_t)-1 };
	enum err err;

	db_library_open();
	err = carry_out(&setup, arguments);
	if (err != OK && !setup.done) {
		forget(&setup);
		fputs("Nothing was changed in the settings.\n", stderr);
	}
	db_library_close();
	arena_reset(&setup.arena);
	return err;
}
