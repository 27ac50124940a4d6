#include "repo/search.h"

#include "base/buf.h"
#include "base/mem.h"
#include "json/words.h"

#include <ctype.h>
#include <stdlib.h>

#define PREFIX_LEN 6
/* Of a very long query the first words are looked for. */
#define QUERY_WORDS_MAX 20
#define SNIPPET_CHARS 160
/* How far a snippet is moved so that it does not begin or end in a word. */
#define SNIPPET_SLACK 24

static const char NOTE[] =
	"INSERT IGNORE INTO search_pending (session_id, message_id)"
	" VALUES (?, ?)";

static const char NEXT[] = "SELECT session_id, message_id FROM search_pending"
			   " LIMIT 1 FOR UPDATE SKIP LOCKED";

static const char READ[] =
	"SELECT s.user_id, s.title, m.parts FROM session s LEFT JOIN message m"
	" ON m.session_id = s.id AND m.id = ? WHERE s.id = ?";

static const char DONE[] =
	"DELETE FROM search_pending WHERE session_id = ? AND message_id = ?";

static const char PUT[] =
	"INSERT INTO search_text (session_id, message_id, body, words)"
	" VALUES (?, ?, ?, ?)"
	" ON DUPLICATE KEY UPDATE body = VALUES(body), words = VALUES(words)";

static const char DROP[] =
	"DELETE FROM search_text WHERE session_id = ? AND message_id = ?";

/* The beginning of a word may be in all that somebody has ever written. */
#define SELECT DB_WITHIN_S(3)

/* 60 characters before the word; only what is shown is read in full. */
static const char FIND[] = SELECT
	" h.session_id, h.title, h.message_id, h.update_time,"
	" LOCATE(?, t.body),"
	" SUBSTRING(t.body, GREATEST(LOCATE(?, t.body), 61) - 60, 260)"
	" FROM (SELECT f.session_id, f.message_id, s.title, s.update_time,"
	" ROW_NUMBER() OVER (PARTITION BY f.session_id"
	" ORDER BY f.message_id = 0 DESC, f.message_id DESC) AS nth"
	" FROM search_text f JOIN session s ON s.id = f.session_id"
	" LEFT JOIN message m"
	" ON m.session_id = f.session_id AND m.id = f.message_id"
	" WHERE MATCH (f.words) AGAINST (? IN BOOLEAN MODE)"
	" AND s.user_id = ? AND (f.message_id = 0"
	" OR (m.active AND m.status <> 'streaming'))) h"
	" JOIN search_text t"
	" ON t.session_id = h.session_id AND t.message_id = h.message_id"
	" WHERE h.nth <= ?"
	" ORDER BY h.update_time DESC, h.session_id DESC, h.nth LIMIT ?";

/* ---- words as they are stored and asked for */

/* Two users may share a prefix (one pair in a thousand million does): a
 * search then reads both's words, and still finds only its own user's. */
static void
put_prefix(struct buf *buf, uint64_t user_id)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	uint64_t mixed = user_id * UINT64_C(0x9e3779b97f4a7c15);

	for (int i = 0; i < PREFIX_LEN; i++)
		buf_putc(buf, digits[(mixed >> (59 - 5 * i)) & 31]);
}

struct collector {
	struct buf words;
	uint64_t user_id;
	uint64_t *seen; /* hashes of the words so far; 0: free */
	size_t n, cap;
};

static uint64_t
hash_of(struct span word)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

	for (size_t i = 0; i < word.len; i++)
		hash = (hash ^ (unsigned char)word.data[i]) *
			UINT64_C(1099511628211);
	return hash | 1;
}

/* False when it is there already. */
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

/* A word that comes often is stored once. */
static void
store_word(struct span word, void *arg)
{
	struct collector *c = arg;

	if (c->n * 2 >= c->cap)
		grow(c);
	if (!remember(c, hash_of(word)))
		return;
	put_prefix(&c->words, c->user_id);
	buf_put_span(&c->words, word);
	buf_putc(&c->words, ' ');
}

static void
ask_word(struct span word, void *arg)
{
	struct collector *c = arg;

	if (c->n++ >= QUERY_WORDS_MAX)
		return;
	buf_putc(&c->words, '+');
	put_prefix(&c->words, c->user_id);
	buf_put_span(&c->words, word);
	buf_puts(&c->words, "* ");
}

/* ---- writing */

static struct span
cut_body(struct span body)
{
	if (body.len <= SEARCH_BODY_MAX)
		return body;
	body.len = SEARCH_BODY_MAX;
	while (body.len > 0 && (body.data[body.len] & 0xc0) == 0x80)
		body.len--;
	return body;
}

static enum err
drop(struct db *db, uint64_t session_id, uint64_t message_id)
{
	return db_exec(db, DROP, PARAMS(U64(session_id), U64(message_id)));
}

enum err
search_put(struct db *db, const struct search_text *text)
{
	struct collector c = { .user_id = text->user_id };
	struct span body = cut_body(text->body);
	enum err err;

	words_each(body, false, store_word, &c);
	if (c.words.len == 0)
		err = drop(db, text->session_id, text->message_id);
	else
		err = db_exec(db, PUT,
			PARAMS(U64(text->session_id), U64(text->message_id),
				SPAN(body), SPAN(buf_span(&c.words))));
	buf_free(&c.words);
	free(c.seen);
	return err;
}

/* ---- notes */

enum err
search_note(struct db *db, uint64_t session_id, uint64_t message_id)
{
	return db_exec(db, NOTE, PARAMS(U64(session_id), U64(message_id)));
}

static void
read_note(struct row *row, void *out)
{
	struct search_todo *todo = out;

	todo->session_id = row_u64(row);
	todo->message_id = row_u64(row);
}

static void
read_source(struct row *row, void *out)
{
	struct search_todo *todo = out;

	todo->user_id = row_u64(row);
	if (todo->message_id == SEARCH_TITLE)
		todo->title = row_span(row);
	else
		(void)row_span(row);
	todo->parts = row_span(row);
}

enum err
search_next(struct db *db, struct arena *arena, struct search_todo *out)
{
	enum err err;

	*out = (struct search_todo){ 0 };
	TRY(db_one(db, arena, NEXT, NO_PARAMS, read_note, out));
	err = db_one(db, arena, READ,
		PARAMS(U64(out->message_id), U64(out->session_id)), read_source,
		out);
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err
search_done(struct db *db, uint64_t session_id, uint64_t message_id)
{
	return db_exec(db, DONE, PARAMS(U64(session_id), U64(message_id)));
}

/* ---- finding */

static bool
in_word(char c)
{
	return (unsigned char)c >= 0x80 || isalnum((unsigned char)c);
}

/* The first word as it was typed, to find its place in the text. */
static struct span
first_word(struct span query)
{
	struct span word = query;

	while (word.len > 0 && !in_word(word.data[0])) {
		word.data++;
		word.len--;
	}
	for (size_t i = 0; i < word.len; i++)
		if (!in_word(word.data[i]))
			word.len = i;
	return word;
}

/* Without the piece of a word at the front. */
static struct span
trim_front(struct span text)
{
	const char *blank =
		memchr(text.data, ' ', MIN(text.len, (size_t)SNIPPET_SLACK));
	size_t skip = blank != NULL ? (size_t)(blank - text.data) + 1 : 0;

	return (struct span){ text.data + skip, text.len - skip };
}

/* At most SNIPPET_CHARS characters, not ending in a word if it can be helped. */
static struct span
trim_end(struct span text)
{
	size_t len = 0, chars = 0, back;

	for (; len < text.len; len++) {
		chars += ((unsigned char)text.data[len] & 0xc0) != 0x80;
		if (chars > SNIPPET_CHARS)
			break;
	}
	for (back = len; len < text.len && back + SNIPPET_SLACK > len; back--)
		if (text.data[back] == ' ')
			return (struct span){ text.data, back };
	return (struct span){ text.data, len };
}

static struct span
snippet(struct arena *arena, struct span text, bool cut_before)
{
	struct span shown = cut_before ? trim_front(text) : text;
	struct span kept = trim_end(shown);

	return span_of(arena_printf(arena, "%s%.*s%s",
		cut_before ? "\xe2\x80\xa6" : "", (int)kept.len, kept.data,
		kept.len < shown.len ? "\xe2\x80\xa6" : ""));
}

struct finding {
	struct arena *arena;
	struct search_page *page;
};

static enum err
add_hit(struct row *row, void *arg)
{
	struct finding *finding = arg;
	struct search_hit *hit = &finding->page->list[finding->page->n++];
	uint64_t place;

	hit->session_id = row_u64(row);
	hit->title = row_str(row);
	hit->message_id = row_u64(row);
	hit->update_ms = row_time(row);
	place = row_u64(row);
	hit->snippet = snippet(finding->arena, row_span(row), place > 61);
	return OK;
}

enum err
search_find(struct db *db, struct arena *arena, uint64_t user_id,
	struct span query, unsigned limit, struct search_page *out)
{
	struct collector c = { .user_id = user_id };
	struct span word = first_word(query);
	struct finding finding = { arena, out };
	enum err err = OK;

	*out = (struct search_page){ .list = arena_alloc(arena,
					     limit * sizeof(*out->list)) };
	words_each(query, true, ask_word, &c);
	if (c.words.len > 0)
		err = db_slow_enter(db);
	if (c.words.len > 0 && err == OK) {
		err = db_each(db, arena, FIND,
			PARAMS(SPAN(word), SPAN(word), SPAN(buf_span(&c.words)),
				U64(user_id), U64(SEARCH_HITS_OF_SESSION),
				U64(limit)),
			add_hit, &finding);
		db_slow_leave(db);
	}
	buf_free(&c.words);
	return err;
}
