/* Finds words by their middle: the vocabulary tells which words exist, the
 * index which texts contain them. */

#include "repo/search_look.h"
#include "repo/search_vocabulary.h"

#include "base/attr.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* The most blocks looked up, one by one. */
#define LOOKUPS_MAX 200
/* Limit for the vocabulary, which also counts against the index bytes of the
 * search. */
#define VOCABULARY_BYTES_MAX ((size_t)8 << 20)

static const char BLOCK[] =
	DB_WITHIN_S(3) " body FROM search_word FORCE INDEX (PRIMARY)"
		       " WHERE user_id = ? AND shard = ? AND segment = ?";

struct inside {
	struct finder *f;
	struct vocabulary_hits hits;
	unsigned lookups;
};

static void
read_body(struct row *row, void *out)
{
	*(struct span *)out = row_span(row);
}

/* Adds the texts of a segment whose words begin with the key's word. */
static enum err
add_block(struct inside *in, uint64_t segment, struct block_key key,
	struct text_set *out)
{
	struct arena scratch = ARENA_INIT;
	struct span body = { NULL, 0 };
	enum err err = db_one(in->f->db, &scratch, BLOCK,
		PARAMS(U64(in->f->user_id), SPAN(key.shard), U64(segment)),
		read_body, &body);

	in->lookups++;
	in->f->index_bytes += body.len;
	if (err == OK)
		block_find(body, key.rest, out);
	arena_reset(&scratch);
	return err == ERR_NOT_FOUND ? OK : err;
}

/* Checks the segment of the hits from *from* to *to*. */
static enum err
look_in(struct inside *in, unsigned from, unsigned to)
{
	const struct vocabulary_hit *list = in->hits.list;
	uint64_t segment = list[from].segment;
	struct text_set all;

	memset(&all, 0xff, sizeof(all));
	for (unsigned i = 0; i < in->f->n && !text_set_empty(&all); i++) {
		struct text_set texts = { { 0 } };

		TRY(add_block(in, segment, in->f->words[i].key, &texts));
		for (unsigned k = from; k < to; k++)
			if (list[k].part == i)
				TRY(add_block(in, segment,
					block_key(list[k].word), &texts));
		text_set_and(&all, &texts);
	}
	return text_set_empty(&all) ? OK
				    : look_at_segment(in->f, segment, &all);
}

static enum err
look_through(struct inside *in)
{
	const struct vocabulary_hits *hits = &in->hits;
	unsigned from = 0, to;

	for (; from < hits->n && in->lookups < LOOKUPS_MAX &&
		!look_is_over(in->f);
		from = to) {
		for (to = from; to < hits->n &&
			hits->list[to].segment == hits->list[from].segment;
			to++)
			;
		TRY(look_in(in, from, to));
	}
	return OK;
}

enum err
inside_find(struct finder *f)
{
	struct inside *in = mem_zalloc(sizeof(*in));
	struct span parts[WORDS_MAX];
	const struct vocabulary_ask ask = { .user_id = f->user_id,
		.parts = parts,
		.n = f->n,
		.max = MIN(VOCABULARY_BYTES_MAX,
			INDEX_BYTES_MAX - f->index_bytes) };
	enum err err;

	in->f = f;
	for (unsigned i = 0; i < f->n; i++)
		parts[i] = f->words[i].word;
	err = vocabulary_find(f->db, f->arena, &ask, &in->hits);
	f->index_bytes += in->hits.bytes;
	if (err == OK)
		err = look_through(in);
	free(in);
	return err;
}
