/* Answers the reaper's question: which replies does this process still hold? */

#include "chat/hub_private.h"

#include "base/clock.h"

#include <stdint.h>

void
hub_opening(struct hub *hub, struct hub_opening *opening)
{
	opening->since_ms = clock_mono_ms();
	opening->prev = NULL;
	monitor_enter(&hub->monitor);
	opening->next = hub->openings;
	if (opening->next != NULL)
		opening->next->prev = opening;
	hub->openings = opening;
	monitor_leave(&hub->monitor);
}

void
hub_opened(struct hub *hub, struct hub_opening *opening)
{
	monitor_enter(&hub->monitor);
	if (opening->prev != NULL)
		opening->prev->next = opening->next;
	else
		hub->openings = opening->next;
	if (opening->next != NULL)
		opening->next->prev = opening->prev;
	monitor_leave(&hub->monitor);
}

int64_t
hub_opening_since_ms(struct hub *hub)
{
	int64_t since_ms = INT64_MAX;

	monitor_enter(&hub->monitor);
	for (struct hub_opening *o = hub->openings; o != NULL; o = o->next)
		since_ms = MIN(since_ms, o->since_ms);
	monitor_leave(&hub->monitor);
	return since_ms;
}

/* This lives on the asker's stack: the asker waits as long as it takes. */
struct question {
	struct hub *hub;
	const uint64_t *ids;
	bool *held;
	size_t n;
	struct monitor monitor;
	bool answered;
};

static void
answer(void *arg)
{
	struct question *question = arg;
	const struct streams *streams = question->hub->lives.streams;
	const struct stream *stream;

	for (size_t i = 0; i < question->n; i++) {
		stream = streams_find(streams, question->ids[i]);
		question->held[i] =
			stream != NULL && stream_state(stream) != STREAM_REMOTE;
	}
	monitor_enter(&question->monitor);
	question->answered = true;
	monitor_notify(&question->monitor);
	monitor_leave(&question->monitor);
}

void
hub_holds(struct hub *hub, const uint64_t *ids, size_t n, bool *held)
{
	struct question question = {
		.hub = hub, .ids = ids, .n = n, .held = held
	};

	monitor_open(&question.monitor);
	loop_post(hub->lives.loop, answer, &question);
	monitor_enter(&question.monitor);
	while (!question.answered)
		monitor_wait(&question.monitor);
	monitor_leave(&question.monitor);
	monitor_close(&question.monitor);
}
