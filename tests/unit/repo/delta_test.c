/* delta_test.c: the journal's rows are written while the lease is held, all or
 * none, and followers read them together with the reply's state. */

#include "repo/delta.h"

#include "../unit.h"
#include "repo/message.h"
#include "testdb.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROWS "SELECT COUNT(*) FROM message_delta WHERE message_id = ?"

static struct testdb *t;
static struct db *other;
static struct delta_texts texts;

static int
setup(void **state)
{
	if (testdb_open(state) != 0)
		return -1;
	t = *state;
	other = db_new(&t->conf.db);
	return 0;
}

static int
teardown(void **state)
{
	int failed;

	db_free(other);
	failed = testdb_close(state);
	delta_texts_free(&texts);
	return failed;
}

static struct lease
take(int64_t lease_ms)
{
	struct worker_terms wanted = {
		.holder = "test", .alive = "", .lease_ms = lease_ms
	};
	struct lease lease;
	int64_t after_ms;

	assert_int_equal(worker_clock(t->db, &wanted.now_ms), OK);
	assert_int_equal(worker_take(t->db, &wanted, &lease, &after_ms), OK);
	return lease;
}

static void
fill(struct bulk *bulk, struct lease lease, uint64_t id, uint32_t n)
{
	delta_begin(bulk);
	for (uint32_t seq = 0; seq < n; seq++)
		delta_add(bulk, lease, id, seq, span_of("it's; a \\ ?"));
}

static enum err
insert(struct lease lease, uint64_t id, uint32_t n)
{
	struct bulk bulk = { 0 };
	enum err err;

	fill(&bulk, lease, id, n);
	err = delta_insert(&bulk, t->db);
	bulk_free(&bulk);
	return err;
}

static enum err
insert_prepared(struct lease lease, uint64_t id, uint32_t n)
{
	struct delta_row rows[DELTA_PREPARED_MAX + DELTA_STEP];

	for (uint32_t seq = 0; seq < n; seq++)
		rows[seq] =
			(struct delta_row){ id, seq, span_of("it's; \\ ?") };
	return delta_insert_prepared(&texts, t->db, lease, rows, n);
}

static void
end_lease(struct lease lease)
{
	assert_int_equal(db_exec(t->db,
				 "UPDATE worker SET lease_until = NOW(3)"
				 " WHERE id = ?",
				 PARAMS(U64(lease.node))),
		OK);
}

static void
rows_are_written_while_the_lease_is_held(void **state)
{
	struct lease lease = take(60000), other_epoch = lease;
	uint64_t id = testdb_id();

	(void)state;
	assert_int_equal(insert(lease, id, 3), OK);
	assert_int_equal(testdb_number(t, ROWS, id), 3);
	/* The same batch again, without writing a part of it. */
	assert_int_equal(insert(lease, id, 5), ERR_CONFLICT);
	assert_int_equal(testdb_number(t, ROWS, id), 3);

	id = testdb_id();
	other_epoch.epoch++;
	assert_int_equal(insert(other_epoch, id, 3), ERR_INVALID);
	assert_int_equal(insert((struct lease){ 0 }, id, 3), ERR_INVALID);
	end_lease(lease);
	assert_int_equal(insert(lease, id, 3), ERR_INVALID);
	assert_int_equal(testdb_number(t, ROWS, id), 0);
	assert_int_equal(worker_fence(t->db, lease), ERR_BUSY);
	assert_int_equal(worker_retire(t->db, lease), OK);
}

static void
so_are_rows_of_a_prepared_statement(void **state)
{
	static const uint32_t sizes[] = { 1, 2, 31, DELTA_FEW,
		DELTA_FEW + DELTA_STEP, DELTA_PREPARED_MAX };
	struct lease lease = take(60000), other_epoch = lease;
	uint64_t id;

	(void)state;
	other_epoch.epoch++;
	for (size_t i = 0; i < LENGTH(sizes); i++) {
		id = testdb_id();
		assert_int_equal(insert_prepared(other_epoch, id, sizes[i]),
			ERR_INVALID);
		assert_int_equal(testdb_number(t, ROWS, id), 0);
		assert_int_equal(insert_prepared(lease, id, sizes[i]), OK);
		assert_int_equal(testdb_number(t, ROWS, id), sizes[i]);
		assert_int_equal(
			insert_prepared(lease, id, sizes[i]), ERR_CONFLICT);
		assert_int_equal(
			testdb_number(
				t, ROWS " AND body = 'it\\'s; \\\\ ?'", id),
			sizes[i]);
	}
	id = testdb_id();
	assert_int_equal(
		insert_prepared(lease, id, DELTA_FEW + 1), ERR_INVALID);
	assert_int_equal(
		insert_prepared(lease, id, DELTA_PREPARED_MAX + DELTA_STEP),
		ERR_INVALID);
	assert_int_equal(insert_prepared(lease, id, 0), ERR_INVALID);
	end_lease(lease);
	assert_int_equal(insert_prepared(lease, id, 3), ERR_INVALID);
	assert_int_equal(testdb_number(t, ROWS, id), 0);
	assert_int_equal(worker_retire(t->db, lease), OK);
}

/* ---- the fence in the statement holds the lease until the end */

struct race {
	struct lease lease;
	uint64_t id;
	pthread_t thread;
	_Atomic int step; /* position of the next event */
	int retired_at;
};

static void *
retire(void *arg)
{
	struct race *race = arg;
	enum err err;

	while ((err = worker_retire(other, race->lease)) == ERR_NOT_FOUND)
		;
	if (err == OK)
		race->retired_at = ++race->step;
	return NULL;
}

static enum err
write_slowly(struct db *db, void *arg)
{
	const struct timespec pause = { 0, 300000000 };
	struct race *race = arg;
	struct bulk bulk = { 0 };
	enum err err;

	fill(&bulk, race->lease, race->id, 2);
	err = delta_insert(&bulk, db);
	bulk_free(&bulk);
	TRY(err);
	nanosleep(&pause, NULL);
	pthread_create(&race->thread, NULL, retire, race);
	nanosleep(&pause, NULL);
	race->step++;
	return OK;
}

static void
retiring_waits_for_the_statement(void **state)
{
	struct race race = { .id = testdb_id() };

	(void)state;
	race.lease = take(200);
	assert_int_equal(db_transaction(t->db, write_slowly, &race), OK);
	pthread_join(race.thread, NULL);
	assert_int_equal(race.retired_at, 2);
	assert_int_equal(testdb_number(t, ROWS, race.id), 2);
}

/* ---- following */

struct seen {
	uint32_t n, last;
};

static enum err
see(uint32_t seq, struct span body, void *arg)
{
	struct seen *seen = arg;

	assert_true(body.len > 0);
	seen->n++;
	seen->last = seq;
	return OK;
}

static void
a_follower_reads_state_and_rows(void **state)
{
	struct lease lease = take(60000);
	struct message message = { .id = testdb_id(),
		.active = true,
		.status = STATUS_STREAMING,
		.parts = span_of("[]"),
		.create_ms = 1764000000000,
		.update_ms = 1764000000000 };
	const struct message_end end = { .session_id = testdb_id(),
		.id = message.id,
		.life = message_life(&message),
		.status = "complete",
		.parts = span_of("[]"),
		.metadata = span_of("{}"),
		.now_ms = 1764000000000 };
	struct seen seen = { 0 };
	bool running = true, done;

	(void)state;
	assert_int_equal(delta_follow(t->db, &t->arena,
				 &(struct delta_place){ end.session_id,
					 message.id, 1764000000000, 0 },
				 &running, see, &seen),
		ERR_NOT_FOUND);
	assert_int_equal(message_insert(t->db, end.session_id, &message), OK);
	assert_int_equal(delta_follow(t->db, &t->arena,
				 &(struct delta_place){ end.session_id,
					 message.id, 1764000000000, 0 },
				 &running, see, &seen),
		OK);
	assert_true(running);
	assert_int_equal(seen.n, 0);
	assert_int_equal(insert(lease, message.id, 7), OK);
	assert_int_equal(delta_follow(t->db, &t->arena,
				 &(struct delta_place){ end.session_id,
					 message.id, 1764000000000, 4 },
				 &running, see, &seen),
		OK);
	assert_int_equal(seen.n, 3);
	assert_int_equal(seen.last, 6);
	assert_int_equal(message_finish(t->db, &end, &done), OK);
	assert_int_equal(delta_follow(t->db, &t->arena,
				 &(struct delta_place){ end.session_id,
					 message.id, 1764000000000, 0 },
				 &running, see, &seen),
		OK);
	assert_false(running);
	assert_int_equal(seen.n, 3);
	assert_int_equal(delta_delete(t->db, message.id), OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_written_while_the_lease_is_held),
		cmocka_unit_test(so_are_rows_of_a_prepared_statement),
		cmocka_unit_test(retiring_waits_for_the_statement),
		cmocka_unit_test(a_follower_reads_state_and_rows),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
