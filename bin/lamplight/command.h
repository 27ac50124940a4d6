/* command.h: the table of commands, with their usage and help. */

#ifndef LAMPLIGHT_COMMAND_H
#define LAMPLIGHT_COMMAND_H

#include "lamplight/commands.h"

#include <stdbool.h>
#include <stdio.h>

struct command {
	const char *words[2]; /* "user", "add" */
	/* Its name in the help, or NULL; and further arguments, or NULL. */
	const char *argument, *rest;
	enum err (*run)(struct task *task);
	const char *help;
};

/* The command that the arguments call, or NULL; *behind* receives the arguments
 * after its words. */
const struct command *command_find(int argc, char **argv, char ***behind);

/* Shows the help of all commands, including those of operate.h and setup.h. */
void command_help(FILE *to);

/* Shows the help of the commands that begin with these words: one command, or
 * all of "model". Returns false if there are none. */
bool command_help_of(FILE *to, int argc, char **argv);

#endif
