#include "chat/publisher.h"

#include "base/log.h"
#include "base/mem.h"
#include "chat/journal.h"
#include "chat/life.h"
#include "repo/delta.h"

#include <inttypes.h>
#include <stdatomic.h>
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

struct publisher {
	const struct conf *conf;
	struct loop *loop;
	struct snowflake *ids;
	struct streams *streams;
	struct journal *journal;

	struct journal_batch batch;
	bool out; /* the journal has it */
	int64_t out_ms; /* since when */
	int64_t back_ms; /* when the last one was back */
	struct timer gap, durability;

	_Atomic uint64_t n_batches, n_ahead;
	_Atomic bool ahead; /* the database is away: show without it */
};

/* ---- there */

static bool
is_of(const struct stream *stream, struct lease lease)
{
	const struct lease its = stream_lease(stream);

	return its.node == lease.node && its.epoch == lease.epoch;
}

/* What ran under an older lease is another process's to recover. */
static void
add(struct publisher *publisher, struct stream *stream, unsigned *n_ends)
{
	struct journal_batch *batch = &publisher->batch;
	bool ends = stream_state(stream) == STREAM_ENDED;

	if (!is_of(stream, batch->lease))
		life_event(stream, LIFE_LOST, LIFE_NOTHING);
	else if (ends && (*n_ends)++ >= ENDS_MAX)
		streams_mark(publisher->streams, stream, STREAMS_ENDS);
	else
		life_event(stream, LIFE_BATCH,
			(union life_what){ .batch = batch });
}

/* How many of those that are dirty: as many as there is a prepared statement
 * for, when that leaves few to the next batch (delta.h). */
static size_t
round_down(size_t n)
{
	return n > DELTA_FEW && n < DELTA_PREPARED_MAX + DELTA_STEP
		? n - n % DELTA_STEP
		: n;
}

/* Fills the batch from the streams that are dirty now, each once. Who is left
 * may be the one in a hurry. */
static void
fill(struct publisher *publisher)
{
	struct streams *streams = publisher->streams;
	size_t n = round_down(streams_n_dirty(streams));
	struct stream *stream;
	unsigned n_ends = 0;

	if (n == streams_n_dirty(streams))
		streams_calm(streams);
	publisher->batch.lease = snowflake_lease(publisher->ids);
	for (; n > 0 && publisher->batch.bytes < BATCH_MAX; n--) {
		stream = streams_next_dirty(streams);
		if (stream == NULL)
			break;
		add(publisher, stream, &n_ends);
	}
}

static void
show_early(struct stream *stream, void *arg)
{
	(void)arg;
	stream_show_early(stream);
}

/* When the next batch may go. The first words of a reply do not wait. */
static int64_t
due_ms(const struct publisher *publisher)
{
	enum streams_hurry hurry = streams_hurried(publisher->streams);
	int64_t gap_ms = publisher->conf->chat.journal_gap_ms;

	if (hurry == STREAMS_FIRST_WORDS)
		return publisher->back_ms;
	if (hurry == STREAMS_ENDS ||
		streams_n_dirty(publisher->streams) >= ENOUGH_ROWS)
		return publisher->back_ms + MIN(gap_ms, GAP_MIN_MS);
	return publisher->back_ms + gap_ms;
}

static void
submit(struct publisher *publisher)
{
	publisher->out = true;
	publisher->out_ms = loop_now_ms(publisher->loop);
	atomic_fetch_add(&publisher->n_batches, 1);
	loop_timer_set(publisher->loop, &publisher->durability,
		publisher->out_ms + publisher->conf->chat.journal_wait_ms);
	journal_submit(publisher->journal, &publisher->batch);
}

void
publisher_publish(struct publisher *publisher)
{
	if (streams_n_dirty(publisher->streams) == 0)
		return;
	if (publisher->ahead)
		streams_each_dirty(publisher->streams, show_early, NULL);
	if (publisher->out)
		return;
	if (loop_now_ms(publisher->loop) < due_ms(publisher)) {
		loop_timer_set(
			publisher->loop, &publisher->gap, due_ms(publisher));
		return;
	}
	fill(publisher);
	if (publisher->batch.n > 0)
		submit(publisher);
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
	struct publisher *publisher = arg;

	if (!publisher->out)
		return;
	atomic_store(&publisher->ahead, true);
	atomic_fetch_add(&publisher->n_ahead, 1);
	log_error("journal_late", "streams=%zu", streams_n(publisher->streams));
	streams_each(publisher->streams, show_early, NULL);
}

/* ---- and back */

static void
settle(const struct publisher *publisher, const struct journal_entry *entry)
{
	struct stream *stream = entry->owner;
	enum life_event event = LIFE_KEPT;

	if (stream == NULL)
		return;
	if (stream_entry(stream) != entry)
		abort();
	if (publisher->batch.result != OK)
		event = LIFE_LOST;
	else if (entry->failed)
		event = LIFE_REFUSED;
	life_event(stream, event, LIFE_NOTHING);
}

static void
on_batch(void *arg)
{
	struct publisher *publisher = arg;
	struct journal_batch *batch = &publisher->batch;
	int64_t now_ms = loop_now_ms(publisher->loop);

	loop_timer_clear(publisher->loop, &publisher->durability);
	if (publisher->ahead)
		log_warn("journal_back", "ms=%" PRId64,
			now_ms - publisher->out_ms);
	atomic_store(&publisher->ahead, false);
	publisher->out = false;
	publisher->back_ms = now_ms;
	for (const struct journal_entry *e = batch->first; e != NULL;
		e = e->next)
		settle(publisher, e);
	journal_batch_clear(batch);
}

/* ---- its life */

enum err
publisher_open(const struct conf *conf, struct loop *loop,
	struct snowflake *ids, struct streams *streams, struct publisher **out)
{
	struct publisher *publisher = mem_zalloc(sizeof(*publisher));

	publisher->conf = conf;
	publisher->loop = loop;
	publisher->ids = ids;
	publisher->streams = streams;
	publisher->gap = (struct timer){ .fn = on_gap, .arg = publisher };
	publisher->durability =
		(struct timer){ .fn = on_durability, .arg = publisher };
	*out = publisher;
	return journal_open(
		conf, loop, on_batch, publisher, &publisher->journal);
}

void
publisher_stop(struct publisher *publisher)
{
	journal_close(publisher->journal);
}

void
publisher_close(struct publisher *publisher)
{
	journal_batch_clear(&publisher->batch);
	free(publisher);
}

struct publisher_counts
publisher_counts(const struct publisher *publisher)
{
	return (struct publisher_counts){ .batches_total = publisher->n_batches,
		.ahead_total = publisher->n_ahead,
		.ahead = publisher->ahead };
}
