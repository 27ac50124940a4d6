/* health.c: /api/health/..., for load balancers and monitoring. */

#include "api/figures.h"
#include "api/gather.h"
#include "api/guard.h"
#include "api/model_figures.h"
#include "api/operator.h"
#include "api/program.h"
#include "base/clock.h"
#include "http/sibling.h"
#include "repo/gauge.h"
#include "repo/sealing.h"
#include "repo/server.h"

#include <string.h>

#define SIBLINGS_WAIT_MS 1000 /* for all programs together */

/* ---- readiness */

/* All programs except this one, which is the last. */
#define OTHERS (GATHER_PROGRAMS - 1)

enum state { STATE_OK, STATE_AWAY, STATE_ABSENT, STATE_N };

static const char *const state_words[STATE_N] = { "ok", "away", "absent" };

/* Every program answers requests for this path (api/program). */
static void
ask_all(struct request *rq, enum state *states)
{
	const struct sibling_ask ask = {
		.path = arena_printf(rq->arena, "%s/api/health/live",
			rq->app->conf.http.base_path),
		.wait_ms = SIBLINGS_WAIT_MS,
	};
	struct sibling siblings[OTHERS];

	for (size_t i = 0; i < OTHERS; i++)
		siblings[i] = (struct sibling){ .name = gather_programs[i] };
	sibling_get(siblings, OTHERS, &ask);
	for (size_t i = 0; i < OTHERS; i++) {
		const struct sibling *s = &siblings[i];

		states[i] = STATE_AWAY;
		if (s->err == ERR_NOT_FOUND)
			states[i] = STATE_ABSENT;
		else if (s->err == OK && s->status == 200)
			states[i] = STATE_OK;
	}
}

/* Writes {"failing": [id]} as reported by the program chat; null if it does not
 * answer. */
static void
put_models(struct request *rq, struct json_writer *w)
{
	static const char *const chat[] = { "chat" };
	static const char begin[] = "\n" MODEL_FAILING "{model=\"";
	const struct gather_ask ask = {
		.programs = chat, .n = 1, .wait_ms = SIBLINGS_WAIT_MS
	};
	struct span text;
	const char *at;

	json_key(w, "models");
	if (gather_figures(rq->arena, &rq->app->conf.http, &ask, &text) == 0) {
		json_put_null(w);
		return;
	}
	json_open(w, '{');
	json_key(w, "failing");
	json_open(w, '[');
	at = arena_str(rq->arena, text.data, text.len);
	while ((at = strstr(at, begin)) != NULL) {
		size_t len = strcspn(at += sizeof(begin) - 1, "\"\n");
		const char *end = at + strcspn(at, "\n");

		if (end[-1] == '1')
			json_put_text(w, (struct span){ at, len });
	}
	json_close(w, ']');
	json_close(w, '}');
}

static enum err
reply_states(struct request *rq, struct response *rs, const enum state *states)
{
	struct json_writer w = response_json(rs, 200);

	json_open(&w, '{');
	json_member_str(&w, "status", "ok");
	json_member_str(&w, "database", "ok");
	json_key(&w, "programs");
	json_open(&w, '{');
	for (size_t i = 0; i < OTHERS; i++)
		json_member_str(&w, gather_programs[i], state_words[states[i]]);
	json_close(&w, '}');
	put_models(rq, &w);
	json_close(&w, '}');
	return OK;
}

/* The secret file differs from the other hosts', so each refuses what the other
 * has signed and sealed; or no program could start with it. */
static const char *
key_trouble(struct request *rq)
{
	const struct secret_ring *ring = guard_secrets(rq->app->guard);
	const char *refused = guard_secrets_refused(rq->app->guard);

	if (refused != NULL)
		return arena_printf(rq->arena,
			"The secret file (auth.secret_file) cannot be used: "
			"%s.",
			refused);
	return sealing_check(rq->db, rq->arena, ring) == ERR_CONFLICT
		? SEALING_WRONG "."
		: NULL;
}

/* NULL if all installed programs answer and the database suits; otherwise the
 * problems, in sentences for the operator. */
static const char *
find_trouble(struct request *rq, enum state *states)
{
	const char *trouble = server_trouble(rq->db, rq->arena, rq->app->name);
	const char *away = "";

	if (trouble == NULL)
		trouble = key_trouble(rq);
	ask_all(rq, states);
	for (size_t i = 0; i < OTHERS; i++)
		if (states[i] == STATE_AWAY)
			away = arena_printf(
				rq->arena, "%s %s", away, gather_programs[i]);
	if (*away == '\0')
		return trouble;
	return arena_printf(rq->arena, "These do not answer:%s.%s%s", away,
		trouble != NULL ? " " : "", trouble != NULL ? trouble : "");
}

/*
 * GET /api/health/ready -> 200: the database suits (repo/server), and every
 * installed program answers | 429 | 503. With ?full, for the operator: the
 * programs that answer and the failing models or, with 503, the programs that
 * do not answer.
 */
static enum err
get_ready(struct request *rq, struct response *rs)
{
	enum state states[OTHERS];
	const char *trouble = find_trouble(rq, states);
	bool full = strcmp(rq->query, "full") == 0 &&
		operator_check(&rq->app->conf.http, rq) == OK;

	if (trouble == NULL)
		return full ? reply_states(rq, rs, states) : app_reply_ok(rs);
	if (!full)
		return ERR_BUSY;
	return request_fail(rq, ERR_BUSY, NULL, trouble);
}

/* ---- figures */

static void
put_figures(struct app *app, struct buf *out)
{
	struct arena arena = ARENA_INIT;
	struct db *db = db_new(&app->conf.db);
	struct gauges gauges;
	bool up = gauge_read(db, &arena, clock_wall_ms(), &gauges) == OK;

	figures_put(out, FIGURE_GAUGE, "lamplight_database_up",
		"1 when the database answers.", up);
	if (up) {
		figures_put(out, FIGURE_GAUGE, "lamplight_replies_running",
			"Replies that are being streamed, by all workers.",
			gauges.replies_running);
		figures_put(out, FIGURE_GAUGE, "lamplight_nodes_leased",
			"Processes that hold a lease.", gauges.nodes_leased);
		figures_put(out, FIGURE_GAUGE, "lamplight_search_pending",
			"Texts that are not searchable yet, 10000 at most.",
			gauges.search_pending);
		figures_put(out, FIGURE_GAUGE, "lamplight_erasures",
			"Deleted chats and users that still have rows, 10000 "
			"at most.",
			gauges.erasures);
		figures_put(out, FIGURE_GAUGE, "lamplight_user_limits",
			"Users with limits of their own, 10000 at most.",
			gauges.user_limits);
	}
	db_free(db);
	arena_reset(&arena);
}

/* GET /api/health/metrics -> 200 the figures of all programs that answer
 * (api/program.h); without those from the database while it is unreachable */
static enum err
get_metrics(struct request *rq, struct response *rs)
{
	const struct gather_ask ask = { .programs = gather_programs,
		.n = OTHERS,
		.wait_ms = SIBLINGS_WAIT_MS };
	struct span texts[OTHERS + 1];
	struct buf own = BUF_INIT;
	size_t n;

	program_figures(rq->app, &own);
	texts[0] = buf_span(&own);
	n = gather_figures(rq->arena, &rq->app->conf.http, &ask, texts + 1);
	rs->type = FIGURES_TYPE;
	figures_merge(&rs->body, rq->arena, texts, n + 1);
	buf_free(&own);
	return OK;
}

static const struct route routes[] = {
	{ "GET", "/api/health/ready", get_ready, ANYONE, LIMIT_READY,
		SMALL_BODY },
	{ "GET", "/api/health/metrics", get_metrics, OPERATOR, LIMIT_NONE,
		SMALL_BODY },
};

int
main(void)
{
	static const struct program program = {
		.name = "health",
		.needs = PROGRAM_NEEDS_NOTHING,
		.routes = routes,
		.n_routes = LENGTH(routes),
		.figures = put_figures,
	};

	return program_run(&program);
}
