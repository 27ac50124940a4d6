#include "repo/export.h"

/* Larger texts are read in pieces, and only if there is room for them: so at
 * most this much is read in vain for a text that does not fit. */
#define INLINE_MAX ((size_t)32 << 10)

static const char READ[] =
	"SELECT m.id, m.role, m.status, m.parent_id, m.active,"
	" LENGTH(m.parts), LENGTH(m.metadata),"
	" IF(LENGTH(m.parts) > ?, NULL, m.parts),"
	" IF(LENGTH(m.metadata) > ?, NULL, m.metadata),"
	" m.create_time, m.update_time, m.rating, m.rating_comment"
	" FROM session s JOIN message m ON m.session_id = s.id"
	" WHERE s.id = ? AND s.user_id = ? AND m.id > ?"
	" AND m.status <> 'streaming' ORDER BY m.id LIMIT ?";

static struct span
text_of(struct row *row, size_t len)
{
	struct span text = row_span(row);

	return len > INLINE_MAX ? (struct span){ NULL, len } : text;
}

static void
read_rest(struct row *row, struct history_message *message, size_t parts_len,
	size_t metadata_len)
{
	message->parts = text_of(row, parts_len);
	message->metadata = text_of(row, metadata_len);
	message->create_ms = row_time(row);
	message->update_ms = row_time(row);
	message->rating = row_str(row);
	message->rating_comment = row_str(row);
}

/* ERR_TOO_BIG stops reading: the limit is reached and there are more
 * messages. */
static enum err
add_message(struct row *row, void *arg)
{
	struct export_run *run = arg;
	unsigned n = run->history.n;
	struct history_message *message = &run->history.list[n];
	size_t parts_len, metadata_len;

	if (n == run->limit)
		return ERR_TOO_BIG;
	message->id = row_u64(row);
	message->from_user = span_is(row_span(row), "user");
	message->status = row_str(row);
	run->places[n].parent_id = row_u64(row);
	run->places[n].shown = row_u64(row) != 0;
	parts_len = (size_t)row_u64(row);
	metadata_len = (size_t)row_u64(row);
	if (n > 0 && run->len + parts_len + metadata_len > run->len_max)
		return ERR_TOO_BIG;
	run->len += parts_len + metadata_len;
	read_rest(row, message, parts_len, metadata_len);
	run->history.n++;
	return OK;
}

enum err
export_read(struct db *db, struct arena *arena, struct export_run *run)
{
	const struct history_message *list;
	size_t n = run->limit;
	enum err err;

	run->history = (struct history){ .list = arena_alloc(
						 arena, n * sizeof(*list)) };
	run->places = arena_alloc(arena, n * sizeof(*run->places));
	run->len = 0;
	err = db_each(db, arena, READ,
		PARAMS(U64(INLINE_MAX), U64(INLINE_MAX), U64(run->session_id),
			U64(run->user_id), U64(run->after), U64(n + 1)),
		add_message, run);
	run->history.newer = err == ERR_TOO_BIG;
	if (err != OK && err != ERR_TOO_BIG)
		return err;
	return history_complete(db, arena, run->session_id, &run->history);
}
