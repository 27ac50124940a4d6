/* message_test.c: which messages of a client's list a session knows. */

#include "repo/message.h"

#include "../unit.h"
#include "base/attr.h"
#include "base/buf.h"
#include "testdb.h"
#include "json/plain.h"

#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1750000000123)
#define MANY 1234

static uint64_t
add(struct testdb *t, uint64_t session_id, const char *client_id)
{
	const struct message message = { .id = testdb_id(),
		.is_user = true,
		.active = true,
		.status = STATUS_COMPLETE,
		.client_id = span_of(client_id),
		.parts = span_of("[]"),
		.create_ms = NOW };

	assert_int_equal(message_insert(t->db, session_id, &message), OK);
	return message.id;
}

/* Unknown ids; every seventh is empty. */
static void
fill(struct testdb *t, struct span *ids)
{
	for (unsigned i = 0; i < MANY; i++)
		ids[i] = i % 7 == 0
			? span_of("")
			: span_of(arena_printf(&t->arena, "unknown %u", i));
}

static size_t
known(struct testdb *t, uint64_t session_id, const struct span *ids, size_t n)
{
	size_t n_known = 99999;

	assert_int_equal(message_last_known(t->db, &t->arena, session_id, ids,
				 n, &n_known),
		OK);
	return n_known;
}

static void
the_last_known_one_is_found_anywhere(void **state)
{
	static const size_t places[] = { 0, 1, 33, 34, 29, 30, 31, 99, 100, 600,
		MANY - 31, MANY - 30, MANY - 29, MANY - 2, MANY - 1 };
	struct testdb *t = *state;
	uint64_t session_id = testdb_id(), id;
	static struct span ids[MANY];
	struct span number;

	add(t, testdb_id(), "theirs");
	add(t, session_id, "mine");
	id = add(t, session_id, NULL);
	number = span_of(
		arena_printf(&t->arena, "%llu", (unsigned long long)id));
	fill(t, ids);
	assert_int_equal(known(t, session_id, ids, MANY), 0);
	assert_int_equal(known(t, session_id, ids, 0), 0);
	for (size_t i = 0; i < LENGTH(places); i++) {
		fill(t, ids);
		ids[places[i]] = span_of("mine");
		assert_int_equal(
			known(t, session_id, ids, MANY), places[i] + 1);
		ids[places[i]] = number;
		assert_int_equal(
			known(t, session_id, ids, MANY), places[i] + 1);
		ids[0] = span_of("mine");
		assert_int_equal(
			known(t, session_id, ids, MANY), places[i] + 1);
	}
}

static void
ids_are_compared_to_the_letter(void **state)
{
	static const char *const not_mine[] = { "Mine", "mine ", " mine", "min",
		"theirs", "0", "" };
	struct testdb *t = *state;
	uint64_t session_id = testdb_id();
	struct span id;

	add(t, testdb_id(), "theirs");
	add(t, session_id, "mine");
	for (size_t i = 0; i < LENGTH(not_mine); i++) {
		id = span_of(not_mine[i]);
		assert_int_equal(known(t, session_id, &id, 1), 0);
	}
}

/* Only replies generated here may run tools. */
static void
a_posted_reply_is_not_made_here(void **state)
{
	struct message message = { .is_user = false };

	(void)state;
	assert_true(message_is_made(&message));
	message.client_id = span_of("posted");
	assert_false(message_is_made(&message));
	message = (struct message){ .is_user = true };
	assert_false(message_is_made(&message));
}

/* A file of a megabyte comes before a text of another megabyte. */
static void
a_line_of_a_message_is_not_all_of_it(void **state)
{
	struct testdb *t = *state;
	uint64_t session_id = testdb_id();
	struct message question = { .id = testdb_id(),
		.is_user = true,
		.active = true,
		.status = STATUS_COMPLETE };
	struct message_beginning begin;
	struct buf parts = BUF_INIT;

	buf_puts(&parts, "[{\"type\":\"file\",\"url\":\"");
	memset(buf_reserve(&parts, 1 << 20), 'A', 1 << 20);
	parts.len += 1 << 20;
	buf_puts(&parts, "\"},{\"type\":\"text\",\"text\":\"question ");
	for (int i = 0; i < 1 << 18; i++)
		buf_puts(&parts, "\xf0\x9f\x92\xa1");
	buf_puts(&parts, "\"}]");
	question.parts = buf_span(&parts);
	assert_int_equal(message_insert(t->db, session_id, &question), OK);
	assert_int_equal(
		message_begin_first(t->db, &t->arena, session_id, &begin), OK);
	assert_true(begin.id == question.id);
	assert_true(begin.parts.len <= 4 * (MESSAGE_BEGINNING + 1));
	assert_memory_equal(plain_text(&t->arena, begin.parts, "text", "text",
				    MESSAGE_BEGINNING)
				    .data,
		"question \xf0\x9f\x92\xa1", 13);
	assert_int_equal(message_begin_reply(t->db, &t->arena, session_id,
				 question.id, &begin),
		ERR_NOT_FOUND);
	buf_free(&parts);
}

/* Only the text's beginning counts. */
static void
a_message_without_text_begins_at_its_start(void **state)
{
	static const char parts[] = "[{\"type\":\"file\",\"mediaType\":\"a/b\","
				    "\"filename\":\"x.png\",\"url\":\"";
	struct testdb *t = *state;
	uint64_t session_id = testdb_id();
	struct message question = { .id = testdb_id(),
		.is_user = true,
		.active = true,
		.status = STATUS_COMPLETE };
	struct message reply = { .id = testdb_id(),
		.parent_id = question.id,
		.status = STATUS_COMPLETE,
		.parts = span_of("[{\"type\":\"text\",\"text\":\"yes\"}]") };
	struct message_beginning begin;
	struct buf text = BUF_INIT;

	buf_puts(&text, parts);
	memset(buf_reserve(&text, 1 << 20), 'A', 1 << 20);
	text.len += 1 << 20;
	buf_puts(&text, "\"}]");
	question.parts = buf_span(&text);
	assert_int_equal(message_insert(t->db, session_id, &question), OK);
	assert_int_equal(message_insert(t->db, session_id, &reply), OK);
	assert_int_equal(
		message_begin_first(t->db, &t->arena, session_id, &begin), OK);
	assert_int_equal(begin.parts.len, MESSAGE_BEGINNING);
	assert_string_equal(plain_text(&t->arena, begin.parts, "file",
				    "filename", MESSAGE_BEGINNING)
				    .data,
		"x.png");
	assert_int_equal(message_begin_reply(t->db, &t->arena, session_id,
				 question.id, &begin),
		OK);
	assert_true(begin.id == reply.id);
	assert_true(span_is(begin.parts, reply.parts.data));
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_known_one_is_found_anywhere),
		cmocka_unit_test(ids_are_compared_to_the_letter),
		cmocka_unit_test(a_posted_reply_is_not_made_here),
		cmocka_unit_test(a_line_of_a_message_is_not_all_of_it),
		cmocka_unit_test(a_message_without_text_begins_at_its_start),
	};

	return cmocka_run_group_tests_name(
		"message", tests, testdb_open, testdb_close);
}
