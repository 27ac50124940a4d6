/*
 * program.h: the skeleton of every FastCGI program: configuration, schema
 * check, ids, the front, dispatch, orderly shutdown. A program is a table of
 * routes.
 */

#ifndef API_PROGRAM_H
#define API_PROGRAM_H

#include "api/app.h"
#include "base/err.h"
#include "http/route.h"

#include <stdbool.h>
#include <stddef.h>

/* What a program needs from the database: nothing at start (health.c, which
 * reports on it), a known schema, or also a lease for ids. */
enum program_needs { PROGRAM_NEEDS_NOTHING, PROGRAM_READS, PROGRAM_MAKES_IDS };

struct program {
	const char *name;
	enum program_needs needs;
	const struct route *routes;
	size_t n_routes;
	bool hands_over; /* some handler takes over connections */
	/* Starts and stops work beside the requests, before the first and after
	 * the last one; or NULL. */
	enum err (*start)(struct app *app);
	void (*stop)(struct app *app);
	/* Whether the first request can be answered, or NULL: until then
	 * requests are refused. */
	bool (*is_ready)(struct app *app);
	/* Adds to program_figures(); or NULL. */
	void (*figures)(struct app *app, struct buf *out);
};

/*
 * Serves until SIGTERM; returns main()'s exit code. Refuses to start, with the
 * reason and the remedy, if the configuration is invalid or the database schema
 * is unknown; waits for a database that is unreachable.
 */
int program_run(const struct program *program);

/* program_run() for a program that only answers requests. */
int program_serve(const char *name, enum program_needs needs,
	const struct route *routes, size_t n_routes);

/* Writes what this program counts (figures.h): requests, database connections,
 * its lease, and what program->figures adds. */
void program_figures(struct app *app, struct buf *out);

/* GET -> 200 program_figures(); only for the operator */
enum err program_answer_figures(struct request *rq, struct response *rs);

#endif
