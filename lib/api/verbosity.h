/*
 * verbosity.h: changes how much a running program logs: SIGUSR1 turns on
 * everything, with each database statement and its time; SIGUSR2 returns to
 * log.level.
 */

#ifndef API_VERBOSITY_H
#define API_VERBOSITY_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* Adds both signals to the set of awaited signals. */
void verbosity_add(sigset_t *set);

/* Whether the signal was one of them; if so, applies it. *configured*:
 * log.level. */
bool verbosity_take(int signal_number, int64_t configured);

#endif
