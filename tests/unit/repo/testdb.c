#include "testdb.h"

#include "../unit.h"
#include "repo/message.h"
#include "repo/schema.h"
#include "repo/session.h"
#include "repo/user.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void
say(void *arg, const char *sentence)
{
	(void)arg;
	fprintf(stderr, "# %s\n", sentence);
}

/* Reports one skipped case for the whole program, so that it does not count as
 * passed. */
static void
end_without_database(void)
{
	puts("1..1\nok 1 # SKIP no database in LAMPLIGHT_DB_*");
	fputs("NOT TESTED: no database in LAMPLIGHT_DB_*\n", stderr);
	exit(EXIT_SUCCESS);
}

int
testdb_open(void **state)
{
	struct testdb *t = calloc(1, sizeof(*t));
	const char *dir = getenv("LAMPLIGHT_SQL_DIR");
	struct schema_run run = {
		.arena = &t->arena, .dir = dir != NULL ? dir : "sql", .say = say
	};

	if (getenv("LAMPLIGHT_DB_SOCKET") == NULL &&
		getenv("LAMPLIGHT_DB_HOST") == NULL)
		end_without_database();
	if (conf_load(&t->arena, &t->conf) != OK)
		return -1;
	t->db = db_new(&t->conf.db);
	run.db = t->db;
	*state = t;
	return schema_migrate(&run) == OK ? 0 : -1;
}

int
testdb_close(void **state)
{
	struct testdb *t = *state;

	db_free(t->db);
	arena_reset(&t->arena);
	free(t);
	return 0;
}

/* Microseconds plus a sequence: rises across test programs, too. */
uint64_t
testdb_id(void)
{
	static _Atomic uint64_t last;
	struct timespec now;

	if (last == 0) {
		clock_gettime(CLOCK_REALTIME, &now);
		last = (uint64_t)now.tv_sec * 1000000000 +
			(uint64_t)now.tv_nsec;
	}
	return ++last;
}

uint64_t
testdb_user(struct testdb *t)
{
	struct user user = { .id = testdb_id() };

	user.username = arena_printf(
		&t->arena, "test.%llu", (unsigned long long)user.id);
	assert_int_equal(user_insert(t->db, &user, 0), OK);
	return user.id;
}

static void
read_number(struct row *row, void *out)
{
	*(uint64_t *)out = row_u64(row);
}

uint64_t
testdb_number(struct testdb *t, const char *sql, uint64_t id)
{
	uint64_t number = 0;

	assert_int_equal(db_one(t->db, &t->arena, sql, PARAMS(U64(id)),
				 read_number, &number),
		OK);
	return number;
}

uint64_t
testdb_session(struct testdb *t, uint64_t user_id, int64_t now_ms)
{
	struct session_draft draft = { .id = testdb_id(),
		.user_id = user_id,
		.title = "A title",
		.now_ms = now_ms };

	assert_int_equal(session_insert(t->db, &draft), OK);
	return draft.id;
}

uint64_t
testdb_message(struct testdb *t, uint64_t session_id, const char *status,
	int64_t now_ms)
{
	struct message message = { .id = testdb_id(),
		.is_user = strcmp(status, "streaming") != 0,
		.active = true,
		.status = status,
		.parts = span_of("[]"),
		.create_ms = now_ms };

	assert_int_equal(message_insert(t->db, session_id, &message), OK);
	return message.id;
}
