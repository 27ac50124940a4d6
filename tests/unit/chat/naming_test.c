/* naming_test.c: titles by the model, which are asked for when a reply is
 * stored, whatever the result. */

#include "chat/naming.h"

#include "talktest.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int
open_all(void **state)
{
	talktest.titles = true;
	return talktest_open(state);
}

/* A reply that ends, after which its title is asked for. */
static struct talk
answered(uint64_t user_id)
{
	struct talk talk;

	talktest_start_of(&talk, user_id);
	talktest_say(&talk, TALKTEST_ANSWER TALKTEST_WORD("one"));
	talktest_finish(&talk);
	return talk;
}

/* Accepts the request for the title of *talk*, as its model. */
static void
take_request(struct talk *talk)
{
	talk->model = accept(talktest.model_fd, NULL, NULL);
	assert_true(talk->model >= 0);
}

static void
read_text(struct row *row, void *out)
{
	*(const char **)out = row_str(row);
}

static void
wait_for_title(const struct talk *talk, const char *title)
{
	const char *now;

	do {
		usleep(20000);
		assert_int_equal(
			db_one(talktest.t->db, &talktest.t->arena,
				"SELECT title FROM session"
				" WHERE id = ?",
				PARAMS(U64(talk->session_id)), read_text, &now),
			OK);
	} while (strcmp(now, title) != 0);
}

/* Waits until the claim is released and no request is under way. */
static void
wait_for_end(const struct talk *talk)
{
	while (testdb_number(talktest.t,
		       "SELECT title_until IS NOT NULL FROM session"
		       " WHERE id = ?",
		       talk->session_id) != 0)
		usleep(20000);
}

static void
a_title_is_what_the_model_says(void **state)
{
	struct talk talk = answered(testdb_user(talktest.t));

	(void)state;
	take_request(&talk);
	talktest_say(&talk, TALKTEST_ANSWER TALKTEST_WORD("Old street lamps"));
	talktest_leave(&talk);
	wait_for_title(&talk, "Old street lamps");
}

/* The answer is longer than any title; it is cut off, and its beginning is
 * used. */
static void
an_endless_title_is_abandoned(void **state)
{
	static char line[1000];
	struct talk talk = answered(testdb_user(talktest.t));
	char bytes[4096];

	(void)state;
	memset(line, 'x', sizeof(line) - 1);
	take_request(&talk);
	talktest_say(&talk, TALKTEST_ANSWER TALKTEST_WORD("Street lamps\\n"));
	for (int i = 0; i < 20; i++) {
		talktest_say(&talk,
			"data: {\"choices\":[{\"index\":0,\"delta\":{"
			"\"content\":\"");
		talktest_say(&talk, line);
		talktest_say(&talk, "\"},\"finish_reason\":null}]}\n\n");
	}
	while (recv(talk.model, bytes, sizeof(bytes), 0) > 0)
		continue;
	close(talk.model);
	wait_for_title(&talk, "Street lamps");
	assert_true(testdb_number(talktest.t,
			    "SELECT SUM(output_tokens) FROM usage_day"
			    " WHERE user_id = ?",
			    talk.user_id) > 5000);
}

/* Only so many requests run at once; the session's next turn asks again. */
static void
titles_of_one_user_have_a_bound(void **state)
{
	struct talk talks[NAMING_USER_MAX], more;
	uint64_t user_id = testdb_user(talktest.t);

	(void)state;
	for (int i = 0; i < NAMING_USER_MAX; i++) {
		talks[i] = answered(user_id);
		take_request(&talks[i]);
	}
	answered(user_id);
	more = answered(testdb_user(talktest.t));
	take_request(&more);
	talktest_say(&more, TALKTEST_ANSWER TALKTEST_WORD("Of another user"));
	talktest_leave(&more);
	wait_for_title(&more, "Of another user");
	for (int i = 0; i < NAMING_USER_MAX; i++) {
		talktest_say(&talks[i],
			TALKTEST_ANSWER TALKTEST_WORD("Of this user"));
		talktest_leave(&talks[i]);
		wait_for_title(&talks[i], "Of this user");
	}
}

/* The title stays as it was, and the claim is released. */
static void
a_broken_answer_gives_no_title(void **state)
{
	struct talk talk = answered(testdb_user(talktest.t));

	(void)state;
	take_request(&talk);
	talktest_say(&talk, TALKTEST_ANSWER TALKTEST_WORD("Half a wo"));
	close(talk.model);
	wait_for_end(&talk);
	wait_for_title(&talk, "hi");
}

/* This test comes last, because the request is open when the hub closes. */
static void
what_is_open_at_the_end_is_dropped(void **state)
{
	struct talk talk = answered(testdb_user(talktest.t));

	(void)state;
	take_request(&talk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_title_is_what_the_model_says),
		cmocka_unit_test(an_endless_title_is_abandoned),
		cmocka_unit_test(titles_of_one_user_have_a_bound),
		cmocka_unit_test(a_broken_answer_gives_no_title),
		cmocka_unit_test(what_is_open_at_the_end_is_dropped),
	};

	return cmocka_run_group_tests(tests, open_all, talktest_close);
}
