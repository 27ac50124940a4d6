#include "repo/model.h"

/* In the order in which read_model() takes them. An unknown price is NULL, not
 * 0. */
#define COLUMNS                                                                \
	"id, provider_id, upstream_name, label, context_tokens, takes, "       \
	"options, temperature, max_tokens, effort, COALESCE(price_input, -1)," \
	" COALESCE(price_cached, -1), COALESCE(price_output, -1), "            \
	"fallback_id, position, enabled, is_default, version"

static const char LIST[] =
	"SELECT " COLUMNS " FROM model ORDER BY position, label, id";

static const char FIND[] = "SELECT " COLUMNS " FROM model WHERE id = ?";

static const char COUNT[] = "SELECT COUNT(*) FROM model";

static const char COUNT_PROVIDER[] =
	"SELECT COUNT(*) FROM provider WHERE id = ?";

static const char COUNT_ID[] = "SELECT COUNT(*) FROM model WHERE id = ?";

static const char INSERT[] =
	"INSERT INTO model (provider_id, upstream_name, label, context_tokens,"
	" takes, options, temperature, max_tokens, effort, price_input,"
	" price_cached, price_output, fallback_id, position, enabled,"
	" is_default, update_time, id, create_time)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static const char CHANGE[] =
	"UPDATE model SET provider_id = ?, upstream_name = ?, label = ?,"
	" context_tokens = ?, takes = ?, options = ?, temperature = ?,"
	" max_tokens = ?, effort = ?, price_input = ?, price_cached = ?,"
	" price_output = ?, fallback_id = ?, position = ?, enabled = ?,"
	" is_default = ?, update_time = ?, version = version + 1"
	" WHERE id = ? AND version = ?";

/* Raises the version, so that a change based on the old one cannot create a
 * second default. */
static const char END_DEFAULT[] =
	"UPDATE model SET is_default = FALSE, version = version + 1"
	" WHERE is_default AND id <> ?";

static const char END_FALLBACK[] =
	"UPDATE model SET fallback_id = NULL, version = version + 1"
	" WHERE fallback_id = ?";

static const char DELETE[] = "DELETE FROM model WHERE id = ?";

#define PRICE(price) ((price) >= 0 ? I64(price) : NULL_PARAM)
#define COUNT_OR_NULL(n) ((n) > 0 ? I64(n) : NULL_PARAM)

/* Parameters of the statements above that write a whole row, and one more. */
#define VALUES(row, now_ms, last)                                           \
	PARAMS(U64((row)->provider_id), STR((row)->upstream_name),          \
		STR((row)->label), COUNT_OR_NULL((row)->context_tokens),    \
		SPAN((row)->takes), SPAN((row)->options),                   \
		SPAN((row)->temperature), COUNT_OR_NULL((row)->max_tokens), \
		STR((row)->effort), PRICE((row)->prices.input),             \
		PRICE((row)->prices.cached), PRICE((row)->prices.output),   \
		ID_OR_NULL((row)->fallback_id), I64((row)->position),       \
		U64((row)->enabled), U64((row)->is_default), TIME(now_ms),  \
		U64((row)->id), last)

static void
read_model(struct row *row, void *out)
{
	struct model_row *model = out;

	model->id = row_u64(row);
	model->provider_id = row_u64(row);
	model->upstream_name = row_str(row);
	model->label = row_str(row);
	model->context_tokens = row_i64(row);
	model->takes = row_span(row);
	model->options = row_span(row);
	model->temperature = row_span(row);
	model->max_tokens = row_i64(row);
	model->effort = row_str(row);
	model->prices.input = row_i64(row);
	model->prices.cached = row_i64(row);
	model->prices.output = row_i64(row);
	model->fallback_id = row_u64(row);
	model->position = row_i64(row);
	model->enabled = row_u64(row) != 0;
	model->is_default = row_u64(row) != 0;
	model->version = (uint32_t)row_u64(row);
}

static enum err
add_model(struct row *row, void *arg)
{
	struct model_list *all = arg;

	if (all->n == MODELS_MAX)
		return OK; /* more were inserted by hand */
	read_model(row, &all->list[all->n++]);
	return OK;
}

enum err
model_list(struct db *db, struct arena *arena, struct model_list *out)
{
	out->list = arena_alloc(arena, MODELS_MAX * sizeof(*out->list));
	out->n = 0;
	return db_each(db, arena, LIST, NO_PARAMS, add_model, out);
}

enum err
model_find(
	struct db *db, struct arena *arena, uint64_t id, struct model_row *out)
{
	return db_one(db, arena, FIND, PARAMS(U64(id)), read_model, out);
}

/* ---- writing: in transactions that have raised the epoch */

/* Checks that the provider and the fallback exist. */
static enum err
check_named(struct db *db, struct setting_write *w)
{
	const struct model_row *row = w->row;
	uint64_t n = 0;

	TRY(db_one(db, NULL, COUNT_PROVIDER, PARAMS(U64(row->provider_id)),
		row_read_u64, &n));
	if (n == 0)
		return setting_refuse(w, REFUSED_PROVIDER);
	if (row->fallback_id == 0)
		return OK;
	TRY(db_one(db, NULL, COUNT_ID, PARAMS(U64(row->fallback_id)),
		row_read_u64, &n));
	return n == 0 || row->fallback_id == row->id
		? setting_refuse(w, REFUSED_FALLBACK)
		: OK;
}

static enum err
check_version(struct db *db, struct setting_write *w, bool any)
{
	const struct model_row *row = w->row;
	struct arena arena = ARENA_INIT;
	struct model_row now = { 0 };
	enum err err = model_find(db, &arena, row->id, &now);

	arena_reset(&arena);
	if (err == OK && !any && now.version != row->version)
		return setting_refuse(w, REFUSED_CHANGED);
	return err;
}

static enum err
end_default(struct db *db, const struct model_row *row)
{
	return row->is_default ? db_exec(db, END_DEFAULT, PARAMS(U64(row->id)))
			       : OK;
}

static enum err
add(struct db *db, void *arg)
{
	struct setting_write *w = arg;
	const struct model_row *row = w->row;
	uint64_t n = 0;

	TRY(db_one(db, NULL, COUNT, NO_PARAMS, row_read_u64, &n));
	if (n >= MODELS_MAX)
		return setting_refuse(w, REFUSED_TOO_MANY);
	TRY(check_named(db, w));
	TRY(end_default(db, row));
	return db_exec(db, INSERT, VALUES(row, w->now_ms, TIME(w->now_ms)));
}

static enum err
change(struct db *db, void *arg)
{
	struct setting_write *w = arg;
	const struct model_row *row = w->row;

	TRY(check_version(db, w, false));
	TRY(check_named(db, w));
	TRY(end_default(db, row));
	return db_exec(db, CHANGE, VALUES(row, w->now_ms, U64(row->version)));
}

static enum err
drop(struct db *db, void *arg)
{
	struct setting_write *w = arg;
	const struct model_row *row = w->row;

	TRY(check_version(db, w, row->version == 0));
	TRY(db_exec(db, END_FALLBACK, PARAMS(U64(row->id))));
	return db_exec(db, DELETE, PARAMS(U64(row->id)));
}

enum err
model_add(struct db *db, const struct model_row *row, int64_t now_ms,
	enum refusal *why)
{
	return setting_write(db, add, row, now_ms, why);
}

enum err
model_change(struct db *db, const struct model_row *row, int64_t now_ms,
	enum refusal *why)
{
	return setting_write(db, change, row, now_ms, why);
}

enum err
model_remove(struct db *db, uint64_t id, uint32_t version, enum refusal *why)
{
	struct model_row row = { .id = id, .version = version };

	return setting_write(db, drop, &row, 0, why);
}
