#include "dbtest.h"

#include <stdio.h>
#include <stdlib.h>

static void
end_without_database(void)
{
	puts("1..1\nok 1 # SKIP no database in LAMPLIGHT_DB_*");
	fputs("NOT TESTED: no database in LAMPLIGHT_DB_*\n", stderr);
	exit(EXIT_SUCCESS);
}

int
dbtest_open(void **state)
{
	static struct db_conf root;
	struct dbtest *t = calloc(1, sizeof(*t));

	if (getenv("LAMPLIGHT_DB_SOCKET") == NULL)
		end_without_database();
	if (conf_load(&t->arena, &t->conf) != OK)
		return -1;
	root = t->conf.db;
	root.user = "root";
	t->root = db_new(&root);
	*state = t;
	return db_script(t->root,
		       span_of("CREATE TABLE IF NOT EXISTS scratch ("
			       " id BIGINT UNSIGNED NOT NULL PRIMARY KEY,"
			       " body MEDIUMTEXT NULL) CHARSET utf8mb4")) == OK
		? 0
		: -1;
}

int
dbtest_close(void **state)
{
	struct dbtest *t = *state;

	dbtest_root(t, "DROP TABLE scratch");
	db_free(t->root);
	arena_reset(&t->arena);
	free(t);
	return 0;
}

void
dbtest_root(struct dbtest *t, const char *sql)
{
	if (db_script(t->root, span_of(sql)) != OK)
		fail_msg("%s: %s", sql, db_reason(t->root));
}

static void
read_number(struct row *row, void *out)
{
	*(uint64_t *)out = row_u64(row);
}

static void
read_text(struct row *row, void *out)
{
	*(const char **)out = row_str(row);
}

uint64_t
dbtest_number(struct db *db, const char *sql)
{
	uint64_t number = 0;

	if (db_one(db, NULL, sql, NO_PARAMS, read_number, &number) != OK)
		fail_msg("%s: %s", sql, db_reason(db));
	return number;
}

const char *
dbtest_text(struct db *db, struct arena *arena, const char *sql)
{
	const char *text = NULL;

	if (db_one(db, arena, sql, NO_PARAMS, read_text, &text) != OK)
		fail_msg("%s: %s", sql, db_reason(db));
	return text;
}

uint64_t
dbtest_connections(struct dbtest *t)
{
	return dbtest_number(t->root,
		"SELECT COUNT(*) FROM information_schema.processlist"
		" WHERE user = 'lamplight'");
}

struct ids {
	uint64_t list[256];
	size_t n;
};

static enum err
take_id(struct row *row, void *arg)
{
	struct ids *ids = arg;

	ids->list[ids->n++] = row_u64(row);
	return OK;
}

void
dbtest_kill_all(struct dbtest *t)
{
	struct ids ids = { .n = 0 };
	char sql[64];

	assert_int_equal(db_each(t->root, NULL,
				 "SELECT id FROM information_schema.processlist"
				 " WHERE user = 'lamplight'",
				 NO_PARAMS, take_id, &ids),
		OK);
	for (size_t i = 0; i < ids.n; i++) {
		snprintf(sql, sizeof(sql), "KILL %llu",
			(unsigned long long)ids.list[i]);
		dbtest_root(t, sql);
	}
}

void
dbtest_set(struct dbtest *t, const char *name, const char *value)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "SET GLOBAL %s = %s", name, value);
	dbtest_root(t, sql);
}
