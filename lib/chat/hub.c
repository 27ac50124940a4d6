#include "chat/hub.h"

#include "base/hurry.h"
#include "base/log.h"
#include "base/mem.h"
#include "chat/hub_private.h"
#include "chat/remote.h"

#include <inttypes.h>
#include <stdlib.h>

/* The last updates may take this long when the process ends. */
#define LAST_STORE_MS 10000
/* Who joins a reply that is just ending waits at most so long for its end. */
#define JOIN_MS 10000
/* Readers of the last bytes of a reply have this long when the process ends. */
#define LEAVE_MS 3000
/* How often the hub looks whether somebody has asked again for the end. The
 * supervisor may ask twice within its first second (bin/worker). */
#define HURRY_MS 2000

#define LOOK_MS 2000
#define IDLE_BYTES ((size_t)16 << 20)
#define STREAM_BYTES ((size_t)64 << 10)

/* Threads that write requests; these threads never wait for a tool. */
#define WRITERS 2
#define WRITERS_PER_USER 1

/* ---- requests of other threads */

static void
on_begin(void *arg)
{
	struct hub_begin *begin = arg;

	life_begin(life_open(begin->lives, &begin->start, STREAM_RUNNING),
		&begin->start, &begin->preamble);
	hub_begin_free(begin);
}

static void
on_follow_remote(void *arg)
{
	remote_follow(arg);
}

/* Answers no: the reader who wanted to follow now finds the stored reply. */
static void
on_followed_end(struct stream_waiter *waiter, bool stored)
{
	(void)stored;
	hub_ask_answer(CONTAINER_OF(waiter, struct hub_ask, waiter), false);
}

static void
on_stopped_end(struct stream_waiter *waiter, bool stored)
{
	hub_ask_answer(CONTAINER_OF(waiter, struct hub_ask, waiter), stored);
}

static void
answer(struct stream *stream, struct hub_ask *ask, enum life_answer answered)
{
	if (answered == LIFE_NO) {
		hub_ask_answer(ask, false);
	} else if (answered == LIFE_YES && hub_ask_claim(ask)) {
		life_join(stream, ask->peer, buf_span(&ask->preamble));
		hub_ask_answer(ask, true);
	}
}

static void
on_ask(void *arg)
{
	struct hub_ask *ask = arg;
	struct stream *stream =
		streams_find(ask->lives->streams, ask->message_id);
	enum life_answer answered = LIFE_NO;

	ask->waiter.over = ask->is_stop ? on_stopped_end : on_followed_end;
	if (stream != NULL)
		answered = life_event(stream,
			ask->is_stop ? LIFE_STOP : LIFE_READER,
			(union life_what){ .waiter = &ask->waiter });
	answer(stream, ask, answered);
}

enum err
hub_has_room(const struct hub *hub)
{
	return hub->lives.n < (uint64_t)hub->lives.conf->chat.streams_max
		? OK
		: ERR_BUSY;
}

void
hub_start(struct hub *hub, struct hub_start *start)
{
	atomic_fetch_add(&hub->lives.n, 1);
	atomic_fetch_add(&hub->n_begun, 1);
	loop_post(hub->lives.loop, on_begin, hub_begin_new(&hub->lives, start));
}

void
hub_follow_remote(struct hub *hub, struct hub_start *remote)
{
	loop_post(hub->lives.loop, on_follow_remote,
		hub_begin_new(&hub->lives, remote));
}

bool
hub_follow(struct hub *hub, uint64_t message_id, struct peer peer,
	struct span preamble)
{
	struct hub_ask *ask = hub_ask_new(&hub->lives, message_id, false);

	ask->peer = peer;
	buf_put_span(&ask->preamble, preamble);
	loop_post(hub->lives.loop, on_ask, ask);
	return hub_ask_wait(ask, JOIN_MS) == OK;
}

enum err
hub_stop(struct hub *hub, uint64_t message_id, int64_t wait_ms)
{
	struct hub_ask *ask = hub_ask_new(&hub->lives, message_id, true);

	loop_post(hub->lives.loop, on_ask, ask);
	return hub_ask_wait(ask, wait_ms);
}

struct hub_counts
hub_counts(const struct hub *hub)
{
	struct publisher_counts counts = publisher_counts(hub->publisher);

	return (struct hub_counts){ .streams = hub->lives.n,
		.streams_total = hub->n_begun,
		.batches_total = counts.batches_total,
		.ahead_total = counts.ahead_total,
		.ahead = counts.ahead,
		.batch_times = counts.batch_times,
		.calls = &hub->meter,
		.waiting = streams_waiting(hub->lives.streams) };
}

/* ---- opening and closing the hub */

/* Gives memory that large replies leave behind back to the system; after a few
 * of 50 MB the process would keep it. A live stream may take STREAM_BYTES. */
static void
look_at_memory(struct hub *hub)
{
	int64_t now_ms = loop_now_ms(hub->lives.loop);

	if (hub->resident == 0)
		hub->resident = mem_resident();
	if (now_ms - hub->looked_ms < LOOK_MS)
		return;
	hub->looked_ms = now_ms;
	if (mem_resident() > hub->resident + IDLE_BYTES +
			atomic_load(&hub->lives.n) * STREAM_BYTES)
		mem_give_back();
}

static void
keep_alive(struct stream *stream, void *arg)
{
	const int64_t *before_ms = arg;

	stream_heartbeat(stream, *before_ms);
}

static void
on_heartbeat(void *arg)
{
	struct hub *hub = arg;
	int64_t now_ms = loop_now_ms(hub->lives.loop);
	int64_t silence_ms = hub->lives.conf->chat.heartbeat_ms;
	int64_t before_ms = now_ms - silence_ms;

	streams_each(hub->lives.streams, keep_alive, &before_ms);
	look_at_memory(hub);
	loop_timer_set(
		hub->lives.loop, &hub->heartbeat, now_ms + silence_ms / 4 + 1);
}

static void
tell(struct stream *stream, void *arg)
{
	const enum life_event *event = arg;

	life_event(stream, *event, LIFE_NOTHING);
}

static void
tell_all(struct hub *hub, enum life_event event)
{
	streams_each(hub->lives.streams, tell, &event);
}

static void
drain_over(struct hub *hub)
{
	if (hub->leaving) {
		loop_stop(hub->lives.loop);
		return;
	}
	if (hub->giving_up) {
		log_error("drain_failed", "streams=%" PRIu64,
			atomic_load(&hub->lives.n));
		loop_stop(hub->lives.loop);
		return;
	}
	hub->giving_up = true;
	tell_all(hub, LIFE_DEADLINE);
	loop_timer_set(hub->lives.loop, &hub->drain,
		loop_now_ms(hub->lives.loop) + LAST_STORE_MS);
}

static void
look_again(struct hub *hub, int64_t now_ms)
{
	loop_timer_set(hub->lives.loop, &hub->drain,
		MIN(now_ms + HURRY_MS, hub->drain_end_ms));
}

static void
on_drain(void *arg)
{
	struct hub *hub = arg;
	int64_t now_ms = loop_now_ms(hub->lives.loop);
	bool hurry = hurry_asked() && hub->hurries;

	hub->hurries = true;
	if (hub->leaving || hub->giving_up || hurry ||
		now_ms >= hub->drain_end_ms)
		drain_over(hub);
	else
		look_again(hub, now_ms);
}

static void
on_close(void *arg)
{
	struct hub *hub = arg;
	int64_t now_ms = loop_now_ms(hub->lives.loop);

	hub->draining = true;
	hub->drain_end_ms = now_ms + hub->lives.conf->chat.drain_ms;
	tell_all(hub, LIFE_CLOSE);
	look_again(hub, now_ms);
}

/* All replies have ended, but slow readers may not have everything yet. */
static void
wait_for_readers(struct hub *hub)
{
	const struct lives *lives = &hub->lives;

	if (list_empty(&lives->leaving))
		loop_stop(lives->loop);
	else if (!hub->leaving)
		loop_timer_set(lives->loop, &hub->drain,
			loop_now_ms(lives->loop) +
				MIN(lives->conf->chat.drain_ms, LEAVE_MS));
	hub->leaving = true;
}

/* Runs at the end of every iteration of the loop. */
static void
at_end(void *arg)
{
	struct hub *hub = arg;

	publisher_publish(hub->publisher);
	if (hub->draining && streams_any(hub->lives.streams) == NULL)
		wait_for_readers(hub);
}

static void *
run(void *arg)
{
	struct hub *hub = arg;

	loop_run(hub->lives.loop);
	return NULL;
}

static void
open_pools(struct lives *lives)
{
	const struct conf *conf = lives->conf;

	lives->steps.pool = tool_pool_open(&conf->db, lives->loop,
		(struct tool_pool_size){ (size_t)conf->tools.threads,
			(size_t)conf->tools.per_user });
	lives->steps.writers = tool_pool_open(&conf->db, lives->loop,
		(struct tool_pool_size){ WRITERS, WRITERS_PER_USER });
}

static void
open_namings(struct lives *lives)
{
	const struct naming_means means = { lives->conf, lives->loop,
		lives->steps.client, lives->steps.writers };

	lives->namings = namings_open(&means);
}

enum err
hub_open(const struct conf *conf, const struct tool_set *tools,
	struct snowflake *ids, const struct framing *framing, struct hub **out)
{
	struct hub *hub = mem_zalloc(sizeof(*hub));
	struct lives *lives = &hub->lives;

	monitor_open(&hub->monitor);
	hub->heartbeat = (struct timer){ .fn = on_heartbeat, .arg = hub };
	hub->drain = (struct timer){ .fn = on_drain, .arg = hub };
	lives->conf = conf;
	lives->framing = framing;
	lives->streams = streams_open();
	list_open(&lives->leaving);
	lives->steps = (struct steps_shared){
		.conf = conf, .tools = tools, .meter = &hub->meter
	};
	TRY(loop_open(&lives->loop));
	lives->steps.client = llm_client_open(lives->loop, &conf->llm);
	TRY(publisher_open(conf, lives->loop, ids, lives->streams,
		lives->steps.client, &hub->publisher));
	TRY(watcher_open(conf, ids, lives->loop, &remote_handlers, lives,
		&lives->watcher));
	open_pools(lives);
	open_namings(lives);
	loop_at_end(lives->loop, at_end, hub);
	on_heartbeat(hub);
	if (pthread_create(&hub->thread, NULL, run, hub) != 0)
		abort();
	*out = hub;
	return OK;
}

void
hub_close(struct hub *hub)
{
	struct lives *lives = &hub->lives;
	struct follower *reader;
	struct stream *stream;

	loop_post(lives->loop, on_close, hub);
	pthread_join(hub->thread, NULL);
	publisher_stop(hub->publisher);
	while ((stream = streams_any(lives->streams)) != NULL)
		life_event(stream, LIFE_LOST, LIFE_NOTHING);
	while ((reader = LIST_FIRST(&lives->leaving, struct follower, left)) !=
		NULL)
		follower_close(reader);
	watcher_close(lives->watcher);
	tool_pool_close(lives->steps.pool);
	tool_pool_close(lives->steps.writers);
	namings_close(lives->namings);
	llm_client_close(lives->steps.client);
	loop_close(lives->loop);
	publisher_close(hub->publisher);
	streams_close(lives->streams);
	monitor_close(&hub->monitor);
	free(hub);
}
