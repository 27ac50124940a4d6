#include "repo/budget_private.h"
#include "repo/usage.h"
#include "repo/user.h"

#define DAY_MS INT64_C(86400000)

static const char COUNT[] =
	"INSERT INTO send_day (user_id, day, sends) VALUES (?, ?, 1)"
	" ON DUPLICATE KEY UPDATE sends = sends + 1";

static const char SENDS[] =
	"SELECT sends FROM send_day WHERE user_id = ? AND day = ?";

static const char TOKENS[] = "SELECT input_tokens + output_tokens"
			     " FROM usage_day WHERE user_id = ? AND day = ?";

static const char STORED[] =
	"SELECT CAST(COALESCE(SUM(bytes), 0) AS UNSIGNED), COUNT(*)"
	" FROM session WHERE user_id = ?";

static const char DELETE[] = "DELETE FROM send_day WHERE user_id = ?";

static const char *const words[BUDGET_N] = {
	[BUDGET_MESSAGES] = "day_messages",
	[BUDGET_TOKENS] = "day_tokens",
	[BUDGET_BYTES] = "stored_bytes",
	[BUDGET_SESSIONS] = "sessions",
};

const char *
budget_word(enum budget_kind kind)
{
	return words[kind];
}

static void
read_stored(struct row *row, void *out)
{
	struct budget *used = out;

	used->of[BUDGET_BYTES] = row_u64(row);
	used->of[BUDGET_SESSIONS] = row_u64(row);
}

/* A day without a row counts as zero. */
static enum err
number_of_day(struct db *db, struct arena *arena, const char *sql,
	uint64_t user_id, int64_t now_ms, uint64_t *out)
{
	char day[USAGE_DAY_LEN];
	enum err err;

	usage_write_day(now_ms, day);
	*out = 0;
	err = db_one(db, arena, sql, PARAMS(U64(user_id), STR(day)),
		row_read_u64, out);
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
take_message(struct db *db, struct arena *arena, const struct budget_send *send,
	uint64_t *sends)
{
	char day[USAGE_DAY_LEN];

	usage_write_day(send->now_ms, day);
	TRY(db_exec(db, COUNT, PARAMS(U64(send->user_id), STR(day))));
	return number_of_day(
		db, arena, SENDS, send->user_id, send->now_ms, sends);
}

static bool
exceeds(const struct budget *max, enum budget_kind kind, uint64_t used,
	enum budget_kind *which)
{
	*which = kind;
	return max->of[kind] != 0 && used > max->of[kind];
}

static enum err
take_day(struct db *db, struct arena *arena, const struct budget_send *send,
	const struct budget *max, enum budget_kind *which)
{
	uint64_t sends, tokens;

	if (max->of[BUDGET_MESSAGES] == 0 && max->of[BUDGET_TOKENS] == 0)
		return OK;
	TRY(take_message(db, arena, send, &sends));
	if (exceeds(max, BUDGET_MESSAGES, sends, which))
		return ERR_THROTTLED;
	TRY(number_of_day(
		db, arena, TOKENS, send->user_id, send->now_ms, &tokens));
	return exceeds(max, BUDGET_TOKENS, tokens + 1, which) ? ERR_THROTTLED
							      : OK;
}

/* ---- what is stored */

static bool
has_room(const struct budget *used, const struct budget *max,
	enum budget_kind kind, uint64_t adds)
{
	return max->of[kind] == 0 || used->of[kind] + adds <= max->of[kind];
}

static bool
has_room_for(const struct budget *used, const struct budget *max,
	const struct budget_send *send, enum budget_kind *which)
{
	*which = BUDGET_BYTES;
	if (!has_room(used, max, BUDGET_BYTES, send->bytes))
		return false;
	*which = BUDGET_SESSIONS;
	return !send->new_session || has_room(used, max, BUDGET_SESSIONS, 1);
}

static enum err
look(struct db *db, struct arena *arena, uint64_t user_id, struct budget *used)
{
	*used = (struct budget){ 0 };
	return db_one(
		db, arena, STORED, PARAMS(U64(user_id)), read_stored, used);
}

static enum err
is_ample(struct db *db, struct arena *arena, const struct budget_send *send,
	const struct budget *max, bool *out)
{
	enum budget_share share;
	struct budget used;

	*out = max->of[BUDGET_BYTES] == 0 && max->of[BUDGET_SESSIONS] == 0;
	if (*out)
		return OK;
	share = budget_share_take(send, max);
	if (share == SHARE_NONE) {
		TRY(look(db, arena, send->user_id, &used));
		budget_share_give(send, max, &used);
		share = budget_share_take(send, max);
	}
	*out = share == SHARE_TAKEN;
	return OK;
}

enum err
budget_is_ample(struct db *db, struct arena *arena,
	const struct budget_send *send, const struct budget *max, bool *out)
{
	*out = false;
	if (max->of[BUDGET_MESSAGES] != 0 || max->of[BUDGET_TOKENS] != 0)
		return OK;
	return is_ample(db, arena, send, max, out);
}

/* Under the lock, nothing of the user's is stored beside this send. */
static enum err
take_stored(struct db *db, struct arena *arena, const struct budget_send *send,
	const struct budget *max, enum budget_kind *which)
{
	struct budget used;
	struct user user;
	bool fits;

	TRY(user_lock(db, arena, send->user_id, &user));
	TRY(look(db, arena, send->user_id, &used));
	fits = has_room_for(&used, max, send, which);
	if (fits) {
		used.of[BUDGET_BYTES] += send->bytes;
		used.of[BUDGET_SESSIONS] += send->new_session;
	}
	budget_share_give(send, max, &used);
	return fits ? OK : ERR_FORBIDDEN;
}

enum err
budget_take(struct db *db, struct arena *arena, const struct budget_send *send,
	const struct budget *max, enum budget_kind *which)
{
	bool ample;

	TRY(take_day(db, arena, send, max, which));
	TRY(is_ample(db, arena, send, max, &ample));
	return ample ? OK : take_stored(db, arena, send, max, which);
}

enum err
budget_used(struct db *db, struct arena *arena, uint64_t user_id,
	int64_t now_ms, struct budget *out)
{
	*out = (struct budget){ 0 };
	TRY(number_of_day(
		db, arena, SENDS, user_id, now_ms, &out->of[BUDGET_MESSAGES]));
	TRY(number_of_day(
		db, arena, TOKENS, user_id, now_ms, &out->of[BUDGET_TOKENS]));
	return db_one(
		db, arena, STORED, PARAMS(U64(user_id)), read_stored, out);
}

int64_t
budget_wait_ms(int64_t now_ms)
{
	return DAY_MS - now_ms % DAY_MS;
}

enum err
budget_delete(struct db *db, uint64_t user_id)
{
	return db_exec(db, DELETE, PARAMS(U64(user_id)));
}
