/*
 * systemd.h: commands to systemd, and questions about the programs that it
 * runs.
 */

#ifndef LAMPLIGHT_SYSTEMD_H
#define LAMPLIGHT_SYSTEMD_H

#include <stdbool.h>

/* The folder of the units' sockets. */
#define SYSTEMD_SOCKETS "/run/lamplight"

/* Whether systemd runs this machine. */
bool systemd_is_here(void);

/* Runs a command found in the PATH, with its output shown; returns whether it
 * succeeded. SYSTEMD("systemctl", "start", "lamplight.target"). */
bool systemd_command(const char *const *words);
#define SYSTEMD(...) systemd_command((const char *const[]){ __VA_ARGS__, NULL })

#endif
