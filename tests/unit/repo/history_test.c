/* history_test.c: pages of the shown path, byte for byte. */

#include "repo/history.h"

#include "../unit.h"
#include "api/shape.h"
#include "repo/message.h"
#include "repo/session.h"
#include "testdb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1750000000123)

struct place {
	uint64_t user_id, session_id;
};

static struct place
make_session(struct testdb *t)
{
	struct place place = { testdb_id(), testdb_id() };
	struct session_draft draft = { .id = place.session_id,
		.user_id = place.user_id,
		.title = "",
		.now_ms = NOW };

	assert_int_equal(session_insert(t->db, &draft), OK);
	return place;
}

static struct message
message(const char *status, bool is_user, struct span parts)
{
	return (struct message){ .id = testdb_id(),
		.is_user = is_user,
		.active = true,
		.status = status,
		.parts = parts,
		.create_ms = NOW };
}

static uint64_t
add(struct testdb *t, struct place place, const struct message *message)
{
	assert_int_equal(message_insert(t->db, place.session_id, message), OK);
	return message->id;
}

static uint64_t
add_text(struct testdb *t, struct place place)
{
	struct message m = message("complete", true, span_of("[]"));

	return add(t, place, &m);
}

static struct history
page(struct testdb *t, struct place place, uint64_t before, unsigned limit)
{
	struct history_range range = { place.user_id, place.session_id, before,
		limit };
	struct history history;

	assert_int_equal(
		history_before(t->db, &t->arena, &range, &history), OK);
	return history;
}

static void
every_page_size_gives_the_same_history(void **state)
{
	enum { N = 17 };
	struct testdb *t = *state;
	struct place place = make_session(t);
	uint64_t ids[N];

	for (int i = 0; i < N; i++)
		ids[i] = add_text(t, place);
	for (unsigned limit = 1; limit <= N + 1; limit++) {
		unsigned left = N;
		uint64_t before = 0;
		bool more = true;

		while (more) {
			struct history history = page(t, place, before, limit);

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
	struct place place = make_session(t);
	uint64_t first = add_text(t, place), last;
	struct message hidden = message("complete", false, span_of("[]"));
	struct message stopped = message("stopped", false, span_of("[]"));
	struct message running = message("streaming", false, span_of("[]"));
	struct history history;

	hidden.active = false;
	add(t, place, &hidden);
	last = add(t, place, &stopped);
	add(t, place, &running);
	history = page(t, place, 0, 10);
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
	struct place place = make_session(t), other = place;

	add_text(t, place);
	other.user_id = testdb_id();
	assert_int_equal(page(t, other, 0, 10).n, 0);
	other.user_id = 0;
	assert_int_equal(page(t, other, 0, 10).n, 0);
	other = place;
	other.session_id = testdb_id();
	assert_int_equal(page(t, other, 0, 10).n, 0);
}

/* A JSON column would reorder members, rewrite numbers and drop repeats. */
static void
parts_come_back_byte_for_byte(void **state)
{
	static const char json[] =
		"[ {\"type\":\"text\" ,\"text\":\"\\ud83e\\udd9c \\u0000 "
		"\xf0\x9f\xa6\x9c\xc3\xa4\\ud800\"},\t{\"zz\":1.0,\"a\":1e2,"
		"\"a\":1.10}, 12345678901234567890123,\r\n\"\\/'\\\\\" ]  ";
	struct testdb *t = *state;
	struct place place = make_session(t);
	struct message m = message(
		"complete", true, (struct span){ json, sizeof(json) - 1 });
	struct history history;

	m.metadata = span_of("{ \"b\" :1, \"a\":2 }");
	add(t, place, &m);
	history = page(t, place, 0, 1);
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
	struct place place = make_session(t);
	struct span parts = { json, sizeof(json) };
	struct message m = message("complete", true, parts);

	memset(json, '[', DEPTH);
	memset(json + DEPTH, ']', DEPTH);
	add(t, place, &m);
	assert_true(span_equal(page(t, place, 0, 1).list[0].parts, parts));
}

/* Three messages of half a page: two are one. */
static void
a_page_of_large_messages_ends_early(void **state)
{
	struct testdb *t = *state;
	struct place place = make_session(t);
	size_t len = HISTORY_BYTES_MAX / 2 - 10;
	char *json = malloc(len);
	struct message m;
	uint64_t ids[3];
	struct history history;

	assert_non_null(json);
	memset(json, ' ', len);
	memcpy(json, "[]", 2);
	for (int i = 0; i < 3; i++) {
		m = message("complete", true, (struct span){ json, len });
		ids[i] = add(t, place, &m);
	}
	history = page(t, place, 0, 50);
	assert_int_equal(history.n, 2);
	assert_true(history.older);
	assert_int_equal(history.list[0].id, ids[1]);
	history = page(t, place, ids[1], 50);
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

/* The one that goes beyond the page is not on it, unless it is the first. */
static void
a_message_of_any_size_comes_whole(void **state)
{
	struct testdb *t = *state;
	struct place place = make_session(t);
	size_t len = HISTORY_BYTES_MAX + 12345;
	char *json = malloc(len);
	struct message m;
	struct history history;

	assert_non_null(json);
	for (size_t i = 0; i < len; i++)
		json[i] = (char)('a' + i % 23);
	m = message("complete", true, (struct span){ json, len });
	m.metadata = (struct span){ json, len / 8 };
	add(t, place, &m);
	add_text(t, place);
	history = page(t, place, 0, 50);
	assert_int_equal(history.n, 1);
	assert_true(history.older);
	assert_int_equal(history.list[0].parts.len, 2);
	history = page(t, place, history.list[0].id, 50);
	assert_int_equal(history.n, 1);
	assert_false(history.older);
	assert_int_equal(
		history_complete(t->db, &t->arena, place.session_id, &history),
		OK);
	assert_true(span_equal(history.list[0].parts, m.parts));
	assert_true(span_equal(history.list[0].metadata, m.metadata));
	free(json);
}

/* What is read in pieces is never made of two states. */
static void
a_large_message_that_changes_meanwhile_is_asked_for_again(void **state)
{
	struct testdb *t = *state;
	struct place place = make_session(t);
	size_t len = 400000;
	char *json = malloc(len);
	struct message m;
	struct history history;

	assert_non_null(json);
	memset(json, ' ', len);
	m = message("complete", false, (struct span){ json, len });
	add(t, place, &m);
	history = page(t, place, 0, 1);
	history.list[0].update_ms++;
	assert_int_equal(
		history_complete(t->db, &t->arena, place.session_id, &history),
		ERR_BUSY);
	history = page(t, place, 0, 1);
	history.list[0].parts.len++;
	assert_int_equal(
		history_complete(t->db, &t->arena, place.session_id, &history),
		ERR_BUSY);
	free(json);
}

/* ---- as JSON */

static void
assert_shape(const struct history_message *m, const char *expected)
{
	struct buf buf = BUF_INIT;
	struct json_writer w = json_writer(&buf);

	shape_message(&w, m);
	assert_string_equal(buf_str(&buf), expected);
	buf_free(&buf);
}

#define CREATED "2025-06-15T15:06:40.123Z"

static void
a_users_metadata_are_its_own_and_ours(void **state)
{
	struct history_message m = { .id = 7,
		.from_user = true,
		.status = "complete",
		.parts = span_of("[ 1.0 ]"),
		.create_ms = NOW };

	(void)state;
	assert_shape(&m,
		"{\"id\":\"7\",\"role\":\"user\",\"parts\":[ 1.0 ],"
		"\"metadata\":{\"createTime\":\"" CREATED "\"}}");
	m.metadata = span_of("{}");
	assert_shape(&m,
		"{\"id\":\"7\",\"role\":\"user\",\"parts\":[ 1.0 ],"
		"\"metadata\":{\"createTime\":\"" CREATED "\"}}");
	m.metadata = span_of(
		"{\"createTime\":\"forged\",\"a\":{\"createTime\":[1]}}");
	assert_shape(&m,
		"{\"id\":\"7\",\"role\":\"user\",\"parts\":[ 1.0 ],"
		"\"metadata\":{\"a\":{\"createTime\":[1]},\"createTime\":\"" CREATED
		"\"}}");
	m.metadata = span_of("[1,2]");
	assert_shape(&m,
		"{\"id\":\"7\",\"role\":\"user\",\"parts\":[ 1.0 ],"
		"\"metadata\":{\"createTime\":\"" CREATED "\"}}");
	/* The page would look for what it does not know. */
	m.metadata = span_of(
		"{\"status\":\"odd\",\"mo\\u0064el\":{},\"usage\":1,"
		"\"error\":0,\"finishReason\":[],\"context\":2,\"b\":1e5}");
	assert_shape(&m,
		"{\"id\":\"7\",\"role\":\"user\",\"parts\":[ 1.0 ],"
		"\"metadata\":{\"b\":1e5,\"createTime\":\"" CREATED "\"}}");
}

static void
a_replys_metadata_are_as_stored(void **state)
{
	struct history_message m = { .id = 8,
		.status = "interrupted",
		.parts = span_of("[]"),
		.create_ms = NOW };

	(void)state;
	assert_shape(&m,
		"{\"id\":\"8\",\"role\":\"assistant\",\"parts\":[],"
		"\"metadata\":{\"createTime\":\"" CREATED
		"\",\"status\":\"interrupted\"}}");
	m.metadata = span_of("{ \"createTime\":\"x\", \"status\":\"stopped\","
			     " \"model\":\"m\",\"n\":1.0 }");
	assert_shape(&m,
		"{\"id\":\"8\",\"role\":\"assistant\",\"parts\":[],"
		"\"metadata\":{\"createTime\":\"x\", \"status\":\"stopped\","
		" \"model\":\"m\",\"n\":1.0}}");
	/* Posted as a reply by a client: it is a whole one all the same. */
	m.metadata = span_of("{\"status\":\"odd\",\"n\":1.0}");
	assert_shape(&m,
		"{\"id\":\"8\",\"role\":\"assistant\",\"parts\":[],"
		"\"metadata\":{\"n\":1.0,\"createTime\":\"" CREATED
		"\",\"status\":\"interrupted\"}}");
}

static struct history
around(struct testdb *t, struct place place, uint64_t id, unsigned limit)
{
	struct history_range range = { place.user_id, place.session_id, id,
		limit };
	struct history history;

	assert_int_equal(
		history_around(t->db, &t->arena, &range, &history), OK);
	return history;
}

/* From any message both ways to the ends, on pages of any size. */
static void
pages_around_a_message_lead_to_all(void **state)
{
	enum { N = 9 };
	struct testdb *t = *state;
	struct place place = make_session(t);
	uint64_t ids[N];

	for (unsigned i = 0; i < N; i++)
		ids[i] = add_text(t, place);
	for (unsigned at = 0; at < N; at++) {
		for (unsigned limit = 1; limit <= N + 1; limit++) {
			struct history found = around(t, place, ids[at], limit);
			unsigned from = 0;

			while (ids[from] != found.list[0].id)
				from++;
			assert_in_range(found.n, 1, limit);
			assert_in_range(at, from, from + found.n - 1);
			for (unsigned i = 0; i < found.n; i++)
				assert_int_equal(
					found.list[i].id, ids[from + i]);
			assert_int_equal(found.older, from > 0);
			assert_int_equal(found.newer, from + found.n < N);
		}
	}
	assert_int_equal(around(t, place, ids[N - 1], 4).n, 4);
}

static void
pages_after_a_message(void **state)
{
	struct testdb *t = *state;
	struct place place = make_session(t);
	uint64_t ids[5];
	struct history found;

	for (unsigned i = 0; i < 5; i++)
		ids[i] = add_text(t, place);
	for (unsigned at = 0; at < 5; at++) {
		struct history_range range = { place.user_id, place.session_id,
			ids[at], 2 };

		assert_int_equal(
			history_after(t->db, &t->arena, &range, &found), OK);
		assert_int_equal(found.n, MIN(2, 4 - at));
		assert_int_equal(found.newer, at < 2);
		for (unsigned i = 0; i < found.n; i++)
			assert_int_equal(found.list[i].id, ids[at + 1 + i]);
	}
}

static void
around_what_is_not_shown_is_nothing(void **state)
{
	struct testdb *t = *state;
	struct place place = make_session(t), other = make_session(t);
	struct message hidden = message("complete", true, span_of("[]"));
	struct message running = message("streaming", false, span_of("[]"));
	uint64_t shown = add_text(t, place), theirs = add_text(t, other);
	uint64_t bad[] = { 0, theirs, shown + 1, UINT64_MAX, 0, 0 };
	struct history history;

	hidden.active = false;
	bad[4] = add(t, place, &hidden);
	bad[5] = add(t, place, &running);
	assert_int_equal(around(t, place, shown, 10).n, 1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct history_range range = { place.user_id, place.session_id,
			bad[i], 10 };

		assert_int_equal(
			history_around(t->db, &t->arena, &range, &history),
			ERR_NOT_FOUND);
	}
}

/* ---- siblings */

static uint64_t
add_below(struct testdb *t, struct place place, uint64_t parent, bool active)
{
	struct message m = message("complete", true, span_of("[]"));

	m.parent_id = parent;
	m.active = active;
	return add(t, place, &m);
}

static void
siblings_are_those_of_one_parent(void **state)
{
	struct testdb *t = *state;
	struct place place = make_session(t), other = make_session(t);
	uint64_t root = add_below(t, place, 0, true);
	uint64_t twin = add_below(t, place, 0, false);
	uint64_t only = add_below(t, place, root, true);
	uint64_t a = add_below(t, place, only, false);
	uint64_t b = add_below(t, place, only, true);
	uint64_t c = add_below(t, place, only, false);
	struct history found;

	add_below(t, place, twin, false);
	add_below(t, other, 0, true);
	for (unsigned limit = 1; limit <= 3; limit++) {
		found = page(t, place, 0, limit);
		assert_int_equal(history_siblings(t->db, &t->arena,
					 place.session_id, &found),
			OK);
		assert_int_equal(found.list[limit - 1].n_siblings, 3);
		assert_int_equal(found.list[limit - 1].siblings[0], a);
		assert_int_equal(found.list[limit - 1].siblings[1], b);
		assert_int_equal(found.list[limit - 1].siblings[2], c);
	}
	assert_int_equal(found.list[1].n_siblings, 0);
	assert_int_equal(found.list[0].n_siblings, 2);
	assert_int_equal(found.list[0].siblings[0], root);
	assert_int_equal(found.list[0].siblings[1], twin);
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
		cmocka_unit_test(a_users_metadata_are_its_own_and_ours),
		cmocka_unit_test(a_replys_metadata_are_as_stored),
		cmocka_unit_test(pages_around_a_message_lead_to_all),
		cmocka_unit_test(pages_after_a_message),
		cmocka_unit_test(around_what_is_not_shown_is_nothing),
		cmocka_unit_test(siblings_are_those_of_one_parent),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
