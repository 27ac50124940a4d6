#include "repo/account.h"

#include <string.h>

#define NAME_MAX_LEN 32
#define WORD                                   \
	"abcdefghijklmnopqrstuvwxyz0123456789" \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ_"

static const char FIND[] =
	"SELECT COUNT(*) FROM mysql.user WHERE user = ? AND host = 'localhost'";

bool
account_name(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len <= NAME_MAX_LEN && strspn(name, WORD) == len;
}

enum err
account_find(struct db *db, const char *user, bool *found)
{
	struct arena arena = ARENA_INIT;
	uint64_t n = 0;
	enum err err =
		db_one(db, &arena, FIND, PARAMS(STR(user)), row_read_u64, &n);

	arena_reset(&arena);
	*found = n > 0;
	return err;
}

/* These statements take no parameters, so names and passwords may contain only
 * characters without special meaning. */
enum err
account_make(struct db *db, struct arena *arena, const char *name,
	const char *user, const char *password)
{
	if (!account_name(name) || !account_name(user) ||
		strspn(password, WORD "-.") != strlen(password))
		return ERR_INVALID;
	TRY(db_script(db,
		span_of(arena_printf(arena,
			"CREATE DATABASE IF NOT EXISTS `%s` CHARACTER SET "
			"utf8mb4",
			name))));
	TRY(db_script(db,
		span_of(arena_printf(arena,
			"CREATE USER IF NOT EXISTS '%s'@'localhost' "
			"IDENTIFIED BY '%s'",
			user, password))));
	return db_script(db,
		span_of(arena_printf(arena,
			"GRANT SELECT, INSERT, UPDATE, DELETE ON `%s`.* TO "
			"'%s'@'localhost'",
			name, user)));
}
