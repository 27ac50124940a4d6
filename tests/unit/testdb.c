#include "testdb.h"

#include "repo/schema.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static const char TABLES[] =
	"SELECT CONCAT('DROP TABLE `', table_name, '`')"
	" FROM information_schema.tables WHERE table_schema = DATABASE()";

struct conf *
testdb_conf(void)
{
	static struct arena arena;
	static struct conf conf;

	if (arena.blocks == NULL) {
		setenv("LAMPLIGHT_CONF", "/dev/null", 1);
		if (conf_load(&arena, &conf) != OK)
			abort();
	}
	return &conf;
}

void
testdb_run(struct db *db, const char *sql)
{
	if (db_script(db, span_of(sql)) != OK)
		fail_msg("failed: %s", sql);
}

struct drops {
	const char *list[64];
	size_t n;
};

static enum err
add_drop(struct row *row, void *arg)
{
	struct drops *drops = arg;

	assert_true(drops->n < LENGTH(drops->list));
	drops->list[drops->n++] = row_str(row);
	return OK;
}

int
testdb_empty(void)
{
	const char *ready = getenv("UNIT_DB");
	struct arena arena = ARENA_INIT;
	struct drops drops = { .n = 0 };
	struct db *db;
	enum err err;

	if (ready == NULL || strcmp(ready, "ready") != 0) {
		print_error("There is no test database: use tests/unit/run.\n");
		return -1;
	}
	db = db_new(&testdb_conf()->db);
	err = db_each(db, &arena, TABLES, NO_PARAMS, add_drop, &drops);
	for (size_t i = 0; i < drops.n; i++)
		testdb_run(db, drops.list[i]);
	db_free(db);
	arena_reset(&arena);
	return err == OK ? 0 : -1;
}

static void
say_error(void *arg, const char *sentence)
{
	(void)arg;
	if (strstr(sentence, "applied") == NULL)
		print_message("%s\n", sentence);
}

int
testdb_migrate(void)
{
	struct arena arena = ARENA_INIT;
	struct schema_run run = { .arena = &arena,
		.dir = getenv("LAMPLIGHT_SQL_DIR"),
		.say = say_error };
	enum err err;

	if (testdb_empty() != 0 || run.dir == NULL)
		return -1;
	run.db = db_new(&testdb_conf()->db);
	err = schema_migrate(&run);
	db_free(run.db);
	arena_reset(&arena);
	return err == OK ? 0 : -1;
}
