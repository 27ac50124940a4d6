/*
 * hidden.h: reads from a terminal without echo. If the program is interrupted
 * meanwhile (Ctrl-C, a hang-up), the terminal's settings are restored.
 */

#ifndef LAMPLIGHT_HIDDEN_H
#define LAMPLIGHT_HIDDEN_H

#include <stdbool.h>

/* Returns false, without changes, if standard input is not a terminal;
 * otherwise call hidden_end(). Not reentrant. */
bool hidden_begin(void);

/* Also prints the line end, which was not echoed. */
void hidden_end(void);

#endif
