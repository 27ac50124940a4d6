/* Removes texts from the index. */

#include "base/buf.h"
#include "repo/search_block.h"
#include "repo/search_index.h"
#include "repo/search_rows.h"
#include "repo/search_vocabulary.h"

static const char DROP_RECENT[] =
	"DELETE FROM search_recent WHERE user_id = ? AND session_id = ?"
	" ORDER BY user_id, session_id, message_id LIMIT 500";

static const char HAS_PLACES[] =
	"SELECT COUNT(*) FROM (SELECT 1 FROM search_place WHERE session_id = ?"
	" LIMIT 1) one";

static const char PLACE[] =
	"SELECT user_id, segment FROM search_place WHERE session_id = ?"
	" LIMIT 1 FOR UPDATE";

static const char DROP_PLACE[] =
	"DELETE FROM search_place WHERE session_id = ? AND segment = ?";

static const char DROP_PLACES[] =
	"DELETE FROM search_place WHERE session_id = ?";

static const char TEXTS[] = "SELECT texts FROM search_segment"
			    " WHERE user_id = ? AND id = ? FOR UPDATE";

static const char SET_TEXTS[] =
	"UPDATE search_segment SET texts = ? WHERE user_id = ? AND id = ?";

static const char DROP_SEGMENT[] =
	"DELETE FROM search_segment WHERE user_id = ? AND id = ?";

static const char BLOCKS[] =
	"SELECT shard, body FROM search_word FORCE INDEX (search_word_segment)"
	" WHERE user_id = ? AND segment = ?";

static const char DROP_BLOCKS[] =
	"DELETE w FROM search_word w FORCE INDEX (search_word_segment)"
	" WHERE user_id = ? AND segment = ?";

static const char DROP_BLOCK[] = "DELETE FROM search_word WHERE user_id = ?"
				 " AND shard = ? AND segment = ?";

static const char *const ERASE[] = {
	"DELETE FROM search_recent WHERE user_id = ?"
	" ORDER BY user_id, session_id, message_id LIMIT ?",
	"DELETE FROM search_word WHERE user_id = ?"
	" ORDER BY user_id, shard, segment LIMIT ?",
	"DELETE FROM search_segment WHERE user_id = ?"
	" ORDER BY user_id, id LIMIT ?",
	"DELETE FROM search_vocabulary WHERE user_id = ?"
	" ORDER BY user_id, segment LIMIT ?",
	"DELETE FROM search_vocabulary_fill WHERE user_id = ?"
	" ORDER BY user_id, segment LIMIT ?",
};

enum err
index_forget_recent(struct db *db, uint64_t user_id, uint64_t session_id)
{
	uint64_t n;

	do
		TRY(db_exec_n(db, DROP_RECENT,
			PARAMS(U64(user_id), U64(session_id)), &n));
	while (n > 0);
	return OK;
}

static void
read_flag(struct row *row, void *out)
{
	*(bool *)out = row_u64(row) > 0;
}

enum err
index_has_places(struct db *db, uint64_t session_id, bool *has)
{
	return db_one(
		db, NULL, HAS_PLACES, PARAMS(U64(session_id)), read_flag, has);
}

enum err
index_drop_places(struct db *db, uint64_t session_id)
{
	return db_exec(db, DROP_PLACES, PARAMS(U64(session_id)));
}

/* ---- removing a session from a segment */

struct place {
	struct arena *arena;
	uint64_t session_id, user_id, segment;
	struct span texts;
	struct text_set gone;
	bool left; /* the segment contains texts of other sessions */
	struct span *emptied; /* shards to delete */
	unsigned n_emptied, cap_emptied;
};

static void
read_place(struct row *row, void *out)
{
	struct place *place = out;

	place->user_id = row_u64(row);
	place->segment = row_u64(row);
}

static void
read_texts(struct row *row, void *out)
{
	*(struct span *)out = row_span(row);
}

/* Finds the session's texts and blanks them in the list. */
static void
mark_gone(struct place *place)
{
	char *texts =
		arena_dup(place->arena, place->texts.data, place->texts.len);
	unsigned n = (unsigned)(place->texts.len / INDEX_PLACE_LEN);

	for (unsigned i = 0; i < n && i < BLOCK_TEXTS; i++) {
		struct index_place at = index_place(place->texts, i);

		if (at.session_id == place->session_id) {
			text_set_add(&place->gone, i);
			memset(texts + (size_t)i * INDEX_PLACE_LEN, 0,
				INDEX_PLACE_LEN);
		} else if (at.session_id != 0) {
			place->left = true;
		}
	}
	place->texts.data = texts;
}

static void
note_emptied(struct place *place, struct span shard)
{
	struct span *list = place->emptied;

	if (place->n_emptied == place->cap_emptied) {
		place->cap_emptied = place->cap_emptied * 2 + 64;
		place->emptied = arena_alloc(
			place->arena, place->cap_emptied * sizeof(*list));
		if (place->n_emptied > 0)
			memcpy(place->emptied, list,
				place->n_emptied * sizeof(*list));
	}
	place->emptied[place->n_emptied++] = shard;
}

/* Collected in a list, because no statement can run while rows arrive. */
struct block {
	struct block *next;
	struct span shard, body;
};

struct blocks {
	struct place *place;
	struct block *first;
	struct vocabulary left; /* words of the other sessions */
};

static enum err
take_block(struct row *row, void *arg)
{
	struct blocks *blocks = arg;
	struct place *place = blocks->place;
	struct span shard = row_span(row), body = row_span(row);
	struct buf left = BUF_INIT;
	struct block *block;

	if (block_without(body, &place->gone, &left)) {
		if (left.len == 0) {
			note_emptied(place, shard);
		} else {
			block = arena_alloc(place->arena, sizeof(*block));
			*block = (struct block){ blocks->first, shard,
				arena_span(place->arena, buf_span(&left)) };
			blocks->first = block;
		}
	}
	vocabulary_add(&blocks->left, shard, buf_span(&left));
	buf_free(&left);
	return OK;
}

static enum err
change_blocks(struct db *db, struct place *place)
{
	struct blocks blocks = { .place = place };
	struct param user = U64(place->user_id), segment = U64(place->segment);
	struct rows rows = rows_of_words(db);
	enum err err = db_each(db, place->arena, BLOCKS, PARAMS(user, segment),
		take_block, &blocks);

	if (err == OK)
		err = vocabulary_put(
			db, place->user_id, place->segment, &blocks.left);
	vocabulary_free(&blocks.left);
	TRY(err);
	for (struct block *b = blocks.first; b != NULL; b = b->next)
		TRY(rows_add(&rows,
			PARAMS(user, SPAN(b->shard), segment, SPAN(b->body))));
	TRY(rows_flush(&rows));
	for (unsigned i = 0; i < place->n_emptied; i++)
		TRY(db_exec(db, DROP_BLOCK,
			PARAMS(user, SPAN(place->emptied[i]), segment)));
	return db_exec(
		db, SET_TEXTS, PARAMS(SPAN(place->texts), user, segment));
}

static enum err
drop_segment(struct db *db, const struct place *place)
{
	struct param user = U64(place->user_id), segment = U64(place->segment);

	TRY(vocabulary_drop(db, place->user_id, place->segment));
	TRY(db_exec(db, DROP_BLOCKS, PARAMS(user, segment)));
	return db_exec(db, DROP_SEGMENT, PARAMS(user, segment));
}

enum err
index_forget_place(struct db *db, struct arena *arena, uint64_t session_id)
{
	struct place place = { .arena = arena, .session_id = session_id };
	enum err err;

	TRY(db_one(
		db, arena, PLACE, PARAMS(U64(session_id)), read_place, &place));
	err = db_one(db, arena, TEXTS,
		PARAMS(U64(place.user_id), U64(place.segment)), read_texts,
		&place.texts);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	if (err == OK) {
		mark_gone(&place);
		TRY(place.left ? change_blocks(db, &place)
			       : drop_segment(db, &place));
	}
	return db_exec(
		db, DROP_PLACE, PARAMS(U64(session_id), U64(place.segment)));
}

/* ---- deleting everything of a user */

enum err
index_erase(struct db *db, uint64_t user_id, unsigned max, uint64_t *n)
{
	*n = 0;
	for (size_t i = 0; i < LENGTH(ERASE) && *n == 0; i++)
		TRY(db_exec_n(db, ERASE[i], PARAMS(U64(user_id), U64(max)), n));
	return OK;
}
