/*
 * hurry.h: whether this process has been asked again to end. For a program that
 * blocks SIGTERM and SIGINT in all threads, receives the first one by
 * sigwait(), and then shuts down slowly.
 */

#ifndef BASE_HURRY_H
#define BASE_HURRY_H

#include <stdbool.h>

/* Consumes the signals received since the last call; never waits. */
bool hurry_asked(void);

#endif
