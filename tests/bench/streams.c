/*
 * streams.c: many live streams at a steady pace. Plays both ends, the model
 * and the browsers, and reads what the processes between have used.
 *
 * 	streams PORT TOKEN MODEL_PORT STREAMS RATE SECONDS GROUPS
 *
 * Prints figures of the steady part, after all streams have begun, as JSON;
 * GROUPS is what measure.h calls so.
 */

#include "lib/listener.h"
#include "lib/measure.h"

#include "base/clock.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define RAMP_STEP_MS 20
#define SETTLE_MS 3000 /* after the last has begun */
/* For what is still unsaid at the end: 3 ms for the end of each reply. */
#define GRACE_MS 10000
#define GRACE_EACH_MS 3

static struct {
	int n_streams, rate, seconds, ramp_per_s;
	int64_t steady_ms; /* from when on it is measured */
	struct asked asked;
	struct model model;
} job;

static struct {
	struct loop *loop;
	struct timer ramp, start, stop, give_up;
	struct meter *meter;
	struct latency *latency;
	int n_begun, n_finished, n_ended;
} crowd;

static void
on_token(struct listener *listener, int64_t sent_us)
{
	int64_t now = now_us();

	(void)listener;
	if (now / 1000 >= job.steady_ms && now / 1000 <= job.model.end_ms)
		latency_add(crowd.latency, now - sent_us);
}

static void
on_end(struct listener *listener)
{
	if (listener_heard_all(listener))
		crowd.n_finished++;
	listener_close(listener);
	loop_free_later(crowd.loop, free, listener);
	if (++crowd.n_ended == job.n_streams)
		loop_stop(crowd.loop);
}

static void
begin_one(void)
{
	struct listener *listener = mem_zalloc(sizeof(*listener));

	listener->loop = crowd.loop;
	listener->model = &job.model;
	listener->on_token = on_token;
	listener->on_end = on_end;
	listener_ask(listener, &job.asked);
	if (++crowd.n_begun == job.n_streams / 10)
		meter_mark(crowd.meter);
}

static void
on_ramp(void *arg)
{
	(void)arg;
	for (int i = 0; i < job.ramp_per_s * RAMP_STEP_MS / 1000 &&
		crowd.n_begun < job.n_streams;
		i++)
		begin_one();
	if (crowd.n_begun < job.n_streams)
		loop_timer_set(crowd.loop, &crowd.ramp,
			loop_now_ms(crowd.loop) + RAMP_STEP_MS);
}

static void
on_start(void *arg)
{
	(void)arg;
	meter_start(crowd.meter);
}

static void
on_stop(void *arg)
{
	(void)arg;
	meter_stop(crowd.meter);
}

/* Those that have not ended by now count as broken. */
static void
on_give_up(void *arg)
{
	(void)arg;
	loop_stop(crowd.loop);
}

static void
report(void)
{
	printf("{\"streams\":%d,\"rate\":%d,\"seconds\":%d,\"finished\":%d,"
	       "\"answers\":%" PRIu64 ",\"expected\":%d,",
		job.n_streams, job.rate, job.seconds, crowd.n_finished,
		latency_count(crowd.latency),
		job.n_streams * job.rate * job.seconds);
	latency_print(crowd.latency);
	printf(",");
	meter_print(crowd.meter);
	printf("}\n");
}

static void
plan(char **argv)
{
	int64_t now = clock_mono_ms();

	job.asked = (struct asked){ atoi(argv[1]), argv[2] };
	job.n_streams = atoi(argv[4]);
	job.rate = atoi(argv[5]);
	job.seconds = atoi(argv[6]);
	job.ramp_per_s = job.n_streams > 2000 ? 500 : 250;
	job.steady_ms = now + job.n_streams * INT64_C(1000) / job.ramp_per_s +
		SETTLE_MS;
	job.model = (struct model){ .port = atoi(argv[3]),
		.begin_us = now_us(),
		.rate = job.rate,
		.end_ms = job.steady_ms + job.seconds * INT64_C(1000) };
}

static void
set(struct timer *timer, void (*fn)(void *), int64_t due_ms)
{
	*timer = (struct timer){ .fn = fn };
	loop_timer_set(crowd.loop, timer, due_ms);
}

int
main(int argc, char **argv)
{
	if (argc != 8) {
		fprintf(stderr,
			"usage: streams PORT TOKEN MODEL_PORT STREAMS "
			"RATE SECONDS GROUPS\n");
		return 2;
	}
	plan(argv);
	crowd.latency = latency_new();
	crowd.meter = meter_new(argv[7]);
	model_start(&job.model);
	must(loop_open(&crowd.loop) == OK, "loop");
	set(&crowd.ramp, on_ramp, clock_mono_ms() + RAMP_STEP_MS);
	set(&crowd.start, on_start, job.steady_ms);
	set(&crowd.stop, on_stop, job.model.end_ms);
	set(&crowd.give_up, on_give_up,
		job.model.end_ms + GRACE_MS + job.n_streams * GRACE_EACH_MS);
	loop_run(crowd.loop);
	report();
	return 0;
}
