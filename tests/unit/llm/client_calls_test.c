/* client_calls_test.c: cancelled calls, and several at once. */

#include "testcall.h"

#include "base/clock.h"
#include "llm/client_private.h"

#include <string.h>

/* ---- cancelling */

static void
test_cancel_from_an_event(void **state)
{
	static const struct answer answer = {
		HEAD_200 DELTA("a") DELTA("b") DELTA("c") STOP DONE, CLOSE
	};
	struct server server;
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	testserver_open(&server, &answer, 1);
	conf = testserver_conf(server.port, url);
	testrun_open(&run, &conf);
	run.cancel_at = 2; /* after LLM_BEGIN and "a" */
	testrun_start(&run);
	loop_run(run.loop);
	assert_int_equal(run.n_events, 2);
	assert_int_equal(run.n_ends, 0);
	assert_int_equal(llm_client_calls(run.client), 0);
	testrun_close(&run);
	testserver_close(&server);
}

static void
cancel_it(void *arg)
{
	struct run *run = arg;

	llm_call_cancel(run->call);
	loop_stop(run->loop);
}

/* Cancels at once, and while the call waits for an answer that does not
 * come. */
static void
test_cancel(void **state)
{
	static const struct answer answer = { "", HANG };

	(void)state;
	for (int delay_ms = 0; delay_ms <= 50; delay_ms += 50) {
		struct server server;
		struct llm_conf conf;
		struct run run;
		struct timer timer = { .fn = cancel_it, .arg = &run };
		char url[64];

		testserver_open(&server, &answer, 1);
		conf = testserver_conf(server.port, url);
		testrun_open(&run, &conf);
		testrun_start(&run);
		loop_timer_set(run.loop, &timer, clock_mono_ms() + delay_ms);
		loop_run(run.loop);
		assert_int_equal(run.n_ends, 0);
		assert_int_equal(run.n_events, 0);
		testrun_close(&run);
		testserver_close(&server);
	}
}

/* Closing with calls in every state leaks nothing (as the sanitizers' build
 * shows). */
static void
test_close_while_running(void **state)
{
	static const struct answer answer = { HEAD_200 DELTA("a"), HANG };
	struct server server;
	struct llm_conf conf;
	struct run run;
	struct timer timer = { .fn = cancel_it, .arg = &run };
	char url[64];

	(void)state;
	testserver_open(&server, &answer, 1);
	conf = testserver_conf(server.port, url);
	testrun_open(&run, &conf);
	for (int i = 0; i < 5; i++)
		testrun_start(&run);
	loop_timer_set(run.loop, &timer, clock_mono_ms() + 50);
	loop_run(run.loop);
	testrun_start(&run);
	assert_int_equal(run.n_ends, 0);
	testrun_close(&run);
	testserver_close(&server);
}

static void
test_many(void **state)
{
	static const struct answer answer = { HEAD_200 DELTA("a") STOP DONE,
		CLOSE };
	struct server server;
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	testserver_open(&server, &answer, 1);
	conf = testserver_conf(server.port, url);
	testrun_open(&run, &conf);
	for (int i = 0; i < 100; i++)
		testrun_start(&run);
	assert_int_equal(llm_client_calls(run.client), 100);
	loop_run(run.loop);
	assert_int_equal(run.n_ends, 100);
	assert_int_equal(run.text.len, 100);
	testrun_close(&run);
	testserver_close(&server);
}

/* ---- models */

/* One client has calls to two models at the same time; the test releases the
 * models before they have answered. */
static void
test_each_call_has_its_model(void **state)
{
	static const struct answer first = { HEAD_200 DELTA("one") STOP DONE,
		CLOSE };
	static const struct answer second = { HEAD_200 DELTA("two") STOP DONE,
		CLOSE };
	struct server servers[2];
	struct llm_model *models[2];
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	testserver_open(&servers[0], &first, 1);
	testserver_open(&servers[1], &second, 1);
	conf = testserver_conf(servers[0].port, url);
	testrun_open(&run, &conf);
	models[0] = run.model;
	conf = testserver_conf(servers[1].port, url);
	assert_int_equal(testrun_model(&conf, &models[1]), OK);
	for (int i = 0; i < 2; i++) {
		run.model = models[i];
		testrun_start(&run);
		assert_int_equal(models[i]->holders, 2);
	}
	llm_model_release(models[1]);
	run.model = models[0];
	loop_run(run.loop);
	assert_int_equal(run.n_ends, 2);
	assert_int_equal(run.text.len, 6);
	assert_non_null(strstr(buf_str(&run.text), "one"));
	assert_non_null(strstr(buf_str(&run.text), "two"));
	testrun_close(&run);
	testserver_close(&servers[0]);
	testserver_close(&servers[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cancel_from_an_event),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_close_while_running),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_each_call_has_its_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
