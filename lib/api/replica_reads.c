#include "api/replica_reads.h"

#include "api/figures.h"
#include "base/mem.h"
#include "db/replica.h"

#include <stdio.h>
#include <stdlib.h>

struct handles {
	struct db *db;
	struct db *reader; /* to the replica; NULL if there is none */
};

void *
replica_reads_open(void *arg)
{
	struct app *app = arg;
	struct handles *handles = mem_alloc(sizeof(*handles));

	handles->db = db_new(&app->conf.db);
	handles->reader = replica_handle(app->replica);
	return handles;
}

void
replica_reads_close(void *thread, void *arg)
{
	struct handles *handles = thread;

	(void)arg;
	db_free(handles->reader);
	db_free(handles->db);
	free(handles);
}

void
replica_reads_lend(struct request *rq, void *thread)
{
	const struct handles *handles = thread;

	if (handles == NULL)
		return;
	rq->db = handles->db;
	rq->reader = handles->reader;
}

/* Judges by the rule that counts the route. If it writes all the same, the
 * replica refuses that, and the request is served by the server in use. */
static bool
only_reads(const struct route *route)
{
	return route->access == LOGGED_IN &&
		(route->limit == LIMIT_READ || route->limit == LIMIT_SEARCH ||
			route->limit == LIMIT_EXPORT);
}

/* Discards the result of the first run. */
static void
begin_again(struct request *rq, struct response *rs, size_t headers_len)
{
	rq->detail = rq->code = rq->field = NULL;
	response_rewind(rs, headers_len);
}

/* A statement that timed out on the replica would also time out here. */
static enum err
handle_there(const struct route *route, struct request *rq, struct response *rs)
{
	size_t headers_len = rs->headers.len;
	struct db *db = rq->db;
	enum err err;

	rq->db = rq->reader;
	err = route->handler(rq, rs);
	rq->db = db;
	replica_was_read(rq->app->replica, rq->reader);
	if (err != ERR_BUSY || db_timed_out(rq->reader))
		return err;
	begin_again(rq, rs, headers_len);
	return route->handler(rq, rs);
}

enum err
replica_reads_handle(
	const struct route *route, struct request *rq, struct response *rs)
{
	if (rq->reader != NULL && only_reads(route) &&
		replica_has_all(
			rq->app->replica, rq->db, rq->reader, rq->arena))
		return handle_there(route, rq, rs);
	return route->handler(rq, rs);
}

static void
put_line(const struct app *app, struct buf *out, const char *name,
	const char *outcome, uint64_t n)
{
	char labels[96];

	snprintf(labels, sizeof(labels), "program=\"%s\",outcome=\"%s\"",
		app->name, outcome);
	figures_line(out, name, labels, n);
}

void
replica_reads_figures(const struct app *app, struct buf *out)
{
	static const char name[] = "lamplight_replica_reads_total";
	struct replica_counts counts;

	if (app->replica == NULL)
		return;
	counts = replica_counts(app->replica);
	figures_head(out, FIGURE_COUNTER, name,
		"Requests that a replica can serve, by where they were read: "
		"the replica, or the server in use because the replica is "
		"behind or unreachable.");
	put_line(app, out, name, "read", counts.read);
	put_line(app, out, name, "behind", counts.behind);
	put_line(app, out, name, "away", counts.away);
}
