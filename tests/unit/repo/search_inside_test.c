/* search_inside_test.c: finds words by their middle, in texts in segments and
 * in recent texts. */

#include "repo/search.h"

#include "../unit.h"
#include "repo/erase.h"
#include "repo/message.h"
#include "repo/search_index.h"
#include "repo/search_vocabulary.h"
#include "repo/session.h"
#include "testdb.h"

#include <string.h>

#define NOW INT64_C(1750000000123)
#define MANY 600

static uint64_t
make(struct testdb *t, uint64_t user_id)
{
	struct session_draft draft = { .id = testdb_id(),
		.user_id = user_id,
		.title = "A title",
		.now_ms = NOW };

	assert_int_equal(session_insert(t->db, &draft), OK);
	return draft.id;
}

static uint64_t
say(struct testdb *t, uint64_t user_id, uint64_t session_id, const char *body)
{
	struct message message = { .id = testdb_id(),
		.is_user = true,
		.active = true,
		.status = "complete",
		.create_ms = NOW };
	struct index_text text = { user_id, session_id, message.id,
		span_of(body) };

	message.parts = span_of(arena_printf(
		&t->arena, "[{\"type\":\"text\",\"text\":\"%s\"}]", body));
	assert_int_equal(message_insert(t->db, session_id, &message), OK);
	assert_int_equal(index_put(t->db, &text, 1), OK);
	return message.id;
}

static struct search_page
find(struct testdb *t, uint64_t user_id, const char *query)
{
	struct search_page page;

	assert_int_equal(search_find(t->db, &t->arena, user_id, span_of(query),
				 50, &page),
		OK);
	return page;
}

static unsigned
count(struct testdb *t, uint64_t user_id, const char *query)
{
	return find(t, user_id, query).n;
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
forget(struct testdb *t, uint64_t session)
{
	assert_int_equal(index_forget_place(t->db, &t->arena, session), OK);
}

/* Two segments and some recent texts; the first text names a server. */
static void
fill(struct testdb *t, uint64_t user_id, uint64_t sessions[2])
{
	sessions[0] = make(t, user_id);
	sessions[1] = make(t, user_id);
	say(t, user_id, sessions[0],
		"Is nginx or Stra\xc3\x9f"
		"enbahn ready?");
	for (unsigned i = 1; i < MANY; i++)
		say(t, user_id, sessions[1],
			arena_printf(&t->arena, "number%u stays the same%s", i,
				i % 200 == 7 ? " with openresty" : ""));
	assert_int_equal(index_merge(t->db, user_id), OK);
	assert_int_equal(index_merge(t->db, user_id), OK);
	assert_int_equal(rows_of(t, "search_segment", user_id), 2);
	assert_int_equal(rows_of(t, "search_vocabulary", user_id), 2);
	assert_int_equal(rows_of(t, "search_recent", user_id),
		MANY - 2 * INDEX_RECENT_MAX);
}

static void
a_word_is_found_by_its_middle(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), bob = testdb_id(), sessions[2];
	struct search_page page;

	fill(t, ann, sessions);
	page = find(t, ann, "GINX");
	assert_int_equal(page.n, 1);
	assert_int_equal(page.list[0].session_id, sessions[0]);
	assert_int_equal(count(t, ann, "ssenbahn"), 1);
	assert_int_equal(count(t, ann, "ginx senba ready"), 1);
	assert_int_equal(count(t, ann, "ginx missing"), 0);
	assert_int_equal(count(t, ann, "ginx same"), 0);
	assert_int_equal(count(t, ann, "inx"), 1);
	assert_int_equal(count(t, ann, "nx"), 0);
	assert_int_equal(count(t, ann, "ginxx"), 0);
	assert_int_equal(count(t, ann, "penrest"), 3);
	assert_int_equal(count(t, ann, "penrest umber407"), 1);
	assert_int_equal(count(t, bob, "ginx"), 0);
	assert_non_null(
		strstr(find(t, ann, "ginx").list[0].snippet.data, "nginx"));
}

/* Nothing of it remains, not even the word in the vocabulary. */
static void
a_deleted_session_takes_its_words(void **state)
{
	static const char LEFT[] =
		"SELECT COUNT(*) FROM search_vocabulary WHERE user_id = ?"
		" AND words LIKE '%nginx%'";
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), sessions[2];

	fill(t, ann, sessions);
	assert_int_equal(testdb_number(t, LEFT, ann), 1);
	forget(t, sessions[0]);
	assert_int_equal(testdb_number(t, LEFT, ann), 0);
	assert_int_equal(count(t, ann, "ginx"), 0);
	assert_int_equal(count(t, ann, "penrest"), 3);
	forget(t, sessions[1]);
	forget(t, sessions[1]);
	assert_int_equal(rows_of(t, "search_vocabulary", ann), 0);
}

static void
segments_from_before_are_filled_in(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), sessions[2], n = 0;
	struct vocabulary_at at = { 0 };

	fill(t, ann, sessions);
	assert_int_equal(
		db_exec(t->db,
			"DELETE FROM search_vocabulary WHERE user_id = ?",
			PARAMS(U64(ann))),
		OK);
	assert_int_equal(
		db_exec(t->db,
			"INSERT INTO search_vocabulary_fill (user_id, segment)"
			" SELECT user_id, id FROM search_segment"
			" WHERE user_id = ?",
			PARAMS(U64(ann))),
		OK);
	assert_int_equal(count(t, ann, "ginx"), 0);
	while (vocabulary_fill(t->db, &at) == OK)
		n++;
	assert_in_range(n, 2, 1000);
	assert_int_equal(vocabulary_fill(t->db, &at), ERR_NOT_FOUND);
	assert_int_equal(rows_of(t, "search_vocabulary", ann), 2);
	assert_int_equal(count(t, ann, "ginx"), 1);
	assert_int_equal(count(t, ann, "penrest"), 3);
}

/* A program of an older release writes segments at the same time. */
static void
segments_that_have_none_are_found(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), sessions[2];
	struct vocabulary_at at = { 0 };

	fill(t, ann, sessions);
	while (vocabulary_fill(t->db, &at) == OK)
		;
	assert_int_equal(
		db_exec(t->db,
			"DELETE FROM search_vocabulary WHERE user_id = ?"
			" ORDER BY segment LIMIT 1",
			PARAMS(U64(ann))),
		OK);
	assert_int_equal(vocabulary_fill(t->db, &at), ERR_NOT_FOUND);
	while (vocabulary_look(t->db, &at) == OK)
		;
	assert_int_equal(at.user_id, 0);
	assert_int_equal(rows_of(t, "search_vocabulary_fill", ann), 1);
	while (vocabulary_fill(t->db, &at) == OK)
		;
	assert_int_equal(rows_of(t, "search_vocabulary", ann), 2);
	assert_int_equal(count(t, ann, "ginx"), 1);
}

/* One list cannot be stored, another is locked for ever: the other segments get
 * theirs. */
static void
a_segment_that_cannot_be_filled_is_passed_by(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), bob = testdb_id(), sessions[2];
	struct vocabulary_at at = { 0 };

	fill(t, ann, sessions);
	fill(t, bob, sessions);
	for (int i = 0; i < 2; i++)
		assert_int_equal(
			db_exec(t->db,
				i == 0 ? "DELETE FROM search_vocabulary"
				       : "INSERT IGNORE INTO search_vocabulary_fill"
					 " (user_id, segment) SELECT user_id, id"
					 " FROM search_segment",
				NO_PARAMS),
			OK);
	assert_int_equal(
		db_script(t->db,
			span_of(arena_printf(&t->arena,
				"ALTER TABLE search_vocabulary ADD CONSTRAINT"
				" few CHECK (user_id <> %llu)",
				(unsigned long long)ann))),
		OK);
	while (vocabulary_fill(t->db, &at) == OK)
		;
	assert_int_equal(rows_of(t, "search_vocabulary", ann), 0);
	assert_int_equal(rows_of(t, "search_vocabulary", bob), 2);
	assert_int_equal(rows_of(t, "search_vocabulary_fill", ann), 0);
	assert_int_equal(
		db_script(t->db,
			span_of("ALTER TABLE search_vocabulary DROP CONSTRAINT"
				" few")),
		OK);
	while (vocabulary_look(t->db, &at) == OK)
		;
	while (vocabulary_fill(t->db, &at) == OK)
		;
	assert_int_equal(rows_of(t, "search_vocabulary", ann), 2);
}

static void
an_account_takes_all_of_it(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), sessions[2], n;

	fill(t, ann, sessions);
	do
		assert_int_equal(index_erase(t->db, ann, 500, &n), OK);
	while (n > 0);
	assert_int_equal(rows_of(t, "search_vocabulary", ann), 0);
}

/* The digits that encode a non-ASCII character are not letters. */
static void
letters_are_whole(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann);

	say(t, ann, id, "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82");
	assert_int_equal(count(t, ann, "\xd0\xb8\xd0\xb2\xd0\xb5"), 1);
	assert_int_equal(count(t, ann, "011"), 0);
	assert_int_equal(count(t, ann, "0"), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_is_found_by_its_middle),
		cmocka_unit_test(a_deleted_session_takes_its_words),
		cmocka_unit_test(segments_from_before_are_filled_in),
		cmocka_unit_test(segments_that_have_none_are_found),
		cmocka_unit_test(a_segment_that_cannot_be_filled_is_passed_by),
		cmocka_unit_test(an_account_takes_all_of_it),
		cmocka_unit_test(letters_are_whole),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
