#include "repo/saved.h"

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
saved_check_room(struct db *db, uint64_t owner_id, enum refusal *why)
{
	uint64_t bytes = 0;

	TRY(db_one(db, NULL, BYTES, PARAMS(U64(owner_id), U64(owner_id)),
		row_read_u64, &bytes));
	if (bytes <= SAVED_BYTES_MAX)
		return OK;
	*why = REFUSED_FULL;
	return ERR_CONFLICT;
}
