#include "repo/rating.h"

static const char SET[] =
	"UPDATE message m JOIN session s ON s.id = m.session_id"
	" SET m.rating = ?, m.rating_comment = ?"
	" WHERE m.session_id = ? AND m.id = ? AND s.user_id = ?"
	" AND m.role = 'assistant' AND m.status <> 'streaming'";

enum err
rating_set(struct db *db, const struct rating *rating)
{
	uint64_t n;

	TRY(db_exec_n(db, SET,
		PARAMS(STR(rating->word), STR(rating->comment),
			U64(rating->session_id), U64(rating->message_id),
			U64(rating->user_id)),
		&n));
	return n == 0 ? ERR_NOT_FOUND : OK;
}
