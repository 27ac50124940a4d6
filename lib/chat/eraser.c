#include "chat/eraser.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/db.h"
#include "db/thread.h"
#include "repo/erase.h"
#include "repo/retention.h"

#include <inttypes.h>
#include <stdlib.h>

#define PERIOD_MS 1000
#define REST_MIN_MS 2
#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
/* The time between two walks through all chats. */
#define WALK_MS (DAY_MS / 4)
/* The delay after a failure. */
#define WALK_AGAIN_MS 60000

struct eraser {
	struct db_thread thread;
	struct retention walk;
	int64_t walk_ms; /* no walk begins before this */
	uint64_t n_old; /* deleted on this walk */
};

/* ---- old chats */

static void
begin_walk(struct eraser *eraser, int64_t wait_ms)
{
	struct retention *walk = &eraser->walk;

	if (eraser->n_old > 0)
		log_info("chats_expired", "n=%" PRIu64, eraser->n_old);
	eraser->n_old = 0;
	eraser->walk_ms = clock_mono_ms() + wait_ms;
	*walk = (struct retention){ .keep_ms = walk->keep_ms,
		.temporary_ms = walk->temporary_ms,
		.keep_pinned = walk->keep_pinned };
}

/* Returns whether more can be done at once. */
static bool
walk_on(struct eraser *eraser)
{
	enum err err;

	if ((eraser->walk.keep_ms == 0 && eraser->walk.temporary_ms == 0) ||
		clock_mono_ms() < eraser->walk_ms)
		return false;
	err = retention_step(eraser->thread.db, &eraser->walk, &eraser->n_old);
	if (err != OK)
		begin_walk(
			eraser, err == ERR_NOT_FOUND ? WALK_MS : WALK_AGAIN_MS);
	return err == OK;
}

/* ---- the thread */

static void
run(void *arg)
{
	struct eraser *eraser = arg;
	int64_t began_ms, rest_ms;

	do {
		began_ms = clock_mono_ms();
		rest_ms = PERIOD_MS;
		if (erase_some(eraser->thread.db) == OK || walk_on(eraser))
			rest_ms = MAX(clock_mono_ms() - began_ms,
				(int64_t)REST_MIN_MS);
	} while (db_thread_rest(&eraser->thread, rest_ms));
}

struct eraser *
eraser_open(const struct conf *conf)
{
	struct eraser *eraser = mem_zalloc(sizeof(*eraser));

	eraser->walk.keep_ms = conf->chat.keep_days * DAY_MS;
	eraser->walk.temporary_ms = conf->chat.temporary_hours * HOUR_MS;
	eraser->walk.keep_pinned = conf->chat.keep_pinned == CONF_ON;
	db_thread_open(&eraser->thread, db_new(&conf->db), run, eraser);
	return eraser;
}

void
eraser_close(struct eraser *eraser)
{
	db_thread_close(&eraser->thread);
	free(eraser);
}
