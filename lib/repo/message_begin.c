/* Reads the beginning of a message, which may have 16 MB. */

#include "repo/message.h"

/* From the first text part on, as our page and programs write it, because large
 * files and reasoning may precede it. Otherwise from the start. */
#define TEXT_AT "LOCATE('{\"type\":\"text\"', parts)"
#define BEGINNING                                                            \
	"IF(" TEXT_AT " > 1, CONCAT('[', SUBSTRING(parts, " TEXT_AT ", ?))," \
	" LEFT(parts, ?))"

static const char FIRST_BEGINNING[] =
	"SELECT id, " BEGINNING " FROM message"
	" WHERE session_id = ? AND active ORDER BY id LIMIT 1";

static const char REPLY_BEGINNING[] =
	"SELECT id, " BEGINNING " FROM message"
	" WHERE session_id = ? AND id > ? AND parent_id = ?"
	" AND role = 'assistant' ORDER BY id DESC LIMIT 1";

static void
read_beginning(struct row *row, void *out)
{
	struct message_beginning *beginning = out;

	beginning->id = row_u64(row);
	beginning->parts = row_span(row);
}

enum err
message_begin_first(struct db *db, struct arena *arena, uint64_t session_id,
	struct message_beginning *out)
{
	return db_one(db, arena, FIRST_BEGINNING,
		PARAMS(U64(MESSAGE_BEGINNING), U64(MESSAGE_BEGINNING),
			U64(session_id)),
		read_beginning, out);
}

enum err
message_begin_reply(struct db *db, struct arena *arena, uint64_t session_id,
	uint64_t parent_id, struct message_beginning *out)
{
	return db_one(db, arena, REPLY_BEGINNING,
		PARAMS(U64(MESSAGE_BEGINNING), U64(MESSAGE_BEGINNING),
			U64(session_id), U64(parent_id), U64(parent_id)),
		read_beginning, out);
}
