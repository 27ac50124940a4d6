#include "repo/login.h"

/* In the order in which read_login() takes them. */
#define COLUMNS                                                \
	"id, user_id, rotate_time, expire_time, create_time, " \
	"token_hash, previous_hash, family_hash, agent, second_time"

static const char INSERT[] =
	"INSERT INTO login (id, user_id, rotate_time, expire_time, create_time,"
	" token_hash, family_hash, agent, second_time)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

static const char LIVE[] =
	"SELECT second_time, role = 'admin', limits"
	" FROM login JOIN user ON user.id = login.user_id"
	" LEFT JOIN user_limit ON user_limit.user_id = login.user_id"
	" WHERE login.id = ? AND login.user_id = ? AND expire_time > ?"
	" AND disable_time IS NULL";

static const char FIND[] = "SELECT " COLUMNS " FROM login WHERE id = ?";

static const char FIND_HASH[] = "SELECT " COLUMNS " FROM login"
				" WHERE token_hash = ? OR previous_hash = ?";

static const char LOCK[] =
	"SELECT " COLUMNS " FROM login WHERE id = ? FOR UPDATE";

/* Assignments run from left to right, so previous_hash gets the old token. */
static const char ROTATE[] =
	"UPDATE login SET previous_hash = token_hash, token_hash = ?,"
	" family_hash = ?, rotate_time = ?, expire_time = ? WHERE id = ?";

static const char SHOW_SECOND[] =
	"UPDATE login SET second_time = ? WHERE id = ?";

static const char FORGET_SECOND[] =
	"UPDATE login SET second_time = NULL WHERE user_id = ?";

static const char LIST[] = "SELECT " COLUMNS " FROM login"
			   " WHERE user_id = ? AND expire_time > ?"
			   " ORDER BY id DESC LIMIT ?";

static const char DELETE[] = "DELETE FROM login WHERE id = ?";

static const char DELETE_OWN[] =
	"DELETE FROM login WHERE id = ? AND user_id = ?";

static const char DELETE_UNSHOWN[] =
	"DELETE FROM login WHERE user_id = ? AND second_time IS NULL";

static const char DELETE_ALL[] = "DELETE FROM login WHERE user_id = ?";

static const char SWEEP[] =
	"DELETE FROM login WHERE expire_time <= ? LIMIT 1000";

static void
read_login(struct row *row, void *out)
{
	struct login *login = out;

	login->id = row_u64(row);
	login->user_id = row_u64(row);
	login->rotate_ms = row_time(row);
	login->expire_ms = row_time(row);
	login->create_ms = row_time(row);
	login->hash = row_span(row);
	login->previous = row_span(row);
	login->family = row_span(row);
	login->agent = row_str(row);
	login->second_ms = row_time(row);
}

static void
read_live(struct row *row, void *out)
{
	struct login_live *live = out;

	live->second = row_time(row) != 0;
	live->admin = row_u64(row) != 0;
	live->limits = row_str(row);
}

#define TIME_OR_NULL(ms) ((ms) != 0 ? TIME(ms) : NULL_PARAM)

enum err
login_insert(struct db *db, const struct login *login)
{
	return db_exec(db, INSERT,
		PARAMS(U64(login->id), U64(login->user_id),
			TIME(login->rotate_ms), TIME(login->expire_ms),
			TIME(login->create_ms), SPAN(login->hash),
			SPAN(login->family), STR(login->agent),
			TIME_OR_NULL(login->second_ms)));
}

enum err
login_live(struct db *db, struct arena *arena, uint64_t id, uint64_t user_id,
	int64_t now_ms, struct login_live *out)
{
	return db_one(db, arena, LIVE,
		PARAMS(U64(id), U64(user_id), TIME(now_ms)), read_live, out);
}

enum err
login_show_second(struct db *db, uint64_t id, int64_t now_ms)
{
	return db_exec(db, SHOW_SECOND, PARAMS(TIME(now_ms), U64(id)));
}

enum err
login_delete_unshown(struct db *db, uint64_t user_id)
{
	return db_exec(db, DELETE_UNSHOWN, PARAMS(U64(user_id)));
}

enum err
login_forget_second(struct db *db, uint64_t user_id)
{
	return db_exec(db, FORGET_SECOND, PARAMS(U64(user_id)));
}

enum err
login_find(struct db *db, struct arena *arena, uint64_t id, struct login *out)
{
	return db_one(db, arena, FIND, PARAMS(U64(id)), read_login, out);
}

enum err
login_find_hash(
	struct db *db, struct arena *arena, struct span hash, struct login *out)
{
	return db_one(db, arena, FIND_HASH, PARAMS(SPAN(hash), SPAN(hash)),
		read_login, out);
}

enum err
login_lock(struct db *db, struct arena *arena, uint64_t id, struct login *out)
{
	return db_one(db, arena, LOCK, PARAMS(U64(id)), read_login, out);
}

enum err
login_rotate(struct db *db, const struct login *login)
{
	return db_exec(db, ROTATE,
		PARAMS(SPAN(login->hash), SPAN(login->family),
			TIME(login->rotate_ms), TIME(login->expire_ms),
			U64(login->id)));
}

static enum err
add_login(struct row *row, void *arg)
{
	struct login_list *logins = arg;

	read_login(row, &logins->list[logins->n++]);
	return OK;
}

enum err
login_list(struct db *db, struct arena *arena, uint64_t user_id, int64_t now_ms,
	unsigned n, struct login_list *out)
{
	out->list = arena_alloc(arena, n * sizeof(*out->list));
	out->n = 0;
	return db_each(db, arena, LIST,
		PARAMS(U64(user_id), TIME(now_ms), U64(n)), add_login, out);
}

enum err
login_delete(struct db *db, uint64_t id)
{
	return db_exec(db, DELETE, PARAMS(U64(id)));
}

enum err
login_delete_own(struct db *db, uint64_t user_id, uint64_t id)
{
	uint64_t n = 0;

	TRY(db_exec_n(db, DELETE_OWN, PARAMS(U64(id), U64(user_id)), &n));
	return n == 1 ? OK : ERR_NOT_FOUND;
}

enum err
login_delete_all(struct db *db, uint64_t user_id)
{
	return db_exec(db, DELETE_ALL, PARAMS(U64(user_id)));
}

enum err
login_sweep(struct db *db, int64_t now_ms, uint64_t *n)
{
	return db_exec_n(db, SWEEP, PARAMS(TIME(now_ms)), n);
}
