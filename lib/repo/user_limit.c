#include "repo/user_limit.h"

#include "base/buf.h"
#include "conf/own_limits.h"
#include "repo/user.h"

#include <string.h>

static const char FIND[] = "SELECT limits FROM user_limit WHERE user_id = ?";

static const char PUT[] =
	"INSERT INTO user_limit (user_id, limits, update_time)"
	" VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE"
	" limits = VALUES(limits), update_time = VALUES(update_time)";

static const char LIST[] = "SELECT user_id, COALESCE(username, subject), limits"
			   " FROM user_limit JOIN user ON user.id = user_id"
			   " WHERE user_id > ? ORDER BY user_id LIMIT ?";

static const char DELETE[] = "DELETE FROM user_limit WHERE user_id = ?";

static void
read_limits(struct row *row, void *out)
{
	*(const char **)out = row_str(row);
}

enum err
user_limit_find(struct db *db, struct arena *arena, uint64_t user_id,
	const char **limits)
{
	enum err err = db_one(
		db, arena, FIND, PARAMS(U64(user_id)), read_limits, limits);

	if (err != ERR_NOT_FOUND)
		return err;
	*limits = NULL;
	return OK;
}

enum err
user_limit_apply(struct db *db, struct arena *arena, uint64_t user_id,
	struct limits_conf *limits)
{
	const char *own;

	TRY(user_limit_find(db, arena, user_id, &own));
	if (own != NULL)
		own_limits_apply(own, limits);
	return OK;
}

/* ---- changing a limit */

struct change {
	uint64_t user_id;
	const char *key, *value;
	int64_t now_ms;
};

/* Copies all lines but that of *key*; returns true if it was among them. */
static bool
copy_others(struct buf *out, const char *lines, const char *key)
{
	bool found = false;
	size_t len, key_len = strlen(key);

	for (; *lines != '\0'; lines += len + (lines[len] == '\n')) {
		len = strcspn(lines, "\n");
		if (strncmp(lines, key, key_len) == 0 &&
			lines[key_len] == '=') {
			found = true;
			continue;
		}
		buf_append(out, lines, len);
		buf_putc(out, '\n');
	}
	return found;
}

static enum err
put_lines(struct db *db, const struct change *change, const struct buf *lines)
{
	if (lines->len == 0)
		return user_limit_delete(db, change->user_id);
	if (lines->len > OWN_LIMITS_MAX)
		return ERR_TOO_BIG;
	return db_exec(db, PUT,
		PARAMS(U64(change->user_id), SPAN(buf_span(lines)),
			TIME(change->now_ms)));
}

static enum err
change_lines(struct db *db, const struct change *change, const char *lines,
	bool *had)
{
	struct buf text = BUF_INIT;
	enum err err;

	*had = copy_others(&text, lines, change->key);
	if (change->value != NULL)
		buf_printf(&text, "%s=%s\n", change->key, change->value);
	err = put_lines(db, change, &text);
	buf_free(&text);
	return err;
}

/* The user's row is locked, so changes of one user take turns. */
static enum err
change_locked(struct db *db, struct arena *arena, const struct change *change)
{
	const char *lines;
	struct user user;
	bool had;

	TRY(user_lock(db, arena, change->user_id, &user));
	TRY(user_limit_find(db, arena, change->user_id, &lines));
	if (change->value == NULL && lines == NULL)
		return ERR_NOT_FOUND;
	if (change->key == NULL)
		return user_limit_delete(db, change->user_id);
	TRY(change_lines(db, change, lines != NULL ? lines : "", &had));
	return had || change->value != NULL ? OK : ERR_NOT_FOUND;
}

static enum err
run_change(struct db *db, void *arg)
{
	struct arena arena = ARENA_INIT;
	enum err err = change_locked(db, &arena, arg);

	arena_reset(&arena);
	return err;
}

enum err
user_limit_set(struct db *db, uint64_t user_id, const char *key,
	const char *value, int64_t now_ms)
{
	struct change change = { user_id, key, value, now_ms };

	return db_transaction(db, run_change, &change);
}

/* ---- listing */

static enum err
add(struct row *row, void *arg)
{
	struct user_limit_list *found = arg;
	struct user_limit *one = &found->list[found->n++];

	one->user_id = row_u64(row);
	one->name = row_str(row);
	one->limits = row_str(row);
	return OK;
}

enum err
user_limit_list(struct db *db, struct arena *arena, uint64_t after_id,
	unsigned n, struct user_limit_list *out)
{
	out->list = arena_alloc(arena, n * sizeof(*out->list));
	out->n = 0;
	return db_each(
		db, arena, LIST, PARAMS(U64(after_id), U64(n)), add, out);
}

enum err
user_limit_delete(struct db *db, uint64_t user_id)
{
	return db_exec(db, DELETE, PARAMS(U64(user_id)));
}
