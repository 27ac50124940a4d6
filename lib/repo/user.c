#include "repo/user.h"

#include "base/buf.h"
#include "json/name.h"

/* In the order in which read_user() takes them. */
#define COLUMNS                                  \
	"id, username, password_hash, subject, " \
	"create_time, disable_time, valid_from, role = 'admin'"

static const char FIND[] = "SELECT " COLUMNS " FROM user WHERE id = ?";

static const char LOCK[] =
	"SELECT " COLUMNS " FROM user WHERE id = ? FOR UPDATE";

static const char SHARE[] =
	"SELECT " COLUMNS " FROM user WHERE id = ? AND disable_time IS NULL"
	" LOCK IN SHARE MODE";

static const char FIND_NAME[] =
	"SELECT " COLUMNS " FROM user WHERE username_key = ?";

static const char FIND_SUBJECT[] =
	"SELECT " COLUMNS " FROM user WHERE subject = ?";

/* Reads the latest commit instead of the transaction's snapshot: MariaDB can
 * report a duplicate a moment before a new snapshot contains its row. */
static const char FIND_SUBJECT_NOW[] =
	"SELECT " COLUMNS " FROM user WHERE subject = ? LOCK IN SHARE MODE";

static const char LIST[] =
	"SELECT " COLUMNS ", EXISTS (SELECT 1 FROM factor"
	" WHERE factor.user_id = user.id AND confirm_time IS NOT NULL)"
	" FROM user WHERE id > ? ORDER BY id LIMIT ?";

static const char SEARCH[] =
	"SELECT " COLUMNS ", EXISTS (SELECT 1 FROM factor"
	" WHERE factor.user_id = user.id AND confirm_time IS NOT NULL),"
	" (SELECT MAX(rotate_time) FROM login WHERE login.user_id = user.id)"
	" FROM user WHERE id > ? AND (username COLLATE utf8mb4_unicode_ci LIKE ?"
	" OR subject LIKE ?)"
	" ORDER BY id LIMIT ?";

static const char COUNT_ADMINS[] =
	"SELECT COUNT(*) FROM user WHERE role = 'admin'"
	" AND disable_time IS NULL AND id <> ?";

static const char INSERT[] =
	"INSERT INTO user (id, username, username_key, password_hash, subject,"
	" create_time, update_time, role) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

static const char SET_PASSWORD[] =
	"UPDATE user SET password_hash = ?, update_time = ? WHERE id = ?";

static const char SET_DISABLED[] =
	"UPDATE user SET disable_time = ?, update_time = ? WHERE id = ?";

static const char SET_ROLE[] =
	"UPDATE user SET role = ?, update_time = ? WHERE id = ?";

static const char SET_VALID_FROM[] =
	"UPDATE user SET valid_from = ?, update_time = ? WHERE id = ?";

static const char DELETE[] = "DELETE FROM user WHERE id = ?";

#define ROLE(is_admin) STR((is_admin) ? "admin" : "user")

static void
read_user(struct row *row, void *out)
{
	struct user *user = out;

	user->id = row_u64(row);
	user->username = row_str(row);
	user->password_hash = row_str(row);
	user->subject = row_str(row);
	user->create_ms = row_time(row);
	user->disable_ms = row_time(row);
	user->valid_from_ms = row_time(row);
	user->is_admin = row_u64(row) != 0;
	user->has_second = false;
	user->last_ms = 0;
}

bool
user_name(struct arena *arena, struct span text, struct user *out)
{
	struct span name;

	if (!name_read(arena, text, &name, &out->username_key))
		return false;
	out->username = name.data;
	return true;
}

enum err
user_insert(struct db *db, const struct user *user, int64_t now_ms)
{
	return db_exec(db, INSERT,
		PARAMS(U64(user->id), STR(user->username),
			SPAN(user->username_key), STR(user->password_hash),
			STR(user->subject), TIME(now_ms), TIME(now_ms),
			ROLE(user->is_admin)));
}

enum err
user_find(struct db *db, struct arena *arena, uint64_t id, struct user *out)
{
	return db_one(db, arena, FIND, PARAMS(U64(id)), read_user, out);
}

enum err
user_lock(struct db *db, struct arena *arena, uint64_t id, struct user *out)
{
	return db_one(db, arena, LOCK, PARAMS(U64(id)), read_user, out);
}

enum err
user_share(struct db *db, struct arena *arena, uint64_t id)
{
	struct user user;

	return db_one(db, arena, SHARE, PARAMS(U64(id)), read_user, &user);
}

enum err
user_find_name(struct db *db, struct arena *arena, const char *username,
	struct user *out)
{
	struct user typed;

	if (!user_name(arena, span_of(username), &typed))
		return ERR_NOT_FOUND;
	return db_one(db, arena, FIND_NAME, PARAMS(SPAN(typed.username_key)),
		read_user, out);
}

enum err
user_find_subject(struct db *db, struct arena *arena, struct span subject,
	struct user *out)
{
	return db_one(
		db, arena, FIND_SUBJECT, PARAMS(SPAN(subject)), read_user, out);
}

enum err
user_of_subject(struct db *db, struct arena *arena, struct span subject,
	uint64_t id, int64_t now_ms, struct user *out)
{
	enum err err = user_find_subject(db, arena, subject, out);

	if (err != ERR_NOT_FOUND)
		return err;
	err = db_exec(db, INSERT,
		PARAMS(U64(id), STR(NULL), STR(NULL), STR(NULL), SPAN(subject),
			TIME(now_ms), TIME(now_ms), ROLE(false)));
	if (err != OK && err != ERR_CONFLICT) /* another process was faster */
		return err;
	return db_one(db, arena, FIND_SUBJECT_NOW, PARAMS(SPAN(subject)),
		read_user, out);
}

static enum err
add_user(struct row *row, void *arg)
{
	struct user_list *users = arg;
	struct user *user = &users->list[users->n++];

	read_user(row, user);
	user->has_second = row_u64(row) != 0;
	return OK;
}

enum err
user_list(struct db *db, struct arena *arena, uint64_t after_id, unsigned n,
	struct user_list *out)
{
	out->list = arena_alloc(arena, n * sizeof(*out->list));
	out->n = 0;
	return db_each(
		db, arena, LIST, PARAMS(U64(after_id), U64(n)), add_user, out);
}

static enum err
add_found(struct row *row, void *arg)
{
	struct user_list *users = arg;
	struct user *user = &users->list[users->n];

	TRY(add_user(row, arg));
	user->last_ms = row_time(row);
	return OK;
}

/* A pattern for LIKE that matches special characters in *part* literally. */
static const char *
pattern(struct arena *arena, struct span part)
{
	struct buf text = BUF_INIT;
	const char *copy;

	buf_putc(&text, '%');
	for (size_t i = 0; i < part.len; i++) {
		if (strchr("%_\\", part.data[i]) != NULL)
			buf_putc(&text, '\\');
		buf_putc(&text, part.data[i]);
	}
	buf_putc(&text, '%');
	copy = arena_str(arena, buf_str(&text), text.len);
	buf_free(&text);
	return copy;
}

enum err
user_search(struct db *db, struct arena *arena, struct span part,
	uint64_t after_id, unsigned n, struct user_list *out)
{
	const char *like = pattern(arena, part);

	out->list = arena_alloc(arena, n * sizeof(*out->list));
	out->n = 0;
	return db_each(db, arena, SEARCH,
		PARAMS(U64(after_id), STR(like), STR(like), U64(n)), add_found,
		out);
}

enum err
user_count_admins(struct db *db, uint64_t but_id, uint64_t *n)
{
	return db_one(
		db, NULL, COUNT_ADMINS, PARAMS(U64(but_id)), row_read_u64, n);
}

enum err
user_set_password(
	struct db *db, uint64_t id, const char *password_hash, int64_t now_ms)
{
	return db_exec(db, SET_PASSWORD,
		PARAMS(STR(password_hash), TIME(now_ms), U64(id)));
}

enum err
user_set_disabled(
	struct db *db, uint64_t id, int64_t disable_ms, int64_t now_ms)
{
	return db_exec(db, SET_DISABLED,
		PARAMS(disable_ms != 0 ? TIME(disable_ms) : NULL_PARAM,
			TIME(now_ms), U64(id)));
}

enum err
user_set_admin(struct db *db, uint64_t id, bool is_admin, int64_t now_ms)
{
	return db_exec(
		db, SET_ROLE, PARAMS(ROLE(is_admin), TIME(now_ms), U64(id)));
}

enum err
user_set_valid_from(
	struct db *db, uint64_t id, int64_t valid_from_ms, int64_t now_ms)
{
	return db_exec(db, SET_VALID_FROM,
		PARAMS(TIME(valid_from_ms), TIME(now_ms), U64(id)));
}

enum err
user_delete(struct db *db, uint64_t id)
{
	return db_exec(db, DELETE, PARAMS(U64(id)));
}
