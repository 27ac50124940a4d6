#include "repo/factor.h"

#include <inttypes.h>

/* In the order in which read_factor() takes them. */
#define COLUMNS "id, user_id, sealed, last_step, confirm_time"

static const char FIND[] = "SELECT " COLUMNS " FROM factor"
			   " WHERE user_id = ? AND kind = 'totp'";

static const char DELETE_UNCONFIRMED[] =
	"DELETE FROM factor WHERE user_id = ? AND kind = 'totp'"
	" AND confirm_time IS NULL";

static const char INSERT[] =
	"INSERT INTO factor (id, user_id, kind, sealed, create_time)"
	" VALUES (?, ?, 'totp', ?, ?)";

static const char CONFIRM[] =
	"UPDATE factor SET confirm_time = ?, last_step = ?"
	" WHERE id = ? AND confirm_time IS NULL AND last_step < ?";

static const char USE[] = "UPDATE factor SET last_step = ?"
			  " WHERE id = ? AND last_step < ?";

static const char RESEAL[] = "UPDATE factor SET sealed = ? WHERE id = ?";

static const char DELETE_ALL[] = "DELETE FROM factor WHERE user_id = ?";

static const char LIST[] = "SELECT " COLUMNS " FROM factor"
			   " WHERE id > ? ORDER BY id LIMIT ?";

static const char NEWEST[] = "SELECT " COLUMNS " FROM factor"
			     " ORDER BY id DESC LIMIT 1";

static const char INSERT_CODE[] =
	"INSERT INTO recovery_code (user_id, code_hash) VALUES (?, ?)";

static const char USE_CODE[] =
	"DELETE FROM recovery_code WHERE user_id = ? AND code_hash = ?";

static const char COUNT_CODES[] =
	"SELECT COUNT(*) FROM recovery_code WHERE user_id = ?";

static const char DELETE_CODES[] =
	"DELETE FROM recovery_code WHERE user_id = ?";

static void
read_factor(struct row *row, void *out)
{
	struct factor *factor = out;

	factor->id = row_u64(row);
	factor->user_id = row_u64(row);
	factor->sealed = row_span(row);
	factor->last_step = row_u64(row);
	factor->confirm_ms = row_time(row);
}

const char *
factor_about(struct arena *arena, const struct factor *factor)
{
	return arena_printf(arena, FACTOR_TOTP " %" PRIu64, factor->user_id);
}

/* Runs a statement that must change exactly one row. */
static enum err
change_one(struct db *db, const char *sql, struct params params, enum err none)
{
	uint64_t n = 0;

	TRY(db_exec_n(db, sql, params, &n));
	return n == 1 ? OK : none;
}

enum err
factor_find(struct db *db, struct arena *arena, uint64_t user_id,
	struct factor *out)
{
	return db_one(db, arena, FIND, PARAMS(U64(user_id)), read_factor, out);
}

enum err
factor_newest(struct db *db, struct arena *arena, struct factor *out)
{
	return db_one(db, arena, NEWEST, NO_PARAMS, read_factor, out);
}

enum err
factor_enrol(struct db *db, struct arena *arena, const struct factor *factor,
	int64_t now_ms)
{
	struct factor there;
	enum err err;

	TRY(db_exec(db, DELETE_UNCONFIRMED, PARAMS(U64(factor->user_id))));
	err = factor_find(db, arena, factor->user_id, &there);
	if (err != ERR_NOT_FOUND)
		return err == OK ? ERR_CONFLICT : err;
	return db_exec(db, INSERT,
		PARAMS(U64(factor->id), U64(factor->user_id),
			SPAN(factor->sealed), TIME(now_ms)));
}

enum err
factor_confirm(struct db *db, uint64_t id, uint64_t step, int64_t now_ms)
{
	return change_one(db, CONFIRM,
		PARAMS(TIME(now_ms), U64(step), U64(id), U64(step)),
		ERR_CONFLICT);
}

enum err
factor_use(struct db *db, uint64_t id, uint64_t step)
{
	return change_one(
		db, USE, PARAMS(U64(step), U64(id), U64(step)), ERR_CONFLICT);
}

enum err
factor_reseal(struct db *db, uint64_t id, struct span sealed)
{
	return db_exec(db, RESEAL, PARAMS(SPAN(sealed), U64(id)));
}

enum err
factor_delete_all(struct db *db, uint64_t user_id)
{
	TRY(db_exec(db, DELETE_CODES, PARAMS(U64(user_id))));
	return db_exec(db, DELETE_ALL, PARAMS(U64(user_id)));
}

static enum err
add_factor(struct row *row, void *arg)
{
	struct factor_list *factors = arg;

	read_factor(row, &factors->list[factors->n++]);
	return OK;
}

enum err
factor_list(struct db *db, struct arena *arena, uint64_t after_id, unsigned n,
	struct factor_list *out)
{
	out->list = arena_alloc(arena, n * sizeof(*out->list));
	out->n = 0;
	return db_each(db, arena, LIST, PARAMS(U64(after_id), U64(n)),
		add_factor, out);
}

/* ---- recovery codes */

enum err
recovery_codes_replace(
	struct db *db, uint64_t user_id, const struct span *hashes, unsigned n)
{
	TRY(db_exec(db, DELETE_CODES, PARAMS(U64(user_id))));
	for (unsigned i = 0; i < n; i++)
		TRY(db_exec(db, INSERT_CODE,
			PARAMS(U64(user_id), SPAN(hashes[i]))));
	return OK;
}

enum err
recovery_codes_use(struct db *db, uint64_t user_id, struct span hash)
{
	return change_one(
		db, USE_CODE, PARAMS(U64(user_id), SPAN(hash)), ERR_NOT_FOUND);
}

enum err
recovery_codes_count(
	struct db *db, struct arena *arena, uint64_t user_id, uint64_t *n)
{
	return db_one(
		db, arena, COUNT_CODES, PARAMS(U64(user_id)), row_read_u64, n);
}
