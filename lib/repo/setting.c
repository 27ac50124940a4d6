#include "repo/setting.h"

static const char EPOCH[] = "SELECT epoch FROM settings_epoch WHERE id = 1";

static const char RAISE[] =
	"UPDATE settings_epoch SET epoch = epoch + 1 WHERE id = 1";

static const char TAKE_TURN[] =
	"SELECT epoch FROM settings_epoch WHERE id = 1 FOR UPDATE";

static const char FIND[] = "SELECT value, version FROM setting WHERE name = ?";

static const char INSERT[] = "INSERT INTO setting (name, value) VALUES (?, ?)";

static const char CHANGE[] =
	"UPDATE setting SET value = ?, version = version + 1"
	" WHERE name = ? AND version = ?";

static const char KEY_CHECK[] =
	"SELECT key_check FROM settings_epoch WHERE id = 1";

static const char SET_KEY_CHECK[] =
	"UPDATE settings_epoch SET key_check = ? WHERE id = 1";

enum err
setting_epoch(struct db *db, struct arena *arena, uint64_t *epoch)
{
	return db_one(db, arena, EPOCH, NO_PARAMS, row_read_u64, epoch);
}

enum err
setting_raise(struct db *db)
{
	return db_exec(db, RAISE, NO_PARAMS);
}

struct writing {
	enum err (*body)(struct db *db, void *w);
	struct setting_write write;
};

static enum err
raise_and_write(struct db *db, void *arg)
{
	struct writing *writing = arg;

	TRY(setting_raise(db));
	return writing->body(db, &writing->write);
}

enum err
setting_write(struct db *db, enum err (*body)(struct db *db, void *w),
	const void *row, int64_t now_ms, enum refusal *why)
{
	struct writing writing = { body, { row, now_ms, REFUSED_NOT } };
	enum err err = db_transaction(db, raise_and_write, &writing);

	*why = err == ERR_CONFLICT ? writing.write.why : REFUSED_NOT;
	return err;
}

enum err
setting_refuse(struct setting_write *w, enum refusal why)
{
	w->why = why;
	return ERR_CONFLICT;
}

enum err
setting_take_turn(struct db *db)
{
	uint64_t epoch;

	return db_one(db, NULL, TAKE_TURN, NO_PARAMS, row_read_u64, &epoch);
}

static void
read_setting(struct row *row, void *out)
{
	struct setting *setting = out;

	setting->value = row_span(row);
	setting->version = (uint32_t)row_u64(row);
}

enum err
setting_find(struct db *db, struct arena *arena, struct setting *out)
{
	return db_one(
		db, arena, FIND, PARAMS(STR(out->name)), read_setting, out);
}

static enum err
put(struct db *db, void *arg)
{
	const struct setting *setting = arg;
	uint64_t n = 0;

	TRY(setting_raise(db));
	if (setting->version == 0)
		return db_exec(db, INSERT,
			PARAMS(STR(setting->name), SPAN(setting->value)));
	TRY(db_exec_n(db, CHANGE,
		PARAMS(SPAN(setting->value), STR(setting->name),
			U64(setting->version)),
		&n));
	return n == 1 ? OK : ERR_CONFLICT;
}

enum err
setting_put(struct db *db, const struct setting *setting)
{
	struct setting given = *setting;

	return db_transaction(db, put, &given);
}

static void
read_span(struct row *row, void *out)
{
	*(struct span *)out = row_span(row);
}

enum err
setting_key_check(struct db *db, struct arena *arena, struct span *sealed)
{
	return db_one(db, arena, KEY_CHECK, NO_PARAMS, read_span, sealed);
}

enum err
setting_set_key_check(struct db *db, struct span sealed)
{
	return db_exec(db, SET_KEY_CHECK, PARAMS(SPAN(sealed)));
}
