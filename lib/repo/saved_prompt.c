#include "repo/saved_prompt.h"

#include "repo/saved.h"

/* In the order in which read_prompt() takes them. */
#define COLUMNS "id, owner_id, name, text, published, version"

static const char LIST[] =
	"SELECT * FROM (SELECT " COLUMNS ", 0 AS foreign_one FROM prompt"
	" WHERE owner_id = ? UNION ALL SELECT " COLUMNS ", 1 FROM prompt"
	" WHERE published AND owner_id <> ?) seen ORDER BY foreign_one, name, id";

static const char LIST_OWN[] =
	"SELECT " COLUMNS " FROM prompt WHERE owner_id = ? ORDER BY name";

static const char FIND[] = "SELECT " COLUMNS " FROM prompt"
			   " WHERE id = ? AND (owner_id = ? OR published)";

static const char COUNT[] = "SELECT COUNT(*) FROM prompt WHERE owner_id = ?";

static const char COUNT_PUBLISHED[] =
	"SELECT COUNT(*) FROM prompt WHERE published";

static const char PUBLISHED_BYTES[] =
	"SELECT CAST(COALESCE(SUM(LENGTH(text)), 0) AS UNSIGNED)"
	" FROM prompt WHERE published";

static const char INSERT[] =
	"INSERT INTO prompt (id, owner_id, name, text, create_time,"
	" update_time) VALUES (?, ?, ?, ?, ?, ?)";

static const char LOCK[] =
	"SELECT " COLUMNS " FROM prompt WHERE id = ? FOR UPDATE";

static const char CHANGE[] =
	"UPDATE prompt SET name = ?, text = ?, published = ?,"
	" update_time = ?, version = version + 1 WHERE id = ?";

static const char REMOVE[] = "DELETE FROM prompt WHERE id = ? AND owner_id = ?";

static const char ERASE[] = "DELETE FROM prompt WHERE owner_id = ?";

/* ---- reading */

static void
read_prompt(struct row *row, void *out)
{
	struct saved_prompt *prompt = out;

	prompt->id = row_u64(row);
	prompt->owner_id = row_u64(row);
	prompt->name = row_str(row);
	prompt->text = row_span(row);
	prompt->published = row_u64(row) != 0;
	prompt->version = (uint32_t)row_u64(row);
}

#define LIST_MAX (SAVED_PROMPTS_MAX + SAVED_PROMPTS_PUBLISHED_MAX)

static enum err
add_prompt(struct row *row, void *arg)
{
	struct saved_prompt_list *all = arg;

	if (all->n < LIST_MAX) /* more were inserted by hand */
		read_prompt(row, &all->list[all->n++]);
	return OK;
}

static enum err
read_list(struct db *db, struct arena *arena, const char *sql,
	struct params params, struct saved_prompt_list *out)
{
	out->list = arena_alloc(arena, LIST_MAX * sizeof(*out->list));
	out->n = 0;
	return db_each(db, arena, sql, params, add_prompt, out);
}

enum err
saved_prompt_list(struct db *db, struct arena *arena, uint64_t user_id,
	struct saved_prompt_list *out)
{
	return read_list(
		db, arena, LIST, PARAMS(U64(user_id), U64(user_id)), out);
}

enum err
saved_prompt_list_own(struct db *db, struct arena *arena, uint64_t user_id,
	struct saved_prompt_list *out)
{
	return read_list(db, arena, LIST_OWN, PARAMS(U64(user_id)), out);
}

enum err
saved_prompt_find(struct db *db, struct arena *arena, uint64_t user_id,
	uint64_t id, struct saved_prompt *out)
{
	return db_one(db, arena, FIND, PARAMS(U64(id), U64(user_id)),
		read_prompt, out);
}

/* ---- writing */

struct writing {
	const struct saved_prompt *row;
	int64_t now_ms;
	struct saved_write write;
};

/* The only unique key is that of the name. */
static enum err
named(enum err err, enum refusal *why)
{
	return err == ERR_CONFLICT ? saved_refuse(why, REFUSED_NAME) : err;
}

enum err
saved_prompt_insert(struct db *db, const struct saved_prompt *row,
	int64_t now_ms, enum refusal *why)
{
	uint64_t n = 0;

	TRY(db_one(
		db, NULL, COUNT, PARAMS(U64(row->owner_id)), row_read_u64, &n));
	if (n >= SAVED_PROMPTS_MAX)
		return saved_refuse(why, REFUSED_TOO_MANY);
	return named(
		db_exec(db, INSERT,
			PARAMS(U64(row->id), U64(row->owner_id), STR(row->name),
				SPAN(row->text), TIME(now_ms), TIME(now_ms))),
		why);
}

static enum err
add(struct db *db, void *arg)
{
	struct writing *w = arg;

	TRY(saved_lock_owner(db, &w->write.arena, w->row->owner_id));
	TRY(saved_prompt_insert(db, w->row, w->now_ms, &w->write.why));
	return saved_check_room(db, w->row->owner_id, &w->write.why);
}

enum err
saved_prompt_add(struct db *db, const struct saved_prompt *row, int64_t now_ms,
	enum refusal *why)
{
	struct writing w = { .row = row, .now_ms = now_ms };

	return saved_run(db, add, &w, &w.write, why);
}

/* Checks, after writing, that published prompts do not take too much room,
 * because everybody receives them. */
static enum err
check_published(struct db *db, struct writing *w)
{
	uint64_t n = 0, bytes = 0;

	TRY(db_one(db, NULL, COUNT_PUBLISHED, NO_PARAMS, row_read_u64, &n));
	TRY(db_one(db, NULL, PUBLISHED_BYTES, NO_PARAMS, row_read_u64, &bytes));
	return n > SAVED_PROMPTS_PUBLISHED_MAX || bytes > SAVED_BYTES_MAX
		? saved_refuse(&w->write.why, REFUSED_TOO_MANY)
		: OK;
}

static enum err
put(struct db *db, struct writing *w, const struct saved_prompt *row)
{
	return named(db_exec(db, CHANGE,
			     PARAMS(STR(row->name), SPAN(row->text),
				     U64(row->published), TIME(w->now_ms),
				     U64(row->id))),
		&w->write.why);
}

static enum err
change(struct db *db, void *arg)
{
	struct writing *w = arg;
	const struct saved_prompt *row = w->row;
	struct saved_prompt now = { 0 };

	if (row->published)
		TRY(setting_take_turn(db));
	TRY(saved_lock_owner(db, &w->write.arena, w->row->owner_id));
	TRY(db_one(db, &w->write.arena, LOCK, PARAMS(U64(row->id)), read_prompt,
		&now));
	if (now.owner_id != row->owner_id)
		return ERR_NOT_FOUND;
	if (now.version != row->version)
		return saved_refuse(&w->write.why, REFUSED_CHANGED);
	TRY(put(db, w, row));
	if (row->published)
		TRY(check_published(db, w));
	return saved_check_room(db, row->owner_id, &w->write.why);
}

enum err
saved_prompt_change(struct db *db, const struct saved_prompt *row,
	int64_t now_ms, enum refusal *why)
{
	struct writing w = { .row = row, .now_ms = now_ms };

	return saved_run(db, change, &w, &w.write, why);
}

static enum err
withdraw(struct db *db, void *arg)
{
	struct writing *w = arg;
	struct saved_prompt now = { 0 };

	TRY(db_one(db, &w->write.arena, LOCK, PARAMS(U64(w->row->id)),
		read_prompt, &now));
	if (!now.published)
		return ERR_NOT_FOUND;
	if (now.version != w->row->version)
		return saved_refuse(&w->write.why, REFUSED_CHANGED);
	now.published = false;
	return put(db, w, &now);
}

enum err
saved_prompt_withdraw(struct db *db, uint64_t id, uint32_t version,
	int64_t now_ms, enum refusal *why)
{
	const struct saved_prompt row = { .id = id, .version = version };
	struct writing w = { .row = &row, .now_ms = now_ms };

	return saved_run(db, withdraw, &w, &w.write, why);
}

enum err
saved_prompt_remove(struct db *db, uint64_t user_id, uint64_t id)
{
	uint64_t n = 0;

	TRY(db_exec_n(db, REMOVE, PARAMS(U64(id), U64(user_id)), &n));
	return n > 0 ? OK : ERR_NOT_FOUND;
}

enum err
saved_prompt_erase(struct db *db, uint64_t user_id)
{
	return db_exec(db, ERASE, PARAMS(U64(user_id)));
}
