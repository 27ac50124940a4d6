/*
 * operate.h: commands that take options, for who operates a site: they look,
 * and change nothing.
 */

#ifndef LAMPLIGHT_OPERATE_H
#define LAMPLIGHT_OPERATE_H

#include <stdbool.h>
#include <stdio.h>

/* Whether the arguments behind the program's name begin one of these commands;
 * then it has been run, and *status* is the exit status. */
bool operate_run(int argc, char **argv, int *status);

/* The help of one, or of all (NULL), to *to*, or nowhere (NULL); whether there
 * is such a one. */
bool operate_help(FILE *to, const char *word);

/* ---- the commands; 2: they do not know these arguments */

int doctor_main(int argc, char **argv); /* doctor.c */
int stats_main(int argc, char **argv); /* stats.c */
int usage_main(int argc, char **argv); /* usage.c */
int top_main(int argc, char **argv); /* top.c */

#endif
