/* health.c: /api/health/..., for load balancers and monitoring. */

#include "api/app.h"
#include "base/clock.h"
#include "repo/gauge.h"
#include "repo/schema.h"

#include <inttypes.h>

static enum err
reply_ok(struct response *rs)
{
	struct json_writer w = response_json(rs, 200);

	json_open(&w, '{');
	json_member_str(&w, "status", "ok");
	json_close(&w, '}');
	return OK;
}

/* GET /api/health/live -> 200: the web server reaches this program */
static enum err
get_live(struct request *rq, struct response *rs)
{
	(void)rq;
	return reply_ok(rs);
}

/* GET /api/health/ready -> 200: the database answers and has our schema | 503 */
static enum err
get_ready(struct request *rq, struct response *rs)
{
	if (schema_check(rq->db, rq->app->name) != OK)
		return ERR_BUSY;
	return reply_ok(rs);
}

static void
put_gauge(
	struct response *rs, const char *name, const char *help, uint64_t value)
{
	buf_printf(&rs->body, "# HELP %s %s\n# TYPE %s gauge\n%s %" PRIu64 "\n",
		name, help, name, name, value);
}

/* GET /api/health/metrics -> 200, the Prometheus text format 0.0.4; when the
 * database is away it says that, and nothing that it cannot know */
static enum err
get_metrics(struct request *rq, struct response *rs)
{
	struct gauges gauges;
	bool up = gauge_read(rq->db, rq->arena, clock_wall_ms(), &gauges) == OK;

	response_header(rs, "Content-Type", "text/plain; version=0.0.4");
	put_gauge(rs, "lamplight_database_up", "1 when the database answers.",
		up);
	if (!up)
		return OK;
	put_gauge(rs, "lamplight_replies_running",
		"Replies that are being streamed, by all workers.",
		gauges.replies_running);
	put_gauge(rs, "lamplight_nodes_leased",
		"Processes that hold a node number for ids.",
		gauges.nodes_leased);
	return OK;
}

static const struct route routes[] = {
	{ "GET", "/api/health/live", get_live, ANYONE, LIMIT_NONE, SMALL_BODY },
	{ "GET", "/api/health/ready", get_ready, ANYONE, LIMIT_NONE,
		SMALL_BODY },
	{ "GET", "/api/health/metrics", get_metrics, ANYONE, LIMIT_NONE,
		SMALL_BODY },
};

int
main(void)
{
	return app_serve("health", APP_NOTHING, routes, LENGTH(routes));
}
