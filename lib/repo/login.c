#include "repo/login.h"

/* In the order read_login() takes them. */
#define COLUMNS "id, user_id, rotate_time, expire_time"

static const char INSERT[] =
	"INSERT INTO login (" COLUMNS ", token_hash, create_time)"
	" VALUES (?, ?, ?, ?, ?, ?)";

static const char LIVE[] = "SELECT " COLUMNS " FROM login"
			   " WHERE id = ? AND user_id = ? AND expire_time > ?";

/* Assignments run from left to right: previous_hash takes the old token. */
static const char ROTATE[] =
	"UPDATE login SET previous_hash = token_hash, token_hash = ?,"
	" rotate_time = ?, expire_time = ?"
	" WHERE token_hash = ? AND expire_time > ?";

static const char FIND_CURRENT[] =
	"SELECT " COLUMNS " FROM login WHERE token_hash = ?";

static const char FIND_PREVIOUS[] =
	"SELECT " COLUMNS " FROM login"
	" WHERE previous_hash = ? AND expire_time > ?";

static const char FIND[] = "SELECT " COLUMNS " FROM login"
			   " WHERE token_hash = ? OR previous_hash = ?";

static const char DELETE[] = "DELETE FROM login WHERE id = ?";

static const char DELETE_ALL[] =
	"DELETE FROM login WHERE user_id = ? AND id <> ?";

static const char SWEEP[] =
	"DELETE FROM login WHERE expire_time <= ? LIMIT 100";

static void
read_login(struct row *row, void *out)
{
	struct login *login = out;

	login->id = row_u64(row);
	login->user_id = row_u64(row);
	login->rotate_ms = row_time(row);
	login->expire_ms = row_time(row);
}

enum err
login_insert(struct db *db, const struct login *login, struct span token_hash)
{
	return db_exec(db, INSERT,
		PARAMS(U64(login->id), U64(login->user_id),
			TIME(login->rotate_ms), TIME(login->expire_ms),
			SPAN(token_hash), TIME(login->rotate_ms)));
}

enum err
login_live(struct db *db, struct arena *arena, uint64_t id, uint64_t user_id,
	int64_t now_ms)
{
	struct login login;

	return db_one(db, arena, LIVE,
		PARAMS(U64(id), U64(user_id), TIME(now_ms)), read_login,
		&login);
}

enum err
login_rotate(struct db *db, struct arena *arena, struct span hash,
	struct span next, struct login *login)
{
	uint64_t found = 0;

	TRY(db_exec_n(db, ROTATE,
		PARAMS(SPAN(next), TIME(login->rotate_ms),
			TIME(login->expire_ms), SPAN(hash),
			TIME(login->rotate_ms)),
		&found));
	if (found == 0)
		return ERR_NOT_FOUND;
	return db_one(
		db, arena, FIND_CURRENT, PARAMS(SPAN(next)), read_login, login);
}

enum err
login_find_previous(struct db *db, struct arena *arena, struct span hash,
	int64_t now_ms, struct login *out)
{
	return db_one(db, arena, FIND_PREVIOUS,
		PARAMS(SPAN(hash), TIME(now_ms)), read_login, out);
}

enum err
login_find(
	struct db *db, struct arena *arena, struct span hash, struct login *out)
{
	return db_one(db, arena, FIND, PARAMS(SPAN(hash), SPAN(hash)),
		read_login, out);
}

enum err
login_delete(struct db *db, uint64_t id)
{
	return db_exec(db, DELETE, PARAMS(U64(id)));
}

enum err
login_delete_all(struct db *db, uint64_t user_id, uint64_t keep_id)
{
	return db_exec(db, DELETE_ALL, PARAMS(U64(user_id), U64(keep_id)));
}

enum err
login_sweep(struct db *db, int64_t now_ms)
{
	return db_exec(db, SWEEP, PARAMS(TIME(now_ms)));
}
