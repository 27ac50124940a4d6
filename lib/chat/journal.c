#include "chat/journal.h"

#include "base/attr.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/mem.h"
#include "chat/ending.h"
#include "chat/rebuild.h"
#include "db/bulk.h"
#include "db/db.h"
#include "db/thread.h"
#include "message/parts.h"
#include "repo/delta.h"
#include "repo/message.h"
#include "repo/session.h"
#include "repo/worker.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#define RETRY_MS_FIRST 20
#define RETRY_MS_MAX 1000
/* A connection keeps the memory of the largest packet that it has sent, so
 * larger portions do not use prepared statements. */
#define PREPARED_BYTES ((size_t)256 << 10)

struct journal {
	struct loop *loop;
	void (*on_done)(void *arg);
	void *arg;
	struct db_thread thread;
	struct journal_batch *batch; /* guarded by the monitor */
	struct bulk bulk;
	struct delta_texts texts;
};

/* What one transaction writes: *n* entries, beginning with *first*. */
struct portion {
	struct journal *journal;
	struct journal_batch *batch;
	const struct journal_entry *first;
	size_t n;
	bool fenced; /* another process holds the lease now */
	bool unsure; /* the commit may have happened: its answer was lost */
};

/* ---- batches */

struct journal_entry *
journal_entry_new(void)
{
	return mem_zalloc(sizeof(struct journal_entry));
}

void
journal_batch_add(struct journal_batch *batch, struct journal_entry *entry)
{
	if (batch->out || entry->next != NULL || entry == batch->last)
		abort();
	if (batch->last != NULL)
		batch->last->next = entry;
	else
		batch->first = entry;
	batch->last = entry;
	batch->n++;
	batch->bytes += entry->body.len;
	if (entry->said != NULL)
		batch->bytes += parts_size(entry->said);
}

void
journal_batch_clear(struct journal_batch *batch)
{
	struct journal_entry *entry;

	if (batch->out)
		abort();
	while ((entry = batch->first) != NULL) {
		batch->first = entry->next;
		buf_free(&entry->body);
		parts_free(entry->said);
		free(entry);
	}
	*batch = (struct journal_batch){ 0 };
}

/* ---- storing */

/* If the database refuses an end as a whole, the end is rebuilt from the
 * journal rows that it did take. */
static enum err
store_rebuilt(struct db *db, const struct journal_entry *entry)
{
	const struct message_orphan reply = { entry->session_id,
		entry->message_id };
	struct arena arena = ARENA_INIT;
	struct message message;
	enum err err = message_lock_streaming(db, &arena, &reply, &message);

	if (err == OK && !message_lives(&message, &entry->life))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = rebuild_store(db, entry->session_id, &message,
			REBUILD_REFUSED, false);
	arena_reset(&arena);
	/* The message was deleted, or an earlier attempt was committed and its
	 * answer lost. */
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
store_end(struct db *db, const struct journal_entry *entry, int64_t now_ms)
{
	const struct message_end end = { entry->user_id, entry->session_id,
		entry->message_id, entry->life, entry->status,
		buf_span(&entry->parts), buf_span(&entry->metadata),
		entry->asks, now_ms };
	bool done;

	TRY(fault_at("journal.end"));
	TRY(session_hold(db, entry->session_id));
	return entry->rebuilt ? store_rebuilt(db, entry)
			      : ending_store(db, &end, &done);
}

/* Collects the portion's rows as text. */
static void
collect(const struct portion *portion)
{
	const struct journal_entry *entry = portion->first;
	struct bulk *bulk = &portion->journal->bulk;

	delta_begin(bulk);
	for (size_t i = 0; i < portion->n; i++, entry = entry->next)
		if (!entry->is_end)
			delta_add(bulk, portion->batch->lease,
				entry->message_id, entry->seq,
				buf_span(&entry->body));
}

/* ---- the long way, statement by statement, which can tell the cause of a
 * failure */

static enum err
store(struct db *db, void *arg)
{
	struct portion *portion = arg;
	const struct journal_entry *entry = portion->first;
	int64_t now_ms = clock_wall_ms();
	enum err err = worker_fence(db, portion->batch->lease);

	portion->fenced = err == ERR_CONFLICT;
	TRY(err);
	TRY(fault_at("journal.begin"));
	for (size_t i = 0; i < portion->n; i++, entry = entry->next)
		if (entry->is_end)
			TRY(store_end(db, entry, now_ms));
	collect(portion);
	TRY(delta_insert(&portion->journal->bulk, db));
	return fault_at("journal.written");
}

/* ---- the short way for rows alone: one statement that includes the fence and
 * needs no transaction */

static enum err
send_text(struct portion *portion)
{
	struct journal *journal = portion->journal;

	TRY(fault_at("journal.begin"));
	TRY(delta_insert(&journal->bulk, journal->thread.db));
	return fault_at("journal.written");
}

static bool
is_rows_alone(const struct portion *portion)
{
	const struct journal_entry *entry = portion->first;

	for (size_t i = 0; i < portion->n; i++, entry = entry->next)
		if (entry->is_end)
			return false;
	return true;
}

/* ERR_INVALID if no prepared statement has this size, or the fence did not
 * match. */
static enum err
send_prepared(struct portion *portion)
{
	const struct journal_entry *entry = portion->first;
	struct journal *journal = portion->journal;
	struct delta_row rows[DELTA_PREPARED_MAX] NOT_ZEROED;

	if (portion->n > DELTA_PREPARED_MAX ||
		portion->batch->bytes > PREPARED_BYTES)
		return ERR_INVALID;
	for (size_t i = 0; i < portion->n; i++, entry = entry->next)
		rows[i] = (struct delta_row){ entry->message_id, entry->seq,
			buf_span(&entry->body) };
	TRY(fault_at("journal.begin"));
	TRY(delta_insert_prepared(&journal->texts, journal->thread.db,
		portion->batch->lease, rows, portion->n));
	return fault_at("journal.written");
}

/* ERR_INVALID if the short way does not apply. */
static enum err
store_at_once(struct portion *portion)
{
	struct journal *journal = portion->journal;
	enum err err;

	if (!is_rows_alone(portion))
		return ERR_INVALID;
	err = send_prepared(portion);
	if (err != ERR_INVALID)
		return err;
	collect(portion);
	return bulk_is_one(&journal->bulk, journal->thread.db)
		? send_text(portion)
		: ERR_INVALID;
}

/* ---- repeating until it is certain */

static void
pause_ms(int64_t ms)
{
	struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

/*
 * Repeats until the portion is committed. A commit whose answer was lost may
 * have happened; if the rows are there, the whole transaction was committed.
 */
static enum err
store_surely(struct portion *portion)
{
	struct journal *journal = portion->journal;
	int64_t wait_ms = RETRY_MS_FIRST;
	enum err err = store_at_once(portion);

	if (err == OK)
		return OK;
	portion->unsure |= err == ERR_BUSY;
	while ((err = db_transaction(journal->thread.db, store, portion)) ==
		ERR_BUSY) {
		if (db_thread_is_closing(&journal->thread))
			return ERR_BUSY;
		pause_ms(wait_ms);
		wait_ms = MIN(wait_ms * 2, (int64_t)RETRY_MS_MAX);
		portion->unsure = true;
	}
	if (err == ERR_CONFLICT && !portion->fenced)
		return portion->unsure ? OK : ERR_INTERNAL;
	return err;
}

/* Stores each entry by itself: an entry that the database refuses must not hold
 * up the others. */
static enum err
store_singly(struct portion *all)
{
	struct journal_entry *entry = all->batch->first;

	for (; entry != NULL; entry = entry->next) {
		struct portion one = *all;
		enum err err;

		one.first = entry;
		one.n = 1;
		err = store_surely(&one);
		if (err == ERR_BUSY || one.fenced)
			return err;
		if (err != OK)
			log_error("journal_refused",
				"message=%" PRIu64 " error=%s",
				entry->message_id, err_code(err));
		entry->failed = err != OK;
	}
	return OK;
}

static void
write_ends(struct journal_batch *batch)
{
	struct journal_entry *entry;

	for (entry = batch->first; entry != NULL; entry = entry->next) {
		if (entry->said == NULL)
			continue;
		parts_write(entry->said, &entry->parts);
		parts_write_metadata(entry->said, &entry->metadata);
		entry->asks = parts_asks(entry->said);
		parts_free(entry->said);
		entry->said = NULL;
	}
}

/* Freeing megabytes takes time, so it happens here and not in the loop. */
static void
drop_ends(struct journal_batch *batch)
{
	struct journal_entry *entry;

	for (entry = batch->first; entry != NULL; entry = entry->next) {
		buf_free(&entry->parts);
		buf_free(&entry->metadata);
	}
}

static void
run_batch(struct journal *journal, struct journal_batch *batch)
{
	struct portion all = { journal, batch, batch->first, batch->n, false,
		false };

	write_ends(batch);
	batch->result = store_surely(&all);
	(void)fault_at("journal.committed");
	if (batch->result != OK && batch->result != ERR_BUSY && !all.fenced)
		batch->result = store_singly(&all);
	drop_ends(batch);
	if (batch->result == ERR_CONFLICT)
		log_error("lease_lost", "streams=%zu", batch->n);
}

static void
run(void *arg)
{
	struct journal *journal = arg;
	struct journal_batch *batch;

	monitor_enter(&journal->thread.monitor);
	for (;;) {
		while (journal->batch == NULL && !journal->thread.closing)
			monitor_wait(&journal->thread.monitor);
		batch = journal->batch;
		if (batch == NULL)
			break;
		monitor_leave(&journal->thread.monitor);
		run_batch(journal, batch);
		monitor_enter(&journal->thread.monitor);
		batch->out = false;
		journal->batch = NULL;
		loop_post(journal->loop, journal->on_done, journal->arg);
	}
	monitor_leave(&journal->thread.monitor);
}

enum err
journal_open(const struct conf *conf, struct loop *loop, bool urgent,
	void (*on_done)(void *arg), void *arg, struct journal **out)
{
	struct journal *journal = mem_zalloc(sizeof(*journal));

	journal->loop = loop;
	journal->on_done = on_done;
	journal->arg = arg;
	db_thread_open(&journal->thread,
		urgent ? db_new_urgent(&conf->db) : db_new(&conf->db), run,
		journal);
	*out = journal;
	return OK;
}

void
journal_submit(struct journal *journal, struct journal_batch *batch)
{
	monitor_enter(&journal->thread.monitor);
	if (journal->batch != NULL || batch->out || batch->n == 0)
		abort();
	batch->out = true;
	journal->batch = batch;
	monitor_notify(&journal->thread.monitor);
	monitor_leave(&journal->thread.monitor);
}

void
journal_close(struct journal *journal)
{
	db_thread_close(&journal->thread);
	bulk_free(&journal->bulk);
	delta_texts_free(&journal->texts);
	free(journal);
}
