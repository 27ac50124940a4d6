/* Finds texts: uses the index to select texts, then checks the texts
 * themselves. */

#include "repo/search_look.h"

#include "base/attr.h"
#include "base/mem.h"
#include "repo/search_vocabulary.h"
#include "json/words.h"

#include <stdlib.h>
#include <string.h>

/* How many blocks of the first word are read at a time: few at first, then
 * more. */
#define WINDOW_MIN 8
#define WINDOW_MAX 256
/* The most recent texts read; usually far fewer wait to become a segment. */
#define RECENT_MAX "2048"

/* The time limit of one statement; none should need a tenth of it. */
#define SELECT DB_WITHIN_S(3)

static const char RECENT[] =
	SELECT " session_id, message_id, words FROM search_recent"
	       " WHERE user_id = ? LIMIT " RECENT_MAX;

static const char BLOCKS[] =
	SELECT " segment, body FROM search_word FORCE INDEX (PRIMARY)"
	       " WHERE user_id = ? AND shard = ? AND segment BETWEEN ? AND ?"
	       " ORDER BY segment DESC LIMIT ?";

/* ---- the searched words */

static void
ask_word(struct span word, void *arg)
{
	struct finder *f = arg;
	struct asked *asked = &f->words[f->n];

	for (unsigned i = 0; i < f->n; i++)
		if (span_equal(f->words[i].word, word))
			return;
	if (f->n == WORDS_MAX)
		return;
	asked->word = arena_span(f->arena, word);
	asked->key = block_key(asked->word);
	asked->inside = vocabulary_knows(asked->word);
	f->any_inside |= asked->inside;
	if (f->n++ == 0)
		f->first = *asked;
}

/* Longer words are usually rarer. */
static int
rarest_first(const void *a, const void *b)
{
	const struct asked *x = a, *y = b;

	if (x->weight != y->weight)
		return (x->weight > y->weight) - (x->weight < y->weight);
	return (x->word.len < y->word.len) - (x->word.len > y->word.len);
}

/* ---- texts that are not in a segment */

struct recent {
	const struct finder *f;
	struct arena scratch; /* freed after each row */
	struct index_place *places;
	size_t n, cap;
};

/* A blank follows each of *words*. */
static bool
has_word(struct span words, const struct asked *asked, bool inside)
{
	struct span word = asked->word;
	const char *at = words.data, *end = words.data + words.len;

	for (; (at = memmem(at, (size_t)(end - at), word.data, word.len)) !=
		NULL;
		at++)
		if ((inside && asked->inside) || at == words.data ||
			at[-1] == ' ')
			return true;
	return false;
}

static enum err
take_recent(struct row *row, void *arg)
{
	struct recent *recent = arg;
	struct index_place place;
	struct span words;

	arena_clear(&recent->scratch);
	place.session_id = row_u64(row);
	place.message_id = row_u64(row);
	words = row_span(row);
	for (unsigned i = 0; i < recent->f->n; i++)
		if (!has_word(words, &recent->f->words[i], recent->f->inside))
			return OK;
	if (recent->n == recent->cap) {
		recent->cap = recent->cap * 2 + 64;
		recent->places = mem_realloc(
			recent->places, recent->cap * sizeof(*recent->places));
	}
	recent->places[recent->n++] = place;
	return OK;
}

static enum err
find_recent(struct finder *f)
{
	struct recent recent = { .f = f };
	enum err err = db_each(f->db, &recent.scratch, RECENT,
		PARAMS(U64(f->user_id)), take_recent, &recent);

	arena_reset(&recent.scratch);
	if (err == OK)
		err = look_at_all(f, recent.places, recent.n);
	free(recent.places);
	return err;
}

/* ---- segments */

struct found {
	uint64_t segment;
	struct text_set texts;
};

/* The segments of a section that contain all words examined so far, newest
 * first. */
struct window {
	struct finder *f;
	struct arena scratch; /* freed after each row */
	const struct asked *asked;
	uint64_t from, to;
	unsigned limit, n_read;
	uint64_t last; /* the last segment read */
	struct found list[WINDOW_MAX];
	unsigned n, at; /* *at*: end of the previous word's segments seen */
};

/* ERR_TOO_BIG: the limit of index bytes is reached. */
static enum err
take_body(struct window *w, struct row *row, struct span *body)
{
	arena_clear(&w->scratch);
	*body = row_span(row);
	w->f->index_bytes += body->len;
	return look_is_over(w->f) ? ERR_TOO_BIG : OK;
}

static enum err
take_first(struct row *row, void *arg)
{
	struct window *w = arg;
	struct found *found = &w->list[w->n];
	struct span body;

	w->last = found->segment = row_u64(row);
	TRY(take_body(w, row, &body));
	w->n_read++;
	found->texts = (struct text_set){ { 0 } };
	block_find(body, w->asked->key.rest, &found->texts);
	w->n += !text_set_empty(&found->texts);
	return OK;
}

/* Segments arrive in the same order; one that is missing does not contain the
 * word. */
static enum err
take_next(struct row *row, void *arg)
{
	struct window *w = arg;
	struct text_set texts = { { 0 } };
	uint64_t segment = row_u64(row);
	struct span body;

	TRY(take_body(w, row, &body));
	while (w->at < w->n_read && w->list[w->at].segment > segment)
		w->at++;
	if (w->at == w->n_read || w->list[w->at].segment != segment)
		return OK;
	block_find(body, w->asked->key.rest, &texts);
	text_set_and(&texts, &w->list[w->at].texts);
	if (!text_set_empty(&texts))
		w->list[w->n++] = (struct found){ segment, texts };
	return OK;
}

static enum err
read_blocks(struct window *w, enum err (*take)(struct row *, void *))
{
	enum err err = db_each(w->f->db, &w->scratch, BLOCKS,
		PARAMS(U64(w->f->user_id), SPAN(w->asked->key.shard),
			U64(w->from), U64(w->to), U64(w->limit)),
		take, w);

	arena_reset(&w->scratch);
	return err == ERR_TOO_BIG && look_is_over(w->f) ? OK : err;
}

/* Keeps only segments that also contain the next word. Writes the front of the
 * list while reading further back. */
static enum err
narrow(struct window *w, const struct asked *asked)
{
	w->asked = asked;
	w->to = w->list[0].segment;
	w->from = w->list[w->n - 1].segment;
	w->limit = 2 * WINDOW_MAX;
	w->n_read = w->n;
	w->n = w->at = 0;
	return read_blocks(w, take_next);
}

static enum err
look_through(struct window *w, unsigned limit, bool *more)
{
	struct finder *f = w->f;

	w->asked = &f->words[0];
	w->limit = limit;
	w->from = w->n = w->n_read = 0;
	TRY(read_blocks(w, take_first));
	*more = w->n_read == limit && w->last > 0;
	for (unsigned i = 1; i < f->n && w->n > 0; i++)
		TRY(narrow(w, &f->words[i]));
	for (unsigned i = 0; i < w->n && !look_is_over(f); i++)
		TRY(look_at_segment(f, w->list[i].segment, &w->list[i].texts));
	w->to = w->last - 1;
	return OK;
}

/* Measures how frequent each word is in its newest blocks, because the other
 * words are read only where the rarest one occurs. */
static enum err
weigh_words(struct finder *f, struct window *w)
{
	for (unsigned i = 0; i < f->n; i++) {
		struct asked *asked = &f->words[i];

		w->asked = asked;
		w->to = UINT64_MAX;
		w->limit = WINDOW_MIN;
		w->n = w->n_read = 0;
		TRY(read_blocks(w, take_first));
		asked->weight = w->n_read > 0;
		for (unsigned k = 0; k < w->n; k++)
			asked->weight += text_set_count(&w->list[k].texts);
	}
	qsort(f->words, f->n, sizeof(*f->words), rarest_first);
	return OK;
}

static enum err
find_in_segments(struct finder *f)
{
	struct window *w = mem_zalloc(sizeof(*w));
	enum err err = OK;
	bool more;

	w->f = f;
	if (f->n > 1 && !look_is_over(f))
		err = weigh_words(f, w);
	more = f->n == 1 || f->words[0].weight > 0;
	w->to = UINT64_MAX;
	for (unsigned n = WINDOW_MIN; more && err == OK && !look_is_over(f);
		n = MIN(n * 4, WINDOW_MAX))
		err = look_through(w, n, &more);
	free(w);
	return err;
}

/* ---- ordering the hits */

static int
latest_first(const void *a, const void *b)
{
	const struct search_hit *x = a, *y = b;

	if (x->update_ms != y->update_ms)
		return (x->update_ms < y->update_ms) -
			(x->update_ms > y->update_ms);
	if (x->session_id != y->session_id)
		return (x->session_id < y->session_id) -
			(x->session_id > y->session_id);
	/* SEARCH_TITLE, which is 0, sorts first. */
	return (x->message_id - 1 < y->message_id - 1) -
		(x->message_id - 1 > y->message_id - 1);
}

enum err
search_find(struct db *db, struct arena *arena, uint64_t user_id,
	struct span query, unsigned limit, struct search_page *out)
{
	struct finder f = { .db = db,
		.arena = arena,
		.user_id = user_id,
		.limit = limit,
		.page = out };
	enum err err;

	*out = (struct search_page){ .list = arena_alloc(arena,
					     limit * sizeof(*out->list)) };
	words_each(query, true, ask_word, &f);
	if (f.n == 0)
		return OK;
	qsort(f.words, f.n, sizeof(*f.words), rarest_first);
	TRY(db_slow_enter(db));
	err = find_recent(&f);
	if (err == OK)
		err = find_in_segments(&f);
	f.inside = true;
	if (err == OK && f.any_inside && !look_is_over(&f))
		err = find_recent(&f);
	if (err == OK && f.any_inside && !look_is_over(&f)) {
		err = inside_find(&f);
		/* Matches of word beginnings remain valid. */
		if (err == ERR_BUSY && db_timed_out(db))
			err = OK;
	}
	db_slow_leave(db);
	if (out->n > 0)
		qsort(out->list, out->n, sizeof(*out->list), latest_first);
	return err;
}
