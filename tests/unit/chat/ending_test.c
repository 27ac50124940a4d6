/* ending_test.c: what a reply's end leaves behind, once. */

#include "chat/ending.h"

#include "../repo/testdb.h"
#include "../unit.h"
#include "repo/session.h"
#include "repo/usage.h"

#define NOW INT64_C(1763812800000) /* 2025-11-22 12:00 UTC */

static const char NOTES[] =
	"SELECT COUNT(*) FROM search_pending WHERE session_id = ?";

struct place {
	uint64_t user_id, session_id, id;
};

static struct place
make_running(struct testdb *t)
{
	struct place place = { testdb_id(), testdb_id(), testdb_id() };
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
	struct message_end last = { place.session_id, place.id, status,
		span_of("[]"), span_of(metadata), NOW };

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

/* The numbers in its metadata are those of its first part. */
static void
a_continued_reply_that_is_stopped_costs_nothing_more(void **state)
{
	static const char USAGE[] =
		"{\"usage\":{\"inputTokens\":7,\"outputTokens\":2}}";
	struct testdb *t = *state;
	struct place place = make_running(t);
	struct lease lease = { 0, 1 };

	end(t, place, STATUS_COMPLETE, USAGE);
	assert_int_equal(message_reopen(t->db, place.session_id, place.id,
				 lease, span_of("[]"), NOW),
		OK);
	end(t, place, "stopped", USAGE);
	assert_used(t, place, 2, 7, 2);
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
	end(t, place, STATUS_COMPLETE, "{}");
	assert_used(t, place, 0, 0, 0);
	assert_int_equal(testdb_number(t, NOTES, place.session_id), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_end_that_is_stored_twice_counts_once),
		cmocka_unit_test(
			a_continued_reply_that_is_stopped_costs_nothing_more),
		cmocka_unit_test(counts_that_are_none_are_not_counted),
		cmocka_unit_test(a_deleted_reply_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
