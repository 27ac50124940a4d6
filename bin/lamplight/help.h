/* help.h: prints the help of a command. */

#ifndef LAMPLIGHT_HELP_H
#define LAMPLIGHT_HELP_H

#include <stdio.h>

/* *form*: the usage; *help*: what the command does. */
void help_print(FILE *to, const char *form, const char *help);

#endif
