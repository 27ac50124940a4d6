#include "historytest.h"

#include "repo/history.h"

#include "../unit.h"
#include "repo/message.h"
#include "repo/session.h"
#include "testdb.h"

struct place
historytest_make_session(struct testdb *t)
{
	struct place place = { testdb_id(), testdb_id() };
	struct session_draft draft = { .id = place.session_id,
		.user_id = place.user_id,
		.title = "",
		.now_ms = NOW };

	assert_int_equal(session_insert(t->db, &draft), OK);
	return place;
}

struct message
historytest_message(const char *status, bool is_user, struct span parts)
{
	return (struct message){ .id = testdb_id(),
		.is_user = is_user,
		.active = true,
		.status = status,
		.parts = parts,
		.create_ms = NOW };
}

uint64_t
historytest_add(
	struct testdb *t, struct place place, const struct message *message)
{
	assert_int_equal(message_insert(t->db, place.session_id, message), OK);
	return message->id;
}

uint64_t
historytest_add_text(struct testdb *t, struct place place)
{
	struct message m = historytest_message("complete", true, span_of("[]"));

	return historytest_add(t, place, &m);
}

struct history
historytest_page(
	struct testdb *t, struct place place, uint64_t before, unsigned limit)
{
	struct history_range range = { place.user_id, place.session_id, before,
		limit };
	struct history history;

	assert_int_equal(
		history_before(t->db, &t->arena, &range, &history), OK);
	return history;
}
