/* doctor_db.c: the database: whether it is reachable, suitable and well
 * configured. */

#include "lamplight/doctor.h"

#include "api/gather.h"
#include "db/replica.h"
#include "repo/schema.h"
#include "repo/server.h"
#include "repo/server_figures.h"
#include "repo/worker.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAMS GATHER_PROGRAMS
#define CONNECTIONS_BESIDE 5 /* for a backup and an administrator */
#define USER_CONNECTIONS_MIN 10
#define POOL_MIN (INT64_C(128) << 20)
/* The buffer pool should hold at least this fraction of the data. */
#define POOL_SHARE 8
/* The overhead of a statement around its text. */
#define PACKET_BESIDE (INT64_C(64) << 10)
#define PACKET_JUDGED (INT64_C(16) << 20) /* checked by repo/server.c */
#define WAIT_MIN_S 60
#define TRANSFER_MIN_S 10
#define CLOCK_APART_MS 1000
#define CLOCK_JUDGED_MS 300000 /* checked by repo/server.c */

#define WARN(d, code, remedy, ...)               \
	doctor_say((d), FINDING_WARNING, (code), \
		arena_printf(&(d)->arena, __VA_ARGS__), (remedy))

static void
say_server(void *arg, bool fatal, const char *sentence)
{
	doctor_say(arg, fatal ? FINDING_ERROR : FINDING_WARNING,
		"database_unsuitable", sentence, NULL);
}

static void
look_at_connections(struct doctor *d, const struct server_figures *f)
{
	int64_t needed = PROGRAMS * d->conf.db.connections;

	if (f->connections_max < needed + CONNECTIONS_BESIDE)
		WARN(d, "connections",
			"Raise max_connections, or lower db.connections.",
			"The database accepts %" PRId64
			" connections, but the programs may need %" PRId64 ".",
			f->connections_max, needed);
	if (f->user_max > 0 && f->user_max < USER_CONNECTIONS_MIN)
		WARN(d, "connections_user",
			"Ask for at least ten (MAX_USER_CONNECTIONS of the "
			"account, max_user_connections of the server).",
			"The programs' account may open only %" PRId64
			" connections; each of the %d programs uses an equal "
			"share of them.",
			f->user_max, PROGRAMS);
}

static void
look_at_memory(struct doctor *d, const struct server_figures *f)
{
	if (f->pool_bytes < POOL_MIN)
		WARN(d, "buffer_pool",
			"Set innodb_buffer_pool_size to at least 128M; 512M "
			"for 10,000 live replies.",
			"The database keeps %" PRId64
			" MB of its pages in memory "
			"(innodb_buffer_pool_size).",
			f->pool_bytes >> 20);
	else if (f->data_bytes / POOL_SHARE > f->pool_bytes)
		WARN(d, "buffer_pool", "Raise innodb_buffer_pool_size.",
			"The tables have %" PRId64
			" MB, of which the database keeps %" PRId64
			" MB in memory (innodb_buffer_pool_size).",
			f->data_bytes >> 20, f->pool_bytes >> 20);
	if (f->packet_max >= PACKET_JUDGED &&
		f->packet_max < d->conf.http.body_max + PACKET_BESIDE)
		WARN(d, "packet",
			"Set max_allowed_packet a little above http.body_max, "
			"or lower http.body_max.",
			"The database accepts statements of up to %" PRId64
			" MB (max_allowed_packet), but the programs accept "
			"messages of up to %" PRId64 " MB (http.body_max).",
			f->packet_max >> 20, d->conf.http.body_max >> 20);
}

static void
look_at_times(struct doctor *d, const struct server_figures *f)
{
	if (f->wait_s < WAIT_MIN_S)
		WARN(d, "wait_timeout", "Set wait_timeout to 600 or more.",
			"The database closes connections that are idle for "
			"%" PRId64
			" s, so they have to be opened again and again.",
			f->wait_s);
	if (MIN(f->read_s, f->write_s) < TRANSFER_MIN_S)
		WARN(d, "net_timeout",
			"Set net_read_timeout and net_write_timeout to 30 or "
			"more.",
			"The database aborts a transfer that stalls for "
			"%" PRId64 " s.",
			MIN(f->read_s, f->write_s));
	if (llabs(f->ahead_ms) > CLOCK_APART_MS &&
		llabs(f->ahead_ms) <= CLOCK_JUDGED_MS)
		WARN(d, "clock", "Synchronize both with NTP.",
			"The clocks of this host and of the database are "
			"%" PRId64 ".%" PRId64 " s apart.",
			(int64_t)llabs(f->ahead_ms) / 1000,
			(int64_t)llabs(f->ahead_ms) / 100 % 10);
}

static void
look_at_figures(struct doctor *d, struct db *db)
{
	struct server_figures f;

	if (server_figures_read(db, &d->arena, &f) != OK) {
		doctor_say(d, FINDING_ERROR, "database_away",
			"The database does not report its settings.",
			db_reason(db) != NULL ? db_reason(db) : "Try again.");
		return;
	}
	doctor_say(d, FINDING_OK, "database",
		arena_printf(&d->arena, "The database answers: version %s.",
			f.version),
		NULL);
	if (strcmp(f.charset, "utf8mb4") != 0)
		WARN(d, "charset",
			arena_printf(&d->arena,
				"Run ALTER DATABASE `%s` CHARACTER SET utf8mb4.",
				d->conf.db.name),
			"New tables of the database are in the character set "
			"%s.",
			f.charset);
	look_at_connections(d, &f);
	look_at_memory(d, &f);
	look_at_times(d, &f);
}

/* Reports the reason, which contains the remedy. */
static void
tell_away(struct doctor *d, struct db *db)
{
	const char *remedy = db_reason(db);

	d->no_database = true;
	if (remedy == NULL)
		remedy = "Start it, or correct db.host, db.socket, db.user, "
			 "db.password and db.name.";
	else if (strpbrk(remedy, ";:") == NULL)
		remedy = arena_printf(&d->arena,
			"%s See whether it runs, and what its log says.",
			remedy);
	doctor_say(d, FINDING_ERROR, "database_away",
		"The database cannot be used.", remedy);
}

static enum err
look_at_schema(struct doctor *d, struct db *db)
{
	enum err err = schema_check(db, "lamplight");

	if (err == OK)
		doctor_say(d, FINDING_OK, "schema",
			"The tables are those of this release.", NULL);
	else if (err == ERR_CONFLICT)
		doctor_say(d, FINDING_ERROR, "schema",
			"The tables are not those of this release.",
			"Run: lamplight migrate");
	else
		tell_away(d, db);
	return err;
}

static bool
look_at_tables(struct doctor *d, struct db *db)
{
	enum err err = look_at_schema(d, db);
	bool there = err == OK;

	if (there)
		err = server_check(
			db, &d->arena, SERVER_FOR_ALL, say_server, d);
	if (err == OK)
		doctor_say(d, FINDING_OK, "database_suits",
			"The database server and the account are suitable.",
			NULL);
	else if (there && err != ERR_CONFLICT)
		tell_away(d, db);
	return there;
}

/* ---- each of several servers */

static void
keep_first(void *arg, bool fatal, const char *sentence)
{
	const char **first = arg;

	if (fatal && *first == NULL)
		*first = sentence;
}

/* Examines the host on its own, as if it were the only one. */
static void
look_at_host(struct doctor *d, const struct host *host)
{
	struct db_conf conf = d->conf.db;
	const char *trouble = NULL;
	struct db *db;
	enum err err;

	conf.hosts.n = 1;
	conf.hosts.list[0] = *host;
	db = db_new(&conf);
	err = server_check(
		db, &d->arena, SERVER_FOR_WORK, keep_first, &trouble);
	if (err != OK && trouble == NULL)
		trouble = db_reason(db);
	if (err == OK)
		doctor_say(d, FINDING_OK, "database_host",
			arena_printf(&d->arena,
				"%s of db.host accepts changes.", host->name),
			NULL);
	else
		WARN(d, "database_host",
			"Start it, make it a member of the cluster, or take it "
			"out of db.host. A replica may stay.",
			"%s of db.host could not replace another server. %s",
			host->name, trouble != NULL ? trouble : "");
	db_free(db);
}

static void
look_at_hosts(struct doctor *d)
{
	const struct hosts *hosts = &d->conf.db.hosts;

	for (unsigned i = 0; hosts->n > 1 && i < hosts->n; i++)
		look_at_host(d, &hosts->list[i]);
}

/* NULL if the replica has everything that the server in use has, and its tables
 * can be read. */
static const char *
unread_reason(struct doctor *d, struct replica *replica, struct db *db,
	struct db *reader)
{
	const char *reason = NULL;

	if (!replica_has_all(replica, db, reader, &d->arena))
		reason = replica_reason(replica);
	else if (schema_check(reader, "lamplight") != OK)
		reason = db_reason(reader);
	else
		return NULL;
	return reason != NULL ? reason : "";
}

static void
look_at_replica(struct doctor *d, struct db *db)
{
	struct replica *replica = replica_open(&d->conf.db, 1);
	struct db *reader = replica_handle(replica);
	const char *reason;

	if (replica == NULL)
		return;
	reason = unread_reason(d, replica, db, reader);
	if (reason == NULL)
		doctor_say(d, FINDING_OK, "database_replica",
			"The replica at db.read_host is up to date.", NULL);
	else
		WARN(d, "database_replica",
			"Start it, give the account SELECT there, and see what "
			"SHOW REPLICA STATUS says; the server of db.host must "
			"write a binary log with GTIDs.",
			"The replica at db.read_host is not used. %s", reason);
	db_free(reader);
	replica_close(replica);
}

bool
doctor_database(struct doctor *d)
{
	bool there = false;
	struct db *db = db_new(&d->conf.db);
	int64_t now_ms;
	enum err err = worker_clock(db, &now_ms);

	if (err != OK)
		tell_away(d, db);
	if (err == OK) {
		look_at_figures(d, db);
		there = look_at_tables(d, db);
		look_at_replica(d, db);
	}
	look_at_hosts(d);
	db_free(db);
	return there;
}
