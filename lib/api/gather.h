/*
 * gather.h: collects the figures of all programs of an installation
 * (program_figures()) over their sockets.
 */

#ifndef API_GATHER_H
#define API_GATHER_H

#include "base/arena.h"
#include "base/buf.h"
#include "conf/conf.h"
#include "db/db.h"

#include <stddef.h>
#include <stdint.h>

#define GATHER_MAX 8
/* The path of each program's own figures. */
#define GATHER_PATH "/api/health/figures"

struct gather_ask {
	const char *folder; /* of the sockets; NULL: the folder of our own */
	const char *const *programs;
	size_t n;
	int64_t wait_ms;
};

/*
 * Stores the answers that arrive in time in *texts*, which must have room for
 * all programs, for figures_merge(); returns their number. Omits programs that
 * do not answer. The texts are in *arena*.
 */
size_t gather_figures(struct arena *arena, const struct http_conf *conf,
	const struct gather_ask *ask, struct span *texts);

/* All programs of an installation, by the names of their sockets; health, which
 * asks the others, is the last. */
#define GATHER_PROGRAMS DB_PROGRAMS
extern const char *const gather_programs[GATHER_PROGRAMS];

#endif
