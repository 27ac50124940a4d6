/* The notes of texts to be written into the index. */

#include "repo/search.h"

#include "base/clock.h"
#include "db/bulk.h"
#include "repo/search_rows.h"
#include "json/plain.h"

#define CAST_NOTED "CAST(? AS UNSIGNED) AS noted"

/* How many messages are noted at a time. */
#define FILL_MAX 256

static const char NOTE[] =
	"INSERT IGNORE INTO search_pending (session_id, message_id, noted)"
	" VALUES (?, ?, ?)";

static const char NOTES[] =
	"INSERT IGNORE INTO search_pending (session_id, message_id) VALUES";

static const char ANY[] = "SELECT 1 FROM search_pending LIMIT 1";

static const char NEXT[] =
	"SELECT session_id, message_id, noted FROM search_pending"
	" ORDER BY session_id, message_id, noted"
	" LIMIT ? FOR UPDATE SKIP LOCKED";

static const char READ[] =
	"SELECT s.user_id, s.title, m.parts FROM session s LEFT JOIN message m"
	" ON m.session_id = s.id AND m.id = ? WHERE s.id = ?";

static const char DONE[] = "DELETE p FROM (" THESE(CAST_SESSION
	", " CAST_MESSAGE
	", " CAST_NOTED) ") these"
			 " STRAIGHT_JOIN search_pending p FORCE INDEX (PRIMARY)"
			 " ON p.session_id = these.session_id"
			 " AND p.message_id = these.message_id"
			 " AND p.noted = these.noted";

static const char FILL[] = "SELECT session_id, message_id, done, total"
			   " FROM search_fill LIMIT 1 FOR UPDATE SKIP LOCKED";

static const char FILL_SAME[] =
	"SELECT session_id, id FROM message WHERE session_id = ? AND id < ?"
	" ORDER BY id DESC LIMIT ?";

static const char FILL_OLDER[] =
	"SELECT session_id, id FROM message WHERE session_id < ?"
	" ORDER BY session_id DESC, id DESC LIMIT ?";

static const char FILLED[] =
	"UPDATE search_fill SET session_id = ?, message_id = ?,"
	" done = done + ?";

static const char FILL_END[] = "DELETE FROM search_fill";

struct span
search_body(struct arena *arena, struct span parts)
{
	struct span body = plain_text(arena, parts, "text", "text", SIZE_MAX);

	if (body.len <= SEARCH_BODY_MAX)
		return body;
	body.len = SEARCH_BODY_MAX;
	while (body.len > 0 && (body.data[body.len] & 0xc0) == 0x80)
		body.len--;
	return body;
}

/* ---- notes */

enum err
search_note(struct db *db, uint64_t session_id, uint64_t message_id)
{
	return db_later(db, NOTE,
		PARAMS(U64(session_id), U64(message_id),
			U64((uint64_t)clock_wall_ms())));
}

struct notes {
	struct search_note *list;
	unsigned n;
};

static enum err
add_text(struct row *row, void *arg)
{
	struct notes *notes = arg;
	struct search_note *note = &notes->list[notes->n++];

	note->session_id = row_u64(row);
	note->message_id = row_u64(row);
	note->noted = 0;
	return OK;
}

static enum err
add_note(struct row *row, void *arg)
{
	struct notes *notes = arg;
	struct search_note *note = &notes->list[notes->n];

	TRY(add_text(row, arg));
	note->noted = row_u64(row);
	return OK;
}

enum err
search_has_next(struct db *db)
{
	uint64_t one;

	return db_one(db, NULL, ANY, NO_PARAMS, row_read_u64, &one);
}

enum err
search_next(struct db *db, struct search_note *list, unsigned max, unsigned *n)
{
	struct notes notes = { list, 0 };
	enum err err =
		db_each(db, NULL, NEXT, PARAMS(U64(max)), add_note, &notes);

	*n = notes.n;
	return err;
}

struct reading {
	const struct search_note *note;
	struct search_source *source;
};

static void
read_source(struct row *row, void *out)
{
	struct reading *reading = out;
	struct search_source *source = reading->source;

	source->user_id = row_u64(row);
	if (reading->note->message_id == SEARCH_TITLE)
		source->title = row_span(row);
	else
		(void)row_span(row);
	source->parts = row_span(row);
}

enum err
search_read(struct db *db, struct arena *arena, const struct search_note *note,
	struct search_source *out)
{
	struct reading reading = { note, out };
	enum err err;

	*out = (struct search_source){ 0 };
	err = db_one(db, arena, READ,
		PARAMS(U64(note->message_id), U64(note->session_id)),
		read_source, &reading);
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err
search_done(struct db *db, const struct search_note *list, unsigned n)
{
	struct rows rows = { .db = db, .sql = DONE, .columns = 3 };

	for (unsigned i = 0; i < n; i++)
		TRY(rows_add(&rows,
			PARAMS(U64(list[i].session_id), U64(list[i].message_id),
				U64(list[i].noted))));
	return rows_flush(&rows);
}

/* ---- texts older than the index */

struct filling {
	struct search_note from, list[FILL_MAX];
	struct search_fill fill;
};

static void
read_fill(struct row *row, void *out)
{
	struct filling *filling = out;

	filling->from.session_id = row_u64(row);
	filling->from.message_id = row_u64(row);
	filling->fill.done = row_u64(row);
	filling->fill.total = row_u64(row);
}

/* Notes each session's title together with its first message. */
static enum err
note_all(struct db *db, const struct notes *notes, uint64_t session_id)
{
	struct bulk bulk = { 0 };
	enum err err;

	bulk_begin(&bulk, NOTES);
	for (unsigned i = 0; i < notes->n; i++) {
		const struct search_note *note = &notes->list[i];

		if (i == 0 || note->session_id != session_id)
			bulk_row(&bulk,
				PARAMS(U64(note->session_id),
					U64(SEARCH_TITLE)));
		session_id = note->session_id;
		bulk_row(&bulk, PARAMS(U64(session_id), U64(note->message_id)));
	}
	err = bulk_exec(&bulk, db);
	bulk_free(&bulk);
	return err;
}

static enum err
fill_some(struct db *db, void *arg)
{
	struct filling *filling = arg;
	struct notes notes = { filling->list, 0 };
	const struct search_note *last;

	TRY(db_one(db, NULL, FILL, NO_PARAMS, read_fill, filling));
	TRY(db_each(db, NULL, FILL_SAME,
		PARAMS(U64(filling->from.session_id),
			U64(filling->from.message_id), U64(FILL_MAX)),
		add_text, &notes));
	if (notes.n < FILL_MAX)
		TRY(db_each(db, NULL, FILL_OLDER,
			PARAMS(U64(filling->from.session_id),
				U64(FILL_MAX - notes.n)),
			add_text, &notes));
	filling->fill.done += notes.n;
	filling->fill.noted = notes.n;
	if (notes.n == 0)
		return db_exec(db, FILL_END, NO_PARAMS);
	TRY(note_all(db, &notes, 0));
	last = &notes.list[notes.n - 1];
	return db_exec(db, FILLED,
		PARAMS(U64(last->session_id), U64(last->message_id),
			U64(notes.n)));
}

enum err
search_fill(struct db *db, struct search_fill *out)
{
	struct filling filling = { .fill.done = 0 };
	enum err err = db_transaction(db, fill_some, &filling);

	*out = filling.fill;
	return err;
}
