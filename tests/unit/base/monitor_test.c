/* monitor_test.c: waiting ends with a notification, or soon after its timeout.
 * Also run under the thread sanitizer. */

#include "base/monitor.h"

#include "../unit.h"
#include "base/clock.h"

#define LONG_MS 60000

struct stage {
	struct monitor monitor;
	pthread_t thread;
	bool told, closing;
	int n_rests;
};

static void *
tell(void *arg)
{
	struct stage *stage = arg;

	monitor_enter(&stage->monitor);
	stage->told = true;
	monitor_notify(&stage->monitor);
	monitor_leave(&stage->monitor);
	return NULL;
}

static void
what_is_told_ends_the_wait(void **state)
{
	struct stage stage = { 0 };
	int64_t until_ms = clock_mono_ms() + LONG_MS;

	(void)state;
	monitor_open(&stage.monitor);
	monitor_enter(&stage.monitor);
	assert_int_equal(pthread_create(&stage.thread, NULL, tell, &stage), 0);
	while (!stage.told)
		assert_true(monitor_wait_until(&stage.monitor, until_ms));
	monitor_leave(&stage.monitor);
	pthread_join(stage.thread, NULL);
	monitor_close(&stage.monitor);
}

static void
a_wait_without_news_ends_when_its_time_is_over(void **state)
{
	struct stage stage = { 0 };
	int64_t until_ms = clock_mono_ms() + 50;

	(void)state;
	monitor_open(&stage.monitor);
	monitor_enter(&stage.monitor);
	while (monitor_wait_until(&stage.monitor, until_ms))
		;
	assert_true(clock_mono_ms() >= until_ms);
	assert_false(monitor_wait_until(&stage.monitor, until_ms));
	monitor_leave(&stage.monitor);
	monitor_close(&stage.monitor);
}

static void *
go_round(void *arg)
{
	struct stage *stage = arg;

	while (monitor_rest(&stage->monitor, &stage->closing, LONG_MS))
		stage->n_rests++;
	return NULL;
}

/* Notified to close before, during or after its pause, the thread ends at
 * once. */
static void
a_thread_that_goes_round_ends_when_closed(void **state)
{
	(void)state;
	for (int i = 0; i < 200; i++) {
		struct stage stage = { 0 };

		monitor_open(&stage.monitor);
		assert_int_equal(
			pthread_create(&stage.thread, NULL, go_round, &stage),
			0);
		monitor_enter(&stage.monitor);
		stage.closing = true;
		monitor_notify(&stage.monitor);
		monitor_leave(&stage.monitor);
		pthread_join(stage.thread, NULL);
		assert_in_range(stage.n_rests, 0, 5);
		monitor_close(&stage.monitor);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_told_ends_the_wait),
		cmocka_unit_test(
			a_wait_without_news_ends_when_its_time_is_over),
		cmocka_unit_test(a_thread_that_goes_round_ends_when_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
