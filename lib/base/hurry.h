/*
 * hurry.h: whether somebody asks once more that this process ends. For a
 * program that blocks SIGTERM and SIGINT in all threads, takes the first by
 * sigwait(), and then takes its time.
 */

#ifndef BASE_HURRY_H
#define BASE_HURRY_H

#include <stdbool.h>

/* Takes what has come since the last call; never waits. */
bool hurry_asked(void);

#endif
