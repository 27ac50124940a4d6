/*
 * command.h: the operator's command, run as an operator does.
 */

#ifndef UNIT_BIN_COMMAND_H
#define UNIT_BIN_COMMAND_H

#include "base/arena.h"
#include "base/buf.h"
#include "db/db.h"

extern struct buf said; /* standard output and standard error of the last */

/* Runs it with the words of *arguments* and *input*; its exit status. */
int command_run(struct arena *arena, const char *arguments, const char *input);

/* Where it is. */
const char *command_program(void);

/* The secret file of now is the right one, whatever another test has sealed in
 * this database; and none is, as at first. */
int command_seals(struct arena *arena);
int command_sealed_nothing(struct db *db);

void assert_said(const char *part);
void assert_not_said(const char *part);

#endif
