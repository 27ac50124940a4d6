/*
 * setup.h: `lamplight setup`: from an installed program to one that can be
 * started. It writes the settings, asks for what is missing when it is on a
 * terminal, makes the database and its account where root of this machine may,
 * brings the tables to this release, and says what comes next. It may be
 * repeated: what is set stays, unless it is given again.
 */

#ifndef LAMPLIGHT_SETUP_H
#define LAMPLIGHT_SETUP_H

#include "lamplight/commands.h"

#include <stdio.h>
#include <sys/types.h>

#define SETUP_FORM "setup [KEY=VALUE]..."
#define SETUP_HELP \
	"write the settings, make the database, migrate; asks on a terminal"

/* The arguments behind "setup", up to NULL: `llm.model=name`. */
enum err setup_run(char **arguments);

/* ---- for these files */

/* A secret that was given: its file, when everything has succeeded. */
struct setup_secret {
	struct setup_secret *next;
	const char *key; /* of the file's name */
	const char *file, *draft;
};

struct setup {
	struct arena arena;
	struct setup_secret *secrets;
	struct conf conf; /* of the draft, by setup_reload() */
	struct span text; /* the draft */
	struct span before; /* what it is made of; absent: nothing was set */
	const char *path, *draft; /* of the settings, and of what they become */
	const char *folder; /* theirs, and of the files with secrets */
	mode_t mode;
	gid_t group; /* who reads them besides their owner, or (gid_t)-1 */
	bool is_somebodys; /* the folder: not root's */
	bool asks; /* on a terminal */
	bool secret_given; /* which the settings need not show */
	bool secret_wrong; /* the secret file is not the right one, or gone */
	bool done; /* the settings are written */
	bool made; /* the database was made by root */
};

/* Sets a key of the draft. A secret goes into a draft of a file of its own, whose
 * name the key ending in _file gets. ERR_INVALID after a sentence: there is no
 * such key, or it is no line. "" takes away what is set. */
enum err setup_put(struct setup *setup, const char *key, const char *value);

/* The same of a secret that something is made with: it is kept whatever comes
 * then. */
enum err
setup_put_made(struct setup *setup, const char *key, const char *value);

/* What is set for a key, by the draft or the environment: "" nothing. */
const char *setup_given(struct setup *setup, const char *key);

bool setup_is_secret(struct setup *setup, const char *key);

/* What the settings, and a file with a secret, may be long, in bytes. */
#define SETUP_FILE_MAX ((size_t)1 << 20)

/* setup_open.c: makes and locks the folder, and makes the draft, which
 * LAMPLIGHT_CONF names from then on. ERR_BUSY: another setup is running. */
enum err setup_open(struct setup *setup);
enum err setup_write_draft(struct setup *setup);

/* Reads the draft as the programs will. */
enum err setup_reload(struct setup *setup);

/* setup_ask.c: one line, with *prompt* on a terminal; hidden, when it is a
 * secret; "" at the end of input or when it is longer than 1024 bytes. */
const char *ask_line(struct arena *arena, const char *prompt, bool hidden);
/* Asks for what is not set yet of the model and of who may sign up. */
enum err ask_settings(struct setup *setup);
enum err ask_database(struct setup *setup);

/* setup_db.c: the database answers to the programs' account when it returns. */
enum err setup_database(struct setup *setup);
/* The tables are those of this release. */
enum err setup_tables(struct setup *setup);

/* setup_next.c: what comes next. */
void setup_say_next(struct setup *setup);
/* How this command is called here: by its name, where the PATH has it. */
const char *setup_command(struct arena *arena);

/* ---- of lamplight.c */

/* Where a part of the installation is: PREFIX/share/lamplight/<installed> when
 * this program is PREFIX/bin/lamplight, <source> in the sources that it was
 * built in; NULL: in neither. */
const char *
place_of(struct arena *arena, const char *installed, const char *source);

/* Brings task->conf.db to the schema of this release. */
enum err migrate(struct task *task);

#endif
