#include "repo/search_index.h"

#include "base/buf.h"
#include "base/mem.h"
#include "repo/search.h"
#include "repo/search_block.h"
#include "repo/search_rows.h"
#include "repo/search_vocabulary.h"
#include "json/words.h"

#include <stdlib.h>

/* Fewer texts are left for later: another process has taken the rest. */
#define MERGE_MIN 32
#define ID_TRIES 16

#define PUT(rows)                                                    \
	"INSERT INTO search_recent"                                  \
	" (user_id, session_id, message_id, len, words) VALUES" rows \
	" ON DUPLICATE KEY UPDATE len = VALUES(len), words = VALUES(words)"

static const char PUT_TEXTS[] = PUT(TIMES_12("(?,?,?,?,?)", ","));
static const char PUT_TEXT[] = PUT("(?,?,?,?,?)");

static const char DROP[] = "DELETE FROM search_recent WHERE user_id = ?"
			   " AND session_id = ? AND message_id = ?";

/* Reads only the index. */
static const char MEASURE[] =
	"SELECT COUNT(*), CAST(COALESCE(SUM(len), 0) AS UNSIGNED)"
	" FROM search_recent FORCE INDEX (search_recent_len)"
	" WHERE user_id = ?";

static const char TAKE[] =
	"SELECT session_id, message_id, words FROM search_recent"
	" WHERE user_id = ? ORDER BY session_id, message_id LIMIT ?"
	" FOR UPDATE SKIP LOCKED";

static const char INSERT_SEGMENT[] =
	"INSERT INTO search_segment (user_id, id, texts) VALUES (?, ?, ?)";

static const char PUT_PLACES[] =
	"INSERT IGNORE INTO search_place (session_id, segment, user_id) VALUES" TIMES_12(
		"(?,?,?)", ",");

static const char DROP_TAKEN[] = "DELETE r FROM (" THESE(CAST_USER
	", " CAST_SESSION
	", " CAST_MESSAGE) ") these STRAIGHT_JOIN search_recent r FORCE INDEX (PRIMARY)"
			   " ON r.user_id = these.user_id AND r.session_id = these.session_id"
			   " AND r.message_id = these.message_id";

/* ---- writing */

struct collector {
	struct buf words;
	uint64_t *seen; /* hashes of the words so far; 0: free */
	size_t n, cap;
};

static uint64_t
hash_of(struct span word)
{
	return span_hash(word) | 1;
}

/* Returns false if the hash is there already. */
static bool
remember(struct collector *c, uint64_t hash)
{
	size_t at = (hash >> 1) % c->cap;

	for (; c->seen[at] != 0; at = (at + 1) % c->cap)
		if (c->seen[at] == hash)
			return false;
	c->seen[at] = hash;
	c->n++;
	return true;
}

static void
grow(struct collector *c)
{
	struct collector larger = { .cap = c->cap * 2 + 256 };

	larger.seen = mem_zalloc(larger.cap * sizeof(*larger.seen));
	for (size_t i = 0; i < c->cap; i++)
		if (c->seen[i] != 0)
			remember(&larger, c->seen[i]);
	free(c->seen);
	c->seen = larger.seen;
	c->cap = larger.cap;
}

/* Stores a repeated word only once. */
static void
collect(struct span word, void *arg)
{
	struct collector *c = arg;

	if (c->n * 2 >= c->cap)
		grow(c);
	if (!remember(c, hash_of(word)))
		return;
	buf_put_span(&c->words, word);
	buf_putc(&c->words, ' ');
}

/* The words of a text, each followed by a blank; in *arena*. */
static struct span
words_of(struct arena *arena, struct span body)
{
	struct collector c = { .n = 0 };
	struct span words;

	words_each(body, false, collect, &c);
	words = arena_span(arena, buf_span(&c.words));
	buf_free(&c.words);
	free(c.seen);
	return words;
}

static enum err
put_one(struct rows *rows, struct arena *arena, const struct index_text *text)
{
	struct param user = U64(text->user_id), session = U64(text->session_id),
		     message = U64(text->message_id);
	struct span words = words_of(arena, text->body);

	if (words.len == 0)
		return db_exec(rows->db, DROP, PARAMS(user, session, message));
	return rows_add(rows,
		PARAMS(user, session, message, U64(words.len), SPAN(words)));
}

enum err
index_put(struct db *db, const struct index_text *texts, unsigned n)
{
	struct rows rows = {
		.db = db, .sql = PUT_TEXTS, .one = PUT_TEXT, .columns = 5
	};
	struct arena arena = ARENA_INIT;
	enum err err = OK;

	for (unsigned i = 0; i < n && err == OK; i++)
		err = put_one(&rows, &arena, &texts[i]);
	if (err == OK)
		err = rows_flush(&rows);
	arena_reset(&arena);
	return err;
}

/* ---- merging */

struct merge {
	struct arena *arena;
	uint64_t user_id, id;
	struct index_place places[BLOCK_TEXTS];
	struct span words[BLOCK_TEXTS];
	unsigned n;
	uint64_t bytes;
	struct rows rows;
	struct vocabulary vocabulary;
};

static void
read_measure(struct row *row, void *out)
{
	uint64_t n = row_u64(row), bytes = row_u64(row);

	*(bool *)out = n >= INDEX_RECENT_MAX || bytes >= INDEX_RECENT_BYTES;
}

enum err
index_is_due(struct db *db, uint64_t user_id, bool *due)
{
	return db_one(
		db, NULL, MEASURE, PARAMS(U64(user_id)), read_measure, due);
}

/* ERR_TOO_BIG: there are enough texts for a segment. */
static enum err
take_text(struct row *row, void *arg)
{
	struct merge *merge = arg;
	struct index_place *place = &merge->places[merge->n];

	if (merge->bytes >= INDEX_RECENT_BYTES)
		return ERR_TOO_BIG;
	place->session_id = row_u64(row);
	place->message_id = row_u64(row);
	merge->words[merge->n] = row_span(row);
	merge->bytes += merge->words[merge->n].len;
	merge->id = MAX(merge->id, index_age(place));
	merge->n++;
	return OK;
}

/* ---- texts and their places */

static void
put_number(unsigned char *at, uint64_t number)
{
	for (int i = 7; i >= 0; i--, number >>= 8)
		at[i] = (unsigned char)number;
}

static uint64_t
get_number(const unsigned char *at)
{
	uint64_t number = 0;

	for (int i = 0; i < 8; i++)
		number = number << 8 | at[i];
	return number;
}

struct index_place
index_place(struct span texts, unsigned text)
{
	const unsigned char *at = (const unsigned char *)texts.data +
		(size_t)text * INDEX_PLACE_LEN;

	return (struct index_place){ get_number(at), get_number(at + 8) };
}

uint64_t
index_age(const struct index_place *place)
{
	return place->message_id != SEARCH_TITLE ? place->message_id
						 : place->session_id;
}

/* Two segments may have the same newest text, if it was rewritten, so their ids
 * may collide. */
static enum err
insert_segment(struct db *db, struct merge *merge)
{
	unsigned char texts[BLOCK_TEXTS * INDEX_PLACE_LEN];
	enum err err = ERR_CONFLICT;

	for (unsigned i = 0; i < merge->n; i++) {
		unsigned char *at = texts + (size_t)i * INDEX_PLACE_LEN;

		put_number(at, merge->places[i].session_id);
		put_number(at + 8, merge->places[i].message_id);
	}
	merge->id--;
	for (int i = 0; i < ID_TRIES && err == ERR_CONFLICT; i++) {
		merge->id++;
		err = db_exec(db, INSERT_SEGMENT,
			PARAMS(U64(merge->user_id), U64(merge->id),
				SPAN(((struct span){ (const char *)texts,
					(size_t)merge->n *
						INDEX_PLACE_LEN }))));
	}
	return err;
}

static enum err
put_block(struct span shard, struct span body, void *arg)
{
	struct merge *merge = arg;

	vocabulary_add(&merge->vocabulary, shard, body);
	return rows_add(&merge->rows,
		PARAMS(U64(merge->user_id), SPAN(shard), U64(merge->id),
			SPAN(arena_span(merge->arena, body))));
}

static enum err
put_blocks(struct db *db, struct merge *merge)
{
	struct block_words words = { 0 };
	enum err err;

	for (unsigned i = 0; i < merge->n; i++)
		block_add(&words, i, merge->words[i]);
	merge->rows = rows_of_words(db);
	err = block_each(&words, put_block, merge);
	if (err == OK)
		err = rows_flush(&merge->rows);
	if (err == OK)
		err = vocabulary_put(
			db, merge->user_id, merge->id, &merge->vocabulary);
	vocabulary_free(&merge->vocabulary);
	block_free(&words);
	return err;
}

/* The texts are ordered by session. */
static enum err
put_places(struct db *db, struct merge *merge)
{
	struct rows rows = { .db = db, .sql = PUT_PLACES, .columns = 3 };
	uint64_t last = 0;

	for (unsigned i = 0; i < merge->n; i++) {
		uint64_t id = merge->places[i].session_id;

		if (id != last)
			TRY(rows_add(&rows,
				PARAMS(U64(id), U64(merge->id),
					U64(merge->user_id))));
		last = id;
	}
	return rows_flush(&rows);
}

static enum err
drop_taken(struct db *db, const struct merge *merge)
{
	struct rows rows = { .db = db, .sql = DROP_TAKEN, .columns = 3 };

	for (unsigned i = 0; i < merge->n; i++)
		TRY(rows_add(&rows,
			PARAMS(U64(merge->user_id),
				U64(merge->places[i].session_id),
				U64(merge->places[i].message_id))));
	return rows_flush(&rows);
}

static enum err
merge_taken(struct db *db, void *arg)
{
	struct merge *merge = arg;
	enum err err;

	arena_reset(merge->arena);
	merge->n = 0;
	merge->id = merge->bytes = 0;
	err = db_each(db, merge->arena, TAKE,
		PARAMS(U64(merge->user_id), U64(BLOCK_TEXTS)), take_text,
		merge);
	if (err != OK && merge->bytes < INDEX_RECENT_BYTES)
		return err;
	if (merge->n < MERGE_MIN && merge->bytes < INDEX_RECENT_BYTES / 2)
		return OK;
	TRY(insert_segment(db, merge));
	TRY(put_blocks(db, merge));
	TRY(put_places(db, merge));
	return drop_taken(db, merge);
}

enum err
index_merge(struct db *db, uint64_t user_id)
{
	struct arena arena = ARENA_INIT;
	struct merge *merge = mem_zalloc(sizeof(*merge));
	enum err err;

	merge->arena = &arena;
	merge->user_id = user_id;
	do
		err = db_transaction(db, merge_taken, merge);
	while (err == OK && merge->bytes >= INDEX_RECENT_BYTES);
	free(merge);
	arena_reset(&arena);
	return err;
}
