/*
 * setup.h: `lamplight setup`: leads from installed programs to ones that can be
 * started. It writes the settings, asks for missing ones if it is on a
 * terminal, creates the database and its account if root of this machine may,
 * brings the tables to this release, and shows the next steps. It may be
 * repeated: settings stay unless they are given again.
 */

#ifndef LAMPLIGHT_SETUP_H
#define LAMPLIGHT_SETUP_H

#include "lamplight/commands.h"

#include <stdio.h>
#include <sys/types.h>

#define SETUP_FORM "setup [KEY=VALUE]..."
#define SETUP_HELP \
	"write the settings, make the database, migrate; asks on a terminal"

/* The arguments after "setup", up to NULL: `llm.model=name`. */
enum err setup_run(char **arguments);

/* ---- for setup*.c */

/* A given secret; its file is installed when everything has succeeded. */
struct setup_secret {
	struct setup_secret *next;
	const char *key; /* the key that names the file */
	const char *file, *draft;
};

struct setup {
	struct arena arena;
	struct setup_secret *secrets;
	struct conf conf; /* read from the draft by setup_reload() */
	struct span text; /* text of the draft */
	struct span before; /* text of the settings; absent: there were none */
	const char *path, *draft; /* the settings' path, and the draft's */
	const char *folder; /* of the settings and the secrets' files */
	mode_t mode;
	gid_t group; /* may read them besides the owner; (gid_t)-1: none */
	bool is_somebodys; /* the folder does not belong to root */
	bool asks; /* there is a terminal */
	bool secret_given; /* so the settings need not contain it */
	bool secret_wrong; /* the secret file is a different one, or missing */
	bool done; /* the settings have been written */
	bool made; /* root has created the database */
};

/* Sets a key of the draft. A secret goes into the draft of its own file, which
 * the key ending in _file then names. ERR_INVALID, reported: there is no such
 * key, or the value is not a single line. "" removes the value. */
enum err setup_put(struct setup *setup, const char *key, const char *value);

/* The same for a secret that has been used to create something: it is kept even
 * if a later step fails. */
enum err
setup_put_made(struct setup *setup, const char *key, const char *value);

/* The value of a key in the draft or the environment; "" if there is none. */
const char *setup_given(struct setup *setup, const char *key);

bool setup_is_secret(struct setup *setup, const char *key);

/* The largest file of settings or of a secret, in bytes. */
#define SETUP_FILE_MAX ((size_t)1 << 20)

/* setup_open.c: creates and locks the folder, and writes the draft, to which
 * LAMPLIGHT_CONF points from then on. ERR_BUSY: another setup is running. */
enum err setup_open(struct setup *setup);
enum err setup_write_draft(struct setup *setup);

/* Reads the draft in the same way as the programs. */
enum err setup_reload(struct setup *setup);

/* setup_ask.c: reads one line, with *prompt* on a terminal and *hidden* if it
 * is a secret. "" at the end of input, or if the line is longer than 1024
 * bytes. */
const char *ask_line(struct arena *arena, const char *prompt, bool hidden);
/* Asks for missing settings of the model and of registration. */
enum err ask_settings(struct setup *setup);
enum err ask_database(struct setup *setup);

/* setup_db.c: ensures that the database accepts the programs' account. */
enum err setup_database(struct setup *setup);
/* Brings the tables to this release. */
enum err setup_tables(struct setup *setup);

/* setup_next.c: shows the next steps. */
void setup_say_next(struct setup *setup);
/* The name of this command: without its path if the PATH contains it. */
const char *setup_command(struct arena *arena);

/* ---- from lamplight.c */

/* The path of a part of the installation: PREFIX/share/lamplight/<installed> if
 * this program is PREFIX/bin/lamplight, <source> within the source tree where
 * it was built, otherwise NULL. */
const char *
place_of(struct arena *arena, const char *installed, const char *source);

/* Migrates task->conf.db to the schema of this release. */
enum err migrate(struct task *task);

#endif
