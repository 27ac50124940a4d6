#include "schematest.h"

#include "../unit.h"
#include "repo/schema.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct schematest schematest;

void
schematest_run(const char *sql)
{
	assert_int_equal(db_script(schematest.db, span_of(sql)), OK);
}

static enum err
add_name(struct row *row, void *arg)
{
	const char **names = arg;

	while (*names != NULL)
		names++;
	*names = row_str(row);
	return OK;
}

static void
drop_all_tables(void)
{
	const char *names[64] = { NULL };
	char sql[256];

	assert_int_equal(db_each(schematest.db, &schematest.arena,
				 "SELECT table_name FROM"
				 " information_schema.tables"
				 " WHERE table_schema = DATABASE()",
				 NO_PARAMS, add_name, names),
		OK);
	for (size_t i = 0; names[i] != NULL; i++) {
		snprintf(sql, sizeof(sql), "DROP TABLE `%s`", names[i]);
		schematest_run(sql);
	}
}

/* Works only in the disposable database of the unit tests. */
int
schematest_open(void **state)
{
	const char *ready = getenv("UNIT_DB");

	(void)state;
	if (ready == NULL || strcmp(ready, "ready") != 0) {
		print_error("Run this by tests/unit/run.\n");
		return -1;
	}
	if (conf_load(&schematest.arena, &schematest.conf) != OK)
		return -1;
	schematest.db = db_new(&schematest.conf.db);
	snprintf(schematest.dir, sizeof(schematest.dir),
		"/tmp/schema_test.XXXXXX");
	return mkdtemp(schematest.dir) != NULL ? 0 : -1;
}

void
schematest_remove_steps(void)
{
	DIR *stream = opendir(schematest.dir);
	struct dirent *entry;
	char path[512];

	assert_non_null(stream);
	while ((entry = readdir(stream)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", schematest.dir,
			entry->d_name);
		if (entry->d_name[0] != '.')
			assert_int_equal(unlink(path), 0);
	}
	closedir(stream);
}

int
schematest_clear(void **state)
{
	(void)state;
	drop_all_tables();
	schematest_remove_steps();
	schematest.said[0] = '\0';
	return 0;
}

int
schematest_close(void **state)
{
	schematest_clear(state);
	rmdir(schematest.dir);
	db_free(schematest.db);
	arena_reset(&schematest.arena);
	return 0;
}

void
schematest_say(void *arg, const char *sentence)
{
	size_t len = strlen(schematest.said);

	(void)arg;
	snprintf(schematest.said + len, sizeof(schematest.said) - len, "%s\n",
		sentence);
}

enum err
schematest_migrate_from(const char *from)
{
	struct schema_run wanted = { .db = schematest.db,
		.arena = &schematest.arena,
		.dir = from,
		.say = schematest_say };

	schematest.said[0] = '\0';
	return schema_migrate(&wanted);
}

enum err
schematest_migrate(void)
{
	return schematest_migrate_from(schematest.dir);
}

void
schematest_put(const char *name, const char *text)
{
	char path[512];
	FILE *stream;

	snprintf(path, sizeof(path), "%s/%s", schematest.dir, name);
	stream = fopen(path, "w");
	assert_non_null(stream);
	fputs(text, stream);
	fclose(stream);
}

void
schematest_assert_said(const char *part)
{
	if (strstr(schematest.said, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, schematest.said);
}

/* Pass each SQL text only once: statements are looked up by address. */
uint64_t
schematest_number(const char *sql)
{
	uint64_t value;

	assert_int_equal(db_one(schematest.db, &schematest.arena, sql,
				 NO_PARAMS, row_read_u64, &value),
		OK);
	return value;
}

uint64_t
schematest_applied(void)
{
	return schematest_number(
		"SELECT COUNT(apply_time) FROM schema_version");
}
