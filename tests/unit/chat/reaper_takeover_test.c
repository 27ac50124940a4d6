/* reaper_takeover_test.c: with chat.on_crash = continue, a process with free
 * streams continues the reply of a dead process. */

#include "chat/reaper.h"

#include "../unit.h"
#include "reapertest.h"

#include <unistd.h>

static int
open_all(void **state)
{
	reapertest.takes_over = true;
	reapertest.streams_max = 1;
	return reapertest_open(state);
}

/* The model is asked again; the reply ends because it does not answer. */
static void
an_orphaned_reply_continues_if_there_is_room(void **state)
{
	struct message end;
	struct turn turn;

	(void)state;
	reapertest_orphan(&turn, (struct lease){ 1003, 99 }, "");
	end = reapertest_wait(&turn);
	assert_string_equal(end.status, "error");
	assert_true(reapertest_has(end.metadata, "crashContinued"));
}

static void
an_orphaned_reply_ends_without_room(void **state)
{
	struct turn running, turn;
	int fd = reapertest_start(&running);
	struct message end;

	(void)state;
	reapertest_read_until(fd, "shown ");
	reapertest_orphan(&turn, (struct lease){ 1003, 100 }, "");
	end = reapertest_wait(&turn);
	assert_string_equal(end.status, "interrupted");
	assert_false(reapertest_has(end.metadata, "crashContinued"));
	reapertest_say(
		(struct reapertest_said){ .turn = &running, .ends = true });
	reapertest_read_until(fd, "<end>");
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_orphaned_reply_continues_if_there_is_room),
		cmocka_unit_test(an_orphaned_reply_ends_without_room),
	};

	return cmocka_run_group_tests(tests, open_all, reapertest_close);
}
