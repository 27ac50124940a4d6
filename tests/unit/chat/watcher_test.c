/* watcher_test.c: how a process learns of requests to stop its replies. */

#include "chat/watcher.h"

#include "../repo/testdb.h"
#include "../unit.h"
#include "repo/delta.h"
#include "repo/stop_request.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#define BEGAN INT64_C(1764000000000)

struct stage {
	struct testdb *t;
	struct snowflake *ids;
	struct loop *loop;
	struct watcher *watcher;
	pthread_t thread;
	/* the reply whose stop requests are counted, or that is followed */
	uint64_t wanted;
	atomic_bool idle; /* no reply is running */
	atomic_uint n_told;
	atomic_uint n_bytes, n_over, n_others;
};

static bool
runs_any(void *arg)
{
	struct stage *stage = arg;

	return !atomic_load(&stage->idle);
}

static void
on_rows(void *arg, uint64_t message_id, struct span rows)
{
	struct stage *stage = arg;

	if (message_id == stage->wanted)
		atomic_fetch_add(&stage->n_bytes, (unsigned)rows.len);
	else
		atomic_fetch_add(&stage->n_others, 1);
}

static void
on_over(void *arg, uint64_t message_id, const struct message *message)
{
	struct stage *stage = arg;

	if (message_id == stage->wanted && message != NULL)
		atomic_fetch_add(&stage->n_over, 1);
	else
		atomic_fetch_add(&stage->n_others, 1);
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
stage_open_with(struct stage *stage, struct testdb *t, bool idle)
{
	static const struct watcher_handlers handlers = { runs_any, on_rows,
		on_over, on_stop };

	*stage = (struct stage){
		.t = t,
		.wanted = testdb_id(),
		.idle = idle,
	};
	assert_int_equal(
		snowflake_open(&t->conf, "watcher_test", &stage->ids), OK);
	assert_int_equal(loop_open(&stage->loop), OK);
	assert_int_equal(watcher_open(&t->conf, stage->ids, stage->loop,
				 &handlers, stage, &stage->watcher),
		OK);
	assert_int_equal(pthread_create(&stage->thread, NULL, run, stage), 0);
}

static void
stage_open(struct stage *stage, struct testdb *t)
{
	stage_open_with(stage, t, false);
}

static void
stage_close(struct stage *stage)
{
	loop_stop(stage->loop);
	pthread_join(stage->thread, NULL);
	watcher_close(stage->watcher);
	loop_close(stage->loop);
	snowflake_close(stage->ids);
}

static void
nap_ms(long ms)
{
	const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

/* Waits for that many notifications; false if they do not come within ten
 * seconds. */
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

/* A reply is committed before its stream begins, so a stop request made in
 * between must still be there when it has begun. */
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
	nap_ms(400); /* lets what was read before that arrive */
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

/* The database is not asked while there is nothing to stop; a reply that begins
 * then still gets an older request. */
static void
a_request_waits_for_its_reply(void **state)
{
	struct stage stage;
	struct lease lease;

	stage_open_with(&stage, *state, true);
	lease = snowflake_lease(stage.ids);
	assert_int_equal(
		stop_request_put(stage.t->db, stage.wanted, lease), OK);
	nap_ms(600);
	assert_int_equal(atomic_load(&stage.n_told), 0);
	atomic_store(&stage.idle, false);
	assert_true(is_told(&stage, 1));
	assert_int_equal(
		stop_request_drop(stage.t->db, stage.wanted, lease), OK);
	stage_close(&stage);
}

/* The database's clock counts, because hosts may not agree on the time. */
static void
an_unclaimed_request_is_swept(void **state)
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

/* ---- following */

static uint64_t
start_reply(struct stage *stage)
{
	const struct message message = { .id = stage->wanted,
		.active = true,
		.status = STATUS_STREAMING,
		.parts = span_of("[]"),
		.create_ms = BEGAN };
	uint64_t session_id = testdb_id();

	assert_int_equal(
		message_insert(stage->t->db, session_id, &message), OK);
	return session_id;
}

static void
say(struct stage *stage, uint32_t seq)
{
	static const char add[] =
		"INSERT INTO message_delta"
		" (message_id, seq, body) VALUES (?, ?, 'xy')";

	assert_int_equal(db_exec(stage->t->db, add,
				 PARAMS(U64(stage->wanted), U64(seq))),
		OK);
}

static bool
reaches(atomic_uint *count, unsigned n)
{
	for (int i = 0; i < 1000 && atomic_load(count) < n; i++)
		nap_ms(10);
	return atomic_load(count) == n;
}

/* Each row is reported once, then the end, once. Many replies are followed at
 * once, and some are abandoned while the thread looks at them. */
static void
a_reply_is_followed_to_its_end(void **state)
{
	struct stage stage;
	struct message_end end = { .life = { .began_ms = BEGAN },
		.status = "complete",
		.parts = span_of("[]"),
		.metadata = span_of("{}"),
		.now_ms = BEGAN };
	bool done;

	stage_open(&stage, *state);
	end.session_id = start_reply(&stage);
	end.id = stage.wanted;
	for (uint64_t i = 1; i <= 50; i++)
		watcher_add(stage.watcher, end.session_id, testdb_id(), BEGAN);
	watcher_add(stage.watcher, end.session_id, stage.wanted, BEGAN);
	for (uint32_t seq = 0; seq < 3; seq++) {
		say(&stage, seq);
		assert_true(reaches(&stage.n_bytes, 2 * (seq + 1)));
	}
	/* it waits for rows that do not exist */
	assert_true(reaches(&stage.n_others, 50));
	assert_int_equal(message_finish(stage.t->db, &end, &done), OK);
	assert_true(reaches(&stage.n_over, 1));
	nap_ms(400);
	assert_int_equal(atomic_load(&stage.n_over), 1);
	assert_int_equal(atomic_load(&stage.n_bytes), 6);
	assert_int_equal(delta_delete(stage.t->db, end.id), OK);
	stage_close(&stage);
}

/* Between two looks the reply ends, is continued, and says something. */
struct next_life {
	struct stage *stage;
	uint64_t session_id;
};

static enum err
live_on(struct db *db, void *arg)
{
	const struct next_life *next = arg;
	const struct message_end end = { .session_id = next->session_id,
		.id = next->stage->wanted,
		.life = { .began_ms = BEGAN },
		.status = "complete",
		.parts = span_of("[]"),
		.metadata = span_of("{}"),
		.now_ms = BEGAN };
	const struct message_life life = { { 0, 1 }, BEGAN + 1 };
	bool done;

	TRY(message_finish(db, &end, &done));
	assert_true(done);
	TRY(delta_delete(db, end.id));
	TRY(message_reopen(db, end.session_id, end.id, &life, end.parts));
	for (uint32_t seq = 0; seq < 9; seq++)
		say(next->stage, seq);
	return OK;
}

static void
rows_of_the_next_life_are_not_told(void **state)
{
	struct next_life next;
	struct stage stage;

	stage_open(&stage, *state);
	next = (struct next_life){ &stage, start_reply(&stage) };
	watcher_add(stage.watcher, next.session_id, stage.wanted, BEGAN);
	for (uint32_t seq = 0; seq < 3; seq++) {
		say(&stage, seq);
		assert_true(reaches(&stage.n_bytes, 2 * (seq + 1)));
	}
	assert_int_equal(db_transaction(stage.t->db, live_on, &next), OK);
	assert_true(reaches(&stage.n_over, 1));
	nap_ms(400);
	assert_int_equal(atomic_load(&stage.n_over), 1);
	assert_int_equal(atomic_load(&stage.n_bytes), 6);
	assert_int_equal(delta_delete(stage.t->db, stage.wanted), OK);
	stage_close(&stage);
}

static void
a_reply_without_readers_is_not_reported(void **state)
{
	struct stage stage;
	struct message_end end = { .life = { .began_ms = BEGAN },
		.status = "complete",
		.parts = span_of("[]"),
		.metadata = span_of("{}"),
		.now_ms = BEGAN };
	uint64_t session_id;
	bool done;

	stage_open(&stage, *state);
	session_id = start_reply(&stage);
	for (int i = 0; i < 200; i++) {
		watcher_add(stage.watcher, session_id, stage.wanted, BEGAN);
		if (i % 20 == 0)
			nap_ms(3);
		watcher_remove(stage.watcher, stage.wanted);
	}
	say(&stage, 0);
	nap_ms(400);
	assert_int_equal(atomic_load(&stage.n_bytes), 0);
	end.session_id = session_id;
	end.id = stage.wanted;
	assert_int_equal(message_finish(stage.t->db, &end, &done), OK);
	assert_int_equal(delta_delete(stage.t->db, end.id), OK);
	stage_close(&stage);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_told_until_it_is_dropped),
		cmocka_unit_test(a_request_to_another_lease_is_not_ours),
		cmocka_unit_test(a_request_waits_for_its_reply),
		cmocka_unit_test(an_unclaimed_request_is_swept),
		cmocka_unit_test(a_reply_is_followed_to_its_end),
		cmocka_unit_test(rows_of_the_next_life_are_not_told),
		cmocka_unit_test(a_reply_without_readers_is_not_reported),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
