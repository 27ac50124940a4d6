/* search_test.c: texts found by their words, for each user only their own. */

#include "repo/search.h"

#include "../unit.h"
#include "repo/message.h"
#include "repo/search_write.h"
#include "repo/session.h"
#include "searchtest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- finding */

static void
every_word_is_in_it(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = searchtest_session(t, ann, NOW);
	uint64_t said = searchtest_say(
		t, ann, id, "The lamplighter of G\xc3\xb6teborg, 1872");
	struct search_page page = searchtest_find(t, ann, "lamp GOTE", 10);

	assert_int_equal(page.n, 1);
	assert_int_equal(page.list[0].session_id, id);
	assert_int_equal(page.list[0].message_id, said);
	assert_int_equal(page.list[0].update_ms, NOW);
	assert_string_equal(page.list[0].title, "A title");
	assert_string_equal(page.list[0].snippet.data,
		"The lamplighter of G\xc3\xb6teborg, 1872");
	assert_int_equal(searchtest_count(t, ann, "the"), 1);
	assert_int_equal(searchtest_count(t, ann, "t"), 2); /* and the title */
	assert_int_equal(searchtest_count(t, ann, "18"), 1);
	assert_int_equal(searchtest_count(t, ann, "lighter"), 1);
	assert_int_equal(
		/* Too short for the middle of a word. */
		searchtest_count(t, ann, "er"), 0);
	assert_int_equal(searchtest_count(t, ann, "lamp stockholm"), 0);
	assert_int_equal(searchtest_count(t, ann, "872"), 1);
	assert_int_equal(searchtest_count(t, ann, "873"), 0);
}

static void
texts_without_blanks_are_found_anywhere(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = searchtest_session(t, ann, NOW);

	searchtest_say(t, ann, id, "深海の魚について教えて🦎");
	assert_int_equal(searchtest_count(t, ann, "魚"), 1);
	assert_int_equal(searchtest_count(t, ann, "海の魚"), 1);
	assert_int_equal(searchtest_count(t, ann, "教えて"), 1);
	assert_int_equal(searchtest_count(t, ann, "て"), 1);
	assert_int_equal(searchtest_count(t, ann, "🦎"), 1);
	assert_int_equal(searchtest_count(t, ann, "海魚"), 0);
	assert_int_equal(searchtest_count(t, ann, "🐟"), 0);
}

static void
each_finds_their_own(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), bob = testdb_id();
	uint64_t hers = searchtest_session(t, ann, NOW),
		 his = searchtest_session(t, bob, NOW);

	searchtest_say(t, ann, hers, "a secret of mine");
	searchtest_say(t, bob, his, "no secret at all");
	assert_int_equal(searchtest_find(t, ann, "secret", 50).n, 1);
	assert_int_equal(
		searchtest_find(t, ann, "secret", 50).list[0].session_id, hers);
	assert_int_equal(
		searchtest_find(t, bob, "secret", 50).list[0].session_id, his);
	assert_int_equal(searchtest_count(t, testdb_id(), "secret"), 0);
	/* even if the index is wrong */
	searchtest_put(t, ann, his, searchtest_say(t, bob, his, "misplaced"),
		"misplaced");
	assert_int_equal(searchtest_count(t, ann, "misplaced"), 0);
}

static void
what_is_no_word_is_no_operator(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = searchtest_session(t, ann, NOW);

	searchtest_say(t, ann, id, "plain words");
	assert_int_equal(searchtest_count(t, ann, "-plain ~words*"), 1);
	assert_int_equal(searchtest_count(t, ann, "\"plain\" (words) @2"), 0);
	assert_int_equal(searchtest_count(t, ann, "\"plain\" (words)"), 1);
	for (const char *const *q = (const char *const[]){ "", " ", "%", "_",
		     "*", "'\"\\", "+-><()~*\"@", NULL };
		*q != NULL; q++)
		assert_int_equal(searchtest_count(t, ann, *q), 0);
}

static void
a_new_text_takes_the_place(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = searchtest_session(t, ann, NOW), said;

	said = searchtest_say(t, ann, id, "before");
	searchtest_change(t, ann, id, said, "after");
	assert_int_equal(searchtest_count(t, ann, "before"), 0);
	assert_int_equal(searchtest_count(t, ann, "after"), 1);
	searchtest_change(t, ann, id, said, "...");
	assert_int_equal(searchtest_count(t, ann, "after"), 0);
}

static void
only_what_is_shown(void **state)
{
	static const char HIDE[] =
		"UPDATE message SET active = FALSE WHERE session_id = ?";
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = searchtest_session(t, ann, NOW);

	searchtest_say(t, ann, id, "hidden one");
	assert_int_equal(db_exec(t->db, HIDE, PARAMS(U64(id))), OK);
	searchtest_say(t, ann, id, "shown one");
	assert_int_equal(searchtest_count(t, ann, "one"), 1);
	assert_int_equal(searchtest_count(t, ann, "hidden"), 0);
	assert_int_equal(session_delete(t->db, &t->arena, ann, &id, 1), OK);
	assert_int_equal(searchtest_count(t, ann, "shown"), 0);
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
		ids[i] = searchtest_titled(t, ann, "pepper title", NOW + i);
		searchtest_put(t, ann, ids[i], SEARCH_TITLE, "pepper title");
		for (int n = 0; n < 5; n++)
			newest[i] =
				searchtest_say(t, ann, ids[i], "pepper text");
	}
	page = searchtest_find(t, ann, "pepper", 50);
	assert_int_equal(page.n, 12);
	for (unsigned i = 0; i < 12; i += 3) {
		assert_int_equal(page.list[i].session_id, ids[3 - i / 3]);
		assert_int_equal(page.list[i].message_id, SEARCH_TITLE);
		assert_int_equal(
			page.list[i + 1].message_id, newest[3 - i / 3]);
		assert_true(page.list[i + 2].message_id <
			page.list[i + 1].message_id);
	}
	assert_int_equal(searchtest_find(t, ann, "pepper", 4).n, 4);
}

/* ---- snippets */

static const char *
snippet_of(struct testdb *t, const char *body, const char *query)
{
	uint64_t ann = testdb_id(), id = searchtest_session(t, ann, NOW);
	struct search_page page;

	searchtest_say(t, ann, id, body);
	page = searchtest_find(t, ann, query, 1);
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

/* Nothing is found beyond the limit, and no character is split. */
static void
a_very_long_text_is_found_by_its_beginning(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = searchtest_session(t, ann, NOW);
	char *body = malloc(SEARCH_BODY_MAX + 100);

	memset(body, '.', SEARCH_BODY_MAX + 100);
	memcpy(body, "early", 5);
	memcpy(body + SEARCH_BODY_MAX - 1, "é late", sizeof("é late"));
	searchtest_say(t, ann, id, body);
	assert_int_equal(searchtest_count(t, ann, "early"), 1);
	assert_int_equal(searchtest_count(t, ann, "late"), 0);
	assert_int_equal(searchtest_count(t, ann, "e"), 1);
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
		cmocka_unit_test(only_what_is_shown),
		cmocka_unit_test(latest_sessions_first_and_three_of_each),
		cmocka_unit_test(a_snippet_is_cut_between_words),
		cmocka_unit_test(a_snippet_of_a_long_word_is_cut_in_it),
		cmocka_unit_test(a_very_long_text_is_found_by_its_beginning),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
