/* search_segment_test.c: many texts become a segment of the index. */

#include "repo/search.h"

#include "../unit.h"
#include "base/buf.h"
#include "db/conn.h"
#include "repo/erase.h"
#include "repo/search_index.h"
#include "repo/search_rows.h"
#include "repo/search_write.h"
#include "repo/session.h"
#include "searchtest.h"

#include <stdio.h>

/* ---- segments */

#define MANY 300

/* Writes messages in sessions of ten, "common nNUMBER odd|even". */
static void
say_many(struct testdb *t, uint64_t user_id, uint64_t *sessions)
{
	for (int i = 0; i < MANY; i++) {
		if (i % 10 == 0)
			sessions[i / 10] =
				searchtest_session(t, user_id, NOW + i);
		searchtest_say(t, user_id, sessions[i / 10],
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

		assert_int_equal(searchtest_count(t, ann, "n0"), 1);
		assert_int_equal(searchtest_count(t, ann, "n299"), 1);
		assert_int_equal(rows_of(t, "search_segment", ann), merged);
		assert_int_equal(searchtest_count(t, ann, "n29"), 1 + 3);
		assert_int_equal(searchtest_count(t, ann, "n298 even"), 1);
		assert_int_equal(searchtest_count(t, ann, "n298 odd"), 0);
		assert_int_equal(searchtest_count(t, ann, "n29 even n297"), 0);
		assert_int_equal(searchtest_count(t, ann, "e n100"), 1);
		assert_int_equal(searchtest_count(t, ann, "zebra"), 0);
		page = searchtest_find(t, ann, "common", 30);
		assert_int_equal(page.n, 30);
		for (unsigned i = 0; i < page.n; i++)
			assert_int_equal(page.list[i].session_id,
				sessions[MANY / 10 - 1 - i / 3]);
		assert_int_equal(searchtest_count(t, ann, "\xe6\xb5\xb7"), 50);
		assert_int_equal(index_merge(t->db, ann), OK);
		assert_int_equal(index_is_due(t->db, ann, &due), OK);
		assert_false(due);
	}
	assert_int_equal(rows_of(t, "search_recent", ann), 0);
}

/* Words with common beginnings, like addresses in a log. */
static const char *
long_text(struct testdb *t, unsigned number)
{
	char *text = arena_alloc(&t->arena, SEARCH_BODY_MAX + 1), *at = text;

	for (unsigned i = 0; at - text < (ptrdiff_t)SEARCH_BODY_MAX - 100; i++)
		at += sprintf(at, "0x%016x%016x%024x ", number, i, number ^ i);
	return text;
}

#define LONG 12

/* However long and similar the words are, no statement is too large, no block
 * exceeds what a search may read, and no word is lost. */
static void
long_texts_become_segments(void **state)
{
	static const char LARGEST[] =
		"SELECT COALESCE(MAX(LENGTH(body)), 0) FROM search_word"
		" WHERE user_id = ?";
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), session = searchtest_session(t, ann, NOW);
	bool due;

	for (unsigned i = 0; i < LONG; i++)
		searchtest_say(t, ann, session, long_text(t, i));
	assert_int_equal(index_is_due(t->db, ann, &due), OK);
	assert_true(due);
	assert_int_equal(index_merge(t->db, ann), OK);
	assert_int_equal(index_is_due(t->db, ann, &due), OK);
	assert_false(due);
	assert_in_range(rows_of(t, "search_segment", ann), 2, LONG);
	assert_in_range(testdb_number(t, LARGEST, ann), 1 << 18, 2 << 20);
	for (unsigned i = 0; i < LONG; i++)
		assert_int_equal(searchtest_count(t, ann,
					 arena_printf(&t->arena, "0x%016x", i)),
			1);
}

/* A rewritten text is in two segments, and found by its current words. */
static void
a_text_is_written_again(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), sessions[MANY / 10], last;

	say_many(t, ann, sessions);
	last = searchtest_say(t, ann, sessions[0], "parchment");
	assert_int_equal(index_merge(t->db, ann), OK);
	searchtest_change(t, ann, sessions[0], last, "parchment papyrus");
	assert_int_equal(searchtest_count(t, ann, "parchment"), 1);
	assert_int_equal(searchtest_count(t, ann, "papyrus"), 1);
	searchtest_change(t, ann, sessions[0], last, "paper");
	assert_int_equal(searchtest_count(t, ann, "parchment"), 0);
	assert_int_equal(searchtest_count(t, ann, "paper"), 1);
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
	assert_int_equal(searchtest_count(t, ann, "n15"), 3);
	assert_int_equal(searchtest_count(t, ann, "n12 odd"), 3);
	assert_int_equal(testdb_number(t, BYTES, ann), bytes);
	assert_int_equal(erase_rest(t->db, ann, ERASE_TO_THE_END), OK);
	assert_int_equal(rows_of(t, "erasure", ann), 0);
	assert_true(testdb_number(t, BYTES, ann) < bytes);
	assert_int_equal(searchtest_count(t, ann, "n15"), 3); /* n150 to n159 */
	assert_int_equal(searchtest_count(t, ann, "n25"), 1 + 3);
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

/* The text repeated twelve times would exceed the server's limit. */
static void
a_text_fits_where_it_would_not_twelve_times(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id();
	uint64_t session_id = searchtest_session(t, ann, NOW);
	size_t packet_max = t->db->packet_max;
	struct index_text texts[ROWS_AT_ONCE + 1];
	struct buf body = BUF_INIT;

	for (unsigned i = 0; i < 400; i++)
		buf_printf(&body, "word%u ", i);
	for (unsigned i = 0; i < LENGTH(texts); i++)
		texts[i] = (struct index_text){ ann, session_id, testdb_id(),
			buf_span(&body) };
	assert_non_null(t->db->conn);
	t->db->packet_max = t->db->conn->packet_max = 2 * body.len;
	for (unsigned n = 1; n <= LENGTH(texts); n += LENGTH(texts) - 1)
		assert_int_equal(index_put(t->db, texts, n), OK);
	t->db->packet_max = t->db->conn->packet_max = packet_max;
	assert_int_equal(rows_of(t, "search_recent", ann), LENGTH(texts));
	buf_free(&body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_texts_become_a_segment),
		cmocka_unit_test(long_texts_become_segments),
		cmocka_unit_test(a_text_is_written_again),
		cmocka_unit_test(a_text_fits_where_it_would_not_twelve_times),
		cmocka_unit_test(a_deleted_session_leaves_its_segments),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
