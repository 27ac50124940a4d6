/* indexer_test.c: noted texts can be found a moment later, and so can texts
 * older than the index; a text that the database refuses holds up no other. */

#include "chat/indexer.h"

#include "../repo/searchtest.h"
#include "../unit.h"
#include "repo/message.h"
#include "repo/search_write.h"

#include <time.h>

static const char PENDING[] =
	"SELECT COUNT(*) FROM search_pending WHERE session_id = ?";

static void
nap(void)
{
	const struct timespec pause = { 0, 20000000 };

	nanosleep(&pause, NULL);
}

static void
wait_until_found(struct testdb *t, uint64_t user_id, const char *query)
{
	while (searchtest_count(t, user_id, query) == 0)
		nap();
}

static struct indexer *
open_indexer(struct testdb *t)
{
	return indexer_open(&t->conf);
}

/* Creates a session whose title is only noted. */
static uint64_t
noted(struct testdb *t, uint64_t user_id, const char *title)
{
	uint64_t id = searchtest_titled(t, user_id, title, NOW);

	assert_int_equal(search_note(t->db, id, SEARCH_TITLE), OK);
	return id;
}

static void
what_is_noted_is_found_a_moment_later(void **state)
{
	struct testdb *t = *state;
	struct indexer *indexer = open_indexer(t);
	uint64_t ann = testdb_id(), id;

	id = noted(t, ann, "lamplighter");
	wait_until_found(t, ann, "lamplighter");
	assert_int_equal(testdb_number(t, PENDING, id), 0);
	indexer_close(indexer);
}

/* The texts are written together at first, then one by one. */
static void
a_text_that_is_refused_holds_up_no_other(void **state)
{
	struct testdb *t = *state;
	uint64_t bad = testdb_id(), good = testdb_id(), id;
	struct indexer *indexer;

	assert_int_equal(
		db_script(t->db,
			span_of(arena_printf(&t->arena,
				"ALTER TABLE search_recent ADD CONSTRAINT few"
				" CHECK (user_id <> %llu)",
				(unsigned long long)bad))),
		OK);
	id = noted(t, bad, "refused");
	noted(t, good, "accepted");
	indexer = open_indexer(t);
	wait_until_found(t, good, "accepted");
	while (testdb_number(t, PENDING, id) > 0)
		nap();
	assert_int_equal(searchtest_count(t, bad, "refused"), 0);
	indexer_close(indexer);
	assert_int_equal(
		db_script(t->db,
			span_of("ALTER TABLE search_recent DROP CONSTRAINT"
				" few")),
		OK);
}

static void
what_was_stored_before_is_found_too(void **state)
{
	static const char BEGIN[] =
		"REPLACE INTO search_fill (session_id, message_id, done, total)"
		" VALUES (?, 0, 0, 1)";
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), id = searchtest_titled(t, ann, "Old", NOW);
	struct message message = { .id = testdb_id(),
		.is_user = true,
		.active = true,
		.status = "complete",
		.parts = searchtest_parts(t, "streetlamp"),
		.create_ms = NOW };
	struct indexer *indexer;

	assert_int_equal(message_insert(t->db, id, &message), OK);
	assert_int_equal(db_exec(t->db, BEGIN, PARAMS(U64(id + 1))), OK);
	indexer = open_indexer(t);
	wait_until_found(t, ann, "streetlamp");
	indexer_close(indexer);
}

/* When more texts are recent than allowed, they become a segment. */
static void
many_texts_become_segments(void **state)
{
	static const char SEGMENTS[] =
		"SELECT COUNT(*) FROM search_segment WHERE user_id = ?";
	struct testdb *t = *state;
	struct indexer *indexer = open_indexer(t);
	uint64_t ann = testdb_id();

	for (int i = 0; i < 600; i++)
		noted(t, ann, "one of many");
	while (testdb_number(t, SEGMENTS, ann) == 0)
		nap();
	indexer_close(indexer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_noted_is_found_a_moment_later),
		cmocka_unit_test(a_text_that_is_refused_holds_up_no_other),
		cmocka_unit_test(what_was_stored_before_is_found_too),
		cmocka_unit_test(many_texts_become_segments),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
