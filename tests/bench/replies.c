/*
 * replies.c: whole replies, one after the other on each of some connections;
 * the model says all its tokens at once. Counts replies and measures, from the
 * question on, when the first token came.
 *
 * 	replies PORT TOKEN MODEL_PORT CONNECTIONS TOKENS PAUSE_MS SECONDS GROUPS
 *
 * The model answers at once, so this is what the server adds. PAUSE_MS is how
 * long a person takes for the next question, give or take a half. Prints JSON;
 * GROUPS is what measure.h calls so.
 */

#include "lib/listener.h"
#include "lib/measure.h"

#include "base/clock.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define WARM_MS 1000
#define GRACE_MS 10000

static struct {
	struct asked asked;
	struct model model;
	int pause_ms, seconds;
	struct loop *loop;
	struct meter *meter;
	struct latency *first;
	struct timer start, stop, give_up;
	bool measured, over;
	int n_open;
	uint64_t good, wrong;
} job;

static void
on_token(struct listener *listener, int64_t sent_us)
{
	(void)sent_us;
	if (listener->heard == 1 && job.measured)
		latency_add(job.first, listener->first_us - listener->asked_us);
}

/* Who asks: one of the connections, with a new one for each reply. */
struct person {
	struct timer pause;
	struct listener listener;
};

static void on_end(struct listener *listener);

static void
ask(void *arg)
{
	struct person *person = arg;

	if (job.over)
		return;
	person->listener = (struct listener){ .loop = job.loop,
		.model = &job.model,
		.on_token = on_token,
		.on_end = on_end };
	listener_ask(&person->listener, &job.asked);
	job.n_open++;
}

static void
think(struct person *person)
{
	int ms = job.pause_ms / 2 + (int)(random() % (job.pause_ms + 1));

	loop_timer_set(job.loop, &person->pause, loop_now_ms(job.loop) + ms);
}

static void
on_end(struct listener *listener)
{
	struct person *person = CONTAINER_OF(listener, struct person, listener);
	bool good = listener_heard_all(listener) &&
		listener->heard == job.model.tokens;

	if (job.measured && good)
		job.good++;
	if (!good)
		job.wrong++;
	listener_close(listener);
	job.n_open--;
	if (!job.over)
		think(person);
	else if (job.n_open == 0)
		loop_stop(job.loop);
}

static void
begin(void)
{
	struct person *person = mem_zalloc(sizeof(*person));

	person->pause = (struct timer){ .fn = ask, .arg = person };
	ask(person);
}

static void
on_start(void *arg)
{
	(void)arg;
	job.measured = true;
	meter_start(job.meter);
}

static void
on_stop(void *arg)
{
	(void)arg;
	meter_stop(job.meter);
	job.measured = false;
	job.over = true;
	if (job.n_open == 0)
		loop_stop(job.loop);
}

static void
on_give_up(void *arg)
{
	(void)arg;
	job.wrong += (uint64_t)job.n_open;
	loop_stop(job.loop);
}

static void
set(struct timer *timer, void (*fn)(void *), int64_t after_ms)
{
	*timer = (struct timer){ .fn = fn };
	loop_timer_set(job.loop, timer, clock_mono_ms() + after_ms);
}

int
main(int argc, char **argv)
{
	if (argc != 9) {
		fprintf(stderr,
			"usage: replies PORT TOKEN MODEL_PORT "
			"CONNECTIONS TOKENS PAUSE_MS SECONDS "
			"GROUPS\n");
		return 2;
	}
	job.asked = (struct asked){ atoi(argv[1]), argv[2] };
	job.model = (struct model){ .port = atoi(argv[3]),
		.begin_us = now_us(),
		.tokens = atoi(argv[5]) };
	job.pause_ms = atoi(argv[6]);
	job.seconds = atoi(argv[7]);
	job.meter = meter_new(argv[8]);
	job.first = latency_new();
	model_start(&job.model);
	must(loop_open(&job.loop) == OK, "loop");
	for (int i = 0; i < atoi(argv[4]); i++)
		begin();
	set(&job.start, on_start, WARM_MS);
	set(&job.stop, on_stop, WARM_MS + job.seconds * INT64_C(1000));
	set(&job.give_up, on_give_up,
		WARM_MS + job.seconds * INT64_C(1000) + GRACE_MS);
	loop_run(job.loop);
	printf("{\"seconds\":%d,\"answers\":%" PRIu64 ",\"wrong\":%" PRIu64
	       ",\"tokens\":%d,",
		job.seconds, job.good, job.wrong, job.model.tokens);
	latency_print(job.first);
	printf(",");
	meter_print(job.meter);
	printf("}\n");
	return 0;
}
