/* command.h: runs the operator's command as an operator does. */

#ifndef UNIT_BIN_COMMAND_H
#define UNIT_BIN_COMMAND_H

#include "base/arena.h"
#include "base/buf.h"
#include "db/db.h"

extern struct buf said; /* output and errors of the last run */

/* Runs a command of the shell, whose output is then in *said*; returns its exit
 * status. */
int command_shell(const char *command);

/* Runs it with the words of *arguments* and with *input*; returns its exit
 * status. */
int command_run(struct arena *arena, const char *arguments, const char *input);

/* The path of the command. */
const char *command_program(void);

/* command_seals(): makes the current secret file the right one, whatever
 * another test has sealed in this database. The other function: makes it so
 * that nothing has been sealed, as at first. */
int command_seals(struct arena *arena);
int command_sealed_nothing(struct db *db);

void assert_said(const char *part);
void assert_not_said(const char *part);

#endif
