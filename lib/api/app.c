#include "api/app.h"

#include "api/metrics.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/fcgi.h"

#include <inttypes.h>
#include <string.h>

bool
app_allows_origin(const struct app *app, const char *origin)
{
	size_t len = strlen(origin);
	const char *list = app->conf.http.cors_origins;

	for (const char *at = list; *at != '\0'; at += strcspn(at, " ")) {
		at += strspn(at, " ");
		if (strcspn(at, " ") == len && strncmp(at, origin, len) == 0)
			return len > 0;
	}
	return false;
}

enum err
app_reply_ok(struct response *rs)
{
	struct json_writer w = response_json(rs, 200);

	json_open(&w, '{');
	json_member_str(&w, "status", "ok");
	json_close(&w, '}');
	return OK;
}

/* Logs one line per request, except for successful health checks, which
 * monitors send every second. */
static void
log_answer(const struct request *rq, int status, int64_t took_ms)
{
	static const char watched[] = "/api/health/";
	static const char line[] = "method=%.8s path=%.80s status=%d ms=%lld "
				   "user=%" PRIu64;
	bool well = status < 400 &&
		strncmp(rq->path, watched, sizeof(watched) - 1) == 0;

	(well ? log_debug : log_soon)("request", line, rq->method, rq->path,
		status, (long long)took_ms, rq->user_id);
}

void
app_answer(
	struct request *rq, struct response *rs, enum err err, int64_t start_ms)
{
	int64_t took_ms = clock_mono_ms() - start_ms;
	const struct span *pieces;
	int status;
	size_t n;

	if (err != OK)
		response_problem(rs, rq, err);
	/* The queue of later.h answers and logs the requests that it has
	 * taken. */
	if (!rs->taken || rq->app->later == NULL) {
		status = rs->status != 0 ? rs->status : 200;
		if (rq->app->metrics != NULL)
			metrics_count(
				rq->app->metrics, rq->route, status, took_ms);
		log_answer(rq, status, took_ms);
	}
	if (rs->taken)
		return;
	pieces = response_pieces(rs, rq, &n);
	fcgi_answer(rq, pieces, n);
}
