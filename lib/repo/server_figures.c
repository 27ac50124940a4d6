#include "repo/server_figures.h"

#include "base/clock.h"
#include "repo/worker.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const char VARIABLES[] =
	"SHOW GLOBAL VARIABLES WHERE variable_name IN ('version',"
	" 'innodb_buffer_pool_size', 'max_allowed_packet', 'max_connections',"
	" 'wait_timeout', 'innodb_lock_wait_timeout',"
	" 'net_read_timeout', 'net_write_timeout')";

static const char STATUS[] =
	"SHOW GLOBAL STATUS WHERE variable_name = 'Threads_connected'";

static const char TABLES[] =
	"SELECT @@SESSION.max_user_connections, (SELECT default_character_set_name"
	" FROM information_schema.schemata WHERE schema_name = DATABASE()),"
	" CAST(SUM(data_length + index_length) AS SIGNED)"
	" FROM information_schema.tables"
	" WHERE table_schema = DATABASE()";

static const struct figure {
	const char *name;
	size_t offset;
} figures[] = {
	{ "innodb_buffer_pool_size",
		offsetof(struct server_figures, pool_bytes) },
	{ "max_allowed_packet", offsetof(struct server_figures, packet_max) },
	{ "max_connections", offsetof(struct server_figures, connections_max) },
	{ "Threads_connected",
		offsetof(struct server_figures, connections_used) },
	{ "wait_timeout", offsetof(struct server_figures, wait_s) },
	{ "innodb_lock_wait_timeout",
		offsetof(struct server_figures, lock_wait_s) },
	{ "net_read_timeout", offsetof(struct server_figures, read_s) },
	{ "net_write_timeout", offsetof(struct server_figures, write_s) },
};

static enum err
take_variable(struct row *row, void *arg)
{
	struct server_figures *out = arg;
	const char *name = row_str(row), *value = row_str(row);

	if (strcmp(name, "version") == 0)
		out->version = value;
	for (size_t i = 0; i < LENGTH(figures); i++)
		if (strcmp(figures[i].name, name) == 0)
			*(int64_t *)(void *)((char *)out + figures[i].offset) =
				strtoll(value, NULL, 10);
	return OK;
}

static void
read_tables(struct row *row, void *arg)
{
	struct server_figures *out = arg;
	const char *charset;

	out->user_max = row_i64(row);
	charset = row_str(row);
	out->charset = charset != NULL ? charset : "";
	out->data_bytes = row_i64(row);
}

/* Our two readings bracket the server's: only a time outside of them counts as
 * a difference. */
static enum err
read_clock(struct db *db, struct server_figures *out)
{
	int64_t before_ms = clock_wall_ms(), there_ms, after_ms;

	TRY(worker_clock(db, &there_ms));
	after_ms = clock_wall_ms();
	if (there_ms > after_ms)
		out->ahead_ms = there_ms - after_ms;
	else if (there_ms < before_ms)
		out->ahead_ms = there_ms - before_ms;
	return OK;
}

enum err
server_figures_read(
	struct db *db, struct arena *arena, struct server_figures *out)
{
	*out = (struct server_figures){ .version = "" };
	TRY(db_each(db, arena, VARIABLES, NO_PARAMS, take_variable, out));
	TRY(db_each(db, arena, STATUS, NO_PARAMS, take_variable, out));
	TRY(db_one(db, arena, TABLES, NO_PARAMS, read_tables, out));
	return read_clock(db, out);
}
