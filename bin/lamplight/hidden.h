/*
 * hidden.h: what is typed at a terminal and not shown. Whoever ends the program
 * meanwhile (Ctrl-C, a hang-up) has their terminal back as it was.
 */

#ifndef LAMPLIGHT_HIDDEN_H
#define LAMPLIGHT_HIDDEN_H

#include <stdbool.h>

/* False: standard input is no terminal, and nothing was changed; else
 * hidden_end() follows. One at a time. */
bool hidden_begin(void);

/* Ends the line, too, whose end was not shown. */
void hidden_end(void);

#endif
