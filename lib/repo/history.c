#include "repo/history.h"

#include <string.h>

/* In the order read_message() takes them. */
#define COLUMNS "m.id, m.role, m.status, m.parts, m.metadata, m.create_time"

static const char PAGE[] = "SELECT " COLUMNS " FROM session s JOIN message m"
			   " ON m.session_id = s.id"
			   " WHERE s.id = ? AND s.user_id = ? AND m.id < ?"
			   " AND m.active AND m.status <> 'streaming'"
			   " ORDER BY m.id DESC LIMIT ?";

/* The pairs (message, sibling) of a stretch of the shown path. */
static const char SIBLINGS[] =
	"SELECT m.id, s.id FROM message m JOIN message s"
	" ON s.session_id = m.session_id AND s.parent_id <=> m.parent_id"
	" WHERE m.session_id = ? AND m.id BETWEEN ? AND ? AND m.active"
	" ORDER BY m.id, s.id";

/* Filled from the newest message backwards. */
struct page {
	struct history *history;
	unsigned limit;
	size_t len;
};

static void
read_message(struct row *row, struct history_message *message)
{
	message->id = row_u64(row);
	message->from_user = strcmp(row_str(row), "user") == 0;
	message->status = row_str(row);
	message->parts = row_span(row);
	message->metadata = row_span(row);
	message->create_ms = row_time(row);
}

/* ERR_TOO_BIG ends the reading: the page is full and there is more. */
static enum err
add_message(struct row *row, void *arg)
{
	struct page *page = arg;
	struct history *history = page->history;
	struct history_message *message = &history->list[history->n];

	if (history->n == page->limit || page->len > HISTORY_BYTES_MAX)
		return ERR_TOO_BIG;
	read_message(row, message);
	page->len += message->parts.len + message->metadata.len;
	history->n++;
	return OK;
}

static void
reverse(struct history *history)
{
	for (unsigned i = 0; i < history->n / 2; i++) {
		struct history_message *a = &history->list[i];
		struct history_message *b = &history->list[history->n - 1 - i];
		struct history_message swap = *a;

		*a = *b;
		*b = swap;
	}
}

enum err
history_page(struct db *db, struct arena *arena, uint64_t user_id,
	const struct message_range *range, struct history *out)
{
	uint64_t before = range->before != 0 ? range->before : UINT64_MAX;
	struct page page = { out, range->limit, 0 };
	size_t size = range->limit * sizeof(*out->list);
	enum err err;

	*out = (struct history){ .list = arena_alloc(arena, size) };
	err = db_each(db, arena, PAGE,
		PARAMS(U64(range->session_id), U64(user_id), U64(before),
			U64(range->limit + 1)),
		add_message, &page);
	out->more = err == ERR_TOO_BIG;
	reverse(out);
	return out->more ? OK : err;
}

/* ---- siblings */

/* What was read of the message at list[at]. */
struct family {
	struct arena *arena;
	struct history *history;
	unsigned at;
	uint64_t *ids;
	unsigned n, cap;
};

/* Gives the message what was read. An only child has no siblings. */
static void
end_family(struct family *family)
{
	struct history_message *message = &family->history->list[family->at];

	if (family->n < 2)
		return;
	message->siblings = arena_dup(
		family->arena, family->ids, family->n * sizeof(*family->ids));
	message->n_siblings = family->n;
}

static void
add_sibling(struct family *family, uint64_t id)
{
	uint64_t *ids = family->ids;

	if (family->n == family->cap) {
		family->cap = family->cap * 2 + 8;
		family->ids =
			arena_alloc(family->arena, family->cap * sizeof(*ids));
		if (family->n > 0)
			memcpy(family->ids, ids, family->n * sizeof(*ids));
	}
	family->ids[family->n++] = id;
}

/* Rows come in the order of the page; a message that is not in it (a running
 * reply) is passed over. */
static enum err
take_pair(struct row *row, void *arg)
{
	struct family *family = arg;
	const struct history *history = family->history;
	uint64_t id = row_u64(row), sibling = row_u64(row);

	while (family->at < history->n && history->list[family->at].id < id) {
		end_family(family);
		family->at++;
		family->n = 0;
	}
	if (family->at < history->n && history->list[family->at].id == id)
		add_sibling(family, sibling);
	return OK;
}

enum err
history_siblings(struct db *db, struct arena *arena, uint64_t session_id,
	struct history *history)
{
	struct family family = { .arena = arena, .history = history };

	if (history->n == 0)
		return OK;
	TRY(db_each(db, arena, SIBLINGS,
		PARAMS(U64(session_id), U64(history->list[0].id),
			U64(history->list[history->n - 1].id)),
		take_pair, &family));
	if (family.at < history->n)
		end_family(&family);
	return OK;
}
