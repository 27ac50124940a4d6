#include "repo/retention.h"

#include "repo/clocks.h"
#include "repo/session.h"

/* How many rows the transaction of one session deletes (session_drop()). */
#define ROWS_AT_ONCE 200

/* Reads by the primary key, so each look costs the same whatever it finds; an
 * index by age would cost every turn something. */
#define IS_OLD                                       \
	"(update_time < ? AND (NOT pinned OR NOT ?)" \
	" OR archived = 2 AND update_time < ?)"

static const char LOOK[] =
	"SELECT id, user_id, " IS_OLD
	" FROM session WHERE id > ? ORDER BY id LIMIT 500"; /* RETENTION_LOOK */

static const char STILL_OLD[] =
	"SELECT id FROM session WHERE id = ? AND user_id = ?"
	" AND " IS_OLD " FOR UPDATE";

/* Sessions last used before these times are too old; 0: none are. */
struct edges {
	int64_t before_ms, temporary_ms;
};

/* ---- looking for old sessions */

struct look {
	struct retention *retention;
	unsigned n;
};

static enum err
take_session(struct row *row, void *arg)
{
	struct look *look = arg;
	struct retention *r = look->retention;

	look->n++;
	r->after_id = r->found[r->n].id = row_u64(row);
	r->found[r->n].user_id = row_u64(row);
	if (row_u64(row) != 0)
		r->n++;
	return OK;
}

static enum err
look_on(struct db *db, struct retention *r, const struct edges *edges)
{
	struct look look = { .retention = r };

	r->n = r->at = 0;
	TRY(db_each(db, NULL, LOOK,
		PARAMS(TIME(edges->before_ms), U64(r->keep_pinned),
			TIME(edges->temporary_ms), U64(r->after_id)),
		take_session, &look));
	r->over = look.n < RETENTION_LOOK;
	return OK;
}

/* ---- deleting */

struct old {
	struct arena arena;
	uint64_t user_id, id;
	const struct edges *edges;
	bool keep_pinned;
};

static enum err
drop(struct db *db, void *arg)
{
	struct old *old = arg;
	uint64_t id, rows = ROWS_AT_ONCE;

	TRY(db_one(db, NULL, STILL_OLD,
		PARAMS(U64(old->id), U64(old->user_id),
			TIME(old->edges->before_ms), U64(old->keep_pinned),
			TIME(old->edges->temporary_ms)),
		row_read_u64, &id));
	return session_drop(db, &old->arena, old->user_id, old->id, &rows);
}

static enum err
delete_next(struct db *db, struct retention *r, const struct edges *edges,
	uint64_t *deleted)
{
	struct old old = { .user_id = r->found[r->at].user_id,
		.id = r->found[r->at].id,
		.edges = edges,
		.keep_pinned = r->keep_pinned };
	enum err err = db_transaction(db, drop, &old);

	arena_reset(&old.arena);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	r->at++;
	*deleted += err == OK;
	return OK;
}

/* ---- the walk */

/* The time *keep_ms* before *now_ms*; 0 (nothing is too old) if there is no
 * limit. */
static int64_t
edge_of(int64_t now_ms, int64_t keep_ms)
{
	return keep_ms > 0 ? now_ms - keep_ms : 0;
}

static enum err
find_edges(struct db *db, const struct retention *r, struct edges *out)
{
	int64_t now_ms;

	TRY(clocks_behind(db, "retention", &now_ms));
	*out = (struct edges){
		edge_of(now_ms, r->keep_ms),
		edge_of(now_ms, r->temporary_ms),
	};
	return OK;
}

enum err
retention_step(struct db *db, struct retention *retention, uint64_t *deleted)
{
	struct edges edges;

	if (retention->at == retention->n && retention->over)
		return ERR_NOT_FOUND;
	TRY(find_edges(db, retention, &edges));
	if (retention->at < retention->n)
		return delete_next(db, retention, &edges, deleted);
	return look_on(db, retention, &edges);
}
