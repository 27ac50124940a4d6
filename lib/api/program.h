/*
 * program.h: the skeleton of every FastCGI program: configuration, schema check,
 * ids, the front, dispatch, orderly end. A program is a table of routes.
 */

#ifndef API_PROGRAM_H
#define API_PROGRAM_H

#include "api/app.h"
#include "base/err.h"
#include "http/route.h"

#include <stdbool.h>
#include <stddef.h>

/* Of the database: nothing at start (health.c, which tells about it), a schema
 * that is known, or also a lease for ids. */
enum program_needs { PROGRAM_NEEDS_NOTHING, PROGRAM_READS, PROGRAM_MAKES_IDS };

struct program {
	const char *name;
	enum program_needs needs;
	const struct route *routes;
	size_t n_routes;
	bool hands_over; /* some handler takes connections over */
	/* What runs beside the requests, or NULL: started before the
	 * first request, stopped after the last. */
	enum err (*start)(struct app *app);
	void (*stop)(struct app *app);
	/* Whether the first request can be answered, or NULL: until it is so, none
	 * is taken. */
	bool (*is_ready)(struct app *app);
	/* What it adds to program_figures(), or NULL. */
	void (*figures)(struct app *app, struct buf *out);
};

/*
 * Serves until SIGTERM; returns main()'s exit code. Refuses to start, saying
 * why and what to do, without a sane configuration or on a database schema it
 * does not know; waits for a database that is away.
 */
int program_run(const struct program *program);

/* program_run() of one that answers at once. */
int program_serve(const char *name, enum program_needs needs,
	const struct route *routes, size_t n_routes);

/* What this program counts (figures.h): requests, connections of the database,
 * its lease, and what program->figures adds. */
void program_figures(struct app *app, struct buf *out);

/* GET -> 200 program_figures(); for the operator */
enum err program_answer_figures(struct request *rq, struct response *rs);

#endif
