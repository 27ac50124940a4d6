/*
 * verbosity.h: how much a running program logs: at SIGUSR1 everything, each
 * statement of the database with its time; at SIGUSR2 what log.level says.
 */

#ifndef API_VERBOSITY_H
#define API_VERBOSITY_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* Adds both signals to those that are waited for. */
void verbosity_add(sigset_t *set);

/* Whether it was one of them; then the program logs so from now on.
 * *configured*: log.level. */
bool verbosity_take(int signal_number, int64_t configured);

#endif
