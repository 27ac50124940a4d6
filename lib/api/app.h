/*
 * app.h: the skeleton of every FastCGI program: configuration, schema check,
 * ids, the front, dispatch, orderly end. A program is a table of routes.
 */

#ifndef API_APP_H
#define API_APP_H

#include "base/conf.h"
#include "base/err.h"
#include "http/request.h"
#include "http/response.h"
#include "http/route.h"
#include "repo/snowflake.h"

#include <stdbool.h>

struct chat;
struct guard;
struct later;
struct rates;

struct app {
	const char *name; /* of the program */
	struct arena arena;
	struct conf conf;
	struct guard *guard; /* who is asking (guard.h) */
	struct rates *rates; /* what is used of the limits (limit.h) */
	struct snowflake *ids; /* NULL in programs that make none */
	struct chat *chat; /* the program chat's own */
	struct later *later; /* the program auth's own */
	struct span privacy; /* likewise: of http.privacy_file; absent: none */
	const struct program *program;
};

/* Of the database: nothing at start (health.c, which tells about it), a schema
 * that is known, or also a lease for ids. */
enum app_needs { APP_NOTHING, APP_READS, APP_MAKES_IDS };

struct program {
	const char *name;
	enum app_needs needs;
	const struct route *routes;
	size_t n_routes;
	bool hands_over; /* some handler takes connections over */
	/* What runs beside the requests, or NULL: started before the
	 * first request, stopped after the last. */
	enum err (*start)(struct app *app);
	void (*stop)(struct app *app);
};

/*
 * Serves until SIGTERM; returns main()'s exit code. Refuses to start, saying
 * why and what to do, without a sane configuration or on a database schema it
 * does not know; waits for a database that is away.
 */
int app_run(const struct program *program);

/* app_run() of a program that answers at once. */
int app_serve(const char *name, enum app_needs needs,
	const struct route *routes, size_t n_routes);

/* 200 {"status": "ok"} */
enum err app_reply_ok(struct response *rs);

/* Answers a request, with the problem that *err* is or what *rs* has, and logs
 * it; nothing is sent of what was taken over (rs->taken). For who answers
 * outside of an accept thread. */
void app_answer(struct request *rq, struct response *rs, enum err err,
	int64_t start_ms);

/* Whether *origin* is one of http.cors_origins. */
bool app_allows_origin(const struct app *app, const char *origin);

#endif
