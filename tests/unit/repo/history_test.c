/* history_test.c: pages of the shown path, byte for byte. */

#include "repo/history.h"

#include "../unit.h"
#include "historytest.h"
#include "repo/message.h"
#include "repo/session.h"
#include "testdb.h"

#include <stdlib.h>
#include <string.h>

static void
every_page_size_gives_the_same_history(void **state)
{
	enum { N = 17 };
	struct testdb *t = *state;
	struct place place = historytest_make_session(t);
	uint64_t ids[N];

	for (int i = 0; i < N; i++)
		ids[i] = historytest_add_text(t, place);
	for (unsigned limit = 1; limit <= N + 1; limit++) {
		unsigned left = N;
		uint64_t before = 0;
		bool more = true;

		while (more) {
			struct history history =
				historytest_page(t, place, before, limit);

			assert_int_equal(
				history.n, left < limit ? left : limit);
			left -= history.n;
			for (unsigned i = 0; i < history.n; i++)
				assert_int_equal(
					history.list[i].id, ids[left + i]);
			before = history.list[0].id;
			more = history.older;
			assert_int_equal(more, left > 0);
		}
	}
}

static void
only_the_shown_and_finished_path(void **state)
{
	struct testdb *t = *state;
	struct place place = historytest_make_session(t);
	uint64_t first = historytest_add_text(t, place), last;
	struct message hidden =
		historytest_message("complete", false, span_of("[]"));
	struct message stopped =
		historytest_message("stopped", false, span_of("[]"));
	struct message running =
		historytest_message("streaming", false, span_of("[]"));
	struct history history;

	hidden.active = false;
	historytest_add(t, place, &hidden);
	last = historytest_add(t, place, &stopped);
	historytest_add(t, place, &running);
	history = historytest_page(t, place, 0, 10);
	assert_int_equal(history.n, 2);
	assert_false(history.older);
	assert_int_equal(history.list[0].id, first);
	assert_true(history.list[0].from_user);
	assert_int_equal(history.list[1].id, last);
	assert_false(history.list[1].from_user);
	assert_string_equal(history.list[1].status, "stopped");
	assert_int_equal(history.list[1].create_ms, NOW);
}

static void
nobody_reads_anothers_history(void **state)
{
	struct testdb *t = *state;
	struct place place = historytest_make_session(t), other = place;

	historytest_add_text(t, place);
	other.user_id = testdb_id();
	assert_int_equal(historytest_page(t, other, 0, 10).n, 0);
	other.user_id = 0;
	assert_int_equal(historytest_page(t, other, 0, 10).n, 0);
	other = place;
	other.session_id = testdb_id();
	assert_int_equal(historytest_page(t, other, 0, 10).n, 0);
}

/* A JSON column would reorder members, rewrite numbers and drop duplicates. */
static void
parts_come_back_byte_for_byte(void **state)
{
	static const char json[] =
		"[ {\"type\":\"text\" ,\"text\":\"\\ud83e\\udd9c \\u0000 "
		"\xf0\x9f\xa6\x9c\xc3\xa4\\ud800\"},\t{\"zz\":1.0,\"a\":1e2,"
		"\"a\":1.10}, 12345678901234567890123,\r\n\"\\/'\\\\\" ]  ";
	struct testdb *t = *state;
	struct place place = historytest_make_session(t);
	struct message m = historytest_message(
		"complete", true, (struct span){ json, sizeof(json) - 1 });
	struct history history;

	m.metadata = span_of("{ \"b\" :1, \"a\":2 }");
	historytest_add(t, place, &m);
	history = historytest_page(t, place, 0, 1);
	assert_int_equal(history.list[0].parts.len, sizeof(json) - 1);
	assert_memory_equal(history.list[0].parts.data, json, sizeof(json) - 1);
	assert_true(span_equal(history.list[0].metadata, m.metadata));
}

static void
deep_json_is_kept(void **state)
{
	enum { DEPTH = 60 };
	char json[2 * DEPTH];
	struct testdb *t = *state;
	struct place place = historytest_make_session(t);
	struct span parts = { json, sizeof(json) };
	struct message m = historytest_message("complete", true, parts);

	memset(json, '[', DEPTH);
	memset(json + DEPTH, ']', DEPTH);
	historytest_add(t, place, &m);
	assert_true(span_equal(
		historytest_page(t, place, 0, 1).list[0].parts, parts));
}

/* Three messages of half a page each: two fit. */
static void
a_page_of_large_messages_ends_early(void **state)
{
	struct testdb *t = *state;
	struct place place = historytest_make_session(t);
	size_t len = HISTORY_BYTES_MAX / 2 - 10;
	char *json = malloc(len);
	struct message m;
	uint64_t ids[3];
	struct history history;

	assert_non_null(json);
	memset(json, ' ', len);
	memcpy(json, "[]", 2);
	for (int i = 0; i < 3; i++) {
		m = historytest_message(
			"complete", true, (struct span){ json, len });
		ids[i] = historytest_add(t, place, &m);
	}
	history = historytest_page(t, place, 0, 50);
	assert_int_equal(history.n, 2);
	assert_true(history.older);
	assert_int_equal(history.list[0].id, ids[1]);
	history = historytest_page(t, place, ids[1], 50);
	assert_int_equal(history.n, 1);
	assert_false(history.older);
	assert_int_equal(history.list[0].parts.len, len);
	assert_null(history.list[0].parts.data);
	assert_int_equal(
		history_complete(t->db, &t->arena, place.session_id, &history),
		OK);
	assert_memory_equal(history.list[0].parts.data, json, len);
	free(json);
}

/* The message that would exceed the page is not on it, unless it is the
 * first. */
static void
a_message_of_any_size_comes_whole(void **state)
{
	struct testdb *t = *state;
	struct place place = historytest_make_session(t);
	size_t len = HISTORY_BYTES_MAX + 12345;
	char *json = malloc(len);
	struct message m;
	struct history history;

	assert_non_null(json);
	for (size_t i = 0; i < len; i++)
		json[i] = (char)('a' + i % 23);
	m = historytest_message("complete", true, (struct span){ json, len });
	m.metadata = (struct span){ json, len / 8 };
	historytest_add(t, place, &m);
	historytest_add_text(t, place);
	history = historytest_page(t, place, 0, 50);
	assert_int_equal(history.n, 1);
	assert_true(history.older);
	assert_int_equal(history.list[0].parts.len, 2);
	history = historytest_page(t, place, history.list[0].id, 50);
	assert_int_equal(history.n, 1);
	assert_false(history.older);
	assert_int_equal(
		history_complete(t->db, &t->arena, place.session_id, &history),
		OK);
	assert_true(span_equal(history.list[0].parts, m.parts));
	assert_true(span_equal(history.list[0].metadata, m.metadata));
	free(json);
}

/* A text read in pieces is never a mixture of two states. */
static void
a_large_message_that_changes_meanwhile_is_asked_for_again(void **state)
{
	struct testdb *t = *state;
	struct place place = historytest_make_session(t);
	size_t len = 400000;
	char *json = malloc(len);
	struct message m;
	struct history history;

	assert_non_null(json);
	memset(json, ' ', len);
	m = historytest_message("complete", false, (struct span){ json, len });
	historytest_add(t, place, &m);
	history = historytest_page(t, place, 0, 1);
	history.list[0].update_ms++;
	assert_int_equal(
		history_complete(t->db, &t->arena, place.session_id, &history),
		ERR_BUSY);
	history = historytest_page(t, place, 0, 1);
	history.list[0].parts.len++;
	assert_int_equal(
		history_complete(t->db, &t->arena, place.session_id, &history),
		ERR_BUSY);
	free(json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_page_size_gives_the_same_history),
		cmocka_unit_test(only_the_shown_and_finished_path),
		cmocka_unit_test(nobody_reads_anothers_history),
		cmocka_unit_test(parts_come_back_byte_for_byte),
		cmocka_unit_test(deep_json_is_kept),
		cmocka_unit_test(a_page_of_large_messages_ends_early),
		cmocka_unit_test(a_message_of_any_size_comes_whole),
		cmocka_unit_test(
			a_large_message_that_changes_meanwhile_is_asked_for_again),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
