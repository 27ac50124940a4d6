#include "repo/import.h"

/* The name is stored in the column for the client's id, so the unique key for
 * repeated first messages also finds it. The title is given, so no model is
 * asked. */
static const char INSERT[] =
	"INSERT INTO session (id, user_id, title, chat_id, first_client_id,"
	" create_time, update_time, bytes, pinned, archived, branched,"
	" title_tries) VALUES (?, ?, ?, ?, 'import', ?, ?, ?, ?, ?, ?, 0)";

enum err
import_session_insert(struct db *db, const struct import_session *session)
{
	return db_exec(db, INSERT,
		PARAMS(U64(session->id), U64(session->user_id),
			SPAN(session->title), SPAN(session->name),
			TIME(session->create_ms), TIME(session->update_ms),
			U64(session->bytes), U64(session->pinned),
			U64(session->archived), U64(session->branched)));
}
