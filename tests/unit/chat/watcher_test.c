/* watcher_test.c: what a process is told about requests to stop its replies. */

#include "chat/watcher.h"

#include "../repo/testdb.h"
#include "../unit.h"
#include "repo/stop_request.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

struct stage {
	struct testdb *t;
	struct snowflake *ids;
	struct loop *loop;
	struct watcher *watcher;
	pthread_t thread;
	uint64_t wanted; /* the reply whose stop is counted */
	atomic_uint n_told;
};

static void
on_rows(void *arg, uint64_t message_id, struct span rows)
{
	(void)arg;
	(void)message_id;
	(void)rows;
}

static void
on_over(void *arg, uint64_t message_id, const struct message *message)
{
	(void)arg;
	(void)message_id;
	(void)message;
}

static void
on_stop(void *arg, uint64_t message_id)
{
	struct stage *stage = arg;

	if (message_id == stage->wanted)
		atomic_fetch_add(&stage->n_told, 1);
}

static void *
run(void *arg)
{
	struct stage *stage = arg;

	loop_run(stage->loop);
	return NULL;
}

static void
stage_open(struct stage *stage, struct testdb *t)
{
	static const struct watcher_handlers handlers = { on_rows, on_over,
		on_stop };

	*stage = (struct stage){ .t = t, .wanted = testdb_id() };
	assert_int_equal(
		snowflake_open(&t->conf, "watcher_test", &stage->ids), OK);
	assert_int_equal(loop_open(&stage->loop), OK);
	assert_int_equal(watcher_open(&t->conf, stage->ids, stage->loop,
				 &handlers, stage, &stage->watcher),
		OK);
	assert_int_equal(pthread_create(&stage->thread, NULL, run, stage), 0);
}

static void
stage_close(struct stage *stage)
{
	watcher_close(stage->watcher);
	loop_stop(stage->loop);
	pthread_join(stage->thread, NULL);
	loop_close(stage->loop);
	snowflake_close(stage->ids);
}

static void
nap_ms(long ms)
{
	const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

/* Until it was told so often; false when it does not come for ten seconds. */
static bool
is_told(struct stage *stage, unsigned times)
{
	for (int i = 0; i < 1000; i++) {
		if (atomic_load(&stage->n_told) >= times)
			return true;
		nap_ms(10);
	}
	return false;
}

static uint64_t
n_requests(struct stage *stage)
{
	return testdb_number(stage->t,
		"SELECT COUNT(*) FROM stop_request WHERE message_id = ?",
		stage->wanted);
}

/* A reply is committed before its stream begins: a stop that comes between
 * must still be there when it has begun. */
static void
a_request_is_told_until_it_is_dropped(void **state)
{
	struct stage stage;
	struct lease lease;
	unsigned told;

	stage_open(&stage, *state);
	lease = snowflake_lease(stage.ids);
	assert_int_equal(
		stop_request_put(stage.t->db, stage.wanted, lease), OK);
	assert_true(is_told(&stage, 3));
	assert_int_equal(n_requests(&stage), 1);
	assert_int_equal(
		stop_request_drop(stage.t->db, stage.wanted, lease), OK);
	nap_ms(400); /* what was read before that is told */
	told = atomic_load(&stage.n_told);
	nap_ms(600);
	assert_int_equal(atomic_load(&stage.n_told), told);
	stage_close(&stage);
}

static void
a_request_to_another_lease_is_not_ours(void **state)
{
	struct stage stage;
	struct lease lease;

	stage_open(&stage, *state);
	lease = snowflake_lease(stage.ids);
	lease.epoch++;
	assert_int_equal(
		stop_request_put(stage.t->db, stage.wanted, lease), OK);
	nap_ms(600);
	assert_int_equal(atomic_load(&stage.n_told), 0);
	assert_int_equal(
		stop_request_drop(stage.t->db, stage.wanted, lease), OK);
	stage_close(&stage);
}

/* By the database's clock: hosts need not agree on the time. */
static void
what_nobody_waits_for_is_swept(void **state)
{
	struct testdb *t = *state;
	struct stage stage = { .t = t, .wanted = testdb_id() };
	const struct lease lease = { 1023, 1 };

	assert_int_equal(stop_request_put(t->db, stage.wanted, lease), OK);
	assert_int_equal(stop_request_sweep(t->db), OK);
	assert_int_equal(n_requests(&stage), 1);
	assert_int_equal(db_exec(t->db,
				 "UPDATE stop_request SET create_time ="
				 " UTC_TIMESTAMP(3) - INTERVAL 61 SECOND"
				 " WHERE message_id = ?",
				 PARAMS(U64(stage.wanted))),
		OK);
	assert_int_equal(stop_request_sweep(t->db), OK);
	assert_int_equal(n_requests(&stage), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_told_until_it_is_dropped),
		cmocka_unit_test(a_request_to_another_lease_is_not_ours),
		cmocka_unit_test(what_nobody_waits_for_is_swept),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
