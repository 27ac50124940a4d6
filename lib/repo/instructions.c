#include "repo/instructions.h"

static const char OF_USER[] = "SELECT instructions FROM user WHERE id = ?";

static const char OF_SESSION[] = "SELECT instructions FROM session"
				 " WHERE id = ? AND user_id = ?";

static const char SET_USER[] = "UPDATE user SET instructions = ? WHERE id = ?";

static const char SET_SESSION[] = "UPDATE session SET instructions = ?"
				  " WHERE id = ? AND user_id = ?";

static const char FIND[] =
	"SELECT u.instructions, s.instructions, s.title_tries > 0, s.options,"
	" v.instructions, v.tools, u.username, u.subject"
	" FROM session s JOIN user u ON u.id = s.user_id"
	" LEFT JOIN assistant_version v ON v.assistant_id = s.assistant_id"
	" AND v.version = s.assistant_version WHERE s.id = ?";

static void
read_text(struct row *row, void *out)
{
	*(struct span *)out = row_span(row);
}

enum err
instructions_of_user(
	struct db *db, struct arena *arena, uint64_t user_id, struct span *out)
{
	return db_one(db, arena, OF_USER, PARAMS(U64(user_id)), read_text, out);
}

enum err
instructions_of_session(struct db *db, struct arena *arena, uint64_t user_id,
	uint64_t session_id, struct span *out)
{
	return db_one(db, arena, OF_SESSION,
		PARAMS(U64(session_id), U64(user_id)), read_text, out);
}

static struct param
text_or_null(struct span text)
{
	return text.len > 0 ? SPAN(text) : NULL_PARAM;
}

enum err
instructions_set_user(struct db *db, uint64_t user_id, struct span text)
{
	uint64_t n;

	TRY(db_exec_n(
		db, SET_USER, PARAMS(text_or_null(text), U64(user_id)), &n));
	return n > 0 ? OK : ERR_NOT_FOUND;
}

enum err
instructions_set_session(
	struct db *db, uint64_t user_id, uint64_t session_id, struct span text)
{
	uint64_t n;

	TRY(db_exec_n(db, SET_SESSION,
		PARAMS(text_or_null(text), U64(session_id), U64(user_id)), &n));
	return n > 0 ? OK : ERR_NOT_FOUND;
}

static void
read_all(struct row *row, void *out)
{
	struct instructions *all = out;
	const char *subject;

	all->user = row_span(row);
	all->session = row_span(row);
	all->untitled = row_u64(row) != 0;
	all->options = row_span(row);
	all->assistant = row_span(row);
	all->tools = row_span(row);
	all->user_name = row_str(row);
	subject = row_str(row);
	if (all->user_name == NULL)
		all->user_name = subject != NULL ? subject : "";
}

enum err
instructions_find(struct db *db, struct arena *arena, uint64_t session_id,
	struct instructions *out)
{
	return db_one(db, arena, FIND, PARAMS(U64(session_id)), read_all, out);
}
