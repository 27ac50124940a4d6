#include "repo/saved.h"

#include "repo/user.h"

static const char BYTES[] =
	"SELECT CAST((SELECT COALESCE(SUM(LENGTH(v.name) + LENGTH(v.description)"
	" + LENGTH(v.icon) + COALESCE(LENGTH(v.instructions), 0)"
	" + COALESCE(LENGTH(v.tools), 0) + COALESCE(LENGTH(v.starters), 0)), 0)"
	" FROM assistant a JOIN assistant_version v"
	" ON v.assistant_id = a.id AND v.version = a.version"
	" WHERE a.owner_id = ?)"
	" + (SELECT COALESCE(SUM(LENGTH(text) + LENGTH(name)), 0)"
	" FROM prompt WHERE owner_id = ?) AS UNSIGNED)";

enum err
saved_run(struct db *db, enum err (*body)(struct db *, void *), void *arg,
	struct saved_write *write, enum refusal *why)
{
	enum err err;

	write->why = REFUSED_NOT;
	err = db_transaction(db, body, arg);
	arena_reset(&write->arena);
	*why = err == ERR_CONFLICT ? write->why : REFUSED_NOT;
	return err;
}

enum err
saved_lock_owner(struct db *db, struct arena *arena, uint64_t owner_id)
{
	struct user user;
	enum err err = user_lock(db, arena, owner_id, &user);

	return err == ERR_NOT_FOUND ? ERR_DENIED : err;
}

enum err
saved_refuse(enum refusal *why, enum refusal reason)
{
	*why = reason;
	return ERR_CONFLICT;
}

enum err
saved_check_room(struct db *db, uint64_t owner_id, enum refusal *why)
{
	uint64_t bytes = 0;

	TRY(db_one(db, NULL, BYTES, PARAMS(U64(owner_id), U64(owner_id)),
		row_read_u64, &bytes));
	return bytes <= SAVED_BYTES_MAX ? OK : saved_refuse(why, REFUSED_FULL);
}
