/* search_test.c: texts found by their words, each user's own. */

#include "repo/search.h"

#include "../unit.h"
#include "base/clock.h"
#include "repo/erase.h"
#include "repo/message.h"
#include "repo/search_index.h"
#include "repo/search_write.h"
#include "repo/session.h"
#include "testdb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1750000000123)

static uint64_t
make_titled(
	struct testdb *t, uint64_t user_id, const char *title, int64_t now_ms)
{
	struct session_draft draft = { .id = testdb_id(),
		.user_id = user_id,
		.title = title,
		.now_ms = now_ms };

	assert_int_equal(session_insert(t->db, &draft), OK);
	return draft.id;
}

static uint64_t
make(struct testdb *t, uint64_t user_id, int64_t now_ms)
{
	return make_titled(t, user_id, "A title", now_ms);
}

static void
put(struct testdb *t, uint64_t user_id, uint64_t session_id, uint64_t id,
	const char *body)
{
	struct index_text text = { user_id, session_id, id, span_of(body) };

	assert_int_equal(index_put(t->db, &text, 1), OK);
}

/* The body without quotes and backslashes. */
static struct span
parts_of(struct testdb *t, const char *body)
{
	return span_of(arena_printf(
		&t->arena, "[{\"type\":\"text\",\"text\":\"%s\"}]", body));
}

/* A message that is written into the index. */
static uint64_t
say(struct testdb *t, uint64_t user_id, uint64_t session_id, const char *body)
{
	struct message message = { .id = testdb_id(),
		.is_user = true,
		.active = true,
		.status = "complete",
		.parts = parts_of(t, body),
		.create_ms = NOW };
	struct span plain = search_body(&t->arena, message.parts);

	assert_int_equal(message_insert(t->db, session_id, &message), OK);
	put(t, user_id, session_id, message.id,
		arena_str(&t->arena, plain.data, plain.len));
	return message.id;
}

static struct search_page
find(struct testdb *t, uint64_t user_id, const char *query, unsigned limit)
{
	struct search_page page;

	assert_int_equal(search_find(t->db, &t->arena, user_id, span_of(query),
				 limit, &page),
		OK);
	return page;
}

static unsigned
count(struct testdb *t, uint64_t user_id, const char *query)
{
	return find(t, user_id, query, 50).n;
}

/* ---- */

static void
every_word_is_in_it(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann, NOW);
	uint64_t said =
		say(t, ann, id, "The lamplighter of G\xc3\xb6teborg, 1872");
	struct search_page page = find(t, ann, "lamp GOTE", 10);

	assert_int_equal(page.n, 1);
	assert_int_equal(page.list[0].session_id, id);
	assert_int_equal(page.list[0].message_id, said);
	assert_int_equal(page.list[0].update_ms, NOW);
	assert_string_equal(page.list[0].title, "A title");
	assert_string_equal(page.list[0].snippet.data,
		"The lamplighter of G\xc3\xb6teborg, 1872");
	assert_int_equal(count(t, ann, "the"), 1);
	assert_int_equal(count(t, ann, "t"), 2); /* and the title */
	assert_int_equal(count(t, ann, "18"), 1);
	assert_int_equal(count(t, ann, "lighter"), 1);
	assert_int_equal(count(t, ann, "er"), 0); /* too little of a middle */
	assert_int_equal(count(t, ann, "lamp stockholm"), 0);
	assert_int_equal(count(t, ann, "872"), 1);
	assert_int_equal(count(t, ann, "873"), 0);
}

static void
texts_without_blanks_are_found_anywhere(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann, NOW);

	say(t, ann, id, "深海の魚について教えて🦎");
	assert_int_equal(count(t, ann, "魚"), 1);
	assert_int_equal(count(t, ann, "海の魚"), 1);
	assert_int_equal(count(t, ann, "教えて"), 1);
	assert_int_equal(count(t, ann, "て"), 1);
	assert_int_equal(count(t, ann, "🦎"), 1);
	assert_int_equal(count(t, ann, "海魚"), 0);
	assert_int_equal(count(t, ann, "🐟"), 0);
}

static void
each_finds_their_own(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), bob = testdb_id();
	uint64_t hers = make(t, ann, NOW), his = make(t, bob, NOW);

	say(t, ann, hers, "a secret of mine");
	say(t, bob, his, "no secret at all");
	assert_int_equal(find(t, ann, "secret", 50).n, 1);
	assert_int_equal(find(t, ann, "secret", 50).list[0].session_id, hers);
	assert_int_equal(find(t, bob, "secret", 50).list[0].session_id, his);
	assert_int_equal(count(t, testdb_id(), "secret"), 0);
	/* even where the index is wrong */
	put(t, ann, his, say(t, bob, his, "misplaced"), "misplaced");
	assert_int_equal(count(t, ann, "misplaced"), 0);
}

static void
what_is_no_word_is_no_operator(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann, NOW);

	say(t, ann, id, "plain words");
	assert_int_equal(count(t, ann, "-plain ~words*"), 1);
	assert_int_equal(count(t, ann, "\"plain\" (words) @2"), 0);
	assert_int_equal(count(t, ann, "\"plain\" (words)"), 1);
	for (const char *const *q = (const char *const[]){ "", " ", "%", "_",
		     "*", "'\"\\", "+-><()~*\"@", NULL };
		*q != NULL; q++)
		assert_int_equal(count(t, ann, *q), 0);
}

static void
change(struct testdb *t, uint64_t user_id, uint64_t session_id, uint64_t id,
	const char *body)
{
	static const char SET[] = "UPDATE message SET parts = ?"
				  " WHERE session_id = ? AND id = ?";

	assert_int_equal(db_exec(t->db, SET,
				 PARAMS(SPAN(parts_of(t, body)),
					 U64(session_id), U64(id))),
		OK);
	put(t, user_id, session_id, id, body);
}

static void
a_new_text_takes_the_place(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann, NOW), said;

	said = say(t, ann, id, "before");
	change(t, ann, id, said, "after");
	assert_int_equal(count(t, ann, "before"), 0);
	assert_int_equal(count(t, ann, "after"), 1);
	change(t, ann, id, said, "...");
	assert_int_equal(count(t, ann, "after"), 0);
}

/* ---- what is pending */

struct taking {
	struct testdb *t;
	uint64_t session_id; /* others may be pending from other tests */
	struct search_note note;
	struct search_source source;
	unsigned n;
};

static enum err
take_note(struct db *db, void *arg)
{
	struct taking *taking = arg;
	struct search_note note;
	unsigned n;

	TRY(search_next(db, &note, 1, &n));
	if (n == 0)
		return ERR_NOT_FOUND;
	if (note.session_id == taking->session_id) {
		taking->note = note;
		taking->n++;
		TRY(search_read(db, &taking->t->arena, &note, &taking->source));
	}
	return search_done(db, &note, 1);
}

/* Takes all notes; those of the session are counted, and the last is kept. */
static struct taking
take_notes(struct testdb *t, uint64_t session_id)
{
	struct taking taking = { .t = t, .session_id = session_id };

	while (db_transaction(t->db, take_note, &taking) == OK)
		;
	return taking;
}

static void
a_note_brings_its_text(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann, NOW);
	uint64_t said = say(t, ann, id, "x");
	struct session_change change = { .title = "Renamed" };
	struct taking taken;

	take_notes(t, id);
	assert_int_equal(search_note(t->db, id, said), OK);
	taken = take_notes(t, id);
	assert_int_equal(taken.n, 1);
	assert_int_equal(taken.source.user_id, ann);
	assert_int_equal(taken.note.message_id, said);
	assert_non_null(taken.source.parts.data);
	assert_null(taken.source.title.data);
	assert_int_equal(
		session_change(t->db, &t->arena, ann, id, &change), OK);
	taken = take_notes(t, id);
	assert_int_equal(taken.n, 1);
	assert_int_equal(taken.note.message_id, SEARCH_TITLE);
	assert_true(span_is(taken.source.title, "Renamed"));
	assert_null(taken.source.parts.data);
	assert_int_equal(search_note(t->db, id, said + 1), OK); /* is gone */
	taken = take_notes(t, id);
	assert_int_equal(taken.n, 1);
	assert_null(taken.source.parts.data);
	assert_null(taken.source.title.data);
	assert_int_equal(search_note(t->db, id, said), OK);
	assert_int_equal(session_delete(t->db, &t->arena, ann, &id, 1), OK);
	assert_int_equal(take_notes(t, id).n, 0);
}

/* While one is at work, another finds nothing. */
static enum err
look_from_beside(struct db *db, void *arg)
{
	struct testdb *t = arg;
	struct search_note note, other;
	struct db *beside = db_new(&t->conf.db);
	unsigned n, n_other;
	enum err err;

	TRY(search_next(db, &note, 1, &n));
	err = search_next(beside, &other, 1, &n_other);
	db_free(beside);
	assert_int_equal(n, 1);
	assert_int_equal(err, OK);
	assert_int_equal(n_other, 0);
	return search_done(db, &note, 1);
}

static void
a_note_is_for_one_process(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann, NOW);

	take_notes(t, id);
	assert_int_equal(search_note(t->db, id, SEARCH_TITLE), OK);
	assert_int_equal(db_transaction(t->db, look_from_beside, t), OK);
	assert_int_equal(take_notes(t, id).n, 0);
}

struct storing {
	struct testdb *t;
	uint64_t session_id;
};

/* While one holds the note, the text is stored again. */
static enum err
store_beside(struct db *db, void *arg)
{
	const struct storing *storing = arg;
	struct db *beside = db_new(&storing->t->conf.db);
	struct search_note note;
	unsigned n;
	enum err err;

	TRY(search_next(db, &note, 1, &n));
	assert_int_equal(n, 1);
	while (clock_wall_ms() <= (int64_t)note.noted)
		;
	err = db_exec(
		beside, "SET SESSION innodb_lock_wait_timeout = 1", NO_PARAMS);
	assert_int_equal(err, OK);
	err = search_note(beside, storing->session_id, SEARCH_TITLE);
	db_free(beside);
	assert_int_equal(err, OK);
	return search_done(db, &note, 1);
}

static void
who_stores_a_text_waits_for_nobody(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann, NOW);
	struct storing storing = { t, id };

	take_notes(t, id);
	assert_int_equal(search_note(t->db, id, SEARCH_TITLE), OK);
	assert_int_equal(db_transaction(t->db, store_beside, &storing), OK);
	assert_int_equal(take_notes(t, id).n, 1); /* the newer text's */
}

/* Large ones do not make a transaction long. */
static void
a_batch_has_an_end(void **state)
{
	enum { LARGE = 600 << 10, TEXTS = 5 };
	static const char PENDING[] =
		"SELECT COUNT(*) FROM search_pending WHERE session_id = ?";
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann, NOW), said[TEXTS];
	char *text = arena_alloc(&t->arena, LARGE + 1);
	struct search_written written;

	memset(text, 'x', LARGE);
	text[LARGE] = '\0';
	take_notes(t, id);
	for (int i = 0; i < TEXTS; i++)
		said[i] = say(t, ann, id, text);
	for (int i = 0; i < TEXTS; i++)
		assert_int_equal(search_note(t->db, id, said[i]), OK);
	assert_int_equal(search_write(t->db, SEARCH_WRITE_MAX, &written), OK);
	assert_int_equal(written.n, 2);
	assert_int_equal(written.user_ids[1], ann);
	assert_int_equal(testdb_number(t, PENDING, id), TEXTS - 2);
	take_notes(t, id);
}

#define AT_ONCE 5

struct beside {
	struct testdb *t;
	const struct search_note *first; /* held by t->db */
};

/* While both hold their notes, the first is done with its own. */
static enum err
take_beside(struct db *db, void *arg)
{
	const struct beside *beside = arg;
	struct search_note notes[AT_ONCE];
	unsigned n;

	TRY(search_next(db, notes, AT_ONCE, &n));
	assert_int_equal(n, AT_ONCE);
	assert_int_equal(
		search_done(beside->t->db, beside->first, AT_ONCE), OK);
	return search_done(db, notes, n);
}

static enum err
take_first(struct db *db, void *arg)
{
	struct testdb *t = arg;
	struct search_note notes[AT_ONCE];
	struct beside beside = { t, notes };
	struct db *other = db_new(&t->conf.db);
	unsigned n;
	enum err err = search_next(db, notes, AT_ONCE, &n);

	assert_int_equal(err, OK);
	assert_int_equal(n, AT_ONCE);
	err = db_transaction(other, take_beside, &beside);
	db_free(other);
	return err;
}

static void
two_processes_do_not_wait_for_each_other(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann, NOW);

	take_notes(t, id);
	for (uint64_t i = 0; i < AT_ONCE * 2; i++)
		assert_int_equal(search_note(t->db, id, 100 + i), OK);
	assert_int_equal(db_transaction(t->db, take_first, t), OK);
	assert_int_equal(take_notes(t, id).n, 0);
}

/* One process has read a title; before it writes, the title is another one and
 * a second process comes by. */
static enum err
write_late(struct db *db, void *arg)
{
	const struct storing *storing = arg;
	struct testdb *t = storing->t;
	struct session_change change = { .title = "Renamed lamplighter" };
	struct db *beside = db_new(&t->conf.db);
	struct search_written written;
	struct search_source source;
	struct search_note note;
	struct index_text text;
	unsigned n;

	TRY(search_next(db, &note, 1, &n));
	assert_int_equal(n, 1);
	TRY(search_read(db, &t->arena, &note, &source));
	while (clock_wall_ms() <= (int64_t)note.noted)
		;
	assert_int_equal(session_change(beside, &t->arena, source.user_id,
				 storing->session_id, &change),
		OK);
	assert_int_equal(search_write(beside, 1, &written), ERR_NOT_FOUND);
	assert_int_equal(search_write(beside, SEARCH_WRITE_MAX, &written),
		ERR_NOT_FOUND);
	db_free(beside);
	text = (struct index_text){ source.user_id, note.session_id,
		note.message_id, source.title };
	TRY(index_put(db, &text, 1));
	return search_done(db, &note, 1);
}

static void
the_newest_text_is_written_last(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann, NOW);
	struct storing storing = { t, id };
	struct search_written written;

	take_notes(t, id);
	assert_int_equal(search_note(t->db, id, SEARCH_TITLE), OK);
	assert_int_equal(db_transaction(t->db, write_late, &storing), OK);
	assert_int_equal(search_write(t->db, 1, &written), OK);
	assert_int_equal(count(t, ann, "lamplighter"), 1);
	assert_int_equal(take_notes(t, id).n, 0);
}

/* More notes than are taken at a time are nobody's, and hold up nothing. */
static void
many_notes_of_a_text_come_to_an_end(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann, NOW);
	struct search_written written;
	unsigned n = 0;

	take_notes(t, id);
	for (uint64_t i = 0; i < 3 * SEARCH_WRITE_MAX; i++)
		assert_int_equal(
			db_exec(t->db,
				"INSERT INTO search_pending (session_id,"
				" message_id, noted) VALUES (?, 0, ?)",
				PARAMS(U64(id), U64(i))),
			OK);
	while (search_write(t->db, n++ == 0 ? 1 : SEARCH_WRITE_MAX, &written) ==
		OK)
		assert_in_range(n, 1, 8);
	assert_int_equal(take_notes(t, id).n, 0);
	assert_int_equal(count(t, ann, "title"), 1);
}

/* ---- what was stored before */

static void
what_was_stored_before_is_noted_newest_first(void **state)
{
	static const char BEGIN[] =
		"INSERT INTO search_fill (session_id, message_id, done, total)"
		" VALUES (?, 0, 0, 600)";
	static const char PENDING[] =
		"SELECT COUNT(*) FROM search_pending WHERE session_id = ?";
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), small = make(t, ann, NOW),
		 large = make(t, ann, NOW), last = make(t, ann, NOW);
	struct search_fill fill;

	for (int i = 0; i < 3; i++)
		say(t, ann, small, "one of few");
	for (int i = 0; i < 600; i++)
		say(t, ann, large, "one of many");
	say(t, ann, last, "the newest");
	take_notes(t, last);
	assert_int_equal(
		db_exec(t->db, "DELETE FROM search_fill", NO_PARAMS), OK);
	assert_int_equal(search_fill(t->db, &fill), ERR_NOT_FOUND);
	assert_int_equal(db_exec(t->db, BEGIN, PARAMS(U64(last + 1000))), OK);
	assert_int_equal(search_fill(t->db, &fill), OK);
	assert_int_equal(testdb_number(t, PENDING, last), 2); /* a title, too */
	assert_int_equal(testdb_number(t, PENDING, small), 0);
	assert_in_range(fill.done, 2, 600);
	while (search_fill(t->db, &fill) == OK && fill.noted > 0)
		;
	assert_int_equal(testdb_number(t, PENDING, large), 600 + 1);
	assert_int_equal(testdb_number(t, PENDING, small), 3 + 1);
	assert_int_equal(search_fill(t->db, &fill), ERR_NOT_FOUND);
	take_notes(t, last);
}

static void
only_what_is_shown(void **state)
{
	static const char HIDE[] =
		"UPDATE message SET active = FALSE WHERE session_id = ?";
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann, NOW);

	say(t, ann, id, "hidden one");
	assert_int_equal(db_exec(t->db, HIDE, PARAMS(U64(id))), OK);
	say(t, ann, id, "shown one");
	assert_int_equal(count(t, ann, "one"), 1);
	assert_int_equal(count(t, ann, "hidden"), 0);
	assert_int_equal(session_delete(t->db, &t->arena, ann, &id, 1), OK);
	assert_int_equal(count(t, ann, "shown"), 0);
	assert_int_equal(testdb_number(t,
				 "SELECT COUNT(*) FROM search_recent"
				 " WHERE session_id = ?",
				 id),
		0);
}

static void
latest_sessions_first_and_three_of_each(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), ids[4], newest[4];
	struct search_page page;

	for (unsigned i = 0; i < 4; i++) {
		ids[i] = make_titled(t, ann, "pepper title", NOW + i);
		put(t, ann, ids[i], SEARCH_TITLE, "pepper title");
		for (int n = 0; n < 5; n++)
			newest[i] = say(t, ann, ids[i], "pepper text");
	}
	page = find(t, ann, "pepper", 50);
	assert_int_equal(page.n, 12);
	for (unsigned i = 0; i < 12; i += 3) {
		assert_int_equal(page.list[i].session_id, ids[3 - i / 3]);
		assert_int_equal(page.list[i].message_id, SEARCH_TITLE);
		assert_int_equal(
			page.list[i + 1].message_id, newest[3 - i / 3]);
		assert_true(page.list[i + 2].message_id <
			page.list[i + 1].message_id);
	}
	assert_int_equal(find(t, ann, "pepper", 4).n, 4);
}

/* ---- segments */

#define MANY 300

/* So many messages in sessions of ten, "common nNUMBER odd|even". */
static void
say_many(struct testdb *t, uint64_t user_id, uint64_t *sessions)
{
	for (int i = 0; i < MANY; i++) {
		if (i % 10 == 0)
			sessions[i / 10] = make(t, user_id, NOW + i);
		say(t, user_id, sessions[i / 10],
			arena_printf(&t->arena,
				"common n%d %s word\xe6\xb5\xb7", i,
				i % 2 == 0 ? "even" : "odd"));
	}
}

static uint64_t
rows_of(struct testdb *t, const char *table, uint64_t user_id)
{
	return testdb_number(t,
		arena_printf(&t->arena,
			"SELECT COUNT(*) FROM %s WHERE user_id = ?", table),
		user_id);
}

static void
many_texts_become_a_segment(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), sessions[MANY / 10];
	bool due;

	say_many(t, ann, sessions);
	assert_int_equal(index_is_due(t->db, ann, &due), OK);
	assert_true(due);
	for (uint64_t merged = 0; merged < 3; merged++) {
		struct search_page page;

		assert_int_equal(count(t, ann, "n0"), 1);
		assert_int_equal(count(t, ann, "n299"), 1);
		assert_int_equal(rows_of(t, "search_segment", ann), merged);
		assert_int_equal(count(t, ann, "n29"), 1 + 3);
		assert_int_equal(count(t, ann, "n298 even"), 1);
		assert_int_equal(count(t, ann, "n298 odd"), 0);
		assert_int_equal(count(t, ann, "n29 even n297"), 0);
		assert_int_equal(count(t, ann, "e n100"), 1);
		assert_int_equal(count(t, ann, "zebra"), 0);
		page = find(t, ann, "common", 30);
		assert_int_equal(page.n, 30);
		for (unsigned i = 0; i < page.n; i++)
			assert_int_equal(page.list[i].session_id,
				sessions[MANY / 10 - 1 - i / 3]);
		assert_int_equal(count(t, ann, "\xe6\xb5\xb7"), 50);
		assert_int_equal(index_merge(t->db, ann), OK);
		assert_int_equal(index_is_due(t->db, ann, &due), OK);
		assert_false(due);
	}
	assert_int_equal(rows_of(t, "search_recent", ann), 0);
}

/* Of words that begin alike, as addresses in a log do. */
static const char *
long_text(struct testdb *t, unsigned number)
{
	char *text = arena_alloc(&t->arena, SEARCH_BODY_MAX + 1), *at = text;

	for (unsigned i = 0; at - text < (ptrdiff_t)SEARCH_BODY_MAX - 100; i++)
		at += sprintf(at, "0x%016x%016x%024x ", number, i, number ^ i);
	return text;
}

#define LONG 12

/* However long and alike they are: no statement is too large, no block grows
 * beyond what a search may read, and none is left over. */
static void
long_texts_become_segments(void **state)
{
	static const char LARGEST[] =
		"SELECT COALESCE(MAX(LENGTH(body)), 0) FROM search_word"
		" WHERE user_id = ?";
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), session = make(t, ann, NOW);
	bool due;

	for (unsigned i = 0; i < LONG; i++)
		say(t, ann, session, long_text(t, i));
	assert_int_equal(index_is_due(t->db, ann, &due), OK);
	assert_true(due);
	assert_int_equal(index_merge(t->db, ann), OK);
	assert_int_equal(index_is_due(t->db, ann, &due), OK);
	assert_false(due);
	assert_in_range(rows_of(t, "search_segment", ann), 2, LONG);
	assert_in_range(testdb_number(t, LARGEST, ann), 1 << 18, 2 << 20);
	for (unsigned i = 0; i < LONG; i++)
		assert_int_equal(
			count(t, ann, arena_printf(&t->arena, "0x%016x", i)),
			1);
}

/* A text that is written again is in two places, and found as it is. */
static void
a_text_is_written_again(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), sessions[MANY / 10], last;

	say_many(t, ann, sessions);
	last = say(t, ann, sessions[0], "parchment");
	assert_int_equal(index_merge(t->db, ann), OK);
	change(t, ann, sessions[0], last, "parchment papyrus");
	assert_int_equal(count(t, ann, "parchment"), 1);
	assert_int_equal(count(t, ann, "papyrus"), 1);
	change(t, ann, sessions[0], last, "paper");
	assert_int_equal(count(t, ann, "parchment"), 0);
	assert_int_equal(count(t, ann, "paper"), 1);
}

static void
a_deleted_session_leaves_its_segments(void **state)
{
	struct testdb *t = *state;
	static const char BYTES[] = "SELECT CAST(SUM(LENGTH(body)) AS UNSIGNED)"
				    " FROM search_word WHERE user_id = ?";
	uint64_t ann = testdb_id(), sessions[MANY / 10], bytes;

	say_many(t, ann, sessions);
	assert_int_equal(index_merge(t->db, ann), OK);
	bytes = testdb_number(t, BYTES, ann);
	assert_int_equal(
		session_delete(t->db, &t->arena, ann, &sessions[1], 1), OK);
	assert_int_equal(count(t, ann, "n15"), 3);
	assert_int_equal(count(t, ann, "n12 odd"), 3);
	assert_int_equal(testdb_number(t, BYTES, ann), bytes);
	assert_int_equal(erase_rest(t->db, ann, ERASE_TO_THE_END), OK);
	assert_int_equal(rows_of(t, "erasure", ann), 0);
	assert_true(testdb_number(t, BYTES, ann) < bytes);
	assert_int_equal(count(t, ann, "n15"), 3); /* n150 to n159 */
	assert_int_equal(count(t, ann, "n25"), 1 + 3);
	for (int i = 0; i < MANY / 10; i++)
		if (i != 1)
			assert_int_equal(session_delete(t->db, &t->arena, ann,
						 &sessions[i], 1),
				OK);
	assert_int_equal(erase_rest(t->db, ann, ERASE_TO_THE_END), OK);
	for (const char *const *table = (const char *const[]){ "search_word",
		     "search_segment", "search_place", "search_recent",
		     "erasure", NULL };
		*table != NULL; table++)
		assert_int_equal(rows_of(t, *table, ann), 0);
}

/* ---- snippets */

static const char *
snippet_of(struct testdb *t, const char *body, const char *query)
{
	uint64_t ann = testdb_id(), id = make(t, ann, NOW);
	struct search_page page;

	say(t, ann, id, body);
	page = find(t, ann, query, 1);
	assert_int_equal(page.n, 1);
	return page.list[0].snippet.data;
}

static void
a_snippet_is_cut_between_words(void **state)
{
	struct testdb *t = *state;
	char body[4000] = "", expected[400];
	const char *found;

	for (int i = 0; i < 200; i++)
		strcat(body, i == 100 ? "Needle " : "straw7 ");
	found = snippet_of(t, body, "needle");
	assert_memory_equal(found, "\xe2\x80\xa6straw7 ", 10);
	assert_non_null(strstr(found, " Needle straw7 "));
	snprintf(expected, sizeof(expected), "straw7\xe2\x80\xa6");
	assert_string_equal(found + strlen(found) - strlen(expected), expected);
	assert_in_range(strlen(found), 140, 170);
	found = snippet_of(t, body, "straw7");
	assert_memory_equal(found, "straw7 straw7", 13);
	body[100] = '\0';
	assert_string_equal(snippet_of(t, body, "straw7"), body);
}

static void
a_snippet_of_a_long_word_is_cut_in_it(void **state)
{
	struct testdb *t = *state;
	char body[3 * 1000 + 1] = "";

	for (int i = 0; i < 1000; i++)
		memcpy(body + (ptrdiff_t)i * 3, "魚", 3);
	assert_int_equal(strlen(snippet_of(t, body, "魚")), 160 * 3 + 3);
}

/* Beyond the cap nothing is found, and no character is cut. */
static void
a_very_long_text_is_found_by_its_beginning(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann, NOW);
	char *body = malloc(SEARCH_BODY_MAX + 100);

	memset(body, '.', SEARCH_BODY_MAX + 100);
	memcpy(body, "early", 5);
	memcpy(body + SEARCH_BODY_MAX - 1, "é late", sizeof("é late"));
	say(t, ann, id, body);
	assert_int_equal(count(t, ann, "early"), 1);
	assert_int_equal(count(t, ann, "late"), 0);
	assert_int_equal(count(t, ann, "e"), 1);
	free(body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_is_in_it),
		cmocka_unit_test(texts_without_blanks_are_found_anywhere),
		cmocka_unit_test(each_finds_their_own),
		cmocka_unit_test(what_is_no_word_is_no_operator),
		cmocka_unit_test(a_new_text_takes_the_place),
		cmocka_unit_test(a_note_brings_its_text),
		cmocka_unit_test(a_note_is_for_one_process),
		cmocka_unit_test(two_processes_do_not_wait_for_each_other),
		cmocka_unit_test(the_newest_text_is_written_last),
		cmocka_unit_test(many_notes_of_a_text_come_to_an_end),
		cmocka_unit_test(who_stores_a_text_waits_for_nobody),
		cmocka_unit_test(a_batch_has_an_end),
		cmocka_unit_test(what_was_stored_before_is_noted_newest_first),
		cmocka_unit_test(only_what_is_shown),
		cmocka_unit_test(latest_sessions_first_and_three_of_each),
		cmocka_unit_test(many_texts_become_a_segment),
		cmocka_unit_test(long_texts_become_segments),
		cmocka_unit_test(a_text_is_written_again),
		cmocka_unit_test(a_deleted_session_leaves_its_segments),
		cmocka_unit_test(a_snippet_is_cut_between_words),
		cmocka_unit_test(a_snippet_of_a_long_word_is_cut_in_it),
		cmocka_unit_test(a_very_long_text_is_found_by_its_beginning),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
