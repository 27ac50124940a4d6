/* session_test.c: the list of conversations, and their owners. */

#include "repo/session.h"

#include "../unit.h"
#include "repo/message.h"
#include "testdb.h"

#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1750000000123)

static uint64_t
make(struct testdb *t, uint64_t user_id)
{
	return testdb_session(t, user_id, NOW);
}

static uint64_t
add_message(struct testdb *t, uint64_t session_id, const char *status)
{
	return testdb_message(t, session_id, status, NOW);
}

static struct session_page
list(struct testdb *t, uint64_t user_id, struct session_place place,
	unsigned limit)
{
	struct session_page page;

	assert_int_equal(session_list(t->db, &t->arena,
				 (struct session_filter){ .user_id = user_id },
				 place, limit, &page),
		OK);
	return page;
}

static enum err
finish(struct testdb *t, uint64_t session_id, uint64_t id, bool *done)
{
	struct message_end end = { .session_id = session_id,
		.id = id,
		.life = { .began_ms = NOW },
		.status = "complete",
		.parts = span_of("[]"),
		.metadata = span_of("{}"),
		.now_ms = NOW };

	return message_finish(t->db, &end, done);
}

static enum err
rename_to(struct testdb *t, uint64_t user_id, uint64_t id, const char *title)
{
	struct session_change change = { .title = title };

	return session_change(t->db, &t->arena, user_id, id, &change);
}

/* ---- tests */

static void
a_session_belongs_to_one_user(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), bob = testdb_id(), id = make(t, ann);
	struct session found;

	assert_int_equal(session_find(t->db, &t->arena, ann, id, &found), OK);
	assert_int_equal(found.id, id);
	assert_string_equal(found.title, "A title");
	assert_int_equal(found.create_ms, NOW);
	assert_int_equal(found.update_ms, NOW);
	assert_false(found.streaming);
	assert_int_equal(
		session_find(t->db, &t->arena, bob, id, &found), ERR_NOT_FOUND);
	assert_int_equal(session_find(t->db, &t->arena, ann, id + 1, &found),
		ERR_NOT_FOUND);
	assert_int_equal(rename_to(t, bob, id, "Mine"), ERR_NOT_FOUND);
	assert_int_equal(
		session_delete(t->db, &t->arena, bob, &id, 1), ERR_NOT_FOUND);
	assert_int_equal(session_find(t->db, &t->arena, ann, id, &found), OK);
	assert_string_equal(found.title, "A title");
}

static void
a_new_title_keeps_the_place_in_the_list(void **state)
{
	static const char title[] = "\xf0\x9f\xa6\x9c \xc3\xa9t\xc3\xa9";
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann);
	struct session found;

	assert_int_equal(rename_to(t, ann, id, title), OK);
	assert_int_equal(rename_to(t, ann, id, title), OK);
	assert_int_equal(session_find(t->db, &t->arena, ann, id, &found), OK);
	assert_string_equal(found.title, title);
	assert_int_equal(found.update_ms, NOW);
	assert_int_equal(session_touch(t->db, id, NOW + 5, 0), OK);
	assert_int_equal(session_find(t->db, &t->arena, ann, id, &found), OK);
	assert_int_equal(found.update_ms, NOW + 5);
}

static void
a_title_has_255_characters_of_any_kind(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann);
	char title[SESSION_TITLE_MAX * 4 + 1] = "";
	struct session found;

	for (int i = 0; i < SESSION_TITLE_MAX; i++)
		memcpy(title + (ptrdiff_t)i * 4, "\xf0\x9f\xa6\x9c", 4);
	assert_int_equal(rename_to(t, ann, id, title), OK);
	assert_int_equal(session_find(t->db, &t->arena, ann, id, &found), OK);
	assert_string_equal(found.title, title);
}

static void
a_running_reply_shows(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann), running;
	struct session_page page;
	struct session found;
	bool done;

	add_message(t, id, "complete");
	running = add_message(t, id, "streaming");
	assert_int_equal(session_find(t->db, &t->arena, ann, id, &found), OK);
	assert_true(found.streaming);
	page = list(t, ann, SESSION_LIST_START, 10);
	assert_int_equal(page.n, 1);
	assert_true(page.list[0].streaming);
	assert_int_equal(finish(t, id, running, &done), OK);
	assert_int_equal(session_find(t->db, &t->arena, ann, id, &found), OK);
	assert_false(found.streaming);
}

/* A finished reply below *parent_id*, on the shown path. */
static uint64_t
add_reply(struct testdb *t, uint64_t session_id, uint64_t parent_id, bool asks)
{
	struct message reply = { .id = testdb_id(),
		.parent_id = parent_id,
		.active = true,
		.status = "streaming",
		.parts = span_of("[]"),
		.create_ms = NOW };
	struct message_end end = { .session_id = session_id,
		.id = reply.id,
		.life = { .began_ms = NOW },
		.status = "complete",
		.parts = span_of("[]"),
		.metadata = span_of("{}"),
		.asks = asks,
		.now_ms = NOW };
	bool done;

	assert_int_equal(message_insert(t->db, session_id, &reply), OK);
	assert_int_equal(message_finish(t->db, &end, &done), OK);
	assert_true(done);
	return reply.id;
}

static bool
asks(struct testdb *t, uint64_t user_id, uint64_t id)
{
	struct session_page page = list(t, user_id, SESSION_LIST_START, 10);
	struct session found;

	assert_int_equal(page.n, 1);
	assert_int_equal(
		session_find(t->db, &t->arena, user_id, id, &found), OK);
	assert_int_equal(page.list[0].asking, found.asking);
	assert_false(found.asking && found.streaming);
	return found.asking;
}

static void
a_reply_that_asks_shows_until_the_next_one(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann), next;
	bool done;

	add_reply(t, id, 0, true);
	assert_int_equal(session_settle(t->db, id, NOW + 1, 0), OK);
	assert_true(asks(t, ann, id));
	/* A reply is replaced, or another question is asked, and a new reply
	 * begins. */
	assert_int_equal(session_touch(t->db, id, NOW + 2, 0), OK);
	next = add_message(t, id, "streaming");
	assert_false(asks(t, ann, id));
	assert_int_equal(session_settle(t->db, id, 0, 0), OK);
	assert_false(asks(t, ann, id));
	assert_int_equal(finish(t, id, next, &done), OK);
	assert_int_equal(session_settle(t->db, id, NOW + 3, 0), OK);
	assert_false(asks(t, ann, id));
}

static void
only_the_shown_path_asks(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = make(t, ann);
	uint64_t question = add_message(t, id, "complete");
	uint64_t plain = add_reply(t, id, question, false);
	uint64_t asking = add_reply(t, id, question, true);
	const struct session_change to_plain = { .leaf_id = plain },
				    to_asking = { .leaf_id = asking };

	for (int i = 0; i < 2; i++) {
		assert_int_equal(
			session_change(t->db, &t->arena, ann, id, &to_asking),
			OK);
		assert_true(asks(t, ann, id));
		assert_int_equal(
			session_change(t->db, &t->arena, ann, id, &to_plain),
			OK);
		assert_false(asks(t, ann, id));
	}
}

static void
a_mark_alone_is_no_reply(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), ids[20];
	struct session_page page;
	struct session found;

	for (unsigned i = 0; i < 20; i++) {
		ids[i] = testdb_session(t, ann, NOW - i);
		if (i % 3 == 0)
			add_message(t, ids[i], "streaming");
	}
	page = list(t, ann, SESSION_LIST_START, 19);
	assert_int_equal(page.n, 19);
	for (unsigned i = 0; i < page.n; i++) {
		assert_int_equal(page.list[i].id, ids[i]);
		assert_int_equal(page.list[i].streaming, i % 3 == 0);
	}
	assert_int_equal(
		session_find(t->db, &t->arena, ann, ids[1], &found), OK);
	assert_false(found.streaming);
}

/* Every page size yields the same list, also if updates have the same time. */
static void
pages_are_the_list_cut(void **state)
{
	enum { N = 23 };
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), bob = testdb_id(), ids[N];

	for (int i = 0; i < N; i++) {
		ids[i] = testdb_session(
			/* Groups of five with the same time. */
			t, ann, NOW + i / 5);
		testdb_session(t, bob, NOW + i);
	}
	for (unsigned limit = 1; limit <= N + 1; limit++) {
		struct session_page page = { .more = true };
		unsigned left = N;

		for (struct session_place place = SESSION_LIST_START; page.more;
			place.update_ms = page.list[page.n - 1].update_ms,
					  place.id = page.list[page.n - 1].id) {
			page = list(t, ann, place, limit);
			assert_int_equal(page.n, MIN(limit, left));
			for (unsigned i = 0; i < page.n; i++)
				assert_int_equal(page.list[i].id, ids[--left]);
			assert_int_equal(page.more, left > 0);
		}
	}
}

static void
a_first_message_makes_one_session(void **state)
{
	struct testdb *t = *state;
	struct session_draft draft = { .id = testdb_id(),
		.user_id = testdb_id(),
		.title = "",
		.chat_id = span_of("chat"),
		.first_client_id = span_of("m1"),
		.now_ms = NOW };
	struct session_draft again = draft, later = draft, spaced = draft;
	uint64_t id;

	again.id = testdb_id();
	later.id = testdb_id();
	later.first_client_id = span_of("m2");
	spaced.id = testdb_id();
	spaced.first_client_id = span_of("m1 ");
	assert_int_equal(session_insert(t->db, &draft), OK);
	assert_int_equal(session_insert(t->db, &again), ERR_CONFLICT);
	assert_int_equal(session_insert(t->db, &spaced), OK);
	assert_int_equal(session_insert(t->db, &later), OK);
	assert_int_equal(testdb_number(t,
				 "SELECT COUNT(*) FROM session WHERE user_id"
				 " = ? AND first_client_id = 'm1'",
				 draft.user_id),
		1);
	assert_int_equal(session_find_chat(t->db, &t->arena, draft.user_id,
				 draft.chat_id, &id),
		OK);
	assert_int_equal(id, spaced.id > later.id ? spaced.id : later.id);
	assert_int_equal(session_find_chat(t->db, &t->arena, testdb_id(),
				 draft.chat_id, &id),
		ERR_NOT_FOUND);
}

static void
without_a_chat_id_nothing_is_the_same(void **state)
{
	struct testdb *t = *state;
	struct session_draft draft = { .id = testdb_id(),
		.user_id = testdb_id(),
		.title = "",
		.first_client_id = span_of("m1"),
		.now_ms = NOW };

	assert_int_equal(session_insert(t->db, &draft), OK);
	draft.id = testdb_id();
	assert_int_equal(session_insert(t->db, &draft), OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_belongs_to_one_user),
		cmocka_unit_test(a_new_title_keeps_the_place_in_the_list),
		cmocka_unit_test(a_title_has_255_characters_of_any_kind),
		cmocka_unit_test(a_running_reply_shows),
		cmocka_unit_test(a_reply_that_asks_shows_until_the_next_one),
		cmocka_unit_test(only_the_shown_path_asks),
		cmocka_unit_test(a_mark_alone_is_no_reply),
		cmocka_unit_test(pages_are_the_list_cut),
		cmocka_unit_test(a_first_message_makes_one_session),
		cmocka_unit_test(without_a_chat_id_nothing_is_the_same),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
