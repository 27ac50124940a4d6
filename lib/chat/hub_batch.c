/* What live streams have said goes to the journal in batches; what comes back
 * is shown. */

#include "chat/hub_private.h"

#include "base/fault.h"
#include "base/log.h"

#include <stdlib.h>

/* Far below the server's max_allowed_packet, which is 16 MB by default. */
#define BATCH_MAX ((size_t)4 << 20)
/* An end is several statements, a row a part of one: when thousands of replies
 * end together, those that go on must not wait for all of them. */
#define ENDS_MAX 48
/*
 * A commit costs the same for one row as for many, and readers see no
 * difference below a frame of their screens: so rows wait for each other, up to
 * chat.journal_gap_ms, until there are so many that it makes no difference.
 * Then batches are kept apart by a little, which makes them larger still.
 */
#define ENOUGH_ROWS 32
#define GAP_MIN_MS 2

static bool
has_lease(const struct stream *stream, struct lease lease)
{
	return stream->lease.node == lease.node &&
		stream->lease.epoch == lease.epoch;
}

/* One entry at most: what is left waits for the next batch. */
static void
add(struct hub *hub, struct stream *stream, unsigned *n_ends)
{
	struct journal_batch *batch = &hub->batch;

	if (stream->state == STREAM_RUNNING && stream_waiting(stream) > 0)
		journal_batch_add(batch, stream_take(stream));
	else if (stream->state == STREAM_ENDED && (*n_ends)++ < ENDS_MAX)
		journal_batch_add(batch, stream_take_end(stream));
	if (stream->state == STREAM_ENDED ||
		(stream->state == STREAM_RUNNING && stream_waiting(stream) > 0))
		hub_mark_dirty(stream);
	hub->ends = hub->ends || stream->state == STREAM_ENDED;
	hub_count(stream);
}

/* Fills the batch from the streams that are dirty now, each once. What ran
 * under an older lease is another process's to recover. */
static void
fill(struct hub *hub)
{
	struct stream *stream;
	unsigned n_ends = 0;

	hub->first_words = false;
	hub->ends = false;
	hub->batch.lease = snowflake_lease(hub->ids);
	for (size_t n = hub->n_dirty; n > 0 && hub->batch.bytes < BATCH_MAX;
		n--) {
		stream = hub_next_dirty(hub);
		if (stream == NULL)
			break;
		if (has_lease(stream, hub->batch.lease))
			add(hub, stream, &n_ends);
		else
			hub_drop(stream, false);
	}
}

static void
show_undurable(struct hub *hub)
{
	for (struct stream *s = hub->dirty; s != NULL; s = s->next_dirty)
		stream_show(s, MIN(stream_said(s), s->end_at));
}

/* When the next batch may go. The first words of a reply do not wait. */
static int64_t
due_ms(const struct hub *hub)
{
	int64_t gap_ms = hub->conf->chat.journal_gap_ms;

	if (hub->first_words)
		return hub->batch_back_ms;
	if (hub->ends || hub->n_dirty >= ENOUGH_ROWS)
		return hub->batch_back_ms + MIN(gap_ms, GAP_MIN_MS);
	return hub->batch_back_ms + gap_ms;
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
	if (loop_now_ms(hub->loop) < due_ms(hub)) {
		loop_timer_set(hub->loop, &hub->gap, due_ms(hub));
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

	if (stream == NULL)
		return;
	if (stream->entry != entry)
		abort();
	if (hub->batch.result != OK) {
		hub_drop(stream, false);
	} else if (entry->failed) {
		hub_refuse(stream);
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
	const struct journal_entry *entry;

	loop_timer_clear(hub->loop, &hub->durability);
	if (hub->undurable)
		log_warn("journal_back", "ms=%lld",
			(long long)(loop_now_ms(hub->loop) -
				hub->batch_out_ms));
	atomic_store(&hub->undurable, false);
	hub->batch_out = false;
	hub->batch_back_ms = loop_now_ms(hub->loop);
	for (entry = hub->batch.first; entry != NULL; entry = entry->next)
		settle(hub, entry);
	journal_batch_clear(&hub->batch);
}
