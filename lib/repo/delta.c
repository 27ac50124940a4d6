#include "repo/delta.h"

#include "base/attr.h"

#include <stdlib.h>

static const char INSERT[] =
	"INSERT INTO message_delta (message_id, seq, body) VALUES";

static const char READ[] = "SELECT seq, body FROM message_delta"
			   " WHERE message_id = ? AND seq >= ? ORDER BY seq";

/* The next life has its own rows, which begin with number one again. */
#define LIVES "m.status = 'streaming' AND m.update_time = ?"
static const char FOLLOW[] =
	"SELECT " LIVES ", d.seq, d.body FROM message m"
	" LEFT JOIN message_delta d ON d.message_id = m.id AND " LIVES
	" AND d.seq >= ?"
	" WHERE m.session_id = ? AND m.id = ? ORDER BY d.seq";

static const char DELETE[] = "DELETE FROM message_delta WHERE message_id = ?";

/* The reply may be streaming again since it was examined, so the statement
 * checks this for each row after reading it. The session is not known here, but
 * few replies are streaming. */
static const char DELETE_ORPHANS[] =
	"DELETE FROM message_delta WHERE message_id = ?"
	" AND (SELECT COUNT(*) FROM message m"
	" WHERE m.id = message_delta.message_id"
	" AND m.streaming_session IS NOT NULL) = 0";

/* One consistent read: a reply's last update and the deletion of its rows are
 * one transaction. */
static const char ORPHANS[] =
	"SELECT DISTINCT message_id FROM message_delta WHERE message_id NOT IN"
	" (SELECT id FROM message WHERE streaming_session IS NOT NULL) LIMIT ?";

void
delta_begin(struct bulk *bulk)
{
	bulk_begin(bulk, INSERT);
}

static void
add_first(struct bulk *bulk, struct lease lease, struct params params)
{
	char guard[WORKER_GUARD_LEN];

	worker_guard(lease, guard);
	bulk_guarded_row(bulk, span_of(guard), params);
}

void
delta_add(struct bulk *bulk, struct lease lease, uint64_t message_id,
	uint32_t seq, struct span body)
{
	const struct params params =
		PARAMS(U64(message_id), U64(seq), SPAN(body));

	if (bulk_is_empty(bulk))
		add_first(bulk, lease, params);
	else
		bulk_row(bulk, params);
}

enum err
delta_insert(struct bulk *bulk, struct db *db)
{
	return bulk_exec(bulk, db);
}

/* ---- prepared statements */

#define ROW_PARAMS 3
#define FENCE_PARAMS 2

static const char FENCED_ROW[] =
	" (" WORKER_HELD("CAST(? AS UNSIGNED)") ", ?, ?)";

static const char *
text_for(struct delta_texts *texts, size_t n)
{
	struct buf text = BUF_INIT;

	if (texts->of[n] != NULL)
		return texts->of[n];
	buf_puts(&text, INSERT);
	buf_puts(&text, FENCED_ROW);
	for (size_t i = 1; i < n; i++)
		buf_puts(&text, ", (?, ?, ?)");
	texts->of[n] = text.data;
	return text.data;
}

static bool
is_prepared(size_t n)
{
	return n > 0 &&
		(n <= DELTA_FEW ||
			(n <= DELTA_PREPARED_MAX && n % DELTA_STEP == 0));
}

enum err
delta_insert_prepared(struct delta_texts *texts, struct db *db,
	struct lease lease, const struct delta_row rows[], size_t n)
{
	struct param params[DELTA_PREPARED_MAX * ROW_PARAMS + FENCE_PARAMS];
	unsigned at = 0;

	if (!is_prepared(n))
		return ERR_INVALID;
	for (size_t i = 0; i < n; i++) {
		params[at++] = U64(rows[i].message_id);
		if (i == 0) {
			params[at++] = U64(lease.node);
			params[at++] = U64(lease.epoch);
		}
		params[at++] = U64(rows[i].seq);
		params[at++] = SPAN(rows[i].body);
	}
	return db_exec(db, text_for(texts, n), (struct params){ params, at });
}

void
delta_texts_free(struct delta_texts *texts)
{
	for (size_t i = 0; i < LENGTH(texts->of); i++)
		free(texts->of[i]);
}

/* ---- reading */

struct walk {
	enum err (*each)(uint32_t seq, struct span body, void *arg);
	void *arg;
};

static enum err
take_row(struct row *row, void *arg)
{
	struct walk *walk = arg;
	uint32_t seq = (uint32_t)row_u64(row);

	return walk->each(seq, row_span(row), walk->arg);
}

enum err
delta_each(struct db *db, struct arena *arena, uint64_t message_id,
	uint32_t from,
	enum err (*each)(uint32_t seq, struct span body, void *arg), void *arg)
{
	struct walk walk = { each, arg };

	return db_each(db, arena, READ, PARAMS(U64(message_id), U64(from)),
		take_row, &walk);
}

struct following {
	struct walk walk;
	bool found, running;
};

/* A single row without a body: there is nothing new. */
static enum err
take_followed(struct row *row, void *arg)
{
	struct following *following = arg;
	uint32_t seq;
	struct span body;

	following->found = true;
	following->running = row_u64(row) != 0;
	seq = (uint32_t)row_u64(row);
	body = row_span(row);
	if (body.data == NULL)
		return OK;
	return following->walk.each(seq, body, following->walk.arg);
}

enum err
delta_follow(struct db *db, struct arena *arena,
	const struct delta_place *place, bool *running,
	enum err (*each)(uint32_t seq, struct span body, void *arg), void *arg)
{
	const struct param began = TIME(place->began_ms);
	struct following following = { { each, arg }, false, false };

	TRY(db_each(db, arena, FOLLOW,
		PARAMS(began, began, U64(place->from), U64(place->session_id),
			U64(place->message_id)),
		take_followed, &following));
	*running = following.running;
	return following.found ? OK : ERR_NOT_FOUND;
}

enum err
delta_delete(struct db *db, uint64_t message_id)
{
	return db_later(db, DELETE, PARAMS(U64(message_id)));
}

enum err
delta_delete_orphans(struct db *db, uint64_t message_id)
{
	return db_exec(db, DELETE_ORPHANS, PARAMS(U64(message_id)));
}

enum err
delta_orphans(struct db *db, uint64_t *ids, size_t max, size_t *n)
{
	return db_ids(db, ORPHANS, PARAMS(U64(max)), ids, n);
}
