#include "chat/reaper.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "chat/recovery.h"
#include "db/thread.h"
#include "repo/delta.h"
#include "repo/stop_request.h"
#include "repo/worker.h"

#include <inttypes.h>
#include <stdlib.h>

/* Together with the lease time, this bounds how soon a session is usable again:
 * lease + 5 s. */
#define PERIOD_MS 2000
/* A refused end is tried again for the length of a lease, but at least this
 * long: a lease may be too short for several attempts. */
#define PATIENCE_MIN_MS 8000
#define LOOKS 4 /* per period, for processes that have died */
#define SETTLE_MS 1000
#define SWEEP_PERIODS 4 /* sweeps of the journal: one in this many periods */
#define SWEEP_MAX 64

/* A reply of this process that no stream held when it was looked for. */
struct unowned {
	struct message_running reply;
	int64_t seen_ms; /* for the first time */
};

struct reaper {
	struct snowflake *ids;
	struct hub *hub;
	struct models *models;
	struct unowned *unowned;
	size_t n_unowned;
	struct recoverer recoverer;
	int64_t lease_ms;
	bool takes_over; /* chat.on_crash */
	bool away; /* the database was away when last asked */
	int64_t settled_ms; /* until then, leases may still be renewed */
	unsigned periods; /* so far */
	struct db_thread thread;
};

/* Recovers the replies whose lease has expired, one after the other; a failure
 * of one does not hold up the next. */
static void
recover_orphans(struct reaper *reaper)
{
	struct recovery recovery = { .recover = recovery_of_orphan };
	enum err err;

	do {
		recovery.own = snowflake_lease(reaper->ids);
		recovery.reduced = false;
		recovery.models = NULL;
		if (reaper->takes_over && hub_has_room(reaper->hub) == OK)
			recovery.models = reaper->models;
		err = recovery_run(&reaper->recoverer, &recovery);
		recovery.after = recovery.orphan.id;
	} while (recovery.found && err != ERR_BUSY);
}

/* ---- replies of this process without a stream */

struct own_list {
	struct unowned *list;
	uint64_t *ids;
	size_t n, cap;
};

static void
add_own(const struct message_running *running, void *arg)
{
	struct own_list *own = arg;

	if (own->n == own->cap) {
		own->cap = own->cap * 2 + 64;
		own->list =
			mem_realloc(own->list, own->cap * sizeof(*own->list));
		own->ids = mem_realloc(own->ids, own->cap * sizeof(*own->ids));
	}
	own->ids[own->n] = running->id;
	own->list[own->n++] = (struct unowned){ *running, 0 };
}

/* When this life of the reply was first seen without a stream. */
static int64_t
seen_since_ms(const struct reaper *reaper, const struct message_running *reply)
{
	for (size_t i = 0; i < reaper->n_unowned; i++)
		if (reaper->unowned[i].reply.id == reply->id &&
			reaper->unowned[i].reply.began_ms == reply->began_ms)
			return reaper->unowned[i].seen_ms;
	return clock_mono_ms();
}

/* Removes the replies that a stream of this process holds. */
static void
drop_held(struct reaper *reaper, struct own_list *own)
{
	bool *held = mem_zalloc(MAX(own->n, (size_t)1) * sizeof(*held));
	size_t n = 0;

	hub_holds(reaper->hub, own->ids, own->n, held);
	for (size_t i = 0; i < own->n; i++) {
		if (held[i])
			continue;
		own->list[n] = own->list[i];
		own->list[n].seen_ms =
			seen_since_ms(reaper, &own->list[i].reply);
		n++;
	}
	own->n = n;
	free(held);
}

/*
 * A reply is committed before its stream begins. A reply without a stream is
 * therefore abandoned only when all requests that were opening a reply when it
 * was first seen have finished and it is still unchanged.
 */
static void
recover_unowned(struct reaper *reaper)
{
	struct lease lease = snowflake_lease(reaper->ids);
	int64_t opening_ms = hub_opening_since_ms(reaper->hub);
	struct own_list own = { 0 };

	if (lease.epoch == 0 ||
		message_each_running(reaper->thread.db, lease, add_own, &own) !=
			OK) {
		free(own.list);
		free(own.ids);
		return;
	}
	drop_held(reaper, &own);
	free(reaper->unowned);
	reaper->unowned = own.list;
	reaper->n_unowned = own.n;
	free(own.ids);
	for (size_t i = 0; i < own.n; i++) {
		const struct unowned *unowned = &reaper->unowned[i];
		struct recovery recovery = { .recover = recovery_of_own,
			.own = lease,
			.orphan = { unowned->reply.session_id,
				unowned->reply.id },
			.life = { lease, unowned->reply.began_ms } };

		if (unowned->seen_ms >= opening_ms ||
			unowned->seen_ms > clock_mono_ms() - PERIOD_MS)
			continue;
		log_warn(
			"reply_unowned", "message=%" PRIu64, unowned->reply.id);
		if (recovery_run(&reaper->recoverer, &recovery) == ERR_BUSY)
			return;
	}
}

/* ---- the thread */

static bool
is_dead(const char *alive, void *arg)
{
	const struct reaper *reaper = arg;

	return alive_is_dead(snowflake_alive(reaper->ids), alive);
}

/* The leases of processes known to have died on this host need not expire
 * first. */
static bool
end_dead(struct reaper *reaper)
{
	size_t n;

	if (worker_end_dead(reaper->thread.db, is_dead, reaper, &n) != OK ||
		n == 0)
		return false;
	log_warn("workers_died", "n=%zu", n);
	return true;
}

/* Whether the leases in the database show which processes are alive. */
static bool
is_settled(struct reaper *reaper)
{
	int64_t now_ms = clock_mono_ms(), database_ms;
	bool was_away = reaper->away;

	reaper->away = worker_clock(reaper->thread.db, &database_ms) != OK;
	if (was_away && !reaper->away)
		reaper->settled_ms = now_ms + reaper->lease_ms / 5 + SETTLE_MS;
	return !reaper->away && now_ms >= reaper->settled_ms;
}

/* Removes what a deleted session leaves behind. A session may be deleted while
 * its reply is written; the writer then deletes later journal rows and stop
 * requests, or the reaper does if the writer was killed. */
static void
sweep(struct reaper *reaper)
{
	uint64_t ids[SWEEP_MAX];
	size_t n;

	if (reaper->periods++ % SWEEP_PERIODS != 0 ||
		stop_request_sweep(reaper->thread.db) != OK ||
		delta_orphans(reaper->thread.db, ids, SWEEP_MAX, &n) != OK)
		return;
	for (size_t i = 0;
		i < n && delta_delete_orphans(reaper->thread.db, ids[i]) == OK;
		i++)
		log_info("journal_swept", "message=%" PRIu64, ids[i]);
}

static void
run(void *arg)
{
	struct reaper *reaper = arg;
	unsigned looks = 0;

	do {
		bool died = end_dead(reaper);

		models_look(reaper->models, reaper->thread.db);
		if (!died && looks++ % LOOKS != 0)
			continue;
		if (is_settled(reaper)) {
			recover_orphans(reaper);
			recover_unowned(reaper);
		}
		sweep(reaper);
	} while (db_thread_rest(&reaper->thread, PERIOD_MS / LOOKS));
}

enum err
reaper_open(const struct conf *conf, struct snowflake *ids, struct hub *hub,
	struct models *models, struct reaper **out)
{
	struct reaper *reaper = mem_zalloc(sizeof(*reaper));
	struct db *db = db_new(&conf->db);

	reaper->ids = ids;
	reaper->hub = hub;
	reaper->models = models;
	reaper->lease_ms = conf->worker_lease_ms;
	reaper->takes_over = conf->chat.on_crash == CONF_TAKE_OVER;
	reaper->recoverer = (struct recoverer){
		.db = db,
		.hub = hub,
		.patience_ms = MAX(conf->worker_lease_ms, PATIENCE_MIN_MS),
	};
	db_thread_open(&reaper->thread, db, run, reaper);
	*out = reaper;
	return OK;
}

void
reaper_close(struct reaper *reaper)
{
	db_thread_close(&reaper->thread);
	free(reaper->unowned);
	free(reaper);
}
