#include "repo/ended.h"

static const char PUT[] =
	"INSERT INTO ended_subject (subject_hash, valid_from)"
	" VALUES (UNHEX(SHA2(?, 256)), ?)"
	" ON DUPLICATE KEY UPDATE valid_from = ?, allowed = FALSE";

static const char FIND[] = "SELECT valid_from, allowed FROM ended_subject"
			   " WHERE subject_hash = UNHEX(SHA2(?, 256))";

static const char ALLOW[] = "UPDATE ended_subject SET allowed = TRUE"
			    " WHERE subject_hash = UNHEX(SHA2(?, 256))";

static void
read_ended(struct row *row, void *out)
{
	struct ended *ended = out;

	ended->valid_from_ms = row_time(row);
	ended->allowed = row_u64(row) != 0;
}

enum err
ended_put(struct db *db, struct span subject, int64_t now_ms)
{
	return db_exec(
		db, PUT, PARAMS(SPAN(subject), TIME(now_ms), TIME(now_ms)));
}

enum err
ended_find(struct db *db, struct arena *arena, struct span subject,
	struct ended *out)
{
	return db_one(db, arena, FIND, PARAMS(SPAN(subject)), read_ended, out);
}

enum err
ended_allow(struct db *db, struct span subject)
{
	uint64_t n = 0;

	TRY(db_exec_n(db, ALLOW, PARAMS(SPAN(subject)), &n));
	return n == 1 ? OK : ERR_NOT_FOUND;
}
