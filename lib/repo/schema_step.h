/* schema_step.h: the files of sql/ and the statements in them. */

#ifndef REPO_SCHEMA_STEP_H
#define REPO_SCHEMA_STEP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>

struct schema_step {
	unsigned version;
	const char *name; /* name of the file */
	struct span text;
};

/*
 * Reads the files NNNN_name.sql of *dir*, which must be numbered 1, 2, 3 and so
 * on, into *arena*. ERR_INVALID with a sentence in *reason*.
 */
MUST_USE enum err schema_steps(struct arena *arena, const char *dir,
	const struct schema_step **out, size_t *n, const char **reason);

/*
 * Takes the next statement off *text*, without the final ; and the comments
 * before it; returns false if there is none. *line* is the line of *text*,
 * *at_line* that of the statement. Quotes and comments follow MySQL; DELIMITER,
 * a command of the client program, is not supported.
 */
bool schema_statement(struct span *text, unsigned *line, struct span *statement,
	unsigned *at_line);

#endif
