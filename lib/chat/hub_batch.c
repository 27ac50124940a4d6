/* What live streams have said goes to the journal in batches; what comes back
 * is shown. */

#include "chat/hub_private.h"

#include "base/fault.h"
#include "base/log.h"

/* Far below the server's max_allowed_packet, which is 16 MB by default. */
#define BATCH_MAX ((size_t)4 << 20)
#define ROW_MAX ((size_t)1 << 20)
/* An end is several statements, a row a part of one: when thousands of replies
 * end together, those that go on must not wait for all of them. */
#define ENDS_MAX 48

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
		hub_mark_dirty(stream);
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
	struct stream *stream, *postponed = NULL, **last = &postponed;
	unsigned n_ends = 0;

	hub->batch.n = 0;
	hub->batch.bytes = 0;
	hub->batch.lease = snowflake_lease(hub->ids);
	while (hub->batch.bytes < BATCH_MAX &&
		(stream = hub_next_dirty(hub)) != NULL) {
		if (stream->lease.node != hub->batch.lease.node ||
			stream->lease.epoch != hub->batch.lease.epoch) {
			hub_drop(stream, false);
		} else if (stream->state == STREAM_RUNNING) {
			add_row(hub, stream);
		} else if (stream->state == STREAM_ENDED &&
			n_ends++ < ENDS_MAX) {
			add_end(hub, stream);
		} else if (stream->state == STREAM_ENDED) {
			stream->next_dirty = NULL;
			*last = stream;
			last = &stream->next_dirty;
		}
	}
	while ((stream = postponed) != NULL) {
		postponed = stream->next_dirty;
		hub_mark_dirty(stream);
	}
}

static void
show_undurable(struct hub *hub)
{
	for (struct stream *s = hub->dirty; s != NULL; s = s->next_dirty)
		stream_show(s, MIN(stream_said(s), s->end_at));
}

/* At the end of every iteration of the loop. */
void
hub_publish(void *arg)
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
void
hub_on_gap(void *arg)
{
	(void)arg;
}

/* The batch has been out too long: people are not made to wait for it. */
void
hub_on_durability(void *arg)
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
		hub_drop(stream, false);
	} else if (entry->is_end) {
		(void)fault_at("stream.stored");
		stream_show(stream, stream_said(stream));
		hub_drop(stream, true);
	} else {
		stream_kept(stream);
	}
}

void
hub_on_batch(void *arg)
{
	struct hub *hub = arg;
	int64_t gap_ms = hub->conf->chat.journal_gap_ms;

	loop_timer_clear(hub->loop, &hub->durability);
	if (hub->undurable)
		log_warn("journal_back", "ms=%lld",
			(long long)(loop_now_ms(hub->loop) -
				hub->batch_out_ms));
	atomic_store(&hub->undurable, false);
	hub->batch_out = false;
	hub->next_batch_ms = loop_now_ms(hub->loop) + gap_ms;
	for (size_t i = 0; i < hub->batch.n; i++)
		settle(hub, &hub->batch.entries[i]);
}
