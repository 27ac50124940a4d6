/*
 * app.h: what the handlers of a program share, and how a request is answered.
 * program.h opens and closes it.
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
	const char *name; /* of the program */
	struct arena arena;
	struct conf conf;
	struct guard *guard; /* who is asking (guard.h) */
	struct replica *replica; /* NULL: there is none */
	struct rates *rates; /* what is used of the limits (limit.h) */
	struct snowflake *ids; /* NULL in programs that make none */
	struct chat *chat; /* the program chat's own */
	struct metrics *metrics; /* what was answered (metrics.h) */
	struct later *later; /* of the programs auth and admin */
	struct admin_asks *asks; /* the program admin's own (admin_ask.h) */
	struct span privacy; /* likewise: of http.privacy_file; absent: none */
	const struct program *program;
	struct routes routes;
	atomic_bool is_ready; /* until then everybody is refused */
	atomic_bool examined; /* by a doctor's stream, now (doctor.h) */
};

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
