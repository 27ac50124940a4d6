/* Reads the shown path for the model. */

#include "repo/history.h"

#include <string.h>

static const char PAGE[] =
	"SELECT id, role, role <> 'user' AND client_id IS NOT NULL,"
	" LENGTH(parts), IF(LENGTH(parts) > ?, NULL, parts), metadata"
	" FROM message WHERE session_id = ? AND id < ? AND active"
	" ORDER BY id DESC LIMIT ?";

static const char PARTS[] =
	"SELECT parts FROM message WHERE session_id = ? AND id = ?";

static const char COUNT[] =
	"SELECT COUNT(*) FROM (SELECT id FROM message WHERE session_id = ?"
	" AND id < ? AND active ORDER BY id DESC LIMIT ?) older";

static enum err
add_entry(struct row *row, void *arg)
{
	struct history_page *page = arg;
	struct history_entry *entry = &page->list[page->n++];

	entry->id = row_u64(row);
	entry->from_user = strcmp(row_str(row), "user") == 0;
	entry->posted = row_u64(row) != 0;
	entry->len = (size_t)row_u64(row);
	entry->parts = row_span(row);
	entry->metadata = row_span(row);
	return OK;
}

enum err
history_page(struct db *db, struct arena *arena, struct history_page *page)
{
	page->list = arena_alloc(arena, page->limit * sizeof(*page->list));
	page->n = 0;
	return db_each(db, arena, PAGE,
		PARAMS(U64(page->len_max), U64(page->session_id),
			U64(page->before), U64(page->limit)),
		add_entry, page);
}

static void
read_parts(struct row *row, void *out)
{
	*(struct span *)out = row_span(row);
}

enum err
history_parts(struct db *db, struct arena *arena, uint64_t session_id,
	uint64_t id, struct span *out)
{
	return db_one(db, arena, PARTS, PARAMS(U64(session_id), U64(id)),
		read_parts, out);
}

static void
read_count(struct row *row, void *out)
{
	*(unsigned *)out = (unsigned)row_u64(row);
}

enum err
history_count(struct db *db, uint64_t session_id, uint64_t before, unsigned max,
	unsigned *out)
{
	struct arena arena = ARENA_INIT;
	enum err err = db_one(db, &arena, COUNT,
		PARAMS(U64(session_id), U64(before), U64(max)), read_count,
		out);

	arena_reset(&arena);
	return err;
}
