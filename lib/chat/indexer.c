#include "chat/indexer.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/db.h"
#include "db/thread.h"
#include "repo/search.h"
#include "repo/search_index.h"
#include "repo/search_vocabulary.h"
#include "repo/search_write.h"

#include <inttypes.h>
#include <stdlib.h>

/* Soon enough for a search right after a message; a look is one statement. */
#define PERIOD_MS 300
#define AWAY_MS 2000 /* while the database is away */
/* How often to look for texts that are older than the index. */
#define FILL_PERIOD_MS 10000
#define REST_MAX_MS INT64_C(1000)
#define FILL_LOGGED 100000 /* messages between two log lines */
/* When, and how often, to look for segments that programs of an older release
 * have written. Such programs run beside new ones only during an upgrade. */
#define LOOK_AFTER_MS INT64_C(600000)
#define LOOK_PERIOD_MS INT64_C(86400000)

/* After the database has refused a text, this many texts are written singly, so
 * the refused one is found among them. */
#define CAREFUL (2 * SEARCH_WRITE_MAX)

struct indexer {
	struct db_thread thread;
	unsigned careful; /* texts to write one by one */
	int64_t fill_ms; /* when to look again */
	int64_t filled_ms; /* when the last part was noted; 0 if none was */
	int64_t look_ms; /* when to look for segments without a vocabulary */
	struct vocabulary_at filled, looked;
};

/* Deletes the note; otherwise the text would be tried for ever. */
static enum err
give_up(struct indexer *indexer, const struct search_note *note)
{
	log_error("text_refused", "session=%" PRIu64 " message=%" PRIu64,
		note->session_id, note->message_id);
	return search_done(indexer->thread.db, note, 1);
}

/* The texts of one user mostly come together, so each user is asked about
 * once. */
static enum err
merge_due(struct indexer *indexer, const struct search_written *written)
{
	uint64_t last = 0;

	for (unsigned i = 0; i < written->n_users; i++) {
		uint64_t user_id = written->user_ids[i];
		bool due = false;

		if (user_id != last)
			TRY(index_is_due(indexer->thread.db, user_id, &due));
		if (due)
			TRY(index_merge(indexer->thread.db, user_id));
		last = user_id;
	}
	return OK;
}

/* ERR_NOT_FOUND if nothing is pending. */
static enum err
index_some(struct indexer *indexer)
{
	struct search_written written;
	enum err err = search_write(indexer->thread.db,
		indexer->careful > 0 ? 1 : SEARCH_WRITE_MAX, &written);

	if (indexer->careful > 0)
		indexer->careful--;
	if (err == OK)
		return merge_due(indexer, &written);
	if (err == ERR_NOT_FOUND || err == ERR_BUSY)
		return err;
	if (written.n == 1)
		return give_up(indexer, &written.notes[0]);
	indexer->careful = CAREFUL;
	return OK;
}

/* ERR_NOT_FOUND if all known segments have a vocabulary. */
static enum err
fill_vocabulary(struct indexer *indexer, int64_t now_ms)
{
	enum err err = vocabulary_fill(indexer->thread.db, &indexer->filled);

	if (err != ERR_NOT_FOUND || now_ms < indexer->look_ms)
		return err;
	err = vocabulary_look(indexer->thread.db, &indexer->looked);
	if (err == ERR_NOT_FOUND)
		indexer->look_ms = now_ms + LOOK_PERIOD_MS;
	return err;
}

/* Notes older texts, and rests for as long as that took. ERR_NOT_FOUND if there
 * are none. */
static enum err
fill(struct indexer *indexer)
{
	int64_t now_ms = clock_mono_ms();
	struct search_fill fill;
	enum err err;

	if (now_ms < indexer->fill_ms)
		return ERR_NOT_FOUND;
	if (indexer->filled_ms != 0 &&
		!db_thread_rest(&indexer->thread,
			MIN(now_ms - indexer->filled_ms, REST_MAX_MS)))
		return OK;
	err = search_fill(indexer->thread.db, &fill);
	if (err == ERR_NOT_FOUND &&
		(err = fill_vocabulary(indexer, now_ms)) == OK) {
		indexer->filled_ms = clock_mono_ms();
		return OK;
	}
	indexer->filled_ms = err == OK ? clock_mono_ms() : 0;
	if (err != OK) {
		indexer->fill_ms = now_ms + FILL_PERIOD_MS;
		return err;
	}
	if (fill.done % FILL_LOGGED < fill.noted || fill.noted == 0)
		log_info("search_fill",
			"done=%" PRIu64 " of_about=%" PRIu64 " ended=%d",
			fill.done, fill.total, fill.noted == 0);
	return OK;
}

static void
run(void *arg)
{
	struct indexer *indexer = arg;
	enum err err;

	do {
		do {
			err = index_some(indexer);
			if (err == ERR_NOT_FOUND)
				err = fill(indexer);
		} while (err == OK && !db_thread_is_closing(&indexer->thread));
	} while (db_thread_rest(
		&indexer->thread, err == ERR_BUSY ? AWAY_MS : PERIOD_MS));
}

struct indexer *
indexer_open(const struct conf *conf)
{
	struct indexer *indexer = mem_zalloc(sizeof(*indexer));

	indexer->look_ms = clock_mono_ms() + LOOK_AFTER_MS;
	db_thread_open(&indexer->thread, db_new(&conf->db), run, indexer);
	return indexer;
}

void
indexer_close(struct indexer *indexer)
{
	db_thread_close(&indexer->thread);
	free(indexer);
}
