/* Creates, changes and deletes assistants. */

#include "repo/assistant.h"
#include "repo/saved.h"

/* A chat that is just starting may still get a version that is no longer the
 * latest. */
#define KEPT_MS 600000
/* How many versions one change may delete. */
#define SWEEP_MAX 100

static const char COUNT[] = "SELECT COUNT(*) FROM assistant WHERE owner_id = ?";

static const char COUNT_PUBLISHED[] =
	"SELECT COUNT(*) FROM assistant WHERE published";

static const char INSERT[] =
	"INSERT INTO assistant (id, owner_id, create_time, update_time)"
	" VALUES (?, ?, ?, ?)";

static const char INSERT_VERSION[] =
	"INSERT INTO assistant_version (assistant_id, version, owner_id, name,"
	" icon, description, model_id, instructions, options, tools, starters)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static const char LOCK[] = "SELECT owner_id, version, published FROM assistant"
			   " WHERE id = ? FOR UPDATE";

static const char CHANGE[] = "UPDATE assistant SET version = ?, published = ?,"
			     " update_time = ? WHERE id = ?";

static const char WITHDRAW[] =
	"UPDATE assistant SET published = FALSE WHERE id = ?";

static const char END[] = "UPDATE assistant_version SET end_time = ?"
			  " WHERE assistant_id = ? AND end_time IS NULL";

static const char REMOVE[] =
	"DELETE FROM assistant WHERE id = ? AND owner_id = ?";

static const char UNUSED[] =
	"SELECT v.assistant_id, v.version FROM assistant_version v"
	" WHERE v.owner_id = ? AND v.end_time < ? AND NOT EXISTS (SELECT 1"
	" FROM session s WHERE s.assistant_id = v.assistant_id"
	" AND s.assistant_version = v.version) LIMIT ?";

static const char REMOVE_VERSION[] = "DELETE FROM assistant_version"
				     " WHERE assistant_id = ? AND version = ?";

static const char ERASE[] = "DELETE FROM assistant WHERE owner_id = ?";

static const char ERASE_VERSIONS[] =
	"DELETE FROM assistant_version WHERE owner_id = ?";

static enum err
insert_version(struct db *db, uint64_t id, uint32_t version, uint64_t owner_id,
	const struct assistant_text *text)
{
	return db_exec(db, INSERT_VERSION,
		PARAMS(U64(id), U64(version), U64(owner_id), STR(text->name),
			STR(text->icon), STR(text->description),
			ID_OR_NULL(text->model_id), SPAN(text->instructions),
			SPAN(text->options), SPAN(text->tools),
			SPAN(text->starters)));
}

enum err
assistant_insert(struct db *db, const struct assistant *row, int64_t now_ms,
	enum refusal *why)
{
	uint64_t n = 0;

	TRY(db_one(
		db, NULL, COUNT, PARAMS(U64(row->owner_id)), row_read_u64, &n));
	if (n >= ASSISTANTS_MAX)
		return saved_refuse(why, REFUSED_TOO_MANY);
	TRY(db_exec(db, INSERT,
		PARAMS(U64(row->id), U64(row->owner_id), TIME(now_ms),
			TIME(now_ms))));
	return insert_version(db, row->id, 1, row->owner_id, &row->text);
}

struct writing {
	const struct assistant *row;
	const struct assistant_change *change;
	uint64_t user_id, id;
	uint32_t version;
	int64_t now_ms;
	struct saved_write write;
};

static enum err
add(struct db *db, void *arg)
{
	struct writing *w = arg;

	TRY(saved_lock_owner(db, &w->write.arena, w->row->owner_id));
	TRY(assistant_insert(db, w->row, w->now_ms, &w->write.why));
	return saved_check_room(db, w->row->owner_id, &w->write.why);
}

enum err
assistant_add(struct db *db, const struct assistant *row, int64_t now_ms,
	enum refusal *why)
{
	struct writing w = { .row = row, .now_ms = now_ms };

	return saved_run(db, add, &w, &w.write, why);
}

/* ---- changes */

struct locked {
	uint64_t owner_id;
	uint32_t version;
	bool published;
};

static void
read_locked(struct row *row, void *out)
{
	struct locked *locked = out;

	locked->owner_id = row_u64(row);
	locked->version = (uint32_t)row_u64(row);
	locked->published = row_u64(row) != 0;
}

static enum err
lock(struct db *db, uint64_t id, struct locked *out)
{
	return db_one(db, NULL, LOCK, PARAMS(U64(id)), read_locked, out);
}

struct unused {
	struct {
		uint64_t id, version;
	} list[SWEEP_MAX];
	size_t n;
};

static enum err
add_unused(struct row *row, void *arg)
{
	struct unused *unused = arg;

	unused->list[unused->n].id = row_u64(row);
	unused->list[unused->n++].version = row_u64(row);
	return OK;
}

/* A deleted version cannot come into use again: no chat begins with an old
 * version. */
static enum err
sweep(struct db *db, struct writing *w, uint64_t owner_id)
{
	struct unused *unused = arena_alloc(&w->write.arena, sizeof(*unused));

	TRY(db_each(db, &w->write.arena, UNUSED,
		PARAMS(U64(owner_id), TIME(w->now_ms - KEPT_MS),
			U64(SWEEP_MAX)),
		add_unused, unused));
	for (size_t i = 0; i < unused->n; i++)
		TRY(db_exec(db, REMOVE_VERSION,
			PARAMS(U64(unused->list[i].id),
				U64(unused->list[i].version))));
	return OK;
}

/* Checks the limit for published assistants, which everybody sees. */
static enum err
check_published(struct db *db, struct writing *w)
{
	uint64_t n = 0;

	TRY(db_one(db, NULL, COUNT_PUBLISHED, NO_PARAMS, row_read_u64, &n));
	return n >= ASSISTANTS_PUBLISHED_MAX
		? saved_refuse(&w->write.why, REFUSED_TOO_MANY)
		: OK;
}

static enum err
put_text(struct db *db, struct writing *w, uint32_t version)
{
	const struct assistant_change *change = w->change;

	TRY(db_exec(db, END, PARAMS(TIME(w->now_ms), U64(change->id))));
	TRY(insert_version(
		db, change->id, version, change->user_id, change->text));
	return saved_check_room(db, change->user_id, &w->write.why);
}

static enum err
change(struct db *db, void *arg)
{
	struct writing *w = arg;
	const struct assistant_change *change = w->change;
	bool publishes = change->published != NULL && *change->published;
	struct locked now = { 0 };
	uint32_t version;

	if (publishes)
		TRY(setting_take_turn(db));
	TRY(saved_lock_owner(db, &w->write.arena, change->user_id));
	TRY(lock(db, change->id, &now));
	if (now.owner_id != change->user_id)
		return ERR_NOT_FOUND;
	if (now.version != change->version)
		return saved_refuse(&w->write.why, REFUSED_CHANGED);
	if (publishes && !now.published)
		TRY(check_published(db, w));
	version = now.version + (change->text != NULL);
	if (change->text != NULL)
		TRY(put_text(db, w, version));
	TRY(db_exec(db, CHANGE,
		PARAMS(U64(version),
			U64(change->published != NULL ? *change->published
						      : now.published),
			TIME(w->now_ms), U64(change->id))));
	return sweep(db, w, change->user_id);
}

enum err
assistant_change(struct db *db, const struct assistant_change *row,
	int64_t now_ms, enum refusal *why)
{
	struct writing w = { .change = row, .now_ms = now_ms };

	return saved_run(db, change, &w, &w.write, why);
}

static enum err
withdraw(struct db *db, void *arg)
{
	struct writing *w = arg;
	struct locked now = { 0 };

	TRY(lock(db, w->id, &now));
	if (!now.published)
		return ERR_NOT_FOUND;
	if (now.version != w->version)
		return saved_refuse(&w->write.why, REFUSED_CHANGED);
	return db_exec(db, WITHDRAW, PARAMS(U64(w->id)));
}

enum err
assistant_withdraw(
	struct db *db, uint64_t id, uint32_t version, enum refusal *why)
{
	struct writing w = { .id = id, .version = version };

	return saved_run(db, withdraw, &w, &w.write, why);
}

static enum err
drop(struct db *db, void *arg)
{
	struct writing *w = arg;
	uint64_t n = 0;

	TRY(db_exec_n(db, REMOVE, PARAMS(U64(w->id), U64(w->user_id)), &n));
	if (n == 0)
		return ERR_NOT_FOUND;
	TRY(db_exec(db, END, PARAMS(TIME(w->now_ms), U64(w->id))));
	return sweep(db, w, w->user_id);
}

enum err
assistant_remove(struct db *db, uint64_t user_id, uint64_t id, int64_t now_ms)
{
	struct writing w = { .user_id = user_id, .id = id, .now_ms = now_ms };
	enum refusal why;

	return saved_run(db, drop, &w, &w.write, &why);
}

enum err
assistant_erase(struct db *db, uint64_t user_id)
{
	TRY(db_exec(db, ERASE, PARAMS(U64(user_id))));
	return db_exec(db, ERASE_VERSIONS, PARAMS(U64(user_id)));
}
