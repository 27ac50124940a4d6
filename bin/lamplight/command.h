/* command.h: which commands there are, how each is called, and its help. */

#ifndef LAMPLIGHT_COMMAND_H
#define LAMPLIGHT_COMMAND_H

#include "lamplight/commands.h"

#include <stdbool.h>
#include <stdio.h>

struct command {
	const char *words[2]; /* "user", "add" */
	/* Its name in the help, or NULL; and what may follow, or NULL. */
	const char *argument, *rest;
	enum err (*run)(struct task *task);
	const char *help;
};

/* The command that these arguments call, or NULL; *behind* is what follows its
 * words. */
const struct command *command_find(int argc, char **argv, char ***behind);

/* All commands, these and those of operate.h and setup.h. */
void command_help(FILE *to);

/* Those that these words begin: one, or all of "model". False: none. */
bool command_help_of(FILE *to, int argc, char **argv);

#endif
