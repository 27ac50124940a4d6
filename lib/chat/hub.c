#include "chat/hub.h"

#include "base/fault.h"
#include "base/log.h"
#include "base/mem.h"
#include "chat/hub_private.h"

#include <stdlib.h>

/* How long the last updates may take when the process ends. */
#define LAST_STORE_MS 10000

#define LOOK_MS 2000
#define IDLE_BYTES ((size_t)16 << 20)
#define STREAM_BYTES ((size_t)64 << 10)

/* Threads that write requests: none of them ever waits for a tool. */
#define WRITERS 2
#define WRITERS_PER_USER 1

/* ---- what a stream tells */

static void
on_event(void *arg, const struct llm_event *event)
{
	struct stream *stream = arg;
	struct hub *hub = stream->hub;

	(void)fault_at("stream.event");
	if (event->type == LLM_BEGIN)
		hub_on_answer(stream);
	if (!stream->spoke && event->text.len > 0)
		stream->spoke = hub->first_words = true;
	if (reply_event(stream->reply, event, &stream->pending) != OK)
		hub_end_now(stream, LLM_TOO_BIG);
	else if (stream->pending.len > 0)
		hub_mark_dirty(stream);
	/* Memory is no store: who goes on talking is ended. */
	if (hub->waiting > (size_t)hub->conf->chat.unstored_max)
		hub_end_now(stream, LLM_UNSTORED);
}

static void
on_end(void *arg, const struct llm_result *result)
{
	struct stream *stream = arg;

	bool adapted = hub_adapt(stream);

	stream->call = NULL;
	if (adapted)
		return;
	hub_on_usage(stream, &result->usage);
	if (!hub_run_tools(stream, result))
		hub_end(stream, result);
}

void
hub_ask_model(struct stream *stream, struct buf *body)
{
	static const struct llm_handlers handlers = { on_event, on_end };

	stream->call = llm_call_start(stream->hub->client, body,
		stream->asking.attempts, &handlers, stream);
}

void
hub_on_gone(void *arg, struct follower *follower)
{
	struct stream *stream = arg;

	stream_forget(stream, follower);
	if (stream->followers != NULL)
		return;
	if (stream->state == STREAM_REMOTE)
		hub_drop(stream, false);
	else if (stream->hub->conf->chat.on_disconnect == CONF_STOP)
		hub_end_now(stream, LLM_STOPPED);
}

/* ---- what other threads ask for */

static void
begin(struct hub *hub, struct hub_begin *begin)
{
	struct hub_start *start = &begin->start;
	struct stream *stream = stream_new(hub, hub->settings);
	struct follower *follower;

	stream->user_id = start->user_id;
	stream->session_id = start->session_id;
	stream->message_id = start->message_id;
	stream->lease = start->lease;
	stream->hold = start->hold;
	stream->rates = start->rates;
	if (start->parts.len > 0 &&
		parts_load(reply_parts(stream->reply), &begin->arena,
			start->parts, start->metadata) != OK)
		log_error("parts_unreadable", "message=%llu",
			(unsigned long long)start->message_id);
	stream->seq = start->seq;
	hub_adopt(hub, stream);
	hub_add(hub, stream);
	atomic_fetch_add(&hub->n_begun, 1);
	/* The reply's start was committed with its row: it needs no journal. */
	reply_start(stream->reply, start->message_id, start->create_ms,
		&begin->hello);
	chunk_write_session(&begin->hello, start->session_id, start->user_ids,
		start->n_user_ids);
	if (start->peer.fd >= 0) {
		follower = follower_open(hub->loop, start->peer, hub->framing,
			(size_t)hub->conf->chat.follower_max, hub_on_gone,
			stream);
		follower->next = stream->followers;
		stream->followers = follower;
		follower_send(follower, buf_span(&begin->hello));
	}
	if (start->fault != LLM_OK)
		hub_end_now(stream, start->fault);
	if (stream->state != STREAM_RUNNING ||
		(start->made && hub_run_approved(stream)))
		return;
	if (start->goes_on) {
		hub_ask_again(stream);
		return;
	}
	hub_asking_begin(stream, &start->asked);
	hub_ask_model(stream, &start->body);
}

static void
on_begin(void *arg)
{
	struct hub_begin *order = arg;

	begin(order->hub, order);
	hub_begin_free(order);
}

static void
on_follow(struct hub *hub, struct hub_ask *ask)
{
	struct stream *stream = hub_find(hub, ask->message_id);
	struct follower *follower;

	if (stream == NULL) {
		hub_ask_answer(ask, false);
	} else if (stream->state == STREAM_ENDED ||
		stream->state == STREAM_STORING) {
		ask->next = stream->waiting;
		stream->waiting = ask;
		ask->found_when_over = false;
	} else if (hub_ask_claim(ask)) {
		follower = follower_open(hub->loop, ask->peer, hub->framing,
			(size_t)hub->conf->chat.follower_max, hub_on_gone,
			stream);
		stream_join(stream, follower, buf_span(&ask->hello));
		hub_ask_answer(ask, true);
	}
}

static void
on_stop(struct hub *hub, struct hub_ask *ask)
{
	struct stream *stream = hub_find(hub, ask->message_id);

	if (stream == NULL || stream->state == STREAM_REMOTE) {
		hub_ask_answer(ask, false);
		return;
	}
	ask->next = stream->waiting;
	stream->waiting = ask;
	ask->found_when_over = true;
	hub_end_now(stream, LLM_STOPPED);
}

static void
on_ask(void *arg)
{
	struct hub_ask *ask = arg;

	if (ask->is_stop)
		on_stop(ask->hub, ask);
	else
		on_follow(ask->hub, ask);
}

enum err
hub_has_room(const struct hub *hub)
{
	return hub->n_streams < (uint64_t)hub->conf->chat.streams_max
		? OK
		: ERR_BUSY;
}

void
hub_start(struct hub *hub, struct hub_start *start)
{
	atomic_fetch_add(&hub->n_streams, 1);
	loop_post(hub->loop, on_begin, hub_begin_new(hub, start));
}

void
hub_follow_remote(struct hub *hub, struct hub_start *remote)
{
	loop_post(hub->loop, hub_on_follow_remote, hub_begin_new(hub, remote));
}

bool
hub_follow(struct hub *hub, uint64_t message_id, struct peer peer,
	struct span hello)
{
	struct hub_ask *ask = hub_ask_new(hub, message_id, false);

	ask->peer = peer;
	buf_put_span(&ask->hello, hello);
	loop_post(hub->loop, on_ask, ask);
	return hub_ask_wait(ask, LAST_STORE_MS) == OK;
}

enum err
hub_stop(struct hub *hub, uint64_t message_id, int64_t wait_ms)
{
	struct hub_ask *ask = hub_ask_new(hub, message_id, true);

	loop_post(hub->loop, on_ask, ask);
	return hub_ask_wait(ask, wait_ms);
}

struct hub_counts
hub_counts(const struct hub *hub)
{
	return (struct hub_counts){ .streams = hub->n_streams,
		.streams_total = hub->n_begun,
		.batches_total = hub->n_batches,
		.undurable_total = hub->n_undurable,
		.undurable = hub->undurable,
		.waiting = hub->waiting };
}

/* ---- life of the hub */

/* What large replies have left behind: a few of 50 MB upstream kept the process
 * at that. A live one may take STREAM_BYTES. */
static void
look_at_memory(struct hub *hub)
{
	int64_t now_ms = loop_now_ms(hub->loop);

	if (hub->resident == 0)
		hub->resident = mem_resident();
	if (now_ms - hub->looked_ms < LOOK_MS)
		return;
	hub->looked_ms = now_ms;
	if (mem_resident() > hub->resident + IDLE_BYTES +
			atomic_load(&hub->n_streams) * STREAM_BYTES)
		mem_give_back();
}

static void
on_heartbeat(void *arg)
{
	struct hub *hub = arg;
	int64_t now = loop_now_ms(hub->loop);
	int64_t silence_ms = hub->conf->chat.heartbeat_ms;
	struct stream *stream, *next;

	for (stream = hub->streams; stream != NULL; stream = next) {
		next = stream->next;
		stream_heartbeat(stream, now - silence_ms);
	}
	look_at_memory(hub);
	loop_timer_set(hub->loop, &hub->heartbeat, now + silence_ms / 4 + 1);
}

static void
on_drain_over(void *arg)
{
	struct hub *hub = arg;
	struct stream *stream, *next;

	if (hub->giving_up) {
		log_error("drain_failed", "streams=%llu",
			(unsigned long long)hub->n_streams);
		loop_stop(hub->loop);
		return;
	}
	hub->giving_up = true;
	for (stream = hub->streams; stream != NULL; stream = next) {
		next = stream->next;
		hub_end_now(stream, LLM_SHUTDOWN);
	}
	loop_timer_set(
		hub->loop, &hub->drain, loop_now_ms(hub->loop) + LAST_STORE_MS);
}

static void
on_close(void *arg)
{
	struct hub *hub = arg;

	hub->draining = true;
	hub_drop_remote(hub);
	loop_timer_set(hub->loop, &hub->drain,
		loop_now_ms(hub->loop) + hub->conf->chat.drain_ms);
	hub_check_drained(hub);
}

static void *
run(void *arg)
{
	struct hub *hub = arg;

	loop_run(hub->loop);
	return NULL;
}

enum err
hub_open(const struct conf *conf, const struct llm_settings *settings,
	const struct tool_set *tools, struct snowflake *ids,
	const struct framing *framing, struct hub **out)
{
	struct hub *hub = mem_zalloc(sizeof(*hub));

	hub->conf = conf;
	hub->settings = settings;
	hub->tools = tools;
	hub->ids = ids;
	monitor_open(&hub->monitor);
	hub->framing = framing;
	hub->dirty_end = &hub->dirty;
	hub->gap = (struct timer){ .fn = hub_on_gap, .arg = hub };
	hub->heartbeat = (struct timer){ .fn = on_heartbeat, .arg = hub };
	hub->durability = (struct timer){ .fn = hub_on_durability, .arg = hub };
	hub->drain = (struct timer){ .fn = on_drain_over, .arg = hub };
	TRY(loop_open(&hub->loop));
	TRY(llm_client_open(hub->loop, &conf->llm, &hub->client));
	TRY(journal_open(conf, hub->loop, hub_on_batch, hub, &hub->journal));
	TRY(watcher_open(conf, ids, hub->loop, &hub_watcher_handlers, hub,
		&hub->watcher));
	hub->pool = tool_pool_open(&conf->db, hub->loop,
		(struct tool_pool_size){ (size_t)conf->tools.threads,
			(size_t)conf->tools.per_user });
	hub->writers = tool_pool_open(&conf->db, hub->loop,
		(struct tool_pool_size){ WRITERS, WRITERS_PER_USER });
	loop_at_end(hub->loop, hub_publish, hub);
	on_heartbeat(hub);
	if (pthread_create(&hub->thread, NULL, run, hub) != 0)
		abort();
	*out = hub;
	return OK;
}

void
hub_close(struct hub *hub)
{
	loop_post(hub->loop, on_close, hub);
	pthread_join(hub->thread, NULL);
	journal_close(hub->journal); /* it gives back the batch */
	while (hub->streams != NULL)
		hub_drop(hub->streams, false);
	watcher_close(hub->watcher);
	tool_pool_close(hub->pool);
	tool_pool_close(hub->writers);
	llm_client_close(hub->client);
	loop_close(hub->loop);
	journal_batch_clear(&hub->batch);
	monitor_close(&hub->monitor);
	free(hub);
}
