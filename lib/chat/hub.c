#include "chat/hub.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "chat/hub_ask.h"
#include "chat/stream.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define SLOTS 4096 /* a power of two */
/* Far below the server's max_allowed_packet, which is 16 MB by default. */
#define BATCH_MAX ((size_t)4 << 20)
#define ROW_MAX ((size_t)1 << 20)
/* How long the last updates may take when the process ends. */
#define LAST_STORE_MS 10000

struct hub {
	const struct conf *conf;
	const struct llm_settings *settings;
	struct snowflake *ids;
	const struct framing *framing;
	struct loop *loop;
	struct llm_client *client;
	struct journal *journal;
	pthread_t thread;

	struct stream *streams; /* all */
	struct stream *slots[SLOTS];
	struct stream *dirty;
	struct stream **dirty_end;

	struct journal_batch batch;
	bool batch_out;	      /* the journal has it */
	int64_t batch_out_ms; /* since when */
	int64_t next_batch_ms;
	struct timer gap, heartbeat, durability, drain;
	bool draining, giving_up;

	_Atomic uint64_t n_streams, n_begun, n_batches, n_undurable;
	_Atomic bool undurable; /* the database is away: show without it */
};

/* ---- the sets that a stream is in */

static struct stream **
slot_of(struct hub *hub, uint64_t message_id)
{
	/* Snowflakes: the sequence is in the low bits, the time above 22. */
	return &hub->slots[(message_id ^ message_id >> 22) & (SLOTS - 1)];
}

static struct stream *
find(struct hub *hub, uint64_t message_id)
{
	struct stream *stream = *slot_of(hub, message_id);

	while (stream != NULL && stream->message_id != message_id)
		stream = stream->next_in_slot;
	return stream;
}

static void
add(struct hub *hub, struct stream *stream)
{
	struct stream **slot = slot_of(hub, stream->message_id);

	stream->next_in_slot = *slot;
	*slot = stream;
	stream->next = hub->streams;
	if (stream->next != NULL)
		stream->next->prev = stream;
	hub->streams = stream;
	atomic_fetch_add(&hub->n_begun, 1);
}

static void
mark_dirty(struct stream *stream)
{
	struct hub *hub = stream->hub;

	if (stream->dirty)
		return;
	stream->dirty = true;
	stream->next_dirty = NULL;
	*hub->dirty_end = stream;
	hub->dirty_end = &stream->next_dirty;
}

static struct stream *
next_dirty(struct hub *hub)
{
	struct stream *stream = hub->dirty;

	if (stream == NULL)
		return NULL;
	hub->dirty = stream->next_dirty;
	if (hub->dirty == NULL)
		hub->dirty_end = &hub->dirty;
	stream->dirty = false;
	return stream;
}

static void
unlink_dirty(struct stream *stream)
{
	struct hub *hub = stream->hub;
	struct stream **link = &hub->dirty;

	if (!stream->dirty)
		return;
	while (*link != stream)
		link = &(*link)->next_dirty;
	*link = stream->next_dirty;
	if (*link == NULL)
		hub->dirty_end = link;
}

static void
unlink_all(struct stream *stream)
{
	struct stream **link = slot_of(stream->hub, stream->message_id);

	while (*link != stream)
		link = &(*link)->next_in_slot;
	*link = stream->next_in_slot;
	if (stream->prev != NULL)
		stream->prev->next = stream->next;
	else
		stream->hub->streams = stream->next;
	if (stream->next != NULL)
		stream->next->prev = stream->prev;
	unlink_dirty(stream);
}

/* ---- a stream's end */

static void
free_stream(void *arg)
{
	stream_free(arg);
}

static void
check_drained(struct hub *hub)
{
	if (hub->draining && hub->streams == NULL)
		loop_stop(hub->loop);
}

/* Lets go of a stream, whose end was stored (*properly*) or cannot be. */
static void
drop(struct stream *stream, bool properly)
{
	struct hub *hub = stream->hub;
	struct hub_ask *ask;

	if (stream->call != NULL)
		llm_call_cancel(stream->call);
	stream->call = NULL;
	stream_dismiss(stream, properly);
	unlink_all(stream);
	atomic_fetch_sub(&hub->n_streams, 1);
	while ((ask = stream->waiting) != NULL) {
		stream->waiting = ask->next;
		hub_ask_answer(ask, properly && ask->found_when_over);
	}
	loop_free_later(hub->loop, free_stream, stream);
	check_drained(hub);
}

/* The model has said all it will: the end is written, and waits to be stored. */
static void
end(struct stream *stream, const struct llm_result *result)
{
	stream->call = NULL;
	stream->end_at = stream_said(stream);
	stream->status = reply_end(stream->reply, result, &stream->pending);
	stream->state = STREAM_ENDED;
	log_info("reply_ended", "session=%llu message=%llu status=%s why=%s",
		(unsigned long long)stream->session_id,
		(unsigned long long)stream->message_id,
		reply_status_word(stream->status), llm_fault_word(result->fault));
	mark_dirty(stream);
}

/* Ends it from our side, unless it has ended. */
static void
end_now(struct stream *stream, enum llm_fault fault)
{
	struct llm_result result = LLM_RESULT_INIT;

	if (stream->state != STREAM_RUNNING)
		return;
	if (stream->call != NULL)
		llm_call_cancel(stream->call);
	result.fault = fault;
	end(stream, &result);
}

static void
on_event(void *arg, const struct llm_event *event)
{
	struct stream *stream = arg;

	if (reply_event(stream->reply, event, &stream->pending) != OK)
		end_now(stream, LLM_TOO_BIG);
	else if (stream->pending.len > 0)
		mark_dirty(stream);
}

static void
on_end(void *arg, const struct llm_result *result)
{
	end(arg, result);
}

static void
on_gone(void *arg, struct follower *follower)
{
	struct stream *stream = arg;

	stream_forget(stream, follower);
	if (stream->followers == NULL &&
		stream->hub->conf->chat.on_disconnect == CONF_STOP)
		end_now(stream, LLM_STOPPED);
}

/* ---- batches */

static void
add_row(struct hub *hub, struct stream *stream)
{
	struct journal_entry entry = { .session_id = stream->session_id,
		.message_id = stream->message_id,
		.seq = stream->seq++,
		.body = stream_take(stream, ROW_MAX),
		.owner = stream };

	journal_batch_add(&hub->batch, &entry);
	if (stream->pending.len > 0)
		mark_dirty(stream);
}

static void
add_end(struct hub *hub, struct stream *stream)
{
	struct journal_entry entry = { .session_id = stream->session_id,
		.message_id = stream->message_id,
		.is_end = true,
		.status = reply_status_word(stream->status),
		.owner = stream };

	parts_write(reply_parts(stream->reply), &stream->parts);
	parts_write_metadata(reply_parts(stream->reply), &stream->metadata);
	entry.parts = buf_span(&stream->parts);
	entry.metadata = buf_span(&stream->metadata);
	stream->state = STREAM_STORING;
	journal_batch_add(&hub->batch, &entry);
}

/* Fills the batch from the dirty streams. What ran under an older lease is
 * another process's to recover. */
static void
fill(struct hub *hub)
{
	struct stream *stream;

	hub->batch.n = 0;
	hub->batch.bytes = 0;
	hub->batch.lease = snowflake_lease(hub->ids);
	while (hub->batch.bytes < BATCH_MAX &&
		(stream = next_dirty(hub)) != NULL) {
		if (stream->lease.node != hub->batch.lease.node ||
			stream->lease.epoch != hub->batch.lease.epoch)
			drop(stream, false);
		else if (stream->state == STREAM_RUNNING)
			add_row(hub, stream);
		else if (stream->state == STREAM_ENDED)
			add_end(hub, stream);
	}
}

static void
show_undurable(struct hub *hub)
{
	for (struct stream *s = hub->dirty; s != NULL; s = s->next_dirty)
		stream_show(s, MIN(stream_said(s), s->end_at));
}

/* At the end of every iteration of the loop. */
static void
publish(void *arg)
{
	struct hub *hub = arg;

	if (hub->dirty == NULL)
		return;
	if (hub->undurable)
		show_undurable(hub);
	if (hub->batch_out)
		return;
	if (loop_now_ms(hub->loop) < hub->next_batch_ms) {
		loop_timer_set(hub->loop, &hub->gap, hub->next_batch_ms);
		return;
	}
	fill(hub);
	if (hub->batch.n == 0)
		return;
	hub->batch_out = true;
	hub->batch_out_ms = loop_now_ms(hub->loop);
	atomic_fetch_add(&hub->n_batches, 1);
	loop_timer_set(hub->loop, &hub->durability,
		hub->batch_out_ms + hub->conf->chat.journal_wait_ms);
	journal_submit(hub->journal, &hub->batch);
}

/* Publishing happens at the end of the iteration that this timer causes. */
static void
on_gap(void *arg)
{
	(void)arg;
}

/* The batch has been out too long: people are not made to wait for it. */
static void
on_durability(void *arg)
{
	struct hub *hub = arg;

	if (!hub->batch_out)
		return;
	atomic_store(&hub->undurable, true);
	atomic_fetch_add(&hub->n_undurable, 1);
	log_error("journal_late", "streams=%llu",
		(unsigned long long)hub->n_streams);
	for (struct stream *s = hub->streams; s != NULL; s = s->next)
		stream_show(s, MIN(stream_said(s), s->end_at));
}

static void
settle(struct hub *hub, const struct journal_entry *entry)
{
	struct stream *stream = entry->owner;

	if (hub->batch.result != OK || entry->failed) {
		drop(stream, false);
	} else if (entry->is_end) {
		stream_show(stream, stream_said(stream));
		drop(stream, true);
	} else {
		stream_kept(stream);
	}
}

static void
on_batch(void *arg)
{
	struct hub *hub = arg;
	int64_t gap_ms = hub->conf->chat.journal_gap_ms;

	loop_timer_clear(hub->loop, &hub->durability);
	if (hub->undurable)
		log_warn("journal_back", "ms=%lld",
			(long long)(loop_now_ms(hub->loop) - hub->batch_out_ms));
	atomic_store(&hub->undurable, false);
	hub->batch_out = false;
	hub->next_batch_ms = loop_now_ms(hub->loop) + gap_ms;
	for (size_t i = 0; i < hub->batch.n; i++)
		settle(hub, &hub->batch.entries[i]);
}

/* ---- what other threads ask for */

static void
begin(struct hub *hub, struct hub_begin *begin)
{
	static const struct llm_handlers handlers = { on_event, on_end };
	struct hub_start *start = &begin->start;
	struct stream *stream = mem_zalloc(sizeof(*stream));
	struct follower *follower;

	stream->hub = hub;
	stream->session_id = start->session_id;
	stream->message_id = start->message_id;
	stream->lease = start->lease;
	stream->end_at = UINT64_MAX;
	stream->reply = reply_open(hub->settings);
	if (start->parts.len > 0 &&
		parts_load(reply_parts(stream->reply), &begin->arena,
			start->parts, (struct span){ NULL, 0 }) != OK)
		log_error("parts_unreadable", "message=%llu",
			(unsigned long long)start->message_id);
	add(hub, stream);
	/* The reply's start was committed with its row: it needs no journal. */
	reply_start(stream->reply, start->message_id, start->create_ms,
		&begin->hello);
	chunk_write_session(&begin->hello, start->session_id, start->user_ids,
		start->n_user_ids);
	if (start->peer.fd >= 0) {
		follower = follower_open(hub->loop, start->peer, hub->framing,
			(size_t)hub->conf->chat.follower_max, on_gone, stream);
		stream->followers = follower;
		follower_send(follower, buf_span(&begin->hello));
	}
	if (start->fault != LLM_OK)
		end_now(stream, start->fault);
	if (stream->state == STREAM_RUNNING)
		stream->call = llm_call_start(hub->client, &start->body,
			&handlers, stream);
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
	struct stream *stream = find(hub, ask->message_id);
	struct follower *follower;

	if (stream == NULL) {
		hub_ask_answer(ask, false);
	} else if (stream->state != STREAM_RUNNING) {
		ask->next = stream->waiting;
		stream->waiting = ask;
		ask->found_when_over = false;
	} else if (hub_ask_claim(ask)) {
		follower = follower_open(hub->loop, ask->peer, hub->framing,
			(size_t)hub->conf->chat.follower_max, on_gone, stream);
		stream_join(stream, follower, buf_span(&ask->hello));
		hub_ask_answer(ask, true);
	}
}

static void
on_stop(struct hub *hub, struct hub_ask *ask)
{
	struct stream *stream = find(hub, ask->message_id);

	if (stream == NULL) {
		hub_ask_answer(ask, false);
		return;
	}
	ask->next = stream->waiting;
	stream->waiting = ask;
	ask->found_when_over = true;
	end_now(stream, LLM_STOPPED);
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
	return hub->n_streams < (uint64_t)hub->conf->chat.streams_max ? OK :
									ERR_BUSY;
}

void
hub_start(struct hub *hub, struct hub_start *start)
{
	atomic_fetch_add(&hub->n_streams, 1);
	loop_post(hub->loop, on_begin, hub_begin_new(hub, start));
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
		.undurable = hub->undurable };
}

/* ---- life of the hub */

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
		end_now(stream, LLM_SHUTDOWN);
	}
	loop_timer_set(hub->loop, &hub->drain,
		loop_now_ms(hub->loop) + LAST_STORE_MS);
}

static void
on_close(void *arg)
{
	struct hub *hub = arg;

	hub->draining = true;
	loop_timer_set(hub->loop, &hub->drain,
		loop_now_ms(hub->loop) + hub->conf->chat.drain_ms);
	check_drained(hub);
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
	struct snowflake *ids, const struct framing *framing, struct hub **out)
{
	struct hub *hub = mem_zalloc(sizeof(*hub));

	hub->conf = conf;
	hub->settings = settings;
	hub->ids = ids;
	hub->framing = framing;
	hub->dirty_end = &hub->dirty;
	hub->gap = (struct timer){ .fn = on_gap, .arg = hub };
	hub->heartbeat = (struct timer){ .fn = on_heartbeat, .arg = hub };
	hub->durability = (struct timer){ .fn = on_durability, .arg = hub };
	hub->drain = (struct timer){ .fn = on_drain_over, .arg = hub };
	TRY(loop_open(&hub->loop));
	TRY(llm_client_open(hub->loop, &conf->llm, &hub->client));
	TRY(journal_open(conf, hub->loop, on_batch, hub, &hub->journal));
	loop_at_end(hub->loop, publish, hub);
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
	journal_close(hub->journal);
	while (hub->streams != NULL)
		drop(hub->streams, false);
	llm_client_close(hub->client);
	loop_close(hub->loop);
	free(hub->batch.entries);
	free(hub);
}
