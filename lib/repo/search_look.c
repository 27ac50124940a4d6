#include "repo/search_look.h"

#include "base/attr.h"
#include "repo/search_snippet.h"
#include "json/words.h"

#include <stdlib.h>
#include <string.h>

/* Limits of one search: segments whose texts are checked, and texts. */
#define SEGMENTS_MAX 200
#define TEXTS_MAX 400
#define TEXT_BYTES_MAX ((size_t)16 << 20)
/* Limit of the parts read with the texts, such as pictures and files. */
#define PARTS_BYTES_MAX ((size_t)128 << 20)

/* SESSION_TEMPORARY: such sessions are indexed too, because they may be made
 * permanent at any time. */
#define NOT_TEMPORARY " AND archived <> 2"

static const char MESSAGE[] =
	"SELECT s.title, s.update_time, m.parts FROM session s JOIN message m"
	" ON m.session_id = s.id AND m.id = ? WHERE s.id = ? AND s.user_id = ?"
	" AND m.active AND m.status <> 'streaming'" NOT_TEMPORARY;

static const char SESSION[] = "SELECT title, update_time, NULL FROM session"
			      " WHERE id = ? AND user_id = ?" NOT_TEMPORARY;

static const char TEXTS[] =
	"SELECT texts FROM search_segment WHERE user_id = ? AND id = ?";

bool
look_is_over(const struct finder *f)
{
	return f->page->n >= f->limit || f->index_bytes > INDEX_BYTES_MAX ||
		f->text_bytes > TEXT_BYTES_MAX ||
		f->parts_bytes > PARTS_BYTES_MAX ||
		f->segments > SEGMENTS_MAX || f->texts > TEXTS_MAX;
}

static bool
begins(struct span word, struct span with)
{
	return word.len >= with.len &&
		memcmp(word.data, with.data, with.len) == 0;
}

struct checking {
	const struct finder *f;
	uint32_t found; /* one bit per word */
};

static void
check_word(struct span word, void *arg)
{
	struct checking *c = arg;

	for (unsigned i = 0; i < c->f->n; i++)
		if (begins(word, c->f->words[i].word) ||
			(c->f->inside && c->f->words[i].inside &&
				words_hold(word, c->f->words[i].word)))
			c->found |= UINT32_C(1) << i;
}

static bool
has_all(const struct finder *f, struct span text)
{
	struct checking checking = { f, 0 };

	words_each(text, false, check_word, &checking);
	return checking.found == (UINT32_C(1) << f->n) - 1;
}

struct look {
	const char *title;
	int64_t update_ms;
	struct span parts;
};

static void
read_look(struct row *row, void *out)
{
	struct look *look = out;

	look->title = row_str(row);
	look->update_ms = row_time(row);
	look->parts = row_span(row);
}

static unsigned
hits_of(const struct finder *f, const struct index_place *place, bool *known)
{
	unsigned n = 0;

	*known = false;
	for (unsigned i = 0; i < f->page->n; i++) {
		const struct search_hit *hit = &f->page->list[i];

		n += hit->session_id == place->session_id;
		*known |= hit->session_id == place->session_id &&
			hit->message_id == place->message_id;
	}
	return n;
}

/* Adds a hit if the text contains the words. */
static void
try_text(struct finder *f, const struct look *look,
	const struct index_place *place, struct span text)
{
	struct search_hit *hit = &f->page->list[f->page->n];

	f->text_bytes += text.len;
	if (f->page->n == f->limit || !has_all(f, text))
		return;
	*hit = (struct search_hit){ .session_id = place->session_id,
		.message_id = place->message_id,
		.update_ms = look->update_ms,
		.title = arena_str(f->arena, look->title, strlen(look->title)),
		.snippet = search_snippet(f->arena, text, f->first.word) };
	f->page->n++;
}

/* The first check of a session's text also checks its title. */
static enum err
look_at(struct finder *f, struct arena *scratch,
	const struct index_place *place)
{
	struct index_place title = { place->session_id, SEARCH_TITLE };
	bool is_title = place->message_id == SEARCH_TITLE, known;
	unsigned n = hits_of(f, place, &known);
	struct param id = U64(place->session_id), user = U64(f->user_id);
	struct look look;
	enum err err;

	if (place->session_id == 0 || known || n >= SEARCH_HITS_OF_SESSION ||
		(is_title && n > 0))
		return OK;
	f->texts++;
	err = is_title ? db_one(f->db, scratch, SESSION, PARAMS(id, user),
				 read_look, &look)
		       : db_one(f->db, scratch, MESSAGE,
				 PARAMS(U64(place->message_id), id, user),
				 read_look, &look);
	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	f->parts_bytes += look.parts.len;
	if (n == 0)
		try_text(f, &look, &title, span_of(look.title));
	if (!is_title)
		try_text(f, &look, place, search_body(scratch, look.parts));
	return OK;
}

static int
newest_first(const void *a, const void *b)
{
	uint64_t x = index_age(a), y = index_age(b);

	return (x < y) - (x > y);
}

enum err
look_at_all(struct finder *f, struct index_place *places, size_t n)
{
	struct arena scratch = ARENA_INIT;
	enum err err = OK;

	if (n > 0)
		qsort(places, n, sizeof(*places), newest_first);
	for (size_t i = 0; i < n && err == OK && !look_is_over(f); i++) {
		err = look_at(f, &scratch, &places[i]);
		arena_reset(&scratch);
	}
	return err;
}

static void
read_texts(struct row *row, void *out)
{
	*(struct span *)out = row_span(row);
}

enum err
look_at_segment(
	struct finder *f, uint64_t segment, const struct text_set *found)
{
	struct index_place places[BLOCK_TEXTS];
	struct arena scratch = ARENA_INIT;
	struct span texts = { NULL, 0 };
	size_t n = 0;
	enum err err = db_one(f->db, &scratch, TEXTS,
		PARAMS(U64(f->user_id), U64(segment)), read_texts, &texts);

	f->segments++;
	for (unsigned i = 0; i < texts.len / INDEX_PLACE_LEN; i++)
		if (i < BLOCK_TEXTS && text_set_has(found, i))
			places[n++] = index_place(texts, i);
	arena_reset(&scratch);
	if (err != OK) /* it was deleted meanwhile */
		return err == ERR_NOT_FOUND ? OK : err;
	return look_at_all(f, places, n);
}
