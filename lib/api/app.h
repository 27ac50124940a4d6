/*
 * app.h: the state shared by the handlers of a program, and how a request is
 * answered. program.h opens and closes it.
 */

#ifndef API_APP_H
#define API_APP_H

#include "base/err.h"
#include "conf/conf.h"
#include "http/request.h"
#include "http/response.h"
#include "http/route.h"
#include "repo/snowflake.h"

#include <stdatomic.h>
#include <stdbool.h>

struct admin_asks;
struct chat;
struct guard;
struct later;
struct metrics;
struct program;
struct rates;
struct replica;

struct app {
	const char *name; /* the program's name */
	struct arena arena;
	struct conf conf;
	struct guard *guard; /* identifies users (guard.h) */
	struct replica *replica; /* NULL if there is none */
	struct rates *rates; /* use of the limits (limit.h) */
	struct snowflake *ids; /* NULL in programs that generate no ids */
	struct chat *chat; /* only in the program chat */
	struct metrics *metrics; /* counts of answers (metrics.h) */
	struct later *later; /* in the programs auth and admin */
	struct admin_asks *asks; /* only in the program admin (admin_ask.h) */
	struct span privacy; /* there, too: http.privacy_file; may be absent */
	const struct program *program;
	struct routes routes;
	atomic_bool is_ready; /* until then every request is refused */
	atomic_bool examined; /* a doctor's stream is running (doctor.h) */
};

/* 200 {"status": "ok"} */
enum err app_reply_ok(struct response *rs);

/* Answers a request with the problem for *err* or with *rs*, and logs it; sends
 * nothing if the connection was handed over (rs->taken). Also for code that
 * answers outside of the front's threads. */
void app_answer(struct request *rq, struct response *rs, enum err err,
	int64_t start_ms);

/* Whether *origin* is one of http.cors_origins. */
bool app_allows_origin(const struct app *app, const char *origin);

#endif
