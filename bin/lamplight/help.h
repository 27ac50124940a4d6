/* help.h: how a command is shown in the help. */

#ifndef LAMPLIGHT_HELP_H
#define LAMPLIGHT_HELP_H

#include <stdio.h>

/* *form*: how the command is called; *help*: what it does. */
void help_print(FILE *to, const char *form, const char *help);

#endif
