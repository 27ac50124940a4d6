/* search_pending_test.c: texts are noted first and indexed later. */

#include "repo/search.h"

#include "../unit.h"
#include "base/clock.h"
#include "repo/message.h"
#include "repo/search_index.h"
#include "repo/search_write.h"
#include "repo/session.h"
#include "searchtest.h"

#include <string.h>

/* ---- pending texts */

struct taking {
	struct testdb *t;
	uint64_t session_id; /* other tests may have pending texts, too */
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

/* Takes all notes; counts those of the session, and keeps the last one. */
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
	uint64_t ann = testdb_id(), id = searchtest_session(t, ann, NOW);
	uint64_t said = searchtest_say(t, ann, id, "x");
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
	/* Was deleted. */
	assert_int_equal(search_note(t->db, id, said + 1), OK);
	taken = take_notes(t, id);
	assert_int_equal(taken.n, 1);
	assert_null(taken.source.parts.data);
	assert_null(taken.source.title.data);
	assert_int_equal(search_note(t->db, id, said), OK);
	assert_int_equal(session_delete(t->db, &t->arena, ann, &id, 1), OK);
	assert_int_equal(take_notes(t, id).n, 0);
}

/* While one process works on it, another finds nothing. */
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
	uint64_t ann = testdb_id(), id = searchtest_session(t, ann, NOW);

	take_notes(t, id);
	assert_int_equal(search_note(t->db, id, SEARCH_TITLE), OK);
	assert_int_equal(db_transaction(t->db, look_from_beside, t), OK);
	assert_int_equal(take_notes(t, id).n, 0);
}

struct storing {
	struct testdb *t;
	uint64_t session_id;
};

/* The text is stored again while a process holds the note. */
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
	uint64_t ann = testdb_id(), id = searchtest_session(t, ann, NOW);
	struct storing storing = { t, id };

	take_notes(t, id);
	assert_int_equal(search_note(t->db, id, SEARCH_TITLE), OK);
	assert_int_equal(db_transaction(t->db, store_beside, &storing), OK);
	assert_int_equal(take_notes(t, id).n, 1); /* of the newer text */
}

/* Large texts do not prolong a transaction. */
static void
a_batch_has_an_end(void **state)
{
	enum { LARGE = 600 << 10, TEXTS = 5 };
	static const char PENDING[] =
		"SELECT COUNT(*) FROM search_pending WHERE session_id = ?";
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = searchtest_session(t, ann, NOW),
		 said[TEXTS];
	char *text = arena_alloc(&t->arena, LARGE + 1);
	struct search_written written;

	memset(text, 'x', LARGE);
	text[LARGE] = '\0';
	take_notes(t, id);
	for (int i = 0; i < TEXTS; i++)
		said[i] = searchtest_say(t, ann, id, text);
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
	const struct search_note *first; /* locked through t->db */
};

/* While both hold their notes, the first finishes with its own. */
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
	uint64_t ann = testdb_id(), id = searchtest_session(t, ann, NOW);

	take_notes(t, id);
	for (uint64_t i = 0; i < AT_ONCE * 2; i++)
		assert_int_equal(search_note(t->db, id, 100 + i), OK);
	assert_int_equal(db_transaction(t->db, take_first, t), OK);
	assert_int_equal(take_notes(t, id).n, 0);
}

/* One process has read a title; before it writes, the title changes and a
 * second process starts. */
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
	uint64_t ann = testdb_id(), id = searchtest_session(t, ann, NOW);
	struct storing storing = { t, id };
	struct search_written written;

	take_notes(t, id);
	assert_int_equal(search_note(t->db, id, SEARCH_TITLE), OK);
	assert_int_equal(db_transaction(t->db, write_late, &storing), OK);
	assert_int_equal(search_write(t->db, 1, &written), OK);
	assert_int_equal(searchtest_count(t, ann, "lamplighter"), 1);
	assert_int_equal(take_notes(t, id).n, 0);
}

/* More free notes than are taken at a time delay nothing. */
static void
many_notes_of_a_text_come_to_an_end(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = searchtest_session(t, ann, NOW);
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
	assert_int_equal(searchtest_count(t, ann, "title"), 1);
}

/* ---- texts older than the index */

static void
what_was_stored_before_is_noted_newest_first(void **state)
{
	static const char BEGIN[] =
		"INSERT INTO search_fill (session_id, message_id, done, total)"
		" VALUES (?, 0, 0, 600)";
	static const char PENDING[] =
		"SELECT COUNT(*) FROM search_pending WHERE session_id = ?";
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), small = searchtest_session(t, ann, NOW),
		 large = searchtest_session(t, ann, NOW),
		 last = searchtest_session(t, ann, NOW);
	struct search_fill fill;

	for (int i = 0; i < 3; i++)
		searchtest_say(t, ann, small, "one of few");
	for (int i = 0; i < 600; i++)
		searchtest_say(t, ann, large, "one of many");
	searchtest_say(t, ann, last, "the newest");
	take_notes(t, last);
	assert_int_equal(
		db_exec(t->db, "DELETE FROM search_fill", NO_PARAMS), OK);
	assert_int_equal(search_fill(t->db, &fill), ERR_NOT_FOUND);
	assert_int_equal(db_exec(t->db, BEGIN, PARAMS(U64(last + 1000))), OK);
	assert_int_equal(search_fill(t->db, &fill), OK);
	/* Including the title. */
	assert_int_equal(testdb_number(t, PENDING, last), 2);
	assert_int_equal(testdb_number(t, PENDING, small), 0);
	assert_in_range(fill.done, 2, 600);
	while (search_fill(t->db, &fill) == OK && fill.noted > 0)
		;
	assert_int_equal(testdb_number(t, PENDING, large), 600 + 1);
	assert_int_equal(testdb_number(t, PENDING, small), 3 + 1);
	assert_int_equal(search_fill(t->db, &fill), ERR_NOT_FOUND);
	take_notes(t, last);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_note_brings_its_text),
		cmocka_unit_test(a_note_is_for_one_process),
		cmocka_unit_test(two_processes_do_not_wait_for_each_other),
		cmocka_unit_test(the_newest_text_is_written_last),
		cmocka_unit_test(many_notes_of_a_text_come_to_an_end),
		cmocka_unit_test(who_stores_a_text_waits_for_nobody),
		cmocka_unit_test(a_batch_has_an_end),
		cmocka_unit_test(what_was_stored_before_is_noted_newest_first),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
