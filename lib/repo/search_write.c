#include "repo/search_write.h"

#include "repo/search_index.h"
#include "repo/search_rows.h"

/* The notes of each of these texts; a repeated text counts once. */
static const char COUNT_NOTES[] =
	"SELECT p.session_id, p.message_id, COUNT(DISTINCT p.noted) FROM (" THESE(
		CAST_SESSION
		", " CAST_MESSAGE) ") these"
				   " STRAIGHT_JOIN search_pending p FORCE INDEX (PRIMARY)"
				   " ON p.session_id = these.session_id"
				   " AND p.message_id = these.message_id"
				   " GROUP BY p.session_id, p.message_id";

static const char LOCK_NOTES[] =
	"SELECT 1 FROM search_pending WHERE session_id = ? AND message_id = ?"
	" FOR UPDATE SKIP LOCKED";

static const char COUNT_ONE[] = "SELECT COUNT(*) FROM search_pending"
				" WHERE session_id = ? AND message_id = ?";

struct writing {
	struct search_written *done;
	/* The texts that still exist. */
	struct index_text texts[SEARCH_WRITE_MAX];
	unsigned max;
	size_t bytes; /* bytes read so far */
	struct arena arena; /* owns the texts */
};

static enum err
read_text(struct db *db, struct writing *w, const struct search_note *note)
{
	struct search_written *done = w->done;
	/* Reset per message, which may be large. */
	struct arena arena = ARENA_INIT;
	struct search_source source;
	struct span body;
	enum err err = search_read(db, &arena, note, &source);

	if (err == OK) {
		body = source.parts.data != NULL
			? search_body(&w->arena, source.parts)
			: arena_span(&w->arena, source.title);
		w->bytes += source.parts.len + source.title.len;
		if (body.data != NULL) {
			done->user_ids[done->n_users] = source.user_id;
			w->texts[done->n_users++] =
				(struct index_text){ source.user_id,
					note->session_id, note->message_id,
					body };
		}
	}
	arena_reset(&arena);
	return err;
}

static bool
is_same(const struct search_note *a, const struct search_note *b)
{
	return a->session_id == b->session_id && a->message_id == b->message_id;
}

/* Whether an earlier note is about the same text; such notes are adjacent. */
static bool
is_again(const struct search_note *list, unsigned i)
{
	return i > 0 && is_same(&list[i], &list[i - 1]);
}

/* ---- texts in use by another process
 *
 * Two processes may hold notes of the same text: an older note, and one about a
 * later change. If the process that read the text first wrote last, the change
 * could not be found. So only a process that holds all notes of a text may
 * index it. Each process checks this after locking its own notes, so of two
 * processes at least the later one sees the other's note. */

struct counting {
	const struct search_note *list;
	unsigned n;
	bool more[SEARCH_WRITE_MAX]; /* whether others hold further notes */
};

static enum err
take_count(struct row *row, void *arg)
{
	struct counting *counting = arg;
	struct search_note text = { 0 };
	uint64_t all, ours = 0;

	text.session_id = row_u64(row);
	text.message_id = row_u64(row);
	all = row_u64(row);
	for (unsigned i = 0; i < counting->n; i++)
		ours += is_same(&counting->list[i], &text);
	for (unsigned i = 0; i < counting->n; i++)
		if (is_same(&counting->list[i], &text))
			counting->more[i] = all > ours;
	return OK;
}

static enum err
count_notes(struct db *db, struct counting *counting)
{
	struct param keys[2 * ROWS_AT_ONCE];

	for (unsigned i = 0; i < counting->n; i += ROWS_AT_ONCE) {
		/* Unused places repeat the last note. */
		for (unsigned k = 0; k < ROWS_AT_ONCE; k++) {
			const struct search_note *note =
				&counting->list[MIN(i + k, counting->n - 1)];

			keys[(size_t)2 * k] = U64(note->session_id);
			keys[(size_t)2 * k + 1] = U64(note->message_id);
		}
		TRY(db_each(db, NULL, COUNT_NOTES,
			(struct params){ keys, 2 * ROWS_AT_ONCE }, take_count,
			counting));
	}
	return OK;
}

static enum err
count_row(struct row *row, void *arg)
{
	(void)row;
	++*(uint64_t *)arg;
	return OK;
}

/* There are more notes than requested: are they free, or locked by another
 * process? */
static enum err
is_elsewhere(struct db *db, const struct search_note *note, bool *elsewhere)
{
	struct params key =
		PARAMS(U64(note->session_id), U64(note->message_id));
	uint64_t ours = 0, all = 0;

	TRY(db_each(db, NULL, LOCK_NOTES, key, count_row, &ours));
	TRY(db_one(db, NULL, COUNT_ONE, key, row_read_u64, &all));
	*elsewhere = all > ours;
	return OK;
}

/* Removes the notes of such texts from the list. */
static enum err
leave_others(struct db *db, struct search_note *list, unsigned *n)
{
	struct counting counting = { .list = list, .n = *n };
	bool elsewhere = false;
	unsigned kept = 0;

	TRY(count_notes(db, &counting));
	for (unsigned i = 0; i < counting.n; i++) {
		if (!is_again(list, i))
			elsewhere = false;
		if (!is_again(list, i) && counting.more[i])
			TRY(is_elsewhere(db, &list[i], &elsewhere));
		counting.more[i] = elsewhere;
	}
	for (unsigned i = 0; i < counting.n; i++)
		if (!counting.more[i])
			list[kept++] = list[i];
	*n = kept;
	return OK;
}

/* Leaves notes beyond SEARCH_WRITE_BYTES to the next transaction. */
static enum err
write_words(struct db *db, void *arg)
{
	struct writing *w = arg;
	struct search_written *done = w->done;
	unsigned n = 0, found;

	done->n_users = 0;
	w->bytes = 0;
	arena_reset(&w->arena);
	TRY(search_next(db, done->notes, w->max, &found));
	if (found > 0)
		TRY(leave_others(db, done->notes, &found));
	done->n = found;
	if (found == 0)
		return ERR_NOT_FOUND;
	for (; n < found && w->bytes < SEARCH_WRITE_BYTES; n++)
		if (!is_again(done->notes, n))
			TRY(read_text(db, w, &done->notes[n]));
	done->n = n;
	TRY(index_put(db, w->texts, done->n_users));
	return search_done(db, done->notes, n);
}

enum err
search_write(struct db *db, unsigned max, struct search_written *out)
{
	struct writing w = { .done = out,
		.max = MIN(max, SEARCH_WRITE_MAX),
		.arena = ARENA_INIT };
	enum err err;

	out->n = out->n_users = 0;
	TRY(search_has_next(db));
	err = db_transaction(db, write_words, &w);
	arena_reset(&w.arena);
	return err;
}
