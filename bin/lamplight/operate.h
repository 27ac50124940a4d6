/* operate.h: commands with options for the operator of a site; they only
 * read. */

#ifndef LAMPLIGHT_OPERATE_H
#define LAMPLIGHT_OPERATE_H

#include <stdbool.h>
#include <stdio.h>

/* Runs the command if the arguments after the program's name begin with one of
 * these; *status* is then its exit status. */
bool operate_run(int argc, char **argv, int *status);

/* Writes the help of one command, or of all (NULL), to *to*, or nowhere (NULL);
 * returns whether the command exists. */
bool operate_help(FILE *to, const char *word);

/* ---- the commands; they return 2 for unknown arguments */

int doctor_main(int argc, char **argv); /* doctor.c */
int stats_main(int argc, char **argv); /* stats.c */
int usage_main(int argc, char **argv); /* usage.c */
int top_main(int argc, char **argv); /* top.c */

#endif
