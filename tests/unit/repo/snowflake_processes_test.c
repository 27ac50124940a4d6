/*
 * snowflake_processes_test.c: ids of several processes on one database, one of
 * which is stopped.
 */

#include "base/clock.h"
#include "idtest.h"
#include "repo/idgen_private.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

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
			idtest_pause_ms(1);
	return NULL;
}

/* Runs in a child, and ends it. */
static void
make_in_threads(uint64_t *out, int64_t *took_ms)
{
	struct maker makers[THREADS];
	struct snowflake *ids;
	int64_t start_ms;

	if (snowflake_open(idtest.conf, "test", &ids) != OK)
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
	struct lease lease; /* the first lease */
	_Atomic size_t n;
	uint64_t ids[LOG_MAX];
};

/* Runs in a child until it is killed. */
static void
make_and_log(struct shared_log *log)
{
	struct snowflake *ids;
	uint64_t id;

	if (snowflake_open(idtest.conf, "test", &ids) != OK)
		_exit(1);
	log->lease = snowflake_lease(ids);
	while (log->n < LOG_MAX) {
		if (snowflake_next(ids, 0, &id) != OK) {
			idtest_pause_ms(1);
			continue;
		}
		log->ids[log->n] = id;
		log->n++;
		if (log->n % 1000 == 0)
			idtest_pause_ms(1);
	}
	_exit(1);
}

static void
wait_for_ids(struct shared_log *log, size_t n)
{
	for (int i = 0; i < 30000 && log->n < n; i++)
		idtest_pause_ms(1);
	assert_true(log->n >= n);
}

/* A process is stopped in the middle of its work until its lease has ended and
 * been cleared up: it generates no further id under that lease. */
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
	assert_int_equal(worker_fence(idtest.db, lease), OK);
	kill(child, SIGSTOP);
	while (worker_retire(idtest.db, lease) != OK)
		idtest_pause_ms(20);
	before = log->n;
	reserved_ms = idtest_number(IDTEST_LAST_MS, lease.node);
	kill(child, SIGCONT);
	wait_for_ids(log, before + 5000);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(worker_fence(idtest.db, lease), ERR_CONFLICT);

	for (size_t i = 0; i < before; i++) {
		assert_int_equal(id_node(log->ids[i]), lease.node);
		assert_true(id_ms(log->ids[i]) <= reserved_ms);
	}
	/* The id at *before* may have been on its way into the log. */
	for (size_t i = before + 1; i < log->n; i++)
		assert_true(id_node(log->ids[i]) != lease.node ||
			id_ms(log->ids[i]) > reserved_ms);
	munmap(log, sizeof(*log));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			eight_million_ids_of_two_processes_are_all_different,
			idtest_clear),
		cmocka_unit_test_setup(
			a_stopped_process_does_not_go_on_under_its_lease,
			idtest_clear),
	};

	return cmocka_run_group_tests(tests, idtest_setup, testdb_close);
}
