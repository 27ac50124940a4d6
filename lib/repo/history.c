#include "repo/history.h"

#include <stdlib.h>
#include <string.h>

/* In the order in which add_message() takes them. A text larger than a `?` is
 * not read with its row, which returns its length instead: a connection keeps
 * the memory of the largest row that it has ever received. */
#define COLUMNS                                                        \
	"m.id, m.role, m.status,"                                      \
	" IF(LENGTH(m.parts) > ?, LENGTH(m.parts), m.parts),"          \
	" IF(LENGTH(m.metadata) > ?, LENGTH(m.metadata), m.metadata)," \
	" m.create_time, m.update_time, m.rating, m.rating_comment,"   \
	" s.branched"
#define INLINE_MAX ((size_t)256 << 10)

#define SHOWN                                                   \
	" FROM session s JOIN message m ON m.session_id = s.id" \
	" WHERE s.id = ? AND s.user_id = ?"                     \
	" AND m.active AND m.status <> 'streaming'"

static const char OLDER[] =
	"SELECT " COLUMNS SHOWN " AND m.id < ? ORDER BY m.id DESC LIMIT ?";

static const char NEWER[] =
	"SELECT " COLUMNS SHOWN " AND m.id > ? ORDER BY m.id LIMIT ?";

/* A piece of a large text, unless it has changed since. */
#define SLICE(column)                                                     \
	"SELECT SUBSTRING(CAST(" column " AS BINARY), ?, ?) FROM message" \
	" WHERE session_id = ? AND id = ? AND update_time = ?"            \
	" AND status <> 'streaming' AND LENGTH(" column ") = ?"
#define SLICE_LEN ((size_t)2 << 20)

static const char SLICE_OF_PARTS[] = SLICE("parts");
static const char SLICE_OF_METADATA[] = SLICE("metadata");

/* The pairs (message, sibling) of a section of the shown path. */
static const char SIBLINGS[] =
	"SELECT m.id, s.id FROM message m JOIN message s"
	" ON s.session_id = m.session_id AND s.parent_id <=> m.parent_id"
	" WHERE m.session_id = ? AND m.id BETWEEN ? AND ? AND m.active"
	" ORDER BY m.id, s.id";

/* Messages in one direction from a position. */
struct run {
	struct history_message *list;
	unsigned n, limit;
	size_t len, len_max;
	bool more; /* in that direction */
	bool branched;
};

/* The text, or {NULL, length} if it is too long and must be read separately.
 * The column is a list or an object as JSON, or a number. */
static struct span
text_of(struct row *row)
{
	struct span text = row_span(row);

	if (text.len == 0 || text.data[0] < '0' || text.data[0] > '9')
		return text;
	return (struct span){ NULL, strtoul(text.data, NULL, 10) };
}

/* ERR_TOO_BIG stops reading: the page is full and there are more messages. */
static enum err
add_message(struct row *row, void *arg)
{
	struct run *run = arg;
	struct history_message *message = &run->list[run->n];

	if (run->n == run->limit)
		return ERR_TOO_BIG;
	message->id = row_u64(row);
	message->from_user = span_is(row_span(row), "user");
	message->status = row_str(row);
	message->parts = text_of(row);
	message->metadata = text_of(row);
	run->len += message->parts.len + message->metadata.len;
	if (run->n > 0 && run->len > run->len_max)
		return ERR_TOO_BIG;
	message->create_ms = row_time(row);
	message->update_ms = row_time(row);
	message->rating = row_str(row);
	message->rating_comment = row_str(row);
	run->branched = row_u64(row) != 0;
	run->n++;
	return OK;
}

static enum err
read_run(struct db *db, struct arena *arena, const char *sql,
	const struct history_range *range, uint64_t from, struct run *run)
{
	enum err err;

	run->list = arena_alloc(arena, run->limit * sizeof(*run->list));
	err = db_each(db, arena, sql,
		PARAMS(U64(INLINE_MAX), U64(INLINE_MAX), U64(range->session_id),
			U64(range->user_id), U64(from), U64(run->limit + 1)),
		add_message, run);
	run->more = err == ERR_TOO_BIG;
	return run->more ? OK : err;
}

/* ---- large texts */

struct slice {
	char *to;
	size_t max, len;
};

static void
read_slice(struct row *row, void *out)
{
	struct slice *slice = out;

	slice->len = row_copy(row, slice->to, slice->max);
}

static enum err
read_large(struct db *db, struct arena *arena, const char *sql,
	uint64_t session_id, const struct history_message *message,
	struct span *text)
{
	size_t len = text->len;
	struct slice slice = { .to = arena_room(arena, len + 1) };
	const char *begin = slice.to;
	enum err err = OK;

	for (size_t at = 0; at < len && err == OK; at += slice.len) {
		slice.max = MIN(len - at, SLICE_LEN);
		err = db_one(db, arena, sql,
			PARAMS(U64(at + 1), U64(slice.max), U64(session_id),
				U64(message->id), TIME(message->update_ms),
				U64(len)),
			read_slice, &slice);
		if (err == OK && slice.len != slice.max)
			err = ERR_INTERNAL;
		slice.to += slice.len;
	}
	*slice.to = '\0';
	*text = (struct span){ begin, len };
	return err == ERR_NOT_FOUND ? ERR_BUSY : err; /* the text has changed */
}

static bool
is_large(struct span text)
{
	return text.data == NULL && text.len > 0;
}

static enum err
read_larges(struct db *db, struct arena *arena, uint64_t session_id,
	struct history *history)
{
	for (unsigned i = 0; i < history->n; i++) {
		struct history_message *message = &history->list[i];

		if (is_large(message->parts))
			TRY(read_large(db, arena, SLICE_OF_PARTS, session_id,
				message, &message->parts));
		if (is_large(message->metadata))
			TRY(read_large(db, arena, SLICE_OF_METADATA, session_id,
				message, &message->metadata));
	}
	return OK;
}

enum err
history_complete(struct db *db, struct arena *arena, uint64_t session_id,
	struct history *history)
{
	bool any = false;
	enum err err;

	for (unsigned i = 0; i < history->n; i++)
		any = any || is_large(history->list[i].parts) ||
			is_large(history->list[i].metadata);
	if (!any)
		return OK;
	TRY(db_slow_enter(db));
	err = read_larges(db, arena, session_id, history);
	db_slow_leave(db);
	return err;
}

static void
reverse(struct run *run)
{
	for (unsigned i = 0; i < run->n / 2; i++) {
		struct history_message *a = &run->list[i];
		struct history_message *b = &run->list[run->n - 1 - i];
		struct history_message swap = *a;

		*a = *b;
		*b = swap;
	}
}

enum err
history_before(struct db *db, struct arena *arena,
	const struct history_range *range, struct history *out)
{
	struct run run = { .limit = range->limit,
		.len_max = HISTORY_BYTES_MAX };

	TRY(read_run(db, arena, OLDER, range,
		range->id != 0 ? range->id : UINT64_MAX, &run));
	reverse(&run);
	*out = (struct history){ run.list, run.n, .older = run.more,
		.branched = run.branched };
	return OK;
}

enum err
history_after(struct db *db, struct arena *arena,
	const struct history_range *range, struct history *out)
{
	struct run run = { .limit = range->limit,
		.len_max = HISTORY_BYTES_MAX };

	TRY(read_run(db, arena, NEWER, range, range->id, &run));
	*out = (struct history){ run.list, run.n, .newer = run.more,
		.branched = run.branched };
	return OK;
}

/* Read the newer half first: near the end, the older half fills the page. */
enum err
history_around(struct db *db, struct arena *arena,
	const struct history_range *range, struct history *out)
{
	struct run newer = { .limit = (range->limit - 1) / 2,
		.len_max = HISTORY_BYTES_MAX / 2 };
	struct run older = { .len_max = HISTORY_BYTES_MAX / 2 };
	struct history_message *list =
		arena_alloc(arena, range->limit * sizeof(*list));

	TRY(read_run(db, arena, NEWER, range, range->id, &newer));
	older.limit = range->limit - newer.n;
	TRY(read_run(db, arena, OLDER, range, range->id + 1, &older));
	if (older.n == 0 || older.list[0].id != range->id)
		return ERR_NOT_FOUND;
	reverse(&older);
	memcpy(list, older.list, older.n * sizeof(*list));
	if (newer.n > 0)
		memcpy(list + older.n, newer.list, newer.n * sizeof(*list));
	*out = (struct history){ list, older.n + newer.n, older.more,
		newer.more, older.branched };
	return OK;
}

/* ---- siblings */

/* The siblings read so far for the message list[at]. */
struct family {
	struct arena *arena;
	struct history *history;
	unsigned at;
	uint64_t *ids;
	unsigned n, cap;
};

/* Assigns the siblings to the message, unless it is the only child. */
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

/* Rows arrive in the order of the page; skips a message that is not on it (a
 * running reply). */
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
