/*
 * sql.c: what the database allows: the reads of a list or a history straight
 * from C, prepared once, on some connections.
 *
 * 	sql SOCKET CONNECTIONS SECONDS ROWS GROUPS list|history <IDS
 *
 * IDS are the users, or the sessions, in turn. Every answer must have so many
 * rows. Prints JSON; GROUPS is what measure.h calls so.
 */

#include "lib/measure.h"

#include "base/attr.h"
#include "base/mem.h"

#include <inttypes.h>
#include <mysql.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WARM_S 1
#define IDS_MAX 10000
#define COLUMNS_MAX 8
#define TEXT_MAX 65536
#define CONNECTIONS_MAX 64

/* A statement with one parameter, an id; *columns*: u number, t time, s text. */
static const struct read {
	const char *name, *sql, *columns;
} reads[] = {
	{ "list",
		"SELECT id, title, create_time, update_time, pinned, archived,"
		" branched FROM session FORCE INDEX (session_list)"
		" WHERE user_id = ? AND archived = 0"
		" ORDER BY update_time DESC, id DESC LIMIT 20",
		"usttuuu" },
	{ "history",
		"SELECT id, role, status, parts, metadata, create_time"
		" FROM message WHERE session_id = ? AND active"
		" ORDER BY id DESC LIMIT 50",
		"usssst" },
};

static struct {
	const struct read *read;
	const char *socket;
	unsigned rows;
	uint64_t ids[IDS_MAX];
	size_t n_ids;
	atomic_uint_fast64_t answers, wrong, next;
	atomic_bool measured, over;
	struct latency *latency;
	pthread_mutex_t lock; /* of latency */
} job = { .lock = PTHREAD_MUTEX_INITIALIZER };

struct row {
	MYSQL_BIND binds[COLUMNS_MAX];
	union {
		uint64_t number;
		MYSQL_TIME time;
		char text[TEXT_MAX];
	} values[COLUMNS_MAX];
};

static MYSQL_BIND
bind_of(char kind, void *value)
{
	MYSQL_BIND bind = { .buffer = value };

	bind.buffer_type = kind == 'u' ? MYSQL_TYPE_LONGLONG
		: kind == 't'          ? MYSQL_TYPE_DATETIME
				       : MYSQL_TYPE_STRING;
	bind.buffer_length = kind == 's' ? TEXT_MAX : 0;
	return bind;
}

static MYSQL_STMT *
prepare(MYSQL *db, uint64_t *id, struct row *row)
{
	MYSQL_STMT *stmt = mysql_stmt_init(db);
	MYSQL_BIND param = bind_of('u', id);
	const char *kinds = job.read->columns;

	param.is_unsigned = true;
	for (size_t i = 0; kinds[i] != '\0'; i++)
		row->binds[i] = bind_of(kinds[i], &row->values[i]);
	must(mysql_stmt_prepare(stmt, job.read->sql, strlen(job.read->sql)) ==
				0 &&
			mysql_stmt_bind_param(stmt, &param) == 0 &&
			mysql_stmt_bind_result(stmt, row->binds) == 0,
		job.read->name);
	return stmt;
}

static bool
ask(MYSQL_STMT *stmt)
{
	unsigned n = 0;
	int status;

	if (mysql_stmt_execute(stmt) != 0)
		return false;
	while ((status = mysql_stmt_fetch(stmt)) == 0)
		n++;
	mysql_stmt_free_result(stmt);
	return status == MYSQL_NO_DATA && n == job.rows;
}

static void
note(int64_t us)
{
	if (!atomic_load(&job.measured))
		return;
	atomic_fetch_add(&job.answers, 1);
	pthread_mutex_lock(&job.lock);
	latency_add(job.latency, us);
	pthread_mutex_unlock(&job.lock);
}

static void *
run(void *arg)
{
	MYSQL *db = mysql_init(NULL);
	struct row *row = mem_zalloc(sizeof(*row));
	uint64_t id;
	MYSQL_STMT *stmt;

	(void)arg;
	must(mysql_real_connect(db, NULL, "lamplight", NULL, "lamplight", 0,
		     job.socket, 0) != NULL,
		"connect");
	stmt = prepare(db, &id, row);
	while (!atomic_load(&job.over)) {
		int64_t begin_us = now_us();

		id = job.ids[atomic_fetch_add(&job.next, 1) % job.n_ids];
		if (ask(stmt))
			note(now_us() - begin_us);
		else
			atomic_fetch_add(&job.wrong, 1);
	}
	mysql_stmt_close(stmt);
	mysql_close(db);
	free(row);
	return NULL;
}

static const struct read *
read_of(const char *name)
{
	for (size_t i = 0; i < LENGTH(reads); i++)
		if (strcmp(reads[i].name, name) == 0)
			return &reads[i];
	must(false, "list or history");
	return NULL;
}

static void
measure(struct meter *meter, unsigned seconds)
{
	sleep(WARM_S);
	meter_start(meter);
	atomic_store(&job.measured, true);
	sleep(seconds);
	atomic_store(&job.measured, false);
	meter_stop(meter);
	atomic_store(&job.over, true);
}

int
main(int argc, char **argv)
{
	pthread_t threads[CONNECTIONS_MAX];
	struct meter *meter;
	int n, seconds;

	must(argc == 7,
		"usage: sql SOCKET CONNECTIONS SECONDS ROWS GROUPS "
		"list|history <IDS");
	job.socket = argv[1];
	n = MIN(atoi(argv[2]), CONNECTIONS_MAX);
	seconds = atoi(argv[3]);
	job.rows = (unsigned)atoi(argv[4]);
	job.read = read_of(argv[6]);
	while (job.n_ids < IDS_MAX &&
		scanf("%" SCNu64, &job.ids[job.n_ids]) == 1)
		job.n_ids++;
	must(job.n_ids > 0 && mysql_library_init(0, NULL, NULL) == 0, "ids");
	job.latency = latency_new();
	meter = meter_new(argv[5]);
	for (int i = 0; i < n; i++)
		must(pthread_create(&threads[i], NULL, run, NULL) == 0,
			"thread");
	measure(meter, (unsigned)seconds);
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	printf("{\"seconds\":%d,\"answers\":%" PRIuFAST64
	       ",\"wrong\":%" PRIuFAST64 ",",
		seconds, job.answers, job.wrong);
	latency_print(job.latency);
	printf(",");
	meter_print(meter);
	printf("}\n");
	return 0;
}
