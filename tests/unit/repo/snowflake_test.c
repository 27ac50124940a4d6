/*
 * snowflake_test.c: ids under a lease from the real database, while clocks
 * step, leases end, the database stalls and processes are stopped.
 */

#include "repo/snowflake.h"

#include "../unit.h"
#include "base/clock.h"
#include "repo/idgen.h"
#include "testdb.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LEASE_MS 600
#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)

/* ---- clock.h, with a wall clock that can be set; it is linked in the place
 * of lib/base/clock.c */

static _Atomic int64_t wall_offset_ms;

static int64_t
read_ms(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_wall_ms(void)
{
	return read_ms(CLOCK_REALTIME) + wall_offset_ms;
}

int64_t
clock_mono_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

void
clock_iso(int64_t wall_ms, char out[CLOCK_ISO_LEN])
{
	snprintf(out, CLOCK_ISO_LEN, "%lld", (long long)wall_ms);
}

/* ---- helpers */

static struct conf *conf;
static struct db *db;

static int
setup(void **state)
{
	struct testdb *t;

	if (testdb_open(state) != 0)
		return -1;
	t = *state;
	conf = &t->conf;
	conf->worker_lease_ms = LEASE_MS;
	db = t->db;
	return 0;
}

static void
run(const char *sql)
{
	assert_int_equal(db_script(db, span_of(sql)), OK);
}

static int
clear(void **state)
{
	(void)state;
	wall_offset_ms = 0;
	run("DELETE FROM worker");
	return 0;
}

static struct snowflake *
open_ids(void)
{
	struct snowflake *ids;

	assert_int_equal(snowflake_open(conf, "test", &ids), OK);
	return ids;
}

static uint64_t
next(struct snowflake *ids)
{
	uint64_t id;

	assert_int_equal(snowflake_next(ids, 0, &id), OK);
	return id;
}

static void
pause_ms(int64_t ms)
{
	struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

/* Waits, for very long if need be, until ids are made again. */
static uint64_t
next_at_last(struct snowflake *ids)
{
	uint64_t id;

	for (int i = 0; i < 3000; i++) {
		if (snowflake_next(ids, 0, &id) == OK)
			return id;
		pause_ms(10);
	}
	fail_msg("%s", "no ids after 30 seconds");
	return 0;
}

static void
wait_until_refused(struct snowflake *ids)
{
	uint64_t id;

	for (int i = 0; i < 3000; i++) {
		if (snowflake_next(ids, 0, &id) == ERR_BUSY)
			return;
		pause_ms(10);
	}
	fail_msg("%s", "ids were not refused for 30 seconds");
}

static void
read_i64(struct row *row, void *out)
{
	*(int64_t *)out = row_i64(row);
}

static int64_t
number(const char *sql, uint64_t node)
{
	int64_t value;

	assert_int_equal(
		db_one(db, NULL, sql, PARAMS(U64(node)), read_i64, &value), OK);
	return value;
}

static const char LAST_MS[] = "SELECT last_ms FROM worker WHERE id = ?";
static const char HELD[] =
	"SELECT lease_until > NOW(3) FROM worker WHERE id = ?";
static const char RENEWED[] =
	"SELECT TIMESTAMPDIFF(MICROSECOND, '2020-01-01', lease_until)"
	" FROM worker WHERE id = ?";

/* ---- the lease */

static void
makes_ids_of_the_leased_node(void **state)
{
	struct snowflake *ids = open_ids();
	struct lease lease = snowflake_lease(ids);
	uint64_t last = 0, id;

	(void)state;
	assert_true(snowflake_held(ids));
	assert_int_equal(worker_fence(db, lease), OK);
	for (int i = 0; i < 100000; i++) {
		id = next(ids);
		assert_int_equal(id_node(id), lease.node);
		assert_true(id > last);
		last = id;
	}
	assert_true(id_ms(last) <= number(LAST_MS, lease.node));
	assert_int_equal(snowflake_next(ids, last + 1000, &id), OK);
	assert_true(id > last + 1000);
	assert_in_range(
		id_ms(id), clock_wall_ms() - MINUTE, clock_wall_ms() + MINUTE);
	snowflake_close(ids);
}

static void
keeps_its_lease(void **state)
{
	struct snowflake *ids = open_ids();
	struct lease lease = snowflake_lease(ids);
	int64_t renewed = number(RENEWED, lease.node);

	(void)state;
	while (number(RENEWED, lease.node) < renewed + 3 * LEASE_MS * 1000)
		pause_ms(10);
	assert_int_equal(snowflake_lease(ids).epoch, lease.epoch);
	assert_int_equal(id_node(next(ids)), lease.node);
	snowflake_close(ids);
}

static void
gives_its_lease_back(void **state)
{
	struct snowflake *ids = open_ids();
	struct lease lease = snowflake_lease(ids);
	uint64_t id = next(ids);

	(void)state;
	snowflake_close(ids);
	assert_int_equal(number(HELD, lease.node), 0);
	assert_int_equal(number(LAST_MS, lease.node), id_ms(id));
	assert_int_equal(worker_fence(db, lease), ERR_CONFLICT);
}

static void
two_have_different_nodes(void **state)
{
	struct snowflake *a = open_ids(), *b = open_ids();

	(void)state;
	assert_int_not_equal(snowflake_lease(a).node, snowflake_lease(b).node);
	snowflake_close(a);
	snowflake_close(b);
}

static void
replaces_a_lease_that_was_ended(void **state)
{
	struct snowflake *ids = open_ids();
	struct lease before = snowflake_lease(ids), after = before;
	uint64_t id;

	(void)state;
	run("UPDATE worker SET epoch = epoch + 1");
	while (after.epoch == 0 ||
		(after.node == before.node && after.epoch == before.epoch)) {
		pause_ms(10);
		after = snowflake_lease(ids);
	}
	id = next_at_last(ids);
	assert_int_equal(id_node(id), after.node);
	assert_int_equal(worker_fence(db, before), ERR_CONFLICT);
	assert_int_equal(worker_fence(db, after), OK);
	snowflake_close(ids);
}

/* The table is locked by somebody: nothing can be renewed. */
static void
refuses_while_the_lease_has_run_out(void **state)
{
	struct snowflake *ids = open_ids();
	struct lease before = snowflake_lease(ids), after;

	(void)state;
	run("LOCK TABLES worker WRITE");
	wait_until_refused(ids);
	assert_false(snowflake_held(ids));
	/* The renewal that waits for the lock comes too late as well. */
	pause_ms(2 * LEASE_MS);
	run("UNLOCK TABLES");
	next_at_last(ids);
	after = snowflake_lease(ids);
	assert_true(snowflake_held(ids));
	assert_int_equal(after.node, before.node);
	assert_int_equal(after.epoch, before.epoch);
	snowflake_close(ids);
}

/* Likewise, but somebody has cleared up after it in the meantime. */
static void
takes_another_when_the_lease_was_retired(void **state)
{
	struct snowflake *ids = open_ids();
	struct lease before = snowflake_lease(ids), after;

	(void)state;
	run("LOCK TABLES worker WRITE");
	wait_until_refused(ids);
	while (worker_retire(db, before) != OK)
		pause_ms(10);
	run("UNLOCK TABLES");
	next_at_last(ids);
	after = snowflake_lease(ids);
	assert_true(
		after.node != before.node || after.epoch > before.epoch + 1);
	assert_int_equal(worker_fence(db, before), ERR_CONFLICT);
	snowflake_close(ids);
}

static void
opening_needs_the_database(void **state)
{
	struct conf nowhere = *conf;
	struct snowflake *ids;

	(void)state;
	nowhere.db.socket = "/nowhere/mysql.sock";
	assert_int_equal(snowflake_open(&nowhere, "test", &ids), ERR_BUSY);
}

/* ---- the wall clock */

static void
small_steps_are_not_noticed(void **state)
{
	static const int64_t steps[] = { -1, -1000, -9000, 1, 1000, 9000 };
	struct snowflake *ids = open_ids();
	uint64_t last = next(ids), id;

	(void)state;
	for (size_t i = 0; i < LENGTH(steps); i++) {
		wall_offset_ms = steps[i];
		id = next(ids);
		assert_true(id > last);
		wall_offset_ms = 0;
		last = next(ids);
		assert_true(last > id);
	}
	snowflake_close(ids);
}

static void
large_steps_back_are_refused_and_heal(void **state)
{
	int64_t to_1970 = -clock_wall_ms();
	int64_t steps[] = { -HOUR, to_1970, to_1970 - HOUR };
	struct snowflake *ids = open_ids();
	uint64_t last = next(ids), id;

	(void)state;
	for (size_t i = 0; i < LENGTH(steps); i++) {
		wall_offset_ms = steps[i];
		assert_int_equal(snowflake_next(ids, 0, &id), ERR_BUSY);
		pause_ms(LEASE_MS); /* the keeper has seen it as well */
		assert_int_equal(snowflake_next(ids, 0, &id), ERR_BUSY);
		assert_true(snowflake_held(ids));
		wall_offset_ms = 0;
		id = next(ids);
		assert_true(id > last);
		last = id;
	}
	snowflake_close(ids);
}

static void
an_hour_forward_and_back_does_no_harm(void **state)
{
	struct snowflake *ids = open_ids();
	struct lease lease = snowflake_lease(ids);
	uint64_t last = next(ids), id;

	(void)state;
	wall_offset_ms = HOUR;
	for (int i = 0; i < 20; i++) {
		id = next(ids);
		assert_true(id > last);
		last = id;
		pause_ms(LEASE_MS / 10);
	}
	wall_offset_ms = 0;
	id = next(ids);
	assert_true(id > last);
	assert_true(id_ms(id) < clock_wall_ms() + MINUTE);
	assert_true(number(LAST_MS, lease.node) < clock_wall_ms() + MINUTE);
	snowflake_close(ids);
}

/* Within the tolerance the wrong clock is believed, so ids get ahead; put
 * right again, they are made with another node. */
static void
ids_far_ahead_are_left_behind_with_their_node(void **state)
{
	struct snowflake *ids = open_ids();
	struct lease before = snowflake_lease(ids);
	uint64_t id = next(ids);

	(void)state;
	wall_offset_ms = 4 * MINUTE;
	while (id_ms(id) < clock_wall_ms() - MINUTE) {
		pause_ms(10);
		id = next(ids);
	}
	wall_offset_ms = 0;
	assert_int_equal(snowflake_next(ids, 0, &id), ERR_BUSY);
	id = next_at_last(ids);
	assert_int_not_equal(id_node(id), before.node);
	assert_true(id_ms(id) < clock_wall_ms() + MINUTE);
	snowflake_close(ids);
}

/* A process that starts with a wrong clock makes nothing, spoils nothing, and
 * works as soon as the clock is right. */
static void
starting_with_a_wrong_clock(void **state)
{
	static const int64_t offsets[] = { -HOUR, HOUR, -50 * 365 * 24 * HOUR,
		50 * 365 * 24 * HOUR, 100 * 365 * 24 * HOUR };
	uint64_t id, last = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(offsets); i++) {
		struct snowflake *ids;

		wall_offset_ms = offsets[i];
		ids = open_ids();
		assert_int_equal(snowflake_next(ids, 0, &id), ERR_BUSY);
		wall_offset_ms = 0;
		id = next_at_last(ids);
		assert_true(id > last);
		assert_true(id_ms(id) < clock_wall_ms() + MINUTE);
		last = id;
		snowflake_close(ids);
	}
}

/* ---- several processes */

#define PROCESSES 2
#define THREADS 4
#define IDS_PER_THREAD 1000000
#define IDS ((size_t)PROCESSES * THREADS * IDS_PER_THREAD)

struct maker {
	struct snowflake *ids;
	uint64_t *out;
	pthread_t thread;
};

static void *
shared_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(memory != MAP_FAILED);
	return memory;
}

static void *
make_ids(void *arg)
{
	struct maker *maker = arg;

	for (size_t i = 0; i < IDS_PER_THREAD; i++)
		while (snowflake_next(maker->ids, 0, &maker->out[i]) != OK)
			pause_ms(1);
	return NULL;
}

/* In a child: ends it. */
static void
make_in_threads(uint64_t *out, int64_t *took_ms)
{
	struct maker makers[THREADS];
	struct snowflake *ids;
	int64_t start_ms;

	if (snowflake_open(conf, "test", &ids) != OK)
		_exit(1);
	start_ms = clock_mono_ms();
	for (size_t i = 0; i < THREADS; i++) {
		makers[i] = (struct maker){ ids, out + i * IDS_PER_THREAD, 0 };
		pthread_create(&makers[i].thread, NULL, make_ids, &makers[i]);
	}
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(makers[i].thread, NULL);
	*took_ms = clock_mono_ms() - start_ms;
	snowflake_close(ids);
	_exit(0);
}

static int
compare_ids(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void
wait_for_child(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
eight_million_ids_of_two_processes_are_all_different(void **state)
{
	uint64_t *all = shared_memory(IDS * sizeof(*all));
	int64_t *took_ms = shared_memory(PROCESSES * sizeof(*took_ms));
	pid_t children[PROCESSES];

	(void)state;
	for (size_t i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		if (children[i] == 0)
			make_in_threads(
				all + i * (IDS / PROCESSES), &took_ms[i]);
		assert_true(children[i] > 0);
	}
	for (size_t i = 0; i < PROCESSES; i++) {
		wait_for_child(children[i]);
		print_message("process %zu: %d ids in %lld ms\n", i + 1,
			(int)(IDS / PROCESSES), (long long)took_ms[i]);
	}
	qsort(all, IDS, sizeof(*all), compare_ids);
	assert_true(all[0] > 0);
	for (size_t i = 1; i < IDS; i++)
		assert_true(all[i] > all[i - 1]);
	munmap(all, IDS * sizeof(*all));
	munmap(took_ms, PROCESSES * sizeof(*took_ms));
}

#define LOG_MAX 10000000

struct shared_log {
	struct lease lease; /* the first */
	_Atomic size_t n;
	uint64_t ids[LOG_MAX];
};

/* In a child, until it is killed. */
static void
make_and_log(struct shared_log *log)
{
	struct snowflake *ids;
	uint64_t id;

	if (snowflake_open(conf, "test", &ids) != OK)
		_exit(1);
	log->lease = snowflake_lease(ids);
	while (log->n < LOG_MAX) {
		if (snowflake_next(ids, 0, &id) != OK) {
			pause_ms(1);
			continue;
		}
		log->ids[log->n] = id;
		log->n++;
		if (log->n % 1000 == 0)
			pause_ms(1);
	}
	_exit(1);
}

static void
wait_for_ids(struct shared_log *log, size_t n)
{
	for (int i = 0; i < 30000 && log->n < n; i++)
		pause_ms(1);
	assert_true(log->n >= n);
}

/* Stopped in the middle of its work until its lease is over and cleared up
 * after: it makes no other id under it. */
static void
a_stopped_process_does_not_go_on_under_its_lease(void **state)
{
	struct shared_log *log = shared_memory(sizeof(*log));
	struct lease lease;
	size_t before;
	int64_t reserved_ms;
	pid_t child = fork();

	(void)state;
	if (child == 0)
		make_and_log(log);
	wait_for_ids(log, 5000);
	lease = log->lease;
	assert_int_equal(worker_fence(db, lease), OK);
	kill(child, SIGSTOP);
	while (worker_retire(db, lease) != OK)
		pause_ms(20);
	before = log->n;
	reserved_ms = number(LAST_MS, lease.node);
	kill(child, SIGCONT);
	wait_for_ids(log, before + 5000);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(worker_fence(db, lease), ERR_CONFLICT);

	for (size_t i = 0; i < before; i++) {
		assert_int_equal(id_node(log->ids[i]), lease.node);
		assert_true(id_ms(log->ids[i]) <= reserved_ms);
	}
	/* The one at *before* may have been on its way into the log. */
	for (size_t i = before + 1; i < log->n; i++)
		assert_true(id_node(log->ids[i]) != lease.node ||
			id_ms(log->ids[i]) > reserved_ms);
	munmap(log, sizeof(*log));
}

#define TEST(name) cmocka_unit_test_setup(name, clear)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(makes_ids_of_the_leased_node),
		TEST(keeps_its_lease),
		TEST(gives_its_lease_back),
		TEST(two_have_different_nodes),
		TEST(replaces_a_lease_that_was_ended),
		TEST(refuses_while_the_lease_has_run_out),
		TEST(takes_another_when_the_lease_was_retired),
		TEST(opening_needs_the_database),
		TEST(small_steps_are_not_noticed),
		TEST(large_steps_back_are_refused_and_heal),
		TEST(an_hour_forward_and_back_does_no_harm),
		TEST(ids_far_ahead_are_left_behind_with_their_node),
		TEST(starting_with_a_wrong_clock),
		TEST(eight_million_ids_of_two_processes_are_all_different),
		TEST(a_stopped_process_does_not_go_on_under_its_lease),
	};

	return cmocka_run_group_tests(tests, setup, testdb_close);
}
