#include "repo/snowflake.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/thread.h"
#include "repo/idgen.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define HOLDER_MAX 128
#define COMPLAINT_GAP_MS 1000

struct snowflake {
	struct idgen gen;
	_Atomic int64_t deadline_ms; /* monotonic time; 0: no lease */
	_Atomic int64_t complaint_ms; /* when the last refusal was logged */

	struct db_thread keeper; /* renews the lease; owns the fields below */
	char holder[HOLDER_MAX];
	struct alive alive;
	int64_t lease_ms;
	bool clock_ok;

	struct lease lease; /* guarded by its monitor, like all below */
	bool tried;
	enum err first; /* the result of the first attempt */
};

/* ---- generating ids */

static enum err
refuse(struct snowflake *ids, const char *reason)
{
	int64_t now = clock_mono_ms(), last = atomic_load(&ids->complaint_ms);

	if ((last == 0 || now - last >= COMPLAINT_GAP_MS) &&
		atomic_compare_exchange_strong(&ids->complaint_ms, &last, now))
		log_error("ids_refused", "reason=\"%s\"", reason);
	return ERR_BUSY;
}

enum err
snowflake_next(struct snowflake *ids, uint64_t floor, uint64_t *out)
{
	/* Read before the id is generated, so that it cannot be the deadline of
	 * a later lease; checked afterwards, so that a process stopped in
	 * between issues no id. */
	int64_t deadline_ms = atomic_load(&ids->deadline_ms);

	switch (idgen_next(&ids->gen, clock_wall_ms(), floor, out)) {
	case IDGEN_OK:
		if (clock_mono_ms() < deadline_ms)
			return OK;
		return refuse(ids, "the lease of the node number is over");
	case IDGEN_NO_GRANT:
		return refuse(ids, "no node number is leased");
	case IDGEN_EXHAUSTED:
		return refuse(ids,
			"what is reserved is used up: is the clock right?");
	case IDGEN_BEHIND:
		return refuse(
			ids, "the clock is far behind the ids already made");
	case IDGEN_ABSURD:
		return refuse(ids, "the clock shows an impossible year");
	}
	abort();
}

struct lease
snowflake_lease(struct snowflake *ids)
{
	struct lease lease;

	monitor_enter(&ids->keeper.monitor);
	lease = ids->lease;
	monitor_leave(&ids->keeper.monitor);
	return lease;
}

const struct alive *
snowflake_alive(const struct snowflake *ids)
{
	return &ids->alive;
}

bool
snowflake_held(struct snowflake *ids)
{
	return clock_mono_ms() < atomic_load(&ids->deadline_ms);
}

/* ---- keeping the lease, in the keeper's thread */

/* How far ids may run ahead of the clock, and how far they are reserved: a
 * little more than the time for which renewals may fail. */
static int64_t
span_ms(const struct snowflake *ids)
{
	return ids->lease_ms + SNOWFLAKE_SLACK_MS;
}

static void
set_lease(struct snowflake *ids, struct lease lease)
{
	monitor_enter(&ids->keeper.monitor);
	ids->lease = lease;
	monitor_leave(&ids->keeper.monitor);
}

static void
lose(struct snowflake *ids, const char *reason)
{
	log_warn("lease_lost",
		"node=%" PRIu64 " epoch=%" PRIu64 " reason=\"%s\"",
		ids->lease.node, ids->lease.epoch, reason);
	idgen_revoke(&ids->gen);
	atomic_store(&ids->deadline_ms, 0);
	set_lease(ids, (struct lease){ 0 });
}

static void
give_back(struct snowflake *ids)
{
	int64_t last_ms = idgen_revoke(&ids->gen);

	atomic_store(&ids->deadline_ms, 0);
	if (worker_release(ids->keeper.db, ids->lease, last_ms) == OK)
		log_info("lease_returned", "node=%" PRIu64 " epoch=%" PRIu64,
			ids->lease.node, ids->lease.epoch);
	set_lease(ids, (struct lease){ 0 });
}

/* Reserves nothing by a clock that cannot be right: a node with ids reserved up
 * to the year 2080 could not be used until then. */
static enum err
read_clocks(struct snowflake *ids, struct worker_terms *terms)
{
	int64_t before_ms = clock_wall_ms(), wall_ms;
	bool ok;

	TRY(worker_clock(ids->keeper.db, &terms->now_ms));
	wall_ms = clock_wall_ms();
	ok = terms->now_ms >= before_ms - SNOWFLAKE_SKEW_MAX_MS &&
		terms->now_ms <= wall_ms + SNOWFLAKE_SKEW_MAX_MS &&
		wall_ms >= ID_EPOCH_MS && wall_ms <= ID_EPOCH_MS + ID_MS_MAX;
	if (!ok && ids->clock_ok)
		log_error("clock_wrong",
			"reason=\"the clocks of this host and of the database "
			"are too far apart, or both are wrong\" host_ms=%" PRId64
			" database_ms=%" PRId64,
			wall_ms, terms->now_ms);
	if (ok && !ids->clock_ok)
		log_info("clock_right", "host_ms=%" PRId64, wall_ms);
	ids->clock_ok = ok;
	terms->reserved_ms = ok ? wall_ms + span_ms(ids) : 0;
	return OK;
}

static enum err
take(struct snowflake *ids, const struct worker_terms *terms, int64_t asked_ms)
{
	struct lease lease;
	int64_t after_ms;

	TRY(worker_take(ids->keeper.db, terms, &lease, &after_ms));
	set_lease(ids, lease);
	idgen_grant(&ids->gen, lease.node, after_ms,
		MAX(terms->reserved_ms, after_ms), span_ms(ids));
	atomic_store(&ids->deadline_ms, asked_ms + ids->lease_ms);
	log_info("lease_taken", "node=%" PRIu64 " epoch=%" PRIu64, lease.node,
		lease.epoch);
	return OK;
}

static enum err
renew(struct snowflake *ids, const struct worker_terms *terms, int64_t asked_ms)
{
	TRY(worker_renew(ids->keeper.db, ids->lease, terms));
	idgen_reserve(&ids->gen, terms->reserved_ms);
	atomic_store(&ids->deadline_ms, asked_ms + ids->lease_ms);
	return OK;
}

/* Whether this node's ids have run so far ahead (while the clock was wrong)
 * that it cannot generate any for long; another node can. */
static bool
is_stuck(struct snowflake *ids)
{
	return ids->clock_ok &&
		idgen_ahead_ms(&ids->gen, clock_wall_ms()) > span_ms(ids);
}

static enum err
keep(struct snowflake *ids)
{
	/* Read the clock before sending: the lease cannot end earlier than
	 * this. */
	int64_t asked_ms = clock_mono_ms();
	struct worker_terms terms = { .holder = ids->holder,
		.alive = ids->alive.text,
		.lease_ms = ids->lease_ms };
	enum err err;

	TRY(read_clocks(ids, &terms));
	if (ids->lease.epoch != 0 && is_stuck(ids))
		give_back(ids);
	if (ids->lease.epoch == 0)
		return take(ids, &terms, asked_ms);
	err = renew(ids, &terms, asked_ms);
	if (err != ERR_CONFLICT)
		return err;
	lose(ids, "it has gone to another process");
	return take(ids, &terms, asked_ms);
}

/* Called inside the monitor. */
static void
wait_ms(struct snowflake *ids, int64_t pause_ms)
{
	int64_t until_ms = clock_mono_ms() + pause_ms;

	while (!ids->keeper.closing &&
		monitor_wait_until(&ids->keeper.monitor, until_ms))
		;
}

static void
run_keeper(void *arg)
{
	struct snowflake *ids = arg;
	enum err err = keep(ids);

	monitor_enter(&ids->keeper.monitor);
	ids->first = err;
	ids->tried = true;
	monitor_notify(&ids->keeper.monitor);
	for (;;) {
		bool well = err == OK && snowflake_held(ids);

		wait_ms(ids, ids->lease_ms / (well ? 3 : 10));
		if (ids->keeper.closing)
			break;
		monitor_leave(&ids->keeper.monitor);
		err = keep(ids);
		monitor_enter(&ids->keeper.monitor);
	}
	monitor_leave(&ids->keeper.monitor);
	if (ids->lease.epoch != 0)
		give_back(ids);
}

/* ---- opening and closing */

static void
name_holder(char out[HOLDER_MAX], const char *program)
{
	char host[64] = "?";

	gethostname(host, sizeof(host) - 1);
	snprintf(out, HOLDER_MAX, "%s %s %d", host, program, (int)getpid());
}

static struct snowflake *
new_snowflake(const struct conf *conf, const char *holder)
{
	struct snowflake *ids = mem_zalloc(sizeof(*ids));

	name_holder(ids->holder, holder);
	alive_open(&ids->alive);
	ids->lease_ms = conf->worker_lease_ms;
	ids->clock_ok = true;
	return ids;
}

enum err
snowflake_open(
	const struct conf *conf, const char *holder, struct snowflake **out)
{
	struct snowflake *ids = new_snowflake(conf, holder);

	db_thread_open(&ids->keeper, db_new_urgent(&conf->db), run_keeper, ids);
	monitor_enter(&ids->keeper.monitor);
	while (!ids->tried)
		monitor_wait(&ids->keeper.monitor);
	monitor_leave(&ids->keeper.monitor);
	if (ids->first != OK) {
		enum err err = ids->first;

		snowflake_close(ids);
		return err;
	}
	*out = ids;
	return OK;
}

void
snowflake_close(struct snowflake *ids)
{
	db_thread_close(&ids->keeper);
	alive_close(&ids->alive);
	free(ids);
}
