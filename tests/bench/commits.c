/*
 * commits.c: what the database takes for the words of live streams alone:
 * their rows written straight from C, prepared, as often and as many at once
 * as the product commits them, on one connection.
 *
 * 	commits SOCKET STREAMS RATE SECONDS GAP_MS GROUPS
 *
 * Each stream has a row for what it said since the last commit; the next one
 * begins GAP_MS after a commit is back, or at once when ENOUGH_ROWS wait
 * (lib/chat/publisher.c). The rows are deleted at the end. Prints JSON; GROUPS
 * is what measure.h calls so.
 */

#include "lib/measure.h"

#include "base/buf.h"
#include "base/mem.h"

#include <inttypes.h>
#include <mysql.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WARM_US INT64_C(1000000)
#define ENOUGH_ROWS 32
#define GAP_ENOUGH_MS 2
#define ROWS_MAX 1024 /* in a commit */
#define PREPARED_STEP 16 /* above ENOUGH_ROWS there is a statement for these */
#define STREAMS_MAX 16384
#define ROW_PARAMS 3
#define FIRST_ID UINT64_C(1) /* no message has such a small one */
#define TOKEN "a word of the reply "

static struct {
	MYSQL *db;
	MYSQL_STMT *stmts[ROWS_MAX + 1];
	int n_streams, rate, seconds, gap_ms;
	uint64_t said[STREAMS_MAX], ids[STREAMS_MAX];
	uint32_t seqs[STREAMS_MAX];
	int next; /* the stream that is looked at first */
	unsigned long lengths[ROWS_MAX];
	char *texts[ROWS_MAX];
	MYSQL_BIND binds[ROWS_MAX * ROW_PARAMS];
	uint64_t n_tokens;
	struct latency *latency;
} job;

static MYSQL_STMT *
stmt_for(int n)
{
	struct buf sql = BUF_INIT;

	if (job.stmts[n] != NULL)
		return job.stmts[n];
	buf_puts(&sql,
		"INSERT INTO message_delta (message_id, seq, body)"
		" VALUES (?, ?, ?)");
	for (int i = 1; i < n; i++)
		buf_puts(&sql, ", (?, ?, ?)");
	job.stmts[n] = mysql_stmt_init(job.db);
	must(mysql_stmt_prepare(job.stmts[n], sql.data, sql.len) == 0,
		"prepare");
	buf_free(&sql);
	return job.stmts[n];
}

/* What this stream has said by then; they begin one after the other. */
static uint64_t
tokens_by(int stream, int64_t since_us)
{
	int64_t gap_us = 1000000 / job.rate;
	int64_t own_us = since_us - gap_us * stream / job.n_streams;

	return own_us < 0 ? 0 : (uint64_t)(own_us / gap_us) + 1;
}

static void
bind_row(int at, int stream, uint64_t n_tokens)
{
	MYSQL_BIND *bind = &job.binds[at * ROW_PARAMS];

	memset(bind, 0, ROW_PARAMS * sizeof(*bind));
	job.ids[stream] = FIRST_ID + (uint64_t)stream;
	job.lengths[at] = n_tokens * strlen(TOKEN);
	job.seqs[stream]++;
	bind[0].buffer_type = MYSQL_TYPE_LONGLONG;
	bind[0].buffer = &job.ids[stream];
	bind[0].is_unsigned = true;
	bind[1].buffer_type = MYSQL_TYPE_LONG;
	bind[1].buffer = &job.seqs[stream];
	bind[1].is_unsigned = true;
	bind[2].buffer_type = MYSQL_TYPE_STRING;
	bind[2].buffer = job.texts[at];
	bind[2].buffer_length = job.lengths[at];
	bind[2].length = &job.lengths[at];
	for (uint64_t i = 0; i < n_tokens && i < ROWS_MAX; i++)
		memcpy(job.texts[at] + i * strlen(TOKEN), TOKEN, strlen(TOKEN));
}

/* So many rows wait; of what no statement is for, the rest waits on. */
static int
whole(int n)
{
	return n <= ENOUGH_ROWS ? n : n - n % PREPARED_STEP;
}

static int
n_waiting(int64_t since_us)
{
	int n = 0;

	for (int i = 0; i < job.n_streams; i++)
		n += tokens_by(i, since_us) > job.said[i];
	return whole(MIN(n, ROWS_MAX));
}

/* Binds *n* rows of those that have said something; how many tokens that is. */
static uint64_t
collect(int n, int64_t since_us)
{
	uint64_t n_tokens = 0;

	for (int at = 0; at < n; job.next = (job.next + 1) % job.n_streams) {
		uint64_t by = tokens_by(job.next, since_us);
		uint64_t more = by - job.said[job.next];

		if (more == 0)
			continue;
		bind_row(at++, job.next, MIN(more, (uint64_t)ROWS_MAX));
		job.said[job.next] = by;
		n_tokens += more;
	}
	return n_tokens;
}

static void
commit(int n)
{
	MYSQL_STMT *stmt = stmt_for(n);

	must(mysql_stmt_bind_param(stmt, job.binds) == 0 &&
			mysql_stmt_execute(stmt) == 0,
		"insert");
}

static void
pause_us(int64_t us)
{
	struct timespec pause = { us / 1000000, us % 1000000 * 1000 };

	nanosleep(&pause, NULL);
}

static void
forget(void)
{
	char sql[128];

	snprintf(sql, sizeof(sql),
		"DELETE FROM message_delta WHERE message_id < %" PRIu64,
		FIRST_ID + (uint64_t)job.n_streams);
	must(mysql_query(job.db, sql) == 0, "delete");
}

static void
run(struct meter *meter)
{
	int64_t begin_us = now_us(), end_us = 0, now;
	int n = 0;

	do {
		uint64_t n_tokens;

		pause_us(INT64_C(1000) *
			(n >= ENOUGH_ROWS ? GAP_ENOUGH_MS : job.gap_ms));
		now = now_us();
		if (end_us == 0 && now > begin_us + WARM_US) {
			meter_start(meter);
			end_us = now + job.seconds * INT64_C(1000000);
		}
		n = n_waiting(now - begin_us);
		if (n == 0)
			continue;
		n_tokens = collect(n, now - begin_us);
		commit(n);
		if (end_us != 0) {
			job.n_tokens += n_tokens;
			latency_add(job.latency, now_us() - now);
		}
	} while (end_us == 0 || now < end_us);
	meter_stop(meter);
}

int
main(int argc, char **argv)
{
	struct meter *meter;

	must(argc == 7,
		"usage: commits SOCKET STREAMS RATE SECONDS GAP_MS GROUPS");
	job.n_streams = MIN(atoi(argv[2]), STREAMS_MAX);
	job.rate = atoi(argv[3]);
	job.seconds = atoi(argv[4]);
	job.gap_ms = atoi(argv[5]);
	job.latency = latency_new();
	for (int i = 0; i < ROWS_MAX; i++)
		job.texts[i] = mem_alloc(ROWS_MAX * strlen(TOKEN));
	meter = meter_new(argv[6]);
	job.db = mysql_init(NULL);
	must(mysql_real_connect(job.db, NULL, "lamplight", NULL, "lamplight", 0,
		     argv[1], 0) != NULL,
		"connect");
	forget();
	run(meter);
	forget();
	printf("{\"seconds\":%d,\"answers\":%" PRIu64 ",\"commits\":%" PRIu64
	       ",\"wrong\":0,",
		job.seconds, job.n_tokens, latency_count(job.latency));
	latency_print(job.latency);
	printf(",");
	meter_print(meter);
	printf("}\n");
	mysql_close(job.db);
	return 0;
}
