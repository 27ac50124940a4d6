/*
 * systemd.h: what systemd is asked to do, or knows of the programs that it
 * runs.
 */

#ifndef LAMPLIGHT_SYSTEMD_H
#define LAMPLIGHT_SYSTEMD_H

#include <stdbool.h>

/* Where the units have their sockets. */
#define SYSTEMD_SOCKETS "/run/lamplight"

/* Whether it runs this machine. */
bool systemd_is_here(void);

/* Runs a command, which is looked for in the PATH; whether it ended well. What
 * it says is shown. SYSTEMD("systemctl", "start", "lamplight.target"). */
bool systemd_command(const char *const *words);
#define SYSTEMD(...) systemd_command((const char *const[]){ __VA_ARGS__, NULL })

#endif
