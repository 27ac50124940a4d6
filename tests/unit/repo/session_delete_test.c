/* session_delete_test.c: deleting conversations. */

#include "repo/session.h"

#include "../unit.h"
#include "repo/erase.h"
#include "repo/message.h"
#include "testdb.h"

#include <pthread.h>
#include <string.h>

#define NOW INT64_C(1750000000123)

static const char COUNT_SESSIONS[] =
	"SELECT COUNT(*) FROM session WHERE id = ?";
static const char COUNT_MESSAGES[] =
	"SELECT COUNT(*) FROM message WHERE session_id = ?";
static const char COUNT_DELTAS[] =
	"SELECT COUNT(*) FROM message_delta WHERE message_id = ?";

static uint64_t
make(struct testdb *t, uint64_t user_id)
{
	return testdb_session(t, user_id, NOW);
}

static uint64_t
add_message(struct testdb *t, uint64_t session_id, const char *status)
{
	return testdb_message(t, session_id, status, NOW);
}

static void
add_deltas(struct testdb *t, uint64_t message_id, uint32_t n)
{
	static const char add[] = "INSERT INTO message_delta"
				  " (message_id, seq, body) VALUES (?, ?, 'x')";

	for (uint32_t seq = 0; seq < n; seq++)
		assert_int_equal(
			db_exec(t->db, add, PARAMS(U64(message_id), U64(seq))),
			OK);
}

static enum err
finish(struct testdb *t, uint64_t session_id, uint64_t id, bool *done)
{
	struct message_end end = { .session_id = session_id,
		.id = id,
		.life = { .began_ms = NOW },
		.status = "complete",
		.parts = span_of("[]"),
		.metadata = span_of("{}"),
		.now_ms = NOW };

	return message_finish(t->db, &end, done);
}

static void
a_deleted_session_leaves_nothing(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann), other = make(t, ann);
	uint64_t running;
	struct session found;

	for (int i = 0; i < 1203; i++) /* more than two statements delete */
		add_message(t, id, "complete");
	running = add_message(t, id, "streaming");
	add_deltas(t, running, 1101);
	add_message(t, other, "complete");
	assert_int_equal(session_delete(t->db, &t->arena, ann, &id, 1), OK);
	assert_int_equal(
		session_find(t->db, &t->arena, ann, id, &found), ERR_NOT_FOUND);
	assert_int_equal(testdb_number(t, COUNT_SESSIONS, id), 0);
	assert_int_equal(testdb_number(t, COUNT_DELTAS, running), 0);
	/* some hundred at once, the rest afterwards */
	assert_in_range(testdb_number(t, COUNT_MESSAGES, id), 1, 1203 - 500);
	assert_int_equal(erase_rest(t->db, ann, ERASE_TO_THE_END), OK);
	assert_int_equal(testdb_number(t, COUNT_MESSAGES, id), 0);
	assert_int_equal(testdb_number(t, COUNT_MESSAGES, other), 1);
	assert_int_equal(
		session_delete(t->db, &t->arena, ann, &id, 1), ERR_NOT_FOUND);
}

/* The reply's last update finds no row, which is not an error. */
static void
a_reply_may_end_after_its_session(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann);
	uint64_t running = add_message(t, id, "streaming");
	bool done = true;

	assert_int_equal(session_delete(t->db, &t->arena, ann, &id, 1), OK);
	assert_int_equal(finish(t, id, running, &done), OK);
	assert_false(done);
	assert_int_equal(testdb_number(t, COUNT_MESSAGES, id), 0);
}

static void
many_are_deleted_all_or_none(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), bob = testdb_id();
	uint64_t a = make(t, ann), b = make(t, ann), foreign = make(t, bob);
	uint64_t with_foreign[] = { b, foreign, a };
	uint64_t with_missing[] = { b, a, testdb_id() };
	uint64_t twice[] = { b, a, b };

	add_message(t, a, "complete");
	assert_int_equal(session_delete(t->db, &t->arena, ann, with_foreign, 3),
		ERR_NOT_FOUND);
	assert_int_equal(session_delete(t->db, &t->arena, ann, with_missing, 3),
		ERR_NOT_FOUND);
	assert_int_equal(testdb_number(t, COUNT_SESSIONS, a), 1);
	assert_int_equal(testdb_number(t, COUNT_SESSIONS, b), 1);
	assert_int_equal(testdb_number(t, COUNT_SESSIONS, foreign), 1);
	assert_int_equal(testdb_number(t, COUNT_MESSAGES, a), 1);
	assert_int_equal(session_delete(t->db, &t->arena, ann, twice, 3), OK);
	assert_int_equal(testdb_number(t, COUNT_SESSIONS, a), 0);
	assert_int_equal(testdb_number(t, COUNT_SESSIONS, b), 0);
	assert_int_equal(testdb_number(t, COUNT_MESSAGES, a), 0);
	assert_int_equal(testdb_number(t, COUNT_SESSIONS, foreign), 1);
}

/* ---- a turn holds the session's row; a deletion waits for it */

struct deleter {
	pthread_t thread;
	const struct testdb *t;
	uint64_t user_id, id;
	enum err err;
};

static void *
delete_it(void *arg)
{
	struct deleter *deleter = arg;
	struct arena arena = ARENA_INIT;
	struct db *db = db_new(&deleter->t->conf.db);
	/* A copy, because session_delete() may sort it. */
	uint64_t id = deleter->id;

	deleter->err = session_delete(db, &arena, deleter->user_id, &id, 1);
	db_free(db);
	arena_reset(&arena);
	return NULL;
}

struct turn {
	struct testdb *t;
	struct deleter *deleter;
};

static enum err
send_while_deleting(struct db *db, void *arg)
{
	struct turn *turn = arg;
	struct deleter *deleter = turn->deleter;

	(void)db;
	TRY(session_lock(
		turn->t->db, &turn->t->arena, deleter->user_id, deleter->id));
	pthread_create(&deleter->thread, NULL, delete_it, deleter);
	add_message(turn->t, deleter->id, "streaming");
	return OK;
}

static void
a_deletion_takes_the_turn_before_it_along(void **state)
{
	struct testdb *t = *state;
	struct deleter deleter = { .t = t, .user_id = testdb_id() };
	struct turn turn = { t, &deleter };

	deleter.id = make(t, deleter.user_id);
	assert_int_equal(db_transaction(t->db, send_while_deleting, &turn), OK);
	pthread_join(deleter.thread, NULL);
	assert_int_equal(deleter.err, OK);
	assert_int_equal(testdb_number(t, COUNT_SESSIONS, deleter.id), 0);
	assert_int_equal(testdb_number(t, COUNT_MESSAGES, deleter.id), 0);
	assert_int_equal(
		session_lock(t->db, &t->arena, deleter.user_id, deleter.id),
		ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_deleted_session_leaves_nothing),
		cmocka_unit_test(a_reply_may_end_after_its_session),
		cmocka_unit_test(many_are_deleted_all_or_none),
		cmocka_unit_test(a_deletion_takes_the_turn_before_it_along),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
