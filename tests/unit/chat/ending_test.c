/* ending_test.c: what the end of a reply stores, and that it does so only
 * once. */

#include "chat/ending.h"

#include "../repo/testdb.h"
#include "../unit.h"
#include "repo/delta.h"
#include "repo/session.h"
#include "repo/usage.h"

#define NOW INT64_C(1763812800000) /* 2025-11-22 12:00 UTC */

static const char NOTES[] =
	"SELECT COUNT(*) FROM search_pending WHERE session_id = ?";

struct place {
	uint64_t user_id, session_id, id;
	struct message_life life;
};

static struct place
make_running(struct testdb *t)
{
	struct place place = { testdb_id(), testdb_id(), testdb_id(),
		{ .began_ms = NOW } };
	struct session_draft draft = { .id = place.session_id,
		.user_id = place.user_id,
		.title = "",
		.now_ms = NOW };
	struct message reply = { .id = place.id,
		.active = true,
		.status = STATUS_STREAMING,
		.parts = span_of("[]"),
		.create_ms = NOW };

	assert_int_equal(session_insert(t->db, &draft), OK);
	assert_int_equal(message_insert(t->db, place.session_id, &reply), OK);
	return place;
}

static bool
end(struct testdb *t, struct place place, const char *status,
	const char *metadata)
{
	struct message_end last = { .session_id = place.session_id,
		.id = place.id,
		.life = place.life,
		.status = status,
		.parts = span_of("[]"),
		.metadata = span_of(metadata),
		.now_ms = NOW };
	bool done;

	assert_int_equal(ending_store(t->db, &last, &done), OK);
	return done;
}

static void
assert_used(struct testdb *t, struct place place, uint64_t messages,
	uint64_t input, uint64_t output)
{
	struct usage_days days;

	assert_int_equal(
		usage_list(t->db, &t->arena, place.user_id, NOW, 1, &days), OK);
	assert_int_equal(days.n, messages > 0);
	if (messages == 0)
		return;
	assert_int_equal(days.list[0].messages, messages);
	assert_int_equal(days.list[0].input_tokens, input);
	assert_int_equal(days.list[0].output_tokens, output);
}

static struct message
stored(struct testdb *t, struct place place)
{
	struct message message;

	assert_int_equal(message_find_id(t->db, &t->arena, place.session_id,
				 place.id, &message),
		OK);
	return message;
}

/* Continues the reply in another life that begins in the same millisecond. */
static void
go_on(struct testdb *t, struct place *place, struct lease lease)
{
	struct message message = stored(t, *place);

	place->life =
		(struct message_life){ lease, message_next_ms(&message, NOW) };
	assert_int_equal(message_reopen(t->db, place->session_id, place->id,
				 &place->life, span_of("[]")),
		OK);
}

static void
an_end_that_is_stored_twice_counts_once(void **state)
{
	static const char USAGE[] =
		"{\"usage\":{\"inputTokens\":7,\"outputTokens\":2}}";
	struct testdb *t = *state;
	struct place place = make_running(t);

	assert_true(end(t, place, STATUS_COMPLETE, USAGE));
	assert_false(end(t, place, STATUS_COMPLETE, USAGE));
	assert_false(end(t, place, "interrupted", USAGE));
	assert_used(t, place, 1, 7, 2);
	assert_int_equal(testdb_number(t, NOTES, place.session_id), 1);
}

/* The numbers in the metadata belong to the first part. */
static void
a_continued_reply_that_is_stopped_costs_nothing_more(void **state)
{
	static const char USAGE[] =
		"{\"usage\":{\"inputTokens\":7,\"outputTokens\":2}}";
	struct testdb *t = *state;
	struct place place = make_running(t);

	assert_true(end(t, place, STATUS_COMPLETE, USAGE));
	go_on(t, &place, (struct lease){ 0, 1 });
	assert_true(end(t, place, "stopped", USAGE));
	assert_used(t, place, 2, 7, 2);
}

static void
say(struct testdb *t, struct place place)
{
	static const char ADD[] = "INSERT INTO message_delta"
				  " (message_id, seq, body) VALUES (?, 0, 'x')";

	assert_int_equal(db_exec(t->db, ADD, PARAMS(U64(place.id))), OK);
}

/* The answer to the commit of an end was lost, the reply was continued, and the
 * end is repeated, under another lease or the same one, in any millisecond. */
static void
a_repeated_end_is_not_that_of_the_next_life(void **state)
{
	static const char ROWS[] =
		"SELECT COUNT(*) FROM message_delta WHERE message_id = ?";
	static const char MARK[] = "SELECT streaming FROM session WHERE id = ?";
	static const char BYTES[] = "SELECT bytes FROM session WHERE id = ?";
	static const struct lease leases[] = { { 3, 8 }, { 3, 8 }, { 3, 9 },
		{ 4, 9 } };
	struct testdb *t = *state;
	struct place place = make_running(t), old;
	uint64_t bytes;

	for (size_t i = 0; i < sizeof(leases) / sizeof(*leases); i++) {
		old = place;
		say(t, old);
		assert_true(end(t, old, STATUS_COMPLETE, "{}"));
		assert_int_equal(testdb_number(t, ROWS, place.id), 0);
		assert_int_equal(testdb_number(t, MARK, place.session_id), 0);
		go_on(t, &place, leases[i]);
		assert_int_equal(
			session_touch(t->db, place.session_id, NOW, 0), OK);
		bytes = testdb_number(t, BYTES, place.session_id);
		say(t, place);
		assert_false(end(t, old, STATUS_COMPLETE, "{}"));
		assert_string_equal(stored(t, place).status, STATUS_STREAMING);
		assert_int_equal(testdb_number(t, ROWS, place.id), 1);
		assert_int_equal(testdb_number(t, MARK, place.session_id), 1);
		assert_int_equal(
			testdb_number(t, BYTES, place.session_id), bytes);
		assert_int_equal(delta_delete_orphans(t->db, place.id), OK);
		assert_int_equal(testdb_number(t, ROWS, place.id), 1);
		assert_int_equal(delta_delete(t->db, place.id), OK);
	}
}

/* The clock was set back in between. */
static void
lives_are_told_apart_under_any_clock(void **state)
{
	struct testdb *t = *state;
	struct place place = make_running(t);

	assert_true(end(t, place, STATUS_COMPLETE, "{}"));
	assert_true(stored(t, place).update_ms >= NOW);
	go_on(t, &place, (struct lease){ 0, 0 });
	assert_true(place.life.began_ms > NOW);
}

static void
counts_that_are_none_are_not_counted(void **state)
{
	static const char *const ODD[] = { "{}", "{\"usage\":null}",
		"{\"usage\":{\"inputTokens\":-5,\"outputTokens\":\"9\"}}" };
	struct testdb *t = *state;

	for (size_t i = 0; i < sizeof(ODD) / sizeof(*ODD); i++) {
		struct place place = make_running(t);

		end(t, place, STATUS_COMPLETE, ODD[i]);
		assert_used(t, place, 1, 0, 0);
	}
}

static void
a_deleted_reply_leaves_nothing(void **state)
{
	struct testdb *t = *state;
	struct place place = make_running(t);

	assert_int_equal(session_delete(t->db, &t->arena, place.user_id,
				 &place.session_id, 1),
		OK);
	say(t, place); /* still in transit */
	assert_false(end(t, place, STATUS_COMPLETE, "{}"));
	assert_used(t, place, 0, 0, 0);
	assert_int_equal(testdb_number(t, NOTES, place.session_id), 0);
	assert_int_equal(testdb_number(t,
				 "SELECT COUNT(*) FROM message_delta"
				 " WHERE message_id = ?",
				 place.id),
		0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_end_that_is_stored_twice_counts_once),
		cmocka_unit_test(
			a_continued_reply_that_is_stopped_costs_nothing_more),
		cmocka_unit_test(a_repeated_end_is_not_that_of_the_next_life),
		cmocka_unit_test(lives_are_told_apart_under_any_clock),
		cmocka_unit_test(counts_that_are_none_are_not_counted),
		cmocka_unit_test(a_deleted_reply_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
