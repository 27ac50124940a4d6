#include "repo/provider.h"

/* In the order in which read_provider() takes them. */
#define COLUMNS                                                  \
	"id, name, kind, base_url, key_sealed, headers_sealed, " \
	"key_tail, proxy, enabled, version"

static const char LIST[] = "SELECT " COLUMNS " FROM provider ORDER BY name, id";

static const char FIND[] = "SELECT " COLUMNS " FROM provider WHERE id = ?";

static const char FIND_NAME[] =
	"SELECT " COLUMNS " FROM provider WHERE name = ?";

static const char COUNT[] = "SELECT COUNT(*) FROM provider";

static const char NAMESAKE[] =
	"SELECT COUNT(*) FROM provider WHERE name = ? AND id <> ?";

static const char MODELS[] = "SELECT COUNT(*) FROM model WHERE provider_id = ?";

static const char INSERT[] =
	"INSERT INTO provider (name, kind, base_url, key_sealed, headers_sealed,"
	" key_tail, proxy, enabled, update_time, id, create_time)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static const char CHANGE[] =
	"UPDATE provider SET name = ?, kind = ?, base_url = ?, key_sealed = ?,"
	" headers_sealed = ?, key_tail = ?, proxy = ?, enabled = ?,"
	" update_time = ?, version = version + 1 WHERE id = ? AND version = ?";

static const char DELETE[] = "DELETE FROM provider WHERE id = ?";

static const char RESEAL[] =
	"UPDATE provider SET key_sealed = ?, headers_sealed = ?"
	" WHERE id = ? AND key_sealed <=> ? AND headers_sealed <=> ?";

/* Parameters of the statements above that write a whole row, and one more. */
#define VALUES(row, now_ms, last)                                             \
	PARAMS(STR((row)->name), STR((row)->kind), STR((row)->base_url),      \
		SPAN((row)->key_sealed), SPAN((row)->headers_sealed),         \
		STR((row)->key_tail), STR((row)->proxy), U64((row)->enabled), \
		TIME(now_ms), U64((row)->id), last)

static void
read_provider(struct row *row, void *out)
{
	struct provider_row *provider = out;

	provider->id = row_u64(row);
	provider->name = row_str(row);
	provider->kind = row_str(row);
	provider->base_url = row_str(row);
	provider->key_sealed = row_span(row);
	provider->headers_sealed = row_span(row);
	provider->key_tail = row_str(row);
	provider->proxy = row_str(row);
	provider->enabled = row_u64(row) != 0;
	provider->version = (uint32_t)row_u64(row);
}

static enum err
add_provider(struct row *row, void *arg)
{
	struct provider_list *all = arg;

	if (all->n == PROVIDERS_MAX)
		return OK; /* more were inserted by hand */
	read_provider(row, &all->list[all->n++]);
	return OK;
}

enum err
provider_list(struct db *db, struct arena *arena, struct provider_list *out)
{
	out->list = arena_alloc(arena, PROVIDERS_MAX * sizeof(*out->list));
	out->n = 0;
	return db_each(db, arena, LIST, NO_PARAMS, add_provider, out);
}

enum err
provider_find(struct db *db, struct arena *arena, uint64_t id,
	struct provider_row *out)
{
	return db_one(db, arena, FIND, PARAMS(U64(id)), read_provider, out);
}

enum err
provider_find_name(struct db *db, struct arena *arena, const char *name,
	struct provider_row *out)
{
	return db_one(
		db, arena, FIND_NAME, PARAMS(STR(name)), read_provider, out);
}

/* ---- writing: in transactions that have raised the epoch */

static enum err
check_name(struct db *db, struct setting_write *w)
{
	const struct provider_row *row = w->row;
	uint64_t n = 0;

	TRY(db_one(db, NULL, NAMESAKE, PARAMS(STR(row->name), U64(row->id)),
		row_read_u64, &n));
	return n == 0 ? OK : setting_refuse(w, REFUSED_NAME);
}

static enum err
add(struct db *db, void *arg)
{
	struct setting_write *w = arg;
	const struct provider_row *row = w->row;
	uint64_t n = 0;

	TRY(db_one(db, NULL, COUNT, NO_PARAMS, row_read_u64, &n));
	if (n >= PROVIDERS_MAX)
		return setting_refuse(w, REFUSED_TOO_MANY);
	TRY(check_name(db, w));
	return db_exec(db, INSERT, VALUES(row, w->now_ms, TIME(w->now_ms)));
}

static enum err
check_version(struct db *db, struct setting_write *w, bool any)
{
	const struct provider_row *row = w->row;
	struct arena arena = ARENA_INIT;
	struct provider_row now = { 0 };
	enum err err = provider_find(db, &arena, row->id, &now);

	arena_reset(&arena);
	if (err == OK && !any && now.version != row->version)
		return setting_refuse(w, REFUSED_CHANGED);
	return err;
}

static enum err
change(struct db *db, void *arg)
{
	struct setting_write *w = arg;
	const struct provider_row *row = w->row;

	TRY(check_version(db, w, false));
	TRY(check_name(db, w));
	return db_exec(db, CHANGE, VALUES(row, w->now_ms, U64(row->version)));
}

static enum err
drop(struct db *db, void *arg)
{
	struct setting_write *w = arg;
	const struct provider_row *row = w->row;
	uint64_t n = 0;

	TRY(check_version(db, w, row->version == 0));
	TRY(db_one(db, NULL, MODELS, PARAMS(U64(row->id)), row_read_u64, &n));
	if (n > 0)
		return setting_refuse(w, REFUSED_IN_USE);
	return db_exec(db, DELETE, PARAMS(U64(row->id)));
}

enum err
provider_add(struct db *db, const struct provider_row *row, int64_t now_ms,
	enum refusal *why)
{
	return setting_write(db, add, row, now_ms, why);
}

enum err
provider_change(struct db *db, const struct provider_row *row, int64_t now_ms,
	enum refusal *why)
{
	return setting_write(db, change, row, now_ms, why);
}

enum err
provider_remove(struct db *db, uint64_t id, uint32_t version, enum refusal *why)
{
	struct provider_row row = { .id = id, .version = version };

	return setting_write(db, drop, &row, 0, why);
}

enum err
provider_reseal(struct db *db, const struct provider_row *was,
	const struct provider_row *row)
{
	return db_exec(db, RESEAL,
		PARAMS(SPAN(row->key_sealed), SPAN(row->headers_sealed),
			U64(was->id), SPAN(was->key_sealed),
			SPAN(was->headers_sealed)));
}
