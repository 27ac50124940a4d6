/* client_hold_test.c: answers that are left unread for a while. */

#include "base/clock.h"
#include "llm/client.h"
#include "testcall.h"

#define STEADY_MS 1500 /* when they may be left unread */
#define IDLE_MS 1000
#define UNREAD_MS 3500 /* longer than a model may be silent */

/* Leaves the answer unread, and looks at last what became of it. */
struct stage {
	struct run run;
	struct timer hold, end;
	unsigned n_before, n_unread, n_looked;
};

static void
on_hold(void *arg)
{
	struct stage *stage = arg;

	llm_client_hold(stage->run.client, true);
	stage->n_before = stage->run.n_events;
}

static void
on_end(void *arg)
{
	struct stage *stage = arg;

	stage->n_unread = stage->run.n_events;
	llm_client_look(stage->run.client);
	stage->n_looked = stage->run.n_events;
	loop_stop(stage->run.loop);
}

static void
play(struct stage *stage, int64_t idle_ms, int64_t unread_ms)
{
	static const struct answer answer = { HEAD_200 DELTA("one"), DRIBBLE };
	struct server server;
	char base_url[64];
	struct llm_conf conf;

	testserver_open(&server, &answer, 1);
	conf = testserver_conf(server.port, base_url);
	conf.idle_timeout_ms = idle_ms;
	testrun_open(&stage->run, &conf);
	testrun_start(&stage->run);
	stage->hold = (struct timer){ .fn = on_hold, .arg = stage };
	stage->end = (struct timer){ .fn = on_end, .arg = stage };
	loop_timer_set(
		stage->run.loop, &stage->hold, clock_mono_ms() + STEADY_MS);
	loop_timer_set(stage->run.loop, &stage->end,
		clock_mono_ms() + STEADY_MS + unread_ms);
	loop_run(stage->run.loop);
	testrun_close(&stage->run);
	testserver_close(&server);
}

static void
held_answers_are_read_when_somebody_looks(void **state)
{
	struct stage stage = { .n_before = 0 };

	(void)state;
	play(&stage, 60000, 300);
	assert_true(stage.n_before > 0);
	assert_int_equal(stage.n_unread, stage.n_before);
	assert_true(stage.n_looked > stage.n_unread);
	assert_int_equal(stage.run.n_ends, 0);
}

static void
what_is_unread_is_no_silence(void **state)
{
	struct stage stage = { .n_before = 0 };

	(void)state;
	play(&stage, IDLE_MS, UNREAD_MS);
	assert_int_equal(stage.run.n_ends, 0);
	assert_true(stage.n_looked > stage.n_before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(held_answers_are_read_when_somebody_looks),
		cmocka_unit_test(what_is_unread_is_no_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
