#include "repo/worker.h"

#include "base/log.h"
#include "repo/idgen.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* How often another process may take the chosen node first. */
#define TRIES_MAX 8

static const char CLOCK[] = "SELECT NOW(3)";

static const char LIST[] =
	"SELECT id, epoch, last_ms, lease_until > NOW(3) FROM worker";

static const char ADD[] =
	"INSERT INTO worker (id, epoch, holder, alive, lease_until, last_ms)"
	" VALUES (?, 1, ?, ?, NOW(3) + INTERVAL ? MICROSECOND, ?)";

/* Takes the node only if it has not changed since it was listed. */
static const char TAKE[] =
	"UPDATE worker SET epoch = epoch + 1, holder = ?, alive = ?,"
	" lease_until = NOW(3) + INTERVAL ? MICROSECOND,"
	" last_ms = GREATEST(last_ms, ?)"
	" WHERE id = ? AND epoch = ? AND last_ms = ? AND lease_until <= NOW(3)";

static const char RENEW[] =
	"UPDATE worker SET lease_until = NOW(3) + INTERVAL ? MICROSECOND,"
	" last_ms = GREATEST(last_ms, ?)"
	" WHERE id = ? AND epoch = ?";

/* Raises the epoch, too, because a released lease must not be renewed. */
static const char RELEASE[] =
	"UPDATE worker SET epoch = epoch + 1, lease_until = NOW(3), last_ms = ?"
	" WHERE id = ? AND epoch = ?";

static const char HELD[] = "SELECT id, epoch, alive FROM worker"
			   " WHERE lease_until > NOW(3) AND alive <> ''";

static const char END[] =
	"UPDATE worker SET epoch = epoch + 1, lease_until = NOW(3)"
	" WHERE id = ? AND epoch = ?";

static const char FENCE[] = "SELECT lease_until > NOW(3) FROM worker"
			    " WHERE id = ? AND epoch = ? LOCK IN SHARE MODE";

static const char LOCK[] =
	"SELECT epoch = ? AND lease_until > NOW(3) FROM worker"
	" WHERE id = ? FOR UPDATE SKIP LOCKED";

static const char EXISTS[] = "SELECT COUNT(*) FROM worker WHERE id = ?";

static const char RETIRE[] =
	"UPDATE worker SET epoch = epoch + 1 WHERE id = ? AND epoch = ?";

static void
read_time(struct row *row, void *out)
{
	*(int64_t *)out = row_time(row);
}

enum err
worker_clock(struct db *db, int64_t *out)
{
	return db_one(db, NULL, CLOCK, NO_PARAMS, read_time, out);
}

/* ---- taking a node */

struct node {
	uint64_t epoch; /* 0: the node was never used and has no row */
	int64_t last_ms;
	bool held;
};

static enum err
list_node(struct row *row, void *arg)
{
	struct node *nodes = arg, node;
	uint64_t id = row_u64(row);

	node.epoch = row_u64(row);
	node.last_ms = row_i64(row);
	node.held = row_u64(row) != 0;
	if (id < ID_NODES)
		nodes[id] = node;
	return OK;
}

/* Keeps processes that start together from choosing the same node. */
static unsigned
random_node(void)
{
	unsigned number;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		abort();
	return number % ID_NODES;
}

/* A free node, preferably one that need not wait for the clock; -1 if none is
 * free. */
static int
choose(const struct node nodes[ID_NODES], int64_t now_ms)
{
	unsigned start = random_node();
	int chosen = -1;

	for (unsigned i = 0; i < ID_NODES; i++) {
		unsigned at = (start + i) % ID_NODES;

		if (nodes[at].held)
			continue;
		if (nodes[at].last_ms <= now_ms)
			return (int)at;
		if (chosen < 0 || nodes[at].last_ms < nodes[chosen].last_ms)
			chosen = (int)at;
	}
	return chosen;
}

/* ERR_CONFLICT: another process was faster. */
static enum err
take(struct db *db, const struct worker_terms *terms, uint64_t id,
	const struct node *node)
{
	uint64_t taken, lease_us = (uint64_t)terms->lease_ms * 1000;

	if (node->epoch == 0)
		return db_exec(db, ADD,
			PARAMS(U64(id), STR(terms->holder), STR(terms->alive),
				U64(lease_us), I64(terms->reserved_ms)));
	TRY(db_exec_n(db, TAKE,
		PARAMS(STR(terms->holder), STR(terms->alive), U64(lease_us),
			I64(terms->reserved_ms), U64(id), U64(node->epoch),
			I64(node->last_ms)),
		&taken));
	return taken == 1 ? OK : ERR_CONFLICT;
}

static enum err
take_any(struct db *db, const struct worker_terms *terms, struct lease *lease,
	int64_t *after_ms)
{
	struct node nodes[ID_NODES] = { 0 };
	int id;

	TRY(db_each(db, NULL, LIST, NO_PARAMS, list_node, nodes));
	id = choose(nodes, terms->now_ms);
	if (id < 0) {
		log_error("nodes_exhausted", "in_use=%d", ID_NODES);
		return ERR_BUSY;
	}
	TRY(take(db, terms, (uint64_t)id, &nodes[id]));
	*lease = (struct lease){ (uint64_t)id, nodes[id].epoch + 1 };
	*after_ms = nodes[id].last_ms;
	return OK;
}

enum err
worker_take(struct db *db, const struct worker_terms *terms,
	struct lease *lease, int64_t *after_ms)
{
	enum err err = ERR_CONFLICT;

	for (int i = 0; i < TRIES_MAX && err == ERR_CONFLICT; i++)
		err = take_any(db, terms, lease, after_ms);
	return err == ERR_CONFLICT ? ERR_BUSY : err;
}

/* ---- keeping it */

enum err
worker_renew(
	struct db *db, struct lease lease, const struct worker_terms *terms)
{
	uint64_t found;

	TRY(db_exec_n(db, RENEW,
		PARAMS(U64((uint64_t)terms->lease_ms * 1000),
			I64(terms->reserved_ms), U64(lease.node),
			U64(lease.epoch)),
		&found));
	return found == 1 ? OK : ERR_CONFLICT;
}

enum err
worker_release(struct db *db, struct lease lease, int64_t last_ms)
{
	return db_exec(db, RELEASE,
		PARAMS(I64(last_ms), U64(lease.node), U64(lease.epoch)));
}

/* ---- leases of dead processes */

struct dead {
	bool (*is_dead)(const char *alive, void *arg);
	void *arg;
	struct lease leases[ID_NODES];
	size_t n;
};

static enum err
list_dead(struct row *row, void *arg)
{
	struct dead *dead = arg;
	struct lease lease;

	lease.node = row_u64(row);
	lease.epoch = row_u64(row);
	if (dead->n < ID_NODES && dead->is_dead(row_str(row), dead->arg))
		dead->leases[dead->n++] = lease;
	return OK;
}

enum err
worker_end_dead(struct db *db, bool (*is_dead)(const char *alive, void *arg),
	void *arg, size_t *n)
{
	struct dead dead = { .is_dead = is_dead, .arg = arg };
	struct arena arena = ARENA_INIT;
	enum err err = db_each(db, &arena, HELD, NO_PARAMS, list_dead, &dead);

	arena_reset(&arena);
	for (*n = 0; err == OK && *n < dead.n; (*n)++)
		err = db_exec(db, END,
			PARAMS(U64(dead.leases[*n].node),
				U64(dead.leases[*n].epoch)));
	return err;
}

/* ---- the fence */

enum err
worker_fence(struct db *db, struct lease lease)
{
	uint64_t held;
	enum err err = db_one(db, NULL, FENCE,
		PARAMS(U64(lease.node), U64(lease.epoch)), row_read_u64, &held);

	if (err == ERR_NOT_FOUND)
		return ERR_CONFLICT;
	return err != OK || held ? err : ERR_BUSY;
}

void
worker_guard(struct lease lease, char out[WORKER_GUARD_LEN])
{
	snprintf(out, WORKER_GUARD_LEN,
		" FROM worker WHERE id = %" PRIu64 " AND epoch = %" PRIu64
		" AND lease_until > NOW(3) LOCK IN SHARE MODE",
		lease.node, lease.epoch);
}

enum err
worker_retire(struct db *db, struct lease lease)
{
	uint64_t held, exists;
	enum err err = db_one(db, NULL, LOCK,
		PARAMS(U64(lease.epoch), U64(lease.node)), row_read_u64, &held);

	if (err == ERR_NOT_FOUND) {
		TRY(db_one(db, NULL, EXISTS, PARAMS(U64(lease.node)),
			row_read_u64, &exists));
		/* There is no such node, so nobody can write under the
		 * lease. */
		return exists ? ERR_NOT_FOUND : OK;
	}
	TRY(err);
	if (held)
		return ERR_CONFLICT;
	return db_exec(db, RETIRE, PARAMS(U64(lease.node), U64(lease.epoch)));
}
