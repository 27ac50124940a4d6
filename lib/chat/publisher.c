#include "chat/publisher.h"

#include "base/log.h"
#include "base/mem.h"
#include "chat/journal.h"
#include "chat/life.h"
#include "repo/delta.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

/* This is far below the server's max_allowed_packet, 16 MB by default. */
#define BATCH_MAX ((size_t)4 << 20)
/* An end takes several statements, a row is part of one. When thousands of
 * replies end together, this limit keeps running replies from waiting for all
 * of them. */
#define ENDS_MAX 48
/* The end of a long reply is megabytes, for which the database takes half a
 * second. It goes alone, in a lane of its own, and nobody waits for it. */
#define LARGE_END ((size_t)256 << 10)
/* A batch has at most this many long rows, because streams that say little wait
 * for one batch. */
#define LARGE_ROW ((size_t)64 << 10)
#define LARGE_ROWS_MAX 4
/*
 * A commit costs the same for one row as for many, and readers see no delay
 * shorter than a frame of their screens. So rows wait for each other, up to
 * chat.journal_gap_ms, until there are so many that waiting longer gains
 * nothing. From then on a short gap between batches makes them larger still.
 */
#define ENOUGH_ROWS 32
#define GAP_MIN_MS 2
/* From this many rows in a batch on, what models say is read once for the next
 * batch, because each wake-up costs as much as a word. So many are expected for
 * the next batch as were in the last one. */
#define SEVERAL_ROWS 3

enum { WORDS, LARGE_ENDS, LANES };

/* A batch, and the journal that stores it. A stream has an entry in one batch
 * at a time. */
struct lane {
	struct publisher *publisher;
	struct journal *journal;
	struct journal_batch batch;
	bool out; /* the journal is working on the batch */
	int64_t out_ms; /* when it was handed out */
};

struct publisher {
	const struct conf *conf;
	struct loop *loop;
	struct snowflake *ids;
	struct streams *streams;
	struct llm_client *models;
	struct lane lanes[LANES];
	/* Of the last batch of words: its rows, when it was submitted, how long
	 * after the one before, and when it was back. */
	size_t n_rows;
	int64_t out_ms, interval_ms, back_ms;
	bool unread; /* models' words are left unread */
	struct timer gap, durability;

	_Atomic uint64_t n_batches, n_ahead;
	/* the database is away: text is shown before its commit */
	_Atomic bool ahead;
	struct histogram batch_times;
};

/* ---- to the journal */

static bool
is_of(const struct stream *stream, struct lease lease)
{
	const struct lease its = stream_lease(stream);

	return its.node == lease.node && its.epoch == lease.epoch;
}

/* The contents of the batch so far. */
struct taken {
	struct lease lease;
	unsigned n_ends, n_large;
};

/* The lane whose batch takes the stream now; NULL if the stream waits for the
 * next batch. */
static struct lane *
lane_for(struct publisher *publisher, struct stream *stream,
	struct taken *taken, enum streams_hurry *hurry)
{
	struct lane *words = &publisher->lanes[WORDS];
	struct lane *large = &publisher->lanes[LARGE_ENDS];

	*hurry = STREAMS_NO_HURRY;
	if (stream_state(stream) != STREAM_ENDED)
		return stream_waiting(stream) >= LARGE_ROW &&
				taken->n_large++ >= LARGE_ROWS_MAX
			? NULL
			: words;
	if (stream_end_size(stream) >= LARGE_END)
		return large->batch.n > 0 ? NULL : large;
	*hurry = STREAMS_ENDS;
	return taken->n_ends++ >= ENDS_MAX ? NULL : words;
}

/* A stream of an older lease is left to the process that recovers it. */
static void
add(struct publisher *publisher, struct stream *stream, struct taken *taken)
{
	enum streams_hurry hurry;
	struct lane *lane;

	if (!is_of(stream, taken->lease)) {
		life_event(stream, LIFE_LOST, LIFE_NOTHING);
		return;
	}
	lane = lane_for(publisher, stream, taken, &hurry);
	if (lane == NULL)
		streams_mark(publisher->streams, stream, hurry);
	else
		life_event(stream, LIFE_BATCH,
			(union life_what){ .batch = &lane->batch });
}

/* Rounds down to the size of a prepared statement, if that leaves only a few
 * streams to the next batch (delta.h). */
static size_t
round_down(size_t n)
{
	return n > DELTA_FEW && n < DELTA_PREPARED_MAX + DELTA_STEP
		? n - n % DELTA_STEP
		: n;
}

/* Fills the batch from the streams that are dirty now, each once. A stream that
 * is left over may be one in a hurry. */
static void
fill(struct publisher *publisher)
{
	struct streams *streams = publisher->streams;
	size_t n = round_down(streams_n_dirty(streams));
	struct taken taken = { .lease = snowflake_lease(publisher->ids) };

	if (n == streams_n_dirty(streams))
		streams_calm(streams);
	for (int i = 0; i < LANES; i++)
		if (!publisher->lanes[i].out)
			publisher->lanes[i].batch.lease = taken.lease;
	for (; n > 0 && publisher->lanes[WORDS].batch.bytes < BATCH_MAX; n--)
		add(publisher, streams_next_dirty(streams), &taken);
}

static void
show_early(struct stream *stream, void *arg)
{
	(void)arg;
	stream_show_early(stream);
}

/* When there will be enough rows for a batch, if models go on as they did; 0 if
 * their words are read as they come: there are few of them, or so many that
 * nearly each wake-up finds several. */
static int64_t
enough_ms(const struct publisher *publisher)
{
	int64_t takes_ms;

	if (publisher->n_rows < SEVERAL_ROWS)
		return 0;
	takes_ms = publisher->interval_ms * ENOUGH_ROWS /
		(int64_t)publisher->n_rows;
	return takes_ms > GAP_MIN_MS ? publisher->out_ms + takes_ms : 0;
}

/* When the next batch may go. The first words of a reply go at once. */
static int64_t
due_ms(const struct publisher *publisher)
{
	enum streams_hurry hurry = streams_hurried(publisher->streams);
	int64_t gap_ms = publisher->conf->chat.journal_gap_ms;
	int64_t soon_ms = publisher->back_ms + MIN(gap_ms, GAP_MIN_MS);
	int64_t enough = enough_ms(publisher);

	if (hurry == STREAMS_FIRST_WORDS)
		return publisher->back_ms;
	if (hurry == STREAMS_ENDS ||
		streams_n_dirty(publisher->streams) >= ENOUGH_ROWS)
		return soon_ms;
	if (enough == 0)
		return publisher->back_ms + gap_ms;
	return MIN(MAX(enough, soon_ms), publisher->back_ms + gap_ms);
}

/* Until when the models' words need not be read: they could not go yet. If a
 * batch stays out for long, they are read meanwhile. */
static int64_t
unread_until_ms(const struct publisher *publisher)
{
	if (enough_ms(publisher) == 0 || publisher->ahead)
		return 0;
	return publisher->lanes[WORDS].out
		? publisher->out_ms + publisher->conf->chat.journal_gap_ms
		: due_ms(publisher);
}

static void
plan_reading(struct publisher *publisher)
{
	int64_t until_ms = unread_until_ms(publisher);

	publisher->unread = loop_now_ms(publisher->loop) < until_ms;
	llm_client_hold(publisher->models, publisher->unread);
	if (publisher->unread)
		loop_timer_set(publisher->loop, &publisher->gap, until_ms);
}

static bool
is_words(const struct lane *lane)
{
	return lane == &lane->publisher->lanes[WORDS];
}

static void
submit(struct lane *lane)
{
	struct publisher *publisher = lane->publisher;

	if (lane->out || lane->batch.n == 0)
		return;
	lane->out = true;
	lane->out_ms = loop_now_ms(publisher->loop);
	atomic_fetch_add(&publisher->n_batches, 1);
	if (is_words(lane)) {
		publisher->n_rows = lane->batch.n;
		publisher->interval_ms = lane->out_ms - publisher->out_ms;
		publisher->out_ms = lane->out_ms;
		loop_timer_set(publisher->loop, &publisher->durability,
			lane->out_ms + publisher->conf->chat.journal_wait_ms);
	}
	journal_submit(lane->journal, &lane->batch);
}

static void
publish(struct publisher *publisher)
{
	if (streams_n_dirty(publisher->streams) == 0 && !publisher->unread)
		return;
	if (publisher->ahead)
		streams_each_dirty(publisher->streams, show_early, NULL);
	if (publisher->lanes[WORDS].out)
		return;
	if (loop_now_ms(publisher->loop) < due_ms(publisher)) {
		loop_timer_set(
			publisher->loop, &publisher->gap, due_ms(publisher));
		return;
	}
	if (publisher->unread)
		llm_client_look(publisher->models);
	fill(publisher);
	for (int i = 0; i < LANES; i++)
		submit(&publisher->lanes[i]);
}

void
publisher_publish(struct publisher *publisher)
{
	publish(publisher);
	plan_reading(publisher);
}

/* This timer only wakes the loop; publishing happens at the end of each
 * iteration. */
static void
on_gap(void *arg)
{
	(void)arg;
}

/* The batch has been out for too long, and people should not have to wait for
 * it. */
static void
on_durability(void *arg)
{
	struct publisher *publisher = arg;

	if (!publisher->lanes[WORDS].out)
		return;
	atomic_store(&publisher->ahead, true);
	atomic_fetch_add(&publisher->n_ahead, 1);
	log_error("journal_late", "streams=%zu", streams_n(publisher->streams));
	streams_each(publisher->streams, show_early, NULL);
}

/* ---- back from the journal */

static void
settle(const struct lane *lane, const struct journal_entry *entry)
{
	struct stream *stream = entry->owner;
	enum life_event event = LIFE_KEPT;

	if (stream == NULL)
		return;
	if (stream_entry(stream) != entry)
		abort();
	if (lane->batch.result != OK)
		event = LIFE_LOST;
	else if (entry->failed)
		event = LIFE_REFUSED;
	life_event(stream, event, LIFE_NOTHING);
}

static void
words_are_back(struct publisher *publisher, int64_t out_ms)
{
	int64_t now_ms = loop_now_ms(publisher->loop);

	histogram_add(&publisher->batch_times, now_ms - out_ms);
	if (publisher->ahead)
		log_warn("journal_back", "ms=%" PRId64, now_ms - out_ms);
	atomic_store(&publisher->ahead, false);
	publisher->back_ms = now_ms;
}

static void
on_batch(void *arg)
{
	struct lane *lane = arg;

	lane->out = false;
	if (is_words(lane))
		words_are_back(lane->publisher, lane->out_ms);
	for (const struct journal_entry *e = lane->batch.first; e != NULL;
		e = e->next)
		settle(lane, e);
	journal_batch_clear(&lane->batch);
}

/* ---- opening and closing */

enum err
publisher_open(const struct conf *conf, struct loop *loop,
	struct snowflake *ids, struct streams *streams,
	struct llm_client *models, struct publisher **out)
{
	struct publisher *publisher = mem_zalloc(sizeof(*publisher));

	publisher->conf = conf;
	publisher->loop = loop;
	publisher->ids = ids;
	publisher->streams = streams;
	publisher->models = models;
	publisher->gap = (struct timer){ .fn = on_gap, .arg = publisher };
	publisher->durability =
		(struct timer){ .fn = on_durability, .arg = publisher };
	*out = publisher;
	for (int i = 0; i < LANES; i++) {
		struct lane *lane = &publisher->lanes[i];

		lane->publisher = publisher;
		TRY(journal_open(conf, loop, i == WORDS, on_batch, lane,
			&lane->journal));
	}
	return OK;
}

void
publisher_stop(struct publisher *publisher)
{
	for (int i = 0; i < LANES; i++)
		journal_close(publisher->lanes[i].journal);
}

void
publisher_close(struct publisher *publisher)
{
	for (int i = 0; i < LANES; i++)
		journal_batch_clear(&publisher->lanes[i].batch);
	free(publisher);
}

struct publisher_counts
publisher_counts(const struct publisher *publisher)
{
	return (struct publisher_counts){ .batches_total = publisher->n_batches,
		.ahead_total = publisher->n_ahead,
		.ahead = publisher->ahead,
		.batch_times = &publisher->batch_times };
}
