#include "repo/model_takes.h"

#define FIND_ROW                                               \
	"SELECT takes, context_tokens, bytes_100, forget_time" \
	" FROM model_takes WHERE id = UNHEX(SHA2(?, 256))"

static const char FIND[] = FIND_ROW;
static const char LOCK[] = FIND_ROW " FOR UPDATE";

/* Insert the row before locking it: otherwise two transactions that insert it
 * at once could deadlock. */
static const char MAKE[] =
	"INSERT IGNORE INTO model_takes (id, model, takes, update_time)"
	" VALUES (UNHEX(SHA2(?, 256)), LEFT(?, 255), '', ?)";

static const char PUT[] =
	"UPDATE model_takes SET takes = ?, context_tokens = ?, bytes_100 = ?,"
	" forget_time = ?, update_time = ? WHERE id = UNHEX(SHA2(?, 256))";

static void
read_model(struct row *row, void *out)
{
	struct model_takes *model = out;

	model->takes = row_span(row);
	model->context_tokens = row_i64(row);
	model->bytes_100 = row_i64(row);
	model->forget_ms = row_time(row);
}

static enum err
find(struct db *db, struct arena *arena, const char *sql, int64_t now_ms,
	struct model_takes *out)
{
	enum err err =
		db_one(db, arena, sql, PARAMS(SPAN(out->key)), read_model, out);
	bool over = out->forget_ms != 0 && out->forget_ms <= now_ms;

	if (err == ERR_NOT_FOUND)
		out->bytes_100 = 0;
	else if (err != OK)
		return err;
	if (err == ERR_NOT_FOUND || over) {
		out->takes = span_of("");
		out->context_tokens = 0;
		out->forget_ms = 0;
	}
	return OK;
}

enum err
model_takes_find(struct db *db, struct arena *arena, int64_t now_ms,
	struct model_takes *out)
{
	return find(db, arena, FIND, now_ms, out);
}

enum err
model_takes_lock(struct db *db, struct arena *arena, int64_t now_ms,
	struct model_takes *out)
{
	TRY(db_exec(db, MAKE,
		PARAMS(SPAN(out->key), STR(out->name), TIME(now_ms))));
	return find(db, arena, LOCK, now_ms, out);
}

#define NUMBER_OR_NULL(value) \
	((value) > 0 ? U64((uint64_t)(value)) : NULL_PARAM)

enum err
model_takes_put(struct db *db, int64_t now_ms, const struct model_takes *model)
{
	return db_exec(db, PUT,
		PARAMS(SPAN(model->takes),
			NUMBER_OR_NULL(model->context_tokens),
			NUMBER_OR_NULL(model->bytes_100),
			model->forget_ms > 0 ? TIME(model->forget_ms)
					     : NULL_PARAM,
			TIME(now_ms), SPAN(model->key)));
}
