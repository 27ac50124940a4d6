/*
 * command.h: the operator's command, run as an operator does.
 */

#ifndef UNIT_BIN_COMMAND_H
#define UNIT_BIN_COMMAND_H

#include "base/arena.h"
#include "base/buf.h"

extern struct buf said; /* standard output and standard error of the last */

/* Runs it with the words of *arguments* and *input*; its exit status. */
int command_run(struct arena *arena, const char *arguments, const char *input);

/* Where it is. */
const char *command_program(void);

void assert_said(const char *part);
void assert_not_said(const char *part);

#endif
