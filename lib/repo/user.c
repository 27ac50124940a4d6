#include "repo/user.h"

#include <string.h>

/* In the order read_user() takes them. */
#define COLUMNS "id, username, password_hash, subject"

static const char FIND[] = "SELECT " COLUMNS " FROM user WHERE id = ?";

static const char FIND_NAME[] =
	"SELECT " COLUMNS " FROM user WHERE username = ?";

static const char FIND_SUBJECT[] = "SELECT id FROM user WHERE subject = ?";

static const char INSERT[] =
	"INSERT INTO user (" COLUMNS ", create_time, update_time)"
	" VALUES (?, ?, ?, ?, ?, ?)";

static const char SET_PASSWORD[] =
	"UPDATE user SET password_hash = ?, update_time = ? WHERE id = ?";

static const char DELETE[] = "DELETE FROM user WHERE id = ?";

static void
read_user(struct row *row, void *out)
{
	struct user *user = out;

	user->id = row_u64(row);
	user->username = row_str(row);
	user->password_hash = row_str(row);
	user->subject = row_str(row);
}

static void
read_id(struct row *row, void *out)
{
	*(uint64_t *)out = row_u64(row);
}

bool
user_name_ok(struct span name)
{
	static const char ALLOWED[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789._@-";

	for (size_t i = 0; i < name.len; i++)
		if (memchr(ALLOWED, name.data[i], sizeof(ALLOWED) - 1) == NULL)
			return false;
	return name.len >= USER_NAME_MIN && name.len <= USER_NAME_MAX;
}

enum err
user_insert(struct db *db, const struct user *user, int64_t now_ms)
{
	return db_exec(db, INSERT,
		PARAMS(U64(user->id), STR(user->username),
			STR(user->password_hash), STR(user->subject),
			TIME(now_ms), TIME(now_ms)));
}

enum err
user_find(struct db *db, struct arena *arena, uint64_t id, struct user *out)
{
	return db_one(db, arena, FIND, PARAMS(U64(id)), read_user, out);
}

enum err
user_find_name(struct db *db, struct arena *arena, const char *username,
	struct user *out)
{
	return db_one(
		db, arena, FIND_NAME, PARAMS(STR(username)), read_user, out);
}

enum err
user_find_subject(
	struct db *db, struct arena *arena, struct span subject, uint64_t *id)
{
	return db_one(
		db, arena, FIND_SUBJECT, PARAMS(SPAN(subject)), read_id, id);
}

enum err
user_of_subject(struct db *db, struct arena *arena, struct span subject,
	uint64_t id, int64_t now_ms, uint64_t *out)
{
	enum err err = user_find_subject(db, arena, subject, out);

	if (err != ERR_NOT_FOUND)
		return err;
	err = db_exec(db, INSERT,
		PARAMS(U64(id), STR(NULL), STR(NULL), SPAN(subject),
			TIME(now_ms), TIME(now_ms)));
	if (err == ERR_CONFLICT) /* somebody was faster */
		return user_find_subject(db, arena, subject, out);
	*out = id;
	return err;
}

enum err
user_set_password(
	struct db *db, uint64_t id, const char *password_hash, int64_t now_ms)
{
	return db_exec(db, SET_PASSWORD,
		PARAMS(STR(password_hash), TIME(now_ms), U64(id)));
}

enum err
user_delete(struct db *db, uint64_t id)
{
	return db_exec(db, DELETE, PARAMS(U64(id)));
}
