#include "chat/reaper.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/monitor.h"
#include "chat/ending.h"
#include "chat/parts.h"
#include "chat/reply.h"
#include "repo/delta.h"
#include "repo/message.h"
#include "repo/stop_request.h"
#include "repo/worker.h"

#include <stdlib.h>

/* With the lease time, how soon a session is usable again: lease + 5 s. */
#define PERIOD_MS 2000
#define SETTLE_MS 1000
#define SWEEP_PERIODS 4 /* how rarely the journal is swept */
#define SWEEP_MAX 64

struct reaper {
	struct snowflake *ids;
	int64_t lease_ms;
	bool away; /* so was the database, when last asked */
	int64_t settled_ms; /* until then leases may still be renewed */
	unsigned periods; /* how many there have been */
	struct db *db;
	pthread_t thread;
	struct monitor monitor;
	bool closing; /* in the monitor */
	struct suspect *suspects; /* in the monitor */
};

struct suspect {
	struct suspect *next;
	struct message_orphan message;
};

struct recovery {
	struct lease own;
	enum err (*recover)(struct db *db, struct recovery *recovery);
	struct arena arena; /* of this one recovery */
	struct parts *parts;
	struct message_orphan orphan;
};

static enum err
fold_row(uint32_t seq, struct span body, void *arg)
{
	struct recovery *recovery = arg;

	if (parts_fold(recovery->parts, &recovery->arena, body) == OK)
		return OK;
	log_error("journal_unreadable", "message=%llu seq=%u",
		(unsigned long long)recovery->orphan.id, seq);
	return ERR_NOT_FOUND; /* what came before it is kept */
}

static enum err
store(struct db *db, const struct recovery *recovery)
{
	struct buf parts = BUF_INIT, metadata = BUF_INIT;
	struct message_end end = { .session_id = recovery->orphan.session_id,
		.id = recovery->orphan.id,
		.status = reply_status_word(REPLY_INTERRUPTED),
		.now_ms = clock_wall_ms() };
	enum err err;

	reply_recover(recovery->parts);
	parts_write(recovery->parts, &parts);
	parts_write_metadata(recovery->parts, &metadata);
	end.parts = buf_span(&parts);
	end.metadata = buf_span(&metadata);
	err = ending_store(db, &end);
	buf_free(&parts);
	buf_free(&metadata);
	return err;
}

/* Puts a locked reply together and stores it. */
static enum err
rebuild(struct db *db, struct recovery *recovery, const struct message *message)
{
	uint64_t id = recovery->orphan.id;
	enum err err;

	if (parts_load(recovery->parts, &recovery->arena, message->parts,
		    message->metadata) != OK)
		log_error("parts_unreadable", "message=%llu",
			(unsigned long long)id);
	err = delta_each(db, &recovery->arena, id, 0, fold_row, recovery);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	TRY(store(db, recovery));
	return delta_delete(db, id);
}

/* One whose lease is over. ERR_NOT_FOUND: there is none, or another process
 * is at it. */
static enum err
recover_orphan(struct db *db, struct recovery *recovery)
{
	struct message message;
	struct lease lease;

	TRY(message_find_orphan(db, &recovery->arena, recovery->own,
		&recovery->orphan, &lease));
	TRY(worker_retire(db, lease));
	TRY(message_lock_streaming(
		db, &recovery->arena, &recovery->orphan, &message));
	if (message.worker_epoch != lease.epoch)
		return ERR_NOT_FOUND;
	return rebuild(db, recovery, &message);
}

static enum err
recover_suspect(struct db *db, struct recovery *recovery)
{
	struct message message;

	TRY(message_lock_streaming(
		db, &recovery->arena, &recovery->orphan, &message));
	return rebuild(db, recovery, &message);
}

static enum err
in_transaction(struct db *db, void *arg)
{
	struct recovery *recovery = arg;
	enum err err;

	recovery->parts = parts_open();
	err = recovery->recover(db, recovery);
	parts_free(recovery->parts);
	return err;
}

static enum err
run_recovery(struct reaper *reaper, struct recovery *recovery)
{
	enum err err = db_transaction(reaper->db, in_transaction, recovery);

	if (err == OK)
		log_warn("reply_recovered", "session=%llu message=%llu",
			(unsigned long long)recovery->orphan.session_id,
			(unsigned long long)recovery->orphan.id);
	arena_reset(&recovery->arena);
	return err;
}

static enum err
recover_one(struct reaper *reaper)
{
	struct recovery recovery = { .recover = recover_orphan,
		.own = snowflake_lease(reaper->ids) };

	return run_recovery(reaper, &recovery);
}

static struct suspect *
take_suspect(struct reaper *reaper)
{
	struct suspect *suspect;

	monitor_enter(&reaper->monitor);
	suspect = reaper->suspects;
	if (suspect != NULL)
		reaper->suspects = suspect->next;
	monitor_leave(&reaper->monitor);
	return suspect;
}

/* All of them, or up to the first for which the database must come back. */
static void
recover_suspects(struct reaper *reaper)
{
	struct suspect *suspect;

	while ((suspect = take_suspect(reaper)) != NULL) {
		struct recovery recovery = { .recover = recover_suspect,
			.orphan = suspect->message };
		enum err err = run_recovery(reaper, &recovery);

		free(suspect);
		if (err != ERR_BUSY)
			continue;
		reaper_suspect(
			reaper, recovery.orphan.session_id, recovery.orphan.id);
		return;
	}
}

void
reaper_suspect(struct reaper *reaper, uint64_t session_id, uint64_t message_id)
{
	struct suspect *suspect = mem_alloc(sizeof(*suspect));

	suspect->message = (struct message_orphan){ session_id, message_id };
	monitor_enter(&reaper->monitor);
	suspect->next = reaper->suspects;
	reaper->suspects = suspect;
	monitor_leave(&reaper->monitor);
}

/* Whether the leases in the database tell who is alive. */
static bool
is_settled(struct reaper *reaper)
{
	int64_t now_ms = clock_mono_ms(), database_ms;
	bool was_away = reaper->away;

	reaper->away = worker_clock(reaper->db, &database_ms) != OK;
	if (was_away && !reaper->away)
		reaper->settled_ms = now_ms + reaper->lease_ms / 5 + SETTLE_MS;
	return !reaper->away && now_ms >= reaper->settled_ms;
}

/* A session may be deleted while its reply is written. What was journalled
 * after that is the writer's to delete, and ours when it was killed; so is
 * what it was asked to stop. */
static void
sweep(struct reaper *reaper)
{
	uint64_t ids[SWEEP_MAX];
	size_t n;

	if (reaper->periods++ % SWEEP_PERIODS != 0 ||
		stop_request_sweep(reaper->db) != OK ||
		delta_orphans(reaper->db, ids, SWEEP_MAX, &n) != OK)
		return;
	for (size_t i = 0; i < n && delta_delete(reaper->db, ids[i]) == OK; i++)
		log_info("journal_swept", "message=%llu",
			(unsigned long long)ids[i]);
}

static void *
run(void *arg)
{
	struct reaper *reaper = arg;

	do {
		recover_suspects(reaper);
		while (is_settled(reaper) && recover_one(reaper) == OK)
			;
		sweep(reaper);
	} while (monitor_rest(&reaper->monitor, &reaper->closing, PERIOD_MS));
	db_free(reaper->db);
	return NULL;
}

enum err
reaper_open(const struct conf *conf, struct snowflake *ids, struct reaper **out)
{
	struct reaper *reaper = mem_zalloc(sizeof(*reaper));

	reaper->ids = ids;
	reaper->lease_ms = conf->worker_lease_ms;
	reaper->db = db_new(&conf->db);
	monitor_open(&reaper->monitor);
	if (pthread_create(&reaper->thread, NULL, run, reaper) != 0)
		abort();
	*out = reaper;
	return OK;
}

void
reaper_close(struct reaper *reaper)
{
	struct suspect *suspect;

	monitor_enter(&reaper->monitor);
	reaper->closing = true;
	monitor_tell(&reaper->monitor);
	monitor_leave(&reaper->monitor);
	pthread_join(reaper->thread, NULL);
	while ((suspect = take_suspect(reaper)) != NULL)
		free(suspect);
	monitor_close(&reaper->monitor);
	free(reaper);
}
