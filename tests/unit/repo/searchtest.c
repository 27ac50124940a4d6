#include "searchtest.h"

#include "../unit.h"
#include "repo/message.h"
#include "repo/search_index.h"
#include "repo/session.h"

#include <string.h>

uint64_t
searchtest_titled(
	struct testdb *t, uint64_t user_id, const char *title, int64_t now_ms)
{
	struct session_draft draft = { .id = testdb_id(),
		.user_id = user_id,
		.title = title,
		.now_ms = now_ms };

	assert_int_equal(session_insert(t->db, &draft), OK);
	return draft.id;
}

uint64_t
searchtest_session(struct testdb *t, uint64_t user_id, int64_t now_ms)
{
	return searchtest_titled(t, user_id, "A title", now_ms);
}

void
searchtest_put(struct testdb *t, uint64_t user_id, uint64_t session_id,
	uint64_t id, const char *body)
{
	struct index_text text = { user_id, session_id, id, span_of(body) };

	assert_int_equal(index_put(t->db, &text, 1), OK);
}

/* Parts with this body, which must not contain quotes or backslashes. */
struct span
searchtest_parts(struct testdb *t, const char *body)
{
	return span_of(arena_printf(
		&t->arena, "[{\"type\":\"text\",\"text\":\"%s\"}]", body));
}

/* Adds a message and indexes it. */
uint64_t
searchtest_say(struct testdb *t, uint64_t user_id, uint64_t session_id,
	const char *body)
{
	struct message message = { .id = testdb_id(),
		.is_user = true,
		.active = true,
		.status = "complete",
		.parts = searchtest_parts(t, body),
		.create_ms = NOW };
	struct span plain = search_body(&t->arena, message.parts);

	assert_int_equal(message_insert(t->db, session_id, &message), OK);
	searchtest_put(t, user_id, session_id, message.id,
		arena_str(&t->arena, plain.data, plain.len));
	return message.id;
}

struct search_page
searchtest_find(
	struct testdb *t, uint64_t user_id, const char *query, unsigned limit)
{
	struct search_page page;

	assert_int_equal(search_find(t->db, &t->arena, user_id, span_of(query),
				 limit, &page),
		OK);
	return page;
}

unsigned
searchtest_count(struct testdb *t, uint64_t user_id, const char *query)
{
	return searchtest_find(t, user_id, query, 50).n;
}

void
searchtest_change(struct testdb *t, uint64_t user_id, uint64_t session_id,
	uint64_t id, const char *body)
{
	static const char SET[] = "UPDATE message SET parts = ?"
				  " WHERE session_id = ? AND id = ?";

	assert_int_equal(db_exec(t->db, SET,
				 PARAMS(SPAN(searchtest_parts(t, body)),
					 U64(session_id), U64(id))),
		OK);
	searchtest_put(t, user_id, session_id, id, body);
}
