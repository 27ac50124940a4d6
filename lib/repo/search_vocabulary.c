#include "repo/search_vocabulary.h"

#include "base/attr.h"
#include "base/log.h"
#include "repo/search_block.h"

#include <inttypes.h>
#include <string.h>

#define SELECT DB_WITHIN_S(3)

/* Segments read per query: rows that are no longer needed are sent completely
 * all the same. */
#define WINDOW 64
/* Limit of the bytes of words compared, counted for each part: a row is shorter
 * than its words, which share beginnings. */
#define WORK_MAX ((size_t)64 << 20)

static const char PUT[] =
	"INSERT INTO search_vocabulary (user_id, segment, words)"
	" VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE words = VALUES(words)";

static const char DROP[] =
	"DELETE FROM search_vocabulary WHERE user_id = ? AND segment = ?";

static const char READ[] =
	SELECT " segment, words FROM search_vocabulary WHERE user_id = ?"
	       " AND segment < ? ORDER BY segment DESC LIMIT ?";

#define AFTER(segment)                          \
	" WHERE user_id >= ?"                   \
	" AND (user_id > ? OR " segment " > ?)" \
	" ORDER BY user_id, " segment

static const char NEXT_TO_FILL[] =
	"SELECT user_id, segment FROM search_vocabulary_fill" AFTER(
		"segment") " LIMIT 1 FOR UPDATE SKIP LOCKED";

static const char NOTE[] = "INSERT IGNORE INTO search_vocabulary_fill"
			   " (user_id, segment) VALUES (?, ?)";

/* Which of the next segments have a list. */
static const char LOOK[] =
	"SELECT s.user_id, s.id, v.segment IS NOT NULL FROM"
	" (SELECT user_id, id FROM search_segment" AFTER(
		"id") " LIMIT ?) s"
		      " LEFT JOIN search_vocabulary v"
		      " ON v.user_id = s.user_id AND v.segment = s.id"
		      " ORDER BY s.user_id, s.id";

static const char FILLED[] = "DELETE FROM search_vocabulary_fill"
			     " WHERE user_id = ? AND segment = ?";

/* Keeps others from removing texts of the segment meanwhile. */
static const char HOLD[] = "SELECT id FROM search_segment"
			   " WHERE user_id = ? AND id = ? FOR UPDATE";

static const char BLOCKS[] =
	"SELECT shard, body FROM search_word FORCE INDEX (search_word_segment)"
	" WHERE user_id = ? AND segment = ?";

/* ---- collecting */

static unsigned
length_of(struct span word, unsigned max)
{
	unsigned n = 0;
	bool dense;

	for (; word.len > 0 && n < max; n++) {
		size_t len = word_char(word, &dense);

		if (dense)
			return 0;
		word.data += len;
		word.len -= len;
	}
	return n;
}

/* Adds only words with a middle; also accepts words that are out of order. */
static void
add_word(struct vocabulary *v, struct span word)
{
	size_t max = MIN(word.len, v->last_len), shared = 0;

	if (word.len > WORD_MAX ||
		length_of(word, VOCABULARY_PART_MIN + 1) <= VOCABULARY_PART_MIN)
		return;
	while (shared < max && word.data[shared] == v->last[shared])
		shared++;
	buf_putc(&v->words, (char)shared);
	buf_putc(&v->words, (char)(word.len - shared));
	buf_put_span(&v->words,
		(struct span){ word.data + shared, word.len - shared });
	memcpy(v->last, word.data, word.len);
	v->last_len = word.len;
}

struct adding {
	struct vocabulary *vocabulary;
	char word[BLOCK_SHARD_MAX + 256];
	size_t shard;
};

static void
add_rest(struct span rest, void *arg)
{
	struct adding *adding = arg;

	memcpy(adding->word + adding->shard, rest.data, rest.len);
	add_word(adding->vocabulary,
		(struct span){ adding->word, adding->shard + rest.len });
}

void
vocabulary_add(
	struct vocabulary *vocabulary, struct span shard, struct span block)
{
	struct adding adding = { .vocabulary = vocabulary,
		.shard = MIN(shard.len, (size_t)BLOCK_SHARD_MAX) };

	memcpy(adding.word, shard.data, adding.shard);
	block_each_rest(block, add_rest, &adding);
}

void
vocabulary_free(struct vocabulary *vocabulary)
{
	buf_free(&vocabulary->words);
	*vocabulary = (struct vocabulary){ 0 };
}

/* ---- writing */

enum err
vocabulary_put(struct db *db, uint64_t user_id, uint64_t segment,
	const struct vocabulary *vocabulary)
{
	return db_exec(db, PUT,
		PARAMS(U64(user_id), U64(segment),
			SPAN(buf_span(&vocabulary->words))));
}

enum err
vocabulary_drop(struct db *db, uint64_t user_id, uint64_t segment)
{
	return db_exec(db, DROP, PARAMS(U64(user_id), U64(segment)));
}

struct filling {
	struct vocabulary_at at; /* search for the next one after this */
	uint64_t user_id, segment;
	struct vocabulary vocabulary;
};

static void
read_filling(struct row *row, void *out)
{
	struct filling *filling = out;

	filling->user_id = row_u64(row);
	filling->segment = row_u64(row);
}

static enum err
take_block(struct row *row, void *arg)
{
	struct filling *filling = arg;
	struct span shard = row_span(row), body = row_span(row);

	vocabulary_add(&filling->vocabulary, shard, body);
	return OK;
}

static enum err
write_one(struct db *db, struct arena *arena, struct filling *filling)
{
	struct params key =
		PARAMS(U64(filling->user_id), U64(filling->segment));
	uint64_t id;
	enum err err = db_one(db, NULL, HOLD, key, row_read_u64, &id);

	if (err != OK) /* it was deleted meanwhile */
		return err == ERR_NOT_FOUND ? OK : err;
	TRY(db_each(db, arena, BLOCKS, key, take_block, filling));
	return vocabulary_put(
		db, filling->user_id, filling->segment, &filling->vocabulary);
}

static struct params
after(const struct vocabulary_at *at, struct param keys[3])
{
	keys[0] = keys[1] = U64(at->user_id);
	keys[2] = U64(at->segment);
	return (struct params){ keys, 3 };
}

static enum err
fill_one(struct db *db, void *arg)
{
	struct filling *filling = arg;
	struct arena arena = ARENA_INIT;
	struct param keys[3];
	enum err err;

	vocabulary_free(&filling->vocabulary);
	TRY(db_one(db, NULL, NEXT_TO_FILL, after(&filling->at, keys),
		read_filling, filling));
	err = write_one(db, &arena, filling);
	arena_reset(&arena);
	if (err != OK)
		return err;
	return db_exec(db, FILLED,
		PARAMS(U64(filling->user_id), U64(filling->segment)));
}

enum err
vocabulary_fill(struct db *db, struct vocabulary_at *at)
{
	struct filling filling = { .at = *at };
	enum err err = db_transaction(db, fill_one, &filling);

	vocabulary_free(&filling.vocabulary);
	*at = (struct vocabulary_at){ 0 };
	if (err != ERR_NOT_FOUND)
		*at = (struct vocabulary_at){ filling.user_id,
			filling.segment };
	if (err == OK || err == ERR_NOT_FOUND || err == ERR_BUSY)
		return err;
	log_error("segment_refused", "user=%" PRIu64 " segment=%" PRIu64,
		filling.user_id, filling.segment);
	return db_exec(
		db, FILLED, PARAMS(U64(filling.user_id), U64(filling.segment)));
}

/* ---- segments without a list */

struct missing {
	struct vocabulary_at list[VOCABULARY_LOOK_MAX], last;
	unsigned n;
};

static enum err
take_segment_seen(struct row *row, void *arg)
{
	struct missing *missing = arg;

	missing->last.user_id = row_u64(row);
	missing->last.segment = row_u64(row);
	if (row_u64(row) == 0)
		missing->list[missing->n++] = missing->last;
	return OK;
}

enum err
vocabulary_look(struct db *db, struct vocabulary_at *at)
{
	struct missing missing = { .n = 0 };

	TRY(db_each(db, NULL, LOOK,
		PARAMS(U64(at->user_id), U64(at->user_id), U64(at->segment),
			U64(VOCABULARY_LOOK_MAX)),
		take_segment_seen, &missing));
	for (unsigned i = 0; i < missing.n; i++)
		TRY(db_exec(db, NOTE,
			PARAMS(U64(missing.list[i].user_id),
				U64(missing.list[i].segment))));
	*at = missing.last;
	return at->user_id != 0 ? OK : ERR_NOT_FOUND;
}

/* ---- finding */

bool
vocabulary_knows(struct span part)
{
	return length_of(part, VOCABULARY_PART_MIN) == VOCABULARY_PART_MIN;
}

struct looking {
	struct arena *arena; /* for the results */
	struct arena scratch; /* freed after each row */
	struct span parts[VOCABULARY_PARTS_MAX]; /* empty: not searched for */
	unsigned n;
	size_t max; /* limit of the bytes read */
	size_t work; /* bytes compared so far */
	unsigned n_rows; /* in the current window */
	uint64_t segment;
	unsigned counts[VOCABULARY_PARTS_MAX]; /* matches in the segment */
	struct vocabulary_hits *hits;
};

static void
take_word(struct looking *looking, struct span word)
{
	struct vocabulary_hits *hits = looking->hits;

	for (unsigned i = 0; i < looking->n; i++)
		if (hits->n < VOCABULARY_HITS_MAX &&
			looking->counts[i] < VOCABULARY_WORDS_MAX &&
			words_hold(word, looking->parts[i])) {
			looking->counts[i]++;
			hits->list[hits->n++] =
				(struct vocabulary_hit){ looking->segment, i,
					arena_span(looking->arena, word) };
		}
}

/* An invalid list contains no words. */
static void
take_words(struct looking *looking, struct span words)
{
	char word[WORD_MAX];
	size_t at = 0, len = 0;

	while (at + 2 <= words.len) {
		size_t shared = (unsigned char)words.data[at];
		size_t rest = (unsigned char)words.data[at + 1];

		at += 2;
		if (shared > len || shared + rest > WORD_MAX ||
			rest > words.len - at)
			return;
		memcpy(word + shared, words.data + at, rest);
		len = shared + rest;
		at += rest;
		looking->work += len * looking->n;
		if (looking->work > WORK_MAX)
			return;
		take_word(looking, (struct span){ word, len });
	}
}

/* ERR_TOO_BIG: a limit is reached. */
static enum err
take_segment(struct row *row, void *arg)
{
	struct looking *looking = arg;
	struct span words;

	arena_clear(&looking->scratch);
	looking->segment = row_u64(row);
	words = row_span(row);
	looking->hits->bytes += words.len;
	looking->n_rows++;
	memset(looking->counts, 0, sizeof(looking->counts));
	take_words(looking, words);
	return looking->hits->bytes > looking->max ||
			looking->work > WORK_MAX ||
			looking->hits->n == VOCABULARY_HITS_MAX
		? ERR_TOO_BIG
		: OK;
}

enum err
vocabulary_find(struct db *db, struct arena *arena,
	const struct vocabulary_ask *ask, struct vocabulary_hits *out)
{
	struct looking looking = { .arena = arena,
		.hits = out,
		.max = ask->max,
		.segment = UINT64_MAX };
	bool any = false;
	enum err err;

	out->n = 0;
	out->bytes = 0;
	looking.n = MIN(ask->n, VOCABULARY_PARTS_MAX);
	for (unsigned i = 0; i < looking.n; i++)
		if (vocabulary_knows(ask->parts[i])) {
			looking.parts[i] = ask->parts[i];
			any = true;
		}
	if (!any)
		return OK;
	do {
		looking.n_rows = 0;
		err = db_each(db, &looking.scratch, READ,
			PARAMS(U64(ask->user_id), U64(looking.segment),
				U64(WINDOW)),
			take_segment, &looking);
	} while (err == OK && looking.n_rows == WINDOW);
	arena_reset(&looking.scratch);
	return err == ERR_TOO_BIG ? OK : err;
}
